"""Checks of lesson 06, "Convolve an image"."""

import functools
import math

import numpy as np

from helpers.checks import BehaviourCheck, FunctionCheck, ValueCheck

count_parameters = ValueCheck(
    asks="one number, the parameters of both convolutions together",
    right=lambda: (5 * 5 * 3 + 1) * 16 + (3 * 3 * 16 + 1) * 32,
    praise="The 64 x 64 pixels and the pooling do not matter.",
    mistakes={
        "you forgot the biases, one for each kernel.": lambda: 5 * 5 * 3 * 16 + 3 * 3 * 16 * 32,
        "you forgot the channels that come in: a kernel has weights for each of them.": lambda: (
            (5 * 5 + 1) * 16 + (3 * 3 + 1) * 32
        ),
        "you forgot the channels that come in, and the biases.": lambda: 5 * 5 * 16 + 3 * 3 * 32,
        "16 maps come into the second convolution, not the three channels of the photograph.": (
            lambda: (5 * 5 * 3 + 1) * 16 + (3 * 3 * 3 + 1) * 32
        ),
        "the second convolution takes all 16 maps at once, so its kernels have weights for each.": (
            lambda: (5 * 5 * 3 + 1) * 16 + (3 * 3 + 1) * 32
        ),
        "one bias serves the whole kernel, not one for each channel that comes in.": lambda: (
            (5 * 5 + 1) * 3 * 16 + (3 * 3 + 1) * 16 * 32
        ),
        "you counted the pixels; a kernel has the weights of its window, wherever it stands.": (
            lambda: (64 * 64 * 3 + 1) * 16 + (30 * 30 * 16 + 1) * 32
        ),
        "this is the first convolution alone.": lambda: (5 * 5 * 3 + 1) * 16,
        "this is the second convolution alone.": lambda: (3 * 3 * 16 + 1) * 32,
        "these are the parameters of each convolution; add them up.": lambda: [
            (5 * 5 * 3 + 1) * 16,
            (3 * 3 * 16 + 1) * 32,
        ],
    },
    otherwise=(
        "for each convolution: (window x channels in + 1 bias) x kernels; pooling has none;"
        " then add up."
    ),
)


def _one_at(row: int, column: int) -> np.ndarray:
    kernel = np.zeros((3, 3))
    kernel[row, column] = 1
    return kernel


def _fault_in_type(kernel) -> str:
    if isinstance(kernel, np.ndarray):
        return ""
    return f"wanted is a NumPy array; np.array makes one of your {type(kernel).__name__}."


moving_kernel = ValueCheck(
    asks="a kernel of shape (3, 3), where eight weights are 0 and one is 1",
    right=lambda: _one_at(1, 0),
    form=_fault_in_type,
    praise="Each place takes what stood at its left.",
    mistakes={
        "this moves it to the left: each place takes what stood at its right."
        " (A convolution that flips would need it so.)": lambda: _one_at(1, 2),
        "this moves it down: each place takes what stood above.": lambda: _one_at(0, 1),
        "this moves it up: each place takes what stood below.": lambda: _one_at(2, 1),
        "this leaves the digit where it is.": lambda: _one_at(1, 1),
        "the place is right, but the ink turns negative.": lambda: -_one_at(1, 0),
        "this also blurs: three weights are not 0, so that rows are mixed.": lambda: (
            np.array([[1, 0, 0]] * 3) / 3
        ),
        "this adds up three rows; only one weight should not be 0.": lambda: np.array(
            [[1, 0, 0]] * 3
        ),
        "this makes everything 0; one weight must be 1.": lambda: np.zeros((3, 3)),
        "the weights are right; leave out the axes for channels and maps.": lambda: _one_at(1, 0)[
            :, :, None, None
        ],
    },
    otherwise=(
        "eight weights are 0 and one is 1: the place in the window from which the pixel is copied."
    ),
)


def _width(chain, first=1, more=lambda size: size - 1, longer=lambda step, stride: step * stride):
    """Return the width of a receptive field, right or with one thing wrong."""
    width, step = first, 1
    for size, stride in chain:
        width += more(size) * step
        step = longer(step, stride)
    return width


def _width_by_own_strides(chain):
    width, step = 1, 1
    for size, stride in chain:
        step *= stride
        width += (size - 1) * step
    return width


