"""A student's copy: run lessons follow an update, edited ones are kept, nothing is lost."""

import nbformat
import pytest

from helpers.commands.lessons import fresh, update


def write_lesson(path, source, output=None):
    outputs = [nbformat.v4.new_output("stream", text=output)] if output else []
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source, outputs=outputs)]), path
    )


def source(path):
    return nbformat.read(path, as_version=4).cells[0].source


@pytest.fixture
def folders(tmp_path):
    originals, copies = tmp_path / "notebooks", tmp_path / "my_lessons"
    write_lesson(originals / "01_first.ipynb", "first version")
    update(originals, copies)
    return originals, copies


def test_a_lesson_is_copied_and_a_second_time_nothing_happens(folders, capsys):
    originals, copies = folders
    update(originals, copies)
    assert source(copies / "01_first.ipynb") == "first version"
    assert capsys.readouterr().out == ""


def test_a_lesson_that_was_only_run_follows_the_update(folders, capsys):
    originals, copies = folders
    write_lesson(copies / "01_first.ipynb", "first version", output="42")
    write_lesson(originals / "01_first.ipynb", "second version")
    update(originals, copies)
    assert source(copies / "01_first.ipynb") == "second version"
    assert "updated" in capsys.readouterr().out


def test_an_edited_lesson_is_kept_and_the_student_is_told(folders, capsys):
    originals, copies = folders
    write_lesson(copies / "01_first.ipynb", "my own work")
    update(originals, copies)
    assert capsys.readouterr().out == ""
    write_lesson(originals / "01_first.ipynb", "second version")
    update(originals, copies)
    assert source(copies / "01_first.ipynb") == "my own work"
    assert "yours is kept" in capsys.readouterr().out


def test_a_damaged_copy_is_kept(folders, capsys):
    originals, copies = folders
    (copies / "01_first.ipynb").write_text("{ half a noteb")
    write_lesson(originals / "01_first.ipynb", "second version")
    update(originals, copies)
    assert (copies / "01_first.ipynb").read_text() == "{ half a noteb"


def test_a_fresh_copy_keeps_the_old_one_beside_it(folders, capsys):
    originals, copies = folders
    write_lesson(copies / "01_first.ipynb", "my own work")
    fresh("01", originals, copies)
    assert source(copies / "01_first.ipynb") == "first version"
    (kept,) = copies.glob("01_first_*.ipynb")
    assert source(kept) == "my own work"


def test_a_lesson_that_does_not_exist_is_named(folders):
    with pytest.raises(SystemExit, match="no lesson '99'. There are: 01"):
        fresh("99", *folders)
