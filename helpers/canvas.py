"""A square to draw a digit in, as a widget for JupyterLab: `Canvas(answer_to)`.

What the browser does is in canvas.js, which a page without Python can use too.
"""

from collections.abc import Callable
from pathlib import Path

import anywidget
import traitlets


class Canvas(anywidget.AnyWidget):
    """A canvas for the mouse, a finger or a pen, with an answer beside it that follows each stroke.

    Args:
        answer_to: takes a drawing, as helpers.handwriting describes it, and returns a text. If it raises
            an error, the answer is the error's message.

    Attributes:
        strokes: the drawing, [] as long as there is none; may be set.
        answer: what `answer_to` said last, "" to an empty canvas.
    """

    _esm = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
    strokes = traitlets.List().tag(sync=True)
    answer = traitlets.Unicode().tag(sync=True)

    def __init__(self, answer_to: Callable[[list], str]):
        super().__init__()
        self._answer_to = answer_to

    @traitlets.observe("strokes")
    def _follow(self, change) -> None:
        try:
            self.answer = str(self._answer_to(change.new)) if change.new else ""
        except Exception as error:  # nobody would see it elsewhere
            self.answer = f"{type(error).__name__}: {error}"

    def __repr__(self) -> str:
        if not self.strokes:
            return "An empty canvas: run this cell in JupyterLab, and draw a digit."
        count = f"{len(self.strokes)} stroke{'s' if len(self.strokes) > 1 else ''}"
        return f"A canvas with {count}, and this answer: {' '.join(self.answer.split())}"
