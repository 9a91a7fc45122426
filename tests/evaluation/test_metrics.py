import json

import numpy as np
import pytest
from sklearn import metrics as oracle

from pellucid import metrics
from pellucid.errors import ArgumentError, DataError
from pellucid.evaluation.metrics import (
    accuracy,
    correct,
    cross_entropy_loss,
    cross_entropy_losses,
    evaluate,
    f1_scores,
    per_class,
    top_k_accuracy,
)


@pytest.fixture(scope="module")
def predictions():
    generator = np.random.default_rng(7)
    labels = generator.integers(0, 5, 400)
    logits = generator.normal(size=(400, 5)) + 1.5 * np.eye(5)[labels]
    exponentials = np.exp(logits)
    return labels, exponentials / exponentials.sum(axis=1, keepdims=True)


def test_accuracy_loss_and_top_k_equal_scikit_learn(predictions):
    labels, probabilities = predictions
    predicted = probabilities.argmax(axis=1)
    assert accuracy(*predictions).value == pytest.approx(oracle.accuracy_score(labels, predicted))
    assert cross_entropy_loss(*predictions).value == pytest.approx(oracle.log_loss(labels, probabilities))
    for k in (1, 2, 3, 4):
        expected = oracle.top_k_accuracy_score(labels, probabilities, k=k, labels=range(5))
        assert top_k_accuracy(labels, probabilities, k).value == pytest.approx(expected)
    assert top_k_accuracy(labels, probabilities, 1) == accuracy(labels, probabilities)


def test_classes_equal_scikit_learn(predictions):
    labels, probabilities = predictions
    expected = oracle.precision_recall_fscore_support(labels, probabilities.argmax(axis=1), labels=range(5))
    estimates = per_class(labels, probabilities)
    assert [one.precision.value for one in estimates] == pytest.approx(expected[0])
    assert [one.recall.value for one in estimates] == pytest.approx(expected[1])
    assert [one.f1.value for one in estimates] == pytest.approx(expected[2])
    assert [one.support for one in estimates] == expected[3].tolist()
    for one in estimates:
        assert one.f1.low < one.f1.value < one.f1.high
        assert one.recall.n == one.support
        assert one.precision.n == one.predicted


def test_f1_interval_covers_the_f1_of_the_population():
    population = np.array([[0.4, 0.1], [0.15, 0.35]])
    truth = f1_scores(population)[0]
    generator = np.random.default_rng(3)
    hits = 0
    for _ in range(100):
        cells = generator.choice(4, size=300, p=population.ravel())
        labels, predicted = cells // 2, cells % 2
        estimate = per_class(labels, np.eye(2)[predicted])[0].f1
        hits += estimate.low <= truth <= estimate.high
    assert hits >= 88


def test_a_class_never_predicted_has_no_precision_and_one_never_present_no_recall():
    found = per_class([0, 1, 1], [[0.9, 0.1, 0], [0.8, 0.2, 0], [0.7, 0.3, 0]], class_names=["a", "b", "c"])
    b, c = found[1], found[2]
    assert not b.precision.defined
    assert (b.recall.value, b.f1.value) == (0.0, 0.0)
    assert not any(estimate.defined for estimate in (c.precision, c.recall, c.f1))
    assert str(c.f1) == "not defined (n = 0)"


def test_loss_of_a_certain_mistake_is_finite_as_in_keras():
    assert cross_entropy_losses([0], [[0.0, 1.0]])[0] == pytest.approx(-np.log(1e-7))


def test_of_equal_probabilities_the_first_class_is_the_answer():
    assert correct([0, 1], [[0.5, 0.5], [0.5, 0.5]]).tolist() == [True, False]


@pytest.mark.parametrize("k", [1, 2, 3])
def test_top_k_is_one_rule_with_the_metric_and_keras_where_classes_are_equally_probable(keras, k):
    labels, table = (
        [1, 2, 0, 2],
        np.array([[0.4, 0.4, 0.2], [0.4, 0.3, 0.3], [0.2, 0.4, 0.4], [0.1, 0.4, 0.5]]),
    )
    expected = float(np.mean(keras.metrics.sparse_top_k_categorical_accuracy(labels, table, k=k)))
    assert top_k_accuracy(labels, table, k).value == expected
    assert metrics.SparseTopKCategoricalAccuracy(k)(np.array(labels), table) == expected
    assert metrics.TopKCategoricalAccuracy(k)(np.eye(3)[labels], table) == expected


def test_top_1_is_the_accuracy_where_no_classes_are_equally_probable(predictions):
    labels, probabilities = predictions
    top, one = metrics.TopKCategoricalAccuracy(1), metrics.CategoricalAccuracy()
    assert top(np.eye(5)[labels], probabilities) == one(np.eye(5)[labels], probabilities)


def test_evaluation_is_whole_and_goes_into_json(predictions):
    labels, probabilities = predictions
    evaluation = evaluate(labels, probabilities, class_names=list("abcde"))
    assert evaluation.n == 400
    assert set(evaluation.top_k) == {2, 3}
    assert evaluation.confusion.trace() / 400 == evaluation.accuracy.value
    read = json.loads(json.dumps(evaluation.as_dict(), allow_nan=False))
    assert read["classes"][0]["name"] == "a"
    assert read["accuracy"]["value"] == evaluation.accuracy.value


def test_json_of_a_class_never_predicted_has_no_nan():
    json.dumps(evaluate([0, 0], [[0.9, 0.1], [0.8, 0.2]]).as_dict(), allow_nan=False)


def test_k_above_the_number_of_classes():
    with pytest.raises(ArgumentError, match=r"k must be at most the number of classes, 2. Received: k=3"):
        top_k_accuracy([0], [[0.5, 0.5]], 3)


def test_wrong_number_of_class_names():
    with pytest.raises(ArgumentError, match=r"name each of the 2 classes. Received: len\(class_names\)=1"):
        evaluate([0], [[0.5, 0.5]], class_names=["a"])


def test_label_that_has_no_probability():
    with pytest.raises(DataError, match=r"labels must be classes, from 0 to 1. Received: labels\[0\]=2"):
        accuracy([2], [[0.5, 0.5]])


def test_a_notebook_shows_the_estimates_and_the_confusion_matrix():
    evaluation = evaluate([0, 1, 1], [[0.9, 0.1], [0.4, 0.6], [0.8, 0.2]], class_names=["<cat>", "dog"])
    shown = evaluation._repr_html_()
    assert str(evaluation.accuracy) in shown
    assert shown.count("<table") == 3
    assert "rgba(60,130,220,0.70)" in shown
    assert "&lt;cat&gt;" in shown
    assert "<cat>" not in shown
