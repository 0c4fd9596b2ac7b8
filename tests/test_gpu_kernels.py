"""What trains in the lessons and benchmarks stays on a GPU: held against TensorFlow's own list of kernels.

No GPU is needed for that. The code of each lesson that trains with Keras or TensorFlow is run, with few
images for `fit`, and each benchmark trains for a moment. Every function that TensorFlow compiles meanwhile
is kept, those inside `fit` too, and each of its operations must have a kernel for GPUs, or stand below.
(Lesson 04 trains in NumPy, lesson 06 nothing.)
"""

import contextlib
import functools
import re
import runpy
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from tensorflow.python.framework import op_def_registry

from benchmarks import ablation, cnn, dense, residency, techniques, time_to_accuracy
from helpers import agree, claims, training
from helpers.checks.lesson_11 import two_devices
from helpers.gpu_kernels import (
    describe,
    gpu_kernels,
    has_gpu_kernels,
    operations,
    without_gpu_kernel,
)
from helpers.networks import build_quick
from helpers.quiet import keras, tf
from helpers.records import ROOT

two_devices()  # as lesson 11 asks for, while TensorFlow has computed nothing yet

RUNS_ON_THE_CPU = {
    "RandomShuffle": "the order of the images is drawn there, once an epoch",
    "SparseSoftmaxCrossEntropyWithLogits": "in float64 alone, in which 11 compares two devices",
}

# What a GPU has made and the CPU's memory gets in each step: who asks, for what, and who made it.
COMES_BACK = {
    ("Less", "x", "BitwiseAnd"): "the accuracy of `fit`: Keras's argmax compares whole numbers",
    (
        "StatelessRandomGetKeyCounter",
        "seed",
        "Cast",
    ): "dropout in 05, moved batches in 08: the seed",
    ("Unpack", "value", "StatelessRandomUniformIntV2"): "moved batches in 08: the shift",
    ("Unpack", "value", "RandomUniformInt"): "moved batches in the race: the shift",
    ("ImageProjectiveTransformV3", "fill_value", "Const"): "affine maps in 09: what lies outside",
    ("Pack", "values", "Prod"): "the all-reduce in 11: how long each gradient is",
    ("If", "cond", "LogicalAnd"): "steps_per_execution: whether there is another batch",
}

HALF_PRECISION = {
    ("If", "cond", "All"): "whether all slopes are finite numbers",
    ("If", "cond", "Equal"): "whether the loss may be scaled up further",
}

pytestmark = [
    pytest.mark.skipif(
        not has_gpu_kernels(), reason="this TensorFlow has no kernels for GPUs: MatMul has none"
    ),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # Keras's
]


@contextlib.contextmanager
def compiled_functions():
    """Keep the graphs of all compiled functions that are called meanwhile: pairs of name and graph."""
    function = tf.function(lambda: None)
    kind, traced_kind, found = type(function), type(function.get_concrete_function()), {}
    call, call_traced = kind.__call__, traced_kind.__call__

    def keep(graph):
        found.setdefault(id(graph), (graph.name, graph))

    def call_and_keep(self, *arguments, **options):
        answer = call(self, *arguments, **options)
        if not tf.inside_function():
            keep(self.get_concrete_function(*arguments, **options).graph)
        return answer

    def call_traced_and_keep(self, *arguments, **options):
        keep(self.graph)
        return call_traced(self, *arguments, **options)

    graphs = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kind, "__call__", call_and_keep)
        patch.setattr(traced_kind, "__call__", call_traced_and_keep)
        yield graphs
    graphs += [(name, graph.as_graph_def()) for name, graph in found.values()]


def leaves_the_gpu(graphs) -> set[str]:
    """Return what runs on the CPU without a reason."""
    return {
        f"{name}: {describe(node)}"
        for name, graph in graphs
        for node in operations(graph)
        if not gpu_kernels(node) and node.op not in RUNS_ON_THE_CPU
    }


def comes_back(graphs) -> set[tuple[str, str, str]]:
    """Return what the CPU's memory gets from a GPU: who asks, for which argument, and who made it."""
    return {
        (node.op, argument, maker.op)
        for _, graph in graphs
        for part in graph.library.function
        for node in part.node_def
        for argument, (maker, output) in inputs_in_host_memory(node, part)
        if gpu_kernels(maker) and output not in host_memory(maker)
    }


def host_memory(node) -> list[str]:
    """Return the arguments and results that the GPU kernel of an operation has in the CPU's memory."""
    kernels = gpu_kernels(node)
    return kernels[0].host_memory_arg if kernels else []


def inputs_in_host_memory(node, part):
    """Give the arguments that a node wants in the CPU's memory, each with its maker and its result."""
    nodes = {other.name: other for other in part.node_def}
    sources = [source for source in node.input if not source.startswith("^")]
    for argument, source in zip(arguments_of(node), sources, strict=True):
        maker, _, output = source.partition(":")
        if argument in host_memory(node) and maker in nodes:
            yield argument, (nodes[maker], output.partition(":")[0])


