"""Checks of lesson 04, "Build a network by hand"."""

import numpy as np

from helpers.checks import (
    BehaviourCheck,
    FunctionCheck,
    ValueCheck,
    are_rounded,
    kind_of,
    same,
    shape_of,
)

expected_loss = ValueCheck(
    asks="a loss, one number",
    right=lambda: np.log(26),
    praise="It is ln 26: the more there is to choose from, the more a guess costs.",
    mistakes={
        "this is for ten classes; letters are 26.": lambda: np.log(10),
        "a loss is not negative: -ln(1/26) is +ln 26.": lambda: -np.log(26),
        "this is the logarithm to base 2; the cross-entropy takes the natural one.": (
            lambda: np.log2(26)
        ),
        "this is the logarithm to base 10; the cross-entropy takes the natural one.": (
            lambda: np.log10(26)
        ),
        "this is the probability of each letter; the loss is its negative logarithm.": (
            lambda: 1 / 26
        ),
        "this is the share of wrong guesses; the loss is a logarithm.": lambda: 25 / 26,
        "the loss looks at the right letter alone, not at all 26.": lambda: 26 * np.log(26),
        "this is the mean over 26 losses of which 25 are 0; the right letter's alone counts.": (
            lambda: np.log(26) / 26
        ),
    },
    otherwise="each letter gets the probability 1/26; take its negative natural logarithm.",
)


def _slopes_and_hidden() -> list[tuple]:
    """Make slopes and what came out of tanh, in several shapes, from flat ends to the middle."""
    rng = np.random.default_rng(0)
    return [
        (rng.normal(size=shape), np.tanh(spread * rng.normal(size=shape)))
        for shape, spread in [((5, 4), 1), ((1, 7), 0.1), ((6, 6), 3), ((3, 1), 1)]
    ]


tanh_backward = FunctionCheck(
    asks="the slopes of the sums, in the shape of `hidden`",
    cases=_slopes_and_hidden,
    right=lambda slopes, hidden: slopes * (1 - hidden**2),
    praise="A soft gate: open around 0, nearly closed where tanh is flat.",
    mistakes={
        "you forgot the slopes that come from behind; multiply by them.": (
            lambda slopes, hidden: 1 - hidden**2
        ),
        "`hidden` is tanh(s) already; do not take tanh again.": (
            lambda slopes, hidden: slopes * (1 - np.tanh(hidden) ** 2)
        ),
        "the square is missing: 1 - hidden².": lambda slopes, hidden: slopes * (1 - hidden),
        "only `hidden` is squared, not the whole: 1 - hidden².": (
            lambda slopes, hidden: slopes * (1 - hidden) ** 2
        ),
        "this is open where tanh is flat; the slope is 1 - hidden².": (
            lambda slopes, hidden: slopes * hidden**2
        ),
        "this is for the logistic function, 1 / (1 + e^-s), not for tanh.": (
            lambda slopes, hidden: slopes * hidden * (1 - hidden)
        ),
        "this is ReLU's gate; tanh has none that shuts.": (
            lambda slopes, hidden: slopes * (hidden > 0)
        ),
        "this goes forward; backward, multiply by the slope 1 - hidden².": (
            lambda slopes, hidden: slopes * np.tanh(hidden)
        ),
        "multiply number by number (*), not as matrices (@).": (
            lambda slopes, hidden: slopes @ (1 - hidden**2).T
        ),
    },
    otherwise="multiply the slopes of `hidden`, number by number, by 1 - hidden².",
)


def _networks() -> list[tuple]:
    """Make networks of two hidden layers, of several widths, each with images and labels."""
    cases = []
    for seed, (widths, count) in enumerate([((6, 5, 5), 7), ((4, 7, 3), 12), ((3, 2, 6), 1)]):
        rng = np.random.default_rng(seed)
        network = {}
        for layer, (inputs, outputs) in enumerate(zip(widths, (*widths[1:], 10), strict=True), 1):
            network[f"weights_{layer}"] = rng.normal(size=(inputs, outputs))
            network[f"bias_{layer}"] = 0.1 * rng.normal(size=outputs)
        cases.append((network, rng.random((count, widths[0])), rng.integers(0, 10, count)))
    return cases


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


