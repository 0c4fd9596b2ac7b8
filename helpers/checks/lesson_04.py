"""Checks of lesson 04, "Build a network by hand"."""

import numpy as np

from helpers.checks import judge, judge_function, same


def expected_loss(answer) -> None:
    """Check the loss of an untrained network on 26 classes."""
    judge(
        answer,
        right=np.log(26),
        praise="3.26: the more there is to choose from, the more a guess costs.",
        mistakes=[
            (np.log(10), "this is for ten classes; letters are 26."),
            (-np.log(26), "a loss is not negative: -ln(1/26) is +ln 26."),
            (np.log2(26), "this is the logarithm to base 2; the cross-entropy takes the natural one."),
            (np.log10(26), "this is the logarithm to base 10; the cross-entropy takes the natural one."),
            (1 / 26, "this is the probability of each letter; the loss is its negative logarithm."),
            (25 / 26, "this is the share of wrong guesses; the loss is a logarithm."),
            (26 * np.log(26), "the loss looks at the right letter alone, not at all 26."),
        ],
        otherwise="each letter gets the probability 1/26; take its negative natural logarithm.",
    )  # fmt: skip


def tanh_backward(function) -> None:
    """Check a function from the slopes of hidden = tanh(sums), and hidden, to the slopes of the sums."""
    rng = np.random.default_rng(0)
    slopes, hidden = rng.normal(size=(5, 4)), np.tanh(rng.normal(size=(5, 4)))
    judge_function(
        function,
        (slopes, hidden),
        right=lambda slopes, hidden: slopes * (1 - hidden**2),
        praise="A soft gate: open around 0, nearly closed where tanh is flat.",
        mistakes=[
            (lambda slopes, hidden: 1 - hidden**2, "you forgot the slopes that come from behind; multiply by them."),
            (lambda slopes, hidden: slopes * (1 - np.tanh(hidden) ** 2), "`hidden` is tanh(s) already; do not take tanh again."),
            (lambda slopes, hidden: slopes * (1 - hidden), "the square is missing: 1 - hidden²."),
            (lambda slopes, hidden: slopes * hidden**2, "this is open where tanh is flat; the slope is 1 - hidden²."),
            (lambda slopes, hidden: slopes * hidden * (1 - hidden), "this is for the logistic function, 1 / (1 + e^-s), not for tanh."),
            (lambda slopes, hidden: slopes * (hidden > 0), "this is ReLU's gate; tanh has none that shuts."),
            (lambda slopes, hidden: slopes * np.tanh(hidden), "this goes forward; backward, multiply by the slope 1 - hidden²."),
            (lambda slopes, hidden: slopes @ (1 - hidden**2).T, "multiply number by number (*), not as matrices (@)."),
        ],
        otherwise="multiply the slopes of `hidden`, number by number, by 1 - hidden².",
    )  # fmt: skip


def _three_layers():
    """Return a network of two hidden layers, images, labels, and both hidden layers and the logits."""
    rng = np.random.default_rng(0)
    network = {}
    for layer, (inputs, outputs) in enumerate([(6, 5), (5, 5), (5, 10)], 1):
        network[f"weights_{layer}"] = rng.normal(size=(inputs, outputs))
        network[f"bias_{layer}"] = 0.1 * rng.normal(size=outputs)
    images, labels = rng.random((7, 6)), rng.integers(0, 10, 7)
    return network, images, labels


def _forward(network, images):
    """Return the values of each layer, from the images to the logits."""
    values = [images]
    for layer in (1, 2, 3):
        sums = values[-1] @ network[f"weights_{layer}"] + network[f"bias_{layer}"]
        values.append(sums if layer == 3 else np.maximum(sums, 0))
    return values


def _loss(network, images, labels) -> float:
    logits = _forward(network, images)[-1]
    right = logits[np.arange(len(labels)), labels]
    return float((np.log(np.exp(logits).sum(axis=1)) - right).mean())


