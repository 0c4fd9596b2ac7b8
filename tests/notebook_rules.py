"""The mechanical rules that every lesson keeps. Style is judged by readers, these by a machine."""

import ast
import re
from pathlib import Path

ALLOWED_NOTEBOOK_METADATA = {"kernelspec", "language_info"}
ALLOWED_TAGS = {"nbval-ignore-output", "solution", "instructor"}
SECTIONS = ["What we found", "Exercises", "Questions", "Where next"]
MOST_KILOBYTES = 500
MOST_FIGURES = 8
MOST_CELL_LINES = 20
MOST_ANNOUNCING_WORDS = 16
CODE_CELLS = range(15, 31)  # before the exercises
WORDS = range(1000, 2001)  # before the exercises


def broken_rules(notebook, path: Path, ignored_cells: int) -> list[str]:
    """Return a sentence for each rule that a lesson breaks.

    Args:
        notebook: as nbformat reads it.
        path: where it lies; its size and its links are looked at.
        ignored_cells: how many cells may leave their output uncompared.
    """
    cells = notebook.cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    return [
        *_metadata(notebook),
        *_code(code, ignored_cells),
        *_outputs(code),
        *_sections(cells),
        *_exercises(cells),
        *_budgets(cells, path),
        *_links(cells, path),
        *_announcements(cells),
        *_options(cells),
    ]


def tags(cell) -> set[str]:
    return set(cell.metadata.get("tags", []))


def output_text(cell) -> str:
    """Return all text that a code cell has printed or shown."""
    texts = []
    for output in cell.outputs:
        texts.append(output.get("text", "") or output.get("data", {}).get("text/plain", ""))
    return "\n".join(texts)


def _metadata(notebook) -> list[str]:
    broken = [
        f"the notebook has the metadata {key!r}"
        for key in notebook.metadata
        if key not in ALLOWED_NOTEBOOK_METADATA
    ]
    for number, cell in enumerate(notebook.cells):
        allowed = {"tags": list(tags(cell))}
        if "solution" in tags(cell):
            allowed["jupyter"] = {"source_hidden": True, "outputs_hidden": True}
        for key, value in cell.metadata.items():
            if key not in allowed or (key == "jupyter" and value != allowed[key]):
                broken.append(f"cell {number} has the metadata {key!r}")
        broken += [
            f"cell {number} has the unknown tag {tag!r}" for tag in tags(cell) - ALLOWED_TAGS
        ]
        if "solution" in tags(cell) and "jupyter" not in cell.metadata:
            broken.append(f"cell {number} is a solution that is not folded")
    return broken


def _code(code, ignored_cells) -> list[str]:
    broken = []
    counts = [cell.execution_count for cell in code]
    if counts != list(range(1, len(code) + 1)):
        broken.append("execution counts are not 1..n: run the notebook from the top and save it")
    ignored = sum("nbval-ignore-output" in tags(cell) for cell in code)
    if ignored != ignored_cells:
        broken.append(
            f"{ignored} cells ignore their output, {ignored_cells} are listed with a reason"
        )
    for number, cell in enumerate(code, 1):
        if cell.source.rstrip().endswith(";"):
            broken.append(f"code cell {number} ends with a semicolon, which nbval does not honour")
        if cell.source.startswith(("!", "%")):
            broken.append(f"code cell {number} is not plain Python")
        elif number > 1 and any(
            isinstance(node, ast.Import | ast.ImportFrom)
            for node in ast.walk(ast.parse(cell.source))
        ):
            broken.append(f"code cell {number} imports; the first cell has all imports")
        if len(cell.source.splitlines()) > MOST_CELL_LINES:
            broken.append(f"code cell {number} has more than {MOST_CELL_LINES} lines")
    return broken


def _outputs(code) -> list[str]:
    broken = []
    if code and code[0].outputs:
        broken.append("the first cell is not silent")
    for number, cell in enumerate(code, 1):
        for output in cell.outputs:
            if output.output_type == "error":
                broken.append(f"code cell {number} stores an error")
            if output.get("name") == "stderr":
                broken.append(f"code cell {number} stores a warning (stderr)")
            if "image/png" in output.get("data", {}) and not _is_described(output):
                broken.append(f"code cell {number} has a figure without a description")
    return broken


def _is_described(output) -> bool:
    """Say whether a figure's output carries words for those who cannot see it, and not a bare count."""
    words = output.metadata.get("image/png", {}).get("alt", "")
    return len(words.split()) >= 5 and not re.fullmatch(r"\d+ images\.?", words)


