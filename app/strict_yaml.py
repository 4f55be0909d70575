"""YAML read strictly: plain data, or every fault with its place; and where every value stands.

Only `true` and `false` are booleans and only plain numbers are numbers. Tags, anchors, aliases,
merge keys, duplicate keys, deep nesting, endless lists and big files are faults. Nothing is composed before its
depth is known, because the C loader does not survive deep nesting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_ITEMS = 2_000  # in one list or mapping
MAX_VALUES = 50_000  # in one file
MAX_FAULTS = 200
LONGEST_SHOWN = 60  # letters of a value that is told

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
    """A parsed text: its value, and what is wrong with it; `places` knows where that stands."""

    value: Any = None
    faults: list[tuple[At, str]] = field(default_factory=list)


class _Stop(Exception):
    """Nothing after this can be read."""


def parse(text: bytes) -> Parsed:
    """Parse one YAML document. Never raises for what the text holds: see `faults`."""
    return _walk(text, _Builder(placing=False))


def places(text: bytes) -> dict[At, Mark]:
    """Where every value and every fault of a text stands, in the paths that `parse` tells.

    That is asked of few texts, takes half as long again, and more memory than all values.
    """
    builder = _Builder(placing=True)
    _walk(text, builder)
    return builder.marks


def _walk(text: bytes, builder: _Builder) -> Parsed:
    parsed = builder.parsed
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
        builder.document(yaml.CSafeLoader(decoded).get_event)
    except _Stop:
        pass
    except yaml.YAMLError as fault:
        at: At = ("\0",)
        builder.marks[at], said = _unreadable(decoded, fault)
        parsed.faults.append((at, said))
    return parsed


# What the parser says in words of its own, in words of people who write these files
_SET_IN = (
    "this line is not set in as those around it: "
    "give it as many spaces at its beginning as its neighbours have"
)
_QUOTES = "write the whole text in quotes"
_BEHIND = (
    "something stands behind a closing quote or bracket: "
    "write the whole text in double quotes, and those inside it as single ones"
)
_SPECIAL = f"a text cannot begin with this sign: {_QUOTES}"
_NO_COLON = (
    'this line is no "key: text": write a colon and a space behind its first word, '
    "or set it in with spaces if it belongs to the line above"
)
_SAID = (
    ("did not find expected <document start>", _SET_IN),
    ("did not find expected '-' indicator", _SET_IN),
    ("could not find expected ':'", _NO_COLON),
    ("found character that cannot start any token", _SPECIAL),
    ("did not find expected node content", _SPECIAL),
    ("did not find expected alphabetic or numeric", _SPECIAL),
    ("mapping keys are not allowed", _SPECIAL),
    ("block sequence entries are not allowed", "a list begins on a line of its own: move it down"),
    ("did not find expected ',' or", "a bracket is not closed, or a comma is missing: add it"),
    ("found unexpected end of stream", "a quote is not closed: add one where the text ends"),
    ("found unknown escape", "a backslash has a meaning within double quotes: write two of them"),
    ("comment or line break", "a text behind | or > begins on the next line: move it down"),
    ("directive", f"a line cannot begin with %: {_QUOTES}"),
)
_BEGAN = ("could not find expected", "found unexpected end of stream", "did not find expected ','")
"""What is told at the place where it began, not some lines below where the parser gave up."""


def _unreadable(text: str, fault: yaml.YAMLError) -> tuple[Mark, str]:
    """Where a text stops being readable, and what to do about it."""
    problem = str(getattr(fault, "problem", None) or fault)
    mark, began = getattr(fault, "problem_mark", None), getattr(fault, "context_mark", None)
    if mark and began and problem.startswith(_BEGAN) and mark.line > began.line:
        mark = began
    if mark is None:  # a sign that is none, found before anything is parsed
        head = text[: getattr(fault, "position", 0)]
        place = head.count("\n") + 1, len(head) - head.rfind("\n")
        return place, "a character that cannot be seen stands here: remove it"
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    said = _in_words(problem, line[: mark.column], line[mark.column :])
    return (mark.line + 1, mark.column + 1), said


def _in_words(problem: str, before: str, behind: str) -> str:
    """What the parser says, in plain words, with how to mend it."""
    if behind.startswith("\t"):
        return "a tab stands at the beginning of this line: write spaces"
    if problem.startswith("mapping values are not allowed"):
        if ": " in before:
            return f"a second colon and a space stand in this text: {_QUOTES}"
        return _SET_IN
    if problem.startswith("did not find expected key"):
        return _BEHIND if before.strip() else _SET_IN
    for begins, said in _SAID:
        if begins in problem:
            return said
    return f"this cannot be read from here on: write it as the lines around it ({problem})"


def place(marks: Mapping[At, Mark], path: At) -> Mark:
    """Line and column of a path, or of the nearest value around it."""
    for end in range(len(path), -1, -1):
        if path[:end] in marks:
            return marks[path[:end]]
    return 1, 1


def _at(event: Event) -> Mark:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


class _Builder:
    """Builds plain data from parser events, and notes where it stands if asked to.

    A catalogue has some 40,000 values: whatever is done for each is done in few steps.
    """

    __slots__ = ("marks", "parsed", "path", "placing", "step", "values")

    step: Callable[[], Any]  # the next event; None after the last

    def __init__(self, *, placing: bool) -> None:
        self.parsed = Parsed()
        self.placing = placing
        self.marks: dict[At, Mark] = {(): (1, 1)}
        self.path: list[str | int] = []  # of the value that is being read
        self.values = 0

    def document(self, step: Callable[[], Any]) -> None:
        self.step = step
        documents = 0
        while (event := step()) is not None:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.fault((), event, "a file holds one document: remove the second '---'")
                    raise _Stop
            elif not isinstance(event, StreamStartEvent | StreamEndEvent | DocumentEndEvent):
                self.parsed.value = self.value(event, 0)
        if self.parsed.value is None and not self.parsed.faults:
            self.parsed.faults.append(((), "the file is empty"))

    def fault(self, path: Sequence[str | int], event: Event, message: str) -> None:
        at = (*path, f"\0{len(self.parsed.faults)}")
        self.marks[at] = _at(event)
        self.parsed.faults.append((at, message))
        if len(self.parsed.faults) == MAX_FAULTS:
            self.fault(path, event, "more may be wrong from here on: mend these first")
            raise _Stop
        if len(self.parsed.faults) >= MAX_FAULTS:
            raise _Stop

    def value(self, event: Event, depth: int) -> Any:
        if self.placing:
            self.marks.setdefault(tuple(self.path), _at(event))
        self.values += 1
        if self.values > MAX_VALUES or depth > MAX_DEPTH:
            self.refuse(event)
        return _READ[event.__class__](self, event, depth)

    def refuse(self, event: Event) -> NoReturn:
        """Read nothing after what is too deep or one too many."""
        if self.values > MAX_VALUES:
            said = f"the file has more than {MAX_VALUES:,} values: split it"
        else:
            said = f"nested more than {MAX_DEPTH} deep"
        self.fault(self.path, event, said)
        raise _Stop

    def alias(self, event: AliasEvent, _depth: int) -> None:
        said = "aliases (*) are not allowed: write it out, or name a condition"
        self.fault(self.path, event, said)

    def check_plain(self, event: ScalarEvent | CollectionStartEvent) -> None:
        """Nothing carries an anchor or a tag."""
        if event.anchor is not None:
            said = "anchors (&) are not allowed: write it out, or name a condition"
            self.fault(self.path, event, said)
        if event.tag and event.tag != "!":
            self.fault(self.path, event, f"tags are not allowed: remove {event.tag}")

    def sequence(self, start: SequenceStartEvent, depth: int) -> list[Any]:
        if start.anchor is not None or start.tag is not None:
            self.check_plain(start)
        found: list[Any] = []
        step, path = self.step, self.path
        path.append(0)
        while (event := step()).__class__ is not SequenceEndEvent:
            if len(found) >= MAX_ITEMS:
                self.overflow(event)
            path[-1] = len(found)
            found.append(self.value(event, depth + 1))
        path.pop()
        return found

    def mapping(self, start: MappingStartEvent, depth: int) -> dict[str, Any]:
        if start.anchor is not None or start.tag is not None:
            self.check_plain(start)
        found: dict[str, Any] = {}
        step, path = self.step, self.path
        path.append("")
        while (event := step()).__class__ is not MappingEndEvent:
            if event.__class__ is not ScalarEvent:
                self.no_word(event, depth)
                continue
            key = event.value
            if len(found) >= MAX_ITEMS:
                self.overflow(event)
            if key in found or key == "<<":
                self.check_key(event, found)
            path[-1] = key
            if self.placing:
                self.marks[tuple(path)] = _at(event)
            found[key] = self.value(step(), depth + 1)
        path.pop()
        return found

    def no_word(self, event: Event, depth: int) -> None:
        """A list, a mapping or an alias where a key should be, and its value."""
        self.fault(self.path[:-1], event, "a key is a word")
        self.path[-1] = "\0key"
        self.value(event, depth + 1)
        self.path[-1] = "\0value"
        self.value(self.step(), depth + 1)

    def check_key(self, event: ScalarEvent, found: Mapping[str, Any]) -> None:
        """Nothing is merged, and no key is there twice."""
        key, around = event.value, self.path[:-1]
        if key == "<<" and not event.style:
            self.fault(around, event, "merge keys (<<) are not allowed: write it out")
        if key in found:
            self.fault(around, event, f"the key '{key}' is here twice: remove one")

    def overflow(self, event: Event) -> NoReturn:
        """One list or mapping holds so many parts and no more."""
        said = f"more than {MAX_ITEMS:,} parts in one list: split it, or name what belongs together"
        self.fault(self.path[:-1], event, said)
        raise _Stop

    def scalar(self, event: ScalarEvent, _depth: int) -> Any:
        if event.anchor is not None or event.tag is not None:
            self.check_plain(event)
        text = event.value
        if event.style:  # quoted, or a block: text as it stands
            return text
        if text in _WORDS:
            return _WORDS[text]
        return self.number(text, event) if text[0] in _NUMERIC else text

    def number(self, text: str, event: ScalarEvent) -> int | float | str:
        """What begins as a number does: a number, or text that cannot be taken for one."""
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text) and not (text.endswith("0") and not text.endswith(".0")):
            return float(text)
        if _DOUBTFUL.fullmatch(text):
            short = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
            said = (
                f'is {short} a number or a text? Write "{short}" in quotes, or the number plainly'
            )
            self.fault(self.path, event, said)
        return text


_READ: Mapping[type[Event], Callable[[_Builder, Any, int], Any]] = {
    AliasEvent: _Builder.alias,
    ScalarEvent: _Builder.scalar,
    SequenceStartEvent: _Builder.sequence,
    MappingStartEvent: _Builder.mapping,
}
