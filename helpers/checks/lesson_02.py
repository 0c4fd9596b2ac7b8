"""Checks of lesson 02, "Prepare the data"."""

from itertools import combinations

import numpy as np

from helpers.checks import BehaviourCheck, FunctionCheck, ValueCheck, kind_of, shape_of

_MANY = 60  # calls with the same data: enough that nothing is missed by chance


def _not_float32_or_not_these(answer, images) -> str:
    """Return what keeps an answer from being `images` as a float32 array; "" if nothing does."""
    if not hasattr(answer, "dtype"):
        return f"{kind_of(answer)} came, not a NumPy array; compute with all of first_nine at once."
    answer = np.asarray(answer)
    if answer.dtype != np.float32:
        near = np.allclose(answer, images / 127.5 - 1, atol=0.001)
        values = "the values are right, but " if near else ""
        return f"{values}the type is {answer.dtype}; convert with astype(np.float32) first."
    pixels = (answer + 1) * 127.5
    whole = np.abs(pixels - pixels.round()).max() < 0.001
    if whole and not np.array_equal(pixels.round(), images):
        return "the range is right, but these are not the pixels of first_nine in their order."
    return ""


scale = ValueCheck(
    asks="first_nine, from -1 to 1, as a float32 array",
    right=lambda images: images.astype(np.float32) / np.float32(127.5) - np.float32(1),
    praise="0 became -1, 255 became 1, and paper and ink lie equally far from zero.",
    mistakes={
        "this is the range [0, 1]; stretch it to [0, 2] and take 1 away.": (
            lambda images: images / 255
        ),
        "this is the range [-0.5, 0.5]; it is only half as wide as it should be.": (
            lambda images: images / 255 - 0.5
        ),
        "this is the range [0, 2]; take 1 away.": lambda images: images / 127.5,
        "this is first_nine as it was; divide by 127.5 and take 1 away.": lambda images: images,
        "black and white are turned: 0 becomes -1, and 255 becomes 1.": (
            lambda images: 1 - images / 127.5
        ),
        "you doubled while the pixels were still bytes, and they wrapped around; convert first.": (
            lambda images: (images * np.uint8(2)) / 255 - 1
        ),
    },
    otherwise="divide by 127.5 and take 1 away, in float32.",
    form=_not_float32_or_not_these,
)


def _one_hot_tables() -> list[tuple]:
    """Make one-hot labels: few and many, in several types, with and without all ten digits."""
    rng = np.random.default_rng(2)
    labels = [
        (np.array([5, 0, 4, 1, 9, 2, 1, 3, 1]), np.float32),
        (np.array([7]), np.float64),
        (rng.permutation(10), np.uint8),
        (rng.integers(0, 10, 40), np.int64),
        (np.array([9, 9, 0]), bool),
    ]
    return [(np.eye(10, dtype=kind)[digits],) for digits, kind in labels]


to_labels = FunctionCheck(
    asks="one digit for each row, an array of shape (n,)",
    cases=_one_hot_tables,
    right=lambda one_hot: one_hot.argmax(axis=1),
    praise="`argmax` also turns ten probabilities into an answer.",
    mistakes={
        "this looks down the columns; each row is one label, so axis=1.": (
            lambda one_hot: one_hot.argmax(axis=0)
        ),
        "this is one number for the whole table; axis=1 gives one for each row.": (
            lambda one_hot: one_hot.argmax()
        ),
        "this is 1 for each row; you want where in its row the 1 stands.": (
            lambda one_hot: one_hot.max(axis=1)
        ),
        "you count from 1; the first place belongs to the digit 0.": (
            lambda one_hot: one_hot.argmax(axis=1) + 1
        ),
        "you count from the right; the first place belongs to the digit 0.": (
            lambda one_hot: 9 - one_hot.argmax(axis=1)
        ),
        "these are the rows and the columns of the ones; the labels are the columns alone.": (
            np.nonzero
        ),
    },
    otherwise="for each row, return the position of the largest value.",
)