def arguments_of(node) -> list[str]:
    """Return the name of the argument that each input of an operation belongs to."""
    definition = op_def_registry.get(node.op)
    if definition is None:  # a call of a function
        return [""] * len([source for source in node.input if not source.startswith("^")])
    names = []
    for argument in definition.input_arg:
        several = node.attr[argument.number_attr].i if argument.number_attr else 1
        if argument.type_list_attr:
            several = len(node.attr[argument.type_list_attr].list.type)
        names += [argument.name] * several
    return names


# --- the lessons ---


def code_of(path) -> str:
    """Return the code cells of a lesson as one program, without its exercises and its other processes."""
    cells = nbformat.read(path, as_version=4).cells
    end = next(number for number, cell in enumerate(cells) if "## Exercises" in cell.source)
    code = [cell.source for cell in cells[:end] if cell.cell_type == "code"]
    elsewhere = re.compile(r"\b(supervise|steps_of)\(")
    return "\n\n".join(source for source in code if not elsewhere.search(source))


LESSONS = {
    path.stem: code
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
    if "helpers.quiet" in (code := code_of(path)) and re.search(r"\.fit\(|@tf\.function", code)
}


SHORTER = {  # two networks of a recipe, of an epoch each, compile all that ten would
    "09_make_it_better": {
        "seeds=range(5)": "seeds=range(2)",
        "seeds=range(5, 10)": "seeds=range(2)",
        "epochs=8": "epochs=1",
    }
}


def shorter(name) -> str:
    """Return the program of a lesson, so that it trains for a moment where `fit` does not train it."""
    program = LESSONS[name]
    for long, short in SHORTER.get(name, {}).items():
        assert long in program
        program = program.replace(long, short)
    return program


def fit_one_batch(fit):
    def fit_one_batch(self, images, labels=None, *, validation_data=None, **options):
        size = options.get("batch_size", 32)
        if labels is None:
            images = images.take(1)
        else:
            images, labels = images[:size], labels[:size]
        if validation_data:
            validation_data = [part[:size] for part in validation_data]
        return fit(self, images, labels, validation_data=validation_data, **options)

    return fit_one_batch


@functools.cache
def graphs_of_lesson(name):
    """Run a lesson, and return the graphs of what it compiles."""
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        compiled_functions() as graphs,
    ):
        program = Path(folder) / f"{name}.py"
        program.write_text(shorter(name), encoding="utf-8")
        patch.setattr(keras.Model, "fit", fit_one_batch(keras.Model.fit))
        patch.setattr(claims, "claim", lambda *arguments, **options: None)
        patch.setattr(agree, "agree", lambda *arguments, **options: None)
        patch.setattr(plt, "show", plt.close)
        runpy.run_path(str(program))
    return graphs


@pytest.mark.parametrize("name", LESSONS)
def test_every_way_of_training_is_met(name):
    names = {name for name, _ in graphs_of_lesson(name)}
    assert set(re.findall(r"@tf\.function\s+def (\w+)", LESSONS[name])) <= names
    assert ("multi_step_on_iterator" in names) == (".fit(" in LESSONS[name])


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_stays_on_the_gpu(name):
    assert leaves_the_gpu(graphs_of_lesson(name)) == set()


@pytest.mark.parametrize("name", LESSONS)
def test_little_comes_back_in_a_lesson(name):
    assert comes_back(graphs_of_lesson(name)) <= COMES_BACK.keys()


def test_every_exception_is_needed():
    graphs = [graph for name in LESSONS for graph in graphs_of_lesson(name)]
    graphs += graphs_of_benchmark("race, ours_994") + graphs_of_benchmark("with every technique")
    assert comes_back(graphs) == COMES_BACK.keys()
    on_the_cpu = {n.op for _, graph in graphs for n in operations(graph) if not gpu_kernels(n)}
    assert on_the_cpu == RUNS_ON_THE_CPU.keys()


# --- the benchmarks ---

IMAGES = np.random.default_rng(0).integers(0, 256, (256, 28, 28), dtype=np.uint8)
LABELS = np.arange(256) % 10
FLOATS = IMAGES[..., np.newaxis].astype(np.float32)


def train_dense(recipe):
    return lambda: dense.train(IMAGES, LABELS, 0, **recipe | {"epochs": 1})


def train_cnn(recipe):
    return lambda: cnn.train(FLOATS, LABELS, **recipe | {"epochs": 1})


def train_better(recipe):
    settings = {key: recipe[key] for key in techniques.NOTHING.keys() & recipe.keys()}
    return lambda: techniques.train(IMAGES, LABELS, settings | {"epochs": 1})


def mirror(images):
    return tf.where(tf.random.uniform((len(images), 1, 1, 1)) < 0.5, images[:, :, ::-1], images)


