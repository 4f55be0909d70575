"""The nearest change of one line that would make something possible."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from app.core import logic
from app.core.domains import Kind
from app.core.logic import Compare, Expression, Holds, Includes, Leaf, OneOf, Quantified
from app.core.proof.claims import Claim, Judged
from app.core.proof.formula import Oracle, Place
from app.core.proof.world import World

MOST = 40  # changes tried


def nearest_mend(
    world: World, oracle: Oracle, claim: Claim, blamed: Collection[Place]
) -> str | None:
    """A change of one comparison of its own that makes a claim possible, in words."""
    tried = 0
    for n, atom in enumerate(claim.atoms):
        if not isinstance(atom, Judged) or not atom.holds:
            continue
        parts = list(atom.said.parts())
        rest = [i for k, a in enumerate(claim.atoms) if k != n for i, _ in a.wanted(world)]
        for part in sorted(parts, key=lambda each: each.place not in blamed):
            others = [world.outcome(p.expression)[0] for p in parts if p is not part]
            for changed in changes(part.expression, world):
                tried += 1
                if tried > MOST:
                    return None
                if oracle.holds([*rest, *others, world.outcome(changed)[0]]):
                    was, becomes = logic.english(part.expression), logic.english(changed)
                    return f"it could be if {becomes}, instead of: {was}"
    return None


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
