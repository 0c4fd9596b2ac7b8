"""Answers to the exercises of lesson 12. Keras is imported when they are called.

The card is no function and gets a line for each field, so it has lists of its own.
"""

import random
from decimal import Decimal
from fractions import Fraction

import numpy as np

from answers import Tried
from helpers.records import read_record

# --- hold out whole writers ---


def solved_hold_out(writers, share, seed):
    everyone = np.unique(writers)
    count = round(share * len(everyone))
    drawn = np.random.default_rng(seed).choice(everyone, count, replace=False)
    return np.flatnonzero(np.isin(writers, drawn))


def by_permutation(writers, share, seed):
    everyone = np.random.default_rng(seed).permutation(np.unique(writers))
    drawn = set(everyone[: int(share * len(everyone))].tolist())
    return [place for place, writer in enumerate(writers) if writer in drawn]


def by_splitting(writers, share, seed):
    everyone = np.random.RandomState(seed).permutation(np.unique(writers))
    drawn, _ = np.split(everyone, [round(share * len(everyone))])
    return np.concatenate([np.flatnonzero(writers == one) for one in drawn])


def by_scikit_learn(writers, share, seed):
    from sklearn.model_selection import GroupShuffleSplit

    split = GroupShuffleSplit(n_splits=1, test_size=share, random_state=seed)
    return next(split.split(writers, groups=writers))[1]


def by_the_global_state(writers, share, seed):
    np.random.seed(seed)  # noqa: NPY002
    everyone = np.unique(writers)
    np.random.shuffle(everyone)  # noqa: NPY002
    return tuple(np.where(np.isin(writers, everyone[-round(share * len(everyone)) :]))[0])


def by_the_random_module(writers, share, seed):
    everyone = sorted(set(writers.tolist()))
    drawn = random.Random(seed).sample(everyone, round(share * len(everyone)))
    return np.array([i for i in reversed(range(len(writers))) if writers[i] in drawn], np.uint16)


def of_ranks(writers, share, seed):
    everyone, ranks = np.unique(writers, return_inverse=True)
    is_drawn = np.zeros(len(everyone), bool)
    is_drawn[np.random.default_rng(seed + 1).permutation(len(everyone))] = np.arange(
        len(everyone)
    ) < share * len(everyone)
    return np.nonzero(is_drawn[ranks])[0]


def every_tenth(writers, share, seed):
    return np.arange(0, len(writers), 10)


def images_at_random(writers, share, seed):
    rng = np.random.default_rng(seed)
    return rng.choice(len(writers), round(share * len(writers)), replace=False)


def stratified(writers, share, seed):
    """Hold out that share of each writer's images."""
    order = np.random.default_rng(seed).permutation(len(writers))
    parts = [order[writers[order] == one] for one in np.unique(writers)]
    return np.concatenate([part[: round(share * len(part))] for part in parts])


def of_writers(choose):
    """Hold out all images of the writers that `choose(writers, everyone, count, seed)` names."""

    def hold_out(writers, share, seed):
        everyone = np.unique(writers)
        drawn = choose(writers, everyone, round(share * len(everyone)), seed)
        return np.flatnonzero(np.isin(writers, drawn))

    return hold_out


def first_in_the_file(writers, everyone, count, seed):
    return list(dict.fromkeys(writers.tolist()))[:count]


def the_busiest(writers, everyone, count, seed):
    counts = np.unique(writers, return_counts=True)[1]
    return everyone[np.argsort(counts)[-count:]]


def neighbours(writers, everyone, count, seed):
    return np.roll(everyone, seed)[:count]


def among_all_but_the_last(writers, everyone, count, seed):
    return np.random.default_rng(seed).choice(everyone[:-1], count, replace=False)


def with_repeats(writers, everyone, count, seed):
    return np.random.default_rng(seed).choice(everyone, count)


def by_image(writers, everyone, count, seed):
    return np.random.default_rng(seed).choice(writers, count, replace=False)


def one_too_many(writers, everyone, count, seed):
    return np.random.default_rng(seed).choice(everyone, count + 1, replace=False)


def one_at_least(writers, everyone, count, seed):
    return [np.random.default_rng(seed).choice(everyone)]


def by_another_seed(writers, everyone, count, seed):
    return np.random.default_rng(0).choice(everyone, count, replace=False)


def of_two_seeds(writers, everyone, count, seed):
    return np.random.default_rng(seed % 2).choice(everyone, count, replace=False)


GENERATOR = np.random.default_rng(0)


def by_one_generator(writers, everyone, count, seed):
    return GENERATOR.choice(everyone, count, replace=False)


def without_a_seed(writers, everyone, count, seed):
    return np.random.default_rng().choice(everyone, count, replace=False)


def until_the_share_is_full(writers, share, seed):
    drawn, held = [], []
    for one in np.random.default_rng(seed).permutation(np.unique(writers)):
        if len(held) < share * len(writers):
            drawn.append(one)
            held = np.flatnonzero(np.isin(writers, drawn))
    return held


def as_a_mask(writers, share, seed):
    return np.isin(np.arange(len(writers)), solved_hold_out(writers, share, seed))


