"""How a sheet is written down: JSON text, and a short memory of the texts read last."""

import json
from collections import OrderedDict
from threading import Lock

from app.core.sheet import Sheet, from_document, to_document

REMEMBERED = 32

_JSON = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def to_text(value: object) -> str:
    """JSON in plain ASCII, so that no database stumbles over a character."""
    return _JSON.encode(value)


class _Memory:
    """The sheets of the texts read last.

    A sheet never changes and is nothing but its text, so this can never be out of date, whoever
    writes to the database. Whoever reads a sheet must not change the values in it.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.kept: OrderedDict[str, Sheet] = OrderedDict()
        self.lock = Lock()

    def recall(self, text: str) -> Sheet | None:
        with self.lock:
            sheet = self.kept.get(text)
            if sheet is not None:
                self.kept.move_to_end(text)
            return sheet

    def keep(self, text: str, sheet: Sheet) -> None:
        with self.lock:
            self.kept[text] = sheet
            if len(self.kept) > self.size:
                self.kept.popitem(last=False)


_memory = _Memory(REMEMBERED)


def read_sheet(text: str) -> Sheet:
    """The sheet that was written as this text."""
    sheet = _memory.recall(text)
    if sheet is None:
        sheet = from_document(json.loads(text))
        _memory.keep(text, sheet)
    return sheet


def write_sheet(sheet: Sheet) -> str:
    """The sheet as text."""
    text = to_text(to_document(sheet))
    _memory.keep(text, sheet)
    return text
