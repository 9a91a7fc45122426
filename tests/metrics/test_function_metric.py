import numpy as np
import pytest

from pellucid import metrics
from pellucid.errors import ArgumentError, ShapeError
from pellucid.metrics.function_metric import FunctionMetric

OUTPUTS = np.arange(6.0).reshape(3, 2)


def largest(y_true, y_pred):
    return y_pred.max(axis=-1)


def test_the_values_are_the_functions():
    metric = FunctionMetric(largest)
    assert metric.name == "largest"
    np.testing.assert_array_equal(metric.values(np.zeros(3), OUTPUTS), [1, 3, 5])


def test_more_values_for_an_image_count_by_their_mean():
    metric = FunctionMetric(lambda _, y_pred: y_pred, name="mine")
    assert metric.name == "mine"
    np.testing.assert_array_equal(metric.values(np.zeros(3), OUTPUTS), [0.5, 2.5, 4.5])


@pytest.mark.parametrize("shape", [(), (2,)])
def test_a_function_that_does_not_return_a_value_for_each_image(shape):
    def broken(y_true, y_pred):
        return np.zeros(shape)

    with pytest.raises(ShapeError) as error:
        FunctionMetric(broken).values(np.zeros(3), OUTPUTS)
    assert str(error.value) == (
        f"the metric broken returns one value for each image, shape (3,). Received: shape={shape}"
    )


def test_a_callable_object_has_the_name_of_its_class():
    class Margin:
        def __call__(self, y_true, y_pred):
            return y_pred[:, 0] - y_true

    assert FunctionMetric(Margin()).name == "Margin"


def test_a_function_is_not_saved():
    with pytest.raises(ArgumentError) as error:
        metrics.get(metrics.serialize(FunctionMetric(largest)))
    assert str(error.value) == (
        "A metric that is a function is not saved with the network: compile the network again with it. "
        "Received: name='largest'"
    )
