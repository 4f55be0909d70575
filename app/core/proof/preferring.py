"""Which answers a model had better give, so that it shows as much as it can of what is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from random import Random

from app.core.domains import Kind
from app.core.program import ScoreNode
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


def hoped(world: World, open_: Sequence[tuple[Claim, list[int]]]) -> list[list[int]]:
    """What is still open, as far as it may come together: of each choice one option, of each row."""
    found: list[list[int]] = []
    taken: Counter[str] = Counter()
    for claim, literals in open_:
        atom = claim.atoms[-1]
        if claim.kind == "column option" and isinstance(atom, InRow) and atom.code:
            name = f"{atom.rows}/{atom.code[0]}"
            if taken[name] < len(world.fact(atom.rows).rows):
                found.append([_at(world, atom.rows, taken[name], *atom.code)])
            taken[name] += 1
        elif claim.kind == "option" and isinstance(atom, Has):
            if not taken[atom.id] or world.program.scope[atom.id].kind is Kind.CODES:
                found.append(literals)
            taken[atom.id] += 1
        else:
            found.append(literals)
    return found


def by_chance(world: World, behind: Iterable[str], chance: Random) -> list[list[int]]:
    """What facts that are followed only roughly may rest on: tests either way, any number and day."""
    tests, there, points = [], [], []
    for id_ in sorted(behind):
        fact = world.fact(id_)
        there.append([fact.there])
        if fact.points:
            points.append([chance.choice(list(fact.points.values()))])
        node = world.program.nodes.get(id_)
        for when in node.compiled.conditions if isinstance(node, ScoreNode) else ():
            surely, possibly = world.outcome(when)
            tests.append([chance.choice((surely, -possibly))])
    chance.shuffle(tests)
    return [*tests, *there, *points]


def _at(world: World, rows: str, n: int, name: str, code: str) -> int:
    """That a row has this code in a column."""
    fact, column = world.fact(rows), world.column(rows, n, name)
    return world.formula.every([fact.there, fact.rows[n], column.there, column.codes[code]])
