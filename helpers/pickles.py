"""mnist.pkl.gz, the file that the Theano tutorials shipped, read without running anything inside it.

It is a Python 2 pickle of three pairs (images, labels): training 50,000, validation 10,000, test 10,000;
images (n, 784) float32, each byte divided by 256; labels (n,) int64.
Source: lisa-lab/DeepLearningTutorials, doc/gettingstarted.txt.
"""

import gzip
import io
import pickle
import re
import struct
import uuid
import zlib
from pathlib import Path

import numpy as np

MOST_BYTES = 250_000_000  # the classic file has 220 million


class UnsafePickle(pickle.UnpicklingError):
    """The pickle asks for something other than NumPy arrays; nothing of it was run."""


class _Type:
    """Stands for a numpy.dtype while a pickle is read."""

    def __init__(self, name, *_):
        self.name, self.byte_order = _text(name), "="

    def __setstate__(self, state):
        self.byte_order = _text(state[1])

    def as_numpy(self) -> np.dtype:
        if not re.fullmatch("[biuf][1248]", self.name) or self.byte_order not in "<>=|":
            raise UnsafePickle(
                f"This pickle holds an array of {self.name}; only numbers are admitted."
            )
        return np.dtype(self.byte_order + self.name)


class _Array:
    """Stands for a numpy.ndarray while a pickle is read."""

    def __init__(self, *_):
        self.array = None

    def __setstate__(self, state):
        _, shape, element_type, is_column_major, content = state
        element_type = element_type.as_numpy()
        array = np.frombuffer(content, element_type)
        self.array = array.reshape(shape, order="F" if is_column_major else "C")


STAND_INS = {
    ("numpy.core.multiarray", "_reconstruct"): _Array,
    ("numpy._core.multiarray", "_reconstruct"): _Array,
    ("numpy", "ndarray"): "numpy.ndarray",
    ("numpy", "dtype"): _Type,
}


class ArraysOnly(pickle._Unpickler):
    """An unpickler that builds NumPy arrays and plain values, and refuses by name whatever else is called for.

    What a pickle names is replaced by stand-ins: NumPy sees a type of number, a shape and bytes, and
    checks them against each other. (Its own loading believes what a pickle says, and a damaged one could
    crash Python.) It is the unpickler that is written in Python, not the quicker one in C, because that
    one lets us leave out BYTEARRAY8, which takes as much memory as the pickle asks for.
    """

    dispatch = {
        opcode: load
        for opcode, load in pickle._Unpickler.dispatch.items()
        if opcode != pickle.BYTEARRAY8[0]
    }

    def find_class(self, module: str, name: str):
        if (module, name) not in STAND_INS:
            raise UnsafePickle(
                f"This pickle wants to call {module}.{name}; only NumPy arrays are admitted."
            )
        return STAND_INS[module, name]


def _text(name: str | bytes) -> str:
    return name.decode("latin1") if isinstance(name, bytes) else name


def load_pickle(path: Path) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Return the three pairs (images, labels) of an mnist.pkl.gz; the arrays are read-only.

    Raises:
        UnsafePickle: the file asks for anything but NumPy arrays, or an array holds Python objects.
        ValueError: it is damaged, too large, or holds something other than three pairs of arrays.
        OSError: it cannot be read.
    """
    try:
        content = zlib.decompressobj(wbits=31).decompress(path.read_bytes(), MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ValueError(f"more than {MOST_BYTES:,} bytes")
        pairs = ArraysOnly(io.BytesIO(content), encoding="bytes").load()
        train, validation, test = ((_filled(images), _filled(labels)) for images, labels in pairs)
    except (UnsafePickle, OSError):
        raise
    except Exception as error:  # a damaged pickle can fail in every way there is
        raise ValueError(
            f"{path} is damaged, or not three pairs of arrays ({type(error).__name__}: {error})."
        ) from None
    return train, validation, test


def _filled(stand_in: _Array) -> np.ndarray:
    if stand_in.array is None:
        raise ValueError("an array that was never filled")
    return stand_in.array


def write_pickle(path: Path, train_images, train_labels, test_images, test_labels) -> None:
    """Write an mnist.pkl.gz with the classic structure, in the opcodes of Python 2.

    Args:
        path: where to; the file appears whole or not at all.
        train_images, test_images: (60000, 28, 28) and (10000, 28, 28) uint8.
        train_labels, test_labels: (60000,) and (10000,) uint8.
    """
    images, labels = train_images.reshape(-1, 784), train_labels
    pairs = (
        (images[:50_000], labels[:50_000]),
        (images[50_000:], labels[50_000:]),
        (test_images.reshape(-1, 784), test_labels),
    )
    temporary = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    with gzip.open(temporary, "wb", compresslevel=1) as file:
        file.write(b"\x80\x02")  # protocol 2, the last that Python 2 knows
        for images, labels in pairs:
            _write_array(file, (images / np.float32(256)).astype("<f4", copy=False), b"f4")
            _write_array(file, labels.astype("<i8"), b"i8")
            file.write(b"\x86")  # TUPLE2: a pair
        file.write(b"\x87.")  # TUPLE3, STOP
    temporary.replace(path)


def _write_array(file, array: np.ndarray, type_name: bytes) -> None:
    """Write what Python 2 wrote for a little-endian array: text and data alike are byte strings.

    That is the reason why Python 3 stumbles: it takes those strings for ASCII text.
    """
    shape = b"(" + b"".join(b"J" + struct.pack("<i", size) for size in array.shape) + b"t"
    file.write(
        b"cnumpy.core.multiarray\n_reconstruct\n"
        b"(cnumpy\nndarray\nK\x00\x85U\x01btR"  # an empty array, to be filled by BUILD
        b"(K\x01" + shape + b"cnumpy\ndtype\n(U\x02" + type_name + b"K\x00K\x01tR"
        b"(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
        b"\x89T" + struct.pack("<i", array.nbytes)
    )
    file.write(array.data)
    file.write(b"tb")
