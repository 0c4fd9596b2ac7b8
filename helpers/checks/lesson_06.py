"""Checks of lesson 06, "Convolve an image"."""

import numpy as np

from helpers.checks import judge, judge_function


def count_parameters(answer) -> None:
    """Check the parameters of 16 kernels of 5 x 5 on 3 channels, then 32 of 3 x 3 on the 16 maps."""
    first, second = (5 * 5 * 3 + 1) * 16, (3 * 3 * 16 + 1) * 32
    judge(
        answer,
        right=first + second,
        praise="The 64 x 64 pixels and the pooling do not matter.",
        mistakes=[
            (first + second - 16 - 32, "you forgot the biases, one for each kernel."),
            (
                (5 * 5 + 1) * 16 + (3 * 3 + 1) * 32,
                "you forgot the channels that come in: a kernel has weights for each of them.",
            ),
            (5 * 5 * 16 + 3 * 3 * 32, "you forgot the channels that come in, and the biases."),
            (
                first + (3 * 3 * 3 + 1) * 32,
                "16 maps come into the second convolution, not the three channels of the photograph.",
            ),
            (
                first + (3 * 3 + 1) * 32,
                "the second convolution takes all 16 maps at once, so its kernels have weights for each.",
            ),
            (
                (5 * 5 + 1) * 3 * 16 + (3 * 3 + 1) * 16 * 32,
                "one bias serves the whole kernel, not one for each channel that comes in.",
            ),
            (
                (64 * 64 * 3 + 1) * 16 + (30 * 30 * 16 + 1) * 32,
                "you counted the pixels; a kernel has the weights of its window, wherever it stands.",
            ),
            (first, "this is the first convolution alone."),
            (second, "this is the second convolution alone."),
        ],
        otherwise="for each convolution: (window x channels in + 1 bias) x kernels; pooling has none; then add up.",
    )


def moving_kernel(answer) -> None:
    """Check a 3 x 3 kernel that moves an image by one pixel to the right."""

    def one_at(row, column):
        kernel = np.zeros((3, 3))
        kernel[row, column] = 1
        return kernel

    try:
        kernel = np.reshape(answer, (3, 3))  # with or without the axes for channels and maps
    except (TypeError, ValueError):
        kernel = answer
    judge(
        kernel,
        right=one_at(1, 0),
        praise="Each place takes what stood at its left.",
        mistakes=[
            (
                one_at(1, 2),
                "this moves it to the left: each place takes what stood at its right. (A convolution that flips would need it so.)",
            ),
            (one_at(0, 1), "this moves it down: each place takes what stood above."),
            (one_at(2, 1), "this moves it up: each place takes what stood below."),
            (one_at(1, 1), "this leaves the digit where it is."),
            (-one_at(1, 0), "the place is right, but the ink turns negative."),
            (
                np.array([[1, 0, 0]] * 3) / 3,
                "this also blurs: three weights are not 0, so that rows are mixed.",
            ),
            (
                np.array([[1, 0, 0]] * 3),
                "this adds up three rows; only one weight should not be 0.",
            ),
            (one_at(1, 1) * 0, "this makes everything 0; one weight must be 1."),
        ],
        otherwise="eight weights are 0 and one is 1: the place in the window from which the pixel is copied.",
    )


