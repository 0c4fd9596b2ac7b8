"""Answers to the exercises of lesson 08."""

import math

import numpy as np

from answers import Tried


def solved_fits(count, shape, free):
    return bool(count * np.prod(shape, dtype=np.int64) <= free / 2)


def fits_one_by_one(count, shape, free):
    for length in shape:
        count *= length
    return not count > free // 2


def fits_with_float32(count, shape, free):
    return bool(count * np.prod(shape, dtype=np.int64) * 4 <= free / 2)


def fits_if_it_is_mnist(count, shape, free):
    if shape == (28, 28):
        return solved_fits(count, shape, free)


def print_whether_it_fits(count, shape, free):
    print(solved_fits(count, shape, free))


def solved_chunks(count, size):
    return [np.arange(start, min(start + size, count)) for start in range(0, count, size)]


def chunks_of_even_length(count, size):
    return np.array_split(np.arange(count), math.ceil(count / size))


def chunks_in_a_loop(count, size):
    rest, chunks = np.arange(count, dtype=np.int32), []
    while len(rest):
        chunks.append(rest[:size])
        rest = rest[size:]
    return chunks


def chunks_one_after_the_other(count, size):
    for start in range(0, count, size):
        yield np.arange(start, min(start + size, count))


def chunks_of_ten(count, size):
    return [np.arange(0, 4), np.arange(4, 8), np.arange(8, 10)]