def the_training_positions(writers, share, seed):
    return np.flatnonzero(~as_a_mask(writers, share, seed))


def training_and_validation(writers, share, seed):
    return the_training_positions(writers, share, seed), solved_hold_out(writers, share, seed)


def one_image_each(writers, share, seed):
    held = solved_hold_out(writers, share, seed)
    return held[np.unique(writers[held], return_index=True)[1]]


def without_the_last_image(writers, share, seed):
    return solved_hold_out(writers, share, seed)[:-1]


def with_one_more_image(writers, share, seed):
    return [*solved_hold_out(writers, share, seed), the_training_positions(writers, share, seed)[0]]


def a_position_twice(writers, share, seed):
    held = solved_hold_out(writers, share, seed)
    return [*held, held[0]]


def numbers_of_the_writers(writers, share, seed):
    return np.unique(writers[solved_hold_out(writers, share, seed)])


def who_wrote_the_held_out(writers, share, seed):
    return writers[solved_hold_out(writers, share, seed)]


def a_list_for_each_writer(writers, share, seed):
    held = solved_hold_out(writers, share, seed)
    return [held[writers[held] == one].tolist() for one in np.unique(writers[held])]


def shuffled_in_place(writers, share, seed):
    everyone = np.unique(writers)
    np.random.default_rng(seed).shuffle(writers)
    return np.flatnonzero(np.isin(writers, everyone[: round(share * len(everyone))]))


def counted_from_one(writers, share, seed):
    return solved_hold_out(writers, share, seed) + 1


def only_from_blocks(writers, share, seed):
    """Hold out the first drawn block: from a writer's first image to the last, whoever wrote."""
    places = one_image_each(writers, share, seed)
    ends = [np.flatnonzero(writers == writers[place])[-1] for place in places]
    runs = [np.arange(first, end + 1) for first, end in zip(places, ends, strict=True)]
    return np.unique(np.concatenate(runs))


# --- expected calibration error ---


def solved_ece(confidences, right, bins):
    total = 0
    for number in range(bins):
        lower, upper = number / bins, (number + 1) / bins
        inside = (confidences > lower) & (confidences <= upper)
        if number == 0:
            inside |= confidences == 0
        if inside.any():
            total += inside.sum() * abs(confidences[inside].mean() - right[inside].mean())
    return total / len(right)


def ece_from_below(confidences, right, bins):
    groups = np.minimum((confidences * bins).astype(int), bins - 1)
    return ece_of_groups(confidences, right, groups)


def ece_of_groups(confidences, right, groups):
    gaps = np.bincount(groups, confidences) - np.bincount(groups, right)
    return np.sum(np.abs(gaps)) / len(groups)


def ece_by_digitize(confidences, right, bins):
    edges = np.linspace(0, 1, bins + 1)
    return ece_of_groups(confidences, right, np.digitize(confidences, edges[1:-1], right=True))


def ece_by_histogram(confidences, right, bins):
    counts, _ = np.histogram(confidences, bins, (0, 1))
    sums, hits = (
        np.histogram(confidences, bins, (0, 1), weights=weights)[0]
        for weights in (confidences, right.astype(float))
    )
    filled = np.maximum(counts, 1)
    return float((counts / counts.sum() * np.abs(sums / filled - hits / filled)).sum())


def ece_in_plain_python(confidences, right, bins):
    groups = {}
    for sure, is_right in zip(confidences.tolist(), right.tolist(), strict=True):
        groups.setdefault(min(int(sure * bins), bins - 1), []).append(sure - is_right)
    return Fraction(sum(abs(sum(group)) for group in groups.values())) / len(right)


def ece_as_a_tensor(confidences, right, bins):
    from helpers.quiet import tf

    return tf.constant(solved_ece(confidences, right, bins), tf.float64)


def ece_in_place(confidences, right, bins):
    confidences -= 0
    order = np.argsort(confidences)
    confidences[:], right[:] = confidences[order], right[order]
    return solved_ece(confidences, right, bins)


def groups(confidences, right, bins):
    """Return how many answers each group has, how sure they are, and how many are right."""
    places = np.minimum((confidences * bins).astype(int), bins - 1)
    inside = [places == number for number in range(bins) if (places == number).any()]
    return np.array([[some.sum(), confidences[some].mean(), right[some].mean()] for some in inside])


def from_groups(formula):
    def answer(confidences, right, bins):
        counts, sure, accurate = groups(confidences, right, bins).T
        return formula(counts, sure - accurate, bins)

    return answer


def ece_with_nan(confidences, right, bins):
    total = 0
    for number in range(bins):
        inside = np.minimum((confidences * bins).astype(int), bins - 1) == number
        with np.errstate(invalid="ignore"):
            sure, hits = np.sum(confidences[inside]) / inside.sum(), right[inside].sum()
            total += inside.mean() * abs(sure - hits / inside.sum())
    return total


def ece_with_middles(confidences, right, bins):
    places = np.minimum((confidences * bins).astype(int), bins - 1)
    return ece_of_groups((places + 0.5) / bins, right, places)


def ece_of_equal_counts(confidences, right, bins):
    parts = np.array_split(np.argsort(confidences), bins)
    return sum(abs(confidences[part].sum() - right[part].sum()) for part in parts) / len(right)


