"""The device verdict never lies: each condition is simulated."""

import tensorflow as tf

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
