"""Writes docs/rules.md, docs/gateways.md and docs/questions.md from the definitions, docs/policy.md from the program.

python -m app.reference            into docs/
python -m app.reference FOLDER     into another folder
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from app.catalogue import load
from app.reference.pages import text_of_policy, texts
from app.reference.policy import sites_in
from app.settings import content_root


def main(folder: Path) -> None:
    """Write the pages."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = texts(load(content_root()))
    with TemporaryDirectory() as empty:
        pages["policy.md"] = text_of_policy(sites_in(Path(empty)))
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
