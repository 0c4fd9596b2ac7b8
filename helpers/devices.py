"""Which device training will use, and why."""

import os
import platform
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Device:
    """The device that training will use.

    Attributes:
        kind: "GPU" or "CPU".
        name: what it calls itself.
        reason: why this one, in a sentence.
        next_step: how to get a GPU, or what to expect of this one; empty if there is nothing to do.
        memory: its memory in bytes; None if it does not tell.
        compute_capability: NVIDIA's number for what a GPU can do, such as "9.0"; empty for a CPU.
    """

    kind: str
    name: str
    reason: str
    next_step: str = ""
    memory: int | None = None
    compute_capability: str = ""

    def __str__(self) -> str:
        details = [f"{self.kind}: {self.name}"]
        if self.memory:
            details.append(f"{self.memory / 1e9:.0f} GB")
        if self.compute_capability:
            details.append(f"compute capability {self.compute_capability}")
        return "\n".join(line for line in (", ".join(details), self.reason, self.next_step) if line)


WSL_DRIVER = Path("/usr/lib/wsl/lib/libcuda.so.1")  # NVIDIA's; /dev/dxg is there for every GPU


def training_device() -> Device:
    """Find the device that Keras and TensorFlow will use."""
    import keras

    if keras.backend.backend() == "jax":
        return _device_of_jax()
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    details = tf.config.experimental.get_device_details(gpus[0]) if gpus else {}
    return choose(
        gpus=len(gpus),
        gpu_name=details.get("device_name", "a GPU"),
        compute_capability=details.get("compute_capability", ()),
        built_for=tuple(tf.sysconfig.get_build_info().get("cuda_compute_capabilities", ())),
        built_with_cuda=tf.test.is_built_with_cuda(),
        system=platform.system(),
        driver=Path("/proc/driver/nvidia/version").exists() or WSL_DRIVER.exists(),
        hidden=os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"),
    )


def _device_of_jax() -> Device:
    import jax

    found = jax.devices()[0]
    reason = "Keras runs on JAX here, and JAX chose it."
    if found.platform == "cpu":
        return Device("CPU", processor_name(), reason, memory=psutil.virtual_memory().total)
    return Device(found.platform.upper(), found.device_kind, reason)


def processor_name() -> str:
    """Return the name of the processor, as exactly as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine() or "a processor"


def gpu_memory(name: str) -> int | None:
    """Return the bytes of memory of the GPU of this name, None unless NVIDIA's tool is sure of it."""
    command = ["nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    rows = [line.rpartition(", ") for line in answer.stdout.splitlines()]
    sizes = {size for found, _, size in rows if found == name and size.isdigit()}
    return int(sizes.pop()) * 2**20 if len(sizes) == 1 else None


def choose(
    *,
    gpus: int,
    gpu_name: str,
    built_with_cuda: bool,
    system: str,
    driver: bool,
    hidden: bool,
    compute_capability: tuple[int, ...] = (),
    built_for: tuple[str, ...] = (),
) -> Device:
    """Return the device that these facts lead to, and what to do next.

    Args:
        gpus: how many GPUs TensorFlow can use.
        gpu_name: the name of the first.
        built_with_cuda: whether this TensorFlow can talk to NVIDIA GPUs at all.
        system: as platform.system() gives it: "Linux", "Windows" or "Darwin".
        driver: whether an NVIDIA driver is there (on WSL2, the one of Windows).
        hidden: whether CUDA_VISIBLE_DEVICES hides the GPUs.
        compute_capability: that of the first GPU, such as (9, 0).
        built_for: those that this TensorFlow was built for, such as ("sm_89", "compute_90").
    """
    if gpus:
        others = f" and {gpus - 1} more" if gpus > 1 else ""
        return Device(
            "GPU",
            gpu_name,
            f"TensorFlow found it{others}.",
            _what_to_expect(compute_capability, built_for),
            memory=gpu_memory(gpu_name),
            compute_capability=".".join(map(str, compute_capability)),
        )
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
    return Device("CPU", processor_name(), reason, step, memory=psutil.virtual_memory().total)


def _what_to_expect(compute_capability: tuple[int, ...], built_for: tuple[str, ...]) -> str:
    """Return the warning for a GPU of a newer generation than those TensorFlow was built for."""
    numbers = (re.search(r"\d+", name) for name in built_for)
    generations = [int(number[0]) // 10 for number in numbers if number]
    if not compute_capability or not generations or compute_capability[0] <= max(generations):
        return ""
    return (
        f"It is newer than this TensorFlow, built for compute capabilities up to {max(generations)}.x:"
        " the first steps may compile for many minutes in silence. Let them."
    )
