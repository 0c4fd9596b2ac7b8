"""Checks of lesson 07, "Train a convolutional network"."""

import numpy as np

from helpers.checks import judge_function, same


def count_work(function) -> None:
    """Check a function from a model to its parameters and its multiplications for one image."""
    from helpers.quiet import keras  # here, so that the other checks do without TensorFlow

    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((30, 22, 3)),  # not square, so that height x height is found out
            layers.Conv2D(4, 5, strides=2, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(6, 3),
            layers.Flatten(),
            layers.Dense(7, activation="relu"),
            layers.Dense(5),
        ]
    )
    # kernel height x width, maps in, maps out, places in its map, places that come in
    convolutions = [(25, 3, 4, 13 * 9, 30 * 22), (9, 4, 6, 4 * 2, 6 * 4)]
    weights = [window * maps_in * maps_out for window, maps_in, maps_out, _, _ in convolutions]
    dense = 4 * 2 * 6 * 7 + 7 * 5
    parameters = sum(weights) + 4 + 6 + dense + 7 + 5

    def work(places, counted=weights, rest=dense):
        return sum(weight * place for weight, place in zip(counted, places, strict=True)) + rest

    places = [convolution[3] for convolution in convolutions]
    right = work(places)
    with_biases = [weights[0] + 4, weights[1] + 6]
    one_map_in = [window * maps_out for window, _, maps_out, _, _ in convolutions]
    one_map_out = [window * maps_in for window, maps_in, _, _, _ in convolutions]
    every_map = [
        place * maps for place, (_, _, maps, _, _) in zip(places, convolutions, strict=True)
    ]
    wrong_work = [
        (work([1, 1]), "you used each weight of a kernel once; it is used at every place of the map."),
        (parameters, "parameters are not work: a weight of a kernel is used at every place of the map."),
        (work([convolution[4] for convolution in convolutions]), "count the places of the map that the layer makes, not of the one that comes in."),
        (work([13, 4]), "you counted the rows of the map; it has columns too."),
        (work([13 * 13, 4 * 4]), "rows times rows; this map is not square."),
        (work(every_map), "the maps out are in the shape of the kernel already; multiply by height and width alone."),
        (work(places, one_map_in), "a kernel has weights for each of the maps that come in."),
        (work(places, one_map_out), "you counted one kernel a layer; a layer has as many as it makes maps."),
        (work(places, rest=0), "you left out the dense layers."),
        (dense, "you left out the convolutions."),
        (work(places, with_biases, dense + 7 + 5), "a bias is added, not multiplied."),
    ]  # fmt: skip
    judge_function(
        function,
        (model,),
        right=lambda model: (parameters, right),
        praise="Parameters fill the memory, multiplications take the time.",
        mistakes=[
            (lambda model: right, "these are the multiplications alone; return the parameters too."),
            (lambda model: (right, parameters), "the two are swapped: first the parameters."),
            (lambda model: (parameters - 22, right), "the multiplications are right, but the parameters lack the biases."),
            *(
                (lambda model, wrong=wrong: (parameters, wrong), words)
                for wrong, words in wrong_work
            ),
        ],
        otherwise="for a convolution, the numbers in its kernel times height times width of its map; for a dense layer, the numbers in its kernel.",
    )  # fmt: skip


def learning_rate(function) -> None:
    """Check a function learning_rate(step, steps, peak): a straight climb, then half a cosine wave."""
    steps, peak, top = 200, 0.02, 20
    try:
        answers = [function(step, steps, peak) for step in range(steps + 1)]
    except Exception as error:  # the student's code may raise anything; the check names it
        print(f"Not yet: your function stopped with {type(error).__name__}: {error}")
        return
    if all(answer is None or answer is ... for answer in answers):
        print("Not attempted yet.")
        return
    try:
        rates = np.array(answers, dtype=float)
    except (TypeError, ValueError):
        rates = np.array([])
    if rates.shape != (steps + 1,) or not np.isfinite(rates).all():
        print("Not yet: return a number for each step from 0 to steps, both included.")
        return
    share = np.arange(steps + 1) / top
    climb, fall = share[: top + 1], (np.arange(steps + 1)[top:] - top) / (steps - top)
    right = np.concatenate([peak * climb, peak * (1 + np.cos(np.pi * fall[1:])) / 2])
    highest = int(rates.argmax())
    if same(rates, right):
        print("Right. It starts at 0, comes to the peak after a tenth, and settles at 0.")
    elif same(rates, right / peak):
        print("Not yet: the form is right, but it climbs to 1 whatever the peak is.")
    elif same(rates[1:top], 0 * rates[1:top]):
        print(
            "Not yet: it is 0 on the whole way up and then jumps; // drops the fraction, / keeps it."
        )
    elif same(rates[0], peak):
        print("Not yet: it starts at the peak; the climb from 0 is missing.")
    elif not same(rates[0], 0):
        print(f"Not yet: at step 0 it is {rates[0]:.3g}, but the climb starts at 0.")
    elif rates.min() < -1e-9:
        print("Not yet: it goes below 0; a cosine goes down to -1, so add 1 and halve.")
    elif highest != top:
        print(
            f"Not yet: of {steps} steps the highest is number {highest}; it should be number {top}."
        )
    elif not same(rates[top], peak):
        print(f"Not yet: the highest rate is {rates[top]:.3g}, but the peak was to be {peak:g}.")
    elif not same(rates[: top + 1], right[: top + 1]):
        print("Not yet: the peak is in its place, but the climb is not straight.")
    elif not same(rates[-1], 0):
        print(
            f"Not yet: it never comes down to 0; at the last step, number {steps}, it is {rates[-1]:.3g}."
        )
    elif same(rates[top:], peak * (1 - fall)):
        print("Not yet: the fall is straight, as in the lesson; here it is half a cosine wave.")
    elif same(rates[top:], peak * np.cos(np.pi / 2 * fall)):
        print("Not yet: this is a quarter of a cosine wave, steepest at the end; take half a wave.")
    else:
        print(
            "Not yet: climb and ends are right, the fall is not: peak times (1 + cos(pi x share)) / 2,"
            " with share from 0 at the peak to 1 at the end."
        )


