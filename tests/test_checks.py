"""The checks of the exercises: the right answer passes, the stub is not attempted, each mistake is named.

The wrong answers here are written as students write them, not taken from the checks.
"""

import numpy as np
import pytest

from helpers.checks import (
    lesson_01,
    lesson_02,
    lesson_03,
    lesson_04,
    lesson_05,
    lesson_06,
    lesson_07,
    lesson_08,
    same,
)

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


def stops(image, kernel, stride):
    """Convolve as a student would, to compare candidates with."""
    down, across = (1 + (a - b) // stride for a, b in zip(image.shape, kernel.shape, strict=True))
    return np.array(
        [
            [
                np.vdot(image[r * stride :, c * stride :][: len(kernel), : len(kernel[0])], kernel)
                for c in range(across)
            ]
            for r in range(down)
        ]
    )


def compare(strides=(1, 2, 3), kernel=None, close=None):
    def is_right(candidate):
        rng = np.random.default_rng(1)
        image = rng.normal(size=(11, 12))
        weights = rng.normal(size=(3, 3)) if kernel is None else kernel
        for stride in strides:
            ours, theirs = stops(image, weights, stride), candidate(image, weights, stride)
            if close is None:
                if ours.shape != theirs.shape or not np.allclose(ours, theirs):
                    return False
            elif not close(ours, theirs):
                return False
        return True

    return is_right


def work_of(
    model,
    places=lambda shape: shape[1] * shape[2],
    shape=lambda layer: layer.output.shape,
    kernel=lambda kernel: kernel,
    kinds=("Conv2D", "Dense"),
    biases=False,
):
    """Count multiplications as a student would, or with one thing wrong."""
    total = 0
    for layer in model.layers:
        if type(layer).__name__ in kinds:
            spatial = type(layer).__name__ == "Conv2D"
            once = np.prod(kernel(layer.kernel.shape) if spatial else layer.kernel.shape)
            once += layer.bias.shape[0] if biases else 0
            total += once * (places(shape(layer)) if spatial else 1)
    return total


def cycle(step, steps, peak, climb=0.1, round_fall=lambda t: 0.5 + 0.5 * np.cos(np.pi * t)):
    done = step / steps
    if done <= climb:
        return peak * done / climb
    return peak * round_fall((done - climb) / (1 - climb))


SAME_AGAIN = {}
SMALL = (
    ("conv", 8, "relu"),
    ("pool",),
    ("conv", 16),
    ("relu",),
    ("pool",),
    ("flat",),
    ("dense", 10),
)


def network(*parts, start=(28, 28, 1)):
    """Build a network from names, so that TensorFlow is imported when a test runs."""
    from helpers.quiet import keras

    make = {
        "conv": lambda maps, activation=None: keras.layers.Conv2D(maps, 3, activation=activation),
        "dense": lambda out, activation=None: keras.layers.Dense(out, activation=activation),
        "pool": lambda: keras.layers.AveragePooling2D(2),
        "max": lambda: keras.layers.MaxPooling2D(),
        "global": lambda: keras.layers.GlobalMaxPooling2D(),
        "relu": lambda: keras.layers.ReLU(),
        "flat": lambda: keras.layers.Flatten(),
    }
    built = [make[name](*options) for name, *options in parts or SMALL]
    return keras.Sequential([keras.Input(start), *built] if start else built)


# check, the arguments that come after the answer, and answers with the words that must appear
def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def go_back_three(
    network, images, labels, *, open_1=False, open_2=False, divide=True, sign=1, late_gate=False
):
    w1, b1, w2, b2, w3, b3 = (
        network[f"{kind}_{i}"] for i in (1, 2, 3) for kind in ("weights", "bias")
    )
    first = np.maximum(images @ w1 + b1, 0)
    second = np.maximum(first @ w2 + b2, 0)
    d3 = sign * (softmax(second @ w3 + b3) - np.eye(10)[labels])
    if divide:
        d3 = d3 / len(labels)
    d2 = d3 @ w3.T * (1 if open_2 else second > 0)
    d1 = d2 @ w2.T * (1 if open_1 else first > 0)
    if late_gate:
        d1 = (d3 @ w3.T) @ w2.T * (first > 0)
    return {
        "weights_1": images.T @ d1,
        "bias_1": d1.sum(0),
        "weights_2": first.T @ d2,
        "bias_2": d2.sum(0),
        "weights_3": second.T @ d3,
        "bias_3": d3.sum(0),
    }


def turn_weights(network, images, labels):
    gradient = go_back_three(network, images, labels)
    return {name: slopes.T for name, slopes in gradient.items()}


def change_the_network(network, images, labels):
    gradient = go_back_three(network, images, labels)
    for name in network:
        network[name] -= 0.1 * gradient[name]
    return gradient


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
    "expected_loss": (
        lesson_04.expected_loss,
        (),
        [
            (3.258096538021482, "Right."),
            (2.302585, "ten classes"),
            (-3.2581, "not negative"),
            (4.70044, "base 2"),
            (1.4149733, "base 10"),
            (1 / 26, "probability of each letter"),
            (0.96154, "share of wrong guesses"),
            (84.7105, "right letter alone"),
            (100, "1/26"),
        ],
    ),
    "tanh_backward": (
        lesson_04.tanh_backward,
        (),
        [
            (lambda d, h: d - d * h * h, "Right."),
            (lambda d, h: 1 - h * h, "forgot the slopes"),
            (lambda d, h: d / np.cosh(h) ** 2, "do not take tanh again"),
            (lambda d, h: d - d * h, "square is missing"),
            (lambda d, h: d * h * h, "open where tanh is flat"),
            (lambda d, h: d * (h - h * h), "logistic function"),
            (lambda d, h: np.where(h > 0, d, 0), "ReLU's gate"),
            (lambda d, h: np.tanh(h) * d, "goes forward"),
            (lambda d, h: d @ (1 - h * h).T, "not as matrices"),
            (lambda d, h: d + h, "number by number"),
        ],
    ),
    "backward_three": (
        lesson_04.backward_three,
        (),
        [
            (go_back_three, "Right."),
            (lambda *case: go_back_three(*case, divide=False), "divide by the number of images"),
            (lambda *case: go_back_three(*case, open_1=True, open_2=True), "both gates"),
            (lambda *case: go_back_three(*case, open_2=True), "the second hidden layer is missing"),
            (lambda *case: go_back_three(*case, open_1=True), "the first hidden layer is missing"),
            (lambda *case: go_back_three(*case, sign=-1), "the sign is turned"),
            (lambda *case: go_back_three(*case, late_gate=True), "first disagrees at bias_1"),
            (turn_weights, "have the shape (5, 6)"),
            (change_the_network, "changed weights_1 itself"),
            (lambda n, x, y: list(go_back_three(n, x, y).values()), "a dictionary with the names"),
            (lambda n, x, y: n["weights_4"], "stopped with KeyError"),
        ],
    ),
    "gate": (
        lesson_04.gate,
        (),
        [
            (lambda h: np.sign(h), "Right."),
            (lambda h: h > -1e-9, "never closes"),
            (lambda h: h == 0, "closed where it should be open"),
            (lambda h: np.zeros(h.shape, bool), "never opens"),
            (lambda h: np.maximum(h, 0), "open or closed"),
            (lambda h: h > 0.5, "positive"),
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
    "count_parameters_maps": (
        lesson_06.count_parameters,
        (),
        [
            (5856, "Right."),
            (5808, "forgot the biases"),
            (736, "forgot the channels that come in: a kernel"),
            (688, "and the biases"),
            (2112, "not the three channels of the photograph"),
            (1536, "all 16 maps at once"),
            (6368, "one bias serves the whole kernel"),
            (657_456, "counted the pixels"),
            (1216, "first convolution alone"),
            (4640, "second convolution alone"),
            (48, "pooling has none"),
        ],
    ),
    "moving_kernel": (
        lesson_06.moving_kernel,
        (),
        [
            ([[0, 0, 0], [1, 0, 0], [0, 0, 0]], "Right."),
            (np.array([0, 0, 0, 1, 0, 0, 0, 0, 0]).reshape(3, 3, 1, 1), "Right."),
            ([[0, 0, 0], [0, 0, 1], [0, 0, 0]], "to the left"),
            ([[0, 1, 0], [0, 0, 0], [0, 0, 0]], "down"),
            ([[0, 0, 0], [0, 0, 0], [0, 1, 0]], "moves it up"),
            ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], "where it is"),
            ([[0, 0, 0], [-1, 0, 0], [0, 0, 0]], "negative"),
            ([[1 / 3, 0, 0]] * 3, "also blurs"),
            ([[1, 0, 0]] * 3, "adds up three rows"),
            (np.zeros((3, 3)), "everything 0"),
            (np.eye(3), "eight weights are 0"),
            ([1, 0, 0], "eight weights are 0"),
            ([[1, 0], [0]], "eight weights are 0"),
        ],
    ),
    "receptive_field": (
        lesson_06.receptive_field,
        (),
        [
            (see, "Right."),
            (lambda chain: 1 + sum(size - 1 for size, _ in chain), "forgot the strides"),
            (lambda chain: see([(size + 1, stride) for size, stride in chain]), "not three"),
            (lambda chain: see(chain, width=0), "one too few"),
            (lambda chain: np.prod(chain, axis=0)[0], "do not multiply"),
            (see_own_stride, "own stride"),
            (see_last_stride, "strides multiply up"),
            (lambda chain: see(reversed(chain)), "from the first to the last"),
            (lambda chain: 7, "start with 1"),
            (lambda chain: chain.width, "stopped with AttributeError"),
        ],
    ),
    "is_right": (
        lesson_06.is_right,
        (),
        [
            (compare(), "Right."),
            (compare(strides=(1,)), "lets the published loop through"),
            (compare(close=lambda a, b: np.allclose(a[0, 0], b[0, 0])), "lets the published loop through"),
            (compare(close=lambda a, b: np.allclose(a[:2, :2], b[:2, :2])), "forgets the last row"),
            (compare(kernel=np.ones((3, 3))), "turned kernel"),
            (compare(close=lambda a, b: a.shape == b.shape), "turned kernel"),
            (compare(close=lambda a, b: len(a) == len(b) and np.allclose(a[:, 0], b[:, 0])), "for rows only"),
            (compare(strides=(1, 2)), "never goes beyond stride 2"),
            (compare(close=np.allclose), "compare the shapes first"),
            (compare(close=lambda a, b: a is b), "turns all of them down"),
            (lambda c: not compare()(c), "turns the right one down"),
            (lambda c: stops(np.eye(9), np.eye(3), 1) == c(np.eye(9), np.eye(3), 1), "return True or False"),
            (lambda c: c.shape, "stopped with AttributeError"),
        ],
    ),
    "count_work": (
        lesson_07.count_work,
        (),
        [
            (lambda m: (m.count_params(), work_of(m)), "Right."),
            (work_of, "return the parameters too"),
            (lambda m: (work_of(m), m.count_params()), "swapped"),
            (lambda m: (sum(np.size(w) for w in m.get_weights()[::2]), work_of(m)), "lack the biases"),
            (lambda m: (m.count_params(), work_of(m, places=lambda shape: 1)), "used each weight of a kernel once"),
            (lambda m: (m.count_params(), m.count_params()), "parameters are not work"),
            (lambda m: (m.count_params(), work_of(m, shape=lambda layer: layer.input.shape)), "not of the one that comes in"),
            (lambda m: (m.count_params(), work_of(m, places=lambda shape: shape[1])), "it has columns too"),
            (lambda m: (m.count_params(), work_of(m, places=lambda shape: shape[1] ** 2)), "not square"),
            (lambda m: (m.count_params(), work_of(m, places=lambda shape: np.prod(shape[1:]))), "in the shape of the kernel already"),
            (lambda m: (m.count_params(), work_of(m, kernel=lambda k: k[:2] + k[3:])), "each of the maps that come in"),
            (lambda m: (m.count_params(), work_of(m, kernel=lambda k: k[:3])), "one kernel a layer"),
            (lambda m: (m.count_params(), work_of(m, kinds=("Conv2D",))), "left out the dense layers"),
            (lambda m: (m.count_params(), work_of(m, kinds=("Dense",))), "left out the convolutions"),
            (lambda m: (m.count_params(), work_of(m, biases=True)), "added, not multiplied"),
            (lambda m: (m.count_params(), 12), "height times width of its map"),
            (lambda m: m.parameters, "stopped with AttributeError"),
        ],
    ),
    "learning_rate": (
        lesson_07.learning_rate,
        (),
        [
            (cycle, "Right."),
            (lambda step, steps, peak: cycle(step, steps, 1), "climbs to 1 whatever"),
            (lambda step, steps, peak: peak * (step // (steps // 10)) if step < steps // 10 else cycle(step, steps, peak), "// drops the fraction"),
            (lambda step, steps, peak: peak * (1 + np.cos(np.pi * step / steps)) / 2, "starts at the peak"),
            (lambda step, steps, peak: cycle(step + 1, steps, peak), "the climb starts at 0"),
            (lambda step, steps, peak: cycle(step, steps, peak, round_fall=lambda t: np.cos(np.pi * t)), "goes below 0"),
            (lambda step, steps, peak: cycle(step, steps, peak, climb=0.3), "number 60; it should be number 20"),
            (lambda step, steps, peak: cycle(step, steps, peak / 2), "the highest rate is 0.01"),
            (lambda step, steps, peak: min(cycle(step, steps, peak), peak * (10 * step / steps) ** 2), "climb is not straight"),
            (lambda step, steps, peak: cycle(step, 2 * steps, peak, climb=0.05), "never comes down to 0"),
            (lambda step, steps, peak: cycle(step, steps, peak, round_fall=lambda t: 1 - t), "fall is straight"),
            (lambda step, steps, peak: cycle(step, steps, peak, round_fall=lambda t: np.cos(np.pi * t / 2)), "quarter of a cosine"),
            (lambda step, steps, peak: cycle(step, steps, peak, round_fall=lambda t: (1 - t) ** 2), "the fall is not"),
            (lambda step, steps, peak: cycle(step, steps, peak) if step else None, "return a number for each step"),
            (lambda step, steps, peak: peak * step / (steps - steps), "stopped with ZeroDivisionError"),
        ],
    ),
    "build_small": (
        lesson_07.build_small,
        (),
        [
            (lambda: network(), "Right."),
            (lambda: network(("conv", 8), ("max",), ("conv", 10), ("global",)), "Right."),  # no dense layer
            (lambda: network(("conv", 8), ("max",), ("conv", 16), ("max",), ("flat",), ("dense", 10)), "Right."),
            (lambda: network(("conv", 8, "relu"), ("conv", 16, "relu"), ("flat",), ("dense", 10)), "are in dense"),
            (lambda: network(start=None), "begin with keras.Input"),
            (lambda: network(start=(28, 28, 3)), "not images of (28, 28, 1)"),
            (lambda: network(("conv", 8, "relu"), ("conv", 10)), "Flatten is missing"),
            (lambda: network(("conv", 8, "relu"), ("pool",), ("conv", 8, "relu"), ("pool",), ("flat",), ("dense", 1)), "gives 1 numbers"),
            (lambda: network(("conv", 8, "relu"), ("pool",), ("flat",), ("dense", 10)), "1 of the two convolutions"),
            (lambda: network(("conv", 8, "relu"), ("pool",), ("conv", 8), ("pool",), ("flat",), ("dense", 10)), "only sums"),
            (lambda: network(("conv", 8, "relu"), ("pool",), ("conv", 8, "relu"), ("pool",), ("flat",), ("dense", 10, "softmax")), "ends in an activation"),
            (lambda: SAME_AGAIN.setdefault(0, network()), "every call should build a new network"),
            (lambda: 12, "return a network"),
            (lambda: network(("conv", 8, "relo")), "stopped with ValueError"),
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
