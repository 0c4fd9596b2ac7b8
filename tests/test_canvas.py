"""The canvas: in Python alone, in a stored notebook, and drawn on in a browser, in JupyterLab and on a page.

Without a browser its tests are skipped, and REQUIRE_BROWSER=1 makes that an error.
"""

import contextlib
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from pathlib import Path

import nbformat
import numpy as np
import pytest
from ten_digits import TEN_DIGITS

from helpers.canvas import Canvas
from helpers.handwriting import PEN, SIDE, prepare_drawing, read_strokes

ROOT = Path(__file__).parent.parent
MODULE = ROOT / "helpers" / "canvas.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",  # root has none, and nothing but our own pages is opened
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECONDS = 30  # for one step in the browser


# In Python


def count_strokes(strokes):
    return f"{len(strokes)} of them"


def test_each_drawing_is_answered():
    canvas = Canvas(count_strokes)
    assert canvas.answer == ""
    canvas.strokes = TEN_DIGITS[4]
    assert canvas.answer == "2 of them"
    canvas.strokes = []
    assert canvas.answer == ""


def test_an_error_is_shown_where_one_looks():
    canvas = Canvas(lambda strokes: str(1 / 0))
    canvas.strokes = TEN_DIGITS[1]
    assert canvas.answer == "ZeroDivisionError: division by zero"


def test_an_answer_that_is_no_text_is_made_one():
    canvas = Canvas(len)
    canvas.strokes = TEN_DIGITS[4]
    assert canvas.answer == "2"


def test_it_reads_well_where_no_widget_is_shown():
    canvas = Canvas(count_strokes)
    assert repr(canvas) == "An empty canvas: run this cell in JupyterLab, and draw a digit."
    canvas.strokes = TEN_DIGITS[1]
    assert repr(canvas) == "A canvas with 1 stroke, and this answer: 1 of them"


def test_the_module_stands_alone_and_is_shipped():
    code = MODULE.read_text(encoding="utf-8")
    assert not re.search(r"\bimport\b|https?:|\brequire\b", code)
    assert re.search(r"SIDE = (.+);", code)[1] == str(SIDE)
    assert re.search(r"PEN = (.+);", code)[1] == str(PEN)
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert MODULE.name in settings["tool"]["setuptools"]["package-data"]["helpers"]


# In a notebook

CELLS = (
    "import json\n"
    "from pathlib import Path\n"
    "from helpers.canvas import Canvas\n"
    "from helpers.handwriting import prepare_drawing\n"
    "def answer_to(strokes):\n"
    "    drawn = {'strokes': strokes, 'image': prepare_drawing(strokes).tolist()}\n"
    "    Path('drawn.json').write_text(json.dumps(drawn))\n"
    "    return f'{len(strokes)} of them'",
    "canvas = Canvas(answer_to)\ncanvas",
)


def write_notebook(folder):
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS], metadata={"kernelspec": kernel}
    )
    nbformat.write(notebook, folder / "draw.ipynb")


def test_a_lesson_that_is_run_for_the_record_keeps_no_widget_state(tmp_path):
    write_notebook(tmp_path)
    options = re.findall(
        r"--ExecutePreprocessor\.\S+", (ROOT / "Makefile").read_text(encoding="utf-8")
    )
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace"]
    subprocess.run(
        [*command, *options, "draw.ipynb"], cwd=tmp_path, check=True, capture_output=True
    )
    notebook = nbformat.read(tmp_path / "draw.ipynb", as_version=4)
    assert "widgets" not in notebook.metadata
    assert "An empty canvas" in notebook.cells[1].outputs[0].data["text/plain"]


# In a browser


