import pytest

from pellucid.callbacks.epoch_table import EpochTable, number, stacked

LOGS = {"loss": 0.5, "accuracy": 0.25, "val_loss": 0.4, "val_accuracy": 0.3, "learning_rate": 1e-4}


def shown(logs, width, label="1/10", seconds=161.0):
    head, row = EpochTable().lines(label, seconds, logs, width)
    return [*head, *row]


def test_metrics_stand_in_the_order_in_which_they_are_measured():
    *_, head, row = shown(dict(reversed(LOGS.items())), 120)
    names = ["accuracy", "loss", "val_accuracy", "val_loss", "learning_rate"]
    assert head.split() == ["Epoch", "time", *names]
    assert row.split() == ["1/10", "2", "min", "41", "s", "0.2500", "0.5000", "0.3000", "0.4000", "1.00e-04"]


def test_names_are_shortened_before_the_columns_are_given_up():
    assert shown(LOGS, 70)[-2].split() == ["Epoch", "time", "loss", "acc", "val_loss", "val_acc", "lr"]
    assert shown(LOGS, 50) == ["1/10  2 min 41 s  loss 0.5000  accuracy 0.2500", *shown(LOGS, 50)[1:]]


@pytest.mark.parametrize("width", [35, 50, 60, 70, 80, 200])
def test_no_line_reaches_the_width(width):
    assert max(map(len, shown(LOGS, width))) < width


def test_no_word_on_when_metrics_are_measured_where_it_has_no_room():
    assert len(shown({"loss": 0.5, "val_loss": 0.5}, 80)) == 2
    assert len(shown({"loss": 0.5, "accuracy": 0.5}, 80)) == 2


def test_rows_stay_aligned_over_all_epochs():
    table = EpochTable()
    rows = [table.lines(f"{epoch}/100", 4.0, LOGS, 80)[1][0] for epoch in (1, 10, 100)]
    assert len({len(row) for row in rows}) == 1


def test_a_number_that_is_none():
    assert number("x") == "x"
    assert stacked(["one", "a" * 30], 20) == ["one", "  " + "a" * 30]
