from pellucid.losses import CategoricalCrossentropy
from pellucid.runs import RunFolder


def test_a_notebook_shows_a_runs_results_and_curves(make_run):
    run = make_run(loss=CategoricalCrossentropy(label_smoothing=0.2))
    shown = run._repr_html_()
    assert str(run.results.test.estimate) in shown
    assert f"{run.results.test.loss:.4f}" in shown
    assert "labels smoothed by 0.2" in shown
    assert shown.count("<svg") == 2
    assert shown.count("<polyline") == 6  # loss and accuracy, each while training, after it and in validation


def test_a_run_that_is_not_finished_says_so(tmp_path):
    run = RunFolder.create(tmp_path / "<run>", name="<run>")
    run.interrupt()
    assert "is interrupted, not finished" in run._repr_html_()
    assert "<run>" not in run._repr_html_()
