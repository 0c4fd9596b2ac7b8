"""Answers to the exercises of lesson 10. Keras is imported when they are called."""

import numpy as np

from answers import Tried


def solved_from_zero(labels):
    return labels - 1


def by_lookup(labels):
    places = {number: number - 1 for number in range(1, 27)}
    return np.array([places[int(label)] for label in labels])


def from_zero_in_place(labels):
    labels -= 1
    return labels


def as_floats(labels):
    return labels.astype(np.float32) - 1


def as_names(labels):
    return np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))[labels - 1]


def first_label_only(labels):
    return labels[0] - 1


def solved_class_accuracies(labels, answers, classes):
    return np.array([100 * np.mean(answers[labels == label] == label) for label in range(classes)])


def accuracies_by_counting(labels, answers, classes):
    read = np.bincount(labels[labels == answers], minlength=classes)
    return 100 * read / np.bincount(labels, minlength=classes)


def accuracies_in_a_list(labels, answers, classes):
    found = []
    for label in range(classes):
        there = labels == label
        found.append(100 * sum(answers[there] == label) / sum(there))
    return found


def without_the_last_class(labels, answers, classes):
    return solved_class_accuracies(labels, answers, classes - 1)


def accuracies_up_to_the_last_that_is_read(labels, answers, classes):
    return 100 * np.bincount(labels[labels == answers]) / np.bincount(labels)


def only_classes_that_are_read(labels, answers, classes):
    return solved_class_accuracies(labels, answers, classes)[1:]


def solved_few(labels, per_class, rng):
    classes = range(labels.max() + 1)
    return np.concatenate(
        [rng.choice(np.flatnonzero(labels == label), per_class, replace=False) for label in classes]
    )


def few_by_shuffling(labels, per_class, rng):
    order = rng.permutation(len(labels))
    found = []
    for label in np.unique(labels):
        found += [int(place) for place in order if labels[place] == label][:per_class]
    return found


def few_by_sorting(labels, per_class, rng):
    order = rng.permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]
    starts = np.searchsorted(labels[order], np.arange(labels.max() + 1))
    return (order[starts[:, None] + np.arange(per_class)]).ravel()


def few_in_rows(labels, per_class, rng):
    return solved_few(labels, per_class, rng).reshape(-1, per_class)


def few_with_repeats(labels, per_class, rng):
    classes = range(labels.max() + 1)
    return np.concatenate(
        [rng.choice(np.flatnonzero(labels == label), per_class) for label in classes]
    )


def few_in_all(labels, per_class, rng):
    return rng.choice(len(labels), per_class, replace=False)


def few_on_average(labels, per_class, rng):
    return rng.choice(len(labels), per_class * (labels.max() + 1), replace=False)


def the_first_few(labels, per_class, rng):
    classes = range(labels.max() + 1)
    return np.concatenate([np.flatnonzero(labels == label)[:per_class] for label in classes])


def the_same_few(labels, per_class, rng):
    return solved_few(labels, per_class, np.random.default_rng(0))


GENERATOR = np.random.default_rng(0)


def few_by_the_global_generator(labels, per_class, rng):
    return solved_few(labels, per_class, GENERATOR)


def few_without_a_seed(labels, per_class, rng):
    return solved_few(labels, per_class, np.random.default_rng())


def the_last_few(labels, per_class, rng):
    classes = range(labels.max() + 1)
    return np.concatenate([np.flatnonzero(labels == label)[-per_class:] for label in classes])


def few_of_the_first(labels, per_class, rng):
    classes = range(labels.max() + 1)
    firsts = [np.flatnonzero(labels == label)[: 2 * per_class] for label in classes]
    return np.concatenate([rng.choice(first, per_class, replace=False) for first in firsts])


def few_of_one_class_at_random(labels, per_class, rng):
    found = the_first_few(labels, per_class, rng)
    found[-per_class:] = solved_few(labels, per_class, rng)[-per_class:]
    return found


def few_within_the_class(labels, per_class, rng):
    sizes = np.bincount(labels)
    return np.concatenate([rng.choice(size, per_class, replace=False) for size in sizes])


def few_marked(labels, per_class, rng):
    marks = np.zeros(len(labels), int)
    marks[solved_few(labels, per_class, rng)] = 1
    return marks


def few_with_their_labels(labels, per_class, rng):
    chosen = solved_few(labels, per_class, rng)
    return chosen, labels[chosen]


def few_crossed_out(labels, per_class, rng):
    chosen = solved_few(labels, per_class, rng)
    labels[chosen] = 255
    return chosen


def few_of_26_classes(labels, per_class, rng):
    places = [np.flatnonzero(labels == label) for label in range(26)]
    return np.concatenate([rng.permutation(place)[:per_class] for place in places])


class NoArray:
    def __array__(self, *how, **more):
        raise TypeError("no array")


def few_as_a_mask(labels, per_class, rng):
    mask = np.zeros(len(labels), bool)
    mask[solved_few(labels, per_class, rng)] = True
    return mask


