"""The figures that recur from lesson to lesson: arrays in, one figure out, nothing returned."""

import matplotlib.pyplot as plt
import numpy as np

ACCENT = "#d55e00"  # vermilion: what the reader should look at, such as a mistake


def show_digits(
    images,
    labels=None,
    *,
    columns: int = 9,
    accent=None,
    title: str | None = None,
    description: str | None = None,
) -> None:
    """Draw images side by side, dark ink on white, each with its label above.

    Args:
        images: (n, height, width), any number type; the least value becomes white, the largest black.
        labels: n values or texts, one above each image.
        columns: how many images a row has.
        accent: n booleans; where True, the label is drawn in the accent colour.
        title: the message of the figure, in a few words.
        description: the figure in words, for those who cannot see it; made from the labels by default.

    Raises:
        ValueError: the arguments do not belong together.
    """
    images = np.asarray(images)
    if images.ndim != 3:
        raise ValueError(
            f"show_digits wants images of shape (n, height, width), not {images.shape}."
        )
    if len(images) == 0:
        raise ValueError("show_digits got no images.")
    for name, values in (("labels", labels), ("accent", accent)):
        if values is not None and len(values) != len(images):
            raise ValueError(f"show_digits got {len(images)} images, but {len(values)} {name}.")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    texts = [] if labels is None else [str(label) for label in labels]
    lines = max((1 + text.count("\n") for text in texts), default=0)
    cell = 9 / max(columns, 6)
    figure, axes = plt.subplots(
        rows, columns, squeeze=False, figsize=(cell * columns, rows * (cell + 0.24 * lines))
    )
    for axis in axes.flat:
        axis.set_axis_off()
    longest = max([1, *(len(line) for text in texts for line in text.split("\n"))])
    size = min(12 if lines > 1 else 15, 115 * cell / longest)  # so that neighbours do not touch
    for position, (image, axis) in enumerate(zip(images, axes.flat, strict=False)):
        axis.imshow(image, vmin=images.min(), vmax=images.max())
        if texts:
            colour = (
                ACCENT if accent is not None and accent[position] else plt.rcParams["text.color"]
            )
            axis.set_title(texts[position], loc="center", pad=4, fontsize=size, color=colour)
    _set_title(figure, title)
    figure.set_label(description or _digits_in_words(labels, rows, columns))
    plt.show()


def _set_title(figure, title: str | None) -> None:
    """Write the title of a whole figure where that of an axis stands, in a strip of its own."""
    if title:
        width, height = figure.get_size_inches()
        figure.set_size_inches(width, height + 0.4)
        size, weight = plt.rcParams["axes.titlesize"], plt.rcParams["axes.titleweight"]
        figure.suptitle(title, x=0.01, ha="left", fontsize=size, fontweight=weight)


def _digits_in_words(labels, rows: int, columns: int) -> str:
    shape = f"{columns} side by side" if rows == 1 else f"{rows} rows of {columns}"
    if labels is None:
        return f"Grey images without labels, {shape}."
    words = ", ".join(" ".join(str(label).split()) for label in labels)
    return f"Grey images, {shape}, with these words above: {words}."


