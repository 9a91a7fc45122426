import pytest

from pellucid import layers
from pellucid.errors import ShapeError, UnknownNameError
from pellucid.layers.windows import known_padding, window_output_size


def test_padding_is_known_in_any_case():
    assert known_padding("Same", "Conv2D") == "same"


def test_an_unknown_padding_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError) as error:
        known_padding("sane", "Conv2D")
    assert str(error.value) == "Conv2D knows no padding 'sane': did you mean 'same'?"


@pytest.mark.parametrize(
    ("padding", "strides", "size"),
    [("valid", 1, (5, 4)), ("same", 1, (7, 6)), ("valid", 2, (3, 2)), ("same", 2, (4, 3))],
)
def test_the_size_of_the_outputs(padding, strides, size):
    layer = layers.Conv2D(1, 3, strides=strides, padding=padding)
    assert window_output_size(layer, "kernel", (3, 3), (7, 6, 1)) == size


def test_a_window_larger_than_its_input_is_refused():
    with pytest.raises(ShapeError) as error:
        window_output_size(layers.Conv2D(1, 3, name="first"), "kernel", (3, 3), (2, 6, 1))
    assert str(error.value) == (
        "Layer 'first' (Conv2D) has a kernel of 3×3, larger than its input. "
        "Received: inputs of shape (None, 2, 6, 1). "
        'Take a smaller kernel, padding="same", or fewer layers that shrink the image before it.'
    )
