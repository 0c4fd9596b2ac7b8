"""The checks of the exercises: the right answer passes, the stub is not attempted, each mistake is named.

The wrong answers here are written as students write them, not taken from the checks.
"""

import numpy as np
import pytest

from helpers.checks import lesson_01, lesson_02, lesson_03, lesson_05, lesson_07, lesson_08, same

IMAGES = np.zeros((3, 4, 4), dtype=np.uint8)
DETECTOR_LABELS = np.array([5, 5, *range(5), *range(6, 10)] + [1] * 21)
IMAGES[0, 1, 1], IMAGES[1, 1, 1], IMAGES[1, 2, 2] = 200, 100, 255


def write_in_place(chunks, path):
    with open(path, "wb") as file:
        for chunk in chunks:
            file.write(chunk)


def write_all_at_once(chunks, path):
    path.write_bytes(b"".join(chunks))


def never_rename(chunks, path):
    path.with_suffix(".part").write_bytes(b"".join(chunks))


def hide_the_error(chunks, path):
    try:
        write_all_at_once(chunks, path)
    except ConnectionError:
        pass


def delete_after_a_break(chunks, path):
    try:
        write_in_place(chunks, path)
    except ConnectionError:
        path.unlink()
        raise


def write_the_first_chunk(chunks, path):
    path.write_bytes(next(iter(chunks)))


def split_by(images, labels, count, image_order, label_order):
    images, labels = images[image_order], labels[label_order]
    return images[:-count], labels[:-count], images[-count:], labels[-count:]


def split_well(images, labels, count, rng):
    order = rng.permutation(len(images))
    return split_by(images, labels, count, order, order)


def split_apart(images, labels, count, rng):
    return split_by(
        images, labels, count, rng.permutation(len(images)), rng.permutation(len(images))
    )


def split_swapped(images, labels, count, rng):
    fit_images, fit_labels, validation_images, validation_labels = split_well(
        images, labels, count, rng
    )
    return validation_images, validation_labels, fit_images, fit_labels


def split_overlapping(images, labels, count, rng):
    order = rng.permutation(len(images))
    return images[order], labels[order], images[order][-count:], labels[order][-count:]


def split_losing(images, labels, count, rng):
    fit_images, fit_labels, *validation = split_well(images, labels, count, rng)
    return fit_images[5:], fit_labels[5:], *validation


def shuffle_in_place(labels, rng):
    rng.shuffle(labels)
    return labels


def shuffle_a_view(labels, rng):
    shuffled = labels[:]
    rng.shuffle(shuffled)
    return shuffled


def elect(neighbour_labels, rank):
    """The winner of each row: a digit with the most votes, of those the one `rank` puts first."""
    winners = []
    for labels in neighbour_labels.tolist():
        most = max(labels.count(label) for label in labels)
        winners.append(
            min((d for d in labels if labels.count(d) == most), key=lambda d: rank(labels, d))
        )
    return winners


def by_last_place(labels, digit):
    return labels[::-1].index(digit)


def wins_and_losses(first, second, labels):
    pairs = list(zip(first == labels, second == labels, strict=True))
    return pairs.count((False, True)), pairs.count((True, False))


def luck(first, second, labels):
    wins, losses = wins_and_losses(first, second, labels)
    return (wins - losses) / np.sqrt(wins + losses)


def lead(first, second, labels):
    return int(np.sum(second == labels)) - int(np.sum(first == labels))


def standardise(rows, like_mean, like_spread):
    return (rows - np.mean(like_mean, 0)) / (np.std(like_spread, 0) + 0.1)


def time_ten(device, warm_up=True, wait=True, divide=10):
    if warm_up:
        device.run()
        device.wait()
    start = device.clock()
    for _ in range(10):
        device.run()
    if wait:
        device.wait()
    return (device.clock() - start) / divide


