"""Checks of lesson 07, "Train a convolutional network"."""

import numpy as np

from helpers.checks import judge, judge_function


def count_parameters(answer) -> None:
    """Check the number of parameters of 24 kernels of 5 x 5 on 16 maps."""
    judge(
        answer,
        right=(5 * 5 * 16 + 1) * 24,
        praise="However large the image: the kernels are the same at every place.",
        mistakes=[
            (5 * 5 * 16 * 24, "you forgot the biases, one for each kernel."),
            (
                (5 * 5 + 1) * 24,
                "a kernel has weights for each of the 16 maps that come in, not just for one.",
            ),
            (5 * 5 * 24, "a kernel has weights for each of the 16 maps that come in, and a bias."),
            (
                (5 * 5 + 1) * 16 * 24,
                "one bias serves the whole kernel, not one for each map that comes in.",
            ),
            (
                (5 * 5 * 24 + 1) * 16,
                "in and out are swapped: 16 maps come in, 24 kernels make 24 maps.",
            ),
            (
                (28 * 28 * 16 + 1) * 24,
                "you counted the pixels; a kernel has 5 x 5 places, not 28 x 28.",
            ),
        ],
        otherwise="weights of one kernel: 5 x 5 x maps in; plus its bias; times the number of kernels.",
    )


def map_height(function) -> None:
    """Check a function map_height(image, kernel, stride) without padding."""
    judge_function(
        lambda cases: _for_each(function, cases),
        (((28, 3, 1), (28, 5, 1), (28, 5, 2), (12, 3, 3)),),
        right=lambda cases: [(i - k) // s + 1 for i, k, s in cases],
        praise="28 gives 26 with a 3 x 3 window, 24 with 5 x 5, and half of that with stride 2.",
        mistakes=[
            (
                lambda cases: [(i - k) // s for i, k, s in cases],
                "you forgot the first place, where the window has not moved yet.",
            ),
            (lambda cases: [i - k + 1 for i, k, s in cases], "you forgot the stride."),
            (
                lambda cases: [i // s for i, k, s in cases],
                "you forgot that the window must not stick out; this is with padding.",
            ),
            (
                lambda cases: [(i - k) / s + 1 for i, k, s in cases],
                "a map has a whole number of rows; round down (//).",
            ),
            (
                lambda cases: [(i - k + 1) // s for i, k, s in cases],
                "round down before you add the first place, not after.",
            ),
        ],
        otherwise="count the moves, (image - kernel) // stride, and add the first place.",
    )


def _for_each(function, cases):
    answers = [function(*case) for case in cases]
    return ... if any(answer is None or answer is ... for answer in answers) else answers


def max_pool(function) -> None:
    """Check max pooling by squares of 2 x 2 on one map."""
    feature_map = np.random.default_rng(0).normal(-1, size=(6, 8))

    def squares(reduce):
        return lambda m: reduce(m.reshape(len(m) // 2, 2, -1, 2), axis=(1, 3))

    judge_function(
        function,
        (feature_map,),
        right=squares(np.max),
        praise="A quarter of the numbers, and the strongest answer of each neighbourhood.",
        mistakes=[
            (squares(np.mean), "this is average pooling; keep the largest of the four."),
            (squares(np.min), "this keeps the smallest of the four."),
            (lambda m: m[::2, ::2], "this keeps the upper left of the four, whatever it is."),
            (lambda m: np.maximum(np.maximum(m[:-1, :-1], m[1:, :-1]), np.maximum(m[:-1, 1:], m[1:, 1:])),
             "your squares overlap; they should move on by two."),
            (lambda m: m.reshape(len(m) // 2, 2, -1).max(axis=1), "you pooled the rows, but not the columns."),
            (lambda m: np.maximum(squares(np.max)(m), 0), "this is max pooling and ReLU together; negative numbers stay."),
        ],
        otherwise="cut the map into squares of 2 x 2 and keep the largest number of each.",
    )  # fmt: skip


def honest_score(function) -> None:
    """Check a function that returns the test score of the epoch with the best validation score."""
    validation = np.array([98.9, 99.2, 99.0, 99.1, 98.8])
    test = np.array([98.91, 99.01, 99.13, 98.95, 98.98])
    judge_function(
        function,
        (validation, test),
        right=lambda validation, test: test[validation.argmax()],
        praise="The test set had no say in the choice, so its score is not flattered by it.",
        mistakes=[
            (
                lambda validation, test: test.max(),
                "this is the published way: the test set chooses its own best score.",
            ),
            (
                lambda validation, test: validation.max(),
                "this is the best validation score, flattered by the choice; report the test score.",
            ),
            (
                lambda validation, test: test[-1],
                "this is the last epoch, whatever the validation scores say.",
            ),
            (
                lambda validation, test: validation.argmax(),
                "this is the number of the epoch; return its test score.",
            ),
        ],
        otherwise="find the epoch with the largest validation score, and return the test score of that epoch.",
    )
