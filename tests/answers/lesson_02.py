"""Answers to lesson 02, "Prepare the data"."""

import copy

import numpy as np

from answers import Tried

IMAGES = np.zeros((3, 4, 4), dtype=np.uint8)
IMAGES[0, 1, 1], IMAGES[1, 1, 1], IMAGES[1, 2, 2] = 200, 100, 255
SCALED = IMAGES.astype(np.float32) / np.float32(127.5) - np.float32(1)
OWN_RNG = np.random.default_rng(0)


class DeviceArray:
    """An array of another library, such as a tensor."""

    def __init__(self, values):
        self.values, self.dtype = values, values.dtype

    def __array__(self, *args, **kwargs):
        return self.values


def split_by(images, labels, count, image_order, label_order):
    images, labels = images[image_order], labels[label_order]
    return images[:-count], labels[:-count], images[-count:], labels[-count:]


def split(images, labels, count, rng):
    order = rng.permutation(len(images))
    return split_by(images, labels, count, order, order)


def split_by_sorting(images, labels, count, rng):
    order = np.argsort(rng.random(len(images)))
    return split_by(images, labels, count, order, order)


def split_by_choice(images, labels, count, rng):
    order = rng.choice(len(images), len(images), replace=False)
    return split_by(images, labels, count, order, order)


def split_pairs(images, labels, count, rng):
    pairs = list(zip(images, labels, strict=True))
    rng.shuffle(pairs)
    images, labels = zip(*pairs, strict=True)
    return [images[:-count], labels[:-count], images[-count:], labels[-count:]]


def split_into_lists(images, labels, count, rng):
    return [part.tolist() for part in split(images, labels, count, rng)]


def split_by_a_drawn_seed(images, labels, count, rng):
    return split(images, labels, count, np.random.default_rng(rng.integers(2**32)))


def split_in_place(images, labels, count, rng):
    order = rng.permutation(len(images))
    images[:], labels[:] = images[order], labels[order]
    return split_by(images, labels, count, slice(None), slice(None))


def shuffle_from_the_same_state(images, labels, count, rng):
    twin = copy.deepcopy(rng)
    rng.shuffle(images)
    twin.shuffle(labels)
    return split_by(images, labels, count, slice(None), slice(None))


def split_apart(images, labels, count, rng):
    orders = rng.permutation(len(images)), rng.permutation(len(images))
    return split_by(images, labels, count, *orders)


def split_images_only(images, labels, count, rng):
    return split_by(images, labels, count, rng.permutation(len(images)), slice(None))


def split_labels_only(images, labels, count, rng):
    return split_by(images, labels, count, slice(None), rng.permutation(len(images)))


def split_swapped(images, labels, count, rng):
    fit_images, fit_labels, *validation = split(images, labels, count, rng)
    return *validation, fit_images, fit_labels


def split_like_scikit_learn(images, labels, count, rng):
    fit_images, fit_labels, validation_images, validation_labels = split(images, labels, count, rng)
    return fit_images, validation_images, fit_labels, validation_labels


def split_labels_first(images, labels, count, rng):
    fit_images, fit_labels, validation_images, validation_labels = split(images, labels, count, rng)
    return fit_labels, fit_images, validation_labels, validation_images


def split_overlapping(images, labels, count, rng):
    order = rng.permutation(len(images))
    return images[order], labels[order], images[order][-count:], labels[order][-count:]


def split_drawing_twice(images, labels, count, rng):
    fit_images, fit_labels, _, _ = split(images, labels, count, rng)
    _, _, validation_images, validation_labels = split(images, labels, count, rng)
    return fit_images, fit_labels, validation_images, validation_labels


def split_with_replacement(images, labels, count, rng):
    order = rng.integers(0, len(images), len(images))
    return split_by(images, labels, count, order, order)


def split_losing(images, labels, count, rng):
    fit_images, fit_labels, *validation = split(images, labels, count, rng)
    return fit_images[5:], fit_labels[5:], *validation


