"""Nothing that is written in a definition stops the check, nor takes much time or memory."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile import TEXTS

ROOT = Path(__file__).parent.parent
MUTANTS = 60  # `python -m tests.hostile` tries a thousand, and prints what each takes


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are read from /proc")
def test_every_hostile_text_loads_or_is_told_in_its_place_within_the_limits() -> None:
    """In a process of its own, which a limit of memory or of processor time would end."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile", str(MUTANTS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    counted = re.match(r"(\d+) texts: (\d+) loaded, (\d+) refused\n(\d+) things told", done.stdout)
    assert counted, done.stdout
    texts, loaded, refused, told = map(int, counted.groups())
    assert texts == loaded + refused
    assert texts > len(TEXTS) + MUTANTS
    assert loaded > 5
    assert refused > 2 * len(TEXTS)
    assert told > refused


def test_a_crash_of_that_process_is_noticed() -> None:
    wrong = "import tests.hostile as h; h.limit_time(0.2)\nwhile True: pass"
    done = subprocess.run([sys.executable, "-c", wrong], cwd=ROOT, check=False, capture_output=True)
    assert done.returncode != 0
    large = "import tests.hostile as h; h.limit_memory(10**7); x = bytearray(10**8)"
    done = subprocess.run([sys.executable, "-c", large], cwd=ROOT, check=False, capture_output=True)
    assert b"MemoryError" in done.stderr
