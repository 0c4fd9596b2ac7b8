"""Answers to the exercises of lesson 05."""

import math

import numpy as np

from answers import Tried


def solved_accuracy_from(logits, labels):
    return 100 * np.mean(logits.argmax(axis=1) == labels)


def softmax_first(logits, labels):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    return 100 * (probabilities.argmax(axis=1) == labels).mean()


def count_in_a_loop(logits, labels):
    right = 0
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        right += row.index(max(row)) == label
    return right / len(labels) * 100


def sort_the_logits(logits, labels):
    return 100 - 100 * np.mean(np.argsort(logits)[:, -1] != labels)


def round_the_logits_in_place(logits, labels):
    logits -= logits.max(axis=1, keepdims=True)
    labels -= logits.argmax(axis=1).astype(labels.dtype)
    return 100 * np.mean(labels == 0)


def logits_above_zero(logits, labels):
    return 100 * np.mean((logits > 0).argmax(axis=1) == labels)


def right_for_forty(logits, labels):
    return 100 * np.sum(logits.argmax(axis=1) == labels) / 40


def without_the_last_image(logits, labels):
    return 100 * np.mean(logits[:-1].argmax(axis=1) == labels[:-1])


def print_the_accuracy(logits, labels):
    print(solved_accuracy_from(logits, labels))


def only_many_images(logits, labels):
    if len(labels) > 30:
        return solved_accuracy_from(logits, labels)


def mean_of_batches(logits, labels):
    starts = range(0, len(labels), 32)
    return np.mean([solved_accuracy_from(logits[i : i + 32], labels[i : i + 32]) for i in starts])


def compare_one_hot(logits, labels):
    both = np.eye(10)[logits.argmax(axis=1)] * np.eye(10)[labels]
    return 100 * both.sum() / len(labels)


def whole_per_cent(logits, labels):
    return int(solved_accuracy_from(logits, labels))


def solved_wander(accuracy, count):
    share = accuracy / 100
    return 100 * np.sqrt(share * (1 - share) / count)


def wander_of_coins(accuracy, count):
    return math.sqrt(accuracy / count) * math.sqrt(100 - accuracy)


def wander_by_the_root_of_the_mistakes(accuracy, count):
    mistakes = (100 - accuracy) / 100 * count
    return 100 / count * math.sqrt(mistakes * (1 - mistakes / count))


def wander_of_ones_and_zeros(accuracy, count):
    right = round(accuracy / 100 * count)
    return 100 * np.std([1] * right + [0] * (count - right)) / math.sqrt(count)


def print_the_wander(accuracy, count):
    print(solved_wander(accuracy, count))


def solved_shuffle_labels(labels, rng):
    return rng.permutation(labels)


def shuffle_a_copy(labels, rng):
    copied = labels.copy()
    rng.shuffle(copied)
    return copied


def shuffle_a_list(labels, rng):
    listed = labels.tolist()
    rng.shuffle(listed)
    return listed


def shuffle_by_index(labels, rng):
    return labels[rng.permutation(len(labels))]


def shuffle_by_sorting_noise(labels, rng):
    return labels[np.argsort(rng.random(labels.size))]


def choose_each_once(labels, rng):
    return rng.choice(labels, len(labels), replace=False)


def shuffle_in_place(labels, rng):
    rng.shuffle(labels)
    return labels


def shuffle_a_view(labels, rng):
    shuffled = labels[:]
    rng.shuffle(shuffled)
    return shuffled


def shuffle_and_return_the_old_ones(labels, rng):
    old = labels.copy()
    rng.shuffle(labels)
    return old


def undo_the_shuffle(labels, rng):
    order = rng.permutation(len(labels))
    labels[:] = labels[order]
    shuffled = labels.copy()
    labels[order] = shuffled
    return shuffled


def swap_from_the_end(labels, rng):
    shuffled = labels.copy()
    for last in range(len(labels) - 1, 0, -1):
        other = rng.integers(last + 1)
        shuffled[last], shuffled[other] = shuffled[other], shuffled[last]
    return shuffled


def leave_bytes_in_order(labels, rng):
    return labels.copy() if labels.dtype == np.uint8 else rng.permutation(labels)


def swap_two(labels, rng):
    swapped = labels.copy()
    first, second = rng.choice(len(labels), 2, replace=False)
    swapped[[first, second]] = swapped[[second, first]]
    return swapped


