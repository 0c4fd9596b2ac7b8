"""Answers to the exercises of lesson 08."""

import math

import numpy as np

from answers import Tried
from helpers.quiet import keras, tf


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


SCALE = np.float32(1 / 255)


def scaled(images):
    return tf.cast(images, tf.float32) * SCALE


def solved_keep(images):
    kept = tf.Variable(images, trainable=False)
    return lambda indices: tf.cast(tf.gather(kept, indices), tf.float32) * SCALE


def keep_in_a_layer(images):
    class Resident(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.images = self.add_weight(shape=images.shape, dtype="uint8", trainable=False)
            self.images.assign(images)

        def call(self, indices):
            return keras.ops.take(self.images.value, indices, axis=0) / np.float32(255)

    return Resident()


def keep_in_a_keras_variable(images):
    kept = keras.Variable(images, dtype="uint8", trainable=False)

    @tf.function
    def pick(indices):
        return scaled(keras.ops.take(kept.value, indices, axis=0))

    return pick


def keep_words_of_four_bytes(images):
    kept = tf.constant(images.reshape(len(images), -1).view(np.int32))
    shape = (-1, *images.shape[1:])
    return lambda indices: scaled(tf.reshape(tf.bitcast(tf.gather(kept, indices), tf.uint8), shape))


def keep_for_xla(images):
    kept = tf.constant(images)
    return tf.function(lambda indices: scaled(tf.gather(kept, indices)), jit_compile=True)


def look_up(images):
    kept = tf.Variable(images)
    return lambda indices: scaled(tf.nn.embedding_lookup(kept, indices))


def keep_a_constant(images):
    kept = tf.constant(images)
    return lambda indices: scaled(tf.gather(kept, indices))


def keep_a_compiled_constant(images):
    return tf.function(keep_a_constant(images))


def keep_without_value(images):
    kept = keras.Variable(images, dtype="uint8", trainable=False)
    return lambda indices: scaled(keras.ops.take(kept, indices, axis=0))


def keep_and_read(images):
    kept = tf.Variable(images)
    return lambda indices: scaled(tf.gather(kept.read_value(), indices))


def keep_nothing(images):
    return lambda indices: scaled(tf.gather(images, indices))


def keep_floats(images):
    kept = tf.constant(images * SCALE)
    return lambda indices: tf.gather(kept, indices)


def keep_halves(images):
    kept = tf.Variable(images.astype(np.float16))
    return lambda indices: scaled(tf.gather(kept, indices))


def keep_on_the_cpu(images):
    kept = tf.Variable(images)

    def pick(indices):
        with tf.device("CPU:0"):
            return scaled(tf.gather(kept, indices))

    return pick


def pick_in_python(images):
    return lambda indices: tf.py_function(
        lambda numbers: images[numbers.numpy()] * SCALE, [indices], tf.float32
    )


def pick_with_numpy(images):
    return lambda indices: images[np.asarray(indices)] * SCALE


def keep_anew(images):
    return lambda indices: scaled(tf.gather(tf.Variable(images), indices))


def keep_the_first_ten(images):
    return solved_keep(images[:10])


def pick_the_next(images):
    pick = solved_keep(images)
    return lambda indices: pick((indices + 1) % len(images))


def pick_unscaled(images):
    kept = tf.Variable(images)
    return lambda indices: tf.cast(tf.gather(kept, indices), tf.float32)


def pick_bytes(images):
    kept = tf.Variable(images)
    return lambda indices: tf.gather(kept, indices)


def pick_long_floats(images):
    kept = tf.Variable(images)
    return lambda indices: tf.cast(tf.gather(kept, indices), tf.float64) / 255


def print_the_images(images):
    pick = solved_keep(images)
    return lambda indices: print(pick(indices))


def pick_at_once(images):
    return solved_keep(images)([0, 1])


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
    "keep": Tried(
        right=[
            solved_keep,
            keep_in_a_layer,
            keep_in_a_keras_variable,
            keep_words_of_four_bytes,
            keep_for_xla,
            look_up,
        ],
        wrong=[
            (keep_a_constant, "no GPU can run GatherV2"),
            (keep_a_compiled_constant, "no GPU can run GatherV2"),
            (keep_without_value, "no GPU can run GatherV2"),
            (keep_and_read, "no GPU can run GatherV2"),
            (keep_nothing, "no GPU can run GatherV2"),
            (keep_floats, "4 bytes a pixel"),
            (keep_halves, "2 bytes a pixel"),
            (keep_on_the_cpu, "ask for the CPU yourself"),
            (pick_in_python, "asks Python for them each time"),
            (pick_with_numpy, "cannot compile"),
            (keep_anew, "cannot compile"),
            (keep_the_first_ten, "the function that you return stopped with InvalidArgumentError"),
            (pick_the_next, "not the images with these indices"),
            (pick_unscaled, "from 0 to 255"),
            (pick_bytes, "from 0 to 255"),
            (pick_long_floats, "float32, not float64"),
            (print_the_images, "returns nothing itself"),
            (pick_at_once, "return a function of indices"),
            (lambda images: lambda: images, "stopped with TypeError"),
            (lambda images: lambda indices: 0, "not the images with these indices"),
            (lambda images: print(solved_keep(images)), "prints its result and returns nothing"),
            (tf.Variable, "return a function of indices"),
        ],
    ),
}
