import numpy as np
import pytest

from pellucid.errors import ShapeError
from pellucid.evaluation.pitfalls.collapse import multiply, probe


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@pytest.fixture
def layers():
    generator = np.random.default_rng(0)
    return [
        (generator.normal(size=(12, 8)), generator.normal(size=8)),
        (generator.normal(size=(8, 6)), generator.normal(size=6)),
        (generator.normal(size=(6, 4)), generator.normal(size=4)),
    ]


def network(layers, activation=lambda values: values):
    def predict(images):
        values = np.asarray(images, np.float64).reshape(len(images), -1)
        for weights, bias in layers[:-1]:
            values = activation(values @ weights + bias)
        return softmax(values @ layers[-1][0] + layers[-1][1])

    return predict


@pytest.mark.parametrize("find", [multiply, lambda layers: probe(network(layers), (3, 4, 1))])
def test_the_single_layer_predicts_the_same(layers, find):
    single, images = find(layers), np.random.default_rng(1).normal(size=(50, 3, 4, 1))
    assert single.weights.shape == (12, 4)
    assert single.predict(images) == pytest.approx(network(layers)(images), abs=1e-9)
    assert single.agreement(images, network(layers)(images)).startswith(
        "The equivalent single layer (52 parameters) gives the same class for 50 of 50 images; its "
        "probabilities differ by at most "
    )


def test_one_layer_is_itself(layers):
    single = multiply(layers[:1])
    assert np.array_equal(single.weights, layers[0][0])
    assert np.array_equal(single.bias, layers[0][1])


def test_a_rectified_network_is_no_single_layer(layers):
    rectified = network(layers, activation=lambda values: np.maximum(values, 0))
    images = np.random.default_rng(2).normal(size=(50, 12))
    assert np.abs(probe(rectified, [12]).predict(images) - rectified(images)).max() > 0.1
    assert "50 of 50" not in probe(rectified, [12]).agreement(images, rectified(images))


def test_layers_that_do_not_fit():
    message = r"Layer 2 takes what layer 1 gives, 8 values.*Received: weights.shape=\(6, 4\)"
    with pytest.raises(ShapeError, match=message):
        multiply([(np.ones((12, 8)), np.ones(8)), (np.ones((6, 4)), np.ones(4))])
    with pytest.raises(ShapeError, match="nothing to multiply: give at least one layer"):
        multiply([])