def find_browser():
    """Return the path of a browser that can be driven; skip the test, or fail it, where there is none."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    missing = None if path else "there is no Chromium or Chrome"
    if importlib.util.find_spec("playwright") is None:
        missing = "the package playwright is not installed"
    if missing and os.environ.get("REQUIRE_BROWSER", "") not in ("", "0"):
        pytest.fail(f"REQUIRE_BROWSER is set, but {missing}.")
    if missing:
        pytest.skip(missing)
    return path


@pytest.mark.parametrize("missing", ["Chromium or Chrome", "playwright"])
def test_a_missing_browser_skips_unless_it_is_required(monkeypatch, missing):
    if missing == "playwright":
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    else:
        monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.delenv("REQUIRE_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match=missing):
        find_browser()
    monkeypatch.setenv("REQUIRE_BROWSER", "1")
    with pytest.raises(pytest.fail.Exception, match=missing):
        find_browser()


@pytest.fixture(scope="module")
def browser():
    path = find_browser()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser):
    """Yield a function that opens a URL and returns the page; nothing else is asked for, and no error shown."""
    errors, outside = [], []
    with contextlib.ExitStack() as stack:

        def open_page(url, **options):
            context = stack.enter_context(browser.new_context(**options))
            context.set_default_timeout(1000 * SECONDS)
            own = url.rpartition("/lab/")[0] or url
            allowed = (own, own.replace("http", "ws", 1), "data:", "blob:")

            def judge(route):
                if route.request.url.startswith(allowed):
                    return route.continue_()
                outside.append(route.request.url)
                return route.abort()

            def note(socket):
                if not socket.url.startswith(allowed):
                    outside.append(socket.url)

            context.route("**/*", judge)
            page = context.new_page()
            page.on("websocket", note)
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on(
                "console", lambda said: errors.append(said.text) if said.type == "error" else None
            )
            page.goto(url)
            return page

        yield open_page
    assert outside == []
    assert errors == []


def places(canvas, points):
    """Where the points of a drawing lie on the screen."""
    box = canvas.bounding_box()
    return [
        (box["x"] + x * box["width"] / SIDE, box["y"] + y * box["height"] / SIDE) for x, y in points
    ]


def draw_with_mouse(page, canvas, strokes):
    for points in strokes:
        start, *others = places(canvas, points)
        page.mouse.move(*start)
        page.mouse.down()
        for place in others:
            page.mouse.move(*place)
        page.mouse.up()


def draw_with_finger(page, canvas, strokes):
    session = page.context.new_cdp_session(page)

    def touch(kind, *touched):
        points = [{"x": x, "y": y} for x, y in touched]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    for points in strokes:
        start, *others = places(canvas, points)
        touch("touchStart", start)
        for place in others:
            touch("touchMove", place)
        touch("touchEnd")


def assert_drawn(drawn, strokes):
    """The strokes came as they were drawn, up to a pixel of the screen, and so did the image."""
    assert len(drawn) == len(strokes)
    for got, wanted in zip(drawn, strokes, strict=True):
        np.testing.assert_allclose(got[0], wanted[0], atol=0.15)
        np.testing.assert_allclose(got[-1], wanted[-1], atol=0.15)
    difference = prepare_drawing(drawn).astype(float) - prepare_drawing(strokes)
    assert np.abs(difference).mean() < 3


# On a page

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Draw</title><main></main>
<script type="module">
{module}
window.calls = [];
const canvas = digitCanvas(document.querySelector("main"), (strokes) => {{
  window.calls.push(JSON.stringify(strokes));
  canvas.say(`${{strokes.length}} of them`);
}});
window.canvas = canvas;
</script></html>"""


@pytest.fixture
def page(open_page, tmp_path):
    """The module in a page of its own, opened from a file, without a network."""
    path = tmp_path / "page.html"
    path.write_text(PAGE.format(module=MODULE.read_text(encoding="utf-8")), encoding="utf-8")
    return open_page(path.as_uri(), has_touch=True, offline=True)


def last_drawing(page):
    return json.loads(page.evaluate("calls.at(-1)"))


@pytest.mark.parametrize("draw", [draw_with_mouse, draw_with_finger])
def test_strokes_are_drawn_on_a_page(page, draw):
    draw(page, page.get_by_role("img"), TEN_DIGITS[5])
    assert page.evaluate("calls.length") == 2
    assert_drawn(last_drawing(page), TEN_DIGITS[5])
    assert page.get_by_role("status").text_content() == "2 of them"


def test_a_dot_is_a_stroke_and_nothing_leaves_the_square(page):
    canvas = page.get_by_role("img")
    draw_with_mouse(page, canvas, [[[14, 14]], [[20, 20], [60, 20], [20, 90]]])
    dot, line = last_drawing(page)
    assert len(dot) == 1
    assert np.max(line) == SIDE
    assert np.min(line) >= 0


def test_other_buttons_and_other_fingers_draw_nothing(page):
    canvas = page.get_by_role("img")
    canvas.click(button="right")
    session = page.context.new_cdp_session(page)
    two = [dict(zip("xy", place, strict=True)) for place in places(canvas, [[5, 5], [20, 20]])]
    for kind, points in (("touchStart", two), ("touchMove", two), ("touchEnd", [])):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert page.evaluate("calls.length") == 1
    assert len(last_drawing(page)) == 1


