"""YAML read strictly: plain data with a place for every value, or every fault with its place.

Only `true` and `false` are booleans and only plain numbers are numbers. Tags, anchors, aliases,
merge keys, duplicate keys, deep nesting, endless lists and big files are faults. Nothing is composed before its
depth is known, because the C loader does not survive deep nesting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import yaml

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_ITEMS = 2_000  # in one list or mapping
MAX_VALUES = 50_000  # in one file
MAX_FAULTS = 200
LONGEST_SHOWN = 60  # letters of a value that is told

_Node = yaml.ScalarEvent | yaml.CollectionStartEvent
Mark = tuple[int, int]
At = tuple[str | int, ...]

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,14})\.[0-9]{1,15}")
_DOUBTFUL = re.compile(
    r"[-+]?[0-9][0-9_]*|[-+]?[0-9_]*\.[0-9_]+|[-+]?[0-9][0-9_]*\."
    r"|[-+]?[0-9.]+[eE][-+]?[0-9]+|0[xob][0-9a-fA-F_]+"
)
_NUMERIC = frozenset("+-.0123456789_")  # what a number, or what looks like one, begins with
_WORDS = {"true": True, "false": False, "null": None, "": None}


@dataclass(slots=True)
class Parsed:
    """A parsed text: its value, where everything stands, and what is wrong with it."""

    value: Any = None
    marks: dict[At, Mark] = field(default_factory=dict)
    faults: list[tuple[At, str]] = field(default_factory=list)


class _Stop(Exception):
    """Nothing after this can be read."""


def parse(text: bytes) -> Parsed:
    """Parse one YAML document. Never raises for what the text holds: see `faults`."""
    parsed = Parsed(marks={(): (1, 1)})
    if len(text) > MAX_BYTES:
        parsed.faults.append(
            ((), f"the file has {len(text):,} bytes; {MAX_BYTES:,} are allowed: split it")
        )
        return parsed
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError as fault:
        parsed.faults.append(((), f"the file is not UTF-8 (byte {fault.start}): save it as UTF-8"))
        return parsed
    try:
        _Builder(yaml.parse(decoded, Loader=yaml.CSafeLoader), parsed).document()
    except _Stop:
        pass
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        at: At = ("\0",)
        parsed.marks[at] = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = getattr(fault, "problem", None) or str(fault).splitlines()[0]
        parsed.faults.append((at, f"this is not YAML: {problem}"))
    return parsed


def place(marks: Mapping[At, Mark], path: At) -> Mark:
    """Line and column of a path, or of the nearest value around it."""
    for end in range(len(path), -1, -1):
        if path[:end] in marks:
            return marks[path[:end]]
    return 1, 1


def _at(event: yaml.Event) -> Mark:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


class _Builder:
    """Builds plain data from parser events."""

    def __init__(self, events: Iterator[yaml.Event], parsed: Parsed) -> None:
        self.events = events
        self.parsed = parsed
        self.values = 0

    def document(self) -> None:
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.fault((), event, "a file holds one document: remove the second '---'")
                    raise _Stop
            elif not isinstance(
                event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent
            ):
                self.parsed.value = self.value(event, (), 0)
        if self.parsed.value is None and not self.parsed.faults:
            self.parsed.faults.append(((), "the file is empty"))

    def fault(self, path: At, event: yaml.Event, message: str) -> None:
        mark = _at(event)
        at = (*path, f"\0{len(self.parsed.faults)}")
        self.parsed.marks[at] = mark
        self.parsed.faults.append((at, message))
        if len(self.parsed.faults) == MAX_FAULTS:
            self.fault(path, event, "more may be wrong from here on: mend these first")
            raise _Stop
        if len(self.parsed.faults) >= MAX_FAULTS:
            raise _Stop

    def value(self, event: yaml.Event, path: At, depth: int) -> Any:
        if path not in self.parsed.marks:
            self.parsed.marks[path] = _at(event)
        self.values += 1
        if self.values > MAX_VALUES:
            self.fault(path, event, f"the file has more than {MAX_VALUES:,} values: split it")
            raise _Stop
        if depth > MAX_DEPTH:
            self.fault(path, event, f"nested more than {MAX_DEPTH} deep")
            raise _Stop
        if isinstance(event, yaml.AliasEvent):
            self.fault(
                path, event, "aliases (*) are not allowed: write it out, or name a condition"
            )
            return None
        node = cast("_Node", event)  # nothing else begins a value
        if node.anchor is not None or node.tag is not None:
            self.check_plain(node, path)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path, depth)
        return self.mapping(path, depth)

    def check_plain(self, event: _Node, path: At) -> None:
        """Nothing carries an anchor or a tag."""
        if event.anchor is not None:
            self.fault(
                path, event, "anchors (&) are not allowed: write it out, or name a condition"
            )
        if event.tag and event.tag != "!":
            self.fault(path, event, f"tags are not allowed: remove {event.tag}")

    def sequence(self, path: At, depth: int) -> list[Any]:
        found: list[Any] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            self.room(len(found), path, event)
            found.append(self.value(event, (*path, len(found)), depth + 1))
        return found

    def mapping(self, path: At, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                self.fault(path, event, "a key is a word")
                self.value(event, (*path, "\0key"), depth + 1)
                self.value(next(self.events), (*path, "\0value"), depth + 1)
                continue
            key = event.value
            self.room(len(found), path, event)
            if key == "<<" and not event.style:
                self.fault(path, event, "merge keys (<<) are not allowed: write it out")
            if key in found:
                self.fault(path, event, f"the key '{key}' is here twice: remove one")
            self.parsed.marks[*path, key] = _at(event)
            found[key] = self.value(next(self.events), (*path, key), depth + 1)
        return found

    def room(self, items: int, path: At, event: yaml.Event) -> None:
        """One list or mapping holds so many parts and no more."""
        if items >= MAX_ITEMS:
            said = f"more than {MAX_ITEMS:,} parts in one list: split it, or name what belongs together"
            self.fault(path, event, said)
            raise _Stop

    def scalar(self, event: yaml.ScalarEvent, path: At) -> Any:
        text = event.value
        if event.style:  # quoted, or a block: text as it stands
            return text
        if text in _WORDS:
            return _WORDS[text]
        if text[0] not in _NUMERIC:
            return text
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text) and not (text.endswith("0") and not text.endswith(".0")):
            return float(text)
        if _DOUBTFUL.fullmatch(text):
            short = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
            self.fault(
                path,
                event,
                f'is {short} a number or a text? Write "{short}" in quotes, or the number plainly',
            )
        return text
