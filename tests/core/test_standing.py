"""A stop stops: whatever a rule reads, it is judged by the stage it would hold up."""

from pathlib import Path

import pytest

from app.catalogue import Catalogue
from app.core.standing import judged_at
from tests.shipped import shipped_catalogue


@pytest.fixture(scope="module")
def shipped(repository: Path) -> Catalogue:
    return shipped_catalogue()


def test_what_a_rule_reads_is_followed_back_to_questions_that_are_placed(
    shipped: Catalogue,
) -> None:
    places = shipped.program.places
    lost = {each.rule.id: each.roots - places.keys() for each in shipped.program.flags}
    assert {id_: roots for id_, roots in lost.items() if roots} == {}


def test_a_stop_is_judged_by_the_stage_it_stops_on_every_route_that_asks_what_it_reads(
    shipped: Catalogue,
) -> None:
    program, pipeline = shipped.program, shipped.pipeline
    for route in pipeline.route.outcomes:
        judged = judged_at(program, pipeline, route)
        order = {stage: n for n, stage in enumerate(route.stages)}
        late = [
            each.rule.id
            for each in program.flags
            for blocked in each.rule.blocks
            if blocked in order
            and each.rule.id in judged
            and order[judged[each.rule.id]] > order[blocked]
        ]
        assert late == [], route.code


def test_on_the_full_route_every_stop_is_judged(shipped: Catalogue) -> None:
    full = shipped.pipeline.path("full")
    judged = judged_at(shipped.program, shipped.pipeline, full)
    on = set(full.stages)
    stops = {each.rule.id for each in shipped.program.flags if on.intersection(each.rule.blocks)}
    assert stops - judged.keys() == set()
