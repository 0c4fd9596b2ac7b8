"""The device verdict never lies: each condition is simulated."""

import os

import pytest
import tensorflow as tf

from helpers import devices
from helpers.devices import choose, training_device

LINUX_WITHOUT_GPU = {
    "gpus": 0, "gpu_name": "", "built_with_cuda": True, "system": "Linux", "driver": False, "hidden": False,
}  # fmt: skip


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


def test_this_machine():
    assert (training_device().kind == "GPU") == bool(tf.config.list_physical_devices("GPU"))
