"""What a document that was signed elsewhere leaves to ask: the facts that the stages after it read."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.difference.change import Definitions
from app.core.difference.graph import Graph, read_by
from app.core.difference.printed import printed
from app.core.pipeline import Route
from app.core.standing import judged_at


def still_needed(definitions: Definitions, route: Route, settled: frozenset[str]) -> frozenset[str]:
    """The questions of settled stages, and of all others, that a stage still to come reads.

    It reads what its rules rest on, what is placed in its questionnaires with the conditions under
    which that is asked, and what is printed in the documents that come first with it. The choice
    of the route and the project's title are read throughout.
    """
    pipeline, program = definitions.pipeline, definitions.program
    later = [id_ for id_ in route.stages if id_ not in settled]
    graph = Graph(program)
    read = {pipeline.route.id, pipeline.names.title}
    read |= _by_rules(definitions, route, frozenset(later))
    for id_ in later:
        for name in pipeline.stage(id_).questionnaires:
            if name not in route.optional and name not in route.leaves_out:
                pages = definitions.questionnaires[name].pages()
                read |= {question for _, page in pages for question in page.ids}
    for name in _documents(definitions, settled, later):
        read |= printed(definitions.outlines[name], definitions, graph).ids
    return frozenset(graph.cone(read) & program.questions.keys())


def _by_rules(definitions: Definitions, route: Route, later: frozenset[str]) -> set[str]:
    """What the rules read that are judged at a later stage, or stop one."""
    program = definitions.program
    judged = judged_at(program, definitions.pipeline, route)
    return {
        name
        for each in program.flags
        if each.rule.id in judged
        and (judged[each.rule.id] in later or not later.isdisjoint(each.rule.blocks))
        for name in read_by(each.when)
    }


def _documents(definitions: Definitions, settled: Iterable[str], later: Iterable[str]) -> list[str]:
    """The documents that no settled stage has: the others were written, or are read by its leave."""
    stage = definitions.pipeline.stage
    before = {name for id_ in settled for name in stage(id_).documents}
    found = (name for id_ in later for name in stage(id_).documents if name not in before)
    return [name for name in dict.fromkeys(found) if name in definitions.outlines]
