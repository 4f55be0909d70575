"""Two changes of one text brought together by lines, or the news that they meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple


class _Change(NamedTuple):
    """Lines `start` to `end` of the base, and what one side has instead."""

    start: int
    end: int
    lines: tuple[bytes, ...]
    mine: bool


def merge(base: bytes, mine: bytes, theirs: bytes) -> bytes | None:
    """What both sides made of `base`, by lines; None where they changed the same lines unlike."""
    if theirs in (mine, base):
        return mine
    if mine == base:
        return theirs
    lines = base.splitlines(keepends=True)
    changes = sorted([*_changes(lines, mine, mine=True), *_changes(lines, theirs, mine=False)])
    merged: list[bytes] = []
    done = 0
    for group in _groups(changes):
        chosen = _chosen(group)
        if chosen is None:
            return None
        for change in chosen:
            merged += lines[done : change.start]
            merged += change.lines
            done = change.end
    return b"".join([*merged, *lines[done:]])


def _changes(base: Sequence[bytes], text: bytes, *, mine: bool) -> Iterator[_Change]:
    lines = text.splitlines(keepends=True)
    for kind, start, end, first, last in SequenceMatcher(
        None, base, lines, autojunk=False
    ).get_opcodes():
        if kind != "equal":
            yield _Change(start, end, tuple(lines[first:last]), mine)


def _groups(changes: Sequence[_Change]) -> Iterator[list[_Change]]:
    """The changes that meet, together."""
    group: list[_Change] = []
    for change in changes:
        if group and not any(_meet(each, change) for each in group):
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _meet(one: _Change, other: _Change) -> bool:
    """Whether two changes touch the same lines; where one only adds, beside it is the same place."""
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end


def _chosen(group: Sequence[_Change]) -> Sequence[_Change] | None:
    """The changes to make of those that meet: one side's, if the other has none or the same."""
    mine = [each for each in group if each.mine]
    theirs = [each for each in group if not each.mine]
    if not mine or not theirs:
        return group
    same = [each[:3] for each in mine] == [each[:3] for each in theirs]
    return mine if same else None
