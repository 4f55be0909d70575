"""What was proven on this machine before: kept in a file, so that only what changed is shown again."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from app.core.proof import NOTHING, Known, known_data, known_from

CORE = Path(__file__).parent / "core"


def recall(part: str) -> Known:
    """What is known of one part of the definitions; nothing, where nothing was kept."""
    try:
        kept = json.loads(_file().read_text(encoding="utf-8"))
        return known_from(kept[part]) if kept["made_by"] == _made_by() else NOTHING
    except (OSError, RuntimeError, ValueError, LookupError, TypeError, AttributeError):
        return NOTHING  # whoever has no file, or not ours, proves everything again


def keep(known: Mapping[str, Known]) -> None:
    """Keep what is known of each part, where there is a place to keep it."""
    text = json.dumps(
        {"made_by": _made_by()} | {part: known_data(each) for part, each in known.items()}
    )
    try:
        file = _file()
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False) as made:
            made.write(text)
        Path(made.name).replace(file)
    except (OSError, RuntimeError):
        return


def _file() -> Path:
    folder = os.environ.get("XDG_CACHE_HOME")
    return (Path(folder) if folder else Path.home() / ".cache") / "fingerpost" / "proofs.json"


@cache
def _made_by() -> str:
    """Changes with the program: another evaluator or prover must show everything again."""
    made = hashlib.blake2b(digest_size=12)
    for path in sorted(CORE.rglob("*.py")):
        made.update(path.read_bytes())
    return made.hexdigest()
