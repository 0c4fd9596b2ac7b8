"""The quick network of lesson 07 and its learning rate, for the lessons and benchmarks that stand on it."""

from helpers.quiet import keras

layers, ops = keras.layers, keras.ops


class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """Straight up from zero to `peak` over the first 30 % of the steps, then straight back down."""

    def __init__(self, peak, steps):
        self.peak, self.steps = peak, steps

    def __call__(self, step):
        share = ops.cast(step, "float32") / self.steps
        return self.peak * ops.minimum(share / 0.3, (1 - share) / 0.7)


def build_quick(units=64, classes=10):
    """Return the quick network of lesson 07, with `units` outputs of the dense layer.

    It reads images (n, 28, 28, 1) from 0 to 1 and returns logits (n, classes).
    """
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 5, strides=2, activation="relu"),
            layers.Conv2D(32, 3),
            layers.MaxPooling2D(),
            layers.ReLU(),
            layers.Flatten(),
            layers.Dense(units, activation="relu"),
            layers.Dense(classes),
        ]
    )
