"""Answers to the exercises of lesson 06."""

import math

import numpy as np

from answers import Tried


def one_to_the_right(dtype=np.float32):
    kernel = np.zeros((3, 3), dtype)
    kernel[1, 0] = 1
    return kernel


def solved_receptive_field(chain):
    width, step = 1, 1
    for size, stride in chain:
        width += (size - 1) * step
        step *= stride
    return width


def see_by_products(chain):
    strides = [stride for _, stride in chain]
    return 1 + sum((size - 1) * math.prod(strides[:i]) for i, (size, _) in enumerate(chain))


def see_backwards(chain):
    width = 1
    for size, stride in reversed(chain):
        width = (width - 1) * stride + size
    return width


def see_the_first_and_then_the_others(chain):
    if not chain:
        return 1
    size, stride = chain.pop(0)
    return size + (see_the_first_and_then_the_others(chain) - 1) * stride


def see_with_numpy(chain):
    sizes, strides = np.array(chain).T
    return 1 + np.sum((sizes - 1) * np.cumprod(np.append(1, strides))[:-1])


def see(chain, width=1, step=1):
    for size, stride in chain:
        width += size * step - step
        step *= stride
    return width


def see_own_stride(chain):
    width, step = 1, 1
    for size, stride in chain:
        step *= stride
        width += (size - 1) * step
    return width


def see_last_stride(chain):
    width, before = 1, 1
    for size, stride in chain:
        width, before = width + (size - 1) * before, stride
    return width


def see_added_strides(chain):
    width, step = 1, 1
    for size, stride in chain:
        width += (size - 1) * step
        step += stride - 1
    return width


def see_the_first_layer(chain):
    for size, stride in chain:  # noqa: B007
        return size


def see_backwards_by_pixels(chain):
    pixels = {0}
    for size, stride in reversed(chain):
        pixels = {pixel * stride + further for pixel in pixels for further in range(size)}
    return max(pixels) - min(pixels) + 1


def see_nothing_in_windows_of_one(chain):
    return see([(size, stride) for size, stride in chain if size > 1])


def see_strides_of_two(chain):
    return see([(size, min(stride, 2)) for size, stride in chain])


def see_short_chains(chain):
    if len(chain) < 4:
        return see(chain)


def print_what_it_sees(chain):
    print(see(chain))


def convolve(image, kernel, stride=1):
    """Convolve as the lesson does."""
    height, width = kernel.shape
    rows = (image.shape[0] - height) // stride + 1
    columns = (image.shape[1] - width) // stride + 1
    feature_map = np.empty((rows, columns), image.dtype)
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            window = image[top : top + height, left : left + width]
            feature_map[row, column] = np.sum(window * kernel)
    return feature_map


def solved_is_right(candidate):
    test_rng = np.random.default_rng(6)
    image, kernel = test_rng.normal(size=(10, 13)), test_rng.normal(size=(3, 3))
    for stride in (1, 2, 3):
        ours, theirs = convolve(image, kernel, stride), candidate(image, kernel, stride)
        if ours.shape != theirs.shape or not np.allclose(ours, theirs):
            return False
    return True


def compare(strides=(1, 2, 3), kernel=None, close=None, shape=(11, 12), dtype=float):
    def is_right(candidate):
        rng = np.random.default_rng(1)
        image = (10 * rng.normal(size=shape)).astype(dtype)
        weights = rng.normal(size=(3, 3)) if kernel is None else kernel
        for stride in strides:
            ours, theirs = convolve(image, weights, stride), candidate(image, weights, stride)
            if close is None:
                if ours.shape != theirs.shape or not np.allclose(ours, theirs):
                    return False
            elif not close(ours, theirs):
                return False
        return True

    return is_right


def same_shape_and(close):
    return lambda ours, theirs: ours.shape == theirs.shape and close(ours, theirs)


def compare_whole_numbers(candidate):
    image = np.arange(70).reshape(7, 10) ** 2 % 17
    kernel = np.arange(9).reshape(3, 3)
    pairs = [(convolve(image, kernel, s), candidate(image, kernel, s)) for s in (1, 2, 3)]
    return all(np.array_equal(*pair) for pair in pairs)


def compare_small_numbers(candidate):
    rng = np.random.default_rng(2)
    image, kernel = (rng.normal(size=size).astype(np.float32) for size in ((60, 55), (5, 5)))
    pairs = [(convolve(image, kernel, s), candidate(image, kernel, s)) for s in (1, 2, 3)]
    return all(ours.shape == theirs.shape and np.allclose(ours, theirs) for ours, theirs in pairs)