receptive_field = FunctionCheck(
    cases=lambda: [
        ([(3, 1)],),
        ([(3, 1), (2, 2), (3, 1), (2, 2)],),
        ([(5, 2), (3, 2), (3, 1)],),
        ([(7, 3), (1, 2), (4, 2), (2, 5), (9, 1)],),
        ([(2, 2)] * 6,),
        ([(1, 1)],),
    ],
    asks="one number, the width in pixels",
    right=_width,
    praise="3 for one convolution, 10 for the four layers of section 5.",
    mistakes={
        "you forgot the strides: behind a stride of 2, a step is two pixels long.": lambda chain: (
            _width(chain, longer=lambda step, stride: 1)
        ),
        "a window of 3 reaches two steps further, not three.": lambda chain: _width(
            chain, more=lambda size: size
        ),
        "one too few: a pixel sees itself before there is any layer.": lambda chain: _width(
            chain, first=0
        ),
        "windows overlap, so their sizes do not multiply.": lambda chain: math.prod(
            size for size, _ in chain
        ),
        "a layer's own stride does not widen its window;"
        " it makes the steps longer for the layers behind it.": _width_by_own_strides,
        "strides multiply up: use the product of all strides before a layer, not the last one.": (
            lambda chain: _width(chain, longer=lambda step, stride: stride)
        ),
        "strides multiply up; yours are added.": lambda chain: _width(
            chain, longer=lambda step, stride: step + stride - 1
        ),
        "you went from the last layer to the first,"
        " but this rule goes from the first to the last.": lambda chain: _width(chain[::-1]),
        "this is how far the last layer's neighbours lie apart; add up what each layer sees.": (
            lambda chain: math.prod(stride for _, stride in chain)
        ),
    },
    otherwise=(
        "start with 1; each layer adds (size - 1) times the product of the strides before it."
    ),
)


def _convolve(image, kernel, stride):
    """Convolve as the lesson does, to the last digit and in the type of the image."""
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    sums = [[np.sum(window * kernel) for window in row] for row in windows]
    return np.array(sums).astype(image.dtype)


def _convolve_rounded(image, kernel, stride):
    """Multiply by ten and divide by ten: right as well, but some of the last digits differ."""
    return _convolve(image, kernel, stride) * 10.0 / 10


def _convolve_as_published(image, kernel, stride):
    """Count the stops with the stride, and step through them with it once more."""
    sums = _convolve(image, kernel, 1)
    rows, columns = ((length - 1) // stride + 1 for length in sums.shape)
    return sums[:rows:stride, :columns:stride]


def _convolve_squares_only(image, kernel, stride):
    """Take the number of columns from the rows: wrong wherever the image is not square."""
    sums = _convolve(image, kernel, stride)
    return np.resize(sums, (len(sums), len(sums)))


_RIGHT = [_convolve, _convolve_rounded]
_WRONG = {
    "the published loop through; try strides other than 1, and compare the shapes.": (
        _convolve_as_published
    ),
    "one through that forgets the last row and column; compare the shapes.": (
        lambda image, kernel, stride: _convolve(image, kernel, stride)[:-1, :-1]
    ),
    "a turned kernel through; compare the numbers,"
    " with a kernel that is not the same after half a turn.": (
        lambda image, kernel, stride: _convolve(image, kernel[::-1, ::-1], stride)
    ),
    "one through that uses the stride for rows only; compare both sides of the map.": (
        lambda image, kernel, stride: _convolve(image, kernel, 1)[::stride]
    ),
    "one through that never goes beyond stride 2; try stride 3 too.": (
        lambda image, kernel, stride: _convolve(image, kernel, min(stride, 2))
    ),
    "one through that is right for square images only; try an image that is not square.": (
        _convolve_squares_only
    ),
    "one through that has the right numbers in the wrong places; compare number by number.": (
        lambda image, kernel, stride: _convolve(image, kernel, stride)[::-1, ::-1]
    ),
    "one through that is off by a hundredth; allow for rounding, no more.": (
        lambda image, kernel, stride: _convolve(image, kernel, stride) + 0.01
    ),
}


def _fault_in_comparing(attempts: list) -> str:
    verdicts = [tried.returned for tried in attempts]
    if not all(isinstance(verdict, bool | np.bool_) for verdict in verdicts):
        return "return True or False, one for the whole comparison."
    of_right, of_wrong = verdicts[:2], verdicts[2:]
    missed = [words for words, passed in zip(_WRONG, of_wrong, strict=True) if passed]
    if all(of_right):
        return f"your comparison lets {missed[0]}" if missed else ""
    if missed:
        return "your comparison turns the right one down; does it return True for equal maps?"
    if any(of_right):
        return (
            "your comparison turns one down that differs by rounding alone;"
            " allow for that (np.allclose)."
        )
    return "your comparison turns all of them down; allow for rounding (np.allclose)."


_comparison = BehaviourCheck(
    cases=lambda: [(candidate,) for candidate in (*_RIGHT, *_WRONG.values())],
    examine=_fault_in_comparing,
    praise="Both right ones pass, and eight wrong ones do not.",
)


def is_right(function) -> None:
    """Check a function that tells candidates that convolve as they should from others."""
    _comparison(functools.partial(_compare, function) if callable(function) else function)


def _compare(function, candidate):
    """Call a student's function, and add advice to the error that maps of two shapes bring."""
    try:
        return function(candidate)
    except ValueError as error:
        if "broadcast" not in str(error):
            raise
        raise ValueError(f"{str(error).strip()}; compare the shapes first.") from error
