"""Which answers a model had better give, so that it shows as much as it can of what is still open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from app.core.domains import UNSURE, Kind
from app.core.proof.claims import Claim, Has, InRow
from app.core.proof.world import World


def preferred(world: World, open_: Sequence[tuple[Claim, list[int]]]) -> Iterator[int]:
    """Literals to try first: for each choice an option not shown yet, for each row another one."""
    options: dict[str, list[str]] = {}
    columns: dict[tuple[str, str], list[str]] = {}
    for claim, literals in open_:
        atom = claim.atoms[-1]
        if claim.kind == "option" and isinstance(atom, Has):
            options.setdefault(atom.id, []).extend(atom.codes)
        elif claim.kind == "column option" and isinstance(atom, InRow) and atom.code:
            columns.setdefault((atom.rows, atom.code[0]), []).append(atom.code[1])
        else:
            yield from literals
    for id_, codes in options.items():
        fact = world.fact(id_)
        several = world.program.scope[id_].kind is Kind.CODES
        yield from _only(fact.codes.items(), codes if several else codes[:1])
    for (rows, name), codes in columns.items():
        for n, there in enumerate(world.fact(rows).rows):
            yield there
            column = world.column(rows, n, name)
            yield from _only(column.codes.items(), [codes[n % len(codes)]])


def _only(literals: Iterable[tuple[str, int]], codes: list[str]) -> Iterator[int]:
    yield from (literal if code in codes else -literal for code, literal in literals)


def together(world: World, claim: Claim, open_: Iterable[tuple[Claim, list[int]]]) -> list[int]:
    """More to ask for with an option of a column: the next ones of it, in other rows or beside it."""
    atom = claim.atoms[-1]
    if claim.kind != "column option" or not isinstance(atom, InRow) or not atom.code:
        return []
    rows, name = atom.rows, atom.code[0]
    codes = [
        other.atoms[-1].code[1]
        for other, _ in open_
        if other.kind == claim.kind
        and isinstance(other.atoms[-1], InRow)
        and other.atoms[-1].rows == rows
        and other.atoms[-1].code
        and other.atoms[-1].code[0] == name
    ]
    if world.program.scope[rows].columns[name].kind is Kind.CODES:
        apart = world.program.questions[rows].column(name).exclusive
        return [_at(world, rows, 0, name, [code for code in codes if code not in (apart, UNSURE)])]
    count = len(world.fact(rows).rows)
    each = zip(range(count), dict.fromkeys((atom.code[1], *codes)), strict=False)
    return [_at(world, rows, n, name, [code]) for n, code in each]


def _at(world: World, rows: str, n: int, name: str, codes: Iterable[str]) -> int:
    """That a row has these codes in a column."""
    fact, column = world.fact(rows), world.column(rows, n, name)
    wanted = (column.codes[code] for code in codes)
    return world.formula.every([fact.there, fact.rows[n], column.there, *wanted])
