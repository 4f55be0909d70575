"""Which pages there are, by the names of their files."""

from __future__ import annotations

from app.catalogue import Catalogue
from app.reference.gateways import gateways_page
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
    return {name: "\n".join(lines).rstrip() + "\n" + ending for name, lines in written.items()}
