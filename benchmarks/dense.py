"""The dense network: what each idea gives on validation images, and two recipes on the test set.

Run: python -m benchmarks.dense        (about ten minutes on two cores)

The ladder trains on 55,000 training images and scores on the 5,000 of the validation set, three seeds.
The recipe is chosen there. The textbook's and the chosen one are also trained on all 60,000, with
five seeds, and scored on the test set.
"""

from benchmarks.data import accuracy, load_mnist, scale, split
from benchmarks.record import columns, record
from helpers.quiet import keras

layers = keras.layers

TEXTBOOK = {"units": 128, "dropout": 0.0, "batch_size": 32, "epochs": 5, "falling_rate": None}
CHANGES = {
    "the textbook": {},
    "batches of 128": {"batch_size": 128},
    "512 wide": {"units": 512},
    "a falling rate": {"falling_rate": 0.002},
    "ten epochs": {"epochs": 10},
    "dropout": {"dropout": 0.3},
}
LADDER, chosen = {}, TEXTBOOK
for name, change in CHANGES.items():
    chosen = chosen | change
    LADDER[name] = chosen
TEST = {"textbook": TEXTBOOK, "chosen": chosen}
RECIPES = {
    name: {"scored_on": "validation set", "recipe": LADDER[name], "seeds": 3} for name in LADDER
} | {name: {"scored_on": "test set", "recipe": TEST[name], "seeds": 5} for name in TEST}


def train(images, labels, seed, *, units, dropout, batch_size, epochs, falling_rate):
    """Return a trained network."""
    keras.utils.set_random_seed(seed)
    steps = epochs * -(-len(images) // batch_size)
    rate = keras.optimizers.schedules.CosineDecay(falling_rate, steps) if falling_rate else 0.001
    model = keras.Sequential(
        [keras.Input((28, 28)), layers.Flatten(), layers.Dense(units, activation="relu")]
    )
    if dropout:
        model.add(layers.Dropout(dropout))
    model.add(layers.Dense(int(labels.max()) + 1))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    model.fit(images, labels, batch_size=batch_size, epochs=epochs, verbose=0)
    return model


def measure(recipe, seed) -> dict:
    """Train a network; return its accuracy on the validation set, or, trained on all, on the test set."""
    mnist = load_mnist()
    images, labels = scale(mnist.train_images), mnist.train_labels
    if recipe["scored_on"] == "validation set":
        fit, validation = split()
        model = train(images[fit], labels[fit], seed, **recipe["recipe"])
        return {"accuracy": accuracy(model, images[validation], labels[validation])}
    model = train(images, labels, seed, **recipe["recipe"])
    return {"accuracy": accuracy(model, scale(mnist.test_images), mnist.test_labels)}


def results(runs) -> dict:
    measured = columns(runs)
    return {
        "ladder": [
            {"name": name, "recipe": LADDER[name], **measured[name]}
            for name in LADDER
            if name in measured
        ],
        "test": {
            name: {"recipe": TEST[name], **measured[name]} for name in TEST if name in measured
        },
    }


def main(arguments=None) -> None:
    record("dense", RECIPES, measure, results, arguments)


if __name__ == "__main__":
    main()