def ece_of_equal_counts_that_fail(confidences, right, bins):
    parts = np.argsort(confidences).reshape(bins, -1)
    return abs(confidences[parts].mean(axis=1) - right[parts].mean(axis=1)).mean()


def ece_of_the_own_range(confidences, right, bins):
    edges = np.histogram_bin_edges(confidences, bins)
    return ece_of_groups(confidences, right, np.searchsorted(edges[1:-1], confidences))


def ece_over(masks):
    """Take the groups that `masks(confidences, bins)` yields; all other answers are lost."""

    def answer(confidences, right, bins):
        parts = masks(confidences, bins)
        gaps = [abs(confidences[inside].sum() - right[inside].sum()) for inside in parts]
        return sum(gaps) / len(right)

    return answer


def without_one(confidences, bins):
    for number in range(bins):
        yield (confidences >= number / bins) & (confidences < (number + 1) / bins)


def without_zero(confidences, bins):
    for number in range(bins):
        yield (confidences > number / bins) & (confidences <= (number + 1) / bins)


def without_both(confidences, bins):
    for number in range(bins):
        yield (confidences > number / bins) & (confidences < (number + 1) / bins)


def by_digitize_from_zero(confidences, bins):
    places = np.digitize(confidences, np.linspace(0, 1, bins + 1))
    for number in range(bins):
        yield places == number


def without_the_first(confidences, bins):
    places = np.minimum((confidences * bins).astype(int), bins - 1)
    for number in range(1, bins):
        yield places == number


def ece_with_too_few_edges(confidences, right, bins):
    edges = np.linspace(0, 1, bins)
    gaps = []
    for lower, upper in zip(edges, edges[1:], strict=False):
        inside = (confidences > lower) & (confidences <= upper)
        inside |= (lower == 0) & (confidences == 0)
        gaps.append(abs(confidences[inside].sum() - right[inside].sum()))
    return sum(gaps) / len(right)


def wrong_ones(confidences, right, bins):
    return solved_ece(confidences, 1 - right, bins)


def only_where_sure(confidences, right, bins):
    sure = confidences > 0.5
    return solved_ece(confidences[sure], right[sure], bins)


# --- the card ---

RANDOM = read_record("validation_sets")["random"]

RIGHT_CARD = {
    "images": 70_000,
    "writers": 250 + 289 + 249 + 48,
    "students in test": 100 * 5_001 / 10_000,
    "wrong labels": 100 * 15 / 10_000,
    "trained on": 55_000,
    "accuracy": np.mean(RANDOM["test"]),
    "give or take": 2 * np.sqrt(99.255 * 0.745 / 10_000),
    "accuracy on students": np.mean(RANDOM["test_students"]),
    "accuracy on employees": np.mean(RANDOM["test_employees"]),
    "not for": {"b", "c", "d", "e"},
}

RIGHT_FIELDS = [  # other roads to the same
    ("images", "70,000"),
    ("images", "70_000"),
    ("images", np.float32(70_000)),
    ("images", np.int64(70_000)),
    ("images", np.array(70_000)),
    ("writers", Fraction(836)),
    ("writers", 836.0),
    ("students in test", 50),
    ("students in test", "50 %"),
    ("wrong labels", Decimal("0.15")),
    ("wrong labels", "0.15%"),
    ("trained on", "55000"),
    ("accuracy", 99.26),
    ("accuracy", 99.25),
    ("accuracy", "99.26 %"),
    ("give or take", 0.17),
    ("give or take", "±0.17"),
    ("give or take", 1.96 * 0.08599),
    ("accuracy on students", 98.9),
    ("accuracy on employees", 99.6),
    ("accuracy on employees", np.float16(99.62)),
    ("not for", ["e", "D", "c", "b"]),
    ("not for", ("b", "c", "d", "e", "e")),
    ("not for", frozenset("bcde")),
    ("not for", "bcde"),
    ("not for", "B, C, D and E"),
    ("not for", ["b)", "c)", "d)", "e)"]),
    ("not for", np.array(["b", "c", "d", "e"])),
    ("not for", [" b, c", "d; e"]),
]

