"""Another source of images is noticed by the network's answers alone, and the same source is not."""

import numpy as np
import pytest

from pellucid.errors import ShapeError
from pellucid.evaluation import sentence
from pellucid.evaluation.sources import compare_sources


def answers(generator, n, *, scale=1.0, shift=0.0, classes=range(10), noise=1.0):
    """Return probabilities of ten classes: of how sure the network is, and how the other classes follow."""
    chosen = generator.choice(list(classes), n)
    logits = noise * generator.normal(size=(n, 10))
    logits[:, 1] += shift
    logits[np.arange(n), chosen] += scale * generator.gamma(9, 1, n)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


TESTED = answers(np.random.default_rng(0), 4000)


def noticed(n, repeats, **other):
    generator = np.random.default_rng(1)
    return (
        sum(compare_sources(TESTED, answers(generator, n, **other)).differs for _ in range(repeats)) / repeats
    )


def test_the_same_source_is_seldom_called_another():
    assert noticed(200, 60) <= 0.05


def by_writers(generator, people, each=40):
    """Return answers by one writer after the other, each of whom the network is more or less sure of."""
    scales = generator.uniform(0.6, 1.4, people)
    return np.concatenate([answers(generator, each, scale=scale) for scale in scales])


def test_writers_who_stand_together_are_no_other_source():
    generator = np.random.default_rng(3)
    tested = by_writers(generator, 200)
    compared = [compare_sources(tested, by_writers(generator, 3)) for _ in range(20)]
    assert sum(one.differs for one in compared) <= 2
    mixed = tested[generator.permutation(len(tested))]  # nothing stands together: writers look like sources
    assert sum(compare_sources(mixed, by_writers(generator, 3)).differs for _ in range(20)) >= 4
    assert compare_sources(tested, answers(generator, 120, scale=0.3)).differs


def test_another_mix_of_classes_is_no_other_source():
    assert noticed(200, 40, classes=(3,)) <= 0.075
    assert noticed(200, 40, classes=(0, 0, 0, 8)) <= 0.075


@pytest.mark.parametrize("other", [{"scale": 0.6}, {"scale": 1.6}, {"shift": 2.0}, {"noise": 1.6}])
def test_other_sources_are_noticed_within_200_images(other):
    assert noticed(200, 20, **other) >= 0.9


def test_what_is_said_withholds_the_promises():
    generator = np.random.default_rng(2)
    less_sure, strange = (
        compare_sources(TESTED, answers(generator, 200, **other))
        for other in ({"scale": 0.5}, {"shift": 4.0})
    )
    said = sentence(less_sure)
    assert said.startswith(
        "These 200 images are unlike the run's test images (p = 0.0033; 1 % false alarms, 6 % where few"
    )
    assert "the network is less sure of them than of the test images." in said
    assert "any guarantee, does not hold for them. Label 100 to 300 of them" in said
    assert "its answers are more unusual" in sentence(strange) or "less sure" in sentence(strange)
    same = sentence(compare_sources(TESTED, answers(generator, 200)))
    assert same.startswith("No difference in source between these 200 images and the test images is shown (p")


def test_too_few_images_cannot_tell():
    few = compare_sources(TESTED, TESTED[:19])
    assert few.p_value is None
    assert not few.differs
    assert compare_sources(TESTED, TESTED[:20]).p_value is not None


def test_answers_that_are_all_equal_are_compared_too():
    sure = np.tile(np.eye(10)[3], (50, 1))
    assert compare_sources(TESTED, sure).differs
    assert not compare_sources(np.tile(np.eye(10)[3], (500, 1)), sure).differs


def test_tables_of_other_classes_are_refused():
    with pytest.raises(ShapeError, match=r"Received: tested.shape=\(4000, 10\), new.shape=\(30, 2\)"):
        compare_sources(TESTED, np.full((30, 2), 0.5))
