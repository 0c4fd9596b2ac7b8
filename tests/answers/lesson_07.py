"""Answers to the exercises of lesson 07. Keras is imported when they are called."""

import itertools

import numpy as np

from answers import Tried


def solved_count_work(model):
    from helpers.quiet import keras

    multiplications = 0
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D):
            _, height, width, _ = layer.output.shape
            multiplications += np.prod(layer.kernel.shape) * height * width
        elif isinstance(layer, keras.layers.Dense):
            multiplications += np.prod(layer.kernel.shape)
    return model.count_params(), multiplications


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


def with_parameters(**wrong):
    return lambda model: (model.count_params(), work_of(model, **wrong))


def count_by_the_output(model):
    """Count, for each number that comes out of a layer, the weights that lead to it."""
    work = 0
    for layer in model.layers:
        if layer.get_weights():
            kernel, bias = layer.get_weights()
            work += kernel[..., 0].size * np.prod(layer.output.shape[1:])
    return [sum(weights.size for weights in model.get_weights()), int(work)]


def count_from_the_weights(model):
    parameters = sum(np.prod(weight.shape) for weight in model.weights)
    places = [layer.output.shape[1:-1] for layer in model.layers if layer.weights]
    kernels = model.get_weights()[::2]
    return np.array(
        [parameters, sum(k.size * np.prod(p) for k, p in zip(kernels, places, strict=True))]
    )


def count_and_halve_the_model(model):
    answer = solved_count_work(model)
    for weight in model.weights:
        weight.assign(weight / 2)
    return answer


def parameters_without_biases(model):
    return sum(np.size(weights) for weights in model.get_weights()[::2]), work_of(model)


def count_the_first_two_layers(model):
    return model.count_params(), sum(
        np.prod(layer.kernel.shape) * np.prod(layer.output.shape[1:-1])
        for layer in [layer for layer in model.layers if layer.weights][:2]
    )


def count_only_convolutional(model):
    if "Conv2D" in [type(layer).__name__ for layer in model.layers]:
        return solved_count_work(model)


def print_the_work(model):
    print(*solved_count_work(model))


def solved_learning_rate(step, steps, peak):
    climb = 0.1 * steps
    if step < climb:
        return peak * step / climb
    share = (step - climb) / (steps - climb)
    return peak * (1 + np.cos(np.pi * share)) / 2


def cycle(step, steps, peak, climb=0.1, round_fall=lambda t: 0.5 + 0.5 * np.cos(np.pi * t)):
    done = step / steps
    if done <= climb:
        return peak * done / climb
    return peak * round_fall((done - climb) / (1 - climb))


def where_of_numpy(step, steps, peak):
    done = 10 * step / steps
    return np.where(done < 1, peak * done, peak * np.cos((done - 1) * np.pi / 18) ** 2)


def interpolate_the_climb(step, steps, peak):
    angle = np.interp(step, [steps / 10, steps], [0, np.pi / 2])
    return min(np.interp(step, [0, steps / 10], [0, peak]), peak * (1 - np.sin(angle) ** 2))


def use_tensors(step, steps, peak):
    from helpers.quiet import keras

    done = keras.ops.convert_to_tensor(step / steps, dtype="float32")
    fall = (1 + keras.ops.cos(np.pi * (done - 0.1) / 0.9)) / 2
    return peak * keras.ops.where(done < 0.1, done * 10, fall)