def build_small(function) -> None:
    """Check a function that builds a network of fewer than 20,000 parameters, by its structure."""
    try:
        model = function()
        if model is None or model is ...:
            print("Not attempted yet.")
            return
        if not hasattr(model, "layers"):
            print("Not yet: return a network, such as keras.Sequential([...]).")
            return
        mistake = _mistake_in(model, function())
    except Exception as error:  # the student's code may raise anything; the check names it
        print(f"Not yet: your function stopped with {type(error).__name__}: {error}")
        return
    if mistake:
        print(f"Not yet: {mistake}")
    else:
        print(f"Right. {model.count_params():,} parameters, and the shapes fit.")


def _mistake_in(model, another) -> str:
    """Return what is wrong with a network, in words; nothing if it is right."""
    kinds = [type(layer).__name__ for layer in model.layers]
    if another is model:
        return "every call should build a new network; this one returns the same again."
    if not model.built:
        return "it does not know the shape of its images; begin with keras.Input, and its size follows."
    if tuple(model.input_shape) != (None, 28, 28, 1):
        return f"it takes {model.input_shape[1:]}, not images of (28, 28, 1)."
    if len(model.output_shape) != 2:
        return f"it gives {model.output_shape[1:]} for an image, not ten numbers in a row; Flatten is missing."
    if model.output_shape[1] != 10:
        return f"it gives {model.output_shape[1]} numbers for an image, not 10."
    if model.count_params() >= 20_000:
        largest = max(model.layers, key=lambda layer: layer.count_params())
        return (
            f"{model.count_params():,} parameters, and fewer than 20,000 are allowed;"
            f" {largest.count_params():,} of them are in {largest.name}."
        )
    if kinds.count("Conv2D") < 2:
        return f"it has {kinds.count('Conv2D')} of the two convolutions."
    straight, bent = None, False  # a layer with nothing but sums behind it so far
    for layer in model.layers:
        if hasattr(layer, "kernel"):
            if straight:
                return f"between {straight} and {layer.name} there are only sums; without ReLU they amount to one."
            straight, bent = layer.name, False
        activation = getattr(getattr(layer, "activation", None), "__name__", "linear")
        if activation != "linear" or type(layer).__name__ in ("ReLU", "LeakyReLU", "Softmax"):
            straight, bent = None, True
        elif "MaxPool" in type(layer).__name__:  # the largest of four is not a sum either
            straight = None
    return (
        "it ends in an activation; logits are bare sums, and the loss does the rest."
        if bent
        else ""
    )


def honest_score(function) -> None:
    """Check a function that returns the test score of the epoch with the best validation score."""
    validation = np.array([98.9, 99.2, 99.0, 99.1, 98.8])
    test = np.array([98.91, 99.01, 99.13, 98.95, 98.98])
    judge_function(
        function,
        (validation, test),
        right=lambda validation, test: test[validation.argmax()],
        praise="The test set had no say in the choice, so its score is not flattered by it.",
        mistakes=[
            (
                lambda validation, test: test.max(),
                "this is the published way: the test set chooses its own best score.",
            ),
            (
                lambda validation, test: validation.max(),
                "this is the best validation score, flattered by the choice; report the test score.",
            ),
            (
                lambda validation, test: test[-1],
                "this is the last epoch, whatever the validation scores say.",
            ),
            (
                lambda validation, test: validation.argmax(),
                "this is the number of the epoch; return its test score.",
            ),
        ],
        otherwise="find the epoch with the largest validation score, and return the test score of that epoch.",
    )
