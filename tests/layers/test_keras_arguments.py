"""Keras's arguments of layers that pellucid lacks pass at the values where they do nothing."""

import pytest

from pellucid import layers
from pellucid.errors import ArgumentError
from pellucid.layers.keras_arguments import neutral_of


@pytest.mark.parametrize("data_format", [None, "channels_last"])
@pytest.mark.parametrize(
    "make",
    [
        lambda **a: layers.Conv2D(4, 3, **a),
        lambda **a: layers.MaxPooling2D(2, **a),
        lambda **a: layers.AveragePooling2D(2, **a),
        layers.GlobalAveragePooling2D,
        layers.Flatten,
    ],
)
def test_channels_last_is_the_only_order(make, data_format):
    assert make(data_format=data_format)
    with pytest.raises(ArgumentError) as error:
        make(data_format="channels_first")
    assert str(error.value).endswith(
        "has data_format in Keras, but not in pellucid: channels are last here: Input((height, width, "
        "channels)), and images x.transpose(0, 2, 3, 1) where they have channels first. "
        "Received: data_format='channels_first'"
    )


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        (layers.Dense, {"units": 3}),
        (layers.Conv2D, {"filters": 3, "kernel_size": 3}),
        (layers.BatchNormalization, {}),
        (layers.Dropout, {"rate": 0.5}),
        (layers.ReLU, {}),
        (layers.Softmax, {}),
        (layers.RandomFlip, {}),
        (layers.RandomTranslation, {"height_factor": 0.1, "width_factor": 0.1}),
        (layers.Rescaling, {"scale": 2.0}),
    ],
)
def test_defaults_of_keras_pass_and_other_values_do_not(kind, arguments):
    for name, neutral in neutral_of(kind.__name__).items():
        value = neutral[0] if isinstance(neutral, tuple) else neutral
        kind(**arguments, **{name: value})
        with pytest.raises(ArgumentError, match=f"(has|no argument) (argument )?{name}"):
            kind(**arguments, **{name: "another"})


def test_dtype_none_and_input_dim():
    assert layers.Dense(3, dtype=None).dtype == "float32"
    assert layers.Dense(3, input_dim=6).wanted_input_shape == (6,)
    with pytest.raises(ArgumentError, match="Dense takes input_dim as a whole number of at least 1"):
        layers.Dense(3, input_dim=0)
