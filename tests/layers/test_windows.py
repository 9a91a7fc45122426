import copy

import pytest

from pellucid import Sequential, layers
from pellucid.errors import PellucidNote, ShapeError, UnknownNameError
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


@pytest.mark.parametrize("shape", [(3, 32, 32), (1, 28, 28), (3, 480, 640), (4, 16, 16)])
@pytest.mark.parametrize(
    "first", [layers.Conv2D(8, 3, padding="same"), layers.MaxPooling2D(2, padding="same")]
)
def test_channels_first_is_noted_where_windows_move_over_the_image(shape, first):
    C, H, W = shape
    with pytest.warns(PellucidNote) as notes:
        Sequential([layers.Input(shape), copy.deepcopy(first)])
    assert [str(one.message) for one in notes] == [
        f"Input({shape}) looks like {H}×{W} images with the channel axis first; here it is last: write "
        f"Input(({H}, {W}, {C})), and x.transpose(0, 2, 3, 1) for the images."
    ]


@pytest.mark.parametrize("known_before", [True, False])
def test_channels_first_is_said_with_an_error_further_on(known_before):
    chain = [layers.Conv2D(8, 3), layers.MaxPooling2D(2)]
    build = (
        (lambda: Sequential([layers.Input((3, 32, 32)), *chain]))
        if known_before
        else (lambda: Sequential(chain).build((None, 3, 32, 32)))
    )
    with pytest.warns(PellucidNote), pytest.raises(ShapeError) as error:
        build()
    assert str(error.value).endswith("write Input((32, 32, 3)), and x.transpose(0, 2, 3, 1) for the images.")


@pytest.mark.parametrize("shape", [(32, 32, 3), (4, 4, 16), (3, 3, 64), (28, 28, 1), (2, 2, 2)])
def test_channels_last_is_not_noted(shape):
    Sequential([layers.Input(shape), layers.Conv2D(2, 1), layers.GlobalAveragePooling2D()])


def test_dense_networks_take_any_order():
    Sequential([layers.Input((3, 32, 32)), layers.Flatten(), layers.Dense(2)])
