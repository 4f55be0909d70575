"""The lowest and the highest value each score can have, hidden answers left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.core.program import ScoreNode
from app.core.proof.formula import Oracle
from app.core.proof.sums import Exact
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
    scores = [
        node
        for node in world.program.nodes.values()
        if isinstance(node, ScoreNode) and node.id not in world.loose
    ]
    # Lowest ends first: scores share answers, so ends of one kind go together.
    lows, highs = ([_End(world, n.id, least=least) for n in scores] for least in (True, False))
    found = dict(_furthest(oracle, lows)) | dict(_furthest(oracle, highs))
    for node, low, high in zip(scores, lows, highs, strict=True):
        if low in found and high in found:
            from_, to = (round(float(found[end]), 6) for end in (low, high))
            yield Range(node.id, node.rule.title, from_, to)


class _End:
    """One end of a score: its values from there on, and how to ask whether it gets so far.

    Values are forced by the answers, so ruling out all that lie further in asks for one.
    """

    def __init__(self, world: World, id_: str, *, least: bool) -> None:
        fact = world.fact(id_)
        values = {value: each for value, each in (fact.values or {}).items() if value is not None}
        self.there = fact.there
        self.values: list[Exact] = sorted(values, key=float, reverse=not least)
        self._literals = [values[value] for value in self.values]

    def within(self, last: int) -> list[int]:
        """The literals that keep the score within its first values."""
        return [self.there, *(-each for each in self._literals[last + 1 :])]


def _furthest(oracle: Oracle, ends: list[_End]) -> Iterator[tuple[_End, Exact]]:
    """The attainable value nearest to each end; mostly it is the end itself, for many at once."""
    ends = [end for end in ends if end.values]
    if not ends:
        return
    if oracle.holds(literal for end in ends for literal in end.within(0)):
        yield from ((end, end.values[0]) for end in ends)
    elif len(ends) == 1:
        yield from _searched(oracle, ends[0])
    else:
        middle = len(ends) // 2
        yield from _furthest(oracle, ends[:middle])
        yield from _furthest(oracle, ends[middle:])


def _searched(oracle: Oracle, end: _End) -> Iterator[tuple[_End, Exact]]:
    first, last = 0, len(end.values) - 1
    if not oracle.holds([end.there]):
        return
    while first < last:
        middle = (first + last) // 2
        if oracle.holds(end.within(middle)):
            last = middle
        else:
            first = middle + 1
    yield end, end.values[first]
