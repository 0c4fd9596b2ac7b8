"""Checks of lesson 07, "Train a convolutional network"."""

import math
import warnings
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
    """Count the multiplications for one image, as they are or with one thing wrong."""
    counted = [layer for layer in model.layers if type(layer).__name__ in kinds]
    return sum(
        once(layer) * (places(layer) if type(layer).__name__ == "Conv2D" else 1)
        for layer in counted
    )


def _with_parameters(**wrong):
    """Return a mistake that counts the parameters as they are and the multiplications wrongly."""
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
    praise="Parameters fill the memory; multiplications are the work.",
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


_CYCLES = ((200, 0.02), (90, 0.5), (37, 3.0))  # the tenth of 37 steps is no whole number


def _steps() -> list[tuple]:
    """Return every step of the cycles, in turns, so that counting one's calls does not help."""
    return [(step, steps, peak) for step in range(201) for steps, peak in _CYCLES if step <= steps]


def _is_number(answer) -> bool:
    return shape_of(answer) == () and np.isrealobj(answer) and math.isfinite(answer)


def _fault_in_rates(attempts: list) -> str:
    """Return what is wrong with the first cycle that is wrong."""
    if not all(_is_number(tried.returned) for tried in attempts):
        return "return a number for each step from 0 to steps, both included."
    passed = []
    for steps, peak in _CYCLES:
        cycle = [tried for tried in attempts if tried.given[1:] == (steps, peak)]
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
        return "it has the peak in its place, but the climb is not straight from 0 to there."
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
    cases=_steps,
    examine=_fault_in_rates,
    praise="It starts at 0, comes to the peak after a tenth, and settles at 0.",
)


def _fault_in_networks(attempts: list) -> str:
    from helpers.quiet import keras

    model, another = (tried.returned for tried in attempts)
    if not (isinstance(model, keras.Model) and isinstance(another, keras.Model)):
        return "return a network, such as keras.Sequential([...])."
    if {id(weight) for weight in model.weights} & {id(weight) for weight in another.weights}:
        return "every call should build a new network; this one returns the same weights again."
    if not model.built:
        return (
            "it does not know the shape of its images;"
            " begin with keras.Input, and its size follows."
        )
    try:
        return _fault_in_layers(model)
    except Exception as error:  # a network may stop anywhere
        return (
            f"it stopped with {type(error).__name__} when it read images of (28, 28, 1);"
            " try model(np.zeros((6, 28, 28, 1)))."
        )


def _fault_in_layers(model) -> str:
    """Return what is wrong with a network, judged by what it does to images and to sums."""
    reached, logits = _read(model)
    if (shape := shape_of(logits)) != (6, 10):
        hint = "; Flatten is missing" if len(shape or ()) == 4 else ""
        return f"for 6 images it gives the shape {shape}, not (6, 10), ten logits for each{hint}."
    if model.count_params() >= 20_000:
        largest = max(model.layers, key=lambda layer: layer.count_params())
        return (
            f"{model.count_params():,} parameters, and fewer than 20,000 are allowed;"
            f" {largest.count_params():,} of them are in {largest.name}."
        )
    convolutions = [layer for layer in reached if hasattr(layer, "kernel_size")]
    if len(convolutions) < 2:
        return f"it has {len(convolutions)} of the two convolutions."
    for source in reached:
        for target, values in _read(model, source)[0].items():
            if target is not source and _add_up(values):
                return (
                    f"between {source.name} and {target.name} there are only sums;"
                    " without ReLU they amount to one."
                )
    _, logits = _read(model, list(reached)[-1], alike=True)
    if not _add_up(np.asarray(logits)):
        return "it ends in an activation; logits are bare sums, and the loss does the rest."
    return ""


def _read(model, source=None, alike=False) -> tuple:
    """Let a network read three images twice; return what reaches each layer of sums, and the logits.

    The layer `source` then finds the sums a, b and a + b in the images, and 0 the second time; if
    `alike`, they are the same at every place of a map, where pooling changes nothing.
    """
    from helpers.quiet import keras

    rng = np.random.default_rng(0)
    call, reached = keras.layers.Layer.__call__, {}
    dense = keras.layers.Dense | keras.layers.EinsumDense

    def watch(layer, *inputs, **options):
        found = call(layer, *inputs, **options)
        if isinstance(layer, dense) or hasattr(layer, "kernel_size"):
            reached[layer] = np.asarray(inputs[0])
        if layer is source:
            rows, *places, maps = found.shape
            places = [1] * len(places) if alike else places
            a, b = 3 * rng.normal(size=(2, rows // 6, *places, maps))
            sums = np.concatenate([a, b, a + b, 0 * a, 0 * a, 0 * a])
            return layer.activation(keras.ops.cast(np.broadcast_to(sums, found.shape), found.dtype))
        return found

    images = np.tile(rng.normal(size=(3, 28, 28, 1)).astype(np.float32), (2, 1, 1, 1))
    with (
        mock.patch.object(keras.layers.Layer, "__call__", watch),
        warnings.catch_warnings(action="ignore"),
    ):
        logits = model(images, training=False)
    return reached, logits


def _add_up(values) -> bool:
    """Say whether what the sums a and b bring about adds up to what a + b brings about."""
    first, second, both, *without = np.split(values, 6)
    effects = np.subtract([first, second, both], without)
    tolerance = 1e-3 * np.abs(values).max()
    return np.abs(effects).max() > tolerance and np.allclose(
        effects[0] + effects[1], effects[2], atol=tolerance
    )


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
    between them has a better score in one run, and a worse one in the other.
    """
    rng = np.random.default_rng(0)
    runs = []
    for level, epochs in ((99, 30), (99, 30), (96, 30), (97, 5), (98, 12), (98, 30), (98, 6)):
        validation = level + rng.permutation(epochs) / 50
        runs.append((validation, level + rng.permutation(epochs) / 100))
    for (validation, test), score in zip(runs[-2:], (98.05, 97.3), strict=True):
        validation[[0, 2, 4]] = 99.5
        test[[0, 2, 4]] = 97.7, score, 97.7
    return runs


honest_score = FunctionCheck(
    cases=_scores,
    asks="one number, the test score of the chosen epoch",
    right=lambda validation, test: test[validation.argmax()],
    praise="The test set had no say in the choice, so its score is not flattered by it.",
    mistakes={
        "here the test set chooses its own best score, which flatters it.": (
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