def floor_the_climb(step, steps, peak):
    if step < steps // 10:
        return peak * (step // (steps // 10))
    return cycle(step, steps, peak)


def tenth_in_whole_steps(step, steps, peak, shorten=int):
    climb = shorten(steps / 10)
    if step < climb:
        return peak * step / climb
    return peak * (1 + np.cos(np.pi * (step - climb) / (steps - climb))) / 2


def hard_coded(step, steps, peak):
    return cycle(step, 200, 0.02)


def climb_of_twenty(step, steps, peak):
    return cycle(step, steps, peak, climb=20 / steps)


def climb_alone(step, steps, peak):
    if step < steps / 10:
        return peak * 10 * step / steps


def cosine_all_the_way(step, steps, peak):
    return peak * (1 + np.cos(np.pi * step / steps)) / 2


def two_cosines(step, steps, peak):
    if step < steps / 10:
        return peak * (1 - np.cos(np.pi * 10 * step / steps)) / 2
    return cycle(step, steps, peak)


def the_lessons_cycle(step, steps, peak):
    return peak * min(step / (0.3 * steps), (steps - step) / (0.7 * steps))


def print_the_rate(step, steps, peak):
    print(cycle(step, steps, peak))


def rates_of_all_steps(step, steps, peak):
    return [cycle(i, steps, peak) for i in range(steps + 1)]


CALLS = itertools.count()


def count_the_calls(step, steps, peak):
    """Take the number of the call for the step: right only if the steps come in order."""
    call = next(CALLS) % 330
    return cycle(call if call <= 200 else (call - 201) % 91, steps, peak)


def add_to_the_last_rate(step, steps, peak, rates={"last": 0}):  # noqa: B006
    if step > steps / 10:
        return cycle(step, steps, peak)
    rates["last"] = rates["last"] + 10 * peak / steps if step else 0
    return rates["last"]


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


def solved_build_small():
    from helpers.quiet import keras

    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 5, strides=2, activation="relu"),
            layers.Conv2D(32, 3),
            layers.MaxPooling2D(),
            layers.ReLU(),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )


def network(*parts, start=(28, 28, 1)):
    """Build a network from names, or from functions that make a layer from keras."""
    from helpers.quiet import keras

    layers = keras.layers
    make = {
        "conv": lambda maps, activation=None: layers.Conv2D(maps, 3, activation=activation),
        "dense": lambda out, activation=None: layers.Dense(out, activation=activation),
        "pool": lambda: layers.AveragePooling2D(2),
        "max": lambda: layers.MaxPooling2D(),
        "global": lambda: layers.GlobalMaxPooling2D(),
        "relu": lambda: layers.ReLU(),
        "flat": lambda: layers.Flatten(),
    }
    built = [part(keras) if callable(part) else make[part[0]](*part[1:]) for part in parts or SMALL]
    return keras.Sequential([keras.Input(start), *built] if start else built)


def with_between(*between):
    """Build a network with the given layers between its two convolutions."""
    return lambda: network(
        ("conv", 8), *between, ("conv", 8, "relu"), ("pool",), ("pool",), ("flat",), ("dense", 10)
    )


def with_end(*end):
    """Build a network with the given layers behind its last sums."""
    return lambda: network(
        ("conv", 8, "relu"), ("pool",), ("conv", 8, "relu"), ("global",), ("dense", 10), *end
    )


def functional(between=lambda keras, maps: maps, end=lambda keras, logits: logits, shape=None):
    """Build a network by calling layers, with something between its two convolutions."""
    from helpers.quiet import keras

    image = keras.Input(shape or (28, 28, 1))
    maps = between(keras, keras.layers.Conv2D(8, 3)(image))
    maps = keras.layers.Conv2D(8, 3, activation="relu")(maps)
    logits = keras.layers.Dense(10)(keras.layers.GlobalAveragePooling2D()(maps))
    return keras.Model(image, end(keras, logits))


def skip_around_a_relu(keras, maps):
    return keras.layers.add([maps, keras.ops.relu(maps)])


def skip_around_sums(keras, maps):
    return keras.layers.add([maps, keras.layers.AveragePooling2D(3, 1, "same")(maps)])


def two_branches():
    from helpers.quiet import keras

    layers = keras.layers
    image = keras.Input((28, 28, 1))
    branches = [layers.Conv2D(6, size, padding="same")(image) for size in (3, 5)]
    maps = layers.ReLU()(layers.concatenate(branches))
    maps = layers.MaxPooling2D(4)(layers.Conv2D(8, 3, activation="relu")(maps))
    return keras.Model(image, layers.Dense(10)(layers.Flatten()(maps)))


