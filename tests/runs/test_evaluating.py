"""What a real run leaves in its folder when it is judged."""

import numpy as np
import pytest

from pellucid.datasets import load
from pellucid.errors import ArgumentError
from pellucid.evaluation import apply_temperature, evaluate
from pellucid.experiments import Split
from pellucid.layers import Dense
from pellucid.losses import CategoricalCrossentropy
from pellucid.models import Sequential
from pellucid.models.loading import load_with_extra
from pellucid.runs import Settings
from pellucid.runs.evaluating import pictures_kept
from pellucid.runs.measuring import as_probabilities
from pellucid.runs.record.json_form import to_json


def test_the_index_leads_back_to_the_images(healthy):
    labels = load("digits").y_train
    for kept in (healthy.predictions, healthy.validation):
        np.testing.assert_array_equal(labels[kept.index], kept.labels)
    assert not set(healthy.predictions.index) & set(healthy.validation.index)
    assert len(healthy.validation.index) == healthy.configuration.dataset.counts.validation


def test_the_evaluation_is_that_of_the_predictions(healthy):
    kept = healthy.predictions
    classes = healthy.configuration.dataset.classes
    expected = evaluate(kept.labels, kept.probabilities.astype(float), class_names=classes)
    assert to_json(expected) == to_json(healthy.results.evaluation)


def test_the_temperature_is_fitted_on_validation_and_kept_in_the_model(healthy):
    _, extra = load_with_extra(healthy.path / "model.safetensors")
    calibration = healthy.results.calibration
    assert extra["temperature"] == calibration.temperature > 0
    before, after = calibration.before, calibration.after
    assert before.accuracy == after.accuracy  # it changes how sure, never what is answered
    scaled = apply_temperature(healthy.predictions.probabilities, extra["temperature"])
    assert after.confidence == pytest.approx(scaled.max(axis=1).mean(), abs=1e-6)


def test_the_generalisation_is_read_off_the_curves(healthy):
    generalisation = healthy.results.generalisation
    last = healthy.history[-1]
    assert generalisation.end.train.value == pytest.approx(last.train_accuracy)
    assert generalisation.end.validation.value == pytest.approx(last.val_accuracy)
    assert "both measured alike" in generalisation.sentences[0]


def test_warnings_are_the_texts_of_the_findings(make_run):
    results = make_run(settings=Settings(threads=1)).results
    assert [one.code for one in results.findings] == ["one-seed"]
    [finding] = results.findings
    assert results.warnings == [f"{finding.message} {finding.evidence} {finding.fix}"]


def test_no_temperature_is_fitted_on_the_test_images(make_run):
    run = make_run(split=Split("test"))
    calibration = run.results.calibration
    assert calibration.temperature is None
    assert "these are the test images, on which it is evaluated" in calibration.reason
    assert calibration.after is None
    assert "temperature" not in load_with_extra(run.path / "model.safetensors")[1]


def test_no_temperature_without_every_class_in_the_validation_images(make_run):
    calibration = make_run(split=Split(validation_share=0.005)).results.calibration
    assert calibration.temperature is None
    assert calibration.reason.startswith("The calibration data has no image of class")


def test_logits_become_probabilities(make_run):
    run = make_run(
        layers=[Dense(32, activation="relu"), Dense(10)], loss=CategoricalCrossentropy(from_logits=True)
    )
    sums = run.predictions.probabilities.sum(axis=1)
    np.testing.assert_allclose(sums, 1, atol=1e-5)
    assert run.results.test.accuracy > 0.9
    assert run.results.findings == ()


def test_probabilities_stay_as_they_are_to_the_bit():
    outputs = np.array([[0.1, 0.9], [0.3, 0.7]], np.float32)
    assert as_probabilities(outputs) is outputs


def test_seeds_must_be_a_whole_number():
    with pytest.raises(ArgumentError, match=r"seeds is a whole number of at least 1\. Received: seeds=0"):
        Settings(seeds=0)


def test_the_test_loss_is_the_networks_own_without_computing_the_images_again(make_run, monkeypatch):
    evaluated = []
    own = Sequential.evaluate
    monkeypatch.setattr(
        Sequential,
        "evaluate",
        lambda self, x, *rest, **named: evaluated.append(len(x)) or own(self, x, *rest, **named),
    )
    run = make_run(settings=Settings(threads=1))
    kept = run.predictions
    assert len(kept.labels) not in evaluated
    model, _ = load_with_extra(run.path / "model.safetensors")
    images = load("digits").x_train[kept.index].reshape(len(kept.labels), *model.input_shape)
    again = model.predict(images.astype(np.float32) / 16)
    loss = -np.log(again[np.arange(len(again)), kept.labels]).mean()
    assert run.results.test.loss == pytest.approx(loss, rel=1e-4)


@pytest.mark.parametrize(("shape", "kept"), [((28, 28), 1000), ((128, 128, 3), 341), ((2000, 2000, 3), 20)])
def test_the_pictures_of_mistakes_have_a_limit_in_number_and_in_bytes(shape, kept):
    assert pictures_kept(shape) == kept


def test_all_mistakes_are_kept_up_to_the_limit(make_run):
    run = make_run(epochs=1)
    wrong = np.flatnonzero(run.predictions.labels != run.predictions.predicted)
    assert len(wrong) > 20
    assert sorted(run.pictures["mistake_index"]) == wrong.tolist()


@pytest.mark.parametrize("loss", [CategoricalCrossentropy(label_smoothing=0.2), "mse"])
def test_the_test_loss_is_the_plain_cross_entropy_whatever_is_minimised(make_run, loss):
    run = make_run(loss=loss)
    assert run.results.test.loss == pytest.approx(run.results.evaluation.loss.value, rel=1e-5)
    assert not run.configuration.minimises_what_is_tested


def test_what_is_minimised_is_named(make_run):
    smoothed = make_run(loss=CategoricalCrossentropy(label_smoothing=0.2)).configuration
    assert smoothed.objective == "categorical crossentropy, labels smoothed by 0.2"
    assert make_run(loss="mse").configuration.objective == "mean squared error"
    plain = make_run().configuration
    assert plain.objective == "categorical crossentropy"
    assert plain.minimises_what_is_tested
