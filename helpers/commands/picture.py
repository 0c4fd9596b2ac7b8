"""Draw the picture at the top of README: python -m helpers picture.

Nine digits that the quick network of lesson 07 was not trained on, and how sure it is of each answer:
the first eight that were held back, and the mistake of which it was surest.
"""

from pathlib import Path

import numpy as np

TARGET = Path(__file__).resolve().parents[2] / "picture.png"
SURE, WRONG = "#0072b2", "#d55e00"


def main() -> None:
    from benchmarks.cnn import QUICK, train
    from benchmarks.data import load_mnist, scale, split
    from helpers.quiet import keras

    mnist = load_mnist()
    keras.utils.set_random_seed(0)
    fit, held_back = split()
    images, labels = scale(mnist.train_images)[..., np.newaxis], mnist.train_labels
    network, _ = train(images[fit], labels[fit], **QUICK)
    logits = network.predict(images[held_back], batch_size=1000, verbose=0)
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    wrong = probabilities.argmax(axis=1) != labels[held_back]
    surest_mistake = np.argmax(np.where(wrong, probabilities.max(axis=1), 0))
    chosen = np.append(np.flatnonzero(~wrong)[:8], surest_mistake)
    draw(mnist.train_images[held_back[chosen]], labels[held_back[chosen]], probabilities[chosen])
    print(f"Drawn: {TARGET}")


def draw(images, labels, probabilities, target: Path = TARGET) -> None:
    """Draw digits in a row, and below each the probabilities of the ten answers.

    Args:
        images: (n, 28, 28) uint8.
        labels: (n,) integers; where the surest answer is another one, it is drawn in the accent colour.
        probabilities: (n, 10), each row sums to 1.
        target: the PNG file that is written.
    """
    import matplotlib.pyplot as plt

    with plt.style.context("helpers.tutorial"), plt.rc_context({"figure.dpi": 160}):
        figure, axes = plt.subplots(
            2, len(images), figsize=(11, 2.7), height_ratios=[1.25, 1], sharey="row"
        )
        for image, label, row, (above, below) in zip(
            images, labels, probabilities, axes.T, strict=True
        ):
            answer = row.argmax()
            colour = SURE if answer == label else WRONG
            above.imshow(image)
            above.set_axis_off()
            below.bar(
                range(10), row, color=[colour if d == answer else "#b0b0b0" for d in range(10)]
            )
            below.set(xticks=[answer], yticks=[], ylim=(0, 1))
            below.tick_params(length=0, labelsize=15, labelcolor=colour)
            below.spines["left"].set_visible(False)
        figure.savefig(target)
        plt.close(figure)
