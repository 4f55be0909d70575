"""What a signed document leaves to ask: whatever the stages after it read, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.actions.answers_file import read_answers
from app.actions.assessments import About, evaluate, told
from app.catalogue import Catalogue
from app.core.assessment import Result
from app.core.difference.graph import Graph, read_by
from app.core.settled import still_needed
from app.core.standing import SETTLE, judged_at
from tests.shipped import shipped_catalogue

ON = date(2026, 11, 22)
KINDS = ("intent", "dpia", "agreement")


@dataclass(frozen=True)
class Settled:
    """A stage that a document settled."""

    stage: str
    kind: str = SETTLE
    about: str = ""
    at: datetime = datetime(2026, 11, 22, tzinfo=UTC)
    who: str = "Ann"
    organisation: str = "Carnmere"
    content_hash: str | None = None


@pytest.fixture(scope="module")
def shipped(repository: Path) -> Catalogue:
    return shipped_catalogue()


def stages(catalogue: Catalogue, kind: str) -> frozenset[str]:
    signed = catalogue.pipeline.signed
    assert signed is not None
    return frozenset(signed.stands_for[kind])


def placed(catalogue: Catalogue, names: list[str]) -> set[str]:
    pages = (page for name in names for _, page in catalogue.questionnaires[name].pages())
    return {id_ for page in pages for id_ in page.ids}


def early(catalogue: Catalogue, kind: str) -> set[str]:
    """What the settled stages of the full route would ask."""
    route, settled = catalogue.pipeline.path("full"), stages(catalogue, kind)
    names = [
        name
        for id_ in route.stages
        if id_ in settled
        for name in catalogue.pipeline.stage(id_).questionnaires
        if name not in route.optional
    ]
    return placed(catalogue, names)


@pytest.mark.parametrize("kind", KINDS)
def test_every_rule_of_a_later_stage_can_be_judged(shipped: Catalogue, kind: str) -> None:
    route, settled = shipped.pipeline.path("full"), stages(shipped, kind)
    needed = still_needed(shipped, route, settled)
    judged = judged_at(shipped.program, shipped.pipeline, route)
    graph = Graph(shipped.program)
    later = set(route.stages) - settled
    for each in shipped.program.flags:
        at = judged.get(each.rule.id)
        if at in later or (at is not None and later & set(each.rule.blocks)):
            rests_on = graph.cone(read_by(each.when)) & shipped.program.questions.keys()
            assert rests_on <= needed, each.rule.id


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_decides_whether_something_needed_is_asked_is_needed(
    shipped: Catalogue, kind: str
) -> None:
    needed = still_needed(shipped, shipped.pipeline.path("full"), stages(shipped, kind))
    behind = Graph(shipped.program).cone(needed) & shipped.program.questions.keys()
    assert behind == needed


def test_the_route_can_be_told_whatever_is_settled(shipped: Catalogue) -> None:
    roots = shipped.program.roots[shipped.pipeline.route.id]
    for route in shipped.pipeline.route.outcomes:
        for kind in KINDS:
            needed = still_needed(shipped, route, stages(shipped, kind))
            assert {root.split("/")[0] for root in roots} <= needed


@pytest.mark.parametrize(("kind", "at_most"), [("intent", 0.75), ("dpia", 0.5), ("agreement", 0.2)])
def test_it_is_much_less_than_the_stages_would_ask(
    shipped: Catalogue, kind: str, at_most: float
) -> None:
    needed = still_needed(shipped, shipped.pipeline.path("full"), stages(shipped, kind))
    whole = early(shipped, kind)
    assert 0 < len(whole & needed) <= at_most * len(whole)


def test_nothing_that_only_settled_stages_read_is_needed(shipped: Catalogue) -> None:
    needed = still_needed(shipped, shipped.pipeline.path("full"), stages(shipped, "dpia"))
    only = {"consult.subjects", "dpia.eqia_ref"}
    assert only <= early(shipped, "dpia")
    assert not needed & only


def test_the_journey_asks_of_settled_stages_what_is_needed_and_of_others_everything(
    shipped: Catalogue,
) -> None:
    settled = stages(shipped, "dpia")
    answers = {"project.door": "signed", "data.personal": "yes"}
    plain = evaluate(shipped, answers, ON)
    left = evaluate(shipped, answers, ON, settled=settled)
    needed = still_needed(shipped, left.route, settled)
    whole = {id_ for step in plain.journey.steps for id_ in step.ids}
    asked = {id_ for step in left.journey.steps for id_ in step.ids}
    own = placed(shipped, ["sharing_agreement"])
    assert asked < whole
    assert asked - own <= needed
    assert whole & (own | needed) <= asked


def test_settled_stages_are_closed_and_what_is_left_is_owed_at_the_next(shipped: Catalogue) -> None:
    settled = stages(shipped, "dpia")
    left = evaluate(shipped, {"project.door": "signed"}, ON, settled=settled)
    record = told(left, About("FP-0001", acts=tuple(map(Settled, sorted(settled)))))
    standing = {each.stage.id: each for each in record.standings}
    assert {id_ for id_, each in standing.items() if each.closed} == settled
    current = standing["sharing_agreement"]
    assert current.current
    assert {step.questionnaire for step in current.unfinished} >= {"idea", "concept_review"}


def test_a_check_that_only_a_settled_stage_makes_is_open_no_longer(shipped: Catalogue) -> None:
    settled = stages(shipped, "dpia")
    route = shipped.pipeline.path("full")
    judged = judged_at(shipped.program, shipped.pipeline, route)
    answers = {"project.door": "signed", "data.personal": "yes"}
    left = evaluate(shipped, answers, ON, settled=settled)
    record = told(left, About("FP-0001", acts=tuple(map(Settled, sorted(settled)))))
    assert record.open
    for flag in record.open:
        assert judged[flag.id] not in settled or not settled.issuperset(flag.blocks)
    undetermined = [f for f in record.assessment.flags if f.result is Result.UNDETERMINED]
    assert len(undetermined) > len(record.open)


def test_what_is_raised_stops_a_later_stage_whatever_was_signed(
    shipped: Catalogue, repository: Path
) -> None:
    """A document settles what nobody is asked, never what somebody has said."""
    settled = stages(shipped, "dpia")
    sample = repository / "questionnaires" / "samples" / "homelessness_data_linking.yaml"
    answers = read_answers("sample", sample.read_bytes(), shipped.program)
    answers["share.started"] = "nothing"
    left = evaluate(shipped, answers, ON, settled=settled)
    record = told(left, About("FP-0001", acts=tuple(map(Settled, sorted(settled)))))
    stops = {flag.id for flag in record.raised if flag.blocks and settled >= set(flag.blocks)}
    (agreement,) = (each for each in record.standings if each.stage.id == "sharing_agreement")
    assert stops
    assert stops <= {flag.id for flag in agreement.stops}
