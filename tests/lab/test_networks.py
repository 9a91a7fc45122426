import numpy as np
import pytest

import pellucid
from pellucid import optimizers
from pellucid.experiments import find
from pellucid.lab.networks import model_code, multiplications, receptive_fields
from pellucid.layers import AveragePooling2D, Conv2D, Dense, Dropout

NETWORKS = {
    "mnist-linear": (784,),
    "mnist-relu": (784,),
    "mnist-cnn": (28, 28, 1),
    "mnist-cnn-dropout": (28, 28, 1),
    "cifar10-cnn": (32, 32, 3),
    "digits-cnn": (8, 8, 1),
    "digits-cnn-64": (8, 8, 1),
    "digits-perceptron": (64,),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_the_code_makes_the_experiments_network(name):
    names = {}
    exec(model_code(find(name), NETWORKS[name]), names)  # noqa: S102 - the lab's own code
    model, experiment = names["model"], find(name)
    own = pellucid.Sequential([pellucid.Input(NETWORKS[name]), *experiment.fresh_layers()])
    assert [type(layer) for layer in model.layers] == [type(layer) for layer in own.layers]
    assert [layer.get_config() for layer in model.layers] == [layer.get_config() for layer in own.layers]
    recipe = optimizers.get(experiment.optimizer)
    assert type(model.optimizer) is type(recipe)
    assert model.optimizer.get_config() == recipe.get_config()


def test_multiplications_of_a_convolution_are_counted_at_every_place():
    model = pellucid.Sequential([pellucid.Input((6, 5, 2)), Conv2D(4, 3), Dropout(0.5)])
    assert multiplications(model.layers) == [("conv2d", 4 * 3 * 3 * 3 * 2 * 4)]


def test_a_receptive_field_is_what_changes_the_output():
    """Every pixel of the field changes the value in the middle, and none beside it."""
    layers = [Conv2D(2, 3), AveragePooling2D(2), Conv2D(1, 3)]
    side = receptive_fields(layers)[-1][1]
    model = pellucid.Sequential([pellucid.Input((side + 2, side + 2, 1)), *layers], seed=1)
    images = np.eye((side + 2) ** 2, dtype=np.float32).reshape(-1, side + 2, side + 2, 1)
    moved = model.predict(images) != model.predict(np.zeros_like(images[:1]))
    touched = moved[:, 0, 0, 0].reshape(side + 2, side + 2)
    assert touched[:side, :side].all()
    assert touched.sum() == side**2


def test_dense_layers_multiply_once_a_weight():
    model = pellucid.Sequential([pellucid.Input((7,)), Dense(5), Dense(3)])
    assert [products for _, products in multiplications(model.layers)] == [35, 15]
