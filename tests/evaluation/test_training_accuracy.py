from pellucid.evaluation.training_accuracy import training_measure


def test_how_training_accuracy_was_measured():
    assert training_measure({"train_accuracy": [0.5], "accuracy": [0.4]}) == "after the epoch"
    assert training_measure({"accuracy": [0.4]}) == "running mean"
    assert training_measure({"val_accuracy": [0.4]}) is None
