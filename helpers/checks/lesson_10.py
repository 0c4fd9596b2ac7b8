"""Checks of lesson 10, "Try harder data sets"."""

import numpy as np

from helpers.checks import BehaviourCheck, FunctionCheck


def _labels_from_one() -> list[tuple]:
    rng = np.random.default_rng(0)
    cases = [(rng.integers(1, 27, 50).astype(np.uint8),), (np.arange(1, 27, dtype=np.uint8),)]
    return [*cases, (rng.integers(5, 20, 30).astype(np.uint8),), (np.array([26, 7, 26], np.uint8),)]


from_zero = FunctionCheck(
    cases=_labels_from_one,
    asks="an array with a number from 0 to 25 for each label, 0 for A",
    right=lambda labels: labels - np.uint8(1),
    praise="A is 0 and Z is 25, whichever letters happen to be in a batch.",
    mistakes={
        "A becomes 1 and Z becomes 0; the order of the names is lost.": lambda labels: labels % 26,
        "this depends on the batch: without an A in it, B becomes 0.": lambda labels: (
            labels - labels.min()
        ),
        "this numbers the letters of the batch; one that is missing shifts all behind it.": (
            lambda labels: np.unique(labels, return_inverse=True)[1]
        ),
        "these are still the file's labels, from 1 on.": lambda labels: labels,
        "you added 1; the file begins with 1 already.": lambda labels: labels + 1,
        "this counts backwards: A becomes 25.": lambda labels: 26 - labels,
        "26 becomes 25, but so does 25; each letter needs a number of its own.": lambda labels: (
            np.minimum(labels, 25)
        ),
    },
    otherwise="the answer for each label is that label less 1, in the same order.",
)


def _reads() -> list[tuple]:
    """Return true labels and answers for classes of unequal size; each class has an image.

    Of some classes nothing is read: the first, and once also the last.
    """
    rng = np.random.default_rng(0)
    cases = []
    for classes, count, unread in ((10, 400, [0]), (3, 40, [0]), (26, 900, [0, 25]), (5, 60, [0])):
        sizes = rng.dirichlet(np.arange(1, classes + 1))
        labels = np.concatenate([np.arange(classes), rng.choice(classes, count, p=sizes)])
        answers = np.where(
            rng.random(len(labels)) < 0.7, labels, rng.integers(0, classes, len(labels))
        )
        answers[np.isin(labels, unread)] = 1
        cases.append((rng.permutation(np.stack([labels, answers], axis=1)).T, classes))
    return [(pair[0], pair[1], classes) for pair, classes in cases]


def _share(labels, answers, classes, of, scale=100):
    """Return for each class the share of right answers, among those that `of` chooses."""
    right = labels == answers
    return np.array([scale * right[of(label)].mean() for label in range(classes)])


class_accuracies = FunctionCheck(
    cases=_reads,
    asks="an array with the accuracy of each class, in per cent",
    right=lambda labels, answers, classes: _share(
        labels, answers, classes, lambda label: labels == label
    ),
    praise="One number for all hides the class of which next to nothing is read.",
    mistakes={
        "these are shares; multiply by 100.": lambda labels, answers, classes: _share(
            labels, answers, classes, lambda label: labels == label, scale=1
        ),
        "of all that was read as a class, this is what is right; ask all that *are* of the class.": (
            lambda labels, answers, classes: _share(
                labels, answers, classes, lambda label: answers == label
            )
        ),
        "divide by the number of images of the class, not of all.": (
            lambda labels, answers, classes: np.array(
                [100 * np.mean((labels == label) & (answers == label)) for label in range(classes)]
            )
        ),
        "these are counts; divide each by the number of images of its class.": (
            lambda labels, answers, classes: np.array(
                [np.sum((labels == label) & (answers == label)) for label in range(classes)]
            )
        ),
        "these are the errors; the accuracy is the rest.": lambda labels, answers, classes: (
            100 - _share(labels, answers, classes, lambda label: labels == label)
        ),
        "this is one accuracy, over all images; wanted is one for each class.": (
            lambda labels, answers, classes: 100 * np.mean(labels == answers)
        ),
        "this is the mean over all classes; return each of them.": (
            lambda labels, answers, classes: _share(
                labels, answers, classes, lambda label: labels == label
            ).mean()
        ),
        "how often each class is there does not depend on the answers.": (
            lambda labels, answers, classes: (
                100 * np.bincount(labels, minlength=classes) / len(labels)
            )
        ),
        "True also where an image is of another class and was not read as this one.": (
            lambda labels, answers, classes: np.array(
                [100 * np.mean((labels == label) == (answers == label)) for label in range(classes)]
            )
        ),
    },
    otherwise="for each class, the mean of `answers == label` where `labels == label`.",
)


