"""Claims about documents: each block can be printed, and what it names has a value where it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from app.core import text
from app.core.logic import Expression
from app.core.outputs import Outline, Piece, Point
from app.core.outputs import Said as Said_
from app.core.proof.asking import LOOSEN
from app.core.proof.claims import Asked, Atom, Claim, Has, InRow, Judged, NotSure, Valued
from app.core.proof.formula import Place
from app.core.proof.lines import Definitions, Said
from app.core.wording import short

HELD = "print it only where it has a value: put it under “if”, or give it one in every case"


@dataclass(frozen=True)
class _Spot:
    """Where a piece stands, and what must hold for it to be printed; `rows` it walks through."""

    definitions: Definitions
    outline: str
    place: Place
    atoms: tuple[Atom, ...]
    rows: str | None = None
    where: tuple[Expression, ...] = ()

    def at(self, *more: str | int) -> _Spot:
        return replace(self, place=self.place.at(*more))

    def given(self, *more: Atom) -> _Spot:
        return replace(self, atoms=(*self.atoms, *more))

    @property
    def name(self) -> str:
        return f"{self.outline}:{'.'.join(map(str, self.place.path))}"


def printing_claims(definitions: Definitions) -> Iterator[Claim]:
    """What must be able to be printed."""
    for name, outline in definitions.outlines.items():
        spot = _Spot(
            definitions,
            name,
            Place(definitions.file("outputs", name), ()),
            _context(definitions, name),
        )
        if outline.if_ is not None:
            said = _said(spot.at("if"), outline.if_, f"“{short(outline.title)}” is written only if")
            spot = spot.given(Judged(said))
            yield _block(spot.at("if"), f"the document “{short(outline.title)}”", (said,))
        yield from _pieces(spot.at("blocks"), outline.blocks)


def empty_claims(definitions: Definitions) -> Iterator[Claim]:
    """What must never be: a derived fact printed where it has no value."""
    for claim in printing_claims(definitions):
        if claim.kind in ("text", "part"):
            yield from _empty(definitions, claim)


def _empty(definitions: Definitions, claim: Claim) -> Iterator[Claim]:
    for atom in claim.atoms:
        if isinstance(atom, Valued):
            rest = tuple(each for each in claim.atoms if not isinstance(each, Valued))
            title = short(definitions.program.scope[atom.id].name)
            yield Claim(
                "placeholder",
                f"{claim.name}={atom.id}",
                claim.place,
                (*rest, Valued(atom.id, there=False)),
                f"“{title}” ({atom.id}) is printed here also where it has no value:"
                " it would read “Not answered yet”, and nobody could answer it",
                HELD,
            )


def _context(definitions: Definitions, name: str) -> tuple[Atom, ...]:
    """The routes that write a document."""
    pipeline = definitions.pipeline
    routes = tuple(
        route.code
        for route in pipeline.route.outcomes
        if name in route.documents
        or any(
            name in (*pipeline.stage(id_).documents, pipeline.stage(id_).signed)
            for id_ in route.stages
        )
    )
    return (Has(pipeline.route.id, routes),) if routes else ()


def _said(spot: _Spot, raw: Any, about: str) -> Said:
    return Said(spot.definitions.where.read(raw), raw, spot.place, about)


def _block(spot: _Spot, what: str, own: tuple[Said, ...] = ()) -> Claim:
    return Claim(
        "block",
        spot.name,
        spot.place,
        spot.atoms,
        f"{what} can never be printed",
        LOOSEN.format("the block"),
        own,
    )


def _pieces(spot: _Spot, pieces: tuple[Piece, ...]) -> Iterator[Claim]:
    for n, piece in enumerate(pieces):
        yield from _piece(spot.at(n), piece)


def _piece(spot: _Spot, piece: Piece) -> Iterator[Claim]:
    return _KINDS.get(piece.kind, _texts)(spot, piece)


def _if(spot: _Spot, piece: Piece) -> Iterator[Claim]:
    said = _said(spot.at("if"), piece.if_, "it is printed only if")
    inner = spot.given(Judged(said))
    yield _block(inner.at("if"), "what stands under this condition", (said,))
    yield from _pieces(inner.at("blocks"), piece.blocks)
    if piece.else_:
        other = spot.given(NotSure(said))
        yield replace(
            _block(other.at("else"), "what stands under 'else'"), name=f"{spot.name}:else"
        )
        yield from _pieces(other.at("else"), piece.else_)


def _each(spot: _Spot, piece: Piece) -> Iterator[Claim]:
    inner = _walked(spot, piece)
    yield _block(inner.at("each"), "what is printed for each row")
    yield from _pieces(inner.at("blocks"), piece.blocks)


def _schedule(spot: _Spot, piece: Piece) -> Iterator[Claim]:
    yield from _texts(spot, piece)
    yield from _pieces(spot.at("blocks"), piece.blocks)


def _rows(spot: _Spot, piece: Piece) -> Iterator[Claim]:
    yield _block(spot.given(Asked(piece.rows or "")), "this table of rows")


def _fields(spot: _Spot, piece: Piece) -> Iterator[Claim]:
    for n, (name, said) in enumerate(piece.fields.items()):
        yield from _cell(spot.at("fields", name), said, n)


def _walked(spot: _Spot, piece: Piece) -> _Spot:
    """Within the rows that `each` walks through."""
    rows = piece.each or ""
    where: tuple[Expression, ...] = ()
    if piece.where is not None:
        where = (spot.definitions.where.read(piece.where, rows),)
    return replace(spot.given(InRow(rows, where)), rows=rows, where=where)


def _texts(spot: _Spot, piece: Piece) -> Iterator[Claim]:
    for key in ("heading", "text", "schedule"):
        source = getattr(piece, key)
        if source:
            for n, part in enumerate(text.paragraphs(source)):
                yield from _text(spot.at(key), part, n)
    for n, source in enumerate(piece.bullets or ()):
        yield from _text(spot.at("bullets", n), source)
    # Said instead where an answer is missing, as any may be.
    yield from _pieces(spot.at("else"), piece.else_)


def _clause(spot: _Spot, piece: Piece) -> Iterator[Claim]:
    for n, paragraph in enumerate(piece.paragraphs()):
        at = spot if n == 0 else spot.at("then", n - 1)
        yield from _text(at.at("text"), paragraph.text)
        inner = at.given(*_asked(at, paragraph.text))
        for k, part in enumerate(paragraph.parts):
            yield from _lettered(inner.at("parts", k), part)


def _lettered(spot: _Spot, part: str | Point) -> Iterator[Claim]:
    if isinstance(part, str):
        yield from _text(spot, part)
        return
    said = _said(spot.at("if"), part.if_, "it is printed only if")
    inner = spot.given(Judged(said))
    yield _block(inner.at("if"), "what stands under this condition", (said,))
    yield from _text(inner.at("text"), part.text)


def _table(spot: _Spot, piece: Piece) -> Iterator[Claim]:
    spot = _walked(spot, piece) if piece.each else spot
    for n, said in enumerate(piece.said()):
        yield from _cell(spot.at("table"), said, n)


def _cell(spot: _Spot, said: Said_, n: int) -> Iterator[Claim]:
    """A text or a list of rows."""
    if isinstance(said, str):
        for part in text.paragraphs(said):
            yield from _text(spot, part, n)
        return
    where: tuple[Expression, ...] = ()
    if said.where is not None:
        where = (spot.definitions.where.read(said.where, said.rows),)
    inner = spot.given(InRow(said.rows, where))
    yield replace(_block(inner, "this list of rows"), name=f"{spot.name}#{n}")


def _text(spot: _Spot, source: str, n: int = 0) -> Iterator[Claim]:
    """A text that names something is printed only where all of it is asked."""
    named = _named(spot, source)
    if named:
        yield Claim(
            "text",
            f"{spot.name}#{n}",
            spot.place,
            (*spot.atoms, *_asked(spot, source), *named),
            f"the text “{short(source, 60)}” can never be printed with all that it names",
            LOOSEN.format("it") + "; a text that names two things needs both to be asked together",
        )


def _named(spot: _Spot, source: str) -> tuple[Atom, ...]:
    """Everything a text names has an answer or a value."""
    questions = spot.definitions.program.questions
    derived = [n for n in text.places(source) if "." in n and n not in questions]
    return (*_asked(spot, source), *(Valued(name) for name in dict.fromkeys(derived)))


def _asked(spot: _Spot, source: str) -> tuple[Atom, ...]:
    """The questions and columns that a text names are asked."""
    names = dict.fromkeys(text.places(source))
    questions = spot.definitions.program.questions
    found: list[Atom] = [Asked(name) for name in names if name in questions]
    columns = tuple(name for name in names if "." not in name)
    if columns and spot.rows:
        found.append(InRow(spot.rows, spot.where, columns))
    return tuple(found)


def _answers(spot: _Spot, piece: Piece) -> Iterator[Claim]:
    questions = spot.definitions.program.questions
    for n, id_ in enumerate(piece.answers or ()):
        atom: Atom = Asked(id_) if id_ in questions else Valued(id_)
        what = f"the answer to “{short(spot.definitions.program.scope[id_].name)}”"
        yield _block(spot.given(atom).at("answers", n), what)


def _part(spot: _Spot, piece: Piece) -> Iterator[Claim]:
    named = [("scores", n, id_) for n, id_ in enumerate(piece.scores)]
    for key, n, id_ in named:
        yield _block(spot.given(Valued(id_)).at(key, n), "this score")
    if piece.decision:
        yield _block(spot.given(Valued(piece.decision)).at("decision"), "this decision")


def written_nowhere(definitions: Definitions) -> Iterator[tuple[Place, Outline]]:
    """Documents that no stage and no route writes."""
    for name, outline in definitions.outlines.items():
        if not _context(definitions, name):
            yield Place(definitions.file("outputs", name), ("title",)), outline


_KINDS = {
    "if": _if,
    "each": _each,
    "schedule": _schedule,
    "clause": _clause,
    "table": _table,
    "answers": _answers,
    "rows": _rows,
    "form": _fields,
    "facts": _fields,
    "part": _part,
}
