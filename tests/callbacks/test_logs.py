import copy
import json
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.callbacks.logs import Logs, missing
from pellucid.errors import PellucidNote


@pytest.mark.parametrize("prefix", ["", "val_", "train_"])
@pytest.mark.parametrize(
    ("asked", "stored"),
    [("acc", "accuracy"), ("accuracy", "acc"), ("lr", "learning_rate"), ("learning_rate", "lr")],
)
def test_a_metric_is_found_by_its_other_spelling(prefix, asked, stored):
    logs = Logs({prefix + stored: 0.75})
    with pytest.warns(
        PellucidNote, match=f"asked for as '{prefix}{asked}' is recorded as '{prefix}{stored}'"
    ):
        assert logs[prefix + asked] == 0.75
    assert logs.get(prefix + asked) == 0.75


def test_the_other_spelling_is_explained_once(recwarn):
    logs = Logs(accuracy=0.75)
    for _ in range(3):
        assert logs["acc"] == logs.get("acc") == 0.75
    assert len(recwarn) == 1


def test_a_name_that_is_there_is_taken_as_it_is(recwarn):
    logs = Logs(acc=0.25, accuracy=0.75)
    assert (logs["acc"], logs["accuracy"], logs.get("acc")) == (0.25, 0.75, 0.25)
    assert len(recwarn) == 0


def test_only_looking_up_is_lenient():
    logs = Logs(accuracy=0.75)
    assert "acc" not in logs
    assert list(logs) == ["accuracy"]
    assert logs == {"accuracy": 0.75}


def test_get_gives_the_default_for_what_is_in_neither_spelling():
    logs = Logs(loss=1.0)
    assert logs.get("acc") is None
    assert logs.get("val_loss", 7) == 7


@pytest.mark.parametrize("name", ["acc", "val_loss", "", "val_"])
def test_a_missing_metric_is_a_key_error_that_names_those_there_are(name):
    with pytest.raises(KeyError, match=f"there is no metric '{name}'.* among 'loss', 'lost'"):
        Logs(loss=1.0, lost=2.0)[name]


def test_missing_offers_the_nearest():
    assert missing("accuracy", {"acuracy": 1, "loss": 1}) == (
        "there is no metric 'accuracy' (did you mean 'acuracy'?) among 'acuracy', 'loss'"
    )
    assert missing("x", {}) == "there is no metric 'x': none was measured"


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=5), st.floats(allow_nan=False)))
def test_it_is_the_dict_otherwise(metrics):
    logs = Logs(metrics)
    assert logs == metrics
    assert json.loads(json.dumps(logs)) == metrics
    assert pickle.loads(pickle.dumps(logs)) == copy.deepcopy(logs) == metrics  # noqa: S301 - our own