_SMALL = 40  # cases: three times in a million a right answer leaves one of their images out


def _shelves() -> list[tuple]:
    """Return labels, how many are wanted of each class, and a generator.

    The first case comes again with the same seed, then with another. The last `_SMALL` are small,
    so that every image should be drawn in one of them.
    """
    rng = np.random.default_rng(0)
    cases = []
    for classes, count, per_class in ((10, 900, 5), (3, 60, 10), (26, 2000, 1), (30, 999, 3)):
        labels = rng.integers(0, classes, count).astype(np.uint8)
        labels[-per_class * classes :] = np.repeat(np.arange(classes), per_class)
        cases.append((labels, per_class, np.random.default_rng(count)))
    first, per_class, _ = cases[0]
    again, other = ((first.copy(), per_class, np.random.default_rng(seed)) for seed in (900, 2))
    uneven = np.repeat(np.arange(4, dtype=np.uint8), [6, 9, 400, 7])  # one class has just six
    small = [
        (np.repeat(np.arange(3, dtype=np.uint8), 12), 4, np.random.default_rng(seed))
        for seed in range(_SMALL)
    ]
    return [cases[0], again, other, *cases[1:], (uneven, 6, np.random.default_rng(1)), *small]


def _fault_in_draws(attempts: list) -> str:
    for tried in attempts:
        if not np.array_equal(tried.given[0], tried.left[0]):
            return "the labels were changed; leave them as they are."
        if fault := _fault_in_draw(tried.returned, *tried.given[:2]):
            return fault
    if all(_comes_first(tried) for tried in attempts):
        return "these are the first of each class in the file; draw at random, with `rng`."
    first, again, other = (np.sort(tried.returned).tolist() for tried in attempts[:3])
    if first != again:
        return "the same generator drew other images the second time; draw with `rng`."
    if first == other:
        return "another random generator draws the same images; draw with `rng`."
    small = attempts[-_SMALL:]
    if len(np.unique([tried.returned for tried in small])) < len(small[0].given[0]):
        return "some images can never be drawn; draw from all of the class, with `rng`."
    return ""


def _fault_in_draw(returned, labels, per_class) -> str:
    if isinstance(returned, tuple) and len(returned) == 2:
        return "return the positions alone."
    try:
        positions = np.asarray(returned)
    except Exception:  # what a student returns may raise anything
        return "return one array of positions, the classes one behind the other."
    classes = labels.max() + 1
    if positions.size == 0:
        return "no positions came."
    if positions.dtype == bool:
        return "return positions, not True and False; np.flatnonzero turns one into the other."
    if positions.dtype.kind not in "iu":
        return "return an array of positions, whole numbers."
    if positions.ndim != 1:
        return "return the positions in one row; np.concatenate joins those of the classes."
    if len(positions) == len(labels):
        return "return positions, one for each drawn image."
    if not 0 <= positions.min() <= positions.max() < len(labels):
        return "some positions lie outside of the labels."
    if len(np.unique(positions)) < len(positions):
        return "a position came twice; return positions in `labels`, and draw with `replace=False`."
    counts = np.bincount(labels[positions], minlength=classes)
    if (counts != per_class).any():
        if len(positions) == per_class:
            return f"{per_class} images came in all; wanted are as many of each class."
        label = int(np.argmax(counts != per_class))
        return f"of class {label} came {counts[label]} images, not {per_class}."
    return ""