def split_repeating(images, labels, count, rng):
    order = rng.permutation(len(images))
    fit, validation = np.repeat(order[:-count], 2), order[-count:]
    return images[fit], labels[fit], images[validation], labels[validation]


def split_unshuffled(images, labels, count, rng):
    return split_by(images, labels, count, slice(None), slice(None))


def split_reversed(images, labels, count, rng):
    return split_by(images, labels, count, slice(None, None, -1), slice(None, None, -1))


def split_every_fifth(images, labels, count, rng):
    order = np.argsort(np.arange(len(images)) % 5, kind="stable")
    return split_by(images, labels, count, order, order)


def split_in_own_order(images, labels, count, rng):
    return split(images, labels, count, np.random.default_rng(0))


def split_in_own_fresh_order(images, labels, count, rng):
    return split(images, labels, count, np.random.default_rng())


def split_in_global_order(images, labels, count, rng):
    np.random.seed(7)  # noqa: NPY002
    order = np.random.permutation(len(images))  # noqa: NPY002
    return split_by(images, labels, count, order, order)


def split_first(images, labels, count, rng):
    n = len(images)
    order = np.concatenate([rng.permutation(n - count), n - count + rng.permutation(count)])
    return split_by(images, labels, count, order, order)


def split_shifted(images, labels, count, rng):
    order = np.roll(np.arange(len(images)), rng.integers(len(images)))
    return split_by(images, labels, count, order, order)


def split_halves_apart(images, labels, count, rng):
    half = len(images) // 2
    order = np.concatenate([rng.permutation(half), half + rng.permutation(len(images) - half)])
    return split_by(images, labels, count, order, order)


def split_taking_some_out(images, labels, count, rng):
    chosen = rng.choice(len(images), count, replace=False)
    fit_images, fit_labels = np.delete(images, chosen, axis=0), np.delete(labels, chosen)
    return fit_images, fit_labels, images[chosen], labels[chosen]


def split_keeping_the_order(images, labels, count, rng):
    chosen = np.isin(np.arange(len(images)), rng.choice(len(images), count, replace=False))
    return images[~chosen], labels[~chosen], images[chosen], labels[chosen]


def split_sorting_the_last(images, labels, count, rng):
    order = rng.permutation(len(images))
    order[-count:].sort()
    return split_by(images, labels, count, order, order)


def split_by_swaps(images, labels, count, rng):
    for last in range(len(images) - 1, 0, -1):
        pair = [last, rng.integers(last + 1)]
        images[pair], labels[pair] = images[pair[::-1]], labels[pair[::-1]]
    return split_by(images, labels, count, slice(None), slice(None))


def split_two_images(images, labels, count, rng):
    order = np.arange(len(images))
    pair = rng.choice(len(images), 2, replace=False)
    order[pair] = order[pair[::-1]]
    return split_by(images, labels, count, order, order)


def split_by_digit(images, labels, count, rng):
    order = rng.permutation(len(images))
    order = order[np.argsort(labels[order], kind="stable")]
    return split_by(images, labels, count, order, order)


def split_by_chance(images, labels, count, rng):
    chosen = rng.random(len(images)) < count / len(images)
    return images[~chosen], labels[~chosen], images[chosen], labels[chosen]


def split_twenty(images, labels, count, rng):
    return split(images, labels, 20, rng)


def split_scaled(images, labels, count, rng):
    return split(images / 255, labels, count, rng)


def split_flat(images, labels, count, rng):
    return split(images.reshape(len(images), -1), labels, count, rng)


def shuffle_pixels(images, labels, count, rng):
    return split(rng.permuted(images, axis=1), labels, count, rng)


def epoch(items, batch_size, rng):
    return rng.permutation(items).reshape(-1, batch_size)


def epoch_in_place(items, batch_size, rng):
    rng.shuffle(items)
    return items.reshape(-1, batch_size)


def epoch_by_index(items, batch_size, rng):
    order = rng.permutation(len(items))
    return [items[order[i : i + batch_size]] for i in range(0, len(items), batch_size)]


