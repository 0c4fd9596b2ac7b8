"""Checks of lesson 08, "Train on a GPU"."""

import itertools
import math
import numbers

import numpy as np

from helpers.checks import BehaviourCheck, FunctionCheck, ValueCheck, attempt, same

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


def _images(count: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(count).integers(0, 256, (count, *shape), dtype=np.uint8)


def _fault_in_keeping(attempts: list) -> str:
    faults = (_fault_in_picking(tried.returned, tried.given[0]) for tried in attempts)
    return next(filter(None, faults), "")


def _fault_in_picking(pick, images) -> str:
    """Return what is wrong with the function that `keep` returned for these images."""
    from helpers.quiet import tf

    if not callable(pick):
        return f"return a function of indices; what came is of the type {type(pick).__name__}."
    some = np.array([5, 0, 4, 5, len(images) - 1])
    indices = tf.constant(some)
    picked = attempt(pick, (indices,), (indices,))
    if picked.raised:
        return f"the function that you return stopped with {_in_a_line(picked.raised)}"
    if fault := _fault_in_picked(picked.returned, images[some]):
        return fault
    trace = tf.function(pick, autograph=False).get_concrete_function
    traced = attempt(trace, (indices,), (indices,))
    if traced.raised:
        return (
            "TensorFlow cannot compile the function that you return; use operations of TensorFlow"
            f" or Keras. It said {_in_a_line(traced.raised)}"
        )
    return _fault_in_graph(traced.returned.graph, images)


def _fault_in_picked(picked, right: np.ndarray) -> str:
    scaled = right * np.float32(1 / 255)
    if picked is None:
        return "the function that you return returns nothing itself; end it with `return`."
    if same(picked, right):
        return "these are the right images, but from 0 to 255; scale them."
    if not same(picked, scaled):
        return "these are not the images with these indices, from 0 to 1."
    if np.asarray(picked).dtype != np.float32:
        return f"the images should be float32, not {np.asarray(picked).dtype}."
    return ""


def _fault_in_graph(graph, images: np.ndarray) -> str:
    """Return what is wrong with where the images lie, and with the operations that pick them."""
    from helpers.gpu_kernels import describe, operations

    nodes = operations(graph.as_graph_def())
    for node in nodes:
        if _leaves_the_gpu(node):
            return f"the numbers agree, but no GPU can run {describe(node)}."
        if "CPU" in node.device:
            return "you ask for the CPU yourself."
    kept = [*graph.variables, *(tensor for tensor, _ in graph.captures)]
    kept = sum(math.prod(tensor.shape) * tensor.dtype.size for tensor in kept)
    if kept < images.nbytes:
        return "the images are not kept on the device: TensorFlow asks Python for them each time."
    if kept > 1.5 * images.nbytes:
        return f"they take {kept / images.size:.0f} bytes a pixel on the device; one is enough."
    return ""


def _leaves_the_gpu(node) -> bool:
    """Say whether no GPU could run this; where TensorFlow cannot tell, whether it picks bytes."""
    from helpers.gpu_kernels import gpu_kernels, has_gpu_kernels
    from helpers.quiet import tf

    if has_gpu_kernels():
        return not gpu_kernels(node)
    return node.op == "GatherV2" and node.attr["Tparams"].type == tf.uint8.as_datatype_enum


def _in_a_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:150]}"


keep = BehaviourCheck(
    cases=lambda: [
        (_images(60, 28, 28, 1),),
        (_images(8, 28, 28),),
        (_images(30, 12, 10, 3),),
        (_images(61, 28, 28, 1),),
    ],
    examine=_fault_in_keeping,
    praise="The images stay, and only indices cross.",
)
