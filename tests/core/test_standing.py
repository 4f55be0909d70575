"""Which route is likely, and that a stop is judged by the stage it would hold up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.catalogue import Catalogue
from app.core.standing import HowMany, asked_of, judged_at, likely_route
from tests.shipped import shipped_catalogue
from tests.tiny import evaluate, judge, tiny

YES_NO = {"type": "yes_no", "unsure": False}


def is_said(id_: str, code: str) -> dict[str, Any]:
    return {"===": [{"var": id_}, code]}


def route(code: str, **keys: Any) -> dict[str, Any]:
    return {"code": code, "label": code.capitalize(), "stages": ["s"], **keys}


# An urgent way, which no quick question tells; one without people; a short one without secrets.
ROUTES = tiny(
    [
        {"id": "a.urgent", "ask": "Urgent?", **YES_NO},
        {"id": "a.people", "ask": "People?", **YES_NO},
        {"id": "a.secret", "ask": "Secret?", **YES_NO, "show_if": is_said("a.people", "yes")},
        {"id": "a.why", "ask": "Why?", "type": "text", "show_if": is_said("a.secret", "yes")},
    ],
    pipeline={
        "quick": ["a.people"],
        "route": {
            "id": "x.route",
            "title": "Route",
            "outcomes": [
                route("urgent", when=is_said("a.urgent", "yes")),
                route("none", when=is_said("a.people", "no"), limits={"lead": 5}),
                route(
                    "short", when={"and": [is_said("a.people", "yes"), is_said("a.secret", "no")]}
                ),
                route("full", otherwise=True),
            ],
        },
    },
)
PEOPLE, NOBODY = "“People?” is “Yes”", "“People?” is “No”"
SECRET, CALM = "“Secret?” is “Yes”", "“Urgent?” is “No”"
LIKELY: list[tuple[dict[str, str], tuple[str, bool, tuple[str, ...], tuple[str, ...]]]] = [
    # answers; route, whether it is settled, why, and which answers could change it
    # Nobody is promised a shorter way before the quick questions are answered.
    ({}, ("full", False, (CALM,), ("a.people",))),
    ({"a.people": "no"}, ("none", True, (NOBODY,), ())),
    # Nothing rules the short way out: it is likely, for the reason that ruled out the one before.
    ({"a.people": "yes"}, ("short", False, (PEOPLE,), ("a.secret",))),
    ({"a.people": "yes", "a.secret": "no"}, ("short", True, (PEOPLE, "“Secret?” is “No”"), ())),
    ({"a.people": "yes", "a.secret": "yes"}, ("full", True, (SECRET,), ())),
    # An answer to what is not asked yet settles nothing.
    ({"a.secret": "no"}, ("full", False, (CALM,), ("a.people",))),
]


@pytest.mark.parametrize(("answers", "expected"), LIKELY)
def test_the_likely_route_is_the_first_that_is_sure_or_that_nothing_rules_out(
    answers: dict[str, str], expected: tuple[str, bool, tuple[str, ...], tuple[str, ...]]
) -> None:
    said = {"a.urgent": "no", **answers}
    found = likely_route(ROUTES.pipeline, evaluate(ROUTES, said), judge(ROUTES, said))
    assert (found.route.code, found.settled, found.because, found.open) == expected


def test_a_route_of_which_no_quick_question_tells_is_likely_only_once_it_is_sure() -> None:
    likely = [
        likely_route(ROUTES.pipeline, evaluate(ROUTES, said), judge(ROUTES, said))
        for said in ({}, {"a.people": "no"}, {"a.urgent": "yes"})
    ]
    assert [found.route.code for found in likely] == ["full", "none", "urgent"]
    assert [found.settled for found in likely] == [False, False, True]


@pytest.mark.parametrize(
    ("answers", "code", "count"),
    [
        ({}, "full", HowMany(4, 6)),
        ({"a.people": "yes"}, "full", HowMany(5, 6)),
        ({"a.people": "no"}, "full", HowMany(4, 4)),
        # What a route allows bounds what may still come, and never what is asked for sure.
        ({}, "none", HowMany(4, 5)),
        ({"a.people": "yes", "a.secret": "yes"}, "none", HowMany(6, 6)),
    ],
)
def test_what_a_route_asks_is_counted_surely_and_at_most(
    answers: dict[str, str], code: str, count: HowMany
) -> None:
    pipeline = ROUTES.pipeline
    found = asked_of(
        pipeline, evaluate(ROUTES, answers), ROUTES.questionnaires, pipeline.path(code)
    )
    assert found == {"lead": count}


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
