"""Checks of lesson 08, "Train on a GPU"."""

import itertools
import math
import numbers

import numpy as np

from helpers.checks import BehaviourCheck, FunctionCheck, ValueCheck

_VALUES = 256 * 224 * 224 * 3

bytes_a_step = ValueCheck(
    asks="one number, the bytes of 256 photographs",
    right=lambda: 4 * _VALUES,
    praise="154 MB a step: this is why photographs are sent as bytes, or prepared on the device.",
    mistakes={
        "a float32 takes four bytes, not one.": lambda: _VALUES,
        "a float32 takes four bytes; two are a float16.": lambda: 2 * _VALUES,
        "a float32 takes four bytes; eight are a float64.": lambda: 8 * _VALUES,
        "a colour photograph has three channels.": lambda: 4 * 256 * 224 * 224,
        "that is one photograph; a step takes 256.": lambda: 4 * 224 * 224 * 3,
        "32 is the number of bits; a byte has eight of them.": lambda: 32 * _VALUES,
        "a photograph is 224 pixels high and 224 wide.": lambda: 4 * 256 * 224 * 3,
        "these are megabytes; wanted are bytes.": lambda: 4 * _VALUES / 1e6,
    },
    otherwise="photographs x height x width x channels x 4 bytes.",
)


def _fits_where(rule):
    """Return a function like `fits` that asks a rule about the number of values and free bytes."""
    return lambda count, shape, free: bool(rule(count * math.prod(shape), free))


def _fault_in_truth(answer, *given) -> str:
    if isinstance(answer, bool | np.bool_):
        return ""
    return f"return True or False; {answer} is of the type {type(answer).__name__}."


fits = FunctionCheck(
    cases=lambda: [
        (60_000, (28, 28), 100_000_000),
        (60_000, (28, 28), 90_000_000),
        (1000, (32, 32, 3), 6_144_000),  # exactly
        (1000, (32, 32, 3), 6_143_999),
        (600_000, (224, 224, 3), 80_000_000_000),
        (60_000, (28, 28), 300_000_000),
        (600_000, (224, 224, 3), 1_000_000_000_000),
        (1, (28, 28), 1000),
        (70_000, (28, 28, 1), 100_000),
        (200, (96, 64, 3), 3_000_000),
        (200, (96, 64, 3), 20_000),
    ],
    asks="True or False",
    right=_fits_where(lambda values, free: values <= free / 2),
    form=_fault_in_truth,
    praise="MNIST fits nearly everywhere; fifty million photographs do not.",
    mistakes={
        "exactly half of the memory is still enough: at most, not less.": _fits_where(
            lambda values, free: values < free / 2
        ),
        "you gave the data all the memory; leave half for the network.": _fits_where(
            lambda values, free: values <= free
        ),
        "as uint8 a value takes one byte, not four.": _fits_where(
            lambda values, free: 4 * values <= free / 2
        ),
        "this is true when it does not fit.": _fits_where(lambda values, free: values > free / 2),
        "you left out the channels; multiply all numbers of the shape.": (
            lambda count, shape, free: count * shape[0] * shape[1] <= free / 2
        ),
        "this is one image; there are `count` of them.": lambda count, shape, free: (
            math.prod(shape) <= free / 2
        ),
        "this counts the images; each has as many bytes as its shape has values.": (
            lambda count, shape, free: count <= free / 2
        ),
    },
    otherwise="count x all numbers of the shape must be at most half of free.",
)


def _fault_in_chunks(attempts: list) -> str:
    """Return what is wrong with the chunks of the first attempt that is wrong."""
    for tried in attempts:
        if fault := _fault_in_form(tried.returned):
            return fault
    if all(len(tried.returned) == tried.given[1] for tried in attempts):
        return "you made `size` chunks; `size` is how many images one of them may have."
    for tried in attempts:
        count, size = tried.given
        if fault := _fault_in_numbers([chunk.tolist() for chunk in tried.returned], count, size):
            return fault
    return ""


def _fault_in_form(chunks) -> str:
    if isinstance(chunks, np.ndarray):
        return "this is one array; wanted is a list with an array for each chunk."
    if not isinstance(chunks, list):
        return f"wanted is a list of arrays; what came is of the type {type(chunks).__name__}."
    for chunk in chunks:
        if isinstance(chunk, numbers.Integral):
            return f"{chunk} is one number; each chunk should be an array of all its indices."
        if not isinstance(chunk, np.ndarray):
            return (
                "each chunk should be an array of indices, such as np.arange;"
                f" yours is of the type {type(chunk).__name__}."
            )
        if chunk.ndim != 1 or chunk.dtype.kind not in "iu":
            return (
                "each chunk should be a row of whole numbers;"
                f" yours has the shape {chunk.shape} and the type {chunk.dtype}."
            )
    return ""


