"""Checks of lesson 09, "Make it better"."""

import contextlib
import io
import itertools
from collections import Counter

import numpy as np

from helpers.checks import BehaviourCheck, FunctionCheck

false_alarm = FunctionCheck(
    cases=lambda: [(20, 0.025), (1, 0.05), (5, 0.2), (100, 0.01), (7, 0.3)],
    asks="one number, a chance between 0 and 1",
    right=lambda ideas, chance: 1 - (1 - chance) ** ideas,
    praise="Of twenty useless ideas, some shine in two of five cases. Try them again, with new seeds and images.",
    mistakes={
        "chances do not add up: forty ideas at 0.05 would make 2.": lambda ideas, chance: (
            ideas * chance
        ),
        "chances do not add up; to cut the sum at 1 does not mend it.": lambda ideas, chance: min(
            1.0, ideas * chance
        ),
        "this is the chance that every one of them is called better.": lambda ideas, chance: (
            chance**ideas
        ),
        "this is the chance that none is called better; take it from 1.": lambda ideas, chance: (
            (1 - chance) ** ideas
        ),
        "this is the chance that exactly one is; two or three are alarms too.": (
            lambda ideas, chance: ideas * chance * (1 - chance) ** (ideas - 1)
        ),
        "this is in per cent; a chance lies between 0 and 1.": lambda ideas, chance: (
            100 * (1 - (1 - chance) ** ideas)
        ),
        "this is the chance for a single idea.": lambda ideas, chance: chance,
    },
    otherwise="none is called better with the chance (1 - chance) multiplied by itself, ideas times.",
)


def _batch_means() -> list[tuple]:
    rng = np.random.default_rng(0)
    sizes = ((39, 16), (5, 3), (1, 4), (20, 1), (2, 2))
    return [
        (rng.normal(0, 1, size), momentum)
        for size, momentum in zip(sizes, (0.9, 0.99, 0.5, 0.2, 0.75), strict=True)
    ]


def _running(batch_means, momentum, start=0.0, share_of_new=None, keep=None):
    """Return the running mean after all batches, as it is or with one thing wrong."""
    running = np.zeros(batch_means.shape[1]) + start
    for mean in batch_means:
        new = 1 - momentum if share_of_new is None else share_of_new
        running = (momentum if keep is None else keep) * running + new * mean
    return running


moving_mean = FunctionCheck(
    cases=_batch_means,
    asks="an array with a number for each map, the running mean after the last step",
    right=_running,
    praise="The newest batches count most, and the 0 of the start fades with each step.",
    mistakes={
        "momentum and the rest are swapped: the old value keeps `momentum` of itself.": (
            lambda batch_means, momentum: _running(
                batch_means, momentum, keep=1 - momentum, share_of_new=momentum
            )
        ),
        "it starts with the mean of the first batch; Keras starts with 0.": (
            lambda batch_means, momentum: _running(batch_means, momentum, start=batch_means[0])
        ),
        "this is the plain mean of all batches.": lambda batch_means, momentum: batch_means.mean(
            axis=0
        ),
        "this is the last batch alone.": lambda batch_means, momentum: batch_means[-1],
        "what is new must be multiplied by the rest, 1 - momentum.": (
            lambda batch_means, momentum: _running(batch_means, momentum, share_of_new=1)
        ),
        "you went through the batches backwards: the last must count most.": (
            lambda batch_means, momentum: _running(batch_means[::-1], momentum)
        ),
        "it starts at 1; that is the start of the running variance.": (
            lambda batch_means, momentum: _running(batch_means, momentum, start=1.0)
        ),
        "this is after the first batch; go through all of them.": (
            lambda batch_means, momentum: _running(batch_means[:1], momentum)
        ),
        "the last batch is missing.": lambda batch_means, momentum: _running(
            batch_means[:-1], momentum
        ),
    },
    otherwise="start with zeros; with each row, running = momentum * running + (1 - momentum) * row.",
)


