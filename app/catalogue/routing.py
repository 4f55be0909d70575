"""The questionnaires in the order of the pipeline, with the routes that ask them."""

from __future__ import annotations

from collections.abc import Mapping

from app.catalogue.reading import file_of
from app.core.faults import Faults
from app.core.pipeline import Pipeline
from app.core.program import Source
from app.core.questionnaire import Questionnaire


def order(
    folder: str,
    pipeline: Pipeline,
    questionnaires: Mapping[str, Questionnaire],
    faults: Mapping[str, Faults],
) -> list[Source]:
    """The questionnaires of a folder as the stages ask them; none when a route leads past its stages.

    `faults`: of each file of the folder, by its name without ending.
    """
    ordered = _ordered(pipeline, questionnaires, faults)
    if not _routes_hold(pipeline, faults["pipeline"]):
        return []
    return [
        Source(name, file_of(folder, name), questionnaires[name], pipeline.routes_of(name))
        for name in ordered
        if name in questionnaires
    ]


def _ordered(
    pipeline: Pipeline,
    questionnaires: Mapping[str, Questionnaire],
    faults: Mapping[str, Faults],
) -> list[str]:
    own = faults["pipeline"]
    ordered: list[str] = []
    for s, stage in enumerate(pipeline.stages):
        for n, name in enumerate(stage.questionnaires):
            at = ("stages", s, "questionnaires", n)
            if name not in faults:
                own.missing(at, "there is no questionnaire", name, questionnaires)
            elif name in ordered:
                own.add(at, f"'{name}' belongs to an earlier stage already")
            else:
                ordered.append(name)
    for name in questionnaires:
        if name not in ordered:
            unasked = "no stage of the pipeline asks this questionnaire"
            faults[name].add((), unasked)
    return ordered


def _routes_hold(pipeline: Pipeline, own: Faults) -> bool:
    """Whether every stage that a route names exists."""
    stages = [stage.id for stage in pipeline.stages]
    wrong = [
        (("route", "outcomes", r, "stages", n), name)
        for r, route in enumerate(pipeline.route.outcomes)
        for n, name in enumerate(route.stages)
        if name not in stages
    ]
    for at, name in wrong:
        own.missing(at, "there is no stage", name, stages)
    return not wrong