def compare_by_keywords(candidate):
    def by_keywords(image, kernel, stride):
        return candidate(image=image, kernel=kernel, stride=stride)

    return compare()(by_keywords)


def compare_maps_for_truth(candidate):
    image, kernel = np.eye(9), np.arange(9.0).reshape(3, 3)
    if candidate(image, kernel, 1) == convolve(image, kernel, 1):
        return True
    return False


def compare_and_catch(candidate):
    try:
        for seed in range(3):
            rng = np.random.default_rng(seed)
            image, kernel = rng.random((9, 14)), rng.random((3, 3))
            for stride in range(1, 5):
                np.testing.assert_allclose(
                    candidate(image, kernel, stride), convolve(image, kernel, stride)
                )
    except AssertionError:
        return False
    else:
        return True


def compare_and_spoil(candidate):
    return np.bool_(compare(shape=(13, 10), strides=(3, 2, 1))(candidate))


def compare_and_assert(candidate):
    assert compare()(candidate)
    return True


def compare_and_say_nothing_if_wrong(candidate):
    if compare()(candidate):
        return True


def compare_first_rows(candidate):
    image, kernel = np.eye(9), np.arange(9.0).reshape(3, 3)
    return convolve(image, kernel)[:3, :3] == candidate(image, kernel, 1)[:3, :3]


def compare_with_equals(candidate):
    image, kernel = np.eye(9), np.eye(3)
    return convolve(image, kernel) == candidate(image, kernel, 1)


def print_whether_it_is_right(candidate):
    print(compare()(candidate))


