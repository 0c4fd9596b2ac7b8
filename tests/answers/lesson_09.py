"""Answers to the exercises of lesson 09. TensorFlow is imported when they are called."""

import math

import numpy as np

from answers import Tried


def solved_false_alarm(ideas, chance):
    return 1 - (1 - chance) ** ideas


def alarm_by_logarithms(ideas, chance):
    return -math.expm1(ideas * math.log1p(-chance))


def alarm_in_a_loop(ideas, chance):
    quiet = 1
    for _ in range(ideas):
        quiet *= 1 - chance
    return np.float64(1 - quiet)


def alarm_of_fewer(ideas, chance):
    return 1 - (1 - chance) * ideas


def print_the_alarm(ideas, chance):
    print(1 - (1 - chance) ** ideas)


def solved_moving_mean(batch_means, momentum):
    running = np.zeros(batch_means.shape[1])
    for mean in batch_means:
        running = momentum * running + (1 - momentum) * mean
    return running


def mean_by_weights(batch_means, momentum):
    age = np.arange(len(batch_means))[::-1]
    return (1 - momentum) * momentum**age @ batch_means


def mean_step_by_step(batch_means, momentum):
    running = [0.0] * batch_means.shape[1]
    for row in batch_means:
        running = [
            old + (1 - momentum) * (new - old) for old, new in zip(running, row, strict=True)
        ]
    return running


def mean_in_place(batch_means, momentum):
    batch_means *= 1 - momentum
    for before, row in zip(batch_means, batch_means[1:], strict=False):
        row += momentum * before
    return batch_means[-1]


def every_running_mean(batch_means, momentum):
    return np.array(
        [solved_moving_mean(batch_means[: n + 1], momentum) for n in range(len(batch_means))]
    )


def of_the_whole_batch(batch_means, momentum):
    return solved_moving_mean(batch_means, momentum).mean()


def solved_best_of(right):
    first, second = np.split(right, 2, axis=1)
    best = first.mean(axis=1).argmax()
    return 100 * first[best].mean(), 100 * second[best].mean()


def best_by_counting(right):
    middle = right.shape[1] // 2
    counts = [int(row[:middle].sum()) for row in right]
    chosen = right[counts.index(max(counts))]
    return [counts[counts.index(max(counts))] / middle * 100, 100 * np.mean(chosen[middle:])]


def best_and_clear(right):
    answer = np.array(solved_best_of(right))
    right[:] = False
    return answer


def best_of_the_first_alone(right):
    return solved_best_of(right)[0]


def best_as_errors(right):
    return solved_best_of(~right)


