"""The doctor: each line under the condition that it is there for, and a report whatever happens."""

import importlib.metadata
import shutil
import sys
from collections import namedtuple

import psutil
import pytest
from faulty_server import running_server

from helpers import devices
from helpers.commands import doctor
from helpers.data import cache, download
from helpers.data.datasets import MNIST

Memory = namedtuple("Memory", "total available")
Disk = namedtuple("Disk", "total used free")


@pytest.fixture(autouse=True)
def plain_machine(own_home, monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "MEMORY_LIMITS", (str(tmp_path / "no limit"),))


def only(findings):
    assert len(findings) == 1
    return findings[0]


def test_this_python_is_supported():
    finding = only(doctor.python())
    assert "supported (3.11 to 3.13)" in finding.words
    assert not finding.remedy


@pytest.mark.parametrize("version", [(3, 10, 1), (3, 14, 0)])
def test_another_python_is_not(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", version)
    finding = only(doctor.python())
    assert f"3.{version[1]} is not supported" in finding.words
    assert "make lab PYTHON=python3.13" in finding.remedy


def test_the_packages_are_as_needed():
    finding = only(doctor.packages())
    for name in ("tensorflow", "keras", "numpy"):
        assert f"{name} {importlib.metadata.version(name)}" in finding.words
    assert not finding.remedy


@pytest.mark.parametrize(
    ("requirement", "words"),
    [
        ("no-such-package>=1", "no-such-package is missing"),
        ("numpy>=99", f"numpy is {importlib.metadata.version('numpy')}, needed is >=99"),
    ],
)
def test_a_package_that_is_missing_or_old_is_named(monkeypatch, requirement, words):
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: [requirement])
    finding = only(doctor.packages())
    assert finding.words == words
    assert "pip install -r requirements.txt" in finding.remedy


def test_another_backend_is_named(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert "KERAS_BACKEND is 'jax'" in doctor.packages()[1].words


@pytest.mark.parametrize(
    ("facts", "words", "remedy"),
    [
        ({"gpus": 1, "gpu_name": "NVIDIA T4"}, "GPU: NVIDIA T4. TensorFlow found it.", ""),
        (
            {"gpus": 1, "compute_capability": (12, 0), "built_for": ("compute_90",)},
            "TensorFlow found it.",
            "many minutes in silence",
        ),
        ({"system": "Windows"}, "no GPU support on Windows", "WSL2"),
        ({"system": "Darwin"}, "does not use the GPU of a Mac", "Colab"),
        ({"driver": False}, "There is no NVIDIA driver", "install its driver"),
        ({"built_with_cuda": False}, "built without CUDA", "tensorflow[and-cuda]"),
        ({}, "CUDA libraries that TensorFlow needs were not found", "tensorflow[and-cuda]"),
        ({"hidden": True}, "CUDA_VISIBLE_DEVICES hides", "Unset CUDA_VISIBLE_DEVICES"),
    ],
)
def test_the_device_and_why(monkeypatch, facts, words, remedy):
    usual = {
        "gpus": 0,
        "gpu_name": "",
        "built_with_cuda": True,
        "system": "Linux",
        "driver": True,
        "hidden": False,
    }
    device = devices.choose(**usual | facts)
    monkeypatch.setattr(devices, "training_device", lambda: device)
    finding = only(doctor.device())
    assert words in finding.words
    assert remedy in finding.remedy


def test_a_tensorflow_that_cannot_be_imported(monkeypatch):
    monkeypatch.setitem(sys.modules, "helpers.quiet", None)
    monkeypatch.delattr("helpers.quiet", raising=False)
    finding = only(doctor.device())
    assert "TensorFlow cannot be imported" in finding.words
    assert "pip install" in finding.remedy


def test_memory(monkeypatch):
    monkeypatch.setattr(psutil, "virtual_memory", lambda: Memory(16e9, 9.5e9))
    assert only(doctor.memory()) == doctor.Finding("memory", "9.5 of 16.0 GB free")
    monkeypatch.setattr(psutil, "virtual_memory", lambda: Memory(16e9, 1e9))
    assert "Shut down other kernels" in only(doctor.memory()).remedy


def test_the_limit_of_a_container_counts(monkeypatch, tmp_path):
    (tmp_path / "memory.max").write_text("1500000000\n")
    monkeypatch.setattr(doctor, "MEMORY_LIMITS", (str(tmp_path / "memory.max"),))
    monkeypatch.setattr(psutil, "virtual_memory", lambda: Memory(64e9, 60e9))
    finding = only(doctor.memory())
    assert "of 1.5 GB free, the limit of this container" in finding.words
    assert finding.remedy
    (tmp_path / "memory.max").write_text("max\n")
    assert only(doctor.memory()).words == "60.0 of 64.0 GB free"


def test_disk(monkeypatch, tmp_path):
    assert not only(doctor.disk()).remedy
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Disk(1e9, 9e8, 1e8))
    finding = only(doctor.disk())
    assert finding.words == f"0.1 GB free for the cache, {cache.cache_folder()}"
    assert "MNIST_DATA_DIR" in finding.remedy
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: False)
    assert "cannot be written" in only(doctor.disk()).words


