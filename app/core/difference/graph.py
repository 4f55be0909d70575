"""Which facts of a program rest on which: what a change reaches, and what must be known to judge it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

from app.core import logic
from app.core.logic import Expression
from app.core.program import Node, Program, ScoreNode, base_of, bases, node_reads


class Graph:
    """The facts of one program by their ids; a column of rows counts as its rows question."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.behind: defaultdict[str, set[str]] = defaultdict(set)
        self.before: defaultdict[str, set[str]] = defaultdict(set)
        for node in program.nodes.values():
            for id_ in provided(node):
                for name in bases(node_reads(node)):
                    self.behind[id_].add(name)
                    self.before[name].add(id_)

    def reached(self, ids: Iterable[str]) -> set[str]:
        """Some facts and all that rest on them."""
        return _closure(ids, self.before)

    def cone(self, ids: Iterable[str]) -> set[str]:
        """Some facts and all that they rest on."""
        return _closure(ids, self.behind)

    def part(self, ids: Collection[str], flags: Collection[str]) -> Program:
        """The program that works out these facts and flags and nothing else, but those just the same."""
        rules = tuple(each for each in self.program.flags if each.rule.id in flags)
        wanted = [*ids, *bases(name for each in rules for name in logic.reads(each.when))]
        step_up = self.program.step_up if rules else None
        if step_up is not None:
            wanted += bases(logic.reads(step_up))
        cone = self.cone(wanted)
        kept = {
            key: node
            for key, node in self.program.nodes.items()
            if not cone.isdisjoint(provided(node))
        }
        levels = (tuple(node for node in level if node.id in kept) for level in self.program.levels)
        return replace(
            self.program,
            levels=tuple(level for level in levels if level),
            nodes=kept,
            flags=rules,
            step_up=step_up,
            gates={},
        )


def provided(node: Node) -> tuple[str, ...]:
    """The ids under which a node's fact is read."""
    if isinstance(node, ScoreNode) and node.rule.band:
        return (node.id, node.rule.band.id)
    return (base_of(node.id),)


def read_by(expression: Expression) -> set[str]:
    """The facts that a condition reads."""
    return bases(logic.reads(expression))


def _closure(ids: Iterable[str], edges: defaultdict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(ids)
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += edges.get(each, ())
    return found