def few_labels(labels, per_class, rng):
    return labels[solved_few(labels, per_class, rng)]


def few_in_a_list_of_classes(labels, per_class, rng):
    return [np.flatnonzero(labels == label)[: per_class + label] for label in range(labels.max())]


def one_class_too_few(labels, per_class, rng):
    chosen = solved_few(labels, per_class, rng)
    return chosen[:-per_class] if labels.max() > 1 else chosen


def solved_frozen(network, images, labels):
    network.get_layer("convolution").trainable = False
    network.compile(network.optimizer.__class__(0.5), network.loss)
    network.fit(images, labels, epochs=1, verbose=0)


def frozen_with_a_loss_of_its_own(network, images, labels):
    from helpers.quiet import keras

    for layer in network.layers[:-1]:
        layer.trainable = False
    network.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    network.fit(images, labels, epochs=2, verbose=0)
    return network


def frozen_as_published(network, images, labels):
    network.get_layer("convolution").trainable = False
    network.fit(images, labels, epochs=1, verbose=0)


def frozen_after(network, images, labels):
    network.fit(images, labels, epochs=1, verbose=0)
    network.get_layer("convolution").trainable = False
    network.compile("sgd", network.loss)


def frozen_whole(network, images, labels):
    network.trainable = False
    network.compile("sgd", network.loss)
    network.fit(images, labels, epochs=1, verbose=0)


def never_frozen(network, images, labels):
    network.compile("sgd", network.loss)
    network.fit(images, labels, epochs=1, verbose=0)


def never_trained(network, images, labels):
    network.get_layer("convolution").trainable = False
    network.compile("sgd", network.loss)


def frozen_the_last(network, images, labels):
    network.get_layer("last").trainable = False
    network.compile("sgd", network.loss)
    network.fit(images, labels, epochs=1, verbose=0)


def frozen_and_thawed(network, images, labels):
    solved_frozen(network, images, labels)
    network.get_layer("convolution").trainable = True
    network.compile("sgd", network.loss)
    network.fit(images, labels, epochs=1, verbose=0)


def frozen_for_no_epoch(network, images, labels):
    network.get_layer("convolution").trainable = False
    network.compile("sgd", network.loss)
    network.fit(images, labels, epochs=0, verbose=0)


def frozen_another_network(network, images, labels):
    from helpers.quiet import keras

    solved_frozen(keras.models.clone_model(network), images, labels)


def frozen_with_the_loss_it_has(network, images, labels):
    network.get_layer("convolution").trainable = False
    network.compile("sgd")
    network.fit(images, labels, epochs=1, verbose=0)


def frozen_with_other_images(network, images, labels):
    images *= 0
    solved_frozen(network, images, labels)


def frozen_at_rate_zero(network, images, labels):
    network.compile(network.optimizer.__class__(0.0), network.loss)
    network.fit(images, labels, epochs=1, verbose=0)


def frozen_above_the_stub(network, images, labels):
    solved_frozen(network, images, labels)
    return ...


def frozen_as_published_above_the_stub(network, images, labels):
    frozen_as_published(network, images, labels)
    return ...


def frozen_in_one_batch(network, images, labels):
    network.get_layer("convolution").trainable = False
    network.compile("sgd", network.loss)
    network.fit(images, labels, batch_size=128, verbose=0)


def frozen_variable_by_variable(network, images, labels):
    for variable in network.get_layer("convolution").weights:
        variable.trainable = False
    network.compile("sgd", network.loss)
    network.fit(images, labels, verbose=0)


def frozen_kernel(network, images, labels):
    network.get_layer("convolution").kernel.trainable = False
    network.compile("sgd", network.loss)
    network.fit(images, labels, verbose=0)


def frozen_with_another_last_layer(network, images, labels, **more):
    from helpers.quiet import keras

    network.pop()
    network.add(keras.layers.Dense(10, **more))
    solved_frozen(network, images, labels)


def frozen_with_a_namesake(network, images, labels):
    frozen_with_another_last_layer(network, images, labels, name="last")


def frozen_without_the_last(network, images, labels):
    network.pop()


def frozen_without_the_last_above_the_stub(network, images, labels):
    network.pop()
    return ...


def frozen_by_putting_back(network, images, labels):
    convolution = network.get_layer("convolution")
    weights = convolution.get_weights()
    network.fit(images, labels, verbose=0)
    convolution.set_weights(weights)


def frozen_and_run_away(network, images, labels, rate=1e38):
    network.get_layer("convolution").trainable = False
    network.compile(network.optimizer.__class__(rate), network.loss)
    network.fit(images, labels, epochs=2, verbose=0)


def frozen_and_run_far(network, images, labels):
    frozen_and_run_away(network, images, labels, rate=1e6)


def a_network(images):
    """A stand-in: a network can be called too, and has layers."""


a_network.layers = []


