"""The IDX format, in which MNIST and its relatives are published.

A file begins with two zero bytes, one byte for the type of the elements and one for the number of
dimensions. Then come the dimensions, four bytes each, most significant byte first, then the elements.
Source: http://yann.lecun.com/exdb/mnist/ ("The IDX file format").
"""

import math
import struct

import numpy as np

ELEMENT_TYPES = {
    0x08: np.dtype(np.uint8),
    0x09: np.dtype(np.int8),
    0x0B: np.dtype(">i2"),
    0x0C: np.dtype(">i4"),
    0x0D: np.dtype(">f4"),
    0x0E: np.dtype(">f8"),
}


MOST_DIMENSIONS = 64  # NumPy's limit; IDX itself allows 255
MOST_BYTES = 2**63 - 1  # what a 64-bit machine can address


class IdxError(ValueError):
    """The bytes are not a well-formed IDX file."""


def parse(content: bytes) -> np.ndarray:
    """Return the array that an IDX file holds, without copying a byte.

    Args:
        content: the whole file, decompressed.

    Returns:
        A read-only view of `content` with the dimensions and the element type that its header names
        (MNIST: uint8, images (n, 28, 28), labels (n,)). Wider types stay big-endian.

    Raises:
        IdxError: the header is cut short or wrong, or there are too few or too many bytes for it.
    """
    if len(content) < 4:
        raise IdxError(
            f"An IDX file begins with a 4-byte magic number; there are only {len(content)} bytes."
        )
    zeros, type_code, rank = struct.unpack(">HBB", content[:4])
    if zeros != 0:
        raise IdxError(f"An IDX file begins with two zero bytes; these are {content[:2].hex(' ')}.")
    if type_code not in ELEMENT_TYPES:
        raise IdxError(f"0x{type_code:02x} is not one of the element types that IDX defines.")
    if not 1 <= rank <= MOST_DIMENSIONS:
        raise IdxError(f"The header says {rank} dimensions; 1 to {MOST_DIMENSIONS} are possible.")
    header_size = 4 + 4 * rank
    if len(content) < header_size:
        raise IdxError(
            f"A header for {rank} dimensions has {header_size} bytes; there are {len(content)}."
        )
    shape = struct.unpack(f">{rank}I", content[4:header_size])
    element_type = ELEMENT_TYPES[type_code]
    if math.prod(size or 1 for size in shape) * element_type.itemsize > MOST_BYTES:
        raise IdxError(f"The dimensions {shape} overflow: no computer could hold that many bytes.")
    expected = math.prod(shape) * element_type.itemsize
    found = len(content) - header_size
    if found < expected:
        raise IdxError(
            f"Truncated: {shape} elements take {expected} bytes, but only {found} follow the header."
        )
    if found > expected:
        raise IdxError(
            f"{found - expected} bytes too many after the {expected} bytes of {shape} elements."
        )
    return np.frombuffer(content, element_type, offset=header_size).reshape(shape)


def encode(array: np.ndarray) -> bytes:
    """Return the IDX file that holds a uint8 array.

    Raises:
        TypeError: the elements are of another type.
    """
    if array.dtype != np.uint8:
        raise TypeError(f"Only uint8 arrays are encoded; this one is {array.dtype}.")
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()