def _nudged(network, images, labels, nudge=1e-5):
    """Return the gradient by central differences: the referee."""
    gradient = {}
    for name, values in network.items():
        gradient[name] = np.zeros_like(values)
        for place in np.ndindex(values.shape):
            losses = []
            for sign in (1, -1):
                changed = values.copy()
                changed[place] += sign * nudge
                losses.append(_loss({**network, name: changed}, images, labels))
            gradient[name][place] = (losses[0] - losses[1]) / (2 * nudge)
    return gradient


def _gradient(network, images, labels, gates=(1, 2), mean=True):
    """Return the gradient by backpropagation, with only some of the gates."""
    _, hidden_1, hidden_2, logits = values = _forward(network, images)
    slopes = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    slopes[np.arange(len(labels)), labels] -= 1
    slopes /= len(labels) if mean else 1
    gradient = {}
    for layer in (3, 2, 1):
        gradient[f"weights_{layer}"] = values[layer - 1].T @ slopes
        gradient[f"bias_{layer}"] = slopes.sum(axis=0)
        slopes = slopes @ network[f"weights_{layer}"].T
        if layer - 1 in gates:
            slopes = slopes * (values[layer - 1] > 0)
    return gradient


def backward_three(function) -> None:
    """Check a function that returns the gradient of a network with two hidden layers."""
    network, images, labels = _three_layers()
    given = {name: values.copy() for name, values in network.items()}
    try:
        answer = function(given, images, labels)
    except Exception as error:  # the student's code may raise anything; the check names it
        print(f"Not yet: your function stopped with {type(error).__name__}: {error}")
        return
    if answer is None or answer is ...:
        print("Not attempted yet.")
        return
    if not isinstance(answer, dict) or set(answer) != set(network):
        print(f"Not yet: return a dictionary with the names {', '.join(network)}.")
        return
    for name, values in network.items():
        if not np.array_equal(given[name], values):
            print(
                f"Not yet: your function changed {name} itself; it should only return its slopes."
            )
            return
        if np.shape(answer[name]) != values.shape:
            print(
                f"Not yet: the slopes of {name} have the shape {np.shape(answer[name])};"
                f" slopes have the shape of what they are slopes of, {values.shape}."
            )
            return
    print(_verdict(answer, network, images, labels))


def _verdict(answer, network, images, labels) -> str:
    def is_like(expected):
        return all(same(answer[name], expected[name]) for name in network)

    case = (network, images, labels)
    if is_like(_nudged(*case)):
        return "Right. The referee agrees with every slope; any number of layers goes like this."
    for expected, explanation in [
        (_gradient(*case, mean=False), "the loss is a mean: divide by the number of images."),
        (_gradient(*case, gates=()), "both gates are missing: slopes pass only where ReLU passed the sum."),
        (_gradient(*case, gates=(1,)), "the gate of the second hidden layer is missing."),
        (_gradient(*case, gates=(2,)), "the gate of the first hidden layer is missing."),
    ]:  # fmt: skip
        if is_like(expected):
            return f"Not yet: {explanation}"
    right = _nudged(*case)
    if is_like({name: -slopes for name, slopes in right.items()}):
        return "Not yet: the sign is turned; it is probabilities minus one-hot."
    wrong = [name for name in reversed(network) if not same(answer[name], right[name])]
    return f"Not yet: going backward, the referee first disagrees at {wrong[0]}; look there."


def gate(function) -> None:
    """Check a gate that is given what came out of ReLU."""
    sums = np.random.default_rng(0).normal(size=(6, 5))
    hidden = np.maximum(sums, 0)
    judge_function(
        function,
        (hidden,),
        right=lambda hidden: hidden > 0,
        praise="Closed where ReLU put out 0. With it, `backward` passes the gradient check.",
        mistakes=[
            (lambda hidden: hidden >= 0, "this never closes: nothing that comes out of ReLU is below 0."),
            (lambda hidden: hidden <= 0, "this is closed where it should be open."),
            (lambda hidden: hidden < 0, "this never opens: nothing that comes out of ReLU is below 0."),
            (lambda hidden: hidden, "this is ReLU's output; a gate is open or closed, 1 or 0."),
            (lambda hidden: np.zeros_like(hidden), "this never opens, so that the first layer would never learn."),
        ],
        otherwise="it should be True (or 1) where `hidden` is positive, and False (or 0) where it is 0.",
    )  # fmt: skip
