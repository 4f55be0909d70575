"""Where every value of a definition file stands: from which letter to which, and how far in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import yaml

Path = tuple[str | int, ...]
_BLOCKS = ("|", ">")
_BOM = "\ufeff"


class CannotEdit(ValueError):
    """The file cannot be changed here without touching more; it can be mended as text."""


@dataclass(slots=True)
class Node:
    """A value where it stands: `start` to `end` in the text, comments after it left out.

    `column`: of its dashes or keys; `outer`: of the key or dash that it belongs to. `inside`: it
    stands within braces or brackets; `flow`: it has them itself.
    """

    start: int
    end: int
    column: int
    outer: int
    inside: bool
    style: str = ""
    flow: bool = False
    keys: dict[str, Node] = field(default_factory=dict)
    values: dict[str | int, Node] = field(default_factory=dict)


def find(text: str, path: Path) -> Node:
    """The node at a path of a text without faults. Raises KeyError."""
    skipped = len(_BOM) if text.startswith(_BOM) else 0
    events = iter(yaml.parse(text[skipped:], Loader=yaml.CSafeLoader))
    for event in events:
        if not isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            node = _Tree(events, text, skipped).node(event, -2, inside=False)
            for part in path:
                node = node.values[part]
            return node
    raise KeyError(path)


def line_start(text: str, at: int) -> int:
    """Where the line of `at` begins."""
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """Just behind the line break that ends the line of `at`."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def dash(text: str, node: Node, index: int) -> int:
    """The start of the line on which a part of a list begins. Raises CannotEdit."""
    start = line_start(text, node.values[index].start)
    while text[start : start + node.column + 1] != " " * node.column + "-":
        if start <= node.start - node.column:
            raise CannotEdit("this list is written in a way that only the text editor can change")
        start = line_start(text, start - 1)
    return start


def room(text: str, node: Node, key: str | int) -> tuple[int, int]:
    """From where to where a part of a list, or a key with its value, takes up the text.

    Raises CannotEdit.
    """
    parts = list(node.values)
    n = parts.index(key)
    if node.flow:
        if n:
            return node.values[parts[n - 1]].end, node.values[key].end
        return _begins(node, key), _begins(node, parts[1])
    end = line_end(text, node.values[key].end)
    if not node.keys:
        return dash(text, node, n), end
    start = line_start(text, _begins(node, key))
    if text[start : _begins(node, key)].strip():
        raise CannotEdit("the first line of an entry stays: remove the entry as a whole")
    return start, end


def _begins(node: Node, key: str | int) -> int:
    return (node.keys[str(key)] if node.keys else node.values[key]).start


class _Tree:
    """Builds nodes from parser events."""

    def __init__(self, events: Iterator[yaml.Event], text: str, skipped: int) -> None:
        self.events = events
        self.text = text
        self.skipped = skipped

    def node(self, event: yaml.Event, outer: int, *, inside: bool) -> Node:
        first, last = self.place(event.start_mark), self.place(event.end_mark)
        column = cast("yaml.Mark", event.start_mark).column
        node = Node(first, last, column, outer, inside)
        if isinstance(event, yaml.ScalarEvent):
            node.style = event.style or ""
            if node.style in _BLOCKS:
                node.end = first + len(self.text[first:last].rstrip("\r\n "))
            return node
        node.flow = bool(cast("yaml.CollectionStartEvent", event).flow_style)
        if isinstance(event, yaml.MappingStartEvent):
            self.mapping(node)
        else:
            self.sequence(node)
        return node

    def mapping(self, node: Node) -> None:
        deeper = node.inside or node.flow
        for event in self.events:
            if not isinstance(event, yaml.ScalarEvent):
                self.ended(node, event)
                return
            node.keys[event.value] = self.node(event, node.column, inside=deeper)
            value = self.node(next(self.events), node.column, inside=deeper)
            node.values[event.value] = value

    def sequence(self, node: Node) -> None:
        deeper = node.inside or node.flow
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                self.ended(node, event)
                return
            node.values[len(node.values)] = self.node(event, node.column, inside=deeper)

    def ended(self, node: Node, event: yaml.Event) -> None:
        if node.flow:
            node.end = self.place(event.end_mark)
        else:
            node.end = max([node.start, *(each.end for each in node.values.values())])

    def place(self, mark: object) -> int:
        return cast("yaml.Mark", mark).index + self.skipped
