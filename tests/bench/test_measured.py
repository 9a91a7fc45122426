import json
from dataclasses import asdict
from typing import get_args

import pytest

from pellucid.bench.measured import (
    KINDS,
    BatchRates,
    BlasLibrary,
    CallTimes,
    Machine,
    PeakMemory,
    PredictionSpeed,
    TrainingSpeed,
)
from pellucid.bench.task import What
from pellucid.runs.record.json_form import RecordError, from_json

ANSWERS = [
    TrainingSpeed(
        images_per_second=(9000.5, 9100.0),
        first_seconds=0.7,
        batch_size=128,
        parameters=1_199_882,
        operations_per_image=2.4e7,
        versions={"numpy": "2.4.6"},
    ),
    PredictionSpeed(
        one=CallTimes(way="predict_on_batch", milliseconds=(0.2, 0.17)),
        batches=BatchRates(way="predict", images_per_second=(30_000.0,)),
    ),
    PeakMemory(peak_bytes=None, images=4096),
    Machine(
        python="3.11.7",
        system="Linux",
        versions={},
        blas=(BlasLibrary(internal_api="openblas", version=None, architecture="Zen", num_threads=1),),
        compiled_kernels=None,
        threads=2,
        ceiling=4.8e11,
    ),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda one: one.what)
def test_what_a_process_writes_the_other_reads(answer):
    assert from_json(KINDS[answer.what], json.loads(json.dumps(asdict(answer)))) == answer


def test_each_task_has_its_kind_of_answer():
    assert {type(answer) for answer in ANSWERS} == set(KINDS.values())
    assert set(KINDS) == set(get_args(What))


def test_an_answer_of_another_shape_is_refused():
    answer = asdict(ANSWERS[2])
    del answer["images"]
    with pytest.raises(RecordError, match="has no 'images'"):
        from_json(PeakMemory, answer)