WRONG_FIELDS = [
    ("images", 60_000, "the training set alone"),
    ("images", 10_000, "the test set alone"),
    ("images", 70, "add up the training set"),
    ("images", 70_001, "add up the training set"),
    ("images", -70_000, "add up the training set"),
    ("images", "many", "text ('many') came"),
    ("images", "", "text ('') came"),
    ("images", "70\n000", "text ('70\\n000') came"),
    ("images", True, "of type bool came"),
    ("images", np.True_, "one number"),
    ("images", None, "of type NoneType came"),
    ("images", [70_000], "of type list came"),
    ("images", (70, 0), "of type tuple came"),
    ("images", {70_000}, "of type set came"),
    ("images", {"images": ...}, "of type dict came"),
    ("images", np.array([70_000]), "one number"),
    ("images", 70_000 + 0j, "of type complex came"),
    ("images", float("nan"), "one number"),
    ("images", float("inf"), "one number"),
    ("images", "nan", "one number"),
    ("images", 10**400, "of type int came"),
    ("images", 1e308, "add up the training set"),
    ("images", len, "one number"),
    ("images", object(), "of type object came"),
    ("writers", 539, "the training set alone"),
    ("writers", 297, "the test set alone"),
    ("writers", 499, "the students alone"),
    ("writers", 337, "the employees alone"),
    ("writers", 500, "about 250 for each set"),
    ("writers", 835, "add up students and employees"),
    ("writers", "836 people", "one number"),
    ("students in test", 0.5001, "a share of 1"),
    ("students in test", 0.5, "a share of 1"),
    ("students in test", 5_001, "how many"),
    ("students in test", 49.99, "that employees wrote"),
    ("students in test", 48.4, "of the training set"),
    ("students in test", 48.64, "of both sets together"),
    ("students in test", 51, "one image more"),
    ("students in test", "50,01", "one number"),
    ("wrong labels", 15, "how many"),
    ("wrong labels", 0.0015, "a share of 1"),
    ("wrong labels", 1.0, "a hundred were looked at"),
    ("wrong labels", 0.1, "two decimals"),
    ("wrong labels", 0.2, "two decimals"),
    ("wrong labels", 0.0214, "both sets together"),
    ("wrong labels", 0.025, "the training set"),
    ("wrong labels", 0, "15 of 10,000"),
    ("wrong labels", 1.5, "15 of 10,000"),
    ("trained on", 60_000, "were held out to validate"),
    ("trained on", 50_000, "this holds out 10,000"),
    ("trained on", 5_000, "these were held out"),
    ("trained on", 10_000, "the test set"),
    ("trained on", 70_000, "includes the test set"),
    ("trained on", 54_000, "section 3"),
    ("accuracy", 99.32, "best of the twelve"),
    ("accuracy", 99.2, "two decimals"),
    ("accuracy", 99.3, "two decimals"),
    ("accuracy", 99, "two decimals"),
    ("accuracy", 99.22, "one of the twelve"),
    ("accuracy", 0.99255, "a share of 1"),
    ("accuracy", 0.9926, "a share of 1"),
    ("accuracy", 0.745, "the error"),
    ("accuracy", 0.00745, "the error"),
    ("accuracy", 99.12, "the validation accuracy"),
    ("accuracy", 98.13, "on employees alone"),
    ("accuracy", 99.5, "section 6 prints it"),
    ("accuracy", 100, "section 6 prints it"),
    ("give or take", 0.086, "one standard deviation"),
    ("give or take", 0.00172, "a share of 1"),
    ("give or take", 0.00086, "one standard deviation, as a share"),
    ("give or take", 0.344, "the whole range"),
    ("give or take", 0.0364, "the twelve trainings"),
    ("give or take", 0.073, "the twelve trainings"),
    ("give or take", 0.076, "the twelve trainings"),
    ("give or take", 0.2, "in points"),
    ("give or take", -0.17, "in points"),
    ("accuracy on students", RIGHT_CARD["accuracy on employees"], "on employees"),
    ("accuracy on students", 99.26, "on all"),
    ("accuracy on students", 96.82, "trained on employees alone"),
    ("accuracy on students", 96.1, "trained on employees alone"),
    ("accuracy on students", 0.989, "a share of 1"),
    ("accuracy on students", 1.1, "the error"),
    ("accuracy on students", 99, "two decimals"),
    ("accuracy on students", 99.5, "section 6 prints it"),
    ("accuracy on employees", RIGHT_CARD["accuracy on students"], "on students"),
    ("accuracy on employees", 99.255, "on all"),
    ("accuracy on employees", 99.44, "trained on employees alone"),
    ("accuracy on employees", 99.464, "trained on employees alone"),
    ("accuracy on employees", 0.996, "a share of 1"),
    ("accuracy on employees", 99.72, "best of the twelve"),
    ("not for", {"a", "b", "c", "d", "e"}, "a does not belong here"),
    ("not for", {"b", "d", "e"}, "c is missing"),
    ("not for", {"b", "c", "d"}, "e is missing (an accuracy does not say"),
    ("not for", "cde", "b is missing (no photographs"),
    ("not for", "a, b, c", "a does not belong here (this is what was tested); d is missing"),
    ("not for", ["b", "c", "d", "e", "f"], "not f"),
    ("not for", "nothing", "from a to e"),
    ("not for", set(), "no letter came"),
    ("not for", "", "no letter came"),
    ("not for", ",", "no letter came"),
    ("not for", {}, "a set of letters"),
    ("not for", None, "a set of letters"),
    ("not for", True, "a set of letters"),
    ("not for", 4, "a set of letters"),
    ("not for", b"bcde", "a set of letters"),
    ("not for", {...}, "in quotation marks"),
    ("not for", [1, 2, 3, 4], "in quotation marks"),
    ("not for", ["b", ["c"]], "in quotation marks"),
]

NO_CARDS = [
    "text",
    b"12",
    None,
    [],
    object(),
    float("nan"),
    {"images"},
    len,
    list(RIGHT_CARD.items()),
]


# --- nudge ---


def gradient_of(loss, network, images, labels):
    """Return the gradient of `loss(labels, logits)` with respect to the images."""
    from helpers.quiet import tf

    pixels = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        losses = loss(labels, network(pixels))
    return tape.gradient(losses, pixels)


