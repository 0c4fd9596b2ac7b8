"""Recorded results say how they came about, and one seed of each recipe still gives them."""

import numpy as np
import pytest

from benchmarks import baselines, cnn, dense
from helpers.loading import load
from helpers.quiet import keras
from helpers.records import RESULTS, read_record

RECORDS = sorted(path.stem for path in RESULTS.glob("*.json"))


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_says_how_it_came_about(name):
    record = read_record(name)
    assert record["command"] == f"python -m benchmarks.{name}"
    assert {"commit", "date", "hardware", "versions"} <= record.keys()
    assert record["hardware"]["cores"] >= 1


def test_a_record_that_is_not_there_is_named():
    with pytest.raises(FileNotFoundError, match="Record it: python -m benchmarks.nothing"):
        read_record("nothing")


def test_the_recorded_means_keep_the_promises():
    dense_test, cnn_test = read_record("dense")["test"], read_record("cnn")["test"]
    for result in (*dense_test.values(), *cnn_test.values()):
        assert len(result["accuracy"]) == len(result["seeds"]) >= 5
    assert 97.2 <= np.mean(dense_test["textbook"]["accuracy"]) <= 97.9
    assert min(dense_test["chosen"]["accuracy"]) >= 98.0
    assert np.mean(cnn_test["quick"]["accuracy"]) >= 99.0
    ratio = np.mean(cnn_test["textbook"]["seconds"]) / np.mean(cnn_test["quick"]["seconds"])
    assert ratio >= 20


def test_a_cached_load_is_quick_and_small():
    ours, keras_steps = read_record("loaders")["ours"], read_record("loaders")["keras_steps"]
    assert max(ours["seconds"]) < min(keras_steps["seconds"])
    assert max(ours["peak_memory_over_arrays"]) <= 1.2


def test_a_class_downloads_once():
    for lesson, result in read_record("class_of_30").items():
        if lesson[:2].isdigit():
            assert result["errors"] == 0
            assert result["downloads"].count("/mnist/train-images-idx3-ubyte.gz") == 1


def test_the_recorded_baselines_keep_the_promises_of_lesson_03():
    record = read_record("baselines")
    error = {
        name: {
            method: [100 - np.mean(sizes[str(size)]["accuracy"]) for size in baselines.SIZES]
            for method, sizes in methods.items()
        }
        for name, methods in record.items()
        if name in ("pixels", "deskewed")
    }
    for method, (small, large) in error["pixels"].items():
        assert large < small
        assert error["deskewed"][method][1] < large
    assert error["pixels"]["nearest mean"][1] == pytest.approx(18.0, abs=0.1)
    for method in ("neighbours", "forest", "support vectors"):
        small, large = error["pixels"][method]
        assert 0.4 <= large / small <= 0.65
    for method in ("nearest mean", "logistic regression"):
        small, large = error["pixels"][method]
        assert large / small >= 0.8


def near(scores):
    """The range of recorded scores, widened by three standard deviations of one score at 99 %."""
    return min(scores) - 0.3, max(scores) + 0.3


@pytest.fixture(scope="module")
def mnist():
    data = load("mnist")
    if data.is_practice:
        pytest.skip("the records are about MNIST")
    return data


def test_one_seed_of_the_dense_recipe(mnist):
    recorded = read_record("dense")["test"]["chosen"]
    images = mnist.train_images.astype(np.float32) / np.float32(255)
    model = dense.train(images, mnist.train_labels, 0, **recorded["recipe"])
    test_images = mnist.test_images.astype(np.float32) / np.float32(255)
    low, high = near(recorded["accuracy"])
    assert low <= dense.accuracy(model, test_images, mnist.test_labels) <= high


def test_one_seed_of_the_quick_network(mnist):
    keras.utils.set_random_seed(0)
    images = mnist.train_images[..., np.newaxis].astype(np.float32) / np.float32(255)
    model, _ = cnn.train_quick(images, mnist.train_labels)
    test_images = mnist.test_images[..., np.newaxis].astype(np.float32) / np.float32(255)
    low, high = near(read_record("cnn")["test"]["quick"]["accuracy"])
    assert low <= dense.accuracy(model, test_images, mnist.test_labels) <= high


@pytest.mark.parametrize("method", ["nearest mean", "neighbours", "logistic regression"])
def test_a_baseline_on_10_000_images(mnist, method):
    images, test_images = (
        baselines.as_rows(mnist.train_images),
        baselines.as_rows(mnist.test_images),
    )
    result = baselines.measure(
        baselines.RUNGS[method],
        [0],
        images[:10_000],
        mnist.train_labels[:10_000],
        test_images,
        mnist.test_labels,
    )
    recorded = read_record("baselines")["pixels"][method]["10000"]
    assert result["accuracy"][0] == pytest.approx(recorded["accuracy"][0], abs=0.1)