def test_data_that_is_not_there_names_the_repair():
    mnist, *others = doctor.data()
    assert mnist.words == "MNIST: not in the cache"
    assert mnist.remedy == f"{sys.executable} -m helpers download mnist"
    assert not any(finding.remedy for finding in others)


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (["verified"] * 4, "MNIST: in the cache, verified"),
        (["verified"] * 3 + ["damaged"], "MNIST: 1 files damaged, 3 files verified"),
        (["verified"] * 2 + ["missing"] * 2, "MNIST: 2 files missing, 2 files verified"),
    ],
)
def test_data_as_the_cache_holds_it(monkeypatch, states, words):
    names = [file.name for file in MNIST.files]
    monkeypatch.setattr(cache, "states", lambda dataset: dict(zip(names, states, strict=True)))
    finding = doctor.data()[0]
    assert finding.words == words
    assert bool(finding.remedy) == (set(states) != {"verified"})


def test_a_mirror_of_ones_own(monkeypatch, tmp_path):
    assert "is not set" in only(doctor.own_mirror()).words
    monkeypatch.setenv("MNIST_MIRROR", str(tmp_path / "stick"))
    finding = only(doctor.own_mirror())
    assert "is not a folder" in finding.words
    assert f"download --to {tmp_path / 'stick'}" in finding.remedy
    (tmp_path / "stick").mkdir()
    assert "has no folder of a data set" in only(doctor.own_mirror()).words
    (tmp_path / "stick" / "mnist").mkdir()
    finding = only(doctor.own_mirror())
    assert "has folders for mnist" in finding.words
    assert not finding.remedy


def test_a_mirror_of_ones_own_on_a_server(monkeypatch):
    with running_server() as server:
        monkeypatch.setenv("MNIST_MIRROR", server.url)
        server.faults = ["HTTP 404"]  # an answer is an answer
        assert only(doctor.own_mirror()).words == f"{server.url} answers"
        monkeypatch.setenv("MNIST_MIRROR", server.url.replace("//", "//ann:secret@"))
        assert "//ann:***@127" in only(doctor.own_mirror()).words
    finding = only(doctor.own_mirror())
    assert "could not be reached" in finding.words
    assert "secret" not in finding.words
    assert "whether the server runs" in finding.remedy


def test_mirrors_that_answer_and_do_not(monkeypatch):
    def reach(url):
        if "amazonaws" not in url:
            raise download.NoAnswer("its TLS certificate could not be verified")

    monkeypatch.setattr(download, "reach", reach)
    words = [finding.words for finding in doctor.mirrors()]
    assert "ossci-datasets.s3.amazonaws.com answers" in words
    assert "github.com its TLS certificate could not be verified" in words
    assert not any(finding.topic == "network" for finding in doctor.mirrors())


def test_no_network_at_all(monkeypatch):
    def reach(url):
        raise download.NoAnswer("could not be reached")

    monkeypatch.setattr(download, "reach", reach)
    assert doctor.mirrors()[-1].words == "no public mirror answers"
    assert "MNIST_MIRROR" in doctor.mirrors()[-1].remedy


def test_the_proxy_without_its_password(monkeypatch):
    assert only(doctor.proxy()).words == "none"
    monkeypatch.setenv("https_proxy", "http://ann:secret@proxy.example:8080")
    assert only(doctor.proxy()).words == "https: http://ann:***@proxy.example:8080"


def test_certificates(monkeypatch, tmp_path):
    assert "certifi" in only(doctor.certificates()).words
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "proxy.pem"))
    finding = only(doctor.certificates())
    assert "which is not there" in finding.words
    assert finding.remedy == "Mend or unset REQUESTS_CA_BUNDLE."
    (tmp_path / "proxy.pem").touch()
    assert not only(doctor.certificates()).remedy


def test_a_check_that_breaks_does_not_stop_the_others(monkeypatch):
    def broken():
        raise RuntimeError("no such register")

    monkeypatch.setattr(psutil, "virtual_memory", broken)
    monkeypatch.setattr(download, "reach", lambda url: None)
    findings = doctor.examine()
    words = {finding.topic: finding.words for finding in findings}
    assert words["memory"] == "could not be looked at (RuntimeError: no such register)"
    assert {"python", "packages", "device", "disk", "data", "mirror", "proxy", "TLS"} <= set(words)


def test_the_report_fits_one_screen(monkeypatch):
    monkeypatch.setattr(download, "reach", lambda url: None)
    lines = "\n".join(map(doctor.as_text, doctor.examine())).splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 110  # a long path is not broken


def test_a_line_with_a_remedy_is_marked():
    finding = doctor.Finding("disk", "0.1 GB free", "Make room.")
    assert doctor.as_text(finding).splitlines() == [
        "! disk          0.1 GB free",
        "                > Make room.",
    ]
