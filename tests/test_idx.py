"""The IDX reader: what the format defines, and an error of its own for each way to be wrong."""

import struct

import numpy as np
import pytest

from helpers import idx


def encode(array, type_code):
    header = struct.pack(f">HBB{array.ndim}I", 0, type_code, array.ndim, *array.shape)
    return header + array.astype(idx.ELEMENT_TYPES[type_code]).tobytes()


@pytest.mark.parametrize("type_code", idx.ELEMENT_TYPES)
@pytest.mark.parametrize("shape", [(7,), (2, 3), (2, 3, 4), (0, 28, 28)])
def test_every_type_and_rank_comes_back(type_code, shape):
    array = np.arange(np.prod(shape)).reshape(shape)
    parsed = idx.parse(encode(array, type_code))
    assert parsed.shape == shape
    assert parsed.dtype == idx.ELEMENT_TYPES[type_code]
    np.testing.assert_array_equal(parsed, array)


def test_the_array_is_a_view_that_cannot_be_changed():
    content = encode(np.arange(6, dtype=np.uint8), 0x08)
    parsed = idx.parse(content)
    assert np.shares_memory(parsed, np.frombuffer(content, np.uint8))
    with pytest.raises(ValueError, match="read-only"):
        parsed[0] = 1


GOOD = encode(np.zeros((2, 3), np.uint8), 0x08)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "only 0 bytes"),
        (b"\x00\x00\x08", "only 3 bytes"),
        (b"\x1f\x8b\x08\x00", "two zero bytes; these are 1f 8b"),
        (b"\x00\x00\x07\x01", "0x07 is not one of the element types"),
        (b"\x00\x00\x08\x00", "0 dimensions"),
        (b"\x00\x00\x08\x03" + bytes(8), "header for 3 dimensions has 16 bytes; there are 12"),
        (GOOD[:-1], r"Truncated: \(2, 3\) elements take 6 bytes, but only 5"),
        (GOOD + b"x", "1 bytes too many"),
        (b"\x00\x00\x08\x02" + b"\xff" * 8, "Truncated"),
    ],
)
def test_each_fault_is_named(content, message):
    with pytest.raises(idx.IdxError, match=message):
        idx.parse(content)