# check, the arguments that come after the answer, and answers with the words that must appear
CASES = {
    "ink_share": (
        lesson_01.ink_share,
        (IMAGES,),
        [
            (6.25, "Right."),
            (0.0625, "fraction of 1"),
            (93.75, "counted the paper"),
            (3, "how many pixels"),
            (100 * IMAGES.mean() / 255, "how dark"),
            (50, "compare every pixel"),
            ("many", "compare every pixel"),
        ],
    ),
    "read_shape": (
        lesson_01.read_shape,
        (),
        [
            (lambda c: tuple(np.frombuffer(c[4 : 4 + 4 * c[3]], ">u4")), "Right."),
            (lambda c: tuple(np.frombuffer(c[4 : 4 + 4 * c[3]], "<u4")), "wrong order"),
            (lambda c: tuple(np.frombuffer(c[: 4 + 4 * c[3]], ">u4")), "magic number is not"),
            (lambda c: tuple(np.frombuffer(c[4:16], ">u4")), "three-dimensional"),
            (lambda c: tuple(np.frombuffer(c[8 : 4 + 4 * c[3]], ">u4")), "number of items"),
            (lambda c: (1, 2, 3), "four bytes each"),
            (lambda c: c.shape, "stopped with AttributeError"),
        ],
    ),
    "never_inked": (
        lesson_01.never_inked,
        (IMAGES,),
        [
            (14, "Right."),
            (2, "do have ink"),
            (15, "first image alone"),
            (45, "each image's empty pixels"),
            (1, "counts empty images"),
            (9, "maximum over all images"),
        ],
    ),
    "save": (
        lesson_01.save,
        (),
        [
            (write_all_at_once, "Right."),  # everything has arrived before the file is opened
            (write_in_place, "half a file stays"),
            (never_rename, "no file under the final name"),
            (hide_the_error, "hides the error"),
            (delete_after_a_break, "good file that was there before is gone"),
            (write_the_first_chunk, "does not hold all chunks"),
            (lambda chunks, path: path.no_such_method(), "stopped with AttributeError"),
        ],
    ),
    "scale": (
        lesson_02.scale,
        (IMAGES,),
        [
            (IMAGES.astype(np.float32) / np.float32(127.5) - 1, "Right."),
            (IMAGES / 127.5 - 1, "type is float64"),
            (IMAGES.astype(np.float32) / 255, "range [0, 1]"),
            (IMAGES.astype(np.float32) / 255 - np.float32(0.5), "[-0.5, 0.5]"),
            (IMAGES.astype(np.float32) / np.float32(127.5), "range [0, 2]"),
            ((IMAGES * 2).astype(np.float32) / 255 - 1, "wrapped around"),
            (IMAGES.astype(np.float32), "divide by 127.5"),
        ],
    ),
    "to_labels": (
        lesson_02.to_labels,
        (),
        [
            (lambda o: np.argmax(o, axis=1), "Right."),
            (lambda o: [list(row).index(1) for row in o], "Right."),
            (lambda o: np.argmax(o, axis=0), "down the columns"),
            (lambda o: np.argmax(o), "one number for the whole table"),
            (lambda o: o.max(axis=1), "always 1"),
            (lambda o: o @ np.arange(1, 11), "count from 1"),
            (lambda o: o.sum(), "position of the largest"),
        ],
    ),
    "split": (
        lesson_02.split,
        (),
        [
            (split_well, "Right."),
            (split_apart, "no longer match"),
            (split_swapped, "swapped"),
            (split_overlapping, "in both sets"),
            (split_losing, "in neither set"),
            (lambda i, la, c, rng: split_by(i, la, c, slice(None), slice(None)), "nothing was shuffled"),
            (lambda i, la, c, rng: split_well(i, la, c + 5, rng), "should have 20"),
            (lambda i, la, c, rng: (i, la), "did not return four arrays"),
        ],
    ),
    "epoch": (
        lesson_02.epoch,
        (),
        [
            (lambda items, size, rng: rng.permutation(items).reshape(-1, size), "Right."),
            (lambda items, size, rng: rng.permutation(items.reshape(-1, size)), "same items still meet"),
            (lambda items, size, rng: items.reshape(-1, size), "every epoch has the same order"),
            (
                lambda items, size, rng: np.random.default_rng(0).permutation(items).reshape(-1, size),
                "every epoch has the same order",
            ),
            (lambda items, size, rng: rng.choice(items, (3, size)), "exactly once"),
            (lambda items, size, rng: rng.permutation(items), "have the shape (3, 4)"),
        ],
    ),
    "always_no": (
        lesson_03.always_no,
        (DETECTOR_LABELS,),
        [
            (93.75, "Right."),
            (6.25, "share of fives, all of which"),
            (0.9375, "fraction of 1"),
            (0.0625, "as a fraction"),
            (30, "counts the right answers"),
            (0, "finds none of the fives"),
            (10, "guessing among ten"),
            (50, "not equally frequent"),
            (90, "exactly a tenth"),
            (77, "what share of the labels"),
        ],
    ),
    "vote": (
        lesson_03.vote,
        (),
        [
            (lambda n: elect(n, lambda labels, d: labels.index(d)), "Right."),
            (lambda n: elect(n, lambda labels, d: d), "smaller digit"),
            (lambda n: elect(n, lambda labels, d: -d), "larger digit"),
            (lambda n: elect(n, by_last_place), "farther neighbour"),
            (lambda n: [row[0] for row in n], "nearest neighbour alone"),
            (lambda n: n.mean(axis=1).round(), "averaged"),
            (lambda n: np.median(n, axis=1), "middle label"),
            (lambda n: [max(np.bincount(row)) for row in n], "how many votes"),
            (lambda n: np.bincount(n.flatten()).argmax(), "one winner for all"),
            (lambda n: n[:, 1], "count the votes of each row"),
            (lambda n: np.bincount(n), "stopped with ValueError"),
        ],
    ),
    "luck": (
        lesson_03.luck,
        (),
        [
            (luck, "Right."),
            (lambda a, b, y: luck(b, a, y), "sign is turned"),
            (lambda a, b, y: lead(a, b, y) / sum(wins_and_losses(a, b, y)), "root is missing"),
            (lead, "wins lead"),
            (lambda a, b, y: lead(a, b, y) / np.sqrt(len(y)), "not all"),
            (lambda a, b, y: lead(a, b, y) / np.sqrt((a != b).sum()), "both read wrong"),
            (lambda a, b, y: wins_and_losses(a, b, y)[0] / sum(wins_and_losses(a, b, y)), "share of wins"),
            (lambda a, b, y: 100 * np.mean(b == y) - 100 * np.mean(a == y), "difference in points"),
            (lambda a, b, y: 12345, "nothing else"),
        ],
    ),
    "scale_rows": (
        lesson_03.scale,
        (),
        [
            (lambda old, new: standardise(new, old, old), "Right."),
            (lambda old, new: standardise(new, new, new), "published way"),
            (lambda old, new: standardise(new, old, new), "deviation still"),
            (lambda old, new: standardise(new, new, old), "mean still"),
            (lambda old, new: standardise(new, np.vstack([old, new]), np.vstack([old, new])), "both sets together"),
            (lambda old, new: (new - old.mean()) / (old.std() + 0.1), "one mean for all pixels"),
            (lambda old, new: standardise(old, old, old), "returned the training images"),
            (lambda old, new: (new - old.mean(0)) / old.std(0), "0.1 is missing"),
            (lambda old, new: new, "pixel by pixel"),
        ],
    ),
    "count_parameters_dense": (
        lesson_05.count_parameters,
        (),
        [
            (266_610, "Right."),
            (266_200, "forgot the biases"),
            (31_110, "left out the first layer"),
            (321_850, "not the pixels"),
            (410, "these are the outputs"),
            (1, "inputs times outputs"),
        ],
    ),
    "accuracy_from": (
        lesson_05.accuracy_from,
        (),
        [
            (lambda x, y: 100 * (x.argmax(1) == y).mean(), "Right."),
            (lambda x, y: (x.argmax(1) == y).mean(), "fraction of 1"),
            (lambda x, y: 100 * (x.argmax(1) != y).mean(), "the error"),
            (lambda x, y: (x.argmax(1) == y).sum(), "counts the right ones"),
            (lambda x, y: 100 * (x.argmax() == y).mean(), "needs axis=1"),
            (lambda x, y: 50, "largest logit in each row"),
        ],
    ),
    "wander": (
        lesson_05.wander,
        (),
        [
            (lambda a, n: 100 * np.sqrt(a / 100 * (1 - a / 100) / n), "Right."),
            (lambda a, n: np.sqrt(a / 100 * (1 - a / 100) / n), "fraction of 1"),
            (lambda a, n: 100 * a / 100 * (1 - a / 100) / n, "root is missing"),
            (lambda a, n: a / 100 * (1 - a / 100) / n, "take the root"),
            (lambda a, n: 100 * np.sqrt(a / 100 * (1 - a / 100)), "single image"),
            (lambda a, n: 7, "root of p (1 - p)"),
        ],
    ),
    "shuffle_labels": (
        lesson_05.shuffle_labels,
        (),
        [
            (lambda labels, rng: rng.permutation(labels), "Right."),
            (shuffle_in_place, "given labels were shuffled too"),
            (shuffle_a_view, "given labels were shuffled too"),
            (lambda labels, rng: rng.shuffle(labels), "returns None"),
            (lambda labels, rng: rng.integers(0, 10, 50), "not the same labels"),
            (lambda labels, rng: labels.copy(), "old order"),
        ],
    ),
    "count_parameters_cnn": (
        lesson_07.count_parameters,
        (),
        [
            (9624, "Right."),
            (9600, "forgot the biases"),
            (624, "for each of the 16 maps"),
            (600, "for each of the 16 maps"),
            (9984, "one bias serves the whole kernel"),
            (9616, "swapped"),
            (301_080, "counted the pixels"),
            (5, "weights of one kernel"),
        ],
    ),
    "map_height": (
        lesson_07.map_height,
        (),
        [
            (lambda i, k, s: 1 + (i - k) // s, "Right."),
            (lambda i, k, s: (i - k) // s, "first place"),
            (lambda i, k, s: i - k + 1, "forgot the stride"),
            (lambda i, k, s: i // s, "with padding"),
            (lambda i, k, s: (i - k) / s + 1, "round down"),
            (lambda i, k, s: (i - k + 1) // s, "before you add"),
            (lambda i, k, s: 3, "count the moves"),
        ],
    ),
    "max_pool": (
        lesson_07.max_pool,
        (),
        [
            (lambda m: np.maximum(np.maximum(m[::2, ::2], m[1::2, ::2]), np.maximum(m[::2, 1::2], m[1::2, 1::2])), "Right."),
            (lambda m: m.reshape(3, 2, 4, 2).mean((1, 3)), "average pooling"),
            (lambda m: m.reshape(3, 2, 4, 2).min((1, 3)), "smallest"),
            (lambda m: m[::2, ::2], "upper left"),
            (lambda m: np.lib.stride_tricks.sliding_window_view(m, (2, 2)).max((2, 3)), "overlap"),
            (lambda m: np.maximum(m[::2], m[1::2]), "not the columns"),
            (lambda m: m.reshape(3, 2, 4, 2).max((1, 3)).clip(0), "ReLU together"),
            (lambda m: m, "squares of 2 x 2"),
        ],
    ),
    "honest_score": (
        lesson_07.honest_score,
        (),
        [
            (lambda v, t: t[np.argmax(v)], "Right."),
            (lambda v, t: max(t), "published way"),
            (lambda v, t: max(v), "best validation score"),
            (lambda v, t: t[-1], "last epoch"),
            (lambda v, t: np.argmax(v), "number of the epoch"),
            (lambda v, t: 0, "largest validation score"),
        ],
    ),
    "bytes_a_step": (
        lesson_08.bytes_a_step,
        (),
        [
            (154_140_672, "Right."),
            (38_535_168, "four bytes, not one"),
            (308_281_344, "float64"),
            (51_380_224, "three channels"),
            (602_112, "one photograph"),
            (1_233_125_376, "bits"),
            (1, "bytes"),
        ],
    ),
    "fits": (
        lesson_08.fits,
        (),
        [
            (lambda n, shape, free: bool(n * np.prod(shape, dtype=np.int64) <= free / 2), "Right."),
            (lambda n, shape, free: bool(n * np.prod(shape, dtype=np.int64) <= free), "leave half"),
            (lambda n, shape, free: bool(4 * n * np.prod(shape, dtype=np.int64) <= free / 2), "not four"),
            (lambda n, shape, free: bool(n * np.prod(shape, dtype=np.int64) > free / 2), "does not fit"),
            (lambda n, shape, free: bool(n * shape[0] * shape[1] <= free / 2), "channels"),
            (lambda n, shape, free: True, "at most half"),
        ],
    ),
    "chunks": (
        lesson_08.chunks,
        (),
        [
            (lambda n, size: [np.arange(n)[i : i + size] for i in range(0, n, size)], "Right."),
            (lambda n, size: [np.arange(i, i + size) for i in range(0, n, size)], "beyond the last image"),
            (lambda n, size: [np.arange(i, i + size) for i in range(0, n - size + 1, size)], "left out"),
            (lambda n, size: np.array_split(np.arange(n), size), "how many images one of them may have"),
            (lambda n, size: [np.arange(n)[i : i + size] for i in range(0, n + 1, size)], "empty one at the end"),
            (lambda n, size: [np.arange(n)[i : i + size] for i in range(n)], "exactly once"),
            (lambda n, size: [np.arange(n)], "in order, each of `size`"),
        ],
    ),
    "step_seconds": (
        lesson_08.step_seconds,
        (),
        [
            (time_ten, "Right."),
            (lambda d: time_ten(d, wait=False), "not to do it"),
            (lambda d: time_ten(d, warm_up=False), "compilation of the first step"),
            (lambda d: time_ten(d, divide=1), "divide by ten"),
            (lambda d: time_ten(d) * 1000, "return seconds"),
            (lambda d: "soon", "one number"),
        ],
    ),
}  # fmt: skip

ANSWERS = [
    pytest.param(check, rest, answer, words, id=f"{name}-{number}")
    for name, (check, rest, answers) in CASES.items()
    for number, (answer, words) in enumerate(answers)
]


@pytest.mark.parametrize(("check", "rest", "answer", "words"), ANSWERS)
def test_each_answer_gets_its_own_words(check, rest, answer, words, capsys):
    check(answer, *rest)
    printed = capsys.readouterr().out
    assert words in printed
    assert printed.startswith("Right. " if words == "Right." else "Not yet: ")
    assert printed.count("\n") == 1


@pytest.mark.parametrize("name", CASES)
def test_the_stub_is_not_attempted(name, capsys):
    check, rest, answers = CASES[name]
    right = answers[0][0]
    for stub in (
        [lambda *arguments: ..., lambda *arguments: None] if callable(right) else [..., None]
    ):
        if name == "save" and stub(None) is None:
            continue  # a function that saves returns None when it is right, too
        check(stub, *rest)
        assert capsys.readouterr().out == "Not attempted yet.\n"


@pytest.mark.parametrize("name", CASES)
def test_each_check_knows_three_mistakes_or_more(name):
    words = {words for _, words in CASES[name][2] if words != "Right."}
    assert len(words) >= 4  # three mistakes and a word for everything else


def test_same_compares_numbers_and_arrays():
    assert same(np.float32(0.1), 0.1)
    assert same([1, 2], np.array([1, 2]))
    assert not same([1, 2], [1, 2, 3])
    assert not same("1", 1)
    assert not same({"a": 1}, 1)
