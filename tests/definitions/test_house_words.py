"""Definitions and pages spell and punctuate alike: an email, and straight apostrophes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
READ = [
    *(("*.yaml", folder) for folder in ("questionnaires", "rules", "outputs")),
    *((kind, "app/web") for kind in ("*.html", "*.py")),
]
# An address on the web keeps its spelling: links to it stand in letters that were sent.
WRONG = {
    "e-mail": re.compile(r"(?<!/)\be-mail", re.IGNORECASE),
    "curly": re.compile("[\u2018\u2019]"),
}


def said_wrong(text: str) -> list[str]:
    return [f"{fault}: {line.strip()[:80]}" for fault, wrong in WRONG.items()
            for line in text.splitlines() if wrong.search(line)]  # fmt: skip


@pytest.mark.parametrize(("kind", "folder"), READ)
def test_what_people_read_is_spelt_in_one_way(kind: str, folder: str) -> None:
    files = sorted((ROOT / folder).rglob(kind))
    found = {str(file.relative_to(ROOT)): said_wrong(file.read_text("utf-8")) for file in files}
    assert files
    assert not {file: lines for file, lines in found.items() if lines}


@pytest.mark.parametrize("text", ["Send an e-mail", "E-mails", "the lead’s advice"])
def test_another_spelling_is_found(text: str) -> None:
    assert said_wrong(text)


def test_an_address_on_the_web_is_left_alone() -> None:
    assert not said_wrong('@account.get("/people/e-mails")')
