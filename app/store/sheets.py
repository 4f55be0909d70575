"""How a sheet is written down: JSON text, and a short memory of the texts read last."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

import orjson

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


class _Memory:
    """The sheets of the texts read last.

    A sheet never changes and is nothing but its text, so this can never be out of date, whoever
    writes to the database. Whoever reads a sheet must not change the values in it.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.kept: OrderedDict[str, Sheet] = OrderedDict()
        self.written: OrderedDict[Same[Sheet], Written] = OrderedDict()
        self.lock = Lock()

    def recall(self, text: str) -> Sheet | None:
        with self.lock:
            sheet = self.kept.get(text)
            if sheet is not None:
                self.kept.move_to_end(text)
            return sheet

    def clear(self) -> None:
        with self.lock:
            self.kept.clear()
            self.written.clear()

    def keep(self, text: str, sheet: Sheet) -> None:
        with self.lock:
            self.kept[text] = sheet
            if len(self.kept) > self.size:
                self.kept.popitem(last=False)

    def recall_written(self, sheet: Sheet) -> Written:
        """The entries of a sheet as they were written, as far as they are remembered."""
        with self.lock:
            return self.written.get(Same(sheet), {})

    def keep_written(self, sheet: Sheet, written: Written) -> None:
        with self.lock:
            self.written[Same(sheet)] = written
            if len(self.written) > self.size:
                self.written.popitem(last=False)


_memory = _Memory(REMEMBERED)


def forget_sheets() -> None:
    """Forget every sheet that was read, as a process that has not met them yet."""
    _memory.clear()


def read_sheet(text: str) -> Sheet:
    """The sheet that was written as this text."""
    sheet = _memory.recall(text)
    if sheet is None:
        sheet = from_document(from_text(text))
        _memory.keep(text, sheet)
    return sheet


def write_sheet(sheet: Sheet, before: Sheet | None = None) -> str:
    """The sheet as text.

    `before`: the sheet it came of. A page changes few entries: the others are written already.
    """
    earlier = _memory.recall_written(before) if before is not None else {}
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
    _memory.keep(text, sheet)
    _memory.keep_written(sheet, written)
    return text


def _fragment(entry: Entry) -> orjson.Fragment:
    return orjson.Fragment(to_text(entry_document(entry)))