def receptive_field(function) -> None:
    """Check a function from a list of (size, stride) to the width of the receptive field."""
    cases = ([(3, 1)], [(3, 1), (2, 2), (3, 1), (2, 2)], [(5, 2), (3, 2), (3, 1)])

    def width(chain, first=1, more=lambda size: size - 1, long=lambda step, stride: step * stride):
        total, step = first, 1
        for size, stride in chain:
            total += more(size) * step
            step = long(step, stride)
        return total

    def stride_first(chain):
        total, step = 1, 1
        for size, stride in chain:
            step *= stride
            total += (size - 1) * step
        return total

    def for_each(one):
        def answer(cases):
            answers = [one(list(case)) for case in cases]
            return ... if any(given is None or given is ... for given in answers) else answers

        return answer

    judge_function(
        for_each(function),
        (cases,),
        right=for_each(width),
        praise="3 for one convolution, 10 for the four layers of section 5.",
        mistakes=[
            (
                for_each(lambda chain: width(chain, long=lambda step, stride: 1)),
                "you forgot the strides: behind a stride of 2, a step is two pixels long.",
            ),
            (
                for_each(lambda chain: width(chain, more=lambda size: size)),
                "a window of 3 reaches two steps further, not three.",
            ),
            (
                for_each(lambda chain: width(chain, first=0)),
                "one too few: a pixel sees itself before there is any layer.",
            ),
            (
                for_each(lambda chain: int(np.prod([size for size, _ in chain]))),
                "windows overlap, so their sizes do not multiply.",
            ),
            (
                for_each(stride_first),
                "a layer's own stride does not widen its window; it makes the steps longer for the layers behind it.",
            ),
            (
                for_each(lambda chain: width(chain, long=lambda step, stride: stride)),
                "strides multiply up: use the product of all strides before a layer, not the last one.",
            ),
            (
                for_each(lambda chain: width(chain[::-1])),
                "you went from the last layer to the first, but this rule goes from the first to the last.",
            ),
        ],
        otherwise="start with 1; each layer adds (size - 1) times the product of the strides before it.",
    )


def _convolve(image, kernel, stride, *, across=None, turned=False, short=0, twice=False):
    """Convolve rightly, or wrongly in one of the ways that a comparison should find."""
    kernel = kernel[::-1, ::-1] if turned else kernel
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    sums = np.sum(windows * kernel, axis=(2, 3))
    if (
        twice
    ):  # the published way: the stops are counted with the stride, then stepped through with it
        rows, columns = ((length - 1) // stride + 1 for length in sums.shape)
        return sums[:rows:stride, :columns:stride]
    sums = sums[::stride, :: across or stride]
    return sums[: len(sums) - short, : sums.shape[1] - short]


def is_right(function) -> None:
    """Check a function that tells candidates which convolve an image rightly from those that do not."""
    wrong = [
        (
            lambda image, kernel, stride: _convolve(image, kernel, stride, twice=True),
            "your comparison lets the published loop through; try strides other than 1, and compare the shapes.",
        ),
        (
            lambda image, kernel, stride: _convolve(image, kernel, stride, short=1),
            "your comparison lets one through that forgets the last row and column; compare the shapes.",
        ),
        (
            lambda image, kernel, stride: _convolve(image, kernel, stride, turned=True),
            "your comparison lets a turned kernel through; compare the numbers, with a kernel that is not the same after half a turn.",
        ),
        (
            lambda image, kernel, stride: _convolve(image, kernel, stride, across=1),
            "your comparison lets one through that uses the stride for rows only; compare both sides of the map.",
        ),
        (
            lambda image, kernel, stride: _convolve(image, kernel, min(stride, 2)),
            "your comparison lets one through that never goes beyond stride 2; try stride 3 too.",
        ),
    ]
    try:
        verdict = function(_convolve)
        if verdict is None or verdict is ...:
            print("Not attempted yet.")
            return
        if not isinstance(verdict, bool | np.bool_):
            print("Not yet: return True or False, one for the whole comparison.")
            return
        missed = [words for candidate, words in wrong if function(candidate)]
    except ValueError as error:
        print(f"Not yet: your function stopped with ValueError: {error}; compare the shapes first.")
        return
    except Exception as error:  # the student's code may raise anything; the check names it
        print(f"Not yet: your function stopped with {type(error).__name__}: {error}")
        return
    if verdict and not missed:
        print("Right. The right one passes, and five wrong ones do not.")
    elif verdict:
        print(f"Not yet: {missed[0]}")
    elif missed:
        print(
            "Not yet: your comparison turns the right one down; does it return True for equal maps?"
        )
    else:
        print("Not yet: your comparison turns all of them down; allow for rounding (np.allclose).")
