"""How close the practice digits are to MNIST: train on them alone, score on MNIST.

Run: python -m benchmarks.practice_digits        (about six minutes on two cores)

The network is the textbook's of lesson 07. The digits were tuned on MNIST's training images; the test
set had no say. On the practice digits' own test images, the sampling error counts their originals,
of which there are few, and not the many images that are drawn of each: it is a bootstrap over them.
"""

import numpy as np

from benchmarks.cnn import train_textbook
from benchmarks.dense import accuracy
from helpers.data.handwriting import draw_set, read_originals
from helpers.loading import load
from helpers.quiet import keras
from helpers.records import write_record

SEEDS = range(3)


def as_input(images):
    return images[..., np.newaxis].astype(np.float32) / np.float32(255)


def bootstrap(right, originals) -> float:
    """Return the standard deviation, in points, of the accuracy when the originals are drawn anew."""
    numbers, index = np.unique(originals, return_inverse=True)
    right_of_each, count_of_each = np.bincount(index, right), np.bincount(index)
    draws = np.random.default_rng(0).integers(0, len(numbers), (2000, len(numbers)))
    return 100 * float(np.std(right_of_each[draws].sum(1) / count_of_each[draws].sum(1)))


def main() -> None:
    mnist = load("mnist")
    if mnist.is_practice:
        raise SystemExit("This benchmark measures MNIST, which could not be reached.")
    train_values, train_labels, test_values, test_labels = read_originals()
    random = np.random.default_rng(0)
    images, labels, _ = draw_set(train_values, train_labels, 60_000, random)
    test_images, test_labels, test_originals = draw_set(test_values, test_labels, 10_000, random)
    results = {
        "mnist_train": [],
        "mnist_test": [],
        "practice_test": [],
        "practice_test_deviation": [],
    }
    for seed in SEEDS:
        keras.utils.set_random_seed(seed)
        model, _ = train_textbook(as_input(images), labels)
        results["mnist_train"].append(
            accuracy(model, as_input(mnist.train_images), mnist.train_labels)
        )
        results["mnist_test"].append(
            accuracy(model, as_input(mnist.test_images), mnist.test_labels)
        )
        results["practice_test"].append(accuracy(model, as_input(test_images), test_labels))
        logits = model.predict(as_input(test_images), batch_size=1000, verbose=0)
        deviation = bootstrap(logits.argmax(axis=1) == test_labels, test_originals)
        results["practice_test_deviation"].append(round(deviation, 2))
        print(seed, {name: values[-1] for name, values in results.items()}, flush=True)
    originals = len(np.unique(test_originals))
    write_record("practice_digits", {"seeds": list(SEEDS), "test_originals": originals, **results})


if __name__ == "__main__":
    main()