def epoch_in_columns(items, batch_size, rng):
    return rng.permutation(items).reshape(batch_size, -1).T


def epoch_from_the_same_state(items, batch_size, rng):
    return epoch(items, batch_size, copy.deepcopy(rng))


def epoch_keeping_the_first(items, batch_size, rng):
    return np.append(items[:1], rng.permutation(items[1:])).reshape(-1, batch_size)


def shift(items, batch_size, rng):
    return np.roll(items, rng.integers(len(items))).reshape(-1, batch_size)


def epoch_by_popping(items, batch_size, rng):
    left, batches = items.tolist(), []
    while left:
        batches.append([left.pop(rng.integers(len(left))) for _ in range(batch_size)])
    return batches


def epoch_of_integers(items, batch_size, rng):
    table = np.zeros((len(items) // batch_size, batch_size), dtype=int)
    table.flat = rng.permutation(items)
    return table


def epoch_of_few_seeds(items, batch_size, rng):
    return epoch(items, batch_size, np.random.default_rng(rng.integers(3)))


def sort_each_batch(items, batch_size, rng):
    return np.sort(epoch(items, batch_size, rng), axis=1)


TRIED = {
    "scale": Tried(
        given=(IMAGES,),
        right=[
            SCALED,
            DeviceArray(SCALED),
            np.linspace(-1, 1, 256, dtype=np.float32)[IMAGES],
            IMAGES.astype(np.float32) / 127.5 - 1,
            np.interp(IMAGES, [0, 255], [-1, 1]).astype("float32"),
            2 * (IMAGES / np.float32(255)) - np.float32(1),
            np.float32(IMAGES - 127.5) / np.float32(127.5),
        ],
        wrong=[
            (IMAGES / 127.5 - 1, "the values are right, but the type is float64"),
            (SCALED.astype(np.float16), "the values are right, but the type is float16"),
            (IMAGES.astype(np.float16) / np.float16(127.5) - np.float16(1), "type is float16"),
            ((IMAGES / 127.5 - 1).astype(int), "type is int64"),
            (SCALED.tolist(), "type list came, not a NumPy array"),
            (list(SCALED), "type list came, not a NumPy array"),
            (DeviceArray(IMAGES / 127.5 - 1), "the type is float64"),
            (SCALED.astype(object), "the type is object"),
            (np.sign(SCALED), "not the pixels of first_nine"),
            (SCALED[::-1], "not the pixels of first_nine"),
            (SCALED.round(2), "do not round"),
            (SCALED.transpose(0, 2, 1)[:, ::-1], "not the pixels of first_nine"),
            (-np.ones_like(SCALED), "not the pixels of first_nine"),
            (SCALED[:2], "shape (2, 4, 4) came, not an array of shape (3, 4, 4)"),
            (SCALED.reshape(3, 16), "shape (3, 16) came"),
            (SCALED[..., np.newaxis], "shape (3, 4, 4, 1) came"),
            (-1, "one number came"),
            (IMAGES, "first_nine as it was"),
            (IMAGES.astype(np.float32) / 255, "range [0, 1]"),
            (IMAGES / 255, "range [0, 1]"),
            (IMAGES.astype(np.float32) / 255 - np.float32(0.5), "[-0.5, 0.5]"),
            (IMAGES.astype(np.float32) / np.float32(127.5), "range [0, 2]"),
            (1 - IMAGES.astype(np.float32) / np.float32(127.5), "black and white are turned"),
            ((IMAGES * 2).astype(np.float32) / 255 - 1, "wrapped around"),
            (IMAGES.astype(np.float32), "first_nine as it was"),
            (IMAGES.astype(np.float32) / 128 - 1, "divide by 127.5"),
            (IMAGES.astype(np.float32) - 127.5, "divide by 127.5"),
            (SCALED / 2, "[-0.5, 0.5]"),
            (SCALED / 3, "divide by 127.5"),
            ("[-1, 1]", "text ('[-1, 1]') cannot be compared"),
            (None, "your answer is None"),
        ],
    ),
    "to_labels": Tried(
        right=[
            lambda o: o.argmax(axis=1),
            lambda o: np.argmax(o, axis=-1),
            lambda o: [list(row).index(1) for row in o],
            lambda o: o @ np.arange(10),
            lambda o: np.nonzero(o)[1],
            lambda o: o.argmax(axis=1).astype(object),
            lambda o: np.where(o == 1)[1],
            lambda o: [row.argmax() for row in o],
            lambda o: np.dot(o, range(10)).astype(np.uint8),
        ],
        wrong=[
            (lambda o: np.argmax(o, axis=0), "down the columns"),
            (lambda o: np.argmax(o), "one number for the whole table"),
            (lambda o: o.max(axis=1), "1 for each row"),
            (lambda o: o.sum(axis=1), "1 for each row"),
            (lambda o: o[0].argmax(), "axis=1 gives one for each row"),
            (lambda o: np.nonzero(o.T)[0], "sometimes right"),
            (lambda o: np.matrix(o).argmax(axis=1), "an array of shape (9, 1) came"),
            (lambda o: o @ np.arange(1, 11), "count from 1"),
            (lambda o: o @ np.arange(9, -1, -1), "count from the right"),
            (lambda o: np.where(o), "the labels are the columns alone"),
            (lambda o: o.sum(), "one number came"),
            (lambda o: o, "an array of shape (9, 10) came"),
            (lambda o: o.argmax(axis=1)[:, np.newaxis], "an array of shape (9, 1) came"),
            (lambda o: np.array([5, 0, 4, 1, 9, 2, 1, 3, 1]), "came"),
            (lambda o: np.zeros(len(o)), "position of the largest"),
            (lambda o: o[:, 1:].argmax(axis=1), "position of the largest"),
            (lambda o: o.argmin(axis=1), "position of the largest"),
            (lambda o: np.sort(o.argmax(axis=1)), "position of the largest"),
            (lambda o: o.argmax(axis=1)[:9], "an array of shape (9,) came"),
            (lambda o: [str(n) for n in o.argmax(axis=1)], "cannot be compared"),
            (lambda o: dict(enumerate(o.argmax(axis=1))), "type dict cannot be compared"),
            (lambda o: map(np.argmax, o), "type map cannot be compared"),
            (lambda o: print(o.argmax(axis=1)), "prints its result"),
            (lambda o: o.argmax(axis=1) if len(o) > 1 else None, "a `return` is missing"),
            (lambda o: o.index(1), "stopped with AttributeError"),
        ],
    ),
    "split": Tried(
        right=[split, split_by_sorting, split_by_choice, split_pairs, split_by_a_drawn_seed],
        in_place=[split_in_place, shuffle_from_the_same_state, split_by_swaps],
        wrong=[
            (split_apart, "no longer match"),
            (split_images_only, "no longer match"),
            (split_labels_only, "no longer match"),
            (split_swapped, "swapped; the smaller one"),
            (split_like_scikit_learn, "second and the third are swapped"),
            (split_labels_first, "images, labels, images, labels"),
            (split_overlapping, "in both sets"),
            (split_drawing_twice, "in both sets"),
            (split_with_replacement, "in both sets"),
            (split_losing, "in neither set"),
            (split_repeating, "more than once"),
            (split_unshuffled, "nothing was shuffled"),
            (split_reversed, "every rng gives the same split"),
            (split_every_fifth, "every rng gives the same split"),
            (split_in_own_order, "every rng gives the same split"),
            (split_in_global_order, "every rng gives the same split"),
            (split_in_own_fresh_order, "from the rng that you are given"),
            (split_first, "always holds the same images"),
            (split_halves_apart, "never come into the validation set"),
            (split_shifted, "hardly mixed"),
            (split_taking_some_out, "still stand in their old order"),
            (split_keeping_the_order, "still stand in their old order"),
            (split_sorting_the_last, "still stand in their old order"),
            (split_two_images, "never come into the validation set"),
            (split_by_digit, "always holds the same images"),
            (split_by_chance, "should have 20 images and labels, not"),
            (split_twenty, "should have 5"),
            (split_scaled, "none of those given"),
            (shuffle_pixels, "none of those given"),
            (split_flat, "each in its old form"),
            (lambda i, y, c, rng: split(i, y, c + 5, rng), "should have 20"),
            (lambda i, y, c, rng: (i, y), "did not return four arrays"),
            (lambda i, y, c, rng: i, "did not return four arrays"),
            (lambda i, y, c, rng: "abcd", "did not return four arrays"),
            (lambda i, y, c, rng: {1: i, 2: y, 3: i, 4: y}, "did not return four arrays"),
            (lambda i, y, c, rng: [None] * 4, "did not return four arrays"),
            (lambda i, y, c, rng: print(split(i, y, c, rng)), "prints its result"),
            (lambda i, y, c, rng: rng.shuffle(i), "returns nothing"),
            (lambda i, y, c: (i, y, i, y), "stopped with TypeError"),
        ],
    ),
    "epoch": Tried(
        right=[
            epoch,
            epoch_by_index,
            epoch_in_columns,
            epoch_by_popping,
            sort_each_batch,
            lambda n, size, rng: np.matrix(epoch(n, size, rng)),
            lambda n, size, rng: epoch(n, size, rng).astype(object),
        ],
        in_place=[epoch_in_place],
        wrong=[
            (lambda n, size, rng: rng.permutation(n.reshape(-1, size)), "same items still meet"),
            (
                lambda n, size, rng: rng.permuted(n.reshape(-1, size), axis=1),
                "same items still meet",
            ),
            (
                lambda n, size, rng: rng.permutation(n.reshape(-1, size), axis=1),
                "same items still meet",
            ),
            (lambda n, size, rng: rng.permuted(n.reshape(-1, size), axis=0), "never meet"),
            (shift, "never meet"),
            (epoch_of_few_seeds, "never meet"),
            (epoch_of_integers, "and unchanged"),
            (lambda n, size, rng: epoch(n, size, rng).astype(str), "an array of type str_ came"),
            (epoch_keeping_the_first, "never come into some"),
            (lambda n, size, rng: n.reshape(-1, size), "every epoch has the same order"),
            (lambda n, size, rng: n[::-1].reshape(-1, size), "every epoch has the same order"),
            (
                lambda n, size, rng: epoch(n, size, np.random.default_rng(0)),
                "every epoch has the same order",
            ),
            (epoch_from_the_same_state, "every epoch has the same order"),
            (
                lambda n, size, rng: epoch(n, size, np.random.default_rng()),
                "from the rng that you are given",
            ),
            (lambda n, size, rng: epoch(n, size, OWN_RNG), "from the rng that you are given"),
            (lambda n, size, rng: rng.choice(n, (len(n) // size, size)), "exactly once"),
            (lambda n, size, rng: rng.permutation(len(n)).reshape(-1, size), "exactly once"),
            (lambda n, size, rng: rng.permutation(12).reshape(-1, 4), "not (3, 4)"),
            (lambda n, size, rng: rng.permutation(n).reshape(3, 4), "stopped with ValueError"),
            (lambda n, size, rng: rng.permutation(n).reshape(-1, 4), "stopped with ValueError"),
            (lambda n, size, rng: rng.permutation(n).reshape(size, -1), "have the shape (3, 4)"),
            (lambda n, size, rng: rng.permutation(n), "have the shape (3, 4)"),
            (lambda n, size, rng: rng.permutation(n)[:size], "have the shape (3, 4)"),
            (lambda n, size, rng: "0 1 2", "one batch in each row"),
            (lambda n, size, rng: iter(epoch(n, size, rng)), "one batch in each row"),
            (lambda n, size, rng: rng.shuffle(n), "returns nothing"),
            (lambda n, size, rng: print(*epoch(n, size, rng)), "prints its result"),
        ],
    ),
}
