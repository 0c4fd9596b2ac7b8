"""Which operations of a TensorFlow function could not run on a GPU. To find out, none is needed.

TensorFlow has an operation in many versions, its kernels: one for each kind of device and, mostly, for
each type of numbers. An installed TensorFlow can list them all. What has no kernel for GPUs runs on the
CPU, without a word, and what it reads and returns crosses the bus.
"""

import functools

from helpers.quiet import tf

ON_A_GPU = ("GPU", "DEFAULT")  # DEFAULT is for every kind of device


def has_gpu_kernels() -> bool:
    """Say whether this TensorFlow was built for GPUs; on a Mac and on Windows it is not."""
    return any(kernel.device_type == "GPU" for kernel in _kernels("MatMul"))


def without_gpu_kernel(function, *arguments) -> list[str]:
    """Return the operations of `function`, called with these arguments, that no GPU could run.

    Each comes once, with the types that are asked of it, as in "RandomShuffle (T int64)".
    """
    traced = tf.function(function, autograph=False).get_concrete_function(*arguments)
    graph = traced.graph.as_graph_def()
    return sorted({describe(node) for node in operations(graph) if not gpu_kernels(node)})


def operations(graph) -> list:
    """Return the operations of a graph, and those of the functions that it calls, such as loops.

    What XLA compiles is left out: it has kernels of its own.
    """
    parts = {part.signature.name: part for part in graph.library.function}
    open_parts = [part for part in parts.values() if not part.attr["_XlaMustCompile"].b]
    everywhere = [*graph.node, *(node for part in open_parts for node in part.node_def)]
    return [node for node in everywhere if node.op not in parts]


def gpu_kernels(node) -> list:
    """Return the kernels with which a GPU could run an operation on the types asked of it."""
    return [
        kernel
        for kernel in _kernels(node.op)
        if kernel.device_type in ON_A_GPU
        and all(_admits(limit, node) for limit in kernel.constraint)
    ]


def describe(node) -> str:
    """Return the name of an operation and its types, in one line."""
    types = {name: value.type for name, value in node.attr.items() if value.type}
    words = ", ".join(f"{name} {tf.as_dtype(types[name]).name}" for name in sorted(types))
    return f"{node.op} ({words})" if words else node.op


@functools.cache
def _kernels(operation):
    from tensorflow.python.framework.kernels import get_registered_kernels_for_op

    return get_registered_kernels_for_op(operation).kernel


def _admits(limit, node) -> bool:
    """Say whether a limit of a kernel, the types that an attribute may have, admits the node's."""
    asked = node.attr[limit.name]
    return set(asked.list.type or [asked.type]) <= set(limit.allowed_values.list.type)
