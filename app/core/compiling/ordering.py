"""In which order facts are worked out, what each rests on, and whether it is asked before that."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from app.core import logic
from app.core.compiling.draft import Draft, Spot
from app.core.logic import Expression
from app.core.program import Node, QuestionNode, ScoreNode, base_of, bases, node_reads

Levels = tuple[tuple[Node, ...], ...]
Roots = Mapping[str, frozenset[str]]


def in_levels(draft: Draft) -> Levels:
    """The facts in levels: each reads only what stands on the levels before it."""
    needs = _needs(draft)
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as cycle:
        names = cycle.args[1]
        spot = draft.where[base_of(names[0])]
        spot.fault(f"each waits for the next, for ever: {' → '.join(reversed(names))}")
        return ()
    depth: dict[str, int] = {}
    for id_ in order:
        before = [depth[name] + 1 for name in needs.get(id_, ()) if name in depth]
        depth[id_] = max(before, default=0)
    levels: list[list[Node]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for id_, node in draft.nodes.items():
        levels[depth[id_]].append(node)
    return tuple(map(tuple, levels))


def _needs(draft: Draft) -> dict[str, set[str]]:
    """The facts that each fact reads."""
    scores = {
        node.rule.band.id: node.id
        for node in draft.nodes.values()
        if isinstance(node, ScoreNode) and node.rule.band
    }
    needs: dict[str, set[str]] = {}
    for id_, node in draft.nodes.items():
        names = {scores.get(name, name) for name in node_reads(node)}
        # A plain column comes with its rows.
        needs[id_] = {name if name in draft.nodes else base_of(name) for name in names}
    return needs


def follow_back(levels: Levels) -> dict[str, frozenset[str]]:
    """For every fact the questions it rests on, derived facts followed back."""
    roots: dict[str, frozenset[str]] = {}
    for node in (node for level in levels for node in level):
        if isinstance(node, QuestionNode):
            roots[node.id] = frozenset({node.id})
            continue
        found: set[str] = set()
        for name in node_reads(node):
            base = base_of(name)
            found |= roots.get(name, roots.get(base, frozenset({base})))
        roots[node.id] = frozenset(found)
        if isinstance(node, ScoreNode) and node.rule.band:
            roots[node.rule.band.id] = frozenset(found)
    return roots


def check_order(draft: Draft, roots: Roots) -> None:
    """What a question or page waits for is asked before it."""
    first = {id_: places[0].rank for id_, places in draft.places.items()}
    for spot, expression, rank in draft.gates:
        _check_earlier(spot, expression, rank, first, roots)


def _check_earlier(
    spot: Spot, expression: Expression, rank: int, first: Mapping[str, int], roots: Roots
) -> None:
    for base in sorted(bases(logic.reads(expression))):
        late = [root for root in roots.get(base, (base,)) if first.get(root, -1) >= rank]
        if late:
            through = "" if late == [base] else f" (through {', '.join(sorted(late)[:3])})"
            what = "this question" if "questions" in spot.path else "this page"
            spot.fault(f"'{base}' is asked later than {what}{through}: move one of them")