def cut_the_pack(labels, rng):
    return np.roll(labels, rng.integers(1, len(labels)))


def shuffle_the_first_half(labels, rng):
    half = len(labels) // 2
    return np.concatenate([rng.permutation(labels[:half]), labels[half:]])


def shuffle_with_the_global_generator(labels, rng):
    return np.random.permutation(labels)  # noqa: NPY002


def print_the_shuffled(labels, rng):
    print(rng.permutation(labels))


TRIED = {
    "count_parameters": Tried(
        right=[
            (784 + 1) * 300 + (300 + 1) * 100 + (100 + 1) * 10,
            266_610,
            266_610.0,
            np.int64(266_610),
            np.array(266_610),
            sum([235_500, 30_100, 1010]),
        ],
        wrong=[
            (266_200, "forgot the biases"),
            (266_610.2, "inputs times outputs"),
            (31_110, "left out the first layer"),
            (321_850, "not the pixels"),
            (410, "these are the outputs"),
            (235_200_000, "do not multiply"),
            ([235_500, 30_100, 1010], "add them up"),
            (1, "inputs times outputs"),
            (0, "inputs times outputs"),
            (266_611, "inputs times outputs"),
            (267_000, "inputs times outputs"),
            (None, "your answer is None"),
            ("266,610", "text ('266,610') cannot be compared"),
            ([266_610], "an array of shape (1,) came"),
            (float("nan"), "inputs times outputs"),
        ],
    ),
    "accuracy_from": Tried(
        right=[
            solved_accuracy_from,
            lambda x, y: 100 * (x.argmax(1) == y).mean(),
            softmax_first,
            count_in_a_loop,
            sort_the_logits,
            compare_one_hot,
            lambda logits, labels: float(
                np.sum(np.argmax(logits, 1) == labels) / len(labels) * 100
            ),
        ],
        in_place=[round_the_logits_in_place],
        wrong=[
            (lambda x, y: (x.argmax(1) == y).mean(), "fraction of 1"),
            (lambda x, y: 100 * (x.argmax(1) != y).mean(), "the error"),
            (lambda x, y: (x.argmax(1) == y).sum(), "counts the right ones"),
            (lambda x, y: 100 * (x.argmax() == y).mean(), "needs axis=1"),
            (lambda x, y: 100 * (x.argmin(1) == y).mean(), "argmin finds"),
            (lambda x, y: x.argmax(1) == y, "take the mean"),
            (lambda x, y: 50, "largest logit in each row"),
            (lambda x, y: 0, "sometimes right"),
            (lambda x, y: 67.5, "sometimes right"),
            (lambda x, y: y, "wanted is one number"),
            (lambda x, y: 100 * (x.argmax(0) == y).mean(), "stopped with ValueError"),
            (logits_above_zero, "largest logit in each row"),
            (right_for_forty, "sometimes right"),
            (lambda x, y: 100 * np.mean(np.abs(x).argmax(1) == y), "sometimes right"),
            (mean_of_batches, "sometimes right"),
            (without_the_last_image, "largest logit in each row"),
            (only_many_images, "returns nothing for some inputs"),
            (print_the_accuracy, "prints its result and returns nothing"),
            (lambda x, y: solved_accuracy_from(x, y)[0], "stopped with"),
            (lambda x, y: f"{solved_accuracy_from(x, y)} %", "cannot be compared"),
            (lambda x, y: [solved_accuracy_from(x, y)], "an array of shape (1,) came"),
            (lambda x, y: round(solved_accuracy_from(x, y), 1), "do not round"),
            (whole_per_cent, "do not round"),
        ],
    ),
    "wander": Tried(
        right=[
            solved_wander,
            lambda a, n: 100 * np.sqrt(a / 100 * (1 - a / 100) / n),
            lambda a, n: 100 * (a / 100 * (100 - a) / 100) ** 0.5 * n**-0.5,
            wander_of_coins,
            wander_by_the_root_of_the_mistakes,
            wander_of_ones_and_zeros,
        ],
        wrong=[
            (lambda a, n: np.sqrt(a / 100 * (1 - a / 100) / n), "fraction of 1"),
            (lambda a, n: 100 * a / 100 * (1 - a / 100) / n, "root is missing"),
            (lambda a, n: a / 100 * (1 - a / 100) / n, "take the root"),
            (lambda a, n: a * (100 - a) / n, "points squared"),
            (lambda a, n: 100 * np.sqrt(a / 100 * (1 - a / 100)), "single image"),
            (lambda a, n: 100 * np.sqrt(a / 100 * (1 - a / 100)) / n, "belongs inside the root"),
            (lambda a, n: np.sqrt(a * (100 - a)) / 100, "whatever the count is"),
            (lambda a, n: 100 * np.sqrt(a / 100 / n), "not p alone"),
            (lambda a, n: 2 * np.sqrt(a * (100 - a) / n), "two standard deviations"),
            (lambda a, n: 7, "root of p (1 - p)"),
            (lambda a, n: (a * (100 - a) / (n - 1)) ** 0.5, "root of p (1 - p)"),
            (lambda a, n: 50 / n**0.5, "sometimes right"),
            (lambda a, n: 0.14, "sometimes right"),
            (lambda a, n: 14 / n**0.5, "sometimes right"),
            (lambda a, n: np.sqrt(0.98 * 0.02 / n) * 100, "sometimes right"),
            (lambda a, n: a, "root of p (1 - p)"),
            (lambda a, n: math.sqrt(a * (1 - a) / n), "stopped with ValueError"),
            (lambda a, n: (a * (1 - a) / n) ** 0.5, "root of p (1 - p)"),
            (lambda a, n: np.sqrt(a * (1 - a) / n), "root of p (1 - p)"),
            (lambda a, n: round(solved_wander(a, n), 2), "do not round"),
            (lambda a, n: f"{solved_wander(a, n):.2f}", "cannot be compared"),
            (
                lambda a, n: (a - solved_wander(a, n), a + solved_wander(a, n)),
                "wanted is one number",
            ),
            (lambda a, n: None if n < 100 else solved_wander(a, n), "nothing for (50.0, 64)"),
            (print_the_wander, "prints its result and returns nothing"),
        ],
    ),
    "shuffle_labels": Tried(
        right=[
            solved_shuffle_labels,
            shuffle_a_copy,
            shuffle_a_list,
            shuffle_by_index,
            shuffle_by_sorting_noise,
            choose_each_once,
            undo_the_shuffle,
            swap_from_the_end,
            lambda labels, rng: sorted(labels, key=lambda _: rng.random()),
            lambda labels, rng: rng.permuted(labels),
            lambda labels, rng: np.random.default_rng(rng.integers(2**40)).permutation(labels),
        ],
        wrong=[
            (shuffle_in_place, "given labels were shuffled too"),
            (shuffle_a_view, "given labels were shuffled too"),
            (shuffle_and_return_the_old_ones, "given labels were shuffled too"),
            (lambda labels, rng: rng.shuffle(labels), "returns None"),
            (lambda labels, rng: None, "returns nothing"),
            (print_the_shuffled, "prints its result and returns nothing"),
            (lambda labels, rng: rng.integers(0, 10, 50), "not the same labels"),
            (lambda labels, rng: rng.choice(labels, len(labels)), "not the same labels"),
            (lambda labels, rng: rng.permutation(len(labels)), "not the same labels"),
            (lambda labels, rng: rng.permutation(labels)[1:], "not the same labels"),
            (lambda labels, rng: rng.permutation(labels)[:, None], "not the same labels"),
            (lambda labels, rng: set(labels), "not the same labels"),
            (lambda labels, rng: rng.permutation(labels).astype(str), "not the same labels"),
            (lambda labels, rng: labels.copy(), "old order"),
            (lambda labels, rng: labels, "old order"),
            (leave_bytes_in_order, "old order"),
            (lambda labels, rng: iter(rng.permutation(labels)), "in one array"),
            (lambda labels, rng: (labels, rng.permutation(labels)), "in one array"),
            (
                lambda labels, rng: np.random.default_rng(rng.integers(100)).permutation(labels),
                "does not shuffle all labels well",
            ),
            (lambda labels, rng: labels[::-1], "always the same"),
            (lambda labels, rng: np.sort(labels), "always the same"),
            (lambda labels, rng: np.random.default_rng(0).permutation(labels), "always the same"),
            (shuffle_with_the_global_generator, "equal generators should give equal orders"),
            (lambda labels, rng: np.random.default_rng().permutation(labels), "equal generators"),
            (swap_two, "does not shuffle all labels well"),
            (cut_the_pack, "does not shuffle all labels well"),
            (shuffle_the_first_half, "does not shuffle all labels well"),
        ],
    ),
}