def show_maps(
    maps,
    titles=None,
    *,
    columns: int | None = None,
    row_names=None,
    largest: float | None = None,
    title: str | None = None,
    description: str | None = None,
) -> None:
    """Draw feature maps side by side: 0 is white, positive numbers are purple, negative ones orange.

    A map without negative numbers is drawn like a digit, dark on white.

    Args:
        maps: arrays (height, width), which may differ in size.
        titles: a text above each map of the first row.
        columns: how many maps a row has; all of them by default.
        row_names: a text at the left of each row.
        largest: the number that is drawn darkest; by default each map has its own.
        title: the message of the figure, in a few words.
        description: the figure in words, for those who cannot see it; made from the titles by default.

    Raises:
        ValueError: the arguments do not belong together.
    """
    maps = [np.asarray(one) for one in maps]
    if not maps or any(one.ndim != 2 for one in maps):
        raise ValueError(
            f"show_maps wants maps of shape (height, width), not {[one.shape for one in maps]}."
        )
    columns = columns or len(maps)
    rows = -(-len(maps) // columns)
    for name, texts, count in (("titles", titles, columns), ("row_names", row_names, rows)):
        if texts is not None and len(texts) != count:
            raise ValueError(f"show_maps needs {count} {name}, but got {len(texts)}.")
    cell = min(9 / columns, 2.6)
    lines = 0 if titles is None else 1 + max(title.count("\n") for title in titles)
    figure, axes = plt.subplots(
        rows, columns, squeeze=False, figsize=(cell * columns, rows * cell + 0.3 * lines)
    )
    for axis in axes.flat[len(maps) :]:
        axis.set_axis_off()
    for axis, one in zip(axes.flat, maps, strict=False):
        most, signed = largest or np.abs(one).max(), one.min() < 0
        colours, least = ("PuOr", -most) if signed else ("gray_r", 0)
        axis.imshow(one, cmap=colours, vmin=least, vmax=most)
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set(visible=True, color="#b0b0b0", linewidth=0.8)
    for axis, above in zip(axes[0], titles or [], strict=False):
        axis.set_title(above, loc="center", fontsize=13, pad=6)
    for axis, name in zip(axes[:, 0], row_names or [], strict=False):
        axis.set_ylabel(name, rotation=0, ha="right", va="center", fontsize=13)
    _set_title(figure, title)
    figure.set_label(description or _maps_in_words(titles, row_names, rows, columns))
    plt.show()


def _maps_in_words(titles, row_names, rows: int, columns: int) -> str:
    words = [f"Maps, {columns} side by side" if rows == 1 else f"Maps in {rows} rows of {columns}"]
    if titles:
        words.append(f"the columns are {', '.join(' '.join(title.split()) for title in titles)}")
    if row_names:
        words.append(f"the rows are {', '.join(' '.join(name.split()) for name in row_names)}")
    return "; ".join(words) + "."


def plot_history(
    histories, metric: str = "accuracy", *, title: str | None = None, lowest: float | None = None
) -> None:
    """Draw what `fit` recorded, epoch by epoch: training dashed, validation solid, a colour per run.

    Args:
        histories: a Keras History, or a dict of them by the name of the run.
        metric: "accuracy" (drawn in per cent) or "loss".
        title: the message of the figure, in a few words.
        lowest: where the vertical axis begins; what lies below is not drawn.
    """
    if not isinstance(histories, dict):
        histories = {"": histories}
    scale = 100 if metric == "accuracy" else 1
    figure, axis = plt.subplots()
    for position, (name, history) in enumerate(histories.items()):
        colour = f"C{position}"
        for key, style, part in ((metric, "--", "training"), (f"val_{metric}", "-", "validation")):
            if key in history.history:
                values = scale * np.asarray(history.history[key])
                epochs = np.arange(1, len(values) + 1)
                label = f"{name}, {part}" if name else part
                marker = "o" if len(epochs) <= 15 else None
                axis.plot(epochs, values, style, color=colour, marker=marker, label=label)
    axis.xaxis.get_major_locator().set_params(integer=True)
    axis.set(xlabel="epoch", ylabel="accuracy (%)" if scale == 100 else metric, title=title or "")
    axis.set_ylim(bottom=lowest)
    axis.grid(axis="y")
    axis.legend()
    plt.show()


def plot_confusion(true_labels, predicted_labels, class_names) -> None:
    """Draw how often each class was read as each other class; the right answers are left blank.

    The title names the most frequent mistake.

    Args:
        true_labels, predicted_labels: (n,) integers, indices into `class_names`.
        class_names: a text for each class.
    """
    size = len(class_names)
    counts = np.zeros((size, size), int)
    np.add.at(counts, (np.asarray(true_labels), np.asarray(predicted_labels)), 1)
    np.fill_diagonal(counts, 0)
    figure, axis = plt.subplots(figsize=(6, 5.6))
    axis.imshow(counts, cmap="Oranges", vmax=max(counts.max(), 1))
    for true, predicted in np.argwhere(counts):
        count = counts[true, predicted]
        colour = "white" if count > 0.6 * counts.max() else "black"
        axis.text(predicted, true, count, ha="center", va="center", color=colour, fontsize=12)
    true, predicted = np.unravel_index(counts.argmax(), counts.shape)
    most = f"{class_names[true]} read as {class_names[predicted]}: {counts.max()} of {counts.sum()} mistakes"
    axis.set(xlabel="read as", ylabel="is really", title=most if counts.any() else "No mistakes")
    is_long = max(map(len, class_names)) > 3
    axis.set_xticks(range(size), class_names, rotation=90 if is_long else 0)
    axis.set_yticks(range(size), class_names)
    axis.tick_params(length=0)
    plt.show()


def show_errors(images, true_labels, probabilities, class_names, *, count: int = 9) -> None:
    """Draw the mistakes that the model made with the greatest confidence, the most confident first.

    Args:
        images: (n, height, width).
        true_labels: (n,) integers, indices into `class_names`.
        probabilities: (n, classes), each row sums to 1.
        class_names: a text for each class.
        count: how many to draw at most.
    """
    true_labels, probabilities = np.asarray(true_labels), np.asarray(probabilities)
    predicted = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    wrong = np.flatnonzero(predicted != true_labels)
    if wrong.size == 0:
        print("There is no mistake to show.")
        return
    chosen = wrong[np.argsort(-confidence[wrong], kind="stable")][:count]
    between = ",\n" if max(map(len, class_names)) > 3 else ", "
    labels = [
        f"is {class_names[true_labels[i]]}{between}read {class_names[predicted[i]]}"
        f"\n{100 * confidence[i]:.0f} % sure"
        for i in chosen
    ]
    show_digits(np.asarray(images)[chosen], labels, columns=min(count, 5))
