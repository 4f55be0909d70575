"""Writes docs/rules.md, docs/gateways.md and docs/questions.md from the definitions.

python -m app.reference            into docs/
python -m app.reference FOLDER     into another folder
"""

from __future__ import annotations

import sys
from pathlib import Path

from app.catalogue import load
from app.reference.pages import texts
from app.settings import content_root


def main(folder: Path) -> None:
    """Write the pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts(load(content_root())).items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
