"""python -m helpers, and the Python that it runs on."""

import os
import subprocess
import sys
from pathlib import Path

import matplotlib
import numpy as np
import pytest

matplotlib.use("agg")
import matplotlib.pyplot as plt  # noqa: E402

from helpers.commands import picture  # noqa: E402

ROOT = Path(__file__).parent.parent


def run(*arguments, **environment):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_download_says_where_the_data_lies(tmp_path):
    answer = run("-m", "helpers", "download", "mnist")
    if answer.returncode == 0:
        assert "MNIST: verified, in " in answer.stdout
        assert "KMNIST" not in answer.stdout
    else:
        assert "Ways out:" in answer.stdout
    assert answer.stderr == ""


def test_download_copies_to_a_folder_that_serves_as_a_mirror(tmp_path):
    answer = run("-m", "helpers", "download", "mnist", "--to", str(tmp_path / "stick"))
    if answer.returncode:
        pytest.skip("MNIST cannot be reached")
    assert f"MNIST: verified, in {tmp_path / 'stick' / 'mnist'}" in answer.stdout
    again = run(
        "-m",
        "helpers",
        "download",
        "mnist",
        MNIST_MIRROR=str(tmp_path / "stick"),
        MNIST_DATA_DIR=str(tmp_path / "cache"),
    )
    assert again.returncode == 0
    assert len(list((tmp_path / "cache" / "mnist").glob("*-ubyte"))) == 4


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "a file").touch()
    answer = run("-m", "helpers", "download", "mnist", "--to", str(tmp_path / "a file" / "stick"))
    assert answer.returncode == 1
    assert answer.stderr == ""
    assert "could not be copied to" in answer.stdout or "could not be reached" in answer.stdout


def test_an_unknown_name_is_answered_with_the_known_ones():
    answer = run("-m", "helpers", "download", "minst")
    assert answer.returncode == 2
    assert "there is no data set 'minst'; there are: mnist, fashion-mnist" in answer.stderr


def test_the_doctor_reports_and_never_fails(own_home):
    answer = run("-m", "helpers", "doctor")
    assert answer.returncode == 0
    assert answer.stderr == ""
    assert "MNIST: not in the cache" in answer.stdout


def test_download_fails_with_one_calm_error(own_home):
    # A proxy that nobody listens at stands for a network that is not there.
    nowhere = "http://127.0.0.1:9"
    answer = run(
        "-m",
        "helpers",
        "download",
        "mnist",
        MNIST_MIRROR=str(own_home / "stick"),
        HTTP_PROXY=nowhere,
        HTTPS_PROXY=nowhere,
    )
    assert answer.returncode == 1
    assert "no such folder" in answer.stdout
    assert "could not be reached" in answer.stdout
    assert "Ways out:" in answer.stdout
    assert answer.stderr == ""


def test_an_unsupported_python_is_told_what_is_supported():
    code = "import sys; sys.version_info = (3, 10, 0); exec(open('helpers/commands/supported.py').read())"
    answer = run("-c", code)
    assert answer.returncode == 1
    assert "need Python 3.11 to 3.13" in answer.stderr
    assert "make lab PYTHON=python3.13" in answer.stderr


def test_this_python_is_supported():
    assert run("helpers/commands/supported.py").returncode == 0


def test_the_picture_marks_a_mistake(tmp_path):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (3, 28, 28), dtype=np.uint8)
    probabilities = np.eye(10)[[4, 5, 6]]
    pictures = []
    for labels in ([4, 5, 6], [4, 5, 7]):
        picture.draw(images, np.array(labels), probabilities, tmp_path / "picture.png")
        pictures.append(plt.imread(tmp_path / "picture.png")[..., :3])
    accent = np.array([0xD5, 0x5E, 0x00]) / 255
    marked = [np.isclose(drawn, accent, atol=0.01).all(axis=-1).sum() for drawn in pictures]
    assert marked[0] == 0
    assert marked[1] > 100
