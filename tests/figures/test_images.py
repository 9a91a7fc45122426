import numpy as np
import pytest

from pellucid.errors import ShapeError
from pellucid.figures import images_text, mistakes_text, plot_images, plot_mistakes

IMAGES = np.zeros((2, 8, 8))


def captions(figure):
    return [ax.texts[0].get_text() for ax in figure.axes]


def test_each_image_is_over_its_label():
    assert captions(plot_images(IMAGES, [7, 3])) == ["7", "3"]
    assert captions(plot_images(IMAGES, [1, 0], ["cat", "dog"])) == ["dog", "cat"]


def test_a_mistake_says_what_was_predicted_how_surely_and_what_is_true():
    figure = plot_mistakes(IMAGES, [0, 1], [1, 0], [0.99996, 0.5], ["cat", "5$"])
    assert captions(figure) == ["predicted 5\\$\n>99.9 %\ntrue cat", "predicted cat\n50.0 %\ntrue 5\\$"]


def test_the_text_of_images_names_size_colour_and_labels():
    assert (
        images_text(np.zeros((1, 32, 30, 3)), [4]) == "1 image of 32 × 30 pixels, in colour. Their labels: 4."
    )


def test_the_text_of_mistakes_is_a_table():
    text = mistakes_text(IMAGES, [0, 1], [1, 0], [0.99996, 0.5], ["cat", "dog"])
    assert text.splitlines()[0] == "The 2 most confident mistakes."
    assert [line.split() for line in text.splitlines()[2:]] == [
        ["predicted", "probability", "true"],
        ["dog", ">99.9", "%", "cat"],
        ["cat", "50.0", "%", "dog"],
    ]


@pytest.mark.parametrize(
    "call",
    [
        lambda: plot_images(IMAGES, [1]),
        lambda: images_text(IMAGES, [1, 2, 3]),
        lambda: plot_mistakes(IMAGES, [1, 2], [1], [0.5, 0.5]),
        lambda: mistakes_text(IMAGES, [1, 2], [1, 2], [0.5]),
        lambda: plot_images(np.zeros((0, 8, 8)), []),
    ],
)
def test_there_must_be_one_of_each_for_every_image(call):
    with pytest.raises(
        ShapeError, match=r"one or more, and one of each for every image\. Received: lengths=\{'images': "
    ):
        call()