def train_quick():
    training.train(build_quick(), IMAGES, LABELS, epochs=1, change=mirror)


def race(recipe):
    part = IMAGES, LABELS, IMAGES[:8], LABELS[:8]
    return lambda: time_to_accuracy.TRAIN[recipe["train"]](recipe | {"epochs": 1}, *part)


def place(prepare, **options):
    return lambda: prepare(residency.build_quick(), IMAGES[..., None], LABELS, 32, **options)(1)


def in_half_precision():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        place(residency.on_indices)()
    finally:
        keras.config.set_dtype_policy("float32")


BENCHMARKS = (
    {f"dense, {name}": train_dense(recipe) for name, recipe in dense.TEST.items()}
    | {f"cnn, {name}": train_cnn(recipe) for name, recipe in cnn.LADDER.items()}
    | {
        "with every technique": train_better(ablation.FULL),
        "shifts": train_better(ablation.QUICK | ablation.ALONE["shifts"]),
        "elastic": train_better(ablation.QUICK | ablation.ALONE["elastic"]),
        "flips": train_better(ablation.QUICK | ablation.ALONE["flips"]),
        "the quick training, mirrored": train_quick,
    }
    | {f"race, {name}": race(recipe) for name, recipe in time_to_accuracy.RECIPES.items()}
    | {f"residency, {name}": place(prepare) for name, (prepare, _) in residency.PLACEMENTS.items()}
    | {"residency, one call": place(residency.on_indices, steps_per_execution=8)}
    | {"residency, half precision": in_half_precision}
)


@functools.cache
def graphs_of_benchmark(name):
    with compiled_functions() as graphs:
        BENCHMARKS[name]()
    return graphs


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_stays_on_the_gpu(name):
    graphs = graphs_of_benchmark(name)
    assert {name for name, _ in graphs} & {"train_epoch", "epoch", "multi_step_on_iterator"}
    assert leaves_the_gpu(graphs) == set()
    special = HALF_PRECISION.keys() if name.endswith("half precision") else set()
    assert special <= comes_back(graphs) <= COMES_BACK.keys() | special


# --- it bites ---

BYTES, INDICES = np.zeros((9, 4), np.uint8), np.arange(3)
CONSTANT, VARIABLE = tf.constant(BYTES), keras.Variable(BYTES, dtype="uint8", trainable=False)
PICKED = "GatherV2 (Taxis int32, Tindices int64, Tparams uint8)"


@tf.function
def pick_in_a_loop(indices):
    total = tf.zeros(4)
    for index in indices:
        total += tf.cast(tf.gather(CONSTANT, index), tf.float32)
    return total


@pytest.mark.parametrize(
    ("function", "found"),
    [
        (lambda indices: tf.gather(CONSTANT, indices), [PICKED]),
        (lambda indices: keras.ops.take(VARIABLE, indices, axis=0), [PICKED]),
        (lambda indices: keras.ops.take(VARIABLE.value, indices, axis=0), []),
        (lambda indices: tf.gather(VARIABLE.value, indices), []),
        (lambda indices: tf.gather(tf.cast(CONSTANT, tf.float32), indices), []),
        (pick_in_a_loop, [PICKED]),
        (tf.function(lambda indices: tf.gather(CONSTANT, indices), jit_compile=True), []),
        (lambda indices: indices[:, None] @ indices[None], ["MatMul (T int64)"]),
        (lambda indices: tf.random.shuffle(indices), ["RandomShuffle (T int64)"]),
        (lambda indices: tf.strings.as_string(indices), ["AsString (T int64)"]),
    ],
)
def test_what_leaves_a_gpu_is_found(function, found):
    assert without_gpu_kernel(function, INDICES) == found


def test_it_is_found_inside_fit(monkeypatch):
    def call(self, indices):
        return keras.ops.cast(keras.ops.take(self.images, indices, axis=0), "float32")

    monkeypatch.setattr(residency.ResidentImages, "call", call)
    with compiled_functions() as graphs:
        BENCHMARKS["residency, resident"]()
    assert leaves_the_gpu(graphs) == {
        "multi_step_on_iterator: GatherV2 (Taxis int32, Tindices int32, Tparams uint8)"
    }


def test_the_list_of_exceptions_is_not_for_other_operations():
    with compiled_functions() as graphs:
        tf.function(lambda: tf.random.shuffle(tf.range(3)))()
        tf.function(lambda: tf.gather(CONSTANT, [0]))()
    assert {word.split()[1] for word in leaves_the_gpu(graphs)} == {"GatherV2"}


def test_a_wait_for_the_cpu_is_found():
    @tf.function
    def move(images):
        for _ in tf.range(2):
            images = tf.roll(images, tf.argmax(images), 0)
        return images

    with compiled_functions() as graphs:
        move(tf.zeros(9))
    assert comes_back(graphs) == {("Roll", "shift", "ArgMax")}
