"""The parties of a project: which of them sign and decide, and which is meant by a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

SHORTEST_NAME = 4


def is_processor(row: Mapping[str, Any]) -> bool:
    """Whether a party, or the legal route of one, is a processor: it acts on instructions."""
    return row.get("role") == "processor"


def deciding(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The parties that sign and decide: all but processors."""
    return [row for row in rows if not is_processor(row)]


def named(names: Sequence[str], organisation: str) -> int | None:
    """Where an organisation stands among names, in full or in short ("Carnmere"), if in one place."""
    wanted = _plain(organisation)
    plain = [_plain(name) for name in names]
    same = [at for at, name in enumerate(plain) if name == wanted]
    found = same or [at for at, name in enumerate(plain) if _alike(name, wanted)]
    return found[0] if len(found) == 1 else None


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= SHORTEST_NAME and f" {short} " in f" {long} "
