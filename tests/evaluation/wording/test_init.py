import pytest

from pellucid.errors import ArgumentError
from pellucid.evaluation import read_curves, sentence, with_sentences


def test_the_curves_in_one_text():
    assert sentence(read_curves({}, n_train=1, n_validation=1)) == (
        "Generalisation cannot be read off this history: it has no train_loss, train_accuracy, val_loss, "
        "val_accuracy."
    )


def test_curves_for_json_have_their_sentences():
    found = with_sentences(read_curves({}, n_train=1, n_validation=1))
    assert list(found) == [
        "epochs", "end", "opened", "best_epoch", "more_epochs", "converged", "fit", "sentences",
    ]  # fmt: skip


def test_an_object_that_is_no_result_is_refused():
    with pytest.raises(ArgumentError, match=r"no sentence for this kind of result\. Received: result=3"):
        sentence(3)