TRIED = {
    "from_zero": Tried(
        right=[solved_from_zero, by_lookup, as_floats],
        in_place=[from_zero_in_place],
        wrong=[
            (lambda labels: labels % 26, "Z becomes 0"),
            (lambda labels: labels - labels.min(), "depends on the batch"),
            (lambda labels: np.unique(labels, return_inverse=True)[1], "numbers the letters"),
            (lambda labels: labels, "still the file's"),
            (lambda labels: labels + 1, "added 1"),
            (lambda labels: 26 - labels, "backwards"),
            (lambda labels: np.clip(labels, 0, 25), "a number of its own"),
            (as_names, "cannot be compared"),
            (first_label_only, "one number came"),
            (lambda labels: np.sort(labels - 1), "that label less 1, in the same order"),
            (lambda labels: np.zeros_like(labels), "that label less 1, in the same order"),
        ],
    ),
    "class_accuracies": Tried(
        right=[solved_class_accuracies, accuracies_by_counting, accuracies_in_a_list],
        wrong=[
            (
                lambda labels, answers, classes: (
                    solved_class_accuracies(labels, answers, classes) / 100
                ),
                "multiply by 100",
            ),
            (
                lambda labels, answers, classes: np.array(
                    [100 * np.mean(labels[answers == label] == label) for label in range(classes)]
                ),
                "of all that was read as a class",
            ),
            (
                lambda labels, answers, classes: (
                    100 * np.bincount(labels[labels == answers], minlength=classes) / len(labels)
                ),
                "not of all",
            ),
            (
                lambda labels, answers, classes: np.bincount(
                    labels[labels == answers], minlength=classes
                ),
                "these are counts",
            ),
            (
                lambda labels, answers, classes: (
                    100 - solved_class_accuracies(labels, answers, classes)
                ),
                "these are the errors",
            ),
            (lambda labels, answers, classes: 100 * np.mean(labels == answers), "over all images"),
            (
                lambda labels, answers, classes: np.mean(
                    solved_class_accuracies(labels, answers, classes)
                ),
                "mean over all classes",
            ),
            (without_the_last_class, "an array of shape"),
            (only_classes_that_are_read, "an array of shape"),
            (accuracies_up_to_the_last_that_is_read, "stopped with ValueError for some inputs"),
            (
                lambda labels, answers, classes: solved_class_accuracies(answers, labels, classes),
                "of all that was read as a class",
            ),
        ],
    ),
    "few": Tried(
        right=[solved_few, few_by_shuffling, few_by_sorting],
        wrong=[
            (few_in_rows, "in one row"),
            (few_with_repeats, "draw with `replace=False`"),
            (few_in_all, "as many of each class"),
            (few_on_average, "of class"),
            (the_first_few, "the first of each class"),
            (the_same_few, "another random generator"),
            (few_as_a_mask, "not True and False"),
            (few_labels, "positions in `labels`"),
            (few_within_the_class, "positions in `labels`"),
            (lambda labels, per_class, rng: labels, "one for each drawn image"),
            (lambda labels, per_class, rng: rng.permutation(len(labels)), "one for each drawn"),
            (few_marked, "one for each drawn image"),
            (few_by_the_global_generator, "the same generator drew other images"),
            (few_without_a_seed, "the same generator drew other images"),
            (the_last_few, "another random generator"),
            (few_of_the_first, "can never be drawn"),
            (few_of_one_class_at_random, "can never be drawn"),
            (lambda labels, per_class, rng: NoArray(), "return one array"),
            (lambda labels, per_class, rng: [], "no positions came"),
            (few_with_their_labels, "the positions alone"),
            (few_crossed_out, "the labels were changed"),
            (few_of_26_classes, "of class 26 came 0"),
            (few_in_a_list_of_classes, "one array"),
            (one_class_too_few, "of class"),
        ],
    ),
    "frozen": Tried(
        right=[
            solved_frozen,
            frozen_with_a_loss_of_its_own,
            frozen_with_the_loss_it_has,
            frozen_above_the_stub,
            frozen_in_one_batch,
            frozen_variable_by_variable,
        ],
        wrong=[
            (frozen_as_published, "says that it is frozen"),
            (frozen_after, "says that it is frozen"),
            (frozen_whole, "everything is frozen"),
            (never_frozen, "freeze it"),
            (never_trained, "has not changed"),
            (frozen_the_last, "freeze it"),
            (frozen_and_thawed, "freeze it"),
            (frozen_for_no_epoch, "has not changed"),
            (frozen_another_network, "has not changed"),
            (frozen_at_rate_zero, "has not changed"),
            (frozen_with_other_images, "leave them as they are"),
            (frozen_as_published_above_the_stub, "says that it is frozen"),
            (frozen_kernel, "freeze it"),
            (frozen_with_another_last_layer, "must stay the ones that were given"),
            (frozen_with_a_namesake, "must stay the ones that were given"),
            (frozen_without_the_last, "must stay the ones that were given"),
            (frozen_without_the_last_above_the_stub, "must stay the ones that were given"),
            (frozen_by_putting_back, "but not frozen"),
            (frozen_and_run_away, "take a smaller rate"),
            (frozen_and_run_far, "take a smaller rate"),
            (a_network, "hand over the function itself"),
        ],
    ),
}