def best_of_a_part(share):
    def chosen(right):
        first, second = np.split(right, 2, axis=1)
        best = right[:, : right.shape[1] // share].mean(axis=1).argmax()
        return 100 * first[best].mean(), 100 * second[best].mean()

    return chosen


def second_best(right):
    first, second = np.split(right, 2, axis=1)
    best = np.argsort(first.mean(axis=1))[-2]
    return 100 * first[best].mean(), 100 * second[best].mean()


def names_of_the_best(right):
    return right[:, : right.shape[1] // 2].mean(axis=1).argmax()


def dataset(numbers):
    from helpers.quiet import tf

    return tf.data.Dataset.from_tensor_slices(numbers)


def solved_pipeline(numbers, read, change):
    return dataset(numbers).map(read).cache().map(change)


def pipeline_shuffled(numbers, read, change):
    kept = dataset(numbers).map(read, num_parallel_calls=2).cache()
    return kept.shuffle(100).map(change, num_parallel_calls=2).prefetch(2)


def pipeline_read_at_once(numbers, read, change):
    from helpers.quiet import tf

    return dataset(tf.stack([read(number) for number in numbers])).map(change)


def pipeline_after_a_look(numbers, read, change):
    numbers = list(reversed(numbers))
    made = solved_pipeline(numbers, read, change)
    for image in made:
        assert image.shape == (4, 4, 1)
    return made


def pipeline_that_piles_up(numbers, read, change):
    from helpers.quiet import tf

    images = [read(number) for number in numbers]

    def epoch():
        for place, image in enumerate(images):
            images[place] = change(image)
            yield images[place]

    return tf.data.Dataset.from_generator(epoch, output_signature=tf.TensorSpec((4, 4, 1)))


def pipeline_with_labels(numbers, read, change):
    return dataset(numbers).map(lambda n: (read(n), n)).cache().map(lambda x, n: (change(x), n))


def pipeline_of_batches(numbers, read, change):
    return dataset(numbers).map(read).cache().batch(100).map(change).unbatch()


def pipeline_of_rows(numbers, read, change):
    from helpers.quiet import tf

    kept = dataset(numbers).map(read).cache()
    return kept.map(lambda image: tf.concat([change(image)[:1], image[1:]], 0))


def pipeline_scaled(numbers, read, change):
    return dataset(numbers).map(lambda n: read(n) / 255).cache().map(change)


def pipeline_in_bytes(numbers, read, change):
    from helpers.quiet import tf

    return solved_pipeline(numbers, read, change).map(lambda image: tf.cast(image, tf.uint8))


def pipeline_in_text(numbers, read, change):
    from helpers.quiet import tf

    return solved_pipeline(numbers, read, change).map(tf.strings.as_string)


def pipeline_of_its_own_numbers(numbers, read, change):
    return solved_pipeline(list(range(len(numbers))), read, change)


def pipeline_without_reading(numbers, read, change):
    from helpers.quiet import tf

    return dataset(numbers).map(lambda n: tf.fill((4, 4, 1), tf.cast(n, tf.float32))).map(change)


def pipeline_not_a_number(numbers, read, change):
    return solved_pipeline(numbers, read, change).map(lambda image: image / 0.0)


def pipeline_as_a_list(numbers, read, change):
    return [change(read(number)) for number in numbers]


TRIED = {
    "false_alarm": Tried(
        right=[solved_false_alarm, alarm_by_logarithms, alarm_in_a_loop],
        wrong=[
            (lambda ideas, chance: ideas * chance, "add up"),
            (lambda ideas, chance: min(ideas * chance, 1), "cut"),
            (lambda ideas, chance: chance**ideas, "every one"),
            (lambda ideas, chance: (1 - chance) ** ideas, "none"),
            (lambda ideas, chance: ideas * chance * (1 - chance) ** (ideas - 1), "exactly one"),
            (lambda ideas, chance: 100 - 100 * (1 - chance) ** ideas, "per cent"),
            (lambda ideas, chance: chance, "single"),
            (lambda ideas, chance: 0.4, "(1 - chance)"),
            (lambda ideas, chance: round(1 - (1 - chance) ** ideas, 2), "round"),
            (lambda ideas, chance: 1 - chance, "(1 - chance)"),
            (alarm_of_fewer, "right"),
            (lambda ideas, chance: 1 - (1 - 0.025) ** ideas, "sometimes right"),
            (lambda ideas, chance: [1 - (1 - chance) ** ideas], "shape"),
            (lambda ideas, chance: f"{chance}", "text"),
            (print_the_alarm, "prints"),
        ],
    ),
    "moving_mean": Tried(
        right=[solved_moving_mean, mean_by_weights, mean_step_by_step],
        in_place=[mean_in_place],
        wrong=[
            (lambda means, momentum: solved_moving_mean(means, 1 - momentum), "swapped"),
            (lambda means, momentum: means.mean(axis=0), "plain mean"),
            (lambda means, momentum: means[-1], "last batch alone"),
            (lambda means, momentum: means[0], "running ="),
            (lambda means, momentum: solved_moving_mean(means[::-1], momentum), "backwards"),
            (lambda means, momentum: solved_moving_mean(means[:-1], momentum), "missing"),
            (lambda means, momentum: solved_moving_mean(means[:1], momentum), "all of them"),
            (lambda means, momentum: np.zeros(means.shape[1]), "running ="),
            (
                lambda means, momentum: np.abs(solved_moving_mean(means, momentum)),
                "sometimes right",
            ),
            (lambda means, momentum: solved_moving_mean(means, 0.9), "sometimes right"),
            (every_running_mean, "shape"),
            (of_the_whole_batch, "one number came"),
            (lambda means, momentum: solved_moving_mean(means, momentum).round(3), "round"),
            (lambda means, momentum: momentum, "one number came"),
            (lambda means, momentum: print(solved_moving_mean(means, momentum)), "prints"),
        ],
    ),
    "best_of": Tried(
        right=[solved_best_of, best_by_counting],
        in_place=[best_and_clear],
        wrong=[
            (
                lambda right: [100 * h.mean(axis=1).max() for h in np.split(right, 2, axis=1)],
                "each half",
            ),
            (lambda right: solved_best_of(right[:, ::-1]), "argmax"),
            (lambda right: np.divide(solved_best_of(right), 100), "multiply by 100"),
            (lambda right: solved_best_of(right)[::-1], "swapped"),
            (best_of_the_first_alone, "one number came"),
            (best_of_a_part(4), "argmax"),
            (lambda right: (100.0, solved_best_of(right)[1]), "argmax"),
            (lambda right: solved_best_of(right[1:]), "sometimes right"),
            (second_best, "argmax"),
            (lambda right: np.round(solved_best_of(right), 1), "round"),
            (best_as_errors, "argmax"),
            (names_of_the_best, "one number came"),
            (lambda right: 100 * right.mean(axis=1)[:2], "argmax"),
            (lambda right: (99.0, 98.0), "argmax"),
            (lambda right: np.round(solved_best_of(right)), "round"),
            (lambda right: 100 * right.mean(axis=1), "shape"),
            (lambda right: solved_best_of(right[:3]), "sometimes right"),
            (lambda right: print(solved_best_of(right)), "prints"),
        ],
    ),
    "pipeline": Tried(
        right=[solved_pipeline, pipeline_shuffled, pipeline_read_at_once, pipeline_after_a_look],
        wrong=[
            (
                lambda numbers, read, change: dataset(numbers).map(read).map(change).cache(),
                "frozen",
            ),
            (lambda numbers, read, change: dataset(numbers).map(read).map(change), "slow disk"),
            (lambda numbers, read, change: dataset(numbers).map(read).cache(), "missing"),
            (
                lambda numbers, read, change: dataset(numbers).cache().map(read).map(change),
                "slow disk",
            ),
            (
                lambda numbers, read, change: solved_pipeline(numbers, read, change).cache(),
                "frozen",
            ),
            (
                lambda numbers, read, change: solved_pipeline(numbers, read, change).map(change),
                "changed before",
            ),
            (
                lambda numbers, read, change: solved_pipeline(numbers, read, change).batch(4),
                "one by",
            ),
            (lambda numbers, read, change: solved_pipeline(numbers, read, change).repeat(), "once"),
            (lambda numbers, read, change: solved_pipeline(numbers, read, change).skip(1), "once"),
            (lambda numbers, read, change: solved_pipeline(numbers[:3], read, change), "once"),
            (lambda numbers, read, change: dataset(numbers), "one by one"),
            (pipeline_that_piles_up, "changed before"),
            (pipeline_with_labels, "nothing beside"),
            (pipeline_of_batches, "one image at a time"),
            (pipeline_of_rows, "nothing else"),
            (pipeline_scaled, "nothing else"),
            (pipeline_in_bytes, "nothing else"),
            (pipeline_in_text, "one by one"),
            (pipeline_of_its_own_numbers, "nothing else"),
            (pipeline_without_reading, "not every image"),
            (pipeline_not_a_number, "nothing else"),
            (pipeline_as_a_list, "Dataset"),
            (lambda numbers, read, change: read, "Dataset"),
            (
                lambda numbers, read, change: dataset(numbers).map(change).map(read),
                "one image at a time",
            ),
            (lambda numbers, read, change: print("ready"), "prints"),
        ],
    ),
}