def _gradient(network, images, labels, *, gates=(1, 2), mean=True, sign=1):
    """Return the gradient by backpropagation, or with something wrong."""
    values = _forward(network, images)
    slopes = np.exp(values[-1]) / np.exp(values[-1]).sum(axis=1, keepdims=True)
    slopes[np.arange(len(labels)), labels] -= 1
    slopes *= sign / (len(labels) if mean else 1)
    gradient = {}
    for layer in (3, 2, 1):
        gradient[f"weights_{layer}"] = values[layer - 1].T @ slopes
        gradient[f"bias_{layer}"] = slopes.sum(axis=0)
        slopes = slopes @ network[f"weights_{layer}"].T
        if layer - 1 in gates:
            slopes = slopes * (values[layer - 1] > 0)
    return gradient


_WRONG_GRADIENTS = {
    "the loss is a mean: divide by the number of images.": {"mean": False},
    "both gates are missing: slopes pass only where ReLU passed the sum.": {"gates": ()},
    "the gate of the second hidden layer is missing.": {"gates": (1,)},
    "the gate of the first hidden layer is missing.": {"gates": (2,)},
    "the sign is turned; it is probabilities minus one-hot.": {"sign": -1},
}


def _fault_in_form(tried) -> str:
    """Return what is wrong with one gradient, apart from its numbers; "" if nothing is."""
    (network, *_), (left, *_) = tried.given, tried.left
    if not isinstance(tried.returned, dict) or set(tried.returned) != set(network):
        return f"return a dictionary with the names {', '.join(network)}."
    for name, values in network.items():
        slopes = tried.returned[name]
        if not np.array_equal(left.get(name), values):
            return f"your function changed {name} itself; it should only return its slopes."
        if shape_of(slopes) is None:
            return f"{kind_of(slopes)} came for {name}; its slopes are an array."
        if shape_of(slopes) != values.shape:
            return (
                f"the slopes of {name} have the shape {shape_of(slopes)};"
                f" slopes have the shape of what they are slopes of, {values.shape}."
            )
    return ""


def _arrays(gradients) -> list:
    """Return the arrays of several gradients in one list, going backward through each."""
    names = [f"{kind}_{layer}" for layer in (3, 2, 1) for kind in ("bias", "weights")]
    return [gradient[name] for gradient in gradients for name in names]


def _fault_in_gradients(attempts) -> str:
    """Return what is wrong with the gradients, "" if nothing is."""
    if fault := next(filter(None, map(_fault_in_form, attempts)), ""):
        return fault
    answers = _arrays(tried.returned for tried in attempts)
    rights = _arrays(_nudged(*tried.given) for tried in attempts)
    agreed = [same(*pair) for pair in zip(answers, rights, strict=True)]
    if all(agreed):
        return ""
    for words, how in _WRONG_GRADIENTS.items():
        if all(map(same, answers, _arrays(_gradient(*tried.given, **how) for tried in attempts))):
            return words
    if are_rounded(answers, rights):
        return "the slopes are right, but rounded; return them as they come."
    names = _arrays({name: name for name in tried.returned} for tried in attempts)
    first = names[agreed.index(False)]
    return f"going backward, the referee first disagrees at {first}; look there."


backward_three = BehaviourCheck(
    cases=_networks,
    examine=_fault_in_gradients,
    praise="The referee agrees with every slope; any number of layers goes like this.",
)


def _hidden() -> list[tuple]:
    """Make what comes out of ReLU: from the smallest numbers to large ones, and much that is 0."""
    rng = np.random.default_rng(0)
    hidden = np.maximum(rng.normal(size=(6, 5)), 0)
    return [
        (hidden,),
        (np.array([[0, 1e-12, 0.001], [1e6, 1e-300, 0]]),),
        (np.maximum(1e-9 * rng.normal(size=(1, 8)), 0),),
        (np.maximum(100 * rng.normal(size=(4, 4)), 0).astype(np.float32),),
        (np.zeros((2, 3)),),
    ]


gate = FunctionCheck(
    asks="True or False (or 1 or 0) for each number of `hidden`",
    cases=_hidden,
    right=lambda hidden: hidden > 0,
    praise="Closed where ReLU put out 0. With it, `backward` passes the gradient check.",
    mistakes={
        "this never closes: nothing that comes out of ReLU is below 0.": (
            lambda hidden: hidden >= 0
        ),
        "this is closed where it should be open.": lambda hidden: hidden <= 0,
        "this never opens: nothing that comes out of ReLU is below 0.": lambda hidden: hidden < 0,
        "this is ReLU's output; a gate is open or closed, 1 or 0.": lambda hidden: hidden,
    },
    otherwise=(
        "it should be True (or 1) where `hidden` is positive, however small, and False (or 0)"
        " where it is 0."
    ),
)
