"""Checks of lesson 07, "Train a convolutional network"."""

import itertools
import math
from unittest import mock

import numpy as np

from helpers.checks import BehaviourCheck, FunctionCheck, are_rounded, same, shape_of


def _models() -> list[tuple]:
    """Return models with and without convolutions and dense layers, their maps never square."""
    from helpers.quiet import keras  # here, so that the other checks do without TensorFlow

    layers = keras.layers
    with_both = [
        keras.Input((30, 22, 3)),
        layers.Conv2D(4, 5, strides=2, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(6, 3),
        layers.Flatten(),
        layers.Dense(7, activation="relu"),
        layers.Dense(5),
    ]
    without_dense_layers = [
        keras.Input((16, 12, 1)),
        layers.Conv2D(3, (3, 5), padding="same"),
        layers.ReLU(),
        layers.AveragePooling2D(2),
        layers.Conv2D(8, 2, activation="tanh"),
        layers.Conv2D(10, (4, 1), strides=(2, 1)),
        layers.GlobalMaxPooling2D(),
    ]
    without_convolutions = [
        keras.Input((9, 7, 2)),
        layers.Rescaling(1 / 255),
        layers.Flatten(),
        layers.Dense(20, activation="relu"),
        layers.Dropout(0.5),
        layers.Dense(10),
    ]
    models = [
        keras.Sequential(stack) for stack in (with_both, without_dense_layers, without_convolutions)
    ]
    image = keras.Input((10, 14, 1))
    maps = layers.Conv2D(5, 3, padding="same", activation="relu")(image)
    logits = layers.Dense(4)(layers.Flatten()(layers.MaxPooling2D((5, 2))(maps)))
    return [(model,) for model in (*models, keras.Model(image, logits))]


def _places(layer) -> int:
    return layer.output.shape[1] * layer.output.shape[2]


def _multiplications(
    model,
    once=lambda layer: math.prod(layer.kernel.shape),
    places=_places,
    kinds=("Conv2D", "Dense"),
) -> int:
    """Count the multiplications for one image, rightly or with one thing wrong."""
    counted = [layer for layer in model.layers if type(layer).__name__ in kinds]
    return sum(
        once(layer) * (places(layer) if type(layer).__name__ == "Conv2D" else 1)
        for layer in counted
    )


def _with_parameters(**wrong):
    """Return a mistake that counts the parameters rightly and the multiplications wrongly."""
    return lambda model: (model.count_params(), _multiplications(model, **wrong))


def _without_axis(axis):
    """Return a function that multiplies the shape of a kernel, but for one of its four axes."""

    def once(layer):
        shape = list(layer.kernel.shape)
        if len(shape) == 4:
            del shape[axis]
        return math.prod(shape)

    return once


def _without_biases(model):
    return sum(math.prod(layer.kernel.shape) for layer in model.layers if hasattr(layer, "kernel"))


count_work = FunctionCheck(
    cases=_models,
    asks="two numbers, the parameters and the multiplications",
    right=_with_parameters(),
    praise="Parameters fill the memory, multiplications take the time.",
    mistakes={
        "these are the multiplications alone; return the parameters too.": _multiplications,
        "these are the parameters alone; return the multiplications too.": lambda model: (
            model.count_params()
        ),
        "the two are swapped: first the parameters.": lambda model: (
            _multiplications(model),
            model.count_params(),
        ),
        "the multiplications are right, but the parameters lack the biases.": lambda model: (
            _without_biases(model),
            _multiplications(model),
        ),
        "you used each weight of a kernel once; it is used at every place of the map.": (
            _with_parameters(places=lambda layer: 1)
        ),
        "parameters are not work: a weight of a kernel is used at every place of the map.": (
            lambda model: (model.count_params(), model.count_params())
        ),
        "count the places of the map that the layer makes, not of the one that comes in.": (
            _with_parameters(places=lambda layer: math.prod(layer.input.shape[1:3]))
        ),
        "you counted the rows of the map; it has columns too.": _with_parameters(
            places=lambda layer: layer.output.shape[1]
        ),
        "rows times rows; this map is not square.": _with_parameters(
            places=lambda layer: layer.output.shape[1] ** 2
        ),
        "the maps out are in the shape of the kernel already;"
        " multiply by height and width alone.": _with_parameters(
            places=lambda layer: math.prod(layer.output.shape[1:])
        ),
        "a kernel has weights for each of the maps that come in.": _with_parameters(
            once=_without_axis(2)
        ),
        "you counted one kernel a layer; a layer has as many as it makes maps.": _with_parameters(
            once=_without_axis(3)
        ),
        "you left out the dense layers.": _with_parameters(kinds=("Conv2D",)),
        "you left out the convolutions.": _with_parameters(kinds=("Dense",)),
        "a bias is added, not multiplied.": _with_parameters(
            once=lambda layer: math.prod(layer.kernel.shape) + layer.bias.shape[0]
        ),
    },
    otherwise=(
        "for a convolution, the numbers in its kernel times height times width of its map;"
        " for a dense layer, the numbers in its kernel."
    ),
)


def _cycles() -> list[tuple]:
    """Return every step of three cycles; the tenth of 37 steps is no whole number."""
    return [
        (step, steps, peak)
        for steps, peak in ((200, 0.02), (90, 0.5), (37, 3.0))
        for step in range(steps + 1)
    ]


def _is_number(answer) -> bool:
    return shape_of(answer) == () and np.isrealobj(answer) and bool(np.isfinite(answer))


def _fault_in_rates(attempts: list) -> str:
    """Return what is wrong with the first cycle that is wrong."""
    if not all(_is_number(tried.returned) for tried in attempts):
        return "return a number for each step from 0 to steps, both included."
    passed = []
    for (steps, peak), cycle in itertools.groupby(attempts, lambda tried: tried.given[1:]):
        fault = _fault_in_cycle(np.array([float(tried.returned) for tried in cycle]), steps, peak)
        if fault and passed:
            return f"right with {passed[-1]} steps, but with {steps} and the peak {peak:g} {fault}"
        if fault:
            return fault
        passed.append(steps)
    return ""


def _cycle(steps: int, peak: float, climb: float) -> np.ndarray:
    """Return the rates of a cycle whose climb takes so many steps."""
    step = np.arange(steps + 1)
    fall = (step - climb) / (steps - climb)
    return peak * np.where(step < climb, step / climb, (1 + np.cos(np.pi * fall)) / 2)


def _fault_in_cycle(rates: np.ndarray, steps: int, peak: float) -> str:
    tenth = steps / 10
    right = _cycle(steps, peak, tenth)
    if same(rates, right):
        return ""
    if are_rounded([rates], [right]):
        return "it is right, but rounded; do not round."
    if same(rates, right / peak):
        return "it has the right form, but it climbs to 1 whatever the peak is."
    if any(same(rates, _cycle(steps, peak, round_(tenth))) for round_ in (math.floor, math.ceil)):
        return (
            f"it takes a whole number for a tenth of the steps, which is {tenth:g}; do not round."
        )
    top, highest = int(right.argmax()), int(rates.argmax())
    if rates.any() and same(rates[1:top], np.zeros(top - 1)):
        return "it is 0 on the whole way up and then jumps; // drops the fraction, / keeps it."
    if same(rates[0], peak):
        return "it starts at the peak; the climb from 0 is missing."
    if not same(rates[0], 0):
        return f"it is {rates[0]:.3g} at step 0, but the climb starts at 0."
    if rates.min() < -1e-9:
        return "it goes below 0; a cosine goes down to -1, so add 1 and halve."
    if highest != top:
        return f"its highest step is number {highest} of {steps}; it should be number {top}."
    if not same(rates[top], right[top]):
        return f"its highest rate is {rates[top]:.3g}, but the peak was to be {peak:g}."
    if not same(rates[:top], right[:top]):
        return "it has the peak in its place, but the climb is not straight."
    if not same(rates[-1], 0):
        return f"it never comes down to 0; at the last step, number {steps}, it is {rates[-1]:.3g}."
    fall = (np.arange(top, steps + 1) - tenth) / (steps - tenth)
    if same(rates[top:], peak * (1 - fall)):
        return "its fall is straight, as in the lesson; here it is half a cosine wave."
    if same(rates[top:], peak * np.cos(np.pi / 2 * fall)):
        return "its fall is a quarter of a cosine wave, steepest at the end; take half a wave."
    return (
        "climb and ends are right, the fall is not: peak times (1 + cos(pi x share)) / 2,"
        " with share from 0 at the peak to 1 at the end."
    )


learning_rate = BehaviourCheck(
    cases=_cycles,
    examine=_fault_in_rates,
    praise="It starts at 0, comes to the peak after a tenth, and settles at 0.",
)


def _layers_in(model) -> list:
    """Return the layers of a network, those of networks inside it included, first to last."""
    layers = []
    for layer in model.layers:
        layers += _layers_in(layer) if hasattr(layer, "layers") else [layer]
    return layers


def _makes_sums(layer) -> bool:
    """Say whether a layer weighs its inputs, adds them up, and hands the sums to an activation."""
    has_kernel = hasattr(layer, "kernel") or hasattr(layer, "depthwise_kernel")
    return has_kernel and hasattr(layer, "activation")


def _only_adds(read, source, target, same_everywhere=False) -> bool:
    """Say whether what comes to layer `target` is a sum of the sums of `source`, and nothing more.

    Then it adds up: f(a) + f(b) = f(a + b) + f(0). So `read`, which lets a network read four equal
    images, is called while `source` finds the sums a, b, a + b and 0 in them. With
    `same_everywhere` they are the same at every place of a map, where pooling changes nothing.
    """
    from helpers.quiet import keras

    find_sums, take = source.call, target.call
    taken = []

    def give(*inputs, **options):
        rows, *places = find_sums(*inputs, **options).shape
        shape = (rows // 4, *places)
        drawn = (1,) * len(places) + shape[-1:] if same_everywhere else shape
        a, b = 3 * np.random.default_rng(0).normal(size=(2, *drawn))
        sums = np.concatenate([np.broadcast_to(each, shape) for each in (a, b, a + b, 0 * a)])
        return source.activation(keras.ops.convert_to_tensor(sums.astype(np.float32)))

    def receive(values, *inputs, **options):
        taken.append(keras.ops.convert_to_numpy(values))
        return take(values, *inputs, **options)

    with mock.patch.object(source, "call", give), mock.patch.object(target, "call", receive):
        read()
    of_a, of_b, of_both, of_none = np.split(taken[0], 4)
    tolerance = 1e-3 * np.abs(taken[0]).max()
    depends = not np.allclose(of_a, of_none, atol=tolerance)
    return depends and np.allclose(of_a + of_b, of_both + of_none, atol=tolerance)


def _fault_in_networks(attempts: list) -> str:
    from helpers.quiet import keras

    model, another = (tried.returned for tried in attempts)
    if not (isinstance(model, keras.Model) and isinstance(another, keras.Model)):
        return "return a network, such as keras.Sequential([...])."
    if another is model or {id(w) for w in model.weights} & {id(w) for w in another.weights}:
        return "every call should build a new network; this one returns the same weights again."
    if not getattr(model, "inputs", None):
        return (
            "it does not know the shape of its images;"
            " begin with keras.Input, and its size follows."
        )
    try:
        return _fault_in_shapes(model) or _fault_in_layers(model)
    except Exception as error:  # a network may stop anywhere
        message = " ".join(str(error).split())[:200]
        return f"it stopped with {type(error).__name__} when it read four images: {message}"


def _fault_in_shapes(model) -> str:
    takes = tuple(model.input_shape)
    wanted = (None, 28, 28, 1)
    if len(takes) != 4 or any(size not in (None, w) for size, w in zip(takes, wanted, strict=True)):
        return f"it takes {takes}, not images of (28, 28, 1) in any number."
    if len(model.outputs) != 1:
        return f"it has {len(model.outputs)} outputs; wanted are ten numbers in a row."
    gives = model.output_shape[1:]
    if len(gives) != 1:
        return f"it gives {gives} for an image, not ten numbers in a row; Flatten is missing."
    if gives[0] != 10:
        return f"it gives {gives[0]} numbers for an image, not 10."
    return ""


def _fault_in_layers(model) -> str:
    """Return what is wrong with the layers of a network, judged by what they do to numbers."""
    from helpers.quiet import keras

    layers = _layers_in(model)
    if model.count_params() >= 20_000:
        largest = max(layers, key=lambda layer: layer.count_params())
        return (
            f"{model.count_params():,} parameters, and fewer than 20,000 are allowed;"
            f" {largest.count_params():,} of them are in {largest.name}."
        )
    summing = [layer for layer in layers if _makes_sums(layer)]
    dense = keras.layers.Dense | keras.layers.EinsumDense
    convolutions = [layer for layer in summing if not isinstance(layer, dense)]
    if len(convolutions) < 2:
        return f"it has {len(convolutions)} of the two convolutions."
    end = keras.layers.Identity()

    def read():
        return end(model(np.ones((4, 28, 28, 1), dtype=np.float32), training=False))

    for source, target in itertools.combinations(summing, 2):
        if _only_adds(read, source, target):
            return (
                f"between {source.name} and {target.name} there are only sums;"
                " without ReLU they amount to one."
            )
    if not _only_adds(read, summing[-1], end, same_everywhere=True):
        return "it ends in an activation; logits are bare sums, and the loss does the rest."
    return ""


build_small = BehaviourCheck(
    cases=lambda: [(), ()],
    examine=_fault_in_networks,
    praise=lambda attempts: (
        f"{attempts[0].returned.count_params():,} parameters, and the shapes fit."
    ),
)


def _scores() -> list[tuple]:
    """Return validation and test scores of runs; in the last two, several epochs are the best.

    The first and the last of these have the same test score, so that either may be chosen; one
    between them has a better one.
    """
    rng = np.random.default_rng(0)
    runs = []
    for epochs in (30, 30, 30, 5, 12, 30):
        validation = 99 + rng.permutation(epochs) / 50
        runs.append((validation, 99 + rng.permutation(epochs) / 100))
    for epochs, first, between, last in ((30, 4, 11, 20), (6, 0, 2, 4)):
        validation, test = 98 + rng.permutation(epochs) / 50, 99 + rng.permutation(epochs) / 100
        validation[[first, between, last]] = 99.5
        test[[first, between, last]] = 98.7, 99.05, 98.7
        runs.append((validation, test))
    return runs


honest_score = FunctionCheck(
    cases=_scores,
    asks="one number, the test score of the chosen epoch",
    right=lambda validation, test: test[validation.argmax()],
    praise="The test set had no say in the choice, so its score is not flattered by it.",
    mistakes={
        "this is the published way: the test set chooses its own best score.": (
            lambda validation, test: test.max()
        ),
        "this is the best validation score, flattered by the choice; report the test score.": (
            lambda validation, test: validation.max()
        ),
        "this is the last epoch, whatever the validation scores say.": (
            lambda validation, test: test[-1]
        ),
        "this is the number of the epoch; return its test score.": (
            lambda validation, test: validation.argmax()
        ),
        "this is the epoch with the worst validation score; argmax finds the best.": (
            lambda validation, test: test[validation.argmin()]
        ),
        "this is turned round: choose by the validation scores, and return the test score.": (
            lambda validation, test: validation[test.argmax()]
        ),
        "this is the mean of all epochs; choose one.": lambda validation, test: test.mean(),
        "where several epochs are equally good, the test set chooses; take the first of them.": (
            lambda validation, test: test[validation == validation.max()].max()
        ),
    },
    otherwise=(
        "find the epoch with the largest validation score, and return the test score of that epoch."
    ),
)