def _fault_in_numbers(parts: list[list[int]], count: int, size: int) -> str:
    together = list(itertools.chain.from_iterable(parts))
    if together and max(together) >= count:
        return (
            f"index {max(together)} is beyond the last image, which is number {count - 1};"
            " the last chunk may be shorter."
        )
    if together == list(range(count)) and not all(parts):
        return f"for {count} images in chunks of {size}, one of yours is empty."
    if len(together) < count and together == list(range(len(together))):
        return "the last images, which do not fill a chunk, are left out."
    if sorted(together) != list(range(count)):
        return "each number from 0 to count - 1 should come exactly once."
    if together != sorted(together):
        return "the chunks should be in order, each of `size` numbers, but for the last."
    longest, fewest = max(map(len, parts)), math.ceil(count / size)
    if longest > size:
        return f"a chunk of at most {size} numbers was wanted, and one has {longest}."
    if len(parts) != fewest:
        return f"{len(parts)} chunks came where {fewest} are enough: fill each up to `size`."
    return ""


chunks = BehaviourCheck(
    cases=lambda: [(10, 4), (8, 4), (7, 7), (5, 9), (1, 1), (23, 5), (600, 90)],
    examine=_fault_in_chunks,
    praise="Each image visits the device once in an epoch.",
)


class PretendDevice:
    """A device with a queue and a clock of its own: 10 ms a step, 500 ms more for the first.

    `run` takes 0.1 ms to put a step into the queue; `wait` lets the clock run until the queue is
    empty. It keeps in `looks` how many steps had been asked for at each look at the clock.
    """

    def __init__(self, step: float = 0.01, compilation: float = 0.5):
        self.step = step
        self.compilation = compilation
        self.now = 0.0
        self.done_at = 0.0
        self.steps = 0
        self.looks = []

    def clock(self) -> float:
        """Return the seconds that have passed."""
        self.looks.append(self.steps)
        return self.now

    def run(self) -> None:
        """Put one step into the queue."""
        self.now += 0.0001
        first = self.compilation if self.steps == 0 else 0
        self.done_at = max(self.done_at, self.now) + self.step + first
        self.steps += 1

    def wait(self) -> None:
        """Return when every step in the queue is done."""
        self.now = max(self.now, self.done_at)


def _fault_in_timing(attempts: list) -> str:
    answers = [tried.returned for tried in attempts]
    if not all(isinstance(answer, numbers.Real) and abs(answer) < 1e9 for answer in answers):
        return "return one number, the seconds of a step."
    times = np.array(answers, dtype=float)
    steps = np.array([tried.given[0].step for tried in attempts])

    def are(seconds) -> bool:
        return np.allclose(times, seconds, rtol=0.02, atol=0.00025)

    if are(steps):
        return _fault_in_looks([tried.left[0].looks for tried in attempts])
    if abs(times[1] - times[0]) > 0.001:  # devices that differ in compilation alone
        return (
            "the compilation of the first step is in it;"
            " run one step and wait before you start the clock."
        )
    if (times > 0).all() and (times < 0.0015).all():
        return "this is the time to ask for a step, not to do it; wait before you stop the clock."
    if are(10 * steps):
        return "this is the time of all ten steps; divide by ten."
    if are(1000 * steps):
        return "these are milliseconds; return seconds."
    if are(-steps):
        return "this is negative; the later look at the clock comes first: stop minus start."
    wrong = np.abs(times - steps).argmax()
    return (
        f"a step of one device takes {1000 * steps[wrong]:g} ms, and you came to"
        f" {1000 * times[wrong]:g}; check what lies between your two looks at the clock."
    )


def _fault_in_looks(looks_at_all: list[list[int]]) -> str:
    """Return what is wrong if no two looks at the clock of a device have ten steps between them."""
    for looks in looks_at_all:
        between = {late - early for early, late in itertools.combinations(looks, 2)}
        if 10 not in between:
            timed = max(between, default=0)
            return f"the time is right, but you timed {timed} in place of ten steps."
    return ""


step_seconds = BehaviourCheck(
    cases=lambda: [
        (PretendDevice(),),
        (PretendDevice(compilation=0.9),),
        (PretendDevice(step=0.024),),
        (PretendDevice(step=0.004, compilation=0.2),),
    ],
    examine=_fault_in_timing,
    praise="Warm up, wait, start the clock, work, wait, stop the clock.",
)