def _sections(cells) -> list[str]:
    broken = []
    prose = [cell.source for cell in cells if cell.cell_type == "markdown"]
    if not prose or not prose[0].startswith("# "):
        broken.append("the lesson does not begin with its title")
    opening = prose[0] if prose else ""
    broken += [
        f"the opening does not say {words!r}"
        for words in ("You will learn", "You need")
        if words not in opening
    ]
    headings = re.findall(r"^## (.+)$", "\n".join(prose), re.MULTILINE)
    if headings[-4:] != SECTIONS:
        broken.append(f"the last sections are not {', '.join(SECTIONS)}")
    subjects = headings[:-4]
    if not 3 <= len(subjects) <= 6:
        broken.append(f"there are {len(subjects)} sections before these, not 3 to 6")
    return broken


def _exercises(cells) -> list[str]:
    """Each exercise: a stub that is not attempted, a folded hint, a folded solution that is right."""
    broken = []
    sources = [cell.source for cell in cells]
    numbers = re.findall(r"^### Exercise (\d+): ", "\n".join(sources), re.MULTILINE)
    if numbers not in (["1", "2", "3"], ["1", "2", "3", "4"]):
        broken.append(f"the exercises are numbered {numbers}, not 1 to 3 or 1 to 4")
    if not re.search(r"^### Exercise \d+: Break it", "\n".join(sources), re.MULTILINE):
        broken.append("no exercise is called 'Break it'")
    after = [cell for cell in cells if cell.cell_type == "code"]
    solutions = [cell for cell in after if "solution" in tags(cell)]
    stubs = [cell for cell in after if "Not attempted yet." in output_text(cell)]
    if len(solutions) != len(numbers) or not all(
        "Right." in output_text(cell) for cell in solutions
    ):
        broken.append("not every exercise has a solution that its check calls right")
    if len(stubs) != len(numbers):
        broken.append("not every exercise has a stub that says that it was not attempted")
    if "\n".join(sources).count("<summary>Hint") < len(numbers):
        broken.append("not every exercise has a folded hint")
    if "\n".join(sources).count("<summary>Answer") < 3:
        broken.append("there are fewer than three questions with a folded answer")
    return broken


def _budgets(cells, path) -> list[str]:
    broken = []
    if path.stat().st_size > 1000 * MOST_KILOBYTES:
        broken.append(f"the file is larger than {MOST_KILOBYTES} KB")
    end = next(
        (
            i
            for i, cell in enumerate(cells)
            if re.search(r"^## Exercises", cell.source, re.MULTILINE)
        ),
        len(cells),
    )
    lesson = cells[: end + 1]
    code = [cell for cell in lesson if cell.cell_type == "code"]
    if len(code) not in CODE_CELLS:
        broken.append(
            f"{len(code)} code cells before the exercises, not {CODE_CELLS.start} to {CODE_CELLS.stop - 1}"
        )
    figures = sum("image/png" in output.get("data", {}) for cell in code for output in cell.outputs)
    if figures > MOST_FIGURES:
        broken.append(f"{figures} figures, more than {MOST_FIGURES}")
    words = word_count(lesson)
    if words not in WORDS:
        broken.append(f"{words} words before the exercises, not {WORDS.start} to {WORDS.stop - 1}")
    return broken


def word_count(cells) -> int:
    """Return the number of words in Markdown cells, instructor remarks and link targets left out.

    A formula counts as one word, whatever its LaTeX is made of.
    """
    prose = "\n".join(
        c.source for c in cells if c.cell_type == "markdown" and "instructor" not in tags(c)
    )
    prose = re.sub(r"\$+[^$]+\$+", " formula ", prose.split("\n## Exercises")[0])
    return len(re.findall(r"[A-Za-z0-9]+", re.sub(r"\]\([^)]*\)", "]", prose)))


def _links(cells, path) -> list[str]:
    broken = []
    for cell in cells:
        if cell.cell_type == "markdown":
            for target in re.findall(r"\]\(([^)\s]+)\)", cell.source):
                if "://" not in target and not (path.parent / target.split("#")[0]).exists():
                    broken.append(f"the link {target} leads nowhere")
    return broken


