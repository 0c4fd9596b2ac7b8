"""The device verdict never lies: each condition is simulated."""

import os
from pathlib import Path

import pytest
import tensorflow as tf

from helpers import devices, quiet
from helpers.devices import choose, training_device

LINUX_WITHOUT_GPU = {
    "gpus": 0,
    "gpu_name": "",
    "built_with_cuda": True,
    "system": "Linux",
    "driver": False,
    "hidden": False,
}


def facts(**changes):
    return choose(**{**LINUX_WITHOUT_GPU, **changes})


def test_a_gpu_is_used_when_there_is_one():
    device = facts(gpus=2, gpu_name="NVIDIA H200", driver=True)
    assert (device.kind, device.name, device.next_step) == ("GPU", "NVIDIA H200", "")
    assert "1 more" in device.reason


def test_a_gpu_tells_its_memory_and_what_it_can_do(monkeypatch):
    monkeypatch.setattr(devices, "gpu_memory", {"NVIDIA H200": 150_754_820_096}.get)
    device = facts(gpus=1, gpu_name="NVIDIA H200", driver=True, compute_capability=(9, 0))
    assert str(device) == ("GPU: NVIDIA H200, 151 GB, compute capability 9.0\nTensorFlow found it.")
    assert str(facts(gpus=1, gpu_name="other")) == "GPU: other\nTensorFlow found it."


@pytest.mark.parametrize(
    ("tool", "memory"),
    [
        ("echo 'NVIDIA T4, 15360'", 15360 * 2**20),
        ("echo 'NVIDIA T4, 15360'; echo 'NVIDIA T4, 15360'", 15360 * 2**20),
        ("echo 'NVIDIA T4, 15360'; echo 'NVIDIA T4, 8192'", None),  # which one is it?
        ("echo 'NVIDIA T4 MIG 1g, 15360'", None),  # a slice of a GPU has another name
        ("echo 'NVIDIA T4, [N/A]'", None),
        ("echo 'no driver'; exit 9", None),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="the tool is simulated by a shell script")
def test_the_memory_of_a_gpu_is_told_only_when_it_is_sure(tool, memory, tmp_path, monkeypatch):
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{tool}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert devices.gpu_memory("NVIDIA T4") == memory


def test_without_the_tool_the_memory_is_unknown(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert devices.gpu_memory("NVIDIA T4") is None


def test_without_one_the_reason_and_the_next_step_fit_the_machine():
    assert "no NVIDIA driver" in facts().reason
    assert "WSL2" in facts(system="Windows").next_step
    assert "Mac" in facts(system="Darwin").reason
    assert "CUDA_VISIBLE_DEVICES" in facts(driver=True, hidden=True).reason
    assert "without CUDA" in facts(driver=True, built_with_cuda=False).reason
    assert "CUDA libraries" in facts(driver=True).reason
    assert "tensorflow[and-cuda]" in facts(driver=True).next_step


def test_every_cpu_verdict_has_a_next_step():
    for changes in (
        {},
        {"system": "Windows"},
        {"system": "Darwin"},
        {"hidden": True},
        {"driver": True},
    ):
        device = facts(**changes)
        assert device.kind == "CPU"
        assert device.next_step


THE_WHEEL = ("sm_60", "sm_89", "compute_90")


@pytest.mark.parametrize(
    ("capability", "built_for", "words"),
    [
        (
            (12, 0),
            THE_WHEEL,
            "newer than this TensorFlow, built for compute capabilities up to 9.x",
        ),
        ((10, 0), THE_WHEEL, "many minutes in silence"),
        ((9, 0), THE_WHEEL, ""),
        ((8, 6), THE_WHEEL, ""),
        ((12, 0), (*THE_WHEEL, "compute_120"), ""),
        ((), THE_WHEEL, ""),
        ((12, 0), (), ""),
        ((10, 0), ("sm_90a", "of no number"), "up to 9.x"),
    ],
)
def test_a_gpu_that_is_newer_than_tensorflow_is_announced(capability, built_for, words):
    device = facts(gpus=1, gpu_name="a GPU", compute_capability=capability, built_for=built_for)
    assert words in device.next_step
    assert bool(words) == bool(device.next_step)


def test_memory_is_taken_as_it_is_needed():
    assert quiet.tf is tf
    assert os.environ["TF_FORCE_GPU_ALLOW_GROWTH"] == "true"


@pytest.mark.skipif(
    os.name == "nt" or Path("/proc/driver/nvidia/version").exists(), reason="not a Linux without it"
)
def test_only_nvidias_driver_counts_on_wsl(monkeypatch, tmp_path):
    monkeypatch.setattr(devices, "WSL_DRIVER", tmp_path / "libcuda.so.1")
    monkeypatch.setattr(devices.platform, "system", lambda: "Linux")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert "no NVIDIA driver" in training_device().reason
    (tmp_path / "libcuda.so.1").touch()
    assert "An NVIDIA driver is there" in training_device().reason


def test_a_late_question_is_answered():
    tf.zeros(1) + 1  # whatever device there is, it is in use now
    assert training_device() == training_device()


def test_this_machine():
    assert (training_device().kind == "GPU") == bool(tf.config.list_physical_devices("GPU"))