def cross_entropy(labels, logits):
    from helpers.quiet import keras

    return keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)


def solved_nudge(network, images, labels, epsilon):
    from helpers.quiet import tf

    nudged = images + epsilon * tf.sign(gradient_of(cross_entropy, network, images, labels))
    return tf.clip_by_value(nudged, 0, 1)


def along(loss, change=lambda gradient, epsilon: epsilon * np.sign(gradient), low=0, high=1):
    """Make a nudge along the gradient of a loss."""

    def nudge(network, images, labels, epsilon):
        gradient = gradient_of(loss, network, images, labels).numpy()
        return np.clip(images + change(gradient, epsilon), low, high)

    return nudge


def mean_loss(labels, logits):
    from helpers.quiet import keras

    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, logits)


def loss_by_hand(labels, logits):
    from helpers.quiet import tf

    return tf.reduce_logsumexp(logits, axis=1) - tf.gather(logits, labels, batch_dims=1)


def loss_of_one_hot(labels, logits):
    from helpers.quiet import keras, tf

    shares = tf.nn.softmax(logits)
    return keras.losses.categorical_crossentropy(tf.one_hot(labels, 10), shares)


def image_by_image(network, images, labels, epsilon):
    nudged = []
    for image, label in zip(images, labels, strict=True):
        nudged.append(solved_nudge(network, image[np.newaxis], label[np.newaxis], epsilon)[0])
    return nudged


def compiled(network, images, labels, epsilon):
    from helpers.quiet import tf

    @tf.function
    def step(pixels):
        with tf.GradientTape() as tape:
            tape.watch(pixels)
            loss = cross_entropy(labels, network(pixels, training=False))
        return tf.clip_by_value(pixels + epsilon * tf.sign(tape.gradient(loss, pixels)), 0, 1)

    return step(tf.constant(images))


def after_a_prediction(network, images, labels, epsilon):
    network.predict(images)
    network.predict(images, batch_size=4)
    return tf_variable(solved_nudge(network, images, labels, epsilon))


def tf_variable(value):
    from helpers.quiet import tf

    return tf.Variable(value)


def by_hand_in_double(network, images, labels, epsilon):
    """Do without a tape: the gradient of these networks by the chain rule."""
    weights = [array.astype(float) for array in network.get_weights()]
    values, kernels = [images.reshape(len(images), -1).astype(float)], weights[::2]
    for kernel, bias in zip(kernels, weights[1::2], strict=True):
        values.append(values[-1] @ kernel + bias)
        if len(values) <= len(kernels):
            values[-1] = np.tanh(values[-1])
    shares = np.exp(values[-1] - values[-1].max(axis=1, keepdims=True))
    slope = shares / shares.sum(axis=1, keepdims=True) - np.eye(10)[labels]
    for value, kernel in zip(values[-2::-1], reversed(kernels), strict=True):
        slope = slope @ kernel.T
        if value is not values[0]:
            slope *= 1 - value**2
    return np.clip(images + epsilon * np.sign(slope).reshape(images.shape), 0, 1)


def weak_gradients_stay(network, images, labels, epsilon):
    gradient = gradient_of(cross_entropy, network, images, labels).numpy()
    gradient[np.abs(gradient) < 1e-3 * np.abs(gradient).max()] = 0
    return np.clip(images + epsilon * np.sign(gradient), 0, 1)


def colleagues_nudge(network, images, labels, epsilon):
    from helpers.quiet import keras, tf

    pixels = tf.constant(images)
    answers = tf.nn.softmax(network(pixels))
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        loss = keras.losses.categorical_crossentropy(answers, network(pixels), from_logits=True)
    nudged = pixels + epsilon * tf.sign(tape.gradient(loss, pixels))
    return tf.clip_by_value(nudged, 0, 1)


def colleagues_with_predict(network, images, labels, epsilon):
    from helpers.quiet import keras, tf

    answers = tf.nn.softmax(network.predict(images, verbose=0))
    return along(
        lambda _, logits: keras.losses.categorical_crossentropy(answers, logits, from_logits=True)
    )(network, images, labels, epsilon)


def own_probabilities(labels, logits):
    from helpers.quiet import keras, tf

    shares = tf.nn.softmax(logits)
    return keras.losses.categorical_crossentropy(shares, logits, from_logits=True)


def own_reading(labels, logits):
    from helpers.quiet import tf

    return cross_entropy(tf.argmax(logits, axis=1), logits)


def without_from_logits(labels, logits):
    from helpers.quiet import keras

    return keras.losses.sparse_categorical_crossentropy(labels, logits)


def softmax_twice(labels, logits):
    from helpers.quiet import tf

    return cross_entropy(labels, tf.nn.softmax(logits))


def logit_of_the_label(labels, logits):
    from helpers.quiet import tf

    return -tf.gather(logits, labels, batch_dims=1)


def largest_logit(labels, logits):
    from helpers.quiet import tf

    return -tf.reduce_max(logits, axis=1)


def squares(labels, logits):
    from helpers.quiet import tf

    return tf.reduce_sum((logits - tf.one_hot(labels, 10)) ** 2, axis=1)


