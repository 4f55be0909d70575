"""The options of a question: who uses each, a new one, another text, and what removing one hides."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from app.actions.definitions.uses import Use
from app.catalogue import things
from app.catalogue.things import Thing
from app.web.editor.desk import Desk
from app.web.editor.ordering import OPTIONS, moves
from app.web.site import Context

LONGEST_CODE = 40


def options_of(desk: Desk, thing: Thing) -> Context | None:
    """The options of a question as a table; None where it has none of its own."""
    found = thing.value.get("options") if thing.kind in (things.QUESTION, things.COLUMN) else None
    may_have = thing.value.get("type") in ("choice", "multi", "band")
    if not isinstance(found, dict) or not may_have:
        return None
    before = desk.released(thing)
    known = (before.value.get("options") or {}) if before else {}
    uses = desk.uses(thing.file)
    return {
        "rows": [
            {
                "label": label_of(said),
                "hint": hint_of(said),
                "new": code not in known,
                "alone": thing.value.get("exclusive") == code,
                "used": uses.of_option(thing.id, code).words(),
                "url": desk.url("option", code=code, kind=thing.kind, id_=thing.id),
                **moves(OPTIONS, found, code),
            }
            for code, said in found.items()
        ],
        "add": desk.url("new_option", kind=thing.kind, id_=thing.id) if desk.may_edit else None,
    }


def label_of(said: Any) -> str:
    """The text of an option, however the file says it."""
    return str(said.get("label", "")) if isinstance(said, dict) else str(said)


def hint_of(said: Any) -> str:
    """The hint of an option."""
    return str(said.get("hint") or "") if isinstance(said, dict) else ""


def code_of(text: str, taken: Mapping[str, Any], *, dotted: str = "") -> str:
    """A code made of a text, once and for all: it never changes when the text does."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    short = "_".join(word for word in words if word not in _SMALL)[:LONGEST_CODE].strip("_")
    code = short or "option"
    code = code if code[0].isalpha() else f"o_{code}"
    code = f"{dotted}.{code}" if dotted else code
    several = (f"{code}_{n}" for n in range(2, len(taken) + 3))
    return code if code not in taken else next(each for each in several if each not in taken)


_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "or",
        "and",
        "to",
        "in",
        "on",
        "for",
        "is",
        "are",
        "it",
        "any",
        "this",
        "that",
        "do",
        "does",
        "you",
        "your",
    ]
)


def used_by(use: Use) -> list[Context]:
    """What reads something, by kind, with its titles."""
    kinds = (
        ("Rules", use.rules),
        ("Scores", use.scores),
        ("Decisions and lists", use.others),
        ("Questions asked because of it", use.asks),
        ("Documents", use.documents),
    )
    return [
        {"title": title, "names": [name for _, name in found]} for title, found in kinds if found
    ]