def _comes_first(tried) -> bool:
    labels, per_class = tried.given[:2]
    firsts = [np.flatnonzero(labels == label)[:per_class] for label in range(labels.max() + 1)]
    return set(np.ravel(tried.returned).tolist()) == set(np.concatenate(firsts).tolist())


few = BehaviourCheck(
    cases=_shelves,
    examine=_fault_in_draws,
    praise="The same number of each class, none twice, and others with another seed.",
)


def _networks() -> list[tuple]:
    """Return networks that were compiled and trained for an epoch, and images to train on.

    An epoch has several batches, also if a student makes them larger: TensorFlow warns of functions
    that are traced and then called but once.
    """
    from helpers.quiet import keras  # here, so that the other checks do without TensorFlow

    cases = []
    for seed in (0, 1):
        rng = np.random.default_rng(seed)
        images, labels = rng.random((512, 6, 6, 1)).astype(np.float32), rng.integers(0, 3, 512)
        start = {"kernel_initializer": keras.initializers.GlorotUniform(seed)}  # the same each time
        convolution = keras.layers.Conv2D(2, 3, name="convolution", **start)
        last = keras.layers.Dense(3, name="last", **start)
        layers = [keras.Input((6, 6, 1)), convolution, keras.layers.Flatten(), last]
        network = keras.Sequential(layers)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        network.compile(keras.optimizers.SGD(0.5), loss)
        network.fit(images, labels, shuffle=False, verbose=0)
        cases.append((network, images, labels))
    return cases


def _state(network) -> list[tuple]:
    """Return the layers of a network, whether each is trainable, and its weights."""
    return [
        (layer, layer.trainable, [array.tolist() for array in layer.get_weights()])
        for layer in network.layers
    ]


class _NetworkCheck(BehaviourCheck):
    """The check of what a function does to a network, whatever it returns.

    `examine` gets the state of the network before the call in place of what was returned.
    """

    def __call__(self, function) -> None:
        """Print what the function is: not attempted, right, or what is wrong with it."""

        def watched(network, *given):
            before = _state(network)
            returned = function(network, *given)
            return ... if returned is ... and _state(network) == before else before

        is_function = callable(function) and not hasattr(function, "layers")  # as a network has
        super().__call__(watched if is_function else None)


def _fault_in_freezing(attempts: list) -> str:
    return next(filter(None, map(_fault_in_one, attempts)), "")


def _fault_in_one(tried) -> str:
    network, before = tried.left[0], tried.returned
    now = {id(layer): weights for layer, _, weights in _state(network)}
    (convolution, _, convolution_before), *_, (last, _, last_before) = before
    if not all(map(np.array_equal, tried.given[1:], tried.left[1:])):
        return "the images or the labels were changed; leave them as they are."
    if id(convolution) not in now or id(last) not in now:
        return 'the layers "convolution" and "last" must stay the ones that were given.'
    convolution_moved = now[id(convolution)] != convolution_before
    if not convolution_moved and now[id(last)] == last_before:
        if not network.trainable_variables:
            return "everything is frozen; leave the last layer trainable."
        return "the network that was given has not changed: `fit` that one, for an epoch or more."
    if convolution_moved:
        if convolution.trainable_variables:
            return "the convolution was trained on; freeze it: trainable = False."
        return "the convolution says that it is frozen, and was trained on all the same."
    if convolution.trainable_variables:
        return "the convolution is where it was, but not frozen; freeze it: trainable = False."
    if not all(np.abs(array).max() < 1e3 for array in network.get_weights()):
        return "the weights have run away: take a smaller rate, and a loss with `from_logits=True`."
    return ""


frozen = _NetworkCheck(
    cases=_networks,
    examine=_fault_in_freezing,
    praise="`fit` keeps the program of its first call; `compile` has it made anew.",
)
