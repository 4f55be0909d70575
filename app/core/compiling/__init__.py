"""From definitions to a Program: names resolved, conditions read, facts ordered, all faults noted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from app.core.compiling import asking, deriving, naming, offering, ordering, placing
from app.core.compiling.asking import say_unsure
from app.core.compiling.draft import Draft
from app.core.faults import Faults
from app.core.program import Node, Program, Source
from app.core.rules import Decision, Rules

__all__ = ["build", "say_unsure"]


def build(
    sources: Iterable[Source],
    rules: Iterable[tuple[str, Rules]],
    route: tuple[str, Decision] | None,
    faults: Mapping[str, Faults],
) -> Program:
    """Compile the definitions; every fault is noted in `faults` (by file), none stops the rest."""
    draft = Draft(sources, rules, route, faults)
    placing.place_questions(draft)
    naming.collect_tables(draft)
    placing.resolve_options(draft)
    placing.check_references(draft)
    naming.name_all(draft)
    naming.check_ids(draft)
    asking.read_placements(draft)
    draft.nodes = {node.id: node for node in _nodes(draft)}
    levels = ordering.in_levels(draft)
    roots = ordering.follow_back(levels)
    ordering.check_order(draft, roots)
    return Program(
        questions=draft.questions,
        places={id_: tuple(places) for id_, places in draft.places.items()},
        scope=draft.scope,
        levels=levels,
        nodes=draft.nodes,
        offers=offering.offerings(draft),
        flags=deriving.raisings(draft, roots),
        matrices=draft.matrices,
        step_up=deriving.step_up(draft),
        suggestions=deriving.suggestions(draft),
        gates=draft.pages,
        roots=roots,
    )


def _nodes(draft: Draft) -> Iterator[Node]:
    """All that is worked out: questions, columns of rows, derived facts."""
    yield from asking.question_nodes(draft)
    for question in draft.questions.values():
        if question.id in draft.scope:
            yield from asking.column_nodes(draft, question)
            yield from deriving.derived_nodes(draft, question)
    yield from deriving.rule_nodes(draft)