def _reads() -> list[tuple]:
    """Return which images networks read, so that whoever chooses in another way, chooses another."""
    rng = np.random.default_rng(0)
    cases = []
    sizes = ((10, 414), (6, 118), (30, 1022), (5, 74), (8, 218))
    for turn, (networks, images) in enumerate(sizes, 1):
        is_read = rng.random((networks, images)) < 0.8
        first, second = np.split(is_read, 2, axis=1)
        some = images // 80 + 1
        first[[0, 2, 4]] = True
        first[0, -2 * some - 1 :] = False  # the second best on the first half
        first[1] = False
        first[2, :some] = first[2, -some:] = False  # the best there
        second[2] = rng.random(images // 2) < 0.7
        first[3], second[3] = rng.random(images // 2) < 0.7, True  # the best on the second half
        first[4, : 2 * some + 3] = False  # the best on all images
        second[4] = first[4]
        cases.append((np.roll(is_read, 7 * turn, axis=0),))
    return cases


def _best_of(right, chooses=lambda first, second: first, scale=100):
    """Return both scores of the network that is best where one chooses."""
    first, second = np.split(right, 2, axis=1)
    best = chooses(first, second).mean(axis=1).argmax()
    return scale * first[best].mean(), scale * second[best].mean()


def _each_its_own(right):
    first, second = np.split(right, 2, axis=1)
    return 100 * first.mean(axis=1).max(), 100 * second.mean(axis=1).max()


def _with_all_images(right):
    best = right[:, : right.shape[1] // 2].mean(axis=1).argmax()
    return _best_of(right)[0], 100 * right[best].mean()


def _with_all_networks(right):
    return _best_of(right)[0], 100 * right[:, right.shape[1] // 2 :].mean()


def _every_second(right):
    best = right[:, ::2].mean(axis=1).argmax()
    return 100 * right[best, ::2].mean(), 100 * right[best, 1::2].mean()


best_of = FunctionCheck(
    cases=_reads,
    asks="two numbers, the chosen network's accuracy on both halves, in per cent",
    right=_best_of,
    praise="The first number is what a leaderboard shows; the second is what you would get.",
    mistakes={
        "each half chose its own best; only the first may choose.": _each_its_own,
        "all images took part in the choice; only the first half may.": lambda right: _best_of(
            right, lambda first, second: np.hstack([first, second])
        ),
        "the second half chose; the first one should.": lambda right: _best_of(
            right, lambda first, second: second
        ),
        "these are shares; multiply by 100.": lambda right: _best_of(right, scale=1),
        "the two are swapped: first the half that chose.": lambda right: _best_of(right)[::-1],
        "the second number is of all images; leave out those that chose.": _with_all_images,
        "the second number is the mean of all networks; take the chosen one's.": _with_all_networks,
        "this is the first network, and nobody chose it.": lambda right: tuple(
            100 * half[0].mean() for half in np.split(right, 2, axis=1)
        ),
        "this is every second image; take the first half and the second.": _every_second,
        "this is the worst network; argmax finds the best.": lambda right: tuple(
            100 * half[right[:, : right.shape[1] // 2].mean(axis=1).argmin()].mean()
            for half in np.split(right, 2, axis=1)
        ),
    },
    otherwise=(
        "the accuracies of all networks on the first half, their argmax,"
        " and the accuracies of that network on both."
    ),
)


class _Read:
    """A make-believe disk: turns a number into an image full of it, and counts the readings."""

    def __init__(self):
        self.readings = Counter()

    def __call__(self, number):
        from helpers.quiet import tf  # here, so that the other checks do without TensorFlow

        return tf.ensure_shape(tf.numpy_function(self._read, [number], tf.float32), (4, 4, 1))

    def _read(self, number):
        self.readings[int(number)] += 1
        return np.full((4, 4, 1), number, np.float32)


class _Change:
    """Adds a thousand at the first call, two thousand at the second; keeps what it was handed."""

    def __init__(self):
        self.calls, self.handed = itertools.count(1), []

    def __call__(self, image):
        from helpers.quiet import tf

        return tf.ensure_shape(tf.numpy_function(self._change, [image], tf.float32), image.shape)

    def _change(self, image):
        self.handed.append(np.array(image))
        return np.asarray(image + 1000 * next(self.calls), np.float32)


def _disks() -> list[tuple]:
    numbers = ([7, 3, 11, 40, 5], [7], list(range(30, 6, -2)))
    return [(some, _Read(), _Change()) for some in numbers]


def _fault_in_pipelines(attempts: list) -> str:
    return next(filter(None, map(_fault_in_pipeline, attempts)), "")


def _fault_in_pipeline(tried) -> str:
    """Go through a pipeline for three epochs, and return what is wrong with it."""
    from helpers.quiet import tf

    numbers, (_, read, change) = sorted(tried.given[0]), tried.left
    count = len(numbers)
    if not isinstance(tried.returned, tf.data.Dataset):
        return "return a tf.data.Dataset, on which one can go through all images again and again."
    if not isinstance(tried.returned.element_spec, tf.TensorSpec):
        return "hand out the images one by one, as they are loaded, and nothing beside them."
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            epochs = [list(tried.returned.take(count + 1).as_numpy_iterator()) for _ in range(3)]
    except Exception as error:  # a pipeline may stop anywhere
        return f"going through it stopped with {type(error).__name__}."
    images = [np.asarray(image) for epoch in epochs for image in epoch]
    if any(image.shape != (4, 4, 1) or image.dtype.kind not in "iuf" for image in images):
        return "hand out the images one by one, as they are loaded; batches come later."
    if any(image.shape != (4, 4, 1) for image in change.handed):
        return "`change` takes one image at a time, so that each is changed in its own way."
    if any(image.max() >= 1000 for image in change.handed):
        return "an image is changed that had been changed before."
    if any(len(epoch) != count for epoch in epochs):
        return "in each epoch every image should come once, no more and no less."
    return _fault_in_values(np.reshape(images, (3, count, 16)), numbers) or _fault_in_readings(
        read.readings, numbers
    )


def _fault_in_values(values, numbers) -> str:
    """Return what is wrong with the values that came: (epochs, images, pixels)."""
    with np.errstate(all="ignore"):
        times, shown = np.divmod(values.astype(float), 1000)
    if not np.isin(shown, numbers).all() or np.ptp(values.astype(float), axis=2).any():
        return "what comes is no image that was loaded, changed by `change` and by nothing else."
    if not all(np.array_equal(np.sort(epoch), numbers) for epoch in shown[..., 0]):
        return "in each epoch every image should come once, no more and no less."
    if not times.all():
        return "images come as they are on the disk; `change` is missing."
    if len(np.unique(times)) < times[..., 0].size:
        return "what was changed is kept: it looks the same in every epoch, frozen."
    return ""


def _fault_in_readings(readings, numbers) -> str:
    if set(readings) != set(numbers):
        return "not every image was loaded; does an old file or variable still keep some?"
    if min(readings.values()) >= 3:
        return "each epoch loads every image from the slow disk again; keep what was loaded."
    if max(readings.values()) > 1:
        return "some images are loaded from the slow disk more than once."
    return ""


pipeline = BehaviourCheck(
    cases=_disks,
    examine=_fault_in_pipelines,
    praise="Read once, changed anew in every epoch: what is costly is kept, what is random is not.",
)
