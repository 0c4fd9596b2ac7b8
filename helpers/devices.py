"""Which device training will use, and why."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Device:
    """The device that TensorFlow will train on.

    Attributes:
        kind: "GPU" or "CPU".
        name: what it calls itself.
        reason: why this one, in a sentence.
        next_step: how to get a GPU, in a sentence; empty if there is one.
    """

    kind: str
    name: str
    reason: str
    next_step: str = ""


def training_device() -> Device:
    """Find the device, and let a GPU's memory be taken as it is needed instead of all at once.

    Call it before anything runs on the GPU; afterwards TensorFlow does not change how it takes memory.
    """
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    details = tf.config.experimental.get_device_details(gpus[0]) if gpus else {}
    return choose(
        gpus=len(gpus),
        gpu_name=details.get("device_name", "a GPU"),
        built_with_cuda=tf.test.is_built_with_cuda(),
        system=platform.system(),
        driver=Path("/proc/driver/nvidia/version").exists() or Path("/dev/dxg").exists(),
        hidden=os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"),
    )


def choose(
    *, gpus: int, gpu_name: str, built_with_cuda: bool, system: str, driver: bool, hidden: bool
) -> Device:
    """Return the device that these facts lead to, and what to do next.

    Args:
        gpus: how many GPUs TensorFlow can use.
        gpu_name: the name of the first.
        built_with_cuda: whether this TensorFlow can talk to NVIDIA GPUs at all.
        system: as platform.system() gives it: "Linux", "Windows" or "Darwin".
        driver: whether an NVIDIA driver is there (on WSL2, the one of Windows).
        hidden: whether CUDA_VISIBLE_DEVICES hides the GPUs.
    """
    if gpus:
        others = f" and {gpus - 1} more" if gpus > 1 else ""
        return Device("GPU", gpu_name, f"TensorFlow found it{others}.")
    name = platform.processor() or platform.machine() or "a processor"
    if system == "Windows":
        reason = "TensorFlow has no GPU support on Windows itself since version 2.11."
        step = "Install WSL2, then follow the steps for Linux inside it."
    elif system == "Darwin":
        reason = "The TensorFlow of these lessons does not use the GPU of a Mac."
        step = "Stay on the CPU, or use a GPU on Colab."
    elif hidden:
        reason = "CUDA_VISIBLE_DEVICES hides every GPU from TensorFlow."
        step = "Unset CUDA_VISIBLE_DEVICES and restart the kernel."
    elif not driver:
        reason = "There is no NVIDIA driver, so no NVIDIA GPU that TensorFlow could use."
        step = "If the machine has an NVIDIA GPU, install its driver; if not, use a GPU on Colab."
    elif not built_with_cuda:
        reason = "An NVIDIA driver is there, but this TensorFlow was built without CUDA."
        step = 'Run: pip install "tensorflow[and-cuda]", then restart the kernel.'
    else:
        reason = "An NVIDIA driver is there, but the CUDA libraries that TensorFlow needs were not found."
        step = 'Run: pip install "tensorflow[and-cuda]", then restart the kernel.'
    return Device("CPU", name, reason, step)
