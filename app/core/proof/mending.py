"""The nearest change of one line that would make something possible: in words, and as an edit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from app.core import logic
from app.core.compiling import say_unsure
from app.core.domains import Kind
from app.core.logic import Compare, Every, Expression, Holds, Includes, Leaf, OneOf, Quantified
from app.core.proof.claims import Asked, Claim, InRow, Judged
from app.core.proof.formula import Edit, Oracle, Place
from app.core.proof.lines import Said
from app.core.proof.world import World

MOST = 60  # changes tried
Wanted = Callable[[Expression], list[int]]  # what has to hold, with a condition in place of another


@dataclass(frozen=True)
class Mend:
    """A change in words; `edit`: the same in the file, where it is one value there."""

    says: str
    edit: Edit | None


def nearest_mend(
    world: World, oracle: Oracle, claim: Claim, blamed: Collection[Place]
) -> Mend | None:
    """A change of one comparison of its own that makes a claim possible."""
    for said in claim.own:
        wanted = _wanted(world, claim, said)
        if wanted is not None:
            found = _first(world, oracle, said, wanted, blamed)
            if found is not None:
                part, changed = found
                was, becomes = logic.english(part.expression), logic.english(changed)
                words = f"it could be if {becomes}, instead of: {was}"
                return Mend(words, _edit(world, _rows(claim, said), part, changed))
    return None


def _first(
    world: World, oracle: Oracle, said: Said, wanted: Wanted, blamed: Collection[Place]
) -> tuple[Said, Expression] | None:
    parts = list(said.parts())
    for part, changed in islice(_likely(parts, world, blamed), MOST):
        others = tuple(each.expression for each in parts if each is not part)
        if oracle.holds(wanted(Every((*others, changed)))):
            return part, changed
    return None


def _likely(
    parts: Sequence[Said], world: World, blamed: Collection[Place]
) -> Iterator[tuple[Said, Expression]]:
    """What could be changed: another value first, since the opposite of a line is seldom meant."""
    ordered = sorted(parts, key=lambda each: each.place not in blamed)
    for opposite in (False, True):
        for part in ordered:
            turned = logic.negate(part.expression)
            for changed in changes(part.expression, world):
                if (changed == turned) is opposite:
                    yield part, changed


def _wanted(world: World, claim: Claim, said: Said) -> Wanted | None:
    """What a claim wants if another condition stood in place of this one."""
    for atom in claim.atoms:
        match atom:
            case Judged(own, True) if own == said:
                rest = [n for a in claim.atoms if a is not atom for n, _ in a.wanted(world)]
                return lambda changed: [*rest, world.outcome(changed)[0]]
            case Asked(id_):
                when: Expression = getattr(world.program.nodes[id_], "when", None) or logic.ALWAYS
                return lambda changed: [world.outcome(_put(when, said, changed))[0]]
            case InRow(rows, _, (_,)):
                fact = world.fact(rows)
                return lambda changed: [
                    fact.there,
                    world.formula.some(
                        world.formula.every([there, world.outcome(changed, (rows, n))[0]])
                        for n, there in enumerate(fact.rows)
                    ),
                ]
    return None


def _put(when: Expression, said: Said, changed: Expression) -> Expression:
    """A condition with one of its parts changed."""
    if when == said.expression:
        return changed
    if isinstance(when, Every):
        return Every(tuple(_put(item, said, changed) for item in when.items))
    return when


def changes(expression: Expression, world: World) -> Iterator[Expression]:
    """The same condition with one comparison changed a little: another value, or its opposite."""
    match expression:
        case logic.Every(items) | logic.Either(items) | logic.AtLeast(_, items):
            for n, item in enumerate(items):
                for changed in changes(item, world):
                    yield replace(expression, items=(*items[:n], changed, *items[n + 1 :]))
        case Quantified():
            yield logic.negate(expression)
        case Compare() | OneOf() | Includes() | Holds():
            yield from _other(expression, world)


def _other(leaf: Leaf, world: World) -> Iterator[Expression]:
    match leaf:
        case OneOf(_, codes, domain, False):
            for code in domain.codes:
                if code not in codes:
                    yield OneOf(leaf.var, (code,), domain, unsure=domain.unsure)
        case Includes(_, code, domain, False):
            for other in domain.codes:
                if other != code:
                    yield replace(leaf, code=other)
        case Compare(var, _, literal, domain) if domain.kind is Kind.NUMBER:
            yield from _nearer(var, float(literal), leaf, world)
    yield logic.negate(leaf)


def _nearer(var: str, literal: float, leaf: Compare, world: World) -> Iterator[Expression]:
    """The same comparison with the values nearest to the one it names."""
    if var not in world.facts:
        return
    fact = world.facts[var]
    known = [float(v) for v in fact.values or fact.points if v is not None]
    for value in sorted(known, key=lambda each: abs(each - literal))[:20]:
        whole = int(value) if value == int(value) else round(value, 2)
        if whole != literal:
            yield replace(leaf, literal=whole)


# The same change in the file: one comparison is written anew, and read back before it counts


def _edit(world: World, rows: str | None, part: Said, changed: Expression) -> Edit | None:
    """The one comparison of a file that says the change; None where none says just that."""
    for path, leaf in _leaves(part.raw, ()):
        for other in changes(world.where.read(leaf, rows), world):
            value = logic.written(other)
            if _means(world.where.read(_with(part.raw, path, value), rows), changed):
                return Edit(part.place.at(*path), value)
    return None


def _rows(claim: Claim, said: Said) -> str | None:
    """The question over whose rows a condition stands."""
    return next((a.rows for a in claim.atoms if isinstance(a, InRow) and said in claim.own), None)


def _means(read: Expression, changed: Expression) -> bool:
    """Whether a condition says the change; a gate may say besides what "I don't know" does to it."""
    return changed == read or changed in (say_unsure(read, shows=on) for on in (True, False))


def _leaves(raw: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Each comparison, named condition or test of rows in a condition, with its place in it."""
    op, args = next(iter(raw.items()))
    if op in ("and", "or"):
        for n, each in enumerate(args):
            yield from _leaves(each, (*path, op, n))
    elif op == "at_least":
        for n, each in enumerate(args[1]):
            yield from _leaves(each, (*path, op, 1, n))
    elif op == "!":
        listed = isinstance(args, list)
        yield from _leaves(args[0] if listed else args, (*path, op, *((0,) if listed else ())))
    else:
        yield path, raw


def _with(raw: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """A condition with another one at a path."""
    if not path:
        return value
    first, *rest = path
    if isinstance(raw, list):
        return [_with(e, tuple(rest), value) if n == first else e for n, e in enumerate(raw)]
    return {k: _with(e, tuple(rest), value) if k == first else e for k, e in raw.items()}
