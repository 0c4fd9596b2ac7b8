"""The IDX reader: what the format defines, and an error of its own for each way to be wrong."""

import contextlib
import random
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_strategies

from helpers.data import idx


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
        (b"\x00\x00\x08\x00", "0 dimensions; 1 to 64 are possible"),
        (b"\x00\x00\x08\x41" + bytes(300), "65 dimensions; 1 to 64 are possible"),
        (b"\x00\x00\x08\x03" + bytes(8), "header for 3 dimensions has 16 bytes; there are 12"),
        (GOOD[:-1], r"Truncated: \(2, 3\) elements take 6 bytes, but only 5"),
        (GOOD + b"x", "1 bytes too many"),
        (b"\x00\x00\x08\x02" + b"\xff" * 8, "overflow"),
        (b"\x00\x00\x0e\x03" + b"\xff" * 8 + bytes(4), "overflow"),
    ],
)
def test_each_fault_is_named(content, message):
    with pytest.raises(idx.IdxError, match=message):
        idx.parse(content)


arrays = st.sampled_from(list(idx.ELEMENT_TYPES.items())).flatmap(
    lambda item: st.tuples(
        st.just(item[0]),
        numpy_strategies.arrays(
            item[1], numpy_strategies.array_shapes(min_dims=1, max_dims=5, min_side=0)
        ),
    )
)


@given(arrays)
def test_any_array_comes_back(typed_array):
    type_code, array = typed_array
    parsed = idx.parse(encode(array, type_code))
    assert parsed.tobytes() == array.tobytes()
    assert (parsed.shape, parsed.dtype) == (array.shape, array.dtype)


@given(arrays, st.data())
def test_a_byte_more_or_less_never_passes(typed_array, data):
    type_code, array = typed_array
    content = encode(array, type_code)
    cut = data.draw(st.integers(0, len(content) - 1))
    with pytest.raises(idx.IdxError):
        idx.parse(content[:cut])
    with pytest.raises(idx.IdxError, match="too many"):
        idx.parse(content + b"\0")


@given(st.binary(max_size=200))
@settings(max_examples=1000)
def test_any_bytes_are_an_array_or_an_idx_error(content):
    with contextlib.suppress(idx.IdxError):
        assert isinstance(idx.parse(content), np.ndarray)


def test_twenty_thousand_broken_headers_crash_nothing():
    rng = random.Random(0)
    refused = 0
    for _ in range(20_000):
        content = bytearray(encode(np.zeros([rng.randrange(4)] * rng.randrange(1, 4), "u1"), 0x08))
        for _ in range(rng.randrange(1, 4)):
            content[rng.randrange(min(len(content), 16))] = rng.choice([0, 1, 2, 8, 127, 255])
        try:
            idx.parse(bytes(content))
        except idx.IdxError:
            refused += 1
    assert refused > 10_000


def test_what_is_encoded_comes_back():
    array = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    np.testing.assert_array_equal(idx.parse(idx.encode(array)), array)


def test_only_bytes_are_encoded():
    with pytest.raises(TypeError, match="Only uint8 arrays are encoded; this one is float32"):
        idx.encode(np.zeros(3, np.float32))
