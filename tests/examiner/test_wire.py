import io
import pickle

import numpy as np
import pytest

from pellucid.examiner.wire import LENGTHS, Opaque, WireError, decode, encode, read_frame, write_frame


@pytest.mark.parametrize(
    "value", [None, True, 3, 2.5, "words", [1, (2.0, None)], {"a": [1], 3: ()}, np.float32(1.5), 1 + 2j]
)
def test_plain_data_comes_back_as_it_was(value):
    assert decode(*encode(value)) == value
    assert type(decode(*encode(value))) in (type(value), np.complex128)


@pytest.mark.parametrize("kind", ["f8", "f4", "f2", "i8", "u1", "?", "c16"])
def test_arrays_come_back_bit_for_bit(kind):
    array = np.arange(6).reshape(2, 3).astype(kind)
    for one in (array, array.T, array[:, :0], array[0, 0:1]):
        back = decode(*encode(one))
        assert back.dtype == one.dtype
        assert np.array_equal(back, one)


def test_what_has_no_plain_form_stays_where_it_is():
    kept = []
    tree, blob = encode([np.array([object()]), iter([])], lambda value: kept.append(value) or len(kept) - 1)
    assert decode(tree, blob) == [Opaque(0, "ndarray"), Opaque(1, "list_iterator")]
    assert decode(tree, blob, lambda opaque: kept[opaque.number]) == kept
    with pytest.raises(WireError, match="no plain form for a object"):
        encode(object())


@pytest.mark.parametrize(
    "tree",
    [
        {"array": ["O", [1], 0]},
        {"array": ["f8", [10**9], 0]},
        {"array": ["f8", [-1], 0]},
        {"array": ["f8,O", [1], 0]},
        {"dict": [[{"list": []}, 1]]},
        {"unknown": 1},
        [1],
        {"opaque": 3},
    ],
)
def test_what_is_not_plain_data_is_refused(tree):
    with pytest.raises(WireError):
        decode(tree, b"12345678")


@pytest.mark.parametrize(
    "content",
    [b"x", LENGTHS.pack(1 << 60, 0), LENGTHS.pack(3, 0) + b"[1]", LENGTHS.pack(9, 0) + b"{}",
     LENGTHS.pack(2, 0) + pickle.dumps({})],
)  # fmt: skip
def test_what_is_not_a_frame_is_refused(content):
    with pytest.raises(WireError):
        read_frame(io.BytesIO(content))


def test_frames_follow_one_another():
    stream = io.BytesIO()
    write_frame(stream, {"a": 1}, b"123")
    write_frame(stream, {"b": 2})
    stream.seek(0)
    assert [read_frame(stream) for _ in range(3)] == [({"a": 1}, b"123"), ({"b": 2}, b""), None]
