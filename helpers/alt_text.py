"""Say in words what a figure shows, for those who cannot see it.

The words go into the metadata of the figure's output, as its "alt" text. A figure has the words of its
own label (`figure.set_label`), or else words made from its titles, axes and legends.
"""

import sys


def describe(figure) -> str:
    """Return the label of a matplotlib figure, or a description of what is drawn in it."""
    if figure.get_label():
        return figure.get_label()
    parts = [_describe_axes(axes) for axes in figure.axes if axes.has_data()]
    title = [figure.get_suptitle()] if figure.get_suptitle() else []
    return ". ".join(title + parts) + "."


def _describe_axes(axes) -> str:
    kind = "Image" if axes.images else "Bar chart" if axes.containers else "Line chart"
    if axes.collections and not (axes.images or axes.lines or axes.containers):
        kind = "Scatter plot"
    title = axes.get_title("left") or axes.get_title()
    labels = [label for label in (axes.get_ylabel(), axes.get_xlabel()) if label]
    legend = axes.get_legend()
    names = [text.get_text() for text in legend.get_texts()] if legend else []
    words = ": ".join(part for part in (kind, title, " against ".join(labels)) if part)
    if names:
        words += f"; drawn are {'; '.join(names)}"
    return words.replace("\n", ", ")


def register() -> None:
    """Let every figure that a notebook shows carry its description; outside of IPython, do nothing."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        shell.display_formatter.mimebundle_formatter.for_type_by_name(
            "matplotlib.figure",
            "Figure",
            lambda figure, include=None, exclude=None: (
                {},
                {"image/png": {"alt": describe(figure)}},
            ),
        )
