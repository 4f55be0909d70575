"""Which pages there are, by the names of their files."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from app.catalogue import Catalogue
from app.reference.gateways import gateways_page
from app.reference.policy import policy_page
from app.reference.questions import questions_page
from app.reference.rules import rules_page

COMMAND = "python -m app.reference"


def texts(catalogue: Catalogue) -> dict[str, str]:
    """The text of every page."""
    written = {
        "rules.md": rules_page(catalogue),
        "gateways.md": gateways_page(catalogue),
        "questions.md": questions_page(catalogue),
    }
    ending = f"\n---\n\nWritten from the definitions by `{COMMAND}`; change the definitions, not this page.\n"
    return {name: _text(lines, ending) for name, lines in written.items()}


def text_of_policy(apps: Iterable[Flask]) -> str:
    """The text of the page on who may do what, `policy.md`."""
    ending = f"\n---\n\nWritten from the program by `{COMMAND}`; change `app/actions/access/policy.py` and `app/web/access.py`.\n"
    return _text(policy_page(apps), ending)


def _text(lines: Iterable[str], ending: str) -> str:
    return "\n".join(lines).rstrip() + "\n" + ending
