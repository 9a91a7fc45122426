from pellucid.evaluation.wording.training_accuracy import training_accuracies_differ_in_kind


def test_running_mean_against_after_epoch_is_flagged():
    running, after = {"accuracy": [0.9]}, {"accuracy": [0.9], "train_accuracy": [0.95]}
    reason = training_accuracies_differ_in_kind("A", running, "B", after)
    assert "that of A is a running mean over the epoch" in reason
    assert "that of B was measured after the epoch" in reason
    assert training_accuracies_differ_in_kind("A", running, "B", running) is None
    assert training_accuracies_differ_in_kind("A", after, "B", after) is None
    assert "that of B was not recorded" in training_accuracies_differ_in_kind("A", after, "B", {})
