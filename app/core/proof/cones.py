"""Everything that a fact rests on, the conditions under which it is asked included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.core import logic
from app.core.logic import Expression
from app.core.program import Node, Program, bases, node_reads


class Cones:
    """What lies behind the facts of one program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._found: dict[str, frozenset[str]] = {}

    def of(self, id_: str) -> frozenset[str]:
        """A fact and all that it rests on."""
        if id_ not in self._found:
            self._found[id_] = frozenset({id_})  # rows may refer to each other
            found = {id_}
            for node in self.nodes(id_):
                for name in bases((*node_reads(node), *self._refers(node))):
                    found |= self.of(name)
            self._found[id_] = frozenset(found)
        return self._found[id_]

    def of_all(self, ids: Iterable[str]) -> frozenset[str]:
        """Several facts and all that they rest on."""
        return frozenset().union(*map(self.of, ids))

    @staticmethod
    def read_by(expression: Expression) -> set[str]:
        """The facts that a condition reads."""
        return bases(logic.reads(expression))

    def nodes(self, id_: str) -> Iterator[Node]:
        """What works out one fact, its columns included."""
        nodes = self.program.nodes
        if id_ in self.program.bands:
            yield self.program.bands[id_]
        if id_ in nodes:
            yield nodes[id_]
        question = self.program.questions.get(id_)
        for column in question.columns if question else ():
            if f"{id_}/{column.id}" in nodes:
                yield nodes[f"{id_}/{column.id}"]

    def _refers(self, node: Node) -> Iterator[str]:
        """The rows that columns of rows refer to."""
        question = self.program.questions.get(node.id)
        for column in question.columns if question else ():
            if column.rows:
                yield column.rows