def test_the_buttons_obey_the_keyboard(page):
    draw_with_mouse(page, page.get_by_role("img"), TEN_DIGITS[4])
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # on: Copy as text
    text = page.get_by_label("The drawing as text").input_value()
    assert read_strokes(text) == last_drawing(page)
    assert page.evaluate("getSelection().toString()") == text
    page.get_by_role("button", name="Clear").focus()
    page.keyboard.press("Space")
    assert last_drawing(page) == []
    assert page.get_by_label("The drawing as text").is_hidden()


def ink_shown(page):
    """How much of the square is dark."""
    return page.evaluate(
        """() => {
          const canvas = document.querySelector("canvas");
          const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
          return pixels.filter((value, i) => i % 4 === 3 && value > 200).length / (pixels.length / 4);
        }"""
    )


def test_what_is_drawn_is_seen(page):
    empty = ink_shown(page)
    page.evaluate("strokes => canvas.show(strokes)", TEN_DIGITS[8])
    assert ink_shown(page) > empty + 0.05
    page.evaluate("canvas.show([[], [[14, 14]]])")
    assert 0.003 < ink_shown(page) < 0.008  # a dot, 2.4 of 28 wide
    page.get_by_role("button", name="Clear").click()
    assert ink_shown(page) == empty


# In JupyterLab


@contextlib.contextmanager
def running_lab(folder):
    """Run JupyterLab on a folder, with settings of its own, and yield its URL; its kernels end with it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url, own = f"http://127.0.0.1:{port}", folder / "jupyter"
    places = {f"JUPYTER_{name}_DIR": str(own / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    options = [
        f"--ServerApp.port={port}",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={folder}",
        "--IdentityProvider.token=",
        "--LabApp.extension_manager=readonly",  # this and the next two: ask nobody outside
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    with open(folder / "lab.log", "w") as log:
        lab = subprocess.Popen(
            [*command, *options],
            cwd=folder,
            env=os.environ | places,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_for(lambda: lab.poll() is not None or answers(f"{url}/api"))
        assert lab.poll() is None, (folder / "lab.log").read_text()
        yield url
    finally:
        lab.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            lab.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(lab.pid, signal.SIGKILL)
        lab.wait(10)


def answers(url):
    with contextlib.suppress(OSError):
        return urllib.request.urlopen(url, timeout=1).status == 200
    return False


def wait_for(condition):
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, f"waited for {SECONDS} seconds"
        time.sleep(0.1)


def run_all(page):
    """Run all cells. Before the kernel is idle, JupyterLab would ask which one to take."""
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()


def is_saving(response):
    return response.request.method == "PUT" and "/api/contents/draw.ipynb" in response.url


def test_a_canvas_in_jupyterlab(open_page, tmp_path, request):
    write_notebook(tmp_path)
    with running_lab(tmp_path) as url:
        page = open_page(f"{url}/lab/tree/draw.ipynb", viewport={"width": 1200, "height": 900})
        run_all(page)
        canvas = page.locator(".digit-canvas canvas")
        canvas.scroll_into_view_if_needed()
        clear = page.get_by_role("button", name="Clear")
        images = []
        for strokes in TEN_DIGITS:
            draw_with_mouse(page, canvas, strokes)
            page.wait_for_function(
                "wanted => document.querySelector('.digit-canvas output').textContent === wanted",
                arg=f"{len(strokes)} of them",
            )
            drawn = json.loads((tmp_path / "drawn.json").read_text())
            assert_drawn(drawn["strokes"], strokes)
            np.testing.assert_array_equal(drawn["image"], prepare_drawing(drawn["strokes"]))
            images.append(drawn["image"])
            clear.focus()
            page.keyboard.press("Enter")
            page.wait_for_function(
                "() => document.querySelector('.digit-canvas output').textContent === ''"
            )
        page.locator(".jp-InputPrompt").first.click()
        with page.expect_response(is_saving):
            page.keyboard.press("Control+s")
        page.close()  # while the server is there, or the page would complain
    saved = nbformat.read(tmp_path / "draw.ipynb", as_version=4)
    assert "widgets" not in saved.metadata
    assert "An empty canvas" in saved.cells[1].outputs[0].data["text/plain"]
    from helpers.training import read

    answers = read(request.getfixturevalue("quick_network"), np.array(images, np.uint8)).argmax(1)
    assert np.sum(answers == np.arange(10)) >= 9
