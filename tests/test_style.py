"""ruff has nothing to say about the code, in modules and in notebooks."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff_is_content(arguments):
    root = Path(__file__).parent.parent
    answer = subprocess.run(
        [sys.executable, "-m", "ruff", *arguments, "."], cwd=root, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stdout
