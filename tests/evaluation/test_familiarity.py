import numpy as np
import pytest

from pellucid.errors import DataError
from pellucid.evaluation.familiarity import FALSE_ALARMS, Familiarity

RANDOM = np.random.default_rng(0)


def clusters(count, seed):
    """Return pixels (N, 20) of ten kinds, and features (N, 6) of them."""
    random = np.random.default_rng(seed)
    kinds = np.random.default_rng(1).normal(size=(10, 20))
    pixels = kinds[random.integers(0, 10, count)] + random.normal(0, 0.1, (count, 20))
    return pixels, pixels[:, :6]


@pytest.fixture(scope="module")
def measure():
    return Familiarity.fit(*clusters(800, 2), *clusters(400, 3))


def test_held_out_images_are_unfamiliar_as_often_as_said(measure):
    assert measure.unfamiliar(*clusters(400, 3)).mean() == pytest.approx(FALSE_ALARMS, abs=0.003)
    assert measure.unfamiliar(*clusters(5000, 4)).mean() < 5 * FALSE_ALARMS


def test_other_images_are_unfamiliar(measure):
    pixels = RANDOM.normal(size=(300, 20))
    assert measure.unfamiliar(pixels, pixels[:, :6]).mean() > 0.95
    assert measure.unfamiliar(-clusters(300, 5)[0], -clusters(300, 5)[1]).mean() > 0.95


def test_brightness_does_not_count(measure):
    pixels, features = clusters(50, 6)
    np.testing.assert_allclose(
        measure.distances(3 * pixels, 3 * features), measure.distances(pixels, features), rtol=1e-3, atol=1e-3
    )


def test_distances_of_many_images_are_those_of_each(measure):
    pixels, features = clusters(600, 7)
    together = measure.distances(pixels, features)
    for place in (0, 255, 256, 599):
        alone = measure.distances(pixels[place : place + 1], features[place : place + 1])
        np.testing.assert_allclose(alone, together[place], rtol=1e-3, atol=1e-3)
    assert measure.distances(pixels[:0], features[:0]).shape == (0,)


def test_few_held_out_images_are_refused():
    with pytest.raises(DataError, match=r"at least 100 held-out images. Received: 99 images$"):
        Familiarity.fit(*clusters(800, 2), *clusters(99, 3))