def residual_block():
    from helpers.quiet import keras

    layers = keras.layers
    image = keras.Input((28, 28, 1))
    maps = layers.Conv2D(8, 3, padding="same", activation="relu")(image)
    more = layers.Conv2D(8, 3, padding="same", activation="relu")(maps)
    more = layers.Conv2D(8, 3, padding="same")(more)
    maps = layers.ReLU()(layers.add([maps, more]))
    return keras.Model(image, layers.Dense(10)(layers.GlobalAveragePooling2D()(maps)))


def nested():
    from helpers.quiet import keras

    def block(maps):
        return keras.Sequential(
            [keras.layers.Conv2D(maps, 3), keras.layers.ReLU(), keras.layers.MaxPooling2D()]
        )

    return keras.Sequential(
        [keras.Input((28, 28, 1)), block(8), block(16), keras.layers.Flatten()]
        + [keras.layers.Dense(10)]
    )


def nested_without_relu():
    from helpers.quiet import keras

    inner = keras.Sequential([keras.layers.Conv2D(8, 3), keras.layers.AveragePooling2D(2)])
    return keras.Sequential(
        [keras.Input((28, 28, 1)), inner, keras.layers.Conv2D(10, 3, activation="relu")]
        + [keras.layers.GlobalMaxPooling2D(), keras.layers.Dense(10)]
    )


def shared_layer():
    def first(keras):
        return SAME_AGAIN.setdefault("layer", keras.layers.Conv2D(8, 3, activation="relu"))

    return network(first, *SMALL[1:])


def patches_as_a_batch():
    """Let a dense layer read the places of a map as if they were images."""
    return network(
        ("conv", 8, "relu"),
        layer_of("MaxPooling2D", 13),
        as_lambda(lambda keras, maps: keras.ops.reshape(maps, (-1, 8))),
        ("dense", 6, "relu"),
        as_lambda(lambda keras, rows: keras.ops.reshape(rows, (-1, 2, 2, 6))),
        layer_of("Conv2D", 10, 2),
        ("flat",),
    )


def own_class():
    from helpers.quiet import keras

    class Small(keras.Model):
        def __init__(self):
            super().__init__()
            self.inside = network()

        def call(self, images):
            return self.inside(images)

    return Small()


def own_class_that_has_read():
    model = own_class()
    model(np.zeros((1, 28, 28, 1)))
    return model


def sequential_that_has_read():
    model = network(start=None)
    model(np.zeros((1, 28, 28, 1)))
    return model


