"""Claims about stages: on every route, each can be closed."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.domains import Kind
from app.core.pipeline import Route, Stage
from app.core.program import Raising
from app.core.proof.claims import Atom, Blank, Claim, Has, Judged
from app.core.proof.formula import Place
from app.core.proof.lines import Definitions
from app.core.proof.ruling import said_of
from app.core.standing import judged_at
from app.core.wording import short


def closing_claims(definitions: Definitions) -> Iterator[Claim]:
    """Every stage of every route."""
    for route in definitions.pipeline.route.outcomes:
        for id_ in route.stages:
            stage = definitions.pipeline.stage(id_)
            at = Place(
                definitions.pipeline_file, ("stages", definitions.pipeline.stages.index(stage))
            )
            yield Claim(
                "stage",
                f"{route.code}/{id_}",
                at,
                (
                    Has(definitions.pipeline.route.id, (route.code,)),
                    *_clear(definitions, route, stage),
                    *_complete(definitions, route, stage),
                ),
                f"the stage “{short(stage.title)}” can never be closed on the route “{route.label}”",
                "let one of these flags be clear there, or take “blocks” from it",
            )


def _clear(definitions: Definitions, route: Route, stage: Stage) -> Iterator[Atom]:
    """What would stop the stage is clear (see standing.py)."""
    order = {id_: n for n, id_ in enumerate(route.stages)}
    judged = judged_at(definitions.program, definitions.pipeline, route)
    n = order[stage.id]
    for raising in definitions.program.flags:
        if (
            _stops(raising, stage, order, n)
            and order.get(judged.get(raising.rule.id, ""), n + 1) <= n
        ):
            yield Judged(said_of(definitions, raising), holds=False)


def _stops(raising: Raising, stage: Stage, order: dict[str, int], n: int) -> bool:
    rule = raising.rule
    if not rule.checked or (rule.task_until and stage.id not in rule.task_until):
        return False
    return any(order.get(each, n + 1) <= n for each in rule.blocks)


def _complete(definitions: Definitions, route: Route, stage: Stage) -> Iterator[Atom]:
    """No required column of its rows is left without anything to choose."""
    program = definitions.program
    names = [q for q in stage.questionnaires if q not in (*route.optional, *route.leaves_out)]
    for id_, places in program.places.items():
        question = program.questions[id_]
        if question.type == "rows" and any(place.questionnaire in names for place in places):
            columns = program.scope[id_].columns
            chosen = tuple(
                column.id
                for column in question.columns
                if columns[column.id].kind is Kind.ROW and column.required
            )
            if chosen:
                yield Blank(id_, chosen)