def chunks_by_modulo(count, size):
    return [np.arange(start, count, math.ceil(count / size)) for start in range(-(-count // size))]


def chunks_shuffled(count, size):
    order = np.random.default_rng(0).permutation(count)
    return np.split(order, range(size, count, size))


def chunks_if_even(count, size):
    if count % size == 0:
        return solved_chunks(count, size)


def print_chunks(count, size):
    for chunk in solved_chunks(count, size):
        print(chunk)


def solved_step_seconds(device):
    device.run()
    device.wait()
    start = device.clock()
    for _ in range(10):
        device.run()
    device.wait()
    return (device.clock() - start) / 10


def time_steps(device, warm_up=1, wait=True, steps=10, divide=10, wait_in_the_loop=False):
    for _ in range(warm_up):
        device.run()
        device.wait()
    start = device.clock()
    for _ in range(steps):
        device.run()
        if wait_in_the_loop:
            device.wait()
    if wait:
        device.wait()
    return (device.clock() - start) / divide


def time_each_step(device, steps=10):
    time_steps(device)
    seconds = []
    for _ in range(steps):
        start = device.clock()
        device.run()
        device.wait()
        seconds.append(device.clock() - start)
    return np.mean(seconds)


def time_the_first_step_too(device):
    start = device.clock()
    device.run()
    device.wait()
    print("first step:", device.clock() - start)
    return time_steps(device, warm_up=0)


def take_the_shorter_from_the_longer(device):
    looks = [device.clock()]
    for _ in range(2):
        looks.append(time_steps(device, warm_up=0, divide=1))
    return looks[2] / 10


def ask_before_it_has_compiled(device):
    device.run()
    return time_steps(device, warm_up=0)


def stop_before_start(device):
    return -time_steps(device)


def time_eleven(device):
    return time_steps(device, steps=11)


def wait_within_the_warm_up_alone(device):
    return time_steps(device, wait=False)


def print_the_seconds(device):
    print(time_steps(device))


TRIED = {
    "bytes_a_step": Tried(
        right=[
            256 * 224 * 224 * 3 * 4,
            154_140_672,
            154_140_672.0,
            np.int64(154_140_672),
            np.zeros((2, 224, 224, 3), dtype=np.float32).nbytes * 128,
        ],
        wrong=[
            (38_535_168, "four bytes, not one"),
            (154_140_673, "bytes"),
            (154_140_700, "bytes"),
            (77_070_336, "float16"),
            (308_281_344, "float64"),
            (51_380_224, "three channels"),
            (602_112, "one photograph"),
            (1_233_125_376, "bits"),
            (256 * 224 * 3 * 4, "224 wide"),
            (154.140672, "megabytes"),
            (154_000_000, "x 4 bytes"),
            (1, "bytes"),
            (-154_140_672, "x 4 bytes"),
            ([154_140_672], "an array of shape (1,) came"),
            ("154 MB", "text ('154 MB') cannot be compared"),
            (None, "your answer is None"),
        ],
    ),
    "fits": Tried(
        right=[
            solved_fits,
            lambda n, shape, free: n * np.prod(shape, dtype=np.int64) <= free / 2,
            lambda n, shape, free: 2 * n * math.prod(shape) <= free,
            lambda n, shape, free: free - n * math.prod(shape) >= n * math.prod(shape),
            fits_one_by_one,
        ],
        wrong=[
            (lambda n, shape, free: n * math.prod(shape) < free / 2, "still enough"),
            (lambda n, shape, free: bool(n * np.prod(shape) <= free), "leave half"),
            (fits_with_float32, "not four"),
            (lambda n, shape, free: bool(n * np.prod(shape) > free / 2), "does not fit"),
            (lambda n, shape, free: bool(n * shape[0] * shape[1] <= free / 2), "channels"),
            (lambda n, shape, free: math.prod(shape) <= free / 2, "this is one image"),
            (lambda n, shape, free: n <= free // 2, "counts the images"),
            (lambda n, shape, free: n * math.prod(shape) <= free / 4, "at most half"),
            (lambda n, shape, free: True, "at most half"),
            (lambda n, shape, free: False, "at most half"),
            (lambda n, shape, free: n * sum(shape) <= free / 2, "sometimes right"),
            (lambda n, shape, free: n * math.prod(shape) <= 2 * free, "sometimes right"),
            (
                lambda n, shape, free: np.ma.array(solved_fits(n, shape, free)),
                "True is of the type MaskedArray",
            ),
            (lambda n, shape, free: n, "60000 is of the type int"),
            (lambda n, shape, free: free >= 100_000_000, "at most half"),
            (lambda n, shape, free: 1 if solved_fits(n, shape, free) else 0, "True or False"),
            (lambda n, shape, free: np.array([solved_fits(n, shape, free)]), "True or False"),
            (lambda n, shape, free: free / 2 - n * math.prod(shape), "True or False"),
            (lambda n, shape, free: str(solved_fits(n, shape, free)), "True or False"),
            (lambda n, shape, free: solved_fits(n, shape, free) or None, "nothing for (60000"),
            (fits_if_it_is_mnist, "returns nothing for (1000"),
            (print_whether_it_fits, "prints its result and returns nothing"),
            (lambda n, shape, free: n * np.array(shape) <= free / 2, "wanted is True or False"),
            (lambda n, shape, free: n * shape <= free / 2, "stopped with TypeError"),
        ],
    ),
    "chunks": Tried(
        right=[
            solved_chunks,
            lambda n, size: [np.arange(n)[i : i + size] for i in range(0, n, size)],
            lambda n, size: np.split(np.arange(n), range(size, n, size)),
            chunks_of_even_length,
            chunks_in_a_loop,
        ],
        wrong=[
            (
                lambda n, size: [np.arange(i, i + size) for i in range(0, n, size)],
                "beyond the last",
            ),
            (
                lambda n, size: [np.arange(i, i + size) for i in range(0, n - size + 1, size)],
                "left out",
            ),
            (lambda n, size: np.array_split(np.arange(n), size), "how many images one of them"),
            (
                lambda n, size: [np.arange(n)[i : i + size] for i in range(0, n + 1, size)],
                "8 images in chunks of 4, one of yours is empty",
            ),
            (lambda n, size: [np.arange(n)[i : i + size] for i in range(n)], "exactly once"),
            (lambda n, size: [np.arange(n)], "at most 4 numbers was wanted, and one has 10"),
            (
                lambda n, size: [np.array([i]) for i in range(n)],
                "10 chunks came where 3 are enough",
            ),
            (
                lambda n, size: np.array_split(np.arange(n), n // size + 1),
                "3 chunks came where 2 are enough",
            ),
            (lambda n, size: solved_chunks(n, size)[::-1], "in order"),
            (chunks_by_modulo, "in order"),
            (
                lambda n, size: np.split(np.arange(n), range(0, n, size)),
                "10 images in chunks of 4, one of yours is empty",
            ),
            (
                lambda n, size: [np.arange(n)[i : i + size] + 1 for i in range(0, n, size)],
                "index 10 is beyond the last image, which is number 9",
            ),
            (chunks_shuffled, "in order"),
            (lambda n, size: [1 + chunk for chunk in solved_chunks(n, size)], "beyond the last"),
            (lambda n, size: solved_chunks(n, size)[1:], "exactly once"),
            (lambda n, size: [], "left out"),
            (chunks_of_ten, "beyond the last image"),
            (lambda n, size: list(range(0, n, size)), "an array of all its indices"),
            (lambda n, size: list(np.arange(0, n, size)), "an array of all its indices"),
            (lambda n, size: range(0, n, size), "a list of arrays; what came is of the type range"),
            (
                lambda n, size: [slice(i, min(i + size, n)) for i in range(0, n, size)],
                "an array of indices, such as np.arange; yours is of the type slice",
            ),
            (
                lambda n, size: [range(i, min(i + size, n)) for i in range(0, n, size)],
                "yours is of the type range",
            ),
            (
                lambda n, size: [c.tolist() for c in solved_chunks(n, size)],
                "yours is of the type list",
            ),
            (
                lambda n, size: [(c[0], c[-1]) for c in solved_chunks(n, size)],
                "yours is of the type tuple",
            ),
            (lambda n, size: tuple(solved_chunks(n, size)), "of the type tuple"),
            (chunks_one_after_the_other, "of the type generator"),
            (lambda n, size: np.arange(n), "this is one array"),
            (lambda n, size: np.arange(n // size * size).reshape(-1, size), "this is one array"),
            (lambda n, size: [c.astype(float) for c in solved_chunks(n, size)], "whole numbers"),
            (lambda n, size: [c[:, None] for c in solved_chunks(n, size)], "whole numbers"),
            (lambda n, size: n / size, "of the type float"),
            (lambda n, size: "0-3, 4-7, 8-9", "of the type str"),
            (chunks_if_even, "returns nothing for (10, 4)"),
            (print_chunks, "prints its result and returns nothing"),
            (lambda n, size: np.arange(n).reshape(-1, size), "stopped with ValueError for (10, 4)"),
        ],
    ),
    "step_seconds": Tried(
        right=[
            solved_step_seconds,
            time_steps,
            lambda device: np.float32(time_steps(device)),
            lambda device: time_steps(device, wait_in_the_loop=True),
            lambda device: time_steps(device, warm_up=3),
            time_each_step,
            time_the_first_step_too,
            take_the_shorter_from_the_longer,
        ],
        wrong=[
            (wait_within_the_warm_up_alone, "not to do it"),
            (lambda device: time_steps(device, wait=False, steps=1, divide=1), "not to do it"),
            (lambda device: time_steps(device, warm_up=0), "compilation of the first step"),
            (
                lambda device: time_steps(device, warm_up=0, steps=1, divide=1),
                "compilation of the first step",
            ),
            (ask_before_it_has_compiled, "compilation of the first step"),
            (lambda device: time_steps(device, divide=1), "divide by ten"),
            (lambda device: time_steps(device) * 1000, "return seconds"),
            (stop_before_start, "stop minus start"),
            (time_eleven, "what lies between your two looks"),
            (lambda device: time_steps(device, divide=11), "what lies between your two looks"),
            (lambda device: 0.01, "takes 24 ms, and you came to 10"),
            (lambda device: 0, "takes 24 ms, and you came to 0"),
            (lambda device: 10**400, "one number"),
            (lambda device: math.inf, "one number"),
            (lambda device: 0.51, "what lies between your two looks"),
            (lambda device: device.clock(), "what lies between your two looks"),
            (lambda device: time_steps(device, steps=1, divide=1), "timed 1 in place of ten"),
            (lambda device: time_steps(device, steps=5, divide=5), "timed 5 in place of ten"),
            (lambda device: time_steps(device, steps=100, divide=100), "timed 100 in place"),
            (lambda device: device.step, "timed 0 in place of ten"),
            (lambda device: "soon", "one number"),
            (lambda device: [time_steps(device)], "one number"),
            (lambda device: f"{time_steps(device):.3f} s", "one number"),
            (lambda device: device, "one number"),
            (lambda device: device.run(), "returns nothing"),
            (print_the_seconds, "prints its result and returns nothing"),
            (lambda device: device.time(), "stopped with AttributeError"),
        ],
    ),
}
