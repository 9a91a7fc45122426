"""A slice of the campaign of damaged inputs, and proof that it would find what it looks for."""

import os
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="counts seconds of the processor by a signal")
BENCHMARKS = Path(__file__).parent.parent.parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

fuzz = pytest.importorskip("fuzz")
from fuzzing import mutations, readers  # noqa: E402 - the folder has to be on the path first

from pellucid.errors import DataError  # noqa: E402 - as above


@pytest.fixture(scope="module")
def all_readers(tmp_path_factory):
    scratch = tmp_path_factory.mktemp("fuzz")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PELLUCID_CACHE", str(scratch / "cache"))
        patch.setenv("PELLUCID_DATA", str(scratch / "mirror"))
        patch.setenv("PELLUCID_THREADS", "1")
        yield readers.all_readers(scratch)


def test_no_reader_fails_on_a_slice_of_the_campaign(all_readers, tmp_path):
    outcomes = fuzz.campaign(all_readers, tmp_path, inputs=15 * len(all_readers), seed=7, limit=100)
    assert outcomes.defects == {}
    assert outcomes.inputs == 15 * len(all_readers)
    assert {reader.name for reader in all_readers} == set(outcomes.counts)


def test_good_inputs_are_read(all_readers, tmp_path):
    outcomes = fuzz.campaign(all_readers, tmp_path, inputs=20 * len(all_readers), seed=1, limit=100)
    read = {name for name, counts in outcomes.counts.items() if counts["read"]}
    assert "image files" in read
    assert len(read) > len(all_readers) / 2


def reader_that(read):
    return fuzz.Reader("a reader", lambda random: random.bytes(20), read)


def raises(error):
    def read(path):
        raise error

    return read


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (raises(ValueError("bad")), "a reader: ValueError at test_fuzz.py:"),
        (raises(MemoryError()), "a reader: MemoryError"),
        (raises(RecursionError()), "a reader: RecursionError"),
        (raises(DataError("")), "a reader: an error without a text"),
        (raises(fuzz.WrongAnswer("other weights")), "a reader: WRONG ANSWER: other weights"),
    ],
)
def test_a_reader_that_fails_is_found(read, said, tmp_path):
    outcomes = fuzz.campaign([reader_that(read)], tmp_path, inputs=3, seed=0, keep=tmp_path)
    ((kind, (count, first)),) = outcomes.defects.items()
    assert kind.startswith(said)
    assert (count, first) == (3, 0) or "test_fuzz" in kind
    assert (tmp_path / "0-input").is_file()


def test_a_reader_that_does_not_end_is_found(tmp_path):
    def endless(path):
        while True:
            pass

    outcomes = fuzz.campaign([reader_that(endless)], tmp_path, inputs=1, seed=0, limit=0.05)
    assert outcomes.defects == {"a reader: more than 0.05 s of the processor": [1, 0]}


def test_an_error_of_pellucids_is_an_answer(tmp_path):
    outcomes = fuzz.campaign([reader_that(raises(DataError("no image")))], tmp_path, inputs=4, seed=0)
    assert outcomes.counts["a reader"] == {"DataError": 4}
    assert outcomes.defects == {}
    assert "a reader" in fuzz.report(outcomes, 1.0)


def test_inputs_depend_on_the_seed_and_their_number_alone(all_readers):
    def made(reader, number):
        return reader.make(fuzz.np.random.default_rng([3, number]))

    for reader in all_readers:
        assert made(reader, 5) == made(reader, 5)
        assert len({made(reader, number) for number in range(20)}) > 5


def test_json_is_damaged_in_its_values():
    content = b'{"a": [1, {"b": "c"}], "d": null}'
    made = {mutations.of_json(content, fuzz.np.random.default_rng(seed)) for seed in range(50)}
    assert len(made) > 40