def next_label(labels, logits):
    return cross_entropy((labels + 1) % 10, logits)


def random_signs(network, images, labels, epsilon):
    signs = np.random.default_rng(0).choice([-1, 1], images.shape)
    return np.clip(images + epsilon * signs, 0, 1)


def one_nudge_for_all(network, images, labels, epsilon):
    gradient = gradient_of(cross_entropy, network, images, labels).numpy()
    return np.clip(images + epsilon * np.sign(gradient.mean(axis=0)), 0, 1)


def of_the_first_image(network, images, labels, epsilon):
    gradient = gradient_of(cross_entropy, network, images[:1], labels[:1]).numpy()
    return np.clip(images + epsilon * np.sign(gradient), 0, 1)


def in_place(network, images, labels, epsilon):
    images[...] = solved_nudge(network, images, labels, epsilon)
    return images


def with_other_labels(network, images, labels, epsilon):
    nudged = solved_nudge(network, images, labels, epsilon)
    labels += 1
    return nudged


def after_a_step(network, images, labels, epsilon):
    from helpers.quiet import keras

    nudged = solved_nudge(network, images, labels, epsilon)
    network.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    network.fit(images, labels, verbose=0)
    return nudged


def without_its_last_layer(network, images, labels, epsilon):
    nudged = solved_nudge(network, images, labels, epsilon)
    network.pop()
    return nudged


def nothing_watched(network, images, labels, epsilon):
    from helpers.quiet import tf

    pixels = tf.constant(images)
    with tf.GradientTape() as tape:
        loss = cross_entropy(labels, network(pixels))
    return pixels + epsilon * tf.sign(tape.gradient(loss, pixels))


def predicted_on_the_tape(network, images, labels, epsilon):
    from helpers.quiet import tf

    pixels = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        loss = cross_entropy(labels, tf.constant(network.predict(images, verbose=0)))
    return pixels + epsilon * tf.sign(tape.gradient(loss, pixels))


def images_on_the_tape(network, images, labels, epsilon):
    from helpers.quiet import tf

    with tf.GradientTape() as tape:
        tape.watch(images)
        loss = cross_entropy(labels, network(images))
    return images + epsilon * tf.sign(tape.gradient(loss, images))


def then(change):
    """Do something to the right answer: `change(nudged, images, epsilon)`."""

    def nudge(network, images, labels, epsilon):
        return change(solved_nudge(network, images, labels, epsilon).numpy(), images, epsilon)

    return nudge


def with_the_gradient(network, images, labels, epsilon):
    gradient = gradient_of(cross_entropy, network, images, labels)
    return solved_nudge(network, images, labels, epsilon), gradient


def ink_only(nudged, images, epsilon):
    return np.where(images > 0, nudged, images)


def half_of_the_images(nudged, images, epsilon):
    half = len(images) // 2
    return np.concatenate([nudged[:half], images[half:]])


def wild_where_it_is_weak(network, images, labels, epsilon):
    gradient = gradient_of(cross_entropy, network, images, labels).numpy()
    weak = np.abs(gradient) < 1e-3 * np.abs(gradient).max()
    return np.where(weak, 7, solved_nudge(network, images, labels, epsilon))


def normalised(gradient, epsilon):
    return epsilon * gradient / np.abs(gradient).max(axis=(1, 2, 3), keepdims=True)


