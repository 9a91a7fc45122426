import pytest

from pellucid.callbacks.live_bar import Moment, bar_line

MOMENT = Moment("Epoch 3/12", 0.25, 1.0, 12_000, {"loss": 0.5, "accuracy": 0.25})


@pytest.mark.parametrize("width", range(16, 140, 7))
def test_what_has_no_room_is_left_out_whole(width):
    line = bar_line(MOMENT, width)
    assert len(line) < width
    rest = line.removeprefix("Epoch 3/12").replace("mean so far: ", "").strip(" ━─%25")
    whole = "loss 0.5000  accuracy 0.2500  12,000 images/s  3.0 s left"
    assert all(part in whole.split("  ") for part in rest.split("  ") if part)


def test_without_a_rate_and_without_metrics():
    assert bar_line(Moment("Evaluation", 0.5, 2.0, None, {}), 40) == "Evaluation  ━━━━━━━━───────  2.0 s left"


def test_so_far_is_said_of_a_training_alone():
    assert "mean so far: loss" in bar_line(MOMENT, 140)
    assert "mean so far" not in bar_line(MOMENT, 140, so_far=False)
