"""Checks of lesson 08, "Train on a GPU"."""

import math

import numpy as np

from helpers.checks import judge, judge_function


def bytes_a_step(answer) -> None:
    """Check the bytes of 256 float32 colour images of 224 x 224."""
    values = 256 * 224 * 224 * 3
    judge(
        answer,
        right=4 * values,
        praise="154 MB a step: this is why photographs are sent as bytes, or prepared on the device.",
        mistakes=[
            (values, "a float32 takes four bytes, not one."),
            (8 * values, "a float32 takes four bytes; eight are a float64."),
            (4 * values // 3, "a colour photograph has three channels."),
            (4 * values // 256, "that is one photograph; a step takes 256."),
            (32 * values, "32 is the number of bits; a byte has eight of them."),
        ],
        otherwise="photographs x height x width x channels x 4 bytes.",
    )


def fits(function) -> None:
    """Check a function fits(count, shape, free) for uint8 images in half of the free bytes."""
    cases = [
        (60_000, (28, 28), 100_000_000),
        (60_000, (28, 28), 90_000_000),
        (1000, (32, 32, 3), 6_144_000),
        (1000, (32, 32, 3), 6_000_000),
        (50_000_000, (224, 224, 3), 80_000_000_000),
        (60_000, (28, 28), 300_000_000),
    ]

    def with_rule(rule):
        return lambda cases: [rule(count * math.prod(shape), free) for count, shape, free in cases]

    judge_function(
        lambda cases: _for_each(function, cases),
        (cases,),
        right=with_rule(lambda values, free: values <= free / 2),
        praise="MNIST fits nearly everywhere; fifty million photographs do not.",
        mistakes=[
            (with_rule(lambda values, free: values <= free), "you gave the data all the memory; leave half for the network."),
            (with_rule(lambda values, free: 4 * values <= free / 2), "as uint8 a value takes one byte, not four."),
            (with_rule(lambda values, free: values > free / 2), "this is true when it does not fit."),
            (
                lambda cases: [count * shape[0] * shape[1] <= free / 2 for count, shape, free in cases],
                "you left out the channels; multiply all numbers of the shape.",
            ),
        ],
        otherwise="count x all numbers of the shape must be at most half of free.",
    )  # fmt: skip


def _for_each(function, cases):
    answers = [function(*case) for case in cases]
    return ... if any(answer is None or answer is ... for answer in answers) else answers


def chunks(function) -> None:
    """Check a function chunks(count, size) that returns arrays of consecutive numbers."""
    try:
        answer = function(10, 4)
        if answer is None or answer is ...:
            print("Not attempted yet.")
            return
        parts = [np.asarray(part).tolist() for part in answer]
        even = [np.asarray(part).tolist() for part in function(8, 4)]
    except Exception as error:  # the student's code may raise anything; the check names it
        print(f"Not yet: your function stopped with {type(error).__name__}: {error}")
        return
    together = sum(parts, [])
    if parts == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]] and even == [[0, 1, 2, 3], [4, 5, 6, 7]]:
        print("Right. Each image visits the device once in an epoch.")
    elif together and max(together) > 9:
        print("Not yet: the last chunk reaches beyond the last image; it may be shorter.")
    elif together == list(range(8)):
        print("Not yet: the last images, which do not fill a chunk, are left out.")
    elif [] in even:
        print("Not yet: when the chunks come out even, there is an empty one at the end.")
    elif len(parts) == 4:
        print("Not yet: you made `size` chunks; `size` is how many images one of them may have.")
    elif sorted(together) != list(range(10)):
        print("Not yet: each number from 0 to count - 1 should come exactly once.")
    else:
        print("Not yet: the chunks should be in order, each of `size` numbers, but for the last.")


class PretendDevice:
    """A device with a queue and a clock of its own: 10 ms a step, 500 ms more for the first.

    `run` takes 0.1 ms to put a step into the queue; `wait` lets the clock run until the queue is empty.
    """

    def __init__(self):
        self.now = 0.0
        self.done_at = 0.0
        self.compiled = False
        self.steps = 0

    def clock(self) -> float:
        """Return the seconds that have passed."""
        return self.now

    def run(self) -> None:
        """Put one step into the queue."""
        self.now += 0.0001
        self.done_at = max(self.done_at, self.now) + 0.01 + (0 if self.compiled else 0.5)
        self.compiled = True
        self.steps += 1

    def wait(self) -> None:
        """Return when every step in the queue is done."""
        self.now = max(self.now, self.done_at)


def step_seconds(function) -> None:
    """Check a function step_seconds(device) that times a PretendDevice."""
    device = PretendDevice()
    try:
        answer = function(device)
    except Exception as error:  # the student's code may raise anything; the check names it
        print(f"Not yet: your function stopped with {type(error).__name__}: {error}")
        return
    if answer is None or answer is ...:
        print("Not attempted yet.")
    elif not isinstance(answer, int | float):
        print("Not yet: return one number, the seconds of a step.")
    elif abs(answer - 0.01) < 0.0005:
        print("Right. Warm up, wait, start the clock, work, wait, stop the clock.")
    elif answer < 0.001:
        print(
            "Not yet: this is the time to ask for a step, not to do it; wait before you stop the clock."
        )
    elif abs(answer - 0.1) < 0.01:
        print("Not yet: this is the time of all ten steps; divide by ten.")
    elif abs(answer - 10) < 1:
        print("Not yet: these are milliseconds; return seconds.")
    elif answer > 0.03:
        print(
            "Not yet: the compilation of the first step is in it; run one step and wait before you start the clock."
        )
    else:
        print("Not yet: a step takes 10 ms; check what lies between your two looks at the clock.")
