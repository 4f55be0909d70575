"""The nearest change of one line that would make something possible."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from app.core import logic
from app.core.domains import Kind
from app.core.logic import Compare, Every, Expression, Holds, Includes, Leaf, OneOf, Quantified
from app.core.proof.claims import Asked, Claim, InRow, Judged
from app.core.proof.formula import Oracle, Place
from app.core.proof.lines import Said
from app.core.proof.world import World

MOST = 60  # changes tried
Wanted = Callable[[Expression], list[int]]  # what has to hold, with a condition in place of another


def nearest_mend(
    world: World, oracle: Oracle, claim: Claim, blamed: Collection[Place]
) -> str | None:
    """A change of one comparison of its own that makes a claim possible, in words."""
    for said in claim.own:
        wanted = _wanted(world, claim, said)
        if wanted is not None:
            found = _first(world, oracle, said, wanted, blamed)
            if found:
                return found
    return None


def _first(
    world: World, oracle: Oracle, said: Said, wanted: Wanted, blamed: Collection[Place]
) -> str | None:
    parts = list(said.parts())
    tried = 0
    for part in sorted(parts, key=lambda each: each.place not in blamed):
        others = tuple(each.expression for each in parts if each is not part)
        for changed in changes(part.expression, world):
            tried += 1
            if tried > MOST:
                return None
            if oracle.holds(wanted(Every((*others, changed)))):
                was, becomes = logic.english(part.expression), logic.english(changed)
                return f"it could be if {becomes}, instead of: {was}"
    return None


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
