"""Checks of lesson 02, "Prepare the data"."""

import numpy as np

from helpers.checks import judge, judge_function


def scale(answer, images) -> None:
    """Check uint8 `images` scaled to [-1, 1] as float32."""
    whole = images.astype(np.float32)
    right = whole / np.float32(127.5) - 1
    if getattr(answer, "dtype", None) == np.float64 and np.allclose(answer, right, atol=1e-6):
        print(
            "Not yet: the values are right, but the type is float64; convert with astype(np.float32) first."
        )
        return
    judge(
        answer,
        right=right,
        praise="0 became -1, 255 became 1, and paper and ink lie equally far from zero.",
        mistakes=[
            (whole / 255, "this is the range [0, 1]; stretch it to [0, 2] and take 1 away."),
            (
                whole / 255 - 0.5,
                "this is the range [-0.5, 0.5]; it is only half as wide as it should be.",
            ),
            (whole / 127.5, "this is the range [0, 2]; take 1 away."),
            (
                (images * np.uint8(2)).astype(np.float32) / 255 - 1,
                "you doubled while the pixels were still bytes, and they wrapped around; convert first.",
            ),
        ],
        otherwise="divide by 127.5 and take 1 away, in float32.",
    )


def to_labels(function) -> None:
    """Check a function from one-hot labels (n, 10) to labels (n,)."""
    labels = np.array([5, 0, 4, 1, 9, 2, 1, 3, 1])
    judge_function(
        function,
        (np.eye(10, dtype=np.float32)[labels],),
        right=lambda one_hot: one_hot.argmax(axis=1),
        praise="The same line turns ten probabilities into an answer.",
        mistakes=[
            (
                lambda one_hot: one_hot.argmax(axis=0),
                "this looks down the columns; each row is one label, so axis=1.",
            ),
            (
                lambda one_hot: one_hot.argmax(),
                "without an axis you get one number for the whole table.",
            ),
            (
                lambda one_hot: one_hot.max(axis=1),
                "this is the largest value, always 1; you want where it stands.",
            ),
            (
                lambda one_hot: one_hot.argmax(axis=1) + 1,
                "you count from 1; the first place belongs to the digit 0.",
            ),
        ],
        otherwise="for each row, return the position of the largest value.",
    )


def split(function) -> None:
    """Check a function split(images, labels, count, rng) that returns four arrays."""
    labels = np.repeat(np.arange(10), 10)
    images = np.broadcast_to(np.arange(100)[:, None, None], (100, 28, 28))
    try:
        answer = function(images, labels, 20, np.random.default_rng(0))
        if answer is None or answer is ...:
            print("Not attempted yet.")
            return
        fit_images, fit_labels, validation_images, validation_labels = answer
        fit, validation = np.asarray(fit_images)[:, 0, 0], np.asarray(validation_images)[:, 0, 0]
        all_labels = np.concatenate([fit_labels, validation_labels])
    except Exception as error:  # the student's code may raise anything; the check names it
        print(
            f"Not yet: your function stopped, or did not return four arrays ({type(error).__name__}: {error})."
        )
        return
    together = np.concatenate([fit, validation])
    if len(fit) == 20 and len(validation) == 80:
        print("Not yet: the two parts are swapped; the smaller one is for validation.")
    elif len(validation) != 20 or len(validation_labels) != 20:
        print(
            f"Not yet: the validation set should have 20 images and labels, not {len(validation)}."
        )
    elif set(fit) & set(validation):
        print("Not yet: some images are in both sets, so the validation score would be too good.")
    elif len(together) != 100:
        print("Not yet: some images are in neither set.")
    elif not np.array_equal(labels[together], all_labels):
        print("Not yet: images and labels no longer match; shuffle both with the same order.")
    elif np.array_equal(together, np.arange(100)):
        print(
            "Not yet: nothing was shuffled; on sorted labels the last slice holds nothing but nines."
        )
    else:
        print("Right. Shuffled together, no image in both sets, none lost.")


def epoch(function) -> None:
    """Check a function epoch(items, batch_size, rng) that returns shuffled batches."""
    items = np.arange(12)
    rng = np.random.default_rng(0)
    try:
        answers = [function(items.copy(), 4, rng) for _ in range(20)]
        if any(answer is None or answer is ... for answer in answers):
            print("Not attempted yet.")
            return
        batches = np.array(answers)
    except Exception as error:  # the student's code may raise anything; the check names it
        print(f"Not yet: your function stopped with {type(error).__name__}: {error}")
        return
    if batches.shape != (20, 3, 4):
        print(f"Not yet: 12 items in batches of 4 have the shape (3, 4), not {batches.shape[1:]}.")
    elif not all(np.array_equal(np.sort(epoch, axis=None), items) for epoch in batches):
        print("Not yet: in one epoch every item should come exactly once.")
    elif np.all(batches == batches[0]):
        print(
            "Not yet: every epoch has the same order; draw a new one each time, from the rng that you are given."
        )
    elif _members(batches[0]) == _members(batches[1]) == _members(batches[2]):
        print(
            "Not yet: the same items still meet in the same batch; shuffle the items before you batch them."
        )
    else:
        print("Right. Shuffle first, then batch: every epoch mixes new company.")


def _members(batches) -> set[frozenset]:
    return {frozenset(batch.tolist()) for batch in batches}
