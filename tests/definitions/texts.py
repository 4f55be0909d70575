"""The texts of a document, wherever in its blocks they stand."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from app.core.blocks import Run


def texts(thing: Any) -> Iterator[str]:
    """Every text in the blocks of a document."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, Run):
        yield thing.text
    elif isinstance(thing, tuple | list):
        for each in thing:
            yield from texts(each)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from texts(getattr(thing, field.name))