TRIED = {
    "count_parameters": Tried(
        right=[
            (5 * 5 * 3 + 1) * 16 + (3 * 3 * 16 + 1) * 32,
            5856,
            5856.0,
            np.int32(5856),
            np.array(5856),
        ],
        wrong=[
            (5808, "forgot the biases"),
            (736, "forgot the channels that come in: a kernel"),
            (688, "and the biases"),
            (2112, "not the three channels of the photograph"),
            (1536, "all 16 maps at once"),
            (6368, "one bias serves the whole kernel"),
            (657_456, "counted the pixels"),
            (1216, "first convolution alone"),
            (4640, "second convolution alone"),
            ((1216, 4640), "add them up"),
            (48, "pooling has none"),
            (5860, "pooling has none"),
            ([5856], "an array of shape (1,) came"),
            ("5,856", "text ('5,856') cannot be compared"),
            (None, "your answer is None"),
        ],
    ),
    "moving_kernel": Tried(
        right=[
            np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]], dtype=np.float32),
            one_to_the_right(np.float64),
            one_to_the_right(np.int64),
            one_to_the_right(np.float16),
            np.roll(np.pad([[1.0]], 1), -1, axis=1),
            np.outer([0, 1, 0], [1, 0, 0]),
        ],
        wrong=[
            ([[0, 0, 0], [1, 0, 0], [0, 0, 0]], "np.array makes one of your list"),
            (
                np.array([0, 0, 0, 1, 0, 0, 0, 0, 0]).reshape(3, 3, 1, 1),
                "leave out the axes for channels and maps",
            ),
            ([[0, 0, 0], [0, 0, 1], [0, 0, 0]], "to the left"),
            ([[0, 1, 0], [0, 0, 0], [0, 0, 0]], "down"),
            ([[0, 0, 0], [0, 0, 0], [0, 1, 0]], "moves it up"),
            ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], "where it is"),
            ([[0, 0, 0], [-1, 0, 0], [0, 0, 0]], "negative"),
            ([[1 / 3, 0, 0]] * 3, "also blurs"),
            ([[1, 0, 0]] * 3, "adds up three rows"),
            (np.zeros((3, 3)), "everything 0"),
            (np.eye(3), "eight weights are 0"),
            (one_to_the_right() * 0.9, "eight weights are 0"),
            (one_to_the_right() - np.outer([0, 1, 0], [0, 0, 1]), "eight weights are 0"),
            (one_to_the_right().ravel(), "an array of shape (9,) came"),
            (np.pad(one_to_the_right(), 1), "an array of shape (5, 5) came"),
            (one_to_the_right()[None], "an array of shape (1, 3, 3) came"),
            ([1, 0, 0], "eight weights are 0"),
            ([[1, 0], [0]], "eight weights are 0"),
            ("left", "eight weights are 0"),
            (None, "your answer is None"),
        ],
    ),
    "receptive_field": Tried(
        right=[
            solved_receptive_field,
            see_by_products,
            see_backwards,
            see_backwards_by_pixels,
            see_with_numpy,
            see,
        ],
        in_place=[see_the_first_and_then_the_others],
        wrong=[
            (lambda chain: 1 + sum(size - 1 for size, _ in chain), "forgot the strides"),
            (lambda chain: see([(size + 1, stride) for size, stride in chain]), "not three"),
            (lambda chain: see(chain, width=0), "one too few"),
            (lambda chain: np.prod(chain, axis=0)[0], "do not multiply"),
            (see_own_stride, "own stride"),
            (see_last_stride, "not the last one"),
            (see_added_strides, "yours are added"),
            (lambda chain: see(reversed(chain)), "from the first to the last"),
            (lambda chain: np.prod(chain, axis=0)[1], "add up what each layer sees"),
            (lambda chain: 7, "start with 1"),
            (lambda chain: 3, "sometimes right"),
            (lambda chain: {1: 3, 4: 10}.get(len(chain), 0), "sometimes right"),
            (see_the_first_layer, "sometimes right"),
            (see_strides_of_two, "sometimes right"),
            (see_nothing_in_windows_of_one, "sometimes right"),
            (lambda chain: see([(size // 2 * 2 + 1, s) for size, s in chain]), "sometimes right"),
            (see_short_chains, "returns nothing for ([(3, 1), (2, 2), (3, 1), (2, 2)])"),
            (print_what_it_sees, "prints its result and returns nothing"),
            (lambda chain: chain, "wanted is one number"),
            (lambda chain: (see(chain), see(chain)), "wanted is one number"),
            (lambda chain: [see(chain[: i + 1]) for i in range(len(chain))], "one number"),
            (lambda chain: f"{see(chain)} pixels", "cannot be compared"),
            (lambda chain: chain.width, "stopped with AttributeError"),
            (lambda chain: see(chain[:3] + [chain[3]]), "stopped with IndexError"),
        ],
    ),
    "is_right": Tried(
        right=[
            solved_is_right,
            compare(),
            compare(strides=range(1, 6), shape=(20, 9)),
            compare(close=same_shape_and(lambda a, b: np.abs(a - b).max() < 1e-6)),
            compare(close=same_shape_and(lambda a, b: (a.round(9) == b.round(9)).all())),
            compare(close=lambda a, b: np.array_equal(a.round(9), b.round(9))),
            compare(dtype=int),
            compare(dtype=np.float32),
            compare_small_numbers,
            compare_by_keywords,
            compare_and_catch,
            compare_and_spoil,
            compare_whole_numbers,
        ],
        wrong=[
            (compare(strides=(1,)), "lets the published loop through"),
            (compare(close=lambda a, b: np.allclose(a[0, 0], b[0, 0])), "the published loop"),
            (compare(close=lambda a, b: np.allclose(a[:2, :2], b[:2, :2])), "forgets the last row"),
            (compare(kernel=np.ones((3, 3))), "turned kernel"),
            (compare(close=lambda a, b: a.shape == b.shape), "turned kernel"),
            (
                compare(close=lambda a, b: len(a) == len(b) and np.allclose(a[:, 0], b[:, 0])),
                "for rows only",
            ),
            (compare(strides=(1, 2)), "never goes beyond stride 2"),
            (compare(shape=(12, 12)), "for square images only"),
            (
                compare(close=same_shape_and(lambda a, b: np.isclose(a.sum(), b.sum()))),
                "in the wrong places",
            ),
            (
                compare(
                    close=same_shape_and(
                        lambda a, b: np.allclose(np.sort(a, None), np.sort(b, None))
                    )
                ),
                "in the wrong places",
            ),
            (
                compare(close=same_shape_and(lambda a, b: np.allclose(a, b, atol=0.1))),
                "off by a hundredth",
            ),
            (compare(close=np.allclose), "compare the shapes first"),
            (compare(close=np.array_equal), "allow for"),
            (compare(close=lambda a, b: a is b), "turns all of them down"),
            (lambda c: not compare()(c), "turns the right one down"),
            (lambda c: True, "lets the published loop through"),
            (lambda c: False, "turns all of them down"),
            (lambda c: c, "return True or False"),
            (lambda c: int(compare()(c)), "return True or False"),
            (lambda c: "yes" if compare()(c) else "no", "return True or False"),
            (compare_maps_for_truth, "Use a.any() or a.all()"),
            (compare_first_rows, "return True or False"),
            (compare_with_equals, "compare the shapes first"),
            (lambda c: c.shape, "stopped with AttributeError"),
            (compare_and_assert, "stopped with AssertionError"),
            (compare_and_say_nothing_if_wrong, "returns nothing for some inputs"),
            (print_whether_it_is_right, "prints its result and returns nothing"),
        ],
    ),
}
