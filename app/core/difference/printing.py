"""What differs in the documents: their own keys, and block by block what they print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from app.core.difference.change import Effect, Thing, canonical
from app.core.difference.comparing import GONE, HERE, MOVED, OTHERWISE, Comparison
from app.core.difference.words import Words, plain
from app.core.models import Model
from app.core.outputs import Further, Listing, Outline, Piece, Point
from app.core.wording import short

DOCUMENT = Effect.DOCUMENT
ALIKE = 0.5  # of the letters of two blocks, to be the same block changed
NESTED = ("blocks", "else_")
TITLES = {"text": "wording", "clause": "heading", "if_": "condition", "where": "condition"}


class Printing:
    """Compares the outlines of two catalogues."""

    def __init__(self, comparison: Comparison, below: str) -> None:
        self.it = comparison
        self.folder = f"outputs{below}"

    def compare(self) -> None:
        """Note every difference."""
        old, new = self.it.old.outlines, self.it.new.outlines
        for name in [*new, *(name for name in old if name not in new)]:
            self.outline(name, old.get(name), new.get(name))

    def outline(self, name: str, old: Outline | None, new: Outline | None) -> None:
        """One document."""
        there = new or old
        if there is None:
            return
        file = f"{self.folder}/{name}.yaml"
        thing = Thing("document", name, f"Document “{short(there.title)}”", file)
        if old is None or new is None:
            said = ("", there.title) if old is None else (there.title, "")
            self.it.note(thing, HERE if old is None else GONE, DOCUMENT, said)
            return
        blocks = old.blocks, new.blocks
        self.it.keys(thing, old, new, {"blocks": lambda: self.pieces(thing, *blocks)})

    def pieces(self, thing: Thing, old: Sequence[Piece], new: Sequence[Piece]) -> None:
        """The blocks of a document, or of a block."""
        heading = ""
        pairs = list(_paired(old, new))
        gone = {canonical(one) for one, other in pairs if other is None}
        came = {canonical(other) for one, other in pairs if one is None}
        for one, other in pairs:
            there = other or one
            if there is not None and there.heading is not None:
                heading = there.heading
            here = _under(thing, heading)
            if one is not None and other is not None:
                if not self.it.same(one, other):
                    self.piece(here, one, other)
                continue
            self.single(here, one, other, moved=gone & came)

    def single(
        self, thing: Thing, old: Piece | None, new: Piece | None, moved: Iterable[str]
    ) -> None:
        """A block that came or went, or stands elsewhere."""
        if new is not None:
            part = MOVED if canonical(new) in moved else HERE
            said = "" if part is HERE else "Stood elsewhere", _said(new, self.it.after)
            self.it.note(thing, _part(new, part), DOCUMENT, said, key=new.kind)
        elif old is not None and canonical(old) not in moved:
            said = _said(old, self.it.before), ""
            self.it.note(thing, _part(old, GONE), DOCUMENT, said, key=old.kind)

    def piece(self, thing: Thing, old: Piece, new: Piece) -> None:
        """One block, key by key."""
        rows = new.each or new.rows
        within = replace(thing, rows=rows or thing.rows)
        for name in Piece.model_fields:
            one, other = getattr(old, name), getattr(new, name)
            if self.it.same(one, other):
                continue
            noted = len(self.it.found)
            if name in NESTED:
                self.pieces(within, one, other)
            if len(self.it.found) == noted:
                self.value(within, name, one, other)

    def value(self, thing: Thing, name: str, old: Any, new: Any) -> None:
        """One key of a block."""
        said = _value(old, self.it.before, thing), _value(new, self.it.after, thing)
        title = TITLES.get(name, name.rstrip("_").replace("_", " "))
        if name in ("if_", "where") and self.it.alike(old, new, thing):
            said = said[0], said[1] + OTHERWISE
        if said[0] == said[1]:
            said = canonical(old), canonical(new)
        self.it.note(thing, title, DOCUMENT, said, key=name.rstrip("_"))


def _under(thing: Thing, heading: str) -> Thing:
    return replace(thing, where=f"{thing.where}, “{short(heading)}”") if heading else thing


def _part(piece: Piece, what: str) -> str:
    return f"{piece.kind} {'moved' if what is MOVED else what}".replace("_", " ")


def _paired(
    old: Sequence[Piece], new: Sequence[Piece]
) -> Iterator[tuple[Piece | None, Piece | None]]:
    """Blocks that are the same, and between them those that are alike."""
    texts = [canonical(each) for each in old], [canonical(each) for each in new]
    for tag, i, j, k, m in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from zip(old[i:j], new[k:m], strict=True)
            continue
        left = list(range(i, j))
        for n in range(k, m):
            best = max(
                left,
                key=lambda o: _likeness(old[o], new[n], texts[0][o], texts[1][n]),
                default=None,
            )
            if best is None or _likeness(old[best], new[n], texts[0][best], texts[1][n]) < ALIKE:
                yield None, new[n]
                continue
            left.remove(best)
            yield old[best], new[n]
        for o in left:
            yield old[o], None


def _likeness(old: Piece, new: Piece, one: str, other: str) -> float:
    if old.kind != new.kind:
        return 0.0
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()


def _said(piece: Piece, words: Words) -> str:
    """What a block prints, in short."""
    thing = Thing("", "", "", "", rows=piece.each or piece.rows)
    texts = [
        _value(getattr(piece, name), words, thing)
        for name in Piece.model_fields
        if name not in ("level", "locked") and getattr(piece, name) not in (None, (), {})
    ]
    return short(". ".join(text for text in texts if text), 400)


def _value(value: Any, words: Words, thing: Thing) -> str:
    """A value of a block as it would be read out."""
    match value:
        case str():
            named = value in words.program.questions or value in words.program.scope
            return words.name(value) if named else plain(value)
        case tuple() | list():
            return " | ".join(_value(each, words, thing) for each in value)
        case Mapping():
            if words.expression(value, thing.rows) is not None:
                return f"If {words.condition(value, thing.rows)}"
            return "; ".join(f"{key}: {_value(each, words, thing)}" for key, each in value.items())
        case Model():
            return _inner(value, words, thing)
        case _:
            return plain(value)


def _inner(value: Model, words: Words, thing: Thing) -> str:
    """A part of a block as it would be read out."""
    match value:
        case Piece():
            return _said(value, words)
        case Point():
            return f"if {words.condition(value.if_, thing.rows)}: {value.text}"
        case Listing():
            return f"{words.names(value.columns, value.rows)} of {words.name(value.rows)}"
        case Further():
            return _value((value.text, *value.parts), words, thing)
        case _:
            return plain(value)
