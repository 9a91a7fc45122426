import json

from pellucid.bench.measured import TrainingSpeed
from pellucid.bench.results import Failed, NetworkTraining
from pellucid.runs.record.json_form import to_json

SPEED = TrainingSpeed(
    images_per_second=(9000.0,),
    first_seconds=0.7,
    batch_size=128,
    parameters=10,
    operations_per_image=20.0,
    versions={},
)
TRAINING = NetworkTraining(variants={"pellucid": SPEED, "jax": Failed("no memory")})


def test_what_failed_stands_apart_from_what_was_measured():
    assert TRAINING.speeds == {"pellucid": SPEED}
    assert TRAINING.failures == {"jax": "no memory"}


def test_results_are_json_with_a_key_for_each_field_that_has_a_value():
    written = json.loads(json.dumps(to_json(TRAINING)))
    assert written["variants"]["jax"] == {"failed": "no memory"}
    assert written["variants"]["pellucid"]["images_per_second"] == [9000.0]
    assert "one_thread" not in written  # what was not measured is left out
