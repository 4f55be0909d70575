"""Changes of one value in a definition file: only its own span is written anew.

The text stays the single source. Every change is read back before it counts: the value is exactly
what was asked for, every other value is what it was, and every other line stands byte for byte.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app import strict_yaml
from app.catalogue import writing
from app.catalogue.spans import CannotEdit, Node, Path, dash, find, line_end, room

Key = str | int


@dataclass(frozen=True)
class File:
    """A definition file that can be edited: its text, and what it says."""

    text: str
    value: Any

    @classmethod
    def of(cls, content: bytes) -> File:
        """Read a file. Raises CannotEdit when it has faults."""
        parsed = strict_yaml.parse(content)
        if parsed.faults:
            raise CannotEdit("this file cannot be read: mend it as text first")
        return cls(content.decode("utf-8"), parsed.value)

    @property
    def content(self) -> bytes:
        """The file as bytes."""
        return self.text.encode()

    def at(self, path: Path) -> Any:
        """The value at a path. Raises KeyError."""
        value = self.value
        for part in path:
            try:
                value = value[part]
            except (IndexError, TypeError) as missing:
                raise KeyError(path) from missing
        return value

    def line_of(self, path: Path) -> int:
        """The line on which a value, or its key, begins."""
        return strict_yaml.place(strict_yaml.places(self.content), path)[0]

    def change(self, path: Path, value: Any) -> File:
        """Another value in the place of one. Raises KeyError, CannotEdit."""
        if same(self.at(path), value):
            return self
        wanted = _with(self.value, path, value)
        return _says(wanted, _replacements(self.text, find(self.text, path), value))

    def put(self, path: Path, value: Any, order: Sequence[str] = ()) -> File:
        """Set a key: change it, add it where `order` has it, or remove it (value None).

        A part of a list is there, and is changed or removed.
        """
        *to, key = path
        there = self.at(tuple(to))
        known = isinstance(key, int) or key in there
        if value is None:
            return self.remove(path) if known else self
        if known:
            return self.change(path, value)
        return self._add(tuple(to), str(key), value, order)

    def remove(self, path: Path) -> File:
        """Take out a key, or a part of a list. Comments stay. Raises KeyError, CannotEdit."""
        self.at(path)
        *to, key = path
        if len(self.at(tuple(to))) == 1:
            return self.change(tuple(to), [] if isinstance(key, int) else {})
        start, end = room(self.text, find(self.text, tuple(to)), key)
        return _says(_without(self.value, path), [self.text[:start] + self.text[end:]])

    def insert(self, to: Path, index: int, value: Any) -> File:
        """Put a part into a list, before the one at `index` now. Raises KeyError, CannotEdit."""
        parts = self.at(to)
        index = max(0, min(index, len(parts)))
        wanted = _with(self.value, to, [*parts[:index], value, *parts[index:]])
        if not parts:
            return self.change(to, [value])
        node = find(self.text, to)
        if node.flow:
            return _says(wanted, [_insert_inside(self.text, node, index, writing.flow(value))])
        lines = writing.entry(value, node.column)
        return _says(wanted, [_insert_lines(self.text, node, index, lines)])

    def move(self, path: Path, to: Path, index: int) -> File:
        """Move a part of a list, its lines as they are written, into a list as deep.

        `index`: where it is to stand when it has left its old place. Raises KeyError, CannotEdit.
        """
        value = self.at(path)
        *from_, here = path
        if tuple(from_) == to and here == index:
            return self
        old = find(self.text, tuple(from_))
        taken = self.remove(path)
        there = find(taken.text, to)
        empty = not there.values
        if old.flow or (there.flow and not empty):
            return taken.insert(to, index, value)
        start, end = room(self.text, old, here)
        column = there.outer + writing.DEEP if empty else there.column
        lines = _moved(self.text[start:end].rstrip("\n"), column - old.column)
        parts = taken.at(to)
        wanted = _with(taken.value, to, [*parts[:index], value, *parts[index:]])
        if empty:
            head, tail = taken.text[: there.start].rstrip(), taken.text[there.end :]
            return _says(wanted, [f"{head}\n{lines}{tail}"])
        return _says(wanted, [_insert_lines(taken.text, there, index, lines)])

    def swap(self, to: Path, one: Key, other: Key) -> File:
        """Two neighbours change places, with their lines as they are written.

        They are keys of a mapping or parts of a list. Raises KeyError, CannotEdit.
        """
        wanted = _with(self.value, to, _swapped(self.at(to), one, other))
        node = find(self.text, to)
        first, last = sorted((one, other), key=list(node.values).index)
        # The last line of a file may lack its end, which a line in its middle cannot.
        text = self.text if node.flow or self.text.endswith("\n") else f"{self.text}\n"
        return _says(wanted, [_exchanged(text, *(_taken(text, node, n) for n in (first, last)))])

    def rename(self, renamed: Callable[[str], str]) -> File:
        """Every text, key or value, under another name where it has one, each in its own place.

        What `renamed` gives has to differ in names alone, not in how a text is quoted or broken into
        lines. Raises CannotEdit.
        """
        places = sorted(_renamed_places(find(self.text, ()), self.value, renamed))
        parts, at = [], 0
        for start, end in places:
            said, quote = self.text[start:end], self.text[start] in "'\""
            new = f"{said[0]}{renamed(said[1:-1])}{said[-1]}" if quote else renamed(said)
            parts += [self.text[at:start], new]
            at = end
        if not places:
            return self
        return _says(_renamed(self.value, renamed), ["".join((*parts, self.text[at:]))])

    def _add(self, to: Path, key: str, value: Any, order: Sequence[str]) -> File:
        there: dict[str, Any] = self.at(to)
        after = _before_in(order, key, list(there))
        wanted = _with(self.value, to, _added(there, key, value, after))
        node = find(self.text, to)
        if not there:
            return self.change(to, {key: value})
        place = node.values[after]
        if node.flow:
            pair = f", {writing.scalar(key, flow=True)}: {writing.flow(value)}"
            return _says(wanted, [self.text[: place.end] + pair + self.text[place.end :]])
        lines = "\n".join(writing.pairs({key: value}, node.column))
        return _says(wanted, [_after(self.text, place.end, lines)])


def _says(wanted: Any, texts: Iterable[str]) -> File:
    """The first of these texts that says what is wanted and nothing else. Raises CannotEdit."""
    for text in texts:
        parsed = strict_yaml.parse(text.encode())
        if not parsed.faults and same(parsed.value, wanted):
            return File(text, parsed.value)
    raise CannotEdit("this cannot be changed here without touching other lines: edit it as text")


def same(one: Any, other: Any) -> bool:
    """Whether two values are written alike: 1 is not true, and the order of keys counts."""
    return repr(one) == repr(other)


def _with(value: Any, path: Path, new: Any) -> Any:
    """A copy of a value with another one at a path."""
    if not path:
        return new
    changed = copy.copy(value)
    changed[path[0]] = _with(value[path[0]], path[1:], new)
    return changed


def _without(value: Any, path: Path) -> Any:
    *to, key = path
    holder = value
    for part in to:
        holder = holder[part]
    left = copy.copy(holder)
    del left[key]
    return _with(value, tuple(to), left)


def _added(there: dict[str, Any], key: str, value: Any, after: str) -> dict[str, Any]:
    added: dict[str, Any] = {}
    for each, kept in there.items():
        added[each] = kept
        if each == after:
            added[key] = value
    return added


def _before_in(order: Sequence[str], key: str, there: Sequence[str]) -> str:
    """The key after which a new one goes: the last of those that come before it in the order."""
    if key not in order:
        return there[-1]
    before = set(order[: order.index(key)])
    return next((each for each in reversed(there) if each in before), there[0])


def _swapped(holder: Any, one: Key, other: Key) -> Any:
    if isinstance(holder, list):
        parts = list(holder)
        parts[int(one)], parts[int(other)] = parts[int(other)], parts[int(one)]
        return parts
    places = {one: other, other: one}
    return {places.get(key, key): holder[places.get(key, key)] for key in holder}


def _renamed(value: Any, renamed: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return renamed(value)
    if isinstance(value, list):
        return [_renamed(each, renamed) for each in value]
    if isinstance(value, dict):
        return {_renamed(key, renamed): _renamed(each, renamed) for key, each in value.items()}
    return value


def _renamed_places(
    node: Node, value: Any, renamed: Callable[[str], str]
) -> Iterator[tuple[int, int]]:
    """From where to where those texts stand that get another name."""
    if isinstance(value, str) and renamed(value) != value:
        yield node.start, node.end
    elif isinstance(value, list):
        for n, each in enumerate(value):
            yield from _renamed_places(node.values[n], each, renamed)
    elif isinstance(value, dict):
        for key, each in value.items():
            named = node.keys[str(key)]
            if isinstance(key, str) and renamed(key) != key:
                yield named.start, named.end
            yield from _renamed_places(node.values[str(key)], each, renamed)


# How a change is written


def _replacements(text: str, node: Node, value: Any) -> Iterator[str]:
    """Ways to write another value in a place, the nearest to what stands there first."""
    before, after = text[: node.start], text[node.end :]
    if node.inside:
        yield before + writing.flow(value) + after
        return
    # What stood below its key, or nowhere, makes room on the key's own line.
    head = f"{before.rstrip()} " if node.values or node.start == node.end else before
    indent = node.outer + writing.DEEP
    if isinstance(value, dict | list):
        yield before.rstrip() + writing.below(value, indent) + after
        yield head + writing.flow(value) + after
        return
    for way in _blocks(node, value, indent) if isinstance(value, str) else ():
        yield head + way + after
    yield head + writing.scalar(value) + after


def _blocks(node: Node, value: str, indent: int) -> Iterator[str]:
    """A text over several lines, if it has some or stood on some."""
    if node.style == ">":
        yield from filter(None, [writing.block(value, indent, folded=True)])
    if node.style in ("|", ">") or "\n" in value:
        yield from filter(None, [writing.block(value, indent, folded=False)])


def _after(text: str, at: int, lines: str) -> str:
    """Whole lines put in below the line of `at`."""
    place = line_end(text, at)
    gap = "" if place == 0 or text[place - 1] == "\n" else "\n"
    return f"{text[:place]}{gap}{lines}\n{text[place:]}"


def _insert_lines(text: str, node: Node, index: int, lines: str) -> str:
    if index:
        return _after(text, node.values[index - 1].end, lines)
    start = dash(text, node, 0)
    return f"{text[:start]}{lines}\n{text[start:]}"


def _insert_inside(text: str, node: Node, index: int, written: str) -> str:
    if index:
        place = node.values[index - 1].end
        return f"{text[:place]}, {written}{text[place:]}"
    place = node.values[0].start
    return f"{text[:place]}{written}, {text[place:]}"


def _taken(text: str, node: Node, key: Key) -> slice:
    """What changes places: whole lines, or an entry between commas."""
    if node.flow:
        began = node.keys[str(key)] if node.keys else node.values[key]
        return slice(began.start, node.values[key].end)
    return slice(*room(text, node, key))


def _exchanged(text: str, a: slice, b: slice) -> str:
    return text[: a.start] + text[b] + text[a.stop : b.start] + text[a] + text[b.stop :]


def _moved(lines: str, by: int) -> str:
    """Lines that stand further in or out."""
    if by >= 0:
        return "\n".join(" " * by + line if line else line for line in lines.split("\n"))
    return "\n".join(
        line[-by:] if not line[:-by].strip() else line.lstrip() for line in lines.split("\n")
    )
