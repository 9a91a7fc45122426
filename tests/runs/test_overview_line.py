from pellucid.losses import CategoricalCrossentropy
from pellucid.runs.overview_line import overview


def test_a_run_begins_with_what_is_trained_on_what_and_where(make_run):
    run = make_run()
    counts, parameters = run.configuration.dataset.counts, run.configuration.parameters
    assert overview(run) == (
        f"{run.info.name}: {counts.train:,} images to train on, {counts.validation:,} to validate, "
        f"{counts.test:,} to test; {parameters:,} parameters; {run.path}"
    )


def test_it_names_a_loss_that_is_not_the_plain_cross_entropy(make_run):
    run = make_run(loss=CategoricalCrossentropy(label_smoothing=0.2))
    assert "; loss: categorical crossentropy, labels smoothed by 0.2; " in overview(run)