def _data_to_split() -> list[tuple]:
    """Make images, labels, a count and a generator: two calls alike, others, and many more."""

    def data(n, count, labels, seed, image_shape=(3, 4)):
        images = np.random.default_rng(n).integers(0, 256, (n, *image_shape), dtype=np.uint8)
        return images, labels, count, np.random.default_rng(seed)

    mixed = np.random.default_rng(2).integers(0, 10, 30)
    return [
        data(100, 20, np.repeat(np.arange(10), 10), 0),
        data(100, 20, np.repeat(np.arange(10), 10), 0),
        data(30, 5, mixed, 1, image_shape=(28, 28)),
        data(10, 9, np.arange(10), 2),
        data(7, 1, mixed[:7].copy(), 3),
        *(data(12, 4, np.arange(12) // 2, seed) for seed in range(_MANY)),
    ]


def _fault_in_parts(tried) -> str:
    """Return what is wrong with the four arrays of one split, apart from their order; or ""."""
    images, labels, count, _ = tried.given
    parts = tried.returned if isinstance(tried.returned, tuple | list) else []
    if len(parts) != 4 or not all(map(shape_of, parts)):
        return (
            "your function did not return four arrays: fit_images, fit_labels, validation_images,"
            " validation_labels."
        )
    parts = [np.asarray(part) for part in parts]
    forms = [part.shape[1:] for part in parts]
    if forms == [images.shape[1:], images.shape[1:], (), ()]:
        return (
            "the second and the third are swapped: return fit_images, fit_labels,"
            " validation_images, validation_labels."
        )
    if forms != [images.shape[1:], (), images.shape[1:], ()]:
        return "the four should be images, labels, images, labels, each in its old form."
    fit, validation = _order_of(parts[0], images), _order_of(parts[2], images)
    wrong_sizes = [len(part) for part in parts[2:] if len(part) != count]
    if len(fit) == count and len(validation) == len(images) - count:
        return "the two parts are swapped; the smaller one is for validation."
    if wrong_sizes:
        return f"the validation set should have {count} images and labels, not {wrong_sizes[0]}."
    if None in fit + validation:
        return "some images are none of those given; only their order should change."
    if set(fit) & set(validation):
        return "some images are in both sets, so the validation score would be too good."
    if len(set(fit + validation)) < len(images):
        return "some images are in neither set."
    if len(fit + validation) > len(images):
        return "some images come more than once."
    if not np.array_equal(labels[fit + validation], np.concatenate([parts[1], parts[3]])):
        return "images and labels no longer match; shuffle both with the same order."
    return ""


def _order_of(some, images) -> list[int | None]:
    """Return which of `images` each of `some` is; None for one that is none of them."""
    positions = {tuple(image.ravel().tolist()): position for position, image in enumerate(images)}
    return [positions.get(tuple(image.ravel().tolist())) for image in np.asarray(some)]


def _fault_in_split(attempts) -> str:
    """Return what is wrong with the splits, "" if nothing is."""
    if fault := next(filter(None, map(_fault_in_parts, attempts)), ""):
        return fault
    orders = [
        (_order_of(tried.returned[0], tried.given[0]), _order_of(tried.returned[2], tried.given[0]))
        for tried in attempts
    ]
    if all(fit + validation == sorted(fit + validation) for fit, validation in orders):
        return "nothing was shuffled; on sorted labels the last slice holds nothing but nines."
    first, again, *_ = orders
    if first != again:
        return "the same rng gives another split each time; draw from the rng that you are given."
    many = orders[-_MANY:]
    if all(order == many[0] for order in many):
        return "every rng gives the same split; draw the order from the rng that you are given."
    sets = {frozenset(validation) for _, validation in many}
    if len(sets) == 1:
        return (
            "the validation set always holds the same images; shuffle all of them before you slice."
        )
    if len(frozenset.union(*sets)) < 12:
        return (
            "some images never come into the validation set; shuffle all of them before you slice."
        )
    if len(sets) < _MANY / 2:
        return "the images are hardly mixed; `rng.permutation(n)` gives any order."
    if any(all(part == sorted(part) for part in parts) for parts in zip(*many, strict=True)):
        return "the images of one part still stand in their old order; shuffle all of them."
    return ""


split = BehaviourCheck(
    cases=_data_to_split,
    examine=_fault_in_split,
    praise="Shuffled together, no image in both sets, none lost.",
)


def _epochs() -> list[tuple]:
    """Make items, a batch size and a generator: many epochs, others, and two again."""
    rng, other, again = (np.random.default_rng(seed) for seed in (1, 2, 1))
    values = np.random.default_rng(3).normal(size=30)
    return [
        *((np.arange(12), 4, rng) for _ in range(_MANY)),
        *((values[:8].copy(), 4, other) for _ in range(_MANY)),
        *((np.arange(12), 4, again) for _ in range(2)),
        (values.copy(), 5, np.random.default_rng(4)),
        (np.arange(7, 1, -1), 3, np.random.default_rng(5)),
        (values[:5].copy(), 5, np.random.default_rng(6)),
        (np.array([60_000, -1, 3]), 1, np.random.default_rng(7)),
    ]


def _fault_in_table(tried) -> str:
    """Return what is wrong with the table of one epoch, apart from its order; "" if nothing is."""
    items, size, _ = tried.given
    shape, right_shape = shape_of(tried.returned), (len(items) // size, size)
    if shape is None:
        return f"{kind_of(tried.returned)} came; return a table with one batch in each row."
    if shape != right_shape:
        return f"{len(items)} items in batches of {size} have the shape {right_shape}, not {shape}."
    if not np.array_equal(np.sort(np.ravel(tried.returned)), np.sort(items)):
        return "in one epoch every item should come exactly once, and unchanged."
    return ""


def _fault_in_mixing(tables) -> str:
    """Return what is wrong with the order of many epochs of the same items, "" if nothing is."""
    if np.all(tables == tables[0]):
        return (
            "every epoch has the same order; draw a new one each time, from the rng that you are"
            " given."
        )
    batches = [[frozenset(batch) for batch in table.tolist()] for table in tables]
    if all(set(order) == set(batches[0]) for order in batches):
        return (
            "the same items still meet in the same batch; shuffle the items before you batch them."
        )
    met = {pair for order in batches for batch in order for pair in combinations(sorted(batch), 2)}
    if len(met) < len(list(combinations(tables[0].flat, 2))):
        return "some items never meet in a batch; shuffle all items, then cut them into batches."
    places = {(item, row) for order in batches for row, batch in enumerate(order) for item in batch}
    if len(places) < tables[0].size * len(tables[0]):
        return "some items never come into some of the batches; shuffle all items."
    return ""


def _fault_in_epochs(attempts) -> str:
    """Return what is wrong with the epochs, "" if nothing is."""
    if fault := next(filter(None, map(_fault_in_table, attempts)), ""):
        return fault
    tables = [np.asarray(tried.returned) for tried in attempts]
    first, second, again = tables[:_MANY], tables[_MANY : 2 * _MANY], tables[2 * _MANY :][:2]
    if fault := _fault_in_mixing(np.array(first)) or _fault_in_mixing(np.array(second)):
        return fault
    if not np.array_equal(first[:2], again):
        return "the same rng gives another order each time; draw from the rng that you are given."
    return ""


epoch = BehaviourCheck(
    cases=_epochs,
    examine=_fault_in_epochs,
    praise="Shuffle first, then batch: every epoch mixes new company.",
)
