"""Every finding that a run can make is made on a real run with the fault, and not on its healthy twin."""

import numpy as np
import pytest

from pellucid import Sequential
from pellucid.errors import ArgumentError, NonFiniteLossError
from pellucid.evaluation import compare
from pellucid.evaluation.pitfalls import within_noise
from pellucid.experiments import Experiment, Split, find
from pellucid.layers import Dense, Dropout, Flatten, Input
from pellucid.losses import CategoricalCrossentropy
from pellucid.optimizers import SGD, Adadelta, Adam
from pellucid.runs import Settings, preparation, run
from pellucid.runs.diagnosing import rectified_outputs
from pellucid.runs.sufficiency import predictions_of_test

RELU, SOFTMAX = Dense(32, activation="relu"), Dense(10, activation="softmax")

# The code of the finding: what the run is given that it should not be.
FAULTS = {
    "validation-is-test": {"split": Split("test")},
    "test-set-reopened": {"split": Split("test")},
    "validation-is-last-samples": {"split": Split("last")},
    "absent-class": {"split": Split(validation_share=0.005)},
    "inputs-not-scaled": {"scaled": False, "layers": [Dense(32), Dense(10, activation="softmax")]},
    "only-linear": {"layers": [Dense(32), SOFTMAX]},
    "softmax-twice": {"loss": CategoricalCrossentropy(from_logits=True)},
    "loss-stuck": {"optimizer": SGD(1e-6)},
    "loss-diverged": {"optimizer": SGD(30.0)},
    "low-adadelta": {"optimizer": Adadelta(0.001)},
    "dead-units": {"optimizer": SGD(3.0)},
    "batch-exceeds-data": {"batch_size": 5000},
}


def codes(run):
    return [finding.code for finding in run.results.findings]


def test_the_healthy_twin_has_nothing_to_watch(healthy):
    assert codes(healthy) == []
    assert healthy.results.test.accuracy > 0.93


@pytest.mark.filterwarnings("ignore::pellucid.errors.PellucidNote")  # it is said at once as well
@pytest.mark.parametrize("code", FAULTS)
def test_a_run_with_the_fault_says_so(make_run, code):
    run = make_run(**FAULTS[code])
    assert code in codes(run)
    finding = next(one for one in run.results.findings if one.code == code)
    assert all(part.endswith(".") for part in (finding.message, finding.evidence, finding.fix))


def test_a_loss_of_probabilities_without_softmax_is_refused_before_training(tmp_path, declare):
    faulty = declare(layers=[RELU, Dense(10)])
    with pytest.raises(ArgumentError, match="takes the network's outputs for probabilities, and nothing"):
        run(faulty, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_loss_that_is_no_number_ends_the_run_with_advice(make_run):
    with pytest.raises(NonFiniteLossError, match=r"the loss became .*Things to try: a smaller learning rate"):
        make_run(layers=[Dense(32), SOFTMAX], optimizer=SGD(100.0))


def test_one_seed_is_said_of_a_run_by_itself(make_run):
    assert codes(make_run(settings=Settings(threads=1))) == ["one-seed"]


def test_images_that_are_in_two_parts_are_found(make_run, monkeypatch):
    """The first training image is put among the test images, as copies in real datasets are."""
    cut = preparation._cut

    def leaking(part, share, seed, purpose):
        kept, taken = cut(part, share, seed, purpose)
        if purpose == "test part":
            taken.images[0] = kept.images[0]
        return kept, taken

    monkeypatch.setattr(preparation, "_cut", leaking)
    [finding] = make_run().results.findings
    assert finding.code == "shared-images"
    assert finding.evidence.startswith("1 of the 450 test images is also among the ")


def test_a_linear_network_is_shown_the_single_layer_that_it_is(make_run):
    run = make_run(**FAULTS["only-linear"])
    finding = next(one for one in run.results.findings if one.code == "only-linear")
    assert "(650 parameters) gives the same class for 450 of 450 images" in finding.evidence


def test_dropout_and_all_scalings_are_no_fault(make_run):
    assert codes(make_run(layers=[RELU, Dropout(0.2), SOFTMAX], optimizer=Adam(0.003), epochs=8)) == []


def test_the_same_run_again_finds_the_same(make_run, healthy):
    again = make_run()
    assert again.results.findings == healthy.results.findings
    np.testing.assert_array_equal(again.predictions.probabilities, healthy.predictions.probabilities)


def test_two_seeds_differ_within_noise_and_a_network_cut_short_does_not(make_run, healthy):
    one, other, cut = (
        predictions_of_test(run, name)
        for run, name in (
            (healthy, "one"),
            (make_run(settings=Settings(seed=1, threads=1)), "other"),
            (make_run(epochs=1), "cut short"),
        )
    )
    assert [finding.code for finding in within_noise(compare(one, other))] == ["within-noise"]
    assert within_noise(compare(one, cut)) == []


def test_the_advice_names_what_the_user_would_run(tmp_path):
    layers_ = [Flatten(), Dense(10, activation="softmax")]
    own = Experiment("own", "", "digits", layers_, epochs=1)
    ours = find("digits-perceptron").with_recipe(epochs=1)
    for experiment, named in ((own, "FILE.py"), (ours, "digits-perceptron")):
        results = run(experiment, tmp_path / experiment.name, verbose=0).results
        assert any(f"pellucid run {named} --seeds 5" in warning for warning in results.warnings)


def test_of_a_layer_of_ones_own_no_unit_is_called_dead():
    class Mine(Dense):
        pass

    network = Sequential([Input((4,)), Mine(3, activation="relu"), Mine(3, name="other")], seed=0)
    assert list(rectified_outputs(network, np.ones((2, 4), np.float32))) == ["mine"]
