"""The lowest and the highest value each score can have, hidden answers left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from app.core.program import ScoreNode
from app.core.proof.formula import Oracle
from app.core.proof.world import World


@dataclass(frozen=True)
class Range:
    """From where to where a score goes."""

    id: str
    title: str
    low: float
    high: float


def ranges(world: World, oracle: Oracle) -> Iterator[Range]:
    """Of each score that can have a value."""
    for node in world.program.nodes.values():
        if isinstance(node, ScoreNode) and node.id not in world.loose:
            low, high = (_furthest(world, oracle, node.id, least=least) for least in (True, False))
            if low is not None and high is not None:
                yield Range(node.id, node.rule.title, round(float(low), 6), round(float(high), 6))


def _furthest(world: World, oracle: Oracle, id_: str, *, least: bool) -> Fraction | None:
    """The attainable value nearest to one end: values are forced, so ruling the others out asks it."""
    fact = world.fact(id_)
    values: dict[Fraction, int] = {
        value: each for value, each in (fact.values or {}).items() if value is not None
    }
    rising: list[Fraction] = sorted(values, reverse=not least)
    if not rising or not oracle.holds([fact.there]):
        return None
    first, last = 0, len(rising) - 1
    while first < last:
        middle = (first + last) // 2
        if oracle.holds([fact.there, *(-values[value] for value in rising[middle + 1 :])]):
            last = middle
        else:
            first = middle + 1
    return rising[first]