def own_layer(*names):
    """Build a network whose first layer holds the named layers."""
    from helpers.quiet import keras

    class Block(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.inside = network(*names, start=None).layers

        def call(self, values):
            for layer in self.inside:
                values = layer(values)
            return values

    return network(lambda keras: Block(), ("conv", 8, "relu"), ("global",), ("dense", 10))


def gated():
    """Multiply sums by the sigmoid of other sums: a gated linear unit."""
    from helpers.quiet import keras

    image = keras.Input((28, 28, 1))
    gates = keras.layers.Conv2D(8, 3, activation="sigmoid")(image)
    maps = keras.layers.multiply([keras.layers.Conv2D(8, 3)(image), gates])
    maps = keras.layers.Conv2D(8, 3, activation="relu")(maps)
    return keras.Model([image], keras.layers.Dense(10)(keras.layers.GlobalMaxPooling2D()(maps)))


def residual_without_relu():
    from helpers.quiet import keras

    layers = keras.layers
    image = keras.Input((28, 28, 1))
    maps = layers.Conv2D(8, 3, activation="relu")(image)
    maps = layers.add([maps, layers.Conv2D(8, 3, padding="same")(maps)])
    maps = layers.Conv2D(8, 3, activation="relu")(maps)
    return keras.Model(image, layers.Dense(10)(layers.GlobalAveragePooling2D()(maps)))


def two_outputs():
    from helpers.quiet import keras

    model = network()
    return keras.Model(model.inputs, [model.outputs[0], model.outputs[0]])


def two_inputs():
    from helpers.quiet import keras

    model = network()
    other = keras.Input((3,))
    return keras.Model([*model.inputs, other], model.outputs[0] + keras.layers.Dense(10)(other))


def one_image_at_a_time():
    from helpers.quiet import keras

    return keras.Sequential([keras.Input(batch_shape=(1, 28, 28, 1)), *network().layers])


def any_size():
    return network(("conv", 8, "relu"), ("conv", 10), ("global",), start=(None, None, 1))


def layer_of(name, *arguments, **options):
    return lambda keras: getattr(keras.layers, name)(*arguments, **options)


def as_lambda(function):
    return lambda keras: keras.layers.Lambda(lambda values: function(keras, values))


def activated(function):
    """Build a network whose first convolution is given this function of keras and its sums."""
    from helpers.quiet import keras

    def activation(values):
        return function(keras, values)

    return network(
        ("conv", 8, activation), ("pool",), ("conv", 8, "relu"), ("global",), ("dense", 10)
    )


def print_the_network():
    print(network().count_params())


def solved_honest_score(validation_scores, test_scores):
    return test_scores[validation_scores.argmax()]


def of_the_last_best_epoch(validation, test):
    order = np.argsort(validation, kind="stable")
    return test[order[-1]]


def keep_the_best_so_far(validation, test):
    best, chosen = -1, None
    for score, candidate in zip(validation, test, strict=True):
        if score > best:
            best, chosen = score, candidate
    return float(chosen)


def sort_in_place(validation, test):
    test[:] = test[np.argsort(-validation, kind="stable")]
    return test[0]


def largest_pair(validation, test):
    return max(zip(validation, test, strict=True))[1]


def print_the_score(validation, test):
    print(solved_honest_score(validation, test))


def only_thirty_epochs(validation, test):
    if len(test) == 30:
        return solved_honest_score(validation, test)


TRIED = {
    "count_work": Tried(
        right=[
            solved_count_work,
            lambda m: (m.count_params(), work_of(m)),
            lambda m: [float(m.count_params()), float(work_of(m))],
            count_by_the_output,
            count_from_the_weights,
        ],
        in_place=[count_and_halve_the_model],
        wrong=[
            (work_of, "return the parameters too"),
            (lambda m: m.count_params(), "return the multiplications too"),
            (lambda m: (work_of(m), m.count_params()), "swapped"),
            (parameters_without_biases, "lack the biases"),
            (with_parameters(places=lambda shape: 1), "used each weight of a kernel once"),
            (lambda m: (m.count_params(), m.count_params()), "parameters are not work"),
            (
                with_parameters(shape=lambda layer: layer.input.shape),
                "not of the one that comes in",
            ),
            (with_parameters(places=lambda shape: shape[1]), "it has columns too"),
            (with_parameters(places=lambda shape: shape[1] ** 2), "not square"),
            (
                with_parameters(places=lambda shape: np.prod(shape[1:])),
                "in the shape of the kernel already",
            ),
            (with_parameters(kernel=lambda k: k[:2] + k[3:]), "each of the maps that come in"),
            (with_parameters(kernel=lambda k: k[:3]), "one kernel a layer"),
            (with_parameters(kinds=("Conv2D",)), "left out the dense layers"),
            (with_parameters(kinds=("Dense",)), "left out the convolutions"),
            (with_parameters(biases=True), "added, not multiplied"),
            (with_parameters(places=lambda shape: 117), "height times width of its map"),
            (lambda m: (m.count_params(), 12), "height times width of its map"),
            (lambda m: (1000, 1000), "height times width of its map"),
            (lambda m: (m.count_params(), 2 * work_of(m)), "height times width of its map"),
            (count_the_first_two_layers, "sometimes right"),
            (count_only_convolutional, "returns nothing for some inputs"),
            (print_the_work, "prints its result and returns nothing"),
            (lambda m: m, "cannot be compared"),
            (lambda m: f"{m.count_params()}, {work_of(m)}", "cannot be compared"),
            (lambda m: {"parameters": m.count_params()}, "cannot be compared"),
            (lambda m: (m.count_params(), work_of(m), len(m.layers)), "two numbers"),
            (lambda m: m.parameters, "stopped with AttributeError"),
        ],
    ),
    "learning_rate": Tried(
        right=[
            solved_learning_rate,
            cycle,
            where_of_numpy,
            interpolate_the_climb,
            use_tensors,
            lambda *given: [cycle(*given)][0],
        ],
        wrong=[
            (lambda step, steps, peak: cycle(step, steps, 1), "climbs to 1 whatever"),
            (floor_the_climb, "// drops the fraction"),
            (cosine_all_the_way, "starts at the peak"),
            (lambda step, steps, peak: cycle(step + 1, steps, peak), "the climb starts at 0"),
            (lambda *given: cycle(*given, round_fall=lambda t: np.cos(np.pi * t)), "goes below 0"),
            (lambda *given: cycle(*given, climb=0.3), "number 60 of 200; it should be number 20"),
            (the_lessons_cycle, "number 60 of 200; it should be number 20"),
            (lambda step, steps, peak: cycle(step, steps, peak / 2), "highest rate is 0.01"),
            (
                lambda step, steps, peak: min(
                    cycle(step, steps, peak), peak * (10 * step / steps) ** 2
                ),
                "climb is not straight",
            ),
            (two_cosines, "climb is not straight"),
            (
                lambda step, steps, peak: cycle(step, 2 * steps, peak, climb=0.05),
                "never comes down to 0",
            ),
            (lambda *given: cycle(*given, round_fall=lambda t: 1 - t), "fall is straight"),
            (
                lambda *given: cycle(*given, round_fall=lambda t: np.cos(np.pi * t / 2)),
                "quarter of a cosine",
            ),
            (lambda *given: cycle(*given, round_fall=lambda t: (1 - t) ** 2), "the fall is not"),
            (hard_coded, "right with 200 steps, but with 90 and the peak 0.5"),
            (climb_of_twenty, "right with 200 steps, but with 90 and the peak 0.5"),
            (lambda step, steps, peak: cycle(step, steps, 0.02), "highest rate is 0.02"),
            (lambda step, steps, peak: cycle(step, 200, peak), "right with 200 steps"),
            (tenth_in_whole_steps, "a tenth of the steps, which is 3.7"),
            (lambda *given: tenth_in_whole_steps(*given, round), "which is 3.7"),
            (lambda *given: round(cycle(*given), 4), "do not round"),
            (lambda step, steps, peak: peak, "starts at the peak"),
            (lambda step, steps, peak: 0, "highest step is number 0 of 200"),
            (lambda step, steps, peak: step, "highest step is number 200"),
            (lambda *given: cycle(*given) if given[0] else None, "returns nothing for (0, 200"),
            (climb_alone, "returns nothing for (4, 37"),
            (count_the_calls, "its highest step is number"),
            (add_to_the_last_rate, "its highest rate is 2.95"),
            (print_the_rate, "prints its result and returns nothing"),
            (rates_of_all_steps, "return a number for each step"),
            (lambda *given: float("nan"), "return a number for each step"),
            (lambda *given: f"{cycle(*given)}", "return a number for each step"),
            (lambda *given: cycle(*given) + 0j, "return a number for each step"),
            (
                lambda step, steps, peak: peak * step / (steps - steps),
                "stopped with ZeroDivisionError",
            ),
        ],
    ),
    "build_small": Tried(
        right=[
            solved_build_small,
            network,
            nested,
            two_branches,
            residual_block,
            any_size,
            one_image_at_a_time,
            own_class_that_has_read,
            sequential_that_has_read,
            lambda: own_layer(("conv", 8), ("relu",)),
            gated,
            lambda: network(("conv", 8), ("max",), ("conv", 10), ("global",)),  # no dense layer
            lambda: network(
                ("conv", 8), ("max",), ("conv", 16), ("max",), ("flat",), ("dense", 10)
            ),
            with_between(layer_of("PReLU", shared_axes=[1, 2])),
            with_between(layer_of("ELU")),
            with_between(layer_of("LeakyReLU")),
            with_between(layer_of("Activation", "hard_sigmoid")),
            with_between(("pool",), layer_of("BatchNormalization"), ("relu",)),
            with_between(as_lambda(lambda keras, values: keras.ops.maximum(values, 0))),
            lambda: activated(lambda keras, values: keras.ops.relu(values)),
            lambda: activated(lambda keras, values: values * keras.ops.sigmoid(values)),
            lambda: functional(lambda keras, maps: keras.ops.relu(maps)),
            lambda: functional(lambda keras, maps: keras.layers.MaxPooling2D()(maps)),
            lambda: functional(skip_around_a_relu),
            lambda: network(
                layer_of("Rescaling", 2.0),
                layer_of("SeparableConv2D", 8, 3, activation="gelu"),
                ("conv", 8),
                layer_of("PReLU"),
                layer_of("GlobalAveragePooling2D"),
                layer_of("Dropout", 0.5),
                ("dense", 10),
            ),
            patches_as_a_batch,
            with_end(layer_of("BatchNormalization")),
            with_end(layer_of("Reshape", (10,))),
            with_end(layer_of("Activation", "linear")),
        ],
        wrong=[
            (
                lambda: network(
                    ("conv", 8, "relu"), ("conv", 16, "relu"), ("flat",), ("dense", 10)
                ),
                "are in dense",
            ),
            (lambda: network(start=None), "begin with keras.Input"),
            (own_class, "begin with keras.Input"),
            (lambda: network(start=(28, 28, 3)), "when it read images of (28, 28, 1)"),
            (two_inputs, "when it read images of (28, 28, 1)"),
            (two_outputs, "the shape (2, 6, 10)"),
            (residual_without_relu, "only sums"),
            (lambda: own_layer(("conv", 8), ("conv", 8, "relu")), "only sums"),
            (lambda: network(("conv", 8, "relu"), ("conv", 10)), "Flatten is missing"),
            (with_end(("relu",), ("dense", 1)), "gives the shape (6, 1)"),
            (
                lambda: network(("conv", 8, "relu"), ("pool",), ("flat",), ("dense", 10)),
                "1 of the two convolutions",
            ),
            (
                lambda: network(("flat",), ("dense", 20, "relu"), ("dense", 10)),
                "0 of the two convolutions",
            ),
            (
                lambda: network(
                    ("conv", 8, "relu"), ("pool",), ("conv", 8), ("pool",), ("flat",), ("dense", 10)
                ),
                "only sums",
            ),
            (with_between(), "between"),
            (with_between(layer_of("MaxPooling2D", 1)), "only sums"),
            (with_between(as_lambda(lambda keras, values: values)), "only sums"),
            (with_between(as_lambda(lambda keras, values: 2 * values - 1)), "only sums"),
            (with_between(layer_of("Dropout", 0.5)), "only sums"),
            (with_between(layer_of("Activation", "linear")), "only sums"),
            (with_between(layer_of("BatchNormalization")), "only sums"),
            (with_between(layer_of("LeakyReLU", negative_slope=1.0)), "only sums"),
            (with_between(layer_of("Identity"), ("pool",)), "only sums"),
            (lambda: activated(lambda keras, values: values), "only sums"),
            (nested_without_relu, "only sums"),
            (functional, "only sums"),
            (lambda: functional(skip_around_sums), "only sums"),
            (lambda: functional(lambda keras, maps: maps * 3 + 1), "only sums"),
            (with_end(("dense", 10)), "only sums"),
            (with_end(layer_of("Softmax")), "ends in an activation"),
            (with_end(("relu",)), "ends in an activation"),
            (with_end(as_lambda(lambda keras, x: keras.ops.sigmoid(x))), "ends in an activation"),
            (
                lambda: functional(skip_around_a_relu, lambda keras, x: keras.ops.softmax(x)),
                "ends in an activation",
            ),
            (
                lambda: network(
                    ("conv", 8, "relu"),
                    ("pool",),
                    ("conv", 8, "relu"),
                    ("pool",),
                    ("flat",),
                    ("dense", 10, "softmax"),
                ),
                "ends in an activation",
            ),
            (
                lambda: network(("conv", 8), ("max",), ("conv", 10, "relu"), ("global",)),
                "ends in an activation",
            ),
            (
                lambda: SAME_AGAIN.setdefault("network", network()),
                "every call should build a new network",
            ),
            (
                with_end(as_lambda(lambda keras, x: keras.ops.reshape(x, (1, 10)))),
                "when it read images",
            ),
            (
                with_end(as_lambda(lambda keras, x: keras.ops.mean(x, axis=0, keepdims=True))),
                "gives the shape (1, 10)",
            ),
            (shared_layer, "every call should build a new network"),
            (lambda: 12, "return a network"),
            (lambda: network().layers, "return a network"),
            (lambda: network().summary, "return a network"),
            (print_the_network, "prints its result and returns nothing"),
            (lambda: network(("conv", 8, "relo")), "stopped with ValueError"),
        ],
    ),
    "honest_score": Tried(
        right=[
            solved_honest_score,
            lambda v, t: t[np.argmax(v)],
            lambda v, t: t[len(v) - 1 - np.argmax(v[::-1])],
            lambda v, t: t.tolist()[v.tolist().index(max(v))],
            lambda v, t: t[v == v.max()][0],
            of_the_last_best_epoch,
            keep_the_best_so_far,
        ],
        in_place=[sort_in_place],
        wrong=[
            (lambda v, t: max(t), "chooses its own best"),
            (lambda v, t: max(v), "best validation score"),
            (lambda v, t: t[-1], "last epoch"),
            (lambda v, t: np.argmax(v), "number of the epoch"),
            (lambda v, t: t[v.argmin()], "worst validation score"),
            (lambda v, t: v[t.argmax()], "turned round"),
            (np.maximum, "wanted is one number"),
            (lambda v, t: np.mean(t), "mean of all epochs"),
            (lambda v, t: 99, "largest validation score"),
            (lambda v, t: t[(v + t).argmax()], "sometimes right"),
            (lambda v, t: t[v == v.max()].min(), "sometimes right"),
            (largest_pair, "the test set chooses"),
            (lambda v, t: np.sort(t)[-2], "largest validation score"),
            (lambda v, t: 0, "largest validation score"),
            (lambda v, t: 99.13, "largest validation score"),
            (lambda v, t: t[v.argmax() + 1 - len(v)], "largest validation score"),
            (lambda v, t: t[v == v.max()], "wanted is one number"),
            (lambda v, t: t[v == v.max()].mean(), "sometimes right"),
            (lambda v, t: t[[v.argmax()]], "an array of shape (1,) came"),
            (lambda v, t: (v.max(), t[v.argmax()]), "wanted is one number"),
            (lambda v, t: t, "wanted is one number"),
            (lambda v, t: f"{t[v.argmax()]} %", "cannot be compared"),
            (lambda v, t: t[v.argmax(axis=1)], "stopped with AxisError"),
            (lambda v, t: round(t[v.argmax()], 1), "do not round"),
            (only_thirty_epochs, "returns nothing for some inputs"),
            (print_the_score, "prints its result and returns nothing"),
        ],
    ),
}