def _announcements(cells) -> list[str]:
    """The sentence right before a cell asks or announces, short enough for a slide; exercises are free."""
    broken = []
    for before, cell in zip(cells[1:], cells[2:], strict=False):
        if re.search(r"^## Exercises", before.source, re.MULTILINE):
            break
        if (before.cell_type, cell.cell_type) == ("markdown", "code") and not tags(before):
            paragraph = before.source.strip().split("\n\n")[-1]
            sentence = re.split(r"(?<=[.?!])\)?\s", paragraph)[-1]
            words = len(re.findall(r"[A-Za-z0-9]+", re.sub(r"\]\([^)]*\)", "]", sentence)))
            if words > MOST_ANNOUNCING_WORDS:
                broken.append(f"{words} words announce a cell: {sentence[:60]!r}")
            if not sentence.endswith(("?", ":")):
                broken.append(f"this neither asks nor announces what comes: {sentence[-60:]!r}")
    return broken


def _options(cells) -> list[str]:
    """The options of a question are a list; bare lines would run together."""
    return [
        f"an option is no list item: {line[:40]!r}"
        for cell in cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if re.match(r"[a-e]\) ", line)
    ]


def unproven_percentages(notebook) -> list[str]:
    """Return the percentages in the prose that stand in no compared output and carry no source.

    A percentage counts as proven if an output of the lesson that nbval compares shows the same number
    before a per cent sign (a claim prints its bounds), and as sourced if its paragraph has a link.
    """
    proven = set()
    for cell in notebook.cells:
        if cell.cell_type == "code" and "nbval-ignore-output" not in tags(cell):
            proven |= set(_percentages(output_text(cell)))
    unproven = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for paragraph in re.split(r"\n\s*\n", cell.source):
                if "](http" not in paragraph:
                    unproven += [
                        number for number in _percentages(paragraph) if number not in proven
                    ]
    return unproven


def _percentages(text: str) -> list[float]:
    """Return the numbers before a per cent sign; in "97 to 98 %" and "between 97 and 98 %" both."""
    found = []
    for first, second in re.findall(
        r"(?:(\d+(?:\.\d+)?) (?:to|and|or) )?(\d+(?:\.\d+)?) ?(?:%|per cent)", text
    ):
        found += [float(number) for number in (first, second) if number]
    return found


NUMBER = re.compile(r"(?<![\w.,-])\d+(?:[,_]\d{3})*(?:\.\d+)?(?![\w%])")
SUM = re.compile(r"\(?\d[\d,.]*(?: ?[-+x*/()] ?\(?\d[\d,.]*\)?)+")
LARGEST_FREE_NUMBER = 12


def unbound_numbers(notebook) -> list[str]:
    """Return the numbers above 12 in the prose that nothing in the lesson backs.

    A number is backed if it stands in the lesson's code or in an output that nbval compares, rounded as
    the prose rounds it; if its paragraph has a link; or if it is the result of arithmetic that stands in
    its sentence. Years and the minutes in the opening need no backing.
    """
    backing = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    backing += [
        output_text(cell)
        for cell in notebook.cells
        if cell.cell_type == "code" and "nbval-ignore-output" not in tags(cell)
    ]
    backed = {_value(number) for text in backing for number in NUMBER.findall(text)}
    unbound = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for sentence in _sentences_without_source(cell.source):
                results = {_calculated(expression) for expression in SUM.findall(sentence)}
                unbound += [
                    number
                    for number in NUMBER.findall(_without_free_numbers(sentence))
                    if _value(number) > LARGEST_FREE_NUMBER
                    and not _is_among(number, backed | results - {None})
                ]
    return unbound


def _sentences_without_source(markdown: str) -> list[str]:
    """Return the sentences of all paragraphs that have no link to a source."""
    paragraphs = re.split(r"\n\s*\n", markdown)
    return [
        sentence
        for paragraph in paragraphs
        if "](http" not in paragraph
        for sentence in re.split(r"(?<=[.?!])\s", paragraph)
    ]


def _without_free_numbers(sentence: str) -> str:
    """Take out what needs no backing: the targets of links, years, and how many minutes a lesson takes."""
    sentence = re.sub(r"\]\([^)]*\)", "]", sentence)
    return re.sub(r"\b(?:19|20)\d\d\b(?!,\d)|\b\d+ minutes to read", "", sentence)


def _value(number: str) -> float:
    return float(number.replace(",", "").replace("_", ""))


def _is_among(number: str, values: set[float]) -> bool:
    """Say whether one of the values, rounded to the decimals of `number`, is that number."""
    decimals = len(number.partition(".")[2])
    return any(round(value, decimals) == _value(number) for value in values)


def _calculated(expression: str) -> float | None:
    """Return the result of plain arithmetic such as "(784 + 1) x 300"; None if it is none."""
    try:
        return float(eval(expression.replace(",", "").replace("x", "*"), {"__builtins__": {}}))
    except (SyntaxError, ZeroDivisionError, TypeError):
        return None
