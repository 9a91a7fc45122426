import math
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.errors import ArgumentError
from pellucid.graph.summary import summary_text

MNIST_CNN = [
    ("conv2d", "Conv2D", (26, 26, 32), 320, 320),
    ("conv2d_1", "Conv2D", (24, 24, 64), 18_496, 18_496),
    ("max_pooling2d", "MaxPooling2D", (12, 12, 64), 0, 0),
    ("flatten", "Flatten", (9216,), 0, 0),
    ("dense", "Dense", (128,), 1_179_776, 1_179_776),
    ("batch_normalization", "BatchNormalization", (128,), 512, 256),
    ("dense_1", "Dense", (10,), 1290, 1290),
]


@pytest.fixture(scope="module")
def keras():
    os.environ.setdefault("KERAS_BACKEND", "jax")
    return pytest.importorskip("keras")


@pytest.fixture
def keras_cnn(keras):
    keras.utils.clear_session()
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3),
            layers.Conv2D(64, 3),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(128),
            layers.BatchNormalization(),
            layers.Dense(10),
        ],
        name="mnist_cnn",
    )


def printed_by(network, **options):
    lines = []
    network.summary(print_fn=lines.append, **options)
    return "\n".join(lines).rstrip("\n")


@pytest.mark.parametrize("line_length", [40, 50, 76, 80, None])
def test_it_is_the_table_of_keras(keras_cnn, line_length):
    ours = summary_text("mnist_cnn", MNIST_CNN, line_length=line_length)
    assert ours == printed_by(keras_cnn, line_length=line_length)


def test_it_is_the_table_of_keras_on_a_wide_terminal(keras_cnn, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    ours = summary_text("mnist_cnn", MNIST_CNN)
    assert ours == printed_by(keras_cnn)
    assert len(ours.splitlines()[1]) == 88


def test_it_counts_the_optimizer_as_keras_does(keras_cnn):
    keras_cnn.compile("adam", "mse")
    keras_cnn.optimizer.build(keras_cnn.trainable_variables)
    optimizer_params = sum(math.prod(variable.shape) for variable in keras_cnn.optimizer.variables)
    ours = summary_text("mnist_cnn", MNIST_CNN, optimizer_params)
    assert ours == printed_by(keras_cnn)
    assert f"Optimizer params: {optimizer_params:,}" in ours


def test_a_network_that_is_not_built_is_shown_as_in_keras(keras):
    keras.utils.clear_session()
    network = keras.Sequential([keras.layers.Conv2D(4, 3), keras.layers.Flatten()], name="unbuilt")
    rows = [("conv2d", "Conv2D", None, 0, 0), ("flatten", "Flatten", None, 0, 0)]
    ours = summary_text("unbuilt", rows)
    assert ours == printed_by(network)
    assert "│ ?  " in ours
    assert "0 (unbuilt) │" in ours


def test_the_totals():
    text = summary_text("n", MNIST_CNN)
    assert text.endswith(
        " Total params: 1,200,394 (4.58 MB)\n"
        " Trainable params: 1,200,138 (4.58 MB)\n"
        " Non-trainable params: 256 (1.00 KB)"
    )


def test_names_are_shown_as_they_are():
    assert "│ [bold]x[/] (Dense)" in summary_text("n", [("[bold]x[/]", "Dense", (3,), 9, 9)])


def test_a_network_without_layers():
    assert " Total params: 0 (0.00 B)" in summary_text("empty", [])


@settings(deadline=None)
@given(st.integers(24, 200), st.integers(0, 10**12))
def test_no_line_of_the_table_is_longer_or_shorter_than_asked(line_length, params):
    text = summary_text(
        "n", [("a_layer_with_a_name", "Kind", (3, 4), params, params)], line_length=line_length
    )
    assert {len(line) for line in text.splitlines()[1:-3]} == {line_length}


def test_a_line_too_short_for_three_columns_is_refused():
    with pytest.raises(ArgumentError, match=r"needs lines of 24 characters or more \(line_length=20\)"):
        summary_text("n", [], line_length=20)


def test_the_summary_is_text_in_a_notebook_too(monkeypatch, capsys):
    """In a notebook rich would show an empty picture of its own and return nothing."""
    import rich.console

    expected = summary_text("net", MNIST_CNN)
    monkeypatch.setattr(rich.console, "_is_jupyter", lambda: True)
    assert summary_text("net", MNIST_CNN) == expected
    assert capsys.readouterr().out == ""