TRIED = {
    "hold_out": Tried(
        right=[
            solved_hold_out,
            by_permutation,
            by_splitting,
            by_scikit_learn,
            by_the_global_state,
            by_the_random_module,
            of_ranks,
        ],
        wrong=[
            (every_tenth, "is on both sides: "),
            (every_tenth, "Draw writers, not images."),
            (images_at_random, "is on both sides"),
            (stratified, "is on both sides"),
            (of_writers(lambda writers, everyone, count, seed: everyone[:count]), "another seed"),
            (of_writers(lambda writers, everyone, count, seed: everyone[-count:]), "another seed"),
            (of_writers(first_in_the_file), "another seed holds out the same writers"),
            (of_writers(the_busiest), "another seed holds out the same writers"),
            (of_writers(by_another_seed), "another seed holds out the same writers"),
            (of_writers(of_two_seeds), "only 2 different groups"),
            (of_writers(neighbours), "different groups of writers"),
            (of_writers(among_all_but_the_last), "some writers are never held out"),
            (of_writers(with_repeats), "draw nobody twice"),
            (of_writers(by_image), "draw nobody twice"),
            (of_writers(one_too_many), "11 of the 40 writers are held out; a share of 0.25 is 10"),
            (of_writers(one_at_least), "1 of the 40 writers"),
            (of_writers(by_one_generator), "asked again with the same seed"),
            (of_writers(without_a_seed), "asked again with the same seed"),
            (until_the_share_is_full, "Count writers, not images"),
            (as_a_mask, "np.flatnonzero turns one into the other"),
            (lambda *given: as_a_mask(*given).tolist(), "not True and False"),
            (lambda *given: as_a_mask(*given).astype(int), "not 1 and 0"),
            (the_training_positions, "these are the images to train on"),
            (training_and_validation, "two parts came"),
            (lambda *given: list(training_and_validation(*given)), "two parts came"),
            (one_image_each, "one image of each writer came"),
            (without_the_last_image, "is on both sides"),
            (with_one_more_image, "is on both sides"),
            (a_position_twice, "a position came twice"),
            (numbers_of_the_writers, "the writers' numbers"),
            (who_wrote_the_held_out, "the writers' numbers"),
            (lambda writers, share, seed: writers, "the writers' numbers"),
            (lambda *given: np.where(as_a_mask(*given)), "`np.where` returns a tuple"),
            (lambda *given: solved_hold_out(*given)[:, np.newaxis], "in one row"),
            (a_list_for_each_writer, "np.concatenate joins"),
            (shuffled_in_place, "the writers were changed"),
            (counted_from_one, "outside of the file"),
            (only_from_blocks, "is on both sides"),
            (lambda *given: solved_hold_out(*given).astype(float), "whole numbers"),
            (lambda *given: set(solved_hold_out(*given).tolist()), "an array or a list"),
            (lambda *given: -solved_hold_out(*given), "outside of the file"),
            (lambda writers, share, seed: range(len(writers)), "40 of the 40 writers"),
            (lambda writers, share, seed: [0, 1], "is on both sides"),
            (lambda writers, share, seed: 3, "in one row"),
            (lambda *given: [], "no positions came"),
            (lambda *given: (solved_hold_out(*given), None), "np.concatenate joins"),
        ],
    ),
    "ece": Tried(
        right=[
            solved_ece,
            ece_from_below,
            ece_by_digitize,
            ece_by_histogram,
            ece_in_plain_python,
            ece_as_a_tensor,
        ],
        in_place=[ece_in_place],
        wrong=[
            (lambda *given: 100 * solved_ece(*given), "this is per cent"),
            (from_groups(lambda counts, gaps, bins: abs(gaps).mean()), "all groups count alike"),
            (from_groups(lambda counts, gaps, bins: abs(gaps).sum() / bins), "the empty ones as 0"),
            (from_groups(lambda counts, gaps, bins: abs(gaps).sum()), "adds the distances up"),
            (from_groups(lambda counts, gaps, bins: abs(gaps).max()), "*maximum* calibration"),
            (lambda sure, right, bins: abs(sure.mean() - right.mean()), "not of the whole"),
            (lambda sure, right, bins: sure.mean() - right.mean(), "too sure and too modest"),
            (lambda sure, right, bins: right.mean() - sure.mean(), "too modest and too sure"),
            (
                from_groups(lambda counts, gaps, bins: (counts * gaps**2).sum() / counts.sum()),
                "are squared",
            ),
            (
                from_groups(
                    lambda counts, gaps, bins: np.sqrt((counts * gaps**2).sum() / counts.sum())
                ),
                "root of the mean square",
            ),
            (
                from_groups(lambda counts, gaps, bins: (counts * abs(gaps)).sum()),
                "number of all answers",
            ),
            (
                from_groups(
                    lambda counts, gaps, bins: np.average(abs(gaps), weights=counts) / bins
                ),
                "the weights add up to 1",
            ),
            (ece_with_nan, "an empty group"),
            (ece_with_middles, "the middle of each group"),
            (ece_of_equal_counts, "equally many answers"),
            (ece_of_equal_counts_that_fail, "stopped with ValueError"),
            (ece_of_the_own_range, "divide 0 to 1"),
            (ece_over(without_one), "a confidence of 1 is lost"),
            (ece_over(without_zero), "a confidence of 0 is lost"),
            (ece_over(without_both), "confidences of 0 and 1 are lost"),
            (ece_over(by_digitize_from_zero), "the last group is lost"),
            (ece_over(without_the_first), "the first group is lost"),
            (lambda sure, right, bins: solved_ece(sure, right, 10), "this makes 10 groups"),
            (lambda sure, right, bins: solved_ece(sure, right, 15), "this makes 15 groups"),
            (ece_with_too_few_edges, "a group too few"),
            (lambda sure, right, bins: solved_ece(sure, right, bins + 1), "a group too many"),
            (lambda sure, right, bins: abs(sure - right).mean(), "for each answer alone"),
            (lambda sure, right, bins: ((sure - right) ** 2).mean(), "the Brier score"),
            (wrong_ones, "the share of wrong answers"),
            (only_where_sure, "|mean confidence - share of right answers|"),
            (lambda *given: -solved_ece(*given), "|mean confidence - share of right answers|"),
            (lambda *given: 1 - solved_ece(*given), "|mean confidence - share of right answers|"),
            (lambda *given: round(solved_ece(*given), 3), "do not round"),
            (lambda *given: [solved_ece(*given)], "wanted is one number"),
            (groups, "wanted is one number"),
            (lambda *given: str(solved_ece(*given)), "cannot be compared"),
            (lambda *given: 0.1, "|mean confidence - share of right answers|"),
            (lambda sure, right, bins: sure, "wanted is one number"),
        ],
    ),
    "nudge": Tried(
        right=[
            solved_nudge,
            along(mean_loss),
            along(loss_by_hand),
            along(loss_of_one_hot),
            image_by_image,
            compiled,
            after_a_prediction,
            by_hand_in_double,
            weak_gradients_stay,
        ],
        wrong=[
            (colleagues_nudge, "nothing but rounding is left of it"),
            (colleagues_with_predict, "the label is the network's own probabilities"),
            (along(own_probabilities), "the label is the network's own probabilities"),
            (along(own_reading), "the label is what the network reads"),
            (along(without_from_logits), "tell the loss so"),
            (along(softmax_twice), "the softmax is taken twice"),
            (along(logit_of_the_label), "lowers the label's logit"),
            (along(largest_logit), "this lowers the largest logit"),
            (along(squares), "of 100 pixels go where the loss of the true label rises"),
            (along(next_label), "of 100 pixels go where the loss of the true label rises"),
            (along(cross_entropy, lambda gradient, by: -by * np.sign(gradient)), "reversed"),
            (along(cross_entropy, lambda gradient, by: by * gradient), "take the sign"),
            (along(mean_loss, lambda gradient, by: by * gradient), "take the sign"),
            (along(cross_entropy, normalised), "take the sign"),
            (along(cross_entropy, lambda gradient, by: gradient), "take the sign"),
            (along(cross_entropy, low=-np.inf, high=np.inf), "clip them to 0 to 1"),
            (along(cross_entropy, high=255), "white is 1, not 255"),
            (along(cross_entropy, low=-1), "black is 0, not -1"),
            (along(cross_entropy, low=-np.inf), "black is 0, not -1"),
            (
                along(cross_entropy, lambda gradient, by: 0.1 * np.sign(gradient)),
                "move by 0.1 where",
            ),
            (along(cross_entropy, lambda gradient, by: np.sign(gradient)), "move by 1 where"),
            (
                along(cross_entropy, lambda gradient, by: 0.3 * np.sign(gradient)),
                "move by 0.3 where `epsilon` is 0.05",
            ),
            (
                along(cross_entropy, lambda gradient, by: by / 255 * np.sign(gradient)),
                "where `epsilon` is 0.25",
            ),
            (
                along(
                    cross_entropy,
                    lambda gradient, by: 0.1 * np.sign(gradient),
                    low=-np.inf,
                    high=np.inf,
                ),
                "move by 0.1 where `epsilon` is 0.25",
            ),
            (
                along(cross_entropy, lambda gradient, by: np.abs(np.sign(gradient)) * by),
                "would reach 50",
            ),
            (along(cross_entropy, lambda gradient, by: 0), "no pixel was moved"),
            (lambda network, images, labels, epsilon: images, "no pixel was moved"),
            (random_signs, "of 100 pixels go where the loss of the true label rises; random"),
            (one_nudge_for_all, "all images get the same nudge"),
            (of_the_first_image, "of 100 pixels"),
            (then(lambda nudged, images, epsilon: nudged - images), "the change alone"),
            (
                lambda network, images, labels, epsilon: (
                    epsilon * np.sign(gradient_of(cross_entropy, network, images, labels))
                ),
                "the change alone",
            ),
            (
                lambda network, images, labels, epsilon: np.sign(
                    gradient_of(cross_entropy, network, images, labels)
                ),
                "the change alone",
            ),
            (
                lambda network, images, labels, epsilon: gradient_of(
                    cross_entropy, network, images, labels
                ),
                "the change alone",
            ),
            (then(lambda nudged, images, epsilon: nudged[..., 0]), "not (6, 28, 28, 1)"),
            (then(lambda nudged, images, epsilon: nudged[0]), "not (6, 28, 28, 1)"),
            (then(lambda nudged, images, epsilon: nudged[::-1]), "of 100 pixels"),
            (then(lambda nudged, images, epsilon: nudged.astype(np.float16)), "type float32"),
            (then(lambda nudged, images, epsilon: (255 * nudged).astype(np.uint8)), "type float32"),
            (then(lambda nudged, images, epsilon: np.round(nudged, 2)), "do not round"),
            (then(lambda nudged, images, epsilon: 255 * nudged), "pixels from 0 to 255 came"),
            (then(lambda nudged, images, epsilon: nudged / 0), "no longer finite"),
            (then(lambda nudged, images, epsilon: nudged > 0.5), "type float32"),
            (then(ink_only), "black or white pixels stay"),
            (then(half_of_the_images), "of 100 grey pixels stay"),
            (wild_where_it_is_weak, "by more than `epsilon`"),
            (with_the_gradient, "not (6, 28, 28, 1)"),
            (lambda *given: (solved_nudge(*given), 0.1), "and nothing else"),
            (lambda network, images, labels, epsilon: labels, "type float32"),
            (lambda network, images, labels, epsilon: network(images), "not (6, 28, 28, 1)"),
            (lambda network, images, labels, epsilon: network, "came; wanted are images"),
            (in_place, "the images were changed"),
            (with_other_labels, "the labels were changed"),
            (after_a_step, "the network was changed"),
            (without_its_last_layer, "the network was changed"),
            (nothing_watched, "stopped with ValueError"),
            (predicted_on_the_tape, "stopped with ValueError"),
            (images_on_the_tape, "stopped with "),
            (lambda *given: None, "returns nothing"),
        ],
    ),
}
