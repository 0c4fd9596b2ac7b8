"""Keep a student's own copy of the lessons, in my_lessons/, beside the originals in notebooks/.

A lesson that the student has only run follows an update; one whose cells he has changed is kept.
"""

import json
import shutil
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ORIGINALS = ROOT / "notebooks"
COPIES = ROOT / "my_lessons"


def update(originals: Path = ORIGINALS, copies: Path = COPIES) -> None:
    """Copy new and changed lessons; keep every lesson that the student has edited, and say so.

    Beside each copy, `.given/` remembers the lesson as it was handed out: that tells an edit of the
    student's from an update of ours.
    """
    given = copies / ".given"
    given.mkdir(parents=True, exist_ok=True)
    for original in sorted(originals.glob("*.ipynb")):
        copy, last_given = copies / original.name, given / original.name
        if not copy.exists():
            _hand_out(original, copy, last_given)
        elif last_given.exists() and last_given.read_bytes() == original.read_bytes():
            continue
        elif last_given.exists() and _cells(copy) == _cells(last_given):
            _hand_out(original, copy, last_given)
            print(f"{original.name}: updated.")
        else:
            print(
                f"{original.name}: there is a new version, and you have changed yours, so yours is kept."
                f" `make fresh LESSON={original.name[:2]}` gives you the new one and keeps yours beside it."
            )


def fresh(lesson: str, originals: Path = ORIGINALS, copies: Path = COPIES) -> None:
    """Hand out a lesson anew; the student's version stays beside it under a name with the date and time.

    Args:
        lesson: the number of the lesson, such as "05".

    Raises:
        SystemExit: there is no such lesson.
    """
    matches = list(originals.glob(f"{lesson}_*.ipynb"))
    if len(matches) != 1:
        numbers = ", ".join(sorted(path.name[:2] for path in originals.glob("*.ipynb")))
        raise SystemExit(f"There is no lesson {lesson!r}. There are: {numbers}.")
    original = matches[0]
    copy = copies / original.name
    (copies / ".given").mkdir(parents=True, exist_ok=True)
    if copy.exists():
        kept = copy.with_stem(f"{copy.stem}_{datetime.now():%Y-%m-%d_%H%M%S}")
        copy.rename(kept)
        print(f"Your version is now {kept.name}.")
    _hand_out(original, copy, copies / ".given" / original.name)
    print(f"{copy.name} is as new.")


def _hand_out(original: Path, copy: Path, last_given: Path) -> None:
    shutil.copyfile(original, copy)
    shutil.copyfile(original, last_given)


def _cells(notebook: Path) -> list[tuple[str, str]] | None:
    """Return what a student edits, kind and text of each cell, or None if the file is no notebook."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    except (ValueError, KeyError, TypeError):
        return None
