import json

import numpy as np
import pytest

from pellucid.errors import FileFormatError
from pellucid.report.rundata import RunData
from pellucid.runs import RunFolder


def test_a_run_is_read_whole(whole_run, digits):
    data = RunData.read(whole_run)
    assert data.classes == list("0123456789")
    assert len(data.history) == 6
    assert data.unit == "epoch"
    assert data.cycle_accuracy == []
    labels, probabilities = digits[1:]
    assert data.matrix.shape == (10, 10)
    assert data.matrix.sum() == len(labels)
    assert np.trace(data.matrix) == (probabilities.argmax(axis=1) == labels).sum()


def test_rows_of_the_matrix_are_the_true_class(whole_run, digits):
    labels = digits[1]
    np.testing.assert_array_equal(RunData.read(whole_run).matrix.sum(axis=1), np.bincount(labels))


def test_mistakes_are_mistakes_and_the_surest_first(whole_run, digits):
    mistakes = RunData.read(whole_run).mistakes
    assert len(mistakes.images) == len(mistakes.confidence) == 20
    assert (mistakes.labels != mistakes.predicted).all()
    assert (np.diff(mistakes.confidence) <= 0).all()
    labels, probabilities = digits[1:]
    wrong = probabilities.argmax(axis=1) != labels
    assert mistakes.confidence[0] == np.float32(probabilities[wrong].max())


def test_a_run_in_cycles_has_its_accuracy_over_them(make_run):
    data = RunData.read(make_run(images_per_cycle=600, epochs=4))
    assert data.unit == "cycle"
    assert data.cycle_accuracy == data.history.column("val_accuracy")


def test_what_an_unfinished_run_has_not_written_is_none(make_run):
    data = RunData.read(make_run(tested=False, status="interrupted"))
    assert data.results is data.predictions is data.matrix is data.mistakes is None
    assert data.pictures == {}


@pytest.mark.parametrize("file", ["configuration.json", "history.json", "predictions.csv", "pictures.npz"])
def test_a_file_lost_after_the_run_is_an_error(make_run, file):
    path = make_run()
    (path / file).unlink()
    with pytest.raises(FileFormatError, match=f"{file} in the run folder .* is missing"):
        RunData.read(path)


def rewrite(path, write):
    """Change a piece and close the run again, as a careless program could."""
    run = RunFolder.open(path)
    run.resume()
    write(run)
    run.finish()
    return path


def test_classes_and_predictions_must_agree(make_run):
    path = make_run()
    rewrite(path, lambda run: run.write_predictions([0, 1], np.full((2, 3), 1 / 3)))
    with pytest.raises(
        FileFormatError, match=r"configuration\.json names 10 classes, predictions\.csv has 3\."
    ):
        RunData.read(path)


def test_results_and_predictions_must_agree(make_run):
    path = make_run()
    rewrite(path, lambda run: run.write_predictions([0, 1], np.full((2, 10), 0.1)))
    with pytest.raises(
        FileFormatError,
        match=r"do not belong together: results\.json counts n=597 .* predictions\.csv has 2\. Make",
    ):
        RunData.read(path)


def test_pictures_and_predictions_must_agree(make_run):
    path = make_run()
    images = np.zeros((1, 8, 8), np.uint8)
    rewrite(
        path,
        lambda run: run.write_pictures(
            first_images=images, first_labels=[0], mistakes=images, mistake_index=[597]
        ),
    )
    with pytest.raises(
        FileFormatError, match=r"pictures\.npz shows test image 597, predictions\.csv has 597"
    ):
        RunData.read(path)


def test_pictures_and_classes_must_agree(make_run):
    path = make_run()
    images = np.zeros((1, 8, 8), np.uint8)
    rewrite(path, lambda run: run.write_pictures(first_images=images, first_labels=[10]))
    with pytest.raises(FileFormatError, match=r"shows an image of class 10, configuration\.json names 10"):
        RunData.read(path)


def test_results_edited_by_hand_are_found_out(make_run):
    path = make_run()
    results = json.loads((path / "results.json").read_text())
    results["test"]["accuracy"] = 1.0
    (path / "results.json").write_text(json.dumps(results))
    with pytest.raises(FileFormatError, match=r"results\.json .* is not what the run wrote"):
        RunData.read(path)
