"""Checks of lesson 11, "Train on many devices"."""

import contextlib
import functools
import itertools

import numpy as np

from helpers.checks import BehaviourCheck, FunctionCheck, shape_of

# --- bytes round the ring ---

bytes_sent = FunctionCheck(
    cases=lambda: [(56_970, 2), (1000, 4), (25_600_000, 32), (1, 1), (1001, 3), (56_970, 256)],
    asks="one number, the bytes that one device sends",
    right=lambda parameters, devices: 8 * parameters * (devices - 1) / devices,
    praise="Never more than twice the gradient, however many devices there are.",
    mistakes={
        "these are numbers; a float32 takes four bytes.": lambda parameters, devices: (
            2 * parameters * (devices - 1) / devices
        ),
        "this is twice as much; a float32 takes four bytes, not eight.": lambda parameters, devices: (
            16 * parameters * (devices - 1) / devices
        ),
        "this is half of it: after the round that makes the sums, a second one hands them on.": (
            lambda parameters, devices: 4 * parameters * (devices - 1) / devices
        ),
        "this is `devices` times too much: count what one device sends, one part at each turn.": (
            lambda parameters, devices: 8 * parameters * (devices - 1)
        ),
        "this is as much as to send everything to every other device; in a ring, parts go round.": (
            lambda parameters, devices: 4 * parameters * (devices - 1)
        ),
        "these are 2 x devices turns; there are 2 x (devices - 1).": (
            lambda parameters, devices: 8 * parameters
        ),
        "these are 2 x devices - 1 turns; set parentheses: 2 x (devices - 1).": (
            lambda parameters, devices: 4 * parameters * (2 * devices - 1) / devices
        ),
        "these are two turns; there are 2 x (devices - 1).": (
            lambda parameters, devices: 8 * parameters / devices
        ),
        "this is one turn; there are 2 x (devices - 1).": (
            lambda parameters, devices: 4 * parameters / devices
        ),
        "this is the gradient, sent once.": lambda parameters, devices: 4 * parameters,
        "these are bits; a byte has eight.": lambda parameters, devices: (
            64 * parameters * (devices - 1) / devices
        ),
        "this rounds the parts down before it counts them; return what the formula gives.": (
            lambda parameters, devices: 8 * (devices - 1) * (parameters // devices)
        ),
        "this rounds the parts up before it counts them; return what the formula gives.": (
            lambda parameters, devices: 8 * (devices - 1) * np.ceil(parameters / devices)
        ),
        "these are megabytes; wanted are bytes.": lambda parameters, devices: (
            8e-6 * parameters * (devices - 1) / devices
        ),
        "these are kilobytes; wanted are bytes.": lambda parameters, devices: (
            8e-3 * parameters * (devices - 1) / devices
        ),
    },
    otherwise="2 x (devices - 1) turns, each with parameters / devices numbers of 4 bytes.",
)

# --- unequal parts ---


def _parts() -> list[tuple]:
    rng = np.random.default_rng(0)
    shapes = [(6,), (2, 3), (5,), (4,), (3,)]
    counts = [[32, 224], [3, 1, 4], [128, 128, 100], [7, 0], [1, 2, 3, 250]]
    return [
        ([rng.normal(size=shape) * (count > 0) for count in some], some)
        for shape, some in zip(shapes, counts, strict=True)
    ]


def _weighted(gradients, weights) -> np.ndarray:
    return sum(weight * gradient for weight, gradient in zip(weights, gradients, strict=True))


combined = FunctionCheck(
    cases=_parts,
    asks="an array, the mean gradient over all images",
    right=lambda gradients, counts: _weighted(gradients, counts) / sum(counts),
    praise="Each image counts the same, whichever device it was on.",
    mistakes={
        "an image of a small part counts more here; weight each mean by its number of images.": (
            lambda gradients, counts: _weighted(gradients, np.ones(len(counts))) / len(counts)
        ),
        "this adds up the means; weight each by its number of images, and divide by all.": (
            lambda gradients, counts: _weighted(gradients, np.ones(len(counts)))
        ),
        "this is the sum over all images; divide by their number.": _weighted,
        "divide by the number of images, not of devices.": lambda gradients, counts: (
            _weighted(gradients, counts) / len(counts)
        ),
        "divided by all images; but before that, multiply each mean by its own number of them.": (
            lambda gradients, counts: _weighted(gradients, np.ones(len(counts))) / sum(counts)
        ),
        "each is a mean already; multiply it by its number of images, do not divide again.": (
            lambda gradients, counts: _weighted(gradients, 1 / np.array(counts))
        ),
        "this leaves out who had no images, and then takes all others as equal.": (
            lambda gradients, counts: (
                _weighted(gradients, np.ones(len(counts))) / np.count_nonzero(counts)
            )
        ),
        "this is the first device's alone.": lambda gradients, counts: gradients[0],
        "this is the gradient of the device with most images; the others count, too.": (
            lambda gradients, counts: gradients[int(np.argmax(counts))]
        ),
        "the weights are the wrong way round: many images must weigh more.": (
            lambda gradients, counts: (
                _weighted(gradients, sum(counts) - np.array(counts))
                / (sum(counts) * (len(counts) - 1))
            )
        ),
        "a mean times the number of images is their sum; you divided instead.": (
            lambda gradients, counts: (
                _weighted(gradients, 1 / np.maximum(counts, 1)) / sum(1 / np.maximum(counts, 1))
            )
        ),
        "the shares are right; this multiplies by them twice.": lambda gradients, counts: _weighted(
            gradients, (np.array(counts) / sum(counts)) ** 2
        ),
    },
    otherwise="sum of count x gradient, divided by the sum of the counts.",
)

# --- deal out an epoch ---

_ORDERS = [(24, 2, 4), (50, 2, 8), (61, 4, 12), (40, 1, 10), (33, 3, 9)]  # images, workers, batch


def _workers() -> list[tuple]:
    """Return the arguments of every worker for several epochs, the last worker first.

    At the end worker 0 of the first epoch comes again: it must take the same images.
    """
    cases = [
        (np.random.default_rng(count).permutation(count), worker, workers, batch_size)
        for count, workers, batch_size in _ORDERS
        for worker in reversed(range(workers))
    ]
    return [*cases, (cases[1][0].copy(), *cases[1][1:])]


def _fault_in_dealing(attempts: list) -> str:
    for tried in attempts:
        if not np.array_equal(tried.given[0], tried.left[0]):
            return "the order was changed; leave it as it is."
        if fault := _fault_in_form(tried.returned, *tried.given):
            return fault
    *taken, again = [np.asarray(tried.returned) for tried in attempts]
    firsts = np.cumsum([0] + [workers for _, workers, _ in _ORDERS])
    epochs = [taken[first:end] for first, end in itertools.pairwise(firsts)]
    if all(np.array_equal(share, shares[0]) for shares in epochs for share in shares):
        return "all workers take the same images; `worker` says which of them this one is."
    for first, shares in zip(firsts, epochs, strict=False):
        if fault := _fault_in_epoch(shares, *attempts[first].given):
            return fault
    if not np.array_equal(again, taken[1]):
        return "asked again, worker 0 takes other images; let the arguments alone decide."
    return ""


def _fault_in_form(returned, order, worker, workers, batch_size) -> str:
    steps, part = len(order) // batch_size, batch_size // workers
    try:
        share = np.asarray(returned)
    except Exception:  # rows of different lengths, or anything else
        return (
            "return rows of the same length, one for each step;"
            " images that do not fill a batch are left out."
        )
    if share.size == 0:
        return f"no positions came for worker {worker}; the workers are numbered from 0."
    if share.dtype.kind not in "iu":
        return "return an array of positions, whole numbers: the ones in `order`."
    if share.shape == (steps, part):
        return ""
    if share.shape == (steps * part,):
        return "the numbers stand in one row; wanted is a row for each step."
    if share.shape == (part, steps):
        return "rows and columns are exchanged: wanted is a row for each step."
    if share.shape == (steps, batch_size) or share.size == len(order):
        return "every worker takes everything; each takes its share of a batch."
    if share.shape[1:] == (batch_size,):
        return "a row has batch_size images; in a step a worker takes batch_size / workers of them."
    if share.shape == (steps + 1, part):
        return "there is a row too many: leave out the images that do not fill a batch."
    return f"an array of shape {share.shape} came; wanted is {steps, part}: a row for each step."


def _fault_in_epoch(shares: list, order, worker, workers, batch_size) -> str:
    """Return what is wrong with the shares of all workers of an epoch."""
    steps = len(order) // batch_size
    batches = order[: steps * batch_size].reshape(steps, batch_size)
    together = np.concatenate(shares, axis=1)
    if np.array_equal(np.sort(together), np.sort(batches)):
        return ""
    if np.array_equal(np.sort(together), np.arange(steps * batch_size).reshape(batches.shape)):
        return "this deals out 0, 1, 2, ...; return what stands at these places in `order`."
    if len(np.unique(together)) < together.size:
        return "an image is read twice in an epoch; each belongs to one worker and one step."
    if not np.array_equal(np.sort(together, axis=None), np.sort(batches, axis=None)):
        return "in a step, the workers together must read the images of one batch of `order`."
    places = np.argsort(order)  # of each image
    if all(np.ptp(places[share]) == share.size - 1 for share in shares):
        return (
            "each worker has a piece of the order to itself, so that the steps differ from one"
            " device's; cut the order into batches first, and deal out each batch."
        )
    return (
        "each image comes once, but not in its step: row i comes from batch i,"
        " order[i * batch_size : (i + 1) * batch_size]."
    )


share_of_epoch = BehaviourCheck(
    cases=_workers,
    examine=_fault_in_dealing,
    praise="In each step the workers read one batch together, each image once.",
)

# --- the loss of a part ---


def _batches() -> list[tuple]:
    """Return labels and logits of a batch, and how many images the first device gets."""
    rng = np.random.default_rng(0)
    return [
        (rng.integers(0, 10, count), rng.normal(size=(count, 10)).astype(np.float32), first)
        for count, first in [(8, 4), (3, 2), (16, 8), (12, 3), (2, 1)]
    ]


@functools.cache
def two_devices():
    """Return a strategy for two logical devices, or None where they can no longer be made."""
    from helpers.quiet import tf

    processor = tf.config.list_physical_devices("CPU")[0]
    with contextlib.suppress(RuntimeError):  # TensorFlow has computed something already
        in_two = [tf.config.LogicalDeviceConfiguration()] * 2
        tf.config.set_logical_device_configuration(processor, in_two)
    names = [device.name for device in tf.config.list_logical_devices("CPU")]
    with _without_log_lines():
        if len(names) < 2:
            return None
        to_one = (
            tf.distribute.ReductionToOneDevice()
        )  # leaves the keys of collectives to the lesson
        return tf.distribute.MirroredStrategy(names[:2], cross_device_ops=to_one)


@contextlib.contextmanager
def _without_log_lines():
    from helpers.quiet import tf

    logger = tf.get_logger()
    level = logger.level
    logger.setLevel("ERROR")
    try:
        yield
    finally:
        logger.setLevel(level)


class _LossCheck(BehaviourCheck):
    """The check of a loss that runs on two devices.

    `examine` gets, for each device, what was returned, and the gradient of that by the logits.
    """

    def __call__(self, function) -> None:
        """Print what the function is: not attempted, right, or what is wrong with it."""
        if two_devices() is None:
            print("Not yet: this needs two devices. Restart the kernel, and run from the top.")
            return
        watched = functools.partial(_on_two_devices, function) if callable(function) else None
        with _without_log_lines():
            super().__call__(watched)


def _on_two_devices(function, labels, logits, first):
    """Return for each device the loss and its gradient; ... or None if both losses were that."""
    from helpers.quiet import tf

    strategy, found, batch_size = two_devices(), {}, len(labels)
    parts = [slice(0, first), slice(first, None)]

    def part_of(array):
        parted = [tf.constant(array[part]) for part in parts]
        return strategy.experimental_distribute_values_from_function(
            lambda context: parted[context.replica_id_in_sync_group]
        )

    def on_each_device(labels, logits):
        with tf.GradientTape() as tape:
            tape.watch(logits)
            returned = function(labels, logits, batch_size)
        is_number = tf.is_tensor(returned) and returned.dtype.is_floating
        gradient = tape.gradient(returned, logits) if is_number else None
        if gradient is not None:
            gradient = tf.convert_to_tensor(gradient).numpy()  # it may be sparse
        number = tf.distribute.get_replica_context().replica_id_in_sync_group
        found[int(number)] = returned, gradient

    strategy.run(on_each_device, args=(part_of(labels), part_of(logits)))
    returned = [found[number][0] for number in sorted(found)]
    for nothing in (..., None):
        if all(one is nothing for one in returned):
            return nothing
    return [found[number] for number in sorted(found)]


def _fault_in_losses(attempts: list) -> str:
    ratios, sizes = [], []
    for tried in attempts:
        labels, logits, first = tried.given
        right = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        right[np.arange(len(labels)), labels] -= 1
        right = np.split(right / len(labels), [first])
        for (returned, gradient), wanted in zip(tried.returned, right, strict=True):
            if fault := _fault_in_loss(returned, gradient):
                return fault
            of_images = (gradient * wanted).sum(axis=1) / (wanted**2).sum(axis=1)
            if not np.allclose(gradient, of_images[:, np.newaxis] * wanted, atol=1e-5):
                return (
                    "the gradient points elsewhere; the loss is the cross-entropy of the logits,"
                    " with `from_logits=True`."
                )
            if not np.allclose(of_images, of_images[0], rtol=1e-3, atol=1e-3):
                return "the images of a part do not count alike; add up all their losses."
            ratios.append(of_images.mean())
            sizes.append((len(labels), len(wanted)))
    return _name_of(np.array(ratios), *np.array(sizes, float).T)


def _fault_in_loss(returned, gradient) -> str:
    if returned is None or returned is ...:
        return "on one of the devices your function returns nothing."
    shape = returned.shape if hasattr(returned, "shape") else shape_of(returned)
    if shape != ():
        return "return one number: the losses of the part, added up and divided."
    if gradient is None:
        return "no gradient comes back to the logits; stay with operations of TensorFlow or Keras."
    if returned.dtype.size < 4:
        return f"the loss is a {returned.dtype.name}; leave it a float32."
    if not np.isfinite(gradient).all():
        return "the gradient is not finite; is something divided by 0?"
    return ""


def _name_of(ratios, whole, part) -> str:
    """Return the words for a gradient that is too large or too small on each part of a batch."""
    names = {
        "": np.ones(len(part)),
        "this is the sum over the part; divide it by the images of the whole batch.": whole,
        "this is the mean of a part, and there are two: the step is twice as large, and more"
        " where parts are unequal. Divide the sum by `batch_size`.": whole / part,
        "right where the parts are equal: this is half of each part's mean, as Keras's loss is."
        " Where they are not, an image of the small part counts more.": whole / part / 2,
        "Keras has divided by the number of devices already; here it is done again, and the"
        " step is half as large.": whole / part / 4,
        "divide by the images of the whole batch, not by the devices.": whole / 2,
        "a mean is divided already; divide the *sum* of the losses by `batch_size`.": 1 / part,
        "a mean is divided already, and Keras's by the devices as well; divide the *sum* of the"
        " losses by `batch_size`.": 1 / part / 2,
        "`batch_size` is the whole batch already; the number of devices does not come in.": (
            np.full(len(part), 0.5)
        ),
        "the sign is wrong: this loss grows when the answer gets better.": -np.ones(len(part)),
    }
    for words, expected in names.items():
        if np.allclose(ratios, expected, rtol=1e-3):
            return words
    if np.allclose(ratios, 0, atol=1e-6):
        return "the gradient is zero: nothing would be learned."
    if np.allclose(ratios, ratios[0], rtol=1e-3):
        return (
            f"the gradient is {ratios[0]:.3g} times as large as one device's would be; the sum of"
            " the losses, divided by `batch_size`, needs no other factor."
        )
    factors = ratios / whole  # of the sum
    if np.allclose(factors, factors[0], rtol=1e-3):
        return f"this divides the sum by {1 / factors[0]:.3g} each time; divide it by `batch_size`."
    wrong = np.abs(ratios - 1).argmax()
    return (
        f"with {part[wrong]:.0f} of {whole[wrong]:.0f} images on a device, its gradient is"
        f" {ratios[wrong]:.3g} times as large as it should be."
    )


replica_loss = _LossCheck(
    cases=_batches,
    examine=_fault_in_losses,
    praise="The sum over the part, divided by the whole batch: right for equal and unequal parts.",
)
