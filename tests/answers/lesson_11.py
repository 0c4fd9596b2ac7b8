"""Answers to the exercises of lesson 11."""

from fractions import Fraction

import numpy as np

from answers import Tried
from helpers.checks.lesson_11 import two_devices
from helpers.quiet import keras, tf

two_devices()  # while TensorFlow has computed nothing yet, in whichever process this is imported

LOSSES = keras.losses.sparse_categorical_crossentropy


def solved_bytes_sent(parameters, devices):
    return 2 * (devices - 1) / devices * 4 * parameters


def turn_by_turn(parameters, devices):
    sent = 0.0
    for _ in range(2 * (devices - 1)):
        sent += np.dtype(np.float32).itemsize * parameters / devices
    return sent


def for_two_devices(parameters, devices):
    return 4 * parameters


def of_all_devices(parameters, devices):
    return devices * solved_bytes_sent(parameters, devices)


def whole_parts(parameters, devices):
    return 2 * (devices - 1) * 4 * (parameters // devices)


def solved_combined(gradients, counts):
    total = sum(count * gradient for gradient, count in zip(gradients, counts, strict=True))
    return total / sum(counts)


def average(gradients, counts):
    return np.average(gradients, axis=0, weights=counts)


def image_by_image(gradients, counts):
    return np.repeat(np.stack(gradients), counts, axis=0).mean(axis=0)


def one_after_another(gradients, counts):
    mean, count = 0, 0
    for gradient, more in zip(gradients, counts, strict=True):
        mean = (count * mean + more * gradient) / (count + more)
        count += more
    return mean.tolist()


def combined_in_place(gradients, counts):
    for gradient, count in zip(gradients, counts, strict=True):
        gradient *= count / sum(counts)
    for gradient in gradients[1:]:
        gradients[0] += gradient
    return gradients[0]


def combined_of_two(gradients, counts):
    total = counts[0] * gradients[0] + counts[1] * gradients[1]
    return total / (counts[0] + counts[1])


def batches_of(order, batch_size):
    steps = len(order) // batch_size
    return np.asarray(order[: steps * batch_size]).reshape(steps, batch_size)


def solved_share_of_epoch(order, worker, workers, batch_size):
    return batches_of(order, batch_size)[:, worker::workers]


def neighbouring_columns(order, worker, workers, batch_size):
    return np.split(batches_of(order, batch_size), workers, axis=1)[worker]


def the_last_first(order, worker, workers, batch_size):
    return solved_share_of_epoch(order, workers - 1 - worker, workers, batch_size)


def a_list_of_rows(order, worker, workers, batch_size):
    return [row.tolist() for row in solved_share_of_epoch(order, worker, workers, batch_size)]


def every_so_many_th(order, worker, workers, batch_size):
    share, steps = batch_size // workers, len(order) // batch_size
    return order[worker::workers][: steps * share].reshape(steps, share)


def in_turn(order, worker, workers, batch_size):
    """Deal out in another way at each step."""
    share, batches = batch_size // workers, batches_of(order, batch_size)
    return [
        batch[(worker + step) % workers * share :][:share] for step, batch in enumerate(batches)
    ]


def shuffled_within_the_batch(order, worker, workers, batch_size):
    rng = np.random.default_rng(5)
    rows = rng.permuted(batches_of(order, batch_size), axis=1)
    return tuple(map(tuple, rows[:, worker::workers]))


def everything(order, worker, workers, batch_size):
    return batches_of(order, batch_size)


def one_slice_each(order, worker, workers, batch_size):
    share = batch_size // workers
    steps = len(order) // batch_size
    return order[worker * steps * share :][: steps * share].reshape(steps, share)


def every_other_image_first(order, worker, workers, batch_size):
    whole = order[: len(order) // batch_size * batch_size]
    return whole[worker::workers][::-1].reshape(-1, batch_size // workers)


def positions_in_the_order(order, worker, workers, batch_size):
    return solved_share_of_epoch(np.arange(len(order)), worker, workers, batch_size)


def always_worker_0(order, worker, workers, batch_size):
    return solved_share_of_epoch(order, 0, workers, batch_size)


def shuffled_anew(order, worker, workers, batch_size):
    rng = np.random.default_rng(worker)
    return solved_share_of_epoch(rng.permutation(order), worker, workers, batch_size)


def sorted_first(order, worker, workers, batch_size):
    return solved_share_of_epoch(np.sort(order)[::-1], worker, workers, batch_size)


def without_the_first(order, worker, workers, batch_size):
    return solved_share_of_epoch(order[len(order) % batch_size :], worker, workers, batch_size)


def with_the_rest(order, worker, workers, batch_size):
    starts = range(0, len(order), batch_size)
    return [order[start : start + batch_size][worker::workers] for start in starts]


def in_one_row(order, worker, workers, batch_size):
    return solved_share_of_epoch(order, worker, workers, batch_size).ravel()


def columns_for_rows(order, worker, workers, batch_size):
    return solved_share_of_epoch(order, worker, workers, batch_size).T


def without_the_last_batch(order, worker, workers, batch_size):
    return solved_share_of_epoch(order, worker, workers, batch_size)[:-1]


def the_first_half_of_each_batch(order, worker, workers, batch_size):
    return batches_of(order, batch_size)[:, : batch_size // workers]


def shuffled_in_place(order, worker, workers, batch_size):
    np.random.default_rng(0).shuffle(order)
    return solved_share_of_epoch(order, worker, workers, batch_size)


class WhoeverAsksFirst:
    """Deal out by the number of the call, and not by `worker`."""

    def __init__(self):
        self.calls = 0

    def __call__(self, order, worker, workers, batch_size):
        self.calls += 1
        return solved_share_of_epoch(order, self.calls % workers, workers, batch_size)


def batches_of_a_piece(order, worker, workers, batch_size):
    return batches_of(order[worker::workers], batch_size)


def batches_in_turn(order, worker, workers, batch_size):
    return batches_of(order, batch_size)[worker::workers]


def pieces_of_the_order(order, worker, workers, batch_size):
    return batches_of(np.array_split(order, workers)[worker], batch_size // workers)


def filled_up(order, worker, workers, batch_size):
    steps = -(-len(order) // batch_size)
    return solved_share_of_epoch(np.resize(order, steps * batch_size), worker, workers, batch_size)


def numbered_from_one(order, worker, workers, batch_size):
    share = batch_size // workers
    return batches_of(order, batch_size)[:, (worker - 1) * share : worker * share]


def with_the_order(order, worker, workers, batch_size):
    return solved_share_of_epoch(order, worker, workers, batch_size), order


def backwards(order, worker, workers, batch_size):
    return solved_share_of_epoch(order, worker, workers, batch_size)[::-1]


def as_floats(order, worker, workers, batch_size):
    return solved_share_of_epoch(order, worker, workers, batch_size) / 1


def solved_replica_loss(labels, logits, batch_size):
    return tf.reduce_sum(LOSSES(labels, logits, from_logits=True)) / batch_size


def average_loss(labels, logits, batch_size):
    losses = LOSSES(labels, logits, from_logits=True)
    return tf.nn.compute_average_loss(losses, global_batch_size=batch_size)


def loss_of_tensorflow(labels, logits, batch_size):
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
    return keras.ops.sum(losses) / batch_size


def loss_by_hand(labels, logits, batch_size):
    of_the_label = tf.gather(logits, labels, batch_dims=1)
    return tf.reduce_sum(tf.reduce_logsumexp(logits, axis=1) - of_the_label) / batch_size


def part_of_a_mean(labels, logits, batch_size):
    share = len(labels) / batch_size
    return tf.reduce_mean(LOSSES(labels, logits, from_logits=True)) * share


def mended_mean_of_keras(labels, logits, batch_size):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return loss(labels, logits) * 2 * len(labels) / batch_size


def probabilities_first(labels, logits, batch_size):
    return tf.reduce_sum(LOSSES(labels, tf.nn.softmax(logits))) / batch_size


@tf.function
def compiled(labels, logits, batch_size):
    return solved_replica_loss(labels, logits, batch_size)


def keras_sum(labels, logits, batch_size):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum")
    return loss(labels, logits) / batch_size


def keras_without_reduction(labels, logits, batch_size):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction=None)
    return tf.nn.compute_average_loss(loss(labels, logits), global_batch_size=batch_size)


def by_the_images_of_all_devices(labels, logits, batch_size):
    context = tf.distribute.get_replica_context()
    images = context.all_reduce("SUM", tf.cast(len(labels), tf.float32))
    return plain_sum(labels, logits, batch_size) / images


def with_a_sparse_gradient(labels, logits, batch_size):
    return solved_replica_loss(labels, tf.gather(logits, tf.range(len(labels))), batch_size)


def with_a_look_at_it(labels, logits, batch_size):
    loss = solved_replica_loss(labels, logits, batch_size)
    print("loss:", float(loss))
    return loss + 1


def image_after_image(labels, logits, batch_size):
    loss = 0.0
    for label, row in zip(labels, logits, strict=True):
        loss += tf.reduce_logsumexp(row) - row[label]
    return loss / batch_size


def keras_sum_doubled(labels, logits, batch_size):
    return keras_sum(labels, logits, batch_size) * tf.distribute.get_strategy().num_replicas_in_sync


def keras_mean(labels, logits, batch_size):
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, logits)


def keras_mean_divided(labels, logits, batch_size):
    return keras_mean(labels, logits, batch_size) / 2


def average_of_keras_mean(labels, logits, batch_size):
    loss = keras_mean(labels, logits, batch_size)
    return tf.nn.compute_average_loss(loss[tf.newaxis], global_batch_size=batch_size)


def mean(labels, logits, batch_size):
    return tf.reduce_mean(LOSSES(labels, logits, from_logits=True))


def plain_sum(labels, logits, batch_size):
    return tf.reduce_sum(LOSSES(labels, logits, from_logits=True))


def sum_over_devices(labels, logits, batch_size):
    return plain_sum(labels, logits, batch_size) / 2


def mean_over_batch(labels, logits, batch_size):
    return mean(labels, logits, batch_size) / batch_size


def sum_over_batch_and_devices(labels, logits, batch_size):
    return solved_replica_loss(labels, logits, batch_size) / 2


def one_for_each_image(labels, logits, batch_size):
    return LOSSES(labels, logits, from_logits=True) / batch_size


def forgotten_logits(labels, logits, batch_size):
    return tf.reduce_sum(LOSSES(labels, logits)) / batch_size


def softmax_twice(labels, logits, batch_size):
    return solved_replica_loss(labels, tf.nn.softmax(logits), batch_size)


def turned_round(labels, logits, batch_size):
    return -solved_replica_loss(labels, logits, batch_size)


def in_numpy(labels, logits, batch_size):
    return float(solved_replica_loss(labels, logits, batch_size))


def for_batches_of_256(labels, logits, batch_size):
    return plain_sum(labels, logits, batch_size) / 256


def of_a_constant(labels, logits, batch_size):
    return tf.constant(2.3)


def zero_times(labels, logits, batch_size):
    return 0 * solved_replica_loss(labels, logits, batch_size)


def by_the_part_if_it_is_small(labels, logits, batch_size):
    return plain_sum(labels, logits, batch_size) / (batch_size if len(labels) > 1 else 1)


def half_of_a_mean(labels, logits, batch_size):
    return mean(labels, logits, batch_size) / 2


def average_of_the_mean_of_keras(labels, logits, batch_size):
    loss = keras_mean(labels, logits, batch_size)
    return tf.nn.compute_average_loss(loss, global_batch_size=batch_size)


def worst_image(labels, logits, batch_size):
    return tf.reduce_max(LOSSES(labels, logits, from_logits=True)) / batch_size


def in_half_precision(labels, logits, batch_size):
    return tf.cast(solved_replica_loss(labels, logits, batch_size), tf.bfloat16)


def divided_by_zero(labels, logits, batch_size):
    return plain_sum(labels, logits, batch_size) / 0.0


def stopped_gradient(labels, logits, batch_size):
    return tf.stop_gradient(solved_replica_loss(labels, logits, batch_size))


def is_on_the_first_device():
    return tf.distribute.get_replica_context().replica_id_in_sync_group == 0


def on_the_first_device(labels, logits, batch_size):
    return solved_replica_loss(labels, logits, batch_size) * int(is_on_the_first_device())


def nothing_on_the_second_device(labels, logits, batch_size):
    return solved_replica_loss(labels, logits, batch_size) if is_on_the_first_device() else None


def summed_on_one_device(labels, logits, batch_size):
    loss = solved_replica_loss(labels, logits, batch_size)
    context = tf.distribute.get_replica_context()
    return context.all_reduce("SUM", loss) if is_on_the_first_device() else loss


TRIED = {
    "bytes_sent": Tried(
        right=[solved_bytes_sent, turn_by_turn, lambda n, d: Fraction(8 * n * (d - 1), d)],
        wrong=[
            (lambda n, d: 2 * (d - 1) / d * n, "a float32 takes four bytes."),
            (lambda n, d: 2 * (d - 1) / d * 8 * n, "four bytes, not eight"),
            (lambda n, d: (d - 1) / d * 4 * n, "this is half of it"),
            (lambda n, d: 2 * (d - 1) * 4 * n, "`devices` times too much"),
            (lambda n, d: (d - 1) * 4 * n, "send everything to every other"),
            (lambda n, d: 2 * d / d * 4 * n, "these are 2 x devices turns"),
            (lambda n, d: 4 * n / d, "this is one turn"),
            (for_two_devices, "the gradient, sent once"),
            (lambda n, d: 2 * (d - 1) / d * 32 * n, "these are bits"),
            (whole_parts, "rounds the parts down"),
            (lambda n, d: 2 * (d - 1) * 4 * -(-n // d), "rounds the parts up"),
            (lambda n, d: (2 * d - 1) / d * 4 * n, "set parentheses"),
            (lambda n, d: 2 / d * 4 * n, "these are two turns"),
            (lambda n, d: 2 * (d - 1) * 4 * n // d, "do not round"),
            (lambda n, d: round(solved_bytes_sent(n, d)), "do not round"),
            (lambda n, d: solved_bytes_sent(n, d) / 1e3, "these are kilobytes"),
            (lambda n, d: solved_bytes_sent(n, d) if d > 1 else 4 * n, "not for (1, 1)"),
            (lambda n, d: 8 * n * (d - 1) / (d - 1), "ZeroDivisionError for (1, 1)"),
            (lambda n, d: solved_bytes_sent(n, d) / 1e6, "these are megabytes"),
            (of_all_devices, "`devices` times too much"),
            (lambda n, d: 227_880, "2 x (devices - 1) turns"),
            (lambda n, d: (solved_bytes_sent(n, d), d), "wanted is one number"),
        ],
    ),
    "combined": Tried(
        right=[solved_combined, average, image_by_image, one_after_another],
        in_place=[combined_in_place],
        wrong=[
            (lambda g, c: np.mean(g, axis=0), "an image of a small part counts more"),
            (lambda g, c: np.sum(g, axis=0), "adds up the means"),
            (lambda g, c: sum(n * one for n, one in zip(c, g, strict=True)), "divide by their"),
            (lambda g, c: solved_combined(g, c) * sum(c) / len(c), "not of devices"),
            (lambda g, c: sum(g) / sum(c), "multiply each mean"),
            (lambda g, c: sum(one / n for n, one in zip(c, g, strict=True)), "do not divide again"),
            (lambda g, c: average(g, [1 / n for n in c]), "stopped with ZeroDivisionError"),
            (
                lambda g, c: [n * one for n, one in zip(c, g, strict=True)],
                "an array of shape (2, 6)",
            ),
            (lambda g, c: np.round(solved_combined(g, c), 3), "do not round"),
            (lambda g, c: sum(g) / np.count_nonzero(c), "leaves out who had no images"),
            (lambda g, c: g[0], "the first device's alone"),
            (lambda g, c: g[np.argmax(c)], "with most images"),
            (lambda g, c: solved_combined(g, sum(c) - np.array(c)), "the wrong way round"),
            (lambda g, c: average(g, 1 / np.maximum(c, 1)), "you divided instead"),
            (
                lambda g, c: sum(n * n * one for n, one in zip(c, g, strict=True)) / sum(c) ** 2,
                "twice",
            ),
            (combined_of_two, "sometimes right"),
            (lambda g, c: solved_combined(g, c).mean(), "wanted is an array"),
            (lambda g, c: np.stack(g), "wanted is an array"),
        ],
    ),
    "share_of_epoch": Tried(
        right=[
            solved_share_of_epoch,
            neighbouring_columns,
            the_last_first,
            a_list_of_rows,
            every_so_many_th,
            in_turn,
            shuffled_within_the_batch,
        ],
        wrong=[
            (everything, "every worker takes everything"),
            (one_slice_each, "a piece of the order to itself"),
            (every_other_image_first, "row i comes from batch i"),
            (positions_in_the_order, "deals out 0, 1, 2, ..."),
            (always_worker_0, "all workers take the same images"),
            (the_first_half_of_each_batch, "all workers take the same images"),
            (shuffled_anew, "an image is read twice"),
            (sorted_first, "row i comes from batch i"),
            (without_the_first, "must read the images of one batch"),
            (with_the_rest, "do not fill a batch are left out"),
            (in_one_row, "a row for each step"),
            (columns_for_rows, "rows and columns are exchanged"),
            (without_the_last_batch, "wanted is"),
            (shuffled_in_place, "the order was changed"),
            (as_floats, "whole numbers"),
            (WhoeverAsksFirst(), "let the arguments alone decide"),
            (batches_of_a_piece, "a row has batch_size images"),
            (batches_in_turn, "a row has batch_size images"),
            (pieces_of_the_order, "a piece of the order to itself"),
            (filled_up, "a row too many"),
            (numbered_from_one, "the workers are numbered from 0"),
            (with_the_order, "rows of the same length"),
            (backwards, "row i comes from batch i"),
            (lambda order, *given: positions_in_the_order(np.sort(order), *given), "0, 1, 2, ..."),
            (lambda *given: [], "no positions came"),
            (lambda order, *given: order, "every worker takes everything"),
            (lambda *given: [[0, 1]], "wanted is"),
        ],
    ),
    "replica_loss": Tried(
        right=[
            solved_replica_loss,
            average_loss,
            loss_of_tensorflow,
            loss_by_hand,
            part_of_a_mean,
            mended_mean_of_keras,
            probabilities_first,
            compiled,
            keras_sum,
            keras_without_reduction,
            by_the_images_of_all_devices,
            with_a_sparse_gradient,
            with_a_look_at_it,
            image_after_image,
        ],
        wrong=[
            (keras_mean, "right where the parts are equal"),
            (keras_mean_divided, "the step is half as large"),
            (average_of_keras_mean, "Keras's by the devices as well"),
            (mean, "twice as large"),
            (plain_sum, "this is the sum over the part"),
            (sum_over_devices, "not by the devices"),
            (mean_over_batch, "a mean is divided already; divide"),
            (sum_over_batch_and_devices, "is the whole batch already"),
            (one_for_each_image, "return one number"),
            (forgotten_logits, "the gradient points elsewhere"),
            (softmax_twice, "the gradient points elsewhere"),
            (turned_round, "the sign is wrong"),
            (in_numpy, "no gradient comes back"),
            (of_a_constant, "no gradient comes back"),
            (zero_times, "the gradient is zero"),
            (for_batches_of_256, "this divides the sum by 256"),
            (keras_sum_doubled, "needs no other factor"),
            (half_of_a_mean, "half of each part's mean"),
            (average_of_the_mean_of_keras, "stopped with ValueError"),
            (worst_image, "do not count alike"),
            (in_half_precision, "leave it a float32"),
            (divided_by_zero, "not finite"),
            (stopped_gradient, "no gradient comes back"),
            (on_the_first_device, "times as large as it should be"),
            (nothing_on_the_second_device, "on one of the devices"),
            (summed_on_one_device, "stopped with RuntimeError"),
            (lambda *given: (solved_replica_loss(*given), given[2]), "return one number"),
            (lambda *given: unknown_loss(*given), "stopped with NameError"),  # noqa: F821
            (by_the_part_if_it_is_small, "times as large as it should be"),
        ],
    ),
}
