"""Answers to lesson 04, "Build a network by hand"."""

import math
from decimal import Decimal

import numpy as np

from answers import Tried


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def tanh_in_place(hidden_slopes, hidden):
    hidden **= 2
    hidden_slopes *= 1 - hidden
    return hidden_slopes


def tanh_by_nudges(hidden_slopes, hidden):
    sums = np.arctanh(hidden)
    return hidden_slopes * (np.tanh(sums + 1e-5) - np.tanh(sums - 1e-5)) / 2e-5


def tanh_of_one_image_only(hidden_slopes, hidden):
    return hidden_slopes[0] * (1 - hidden[0] ** 2)


def backward_three(
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


def with_changed(change, names=None):
    """Go backward, and change the slopes of some names in the end."""

    def backward(network, images, labels):
        gradient = backward_three(network, images, labels)
        return {
            name: change(slopes) if names is None or name in names else slopes
            for name, slopes in gradient.items()
        }

    return backward


def image_by_image(network, images, labels):
    singles = [
        backward_three(network, images[[i]], labels[[i]], divide=False) for i in range(len(labels))
    ]
    return {name: np.mean([single[name] for single in singles], axis=0) for name in network}


def in_float32(network, images, labels):
    smaller = {name: values.astype(np.float32) for name, values in network.items()}
    return backward_three(smaller, images.astype(np.float32), labels)


def in_another_order(network, images, labels):
    return dict(sorted(backward_three(network, images, labels).items()))


def change_the_images(network, images, labels):
    gradient = backward_three(network, images, labels)
    images *= 0
    return gradient


def change_the_network(network, images, labels):
    gradient = backward_three(network, images, labels)
    for name in network:
        network[name] -= 0.1 * gradient[name]
    return gradient


def put_the_slopes_into_the_network(network, images, labels):
    network.update(backward_three(network, images, labels))
    return network


def add_a_name(network, images, labels):
    return {**backward_three(network, images, labels), "loss": 2.3}


def leave_out_the_biases(network, images, labels):
    gradient = backward_three(network, images, labels)
    return {name: gradient[name] for name in gradient if name.startswith("weights")}


def for_seven_images(network, images, labels):
    return with_changed(lambda slopes: slopes * len(labels) / 7)(network, images, labels)


def print_the_gradient(network, images, labels):
    print(backward_three(network, images, labels))


def gate_in_place(hidden):
    hidden[hidden > 0] = 1
    return hidden


def gate_number_by_number(hidden):
    return [[1 if number > 0 else 0 for number in row] for row in hidden]


TRIED = {
    "expected_loss": Tried(
        right=[
            np.log(26),
            3.258096538021482,
            -math.log(1 / 26),
            np.log(np.float64(26)),
            -np.mean([math.log(1 / 26)] * 26),
            math.log2(26) * math.log(2),
            Decimal(26).ln(),
            np.float32(3.2580965),
        ],
        wrong=[
            (2.302585, "ten classes"),
            (2.3, "ten classes"),
            (-3.2581, "not negative"),
            (4.7, "base 2"),
            (4.70044, "base 2"),
            (1.4149733, "base 10"),
            (1 / 26, "probability of each letter"),
            (0.96154, "share of wrong guesses"),
            (84.7105, "right letter alone"),
            (np.log(26) / 26, "of which 25 are 0"),
            (100, "1/26"),
            (3.26, "do not round"),
            (3.3, "do not round"),
            (3.25, "do not round"),
            (0, "1/26"),
            (26, "1/26"),
            (3.27, "1/26"),
            (np.log(25), "1/26"),
            (np.log(52), "1/26"),
            ("ln 26", "text ('ln 26') cannot be compared; wanted is a loss"),
            (None, "your answer is None"),
            ([np.log(26)], "an array of shape (1,) came, not one number"),
            (np.log(np.full(26, 1 / 26)), "an array of shape (26,) came"),
            (np.log, "cannot be compared"),
        ],
    ),
    "tanh_backward": Tried(
        right=[
            lambda d, h: d * (1 - h**2),
            lambda d, h: d - d * h * h,
            lambda d, h: d * (1 - h) * (1 + h),
            lambda d, h: d / np.cosh(np.arctanh(h)) ** 2,
            lambda d, h: (d * (1 - h**2)).tolist(),
            lambda d, h: (d * (1 - h**2)).astype(object),
            lambda d, h: (d * (1 - h**2)).astype(np.float32),
            tanh_by_nudges,
        ],
        in_place=[tanh_in_place],
        wrong=[
            (lambda d, h: 1 - h * h, "forgot the slopes"),
            (lambda d, h: d / np.cosh(h) ** 2, "do not take tanh again"),
            (lambda d, h: d - d * h, "square is missing"),
            (lambda d, h: d * (1 - h) ** 2, "only `hidden` is squared"),
            (lambda d, h: d * h * h, "open where tanh is flat"),
            (lambda d, h: d * (h - h * h), "logistic function"),
            (lambda d, h: np.where(h > 0, d, 0), "ReLU's gate"),
            (lambda d, h: np.tanh(h) * d, "goes forward"),
            (lambda d, h: d @ (1 - h * h).T, "not as matrices"),
            (lambda d, h: d * (1 - abs(h)), "number by number"),
            (lambda d, h: d * (1 - h**2) / len(d), "sometimes right"),
            (lambda d, h: d + h, "number by number"),
            (lambda d, h: d, "number by number"),
            (lambda d, h: h, "number by number"),
            (lambda d, h: d * (1 + h**2), "number by number"),
            (lambda d, h: -d * (1 - h**2), "number by number"),
            (lambda d, h: h * (1 - d**2), "number by number"),
            (lambda d, h: np.zeros_like(d), "number by number"),
            (lambda d, h: d * (1 - h**2) * (h > 0), "number by number"),
            (lambda d, h: np.round(d * (1 - h**2), 3), "do not round"),
            (lambda d, h: d * (1 - h**2) if len(h) > 1 else d, "sometimes right"),
            (lambda d, h: (d * (1 - h**2)).sum(), "one number came"),
            (lambda d, h: (d * (1 - h**2)).T, "an array of shape (4, 5) came"),
            (tanh_of_one_image_only, "an array of shape (4,) came"),
            (lambda d, h: str(d * (1 - h**2)), "text ("),
            (lambda d, h: print(d * (1 - h**2)), "prints its result"),
            (lambda d, h: d * (1 - h**2) if len(h) > 1 else None, "a `return` is missing"),
            (lambda d, h: d @ (1 - h * h), "stopped with ValueError"),
        ],
    ),
    "backward_three": Tried(
        right=[
            backward_three,
            in_another_order,
            with_changed(np.ndarray.tolist),
            with_changed(lambda slopes: slopes.astype(np.float32)),
            with_changed(lambda slopes: slopes.astype(object)),
            image_by_image,
            in_float32,
            change_the_images,
        ],
        wrong=[
            (lambda *case: backward_three(*case, divide=False), "divide by the number of images"),
            (lambda *case: backward_three(*case, open_1=True, open_2=True), "both gates"),
            (
                lambda *case: backward_three(*case, open_2=True),
                "the second hidden layer is missing",
            ),
            (lambda *case: backward_three(*case, open_1=True), "the first hidden layer is missing"),
            (lambda *case: backward_three(*case, sign=-1), "the sign is turned"),
            (lambda *case: backward_three(*case, late_gate=True), "first disagrees at bias_1"),
            (with_changed(np.transpose), "have the shape (5, 6)"),
            (with_changed(lambda slopes: slopes[np.newaxis]), "have the shape (1, 6, 5)"),
            (with_changed(np.sum), "have the shape ()"),
            (with_changed(lambda slopes: slopes / slopes.size), "first disagrees at bias_3"),
            (with_changed(np.zeros_like), "first disagrees at bias_3"),
            (with_changed(lambda slopes: slopes / 10), "first disagrees at bias_3"),
            (
                with_changed(lambda slopes: 2 * slopes, ["weights_2"]),
                "first disagrees at weights_2",
            ),
            (
                with_changed(lambda slopes: 0 * slopes, ["bias_2", "weights_1"]),
                "first disagrees at bias_2",
            ),
            (with_changed(np.abs, ["weights_1"]), "first disagrees at weights_1"),
            (with_changed(lambda slopes: np.round(slopes, 3)), "rounded"),
            (with_changed(str), "text ("),
            (with_changed(lambda slopes: slopes.astype(str)), "an array of type str_ came for"),
            (with_changed(lambda slopes: slopes * np.nan), "first disagrees at bias_3"),
            (with_changed(lambda slopes: None), "type NoneType came for weights_1"),
            (for_seven_images, "first disagrees at bias_3"),
            (change_the_network, "changed weights_1 itself"),
            (put_the_slopes_into_the_network, "changed weights_1 itself"),
            (add_a_name, "a dictionary with the names"),
            (leave_out_the_biases, "a dictionary with the names"),
            (lambda *case: list(backward_three(*case).values()), "a dictionary with the names"),
            (lambda *case: backward_three(*case).items(), "a dictionary with the names"),
            (lambda n, x, y: n, "first disagrees at bias_3"),
            (lambda n, x, y: 0, "a dictionary with the names"),
            (print_the_gradient, "prints its result"),
            (
                lambda n, x, y: backward_three(n, x, y) if len(y) > 1 else None,
                "a `return` is missing",
            ),
            (lambda n, x, y: n["weights_4"], "stopped with KeyError"),
        ],
    ),
    "gate": Tried(
        right=[
            lambda h: h > 0,
            np.sign,
            lambda h: h != 0,
            lambda h: np.where(h > 0, 1.0, 0.0),
            lambda h: np.heaviside(h, 0),
            lambda h: ~(h <= 0),
            gate_number_by_number,
            lambda h: np.ceil(np.clip(h, 0, 1)),
            lambda h: (h > 0).astype(object),
            lambda h: h.astype(bool),
        ],
        in_place=[gate_in_place],
        wrong=[
            (lambda h: h > -1e-9, "never closes"),
            (np.ones_like, "never closes"),
            (lambda h: h == 0, "closed where it should be open"),
            (lambda h: np.zeros(h.shape, bool), "never opens"),
            (lambda h: np.maximum(h, 0), "open or closed"),
            (lambda h: h, "open or closed"),
            (lambda h: h > 0.5, "positive"),
            (lambda h: h > 0.03, "however small"),
            (lambda h: h > 1e-9, "however small"),
            (lambda h: h > 1e-12, "however small"),
            (lambda h: h > 1e-15, "however small"),
            (lambda h: h > np.finfo(np.float32).tiny, "however small"),
            (lambda h: h * h > 0, "however small"),
            (lambda h: np.exp(-h) < 1, "however small"),
            (lambda h: h.astype(np.float16) > 0, "however small"),
            (lambda h: ~np.isclose(h, 0), "however small"),
            (lambda h: (h > 0) & (h < 10), "however small"),
            (lambda h: np.minimum(h, 1), "positive"),
            (lambda h: h.astype(int), "open or closed"),
            (lambda h: np.where(h > 0, 1, -1), "positive"),
            (lambda h: 2 * (h > 0), "positive"),
            (lambda h: (h > 0).all(), "one number came"),
            (lambda h: h[h > 0], "came, not an array of shape (6, 5)"),
            (lambda h: np.where(h > 0), "came, not an array of shape (6, 5)"),
            (lambda h: (h > 0).T, "an array of shape (5, 6) came"),
            (lambda h: (h > 0).astype(str), "cannot be compared"),
            (lambda h: print(h > 0), "prints its result"),
            (lambda h: h > 0 if len(h) > 1 else None, "a `return` is missing"),
            (lambda h: True if h > 0 else False, "stopped with ValueError"),
        ],
    ),
}
