"""Files that answer a question: their bytes are kept elsewhere, under the hash that the answer says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.core.domains import show_date
from app.core.questions.asked import BLANK, Answer, Asked, Reading, first_of

FILE_KINDS: Mapping[str, str] = {
    "pdf": "PDF",
    "png": "PNG picture",
    "jpeg": "JPEG picture",
    "docx": "Word file",
    "xlsx": "Excel file",
}
"""Kinds of files that are taken, and what they are called."""

MAX_BYTES = 10 * 1024 * 1024
LONGEST_NAME = 120
REFUSED = "-refused"
"""The part of a name under which a page says why a file was not taken."""

_KEYS = {"hash", "name", "kind", "size", "at"}
_HASH = re.compile(r"[0-9a-f]{64}")
_CHOOSE = "Choose a file"
_NOT_A_FILE = "expected a file: write its path, from the folder of the answers file, such as papers/signed.pdf"


def file_form(asked: Asked, posted: Mapping[str, Sequence[str]]) -> Reading:
    """Read what was made of the file that a page brought; nothing of it is typed by anybody."""
    refused, made = first_of(posted, REFUSED), first_of(posted)
    if refused or not made:
        return Reading(error=refused) if refused else BLANK
    try:
        return file_file(asked, json.loads(made))
    except (ValueError, RecursionError):
        return Reading(error=_CHOOSE)


def file_file(_asked: Asked, raw: Any) -> Reading:
    """Read a file as an answer says it: by hash, name, kind, size and when it came."""
    if not isinstance(raw, dict) or raw.keys() != _KEYS:
        return Reading(error=_NOT_A_FILE)
    sound = (
        _fits(raw["hash"], _HASH)
        and isinstance(raw["name"], str)
        and 0 < len(raw["name"]) <= LONGEST_NAME
        and raw["name"].isprintable()
        and isinstance(raw["kind"], str)
        and raw["kind"] in FILE_KINDS
        and type(raw["size"]) is int
        and 0 < raw["size"] <= MAX_BYTES
        and _is_moment(raw["at"])
    )
    return Reading(raw) if sound else Reading(error=_NOT_A_FILE)


def _fits(raw: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(raw, str) and pattern.fullmatch(raw) is not None


def _is_moment(raw: Any) -> bool:
    try:
        return datetime.fromisoformat(raw).tzinfo is not None
    except (TypeError, ValueError):
        return False


def show_file(_asked: Asked, answer: Answer) -> str:
    """Put an answer into words: the file's name, kind, size and day."""
    return f"{answer['name']} ({describe_file(answer)}, {file_day(answer)})"


def describe_file(answer: Mapping[str, Any]) -> str:
    """The kind and size of a file: "PDF, 1.2 MB"."""
    return f"{FILE_KINDS[answer['kind']]}, {file_size(answer['size'])}"


def file_size(size: int) -> str:
    """So many bytes as people say it."""
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024)):,} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def file_day(answer: Mapping[str, Any]) -> str:
    """The day on which a file came."""
    return show_date(str(answer["at"])[:10])
