"""How a sheet is written down: JSON text, and a short memory of the texts read last."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import orjson

from app.core.recent import Recent
from app.core.same import Same
from app.core.sheet import Entry, Sheet, entry_document, from_document, to_document

REMEMBERED = 32

Written = Mapping[str, orjson.Fragment]
"""The entries of a sheet as JSON, by address."""

_PLAIN = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def to_text(value: object) -> str:
    """A value as JSON text. Raises TypeError for what JSON cannot hold."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        # Half of a surrogate pair is no character, and is kept all the same: what was typed is
        # shown again. Anything else that JSON cannot hold is refused here too.
        return _PLAIN.encode(value)


def from_text(text: str) -> Any:
    """The value written as this JSON text."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


# A sheet never changes and is nothing but its text. Whoever reads one must not change its values.
_sheets = Recent[str, Sheet](REMEMBERED)
_written = Recent[Same[Sheet], Written](REMEMBERED)


def forget_sheets() -> None:
    """Forget every sheet that was read, as a process that has not met them yet."""
    _sheets.forget()
    _written.forget()


def read_sheet(text: str) -> Sheet:
    """The sheet that was written as this text."""
    return _sheets.recall(text) or _sheets.keep(text, from_document(from_text(text)))


def write_sheet(sheet: Sheet, before: Sheet | None = None) -> str:
    """The sheet as text.

    `before`: the sheet it came of. A page changes few entries: the others are written already.
    """
    earlier = (_written.recall(Same(before)) if before is not None else None) or {}
    had = before.entries if before is not None else {}
    written = {
        address: earlier[address]
        if address in earlier and had.get(address) is entry
        else _fragment(entry)
        for address, entry in sheet.entries.items()
    }
    try:
        text = orjson.dumps(to_document(sheet, written)).decode()
    except orjson.JSONEncodeError:
        text = to_text(to_document(sheet))
    _sheets.keep(text, sheet)
    _written.keep(Same(sheet), written)
    return text


def _fragment(entry: Entry) -> orjson.Fragment:
    return orjson.Fragment(to_text(entry_document(entry)))
