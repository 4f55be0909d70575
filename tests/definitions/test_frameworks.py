"""Other frameworks, opted into: each scores as it was published, and says nothing unless it is chosen."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from datetime import date
from html import unescape
from itertools import product
from typing import Any

import pytest

from app.actions.assessments import document, documents, evaluate, told
from app.core.assessment import Assessment, Result, assess
from app.core.facts import Facts, facts
from app.core.record import Record
from app.core.walks import walk
from app.documents.html import to_html
from tests.shipped import shipped_catalogue

CATALOGUE = shipped_catalogue()
PROGRAM = CATALOGUE.program
ON = date(2026, 11, 21)

FRAMEWORKS = (
    "odi_sharing_risk",
    "odi_ethics_canvas",
    "data_ethics_framework",
    "algorithmic_transparency",
    "algorithmic_impact",
)
FLAGS = ("ODI1", "DEF1", "AIA1")
Answers = Mapping[str, Any]


def found(framework: str, answers: Answers) -> Facts:
    return facts(PROGRAM, {"frameworks.chosen": [framework], **answers}, ON)


def assessed(framework: str, answers: Answers) -> Assessment:
    return assess(found(framework, answers))


def outcome(result: Assessment, decision: str) -> str | None:
    made = result.decisions[decision].outcome
    return made.code if made else None


def of(framework: str) -> set[str]:
    """The questions that a framework asks and nothing else does."""
    return {
        id_
        for id_, places in PROGRAM.places.items()
        if {place.questionnaire for place in places} == {framework}
    }


# Nothing is asked of those who choose none


@pytest.mark.parametrize("answers", [{}, {"frameworks.chosen": ["none"]}])
def test_a_framework_asks_nothing_unless_it_is_chosen(answers: Answers) -> None:
    shown = facts(PROGRAM, answers, ON).shown
    assert "frameworks.chosen" in shown
    assert not [id_ for name in FRAMEWORKS for id_ in of(name) & shown]


def test_choosing_none_settles_every_rule_of_every_framework() -> None:
    there = facts(PROGRAM, {"frameworks.chosen": ["none"]}, ON)
    own = {id_ for name in FRAMEWORKS for id_ in of(name)}
    result = assess(there)

    assert not own & there.waiting
    assert {f.id: f.result for f in result.flags if f.id in FLAGS} == dict.fromkeys(
        FLAGS, Result.CLEAR
    )
    assert [outcome(result, id_) for id_ in ("odi.result", "canvas.state", "aia.level")] == [
        None,
        None,
        None,
    ]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_only_the_chosen_framework_is_asked_and_written(framework: str) -> None:
    there = evaluate(CATALOGUE, {"frameworks.chosen": [framework]}, ON)

    asked = {name for name in FRAMEWORKS if of(name) & there.facts.shown}
    written = set(documents(CATALOGUE, there.facts, there.route)) & set(FRAMEWORKS)

    assert (asked, written) == ({framework}, {framework})


@pytest.mark.parametrize("answers", [{}, {"frameworks.chosen": ["none"]}])
@pytest.mark.parametrize("route", ["no_personal_data", "low_risk", "full"])
def test_no_framework_is_among_the_documents_unless_it_is_chosen(
    answers: Answers, route: str
) -> None:
    there = facts(PROGRAM, answers, ON)
    assert not set(FRAMEWORKS) & set(documents(CATALOGUE, there, CATALOGUE.pipeline.path(route)))


@pytest.mark.parametrize("route", CATALOGUE.pipeline.route.outcomes, ids=lambda route: route.code)
def test_no_framework_is_owed_or_counted_on_any_route(route: Any) -> None:
    names = {"frameworks", *FRAMEWORKS}
    assert names <= set(route.optional)
    assert names <= set(CATALOGUE.pipeline.not_counted)


@pytest.mark.parametrize("seed", range(4))
def test_choosing_every_framework_adds_no_counted_question(seed: int) -> None:
    pipeline = CATALOGUE.pipeline
    answers = dict(walk(PROGRAM, seed, ON).values)
    counted = {
        placed.id
        for name in pipeline.questionnaires()
        if name not in pipeline.not_counted
        for _, page in CATALOGUE.questionnaires[name].pages()
        for placed in page.questions
    }

    asked = [
        facts(PROGRAM, answers | {"frameworks.chosen": chosen}, ON).shown & counted
        for chosen in (["none"], list(FRAMEWORKS))
    ]

    assert asked[0] == asked[1]


def test_a_computer_that_takes_part_in_decisions_suggests_the_two_for_algorithms() -> None:
    question = PROGRAM.questions["frameworks.chosen"]
    (when,) = PROGRAM.suggestions["frameworks.chosen"]
    base = {"data.personal": "yes", "proc.uses": ["decide", "technology"]}

    proposed = {
        (adm, ai): facts(PROGRAM, base | {"proc.adm": adm, "proc.ai": ai}, ON).truth(when)
        for adm, ai in [("none", "rules"), ("assists", "rules"), ("none", "generative")]
    }

    assert list(proposed.values()) == [False, True, True]
    assert question.suggest[0].answer == ["algorithmic_transparency", "algorithmic_impact"]


# Algorithmic impact assessment

RISK = {
    "reasons": 5,
    "profile": 15,
    "authority": 2,
    "system": 17,
    "algorithm": 15,
    "decision": 8,
    "impact": 52,
    "data": 53,
}
MEASURES = {"consultation": 10, "quality": 14, "fairness": 44, "privacy": 9}


def spread(points: int, most: Mapping[str, int], prefix: str) -> dict[str, int]:
    """So many points, area after area, each as full as it can be."""
    given = {}
    for area, limit in most.items():
        given[prefix + area] = min(points, limit)
        points -= given[prefix + area]
    assert points == 0
    return given


def aia(raw: int, measures: int, phase: str = "design", **more: Any) -> Assessment:
    answers = spread(raw, RISK, "aia.") | spread(measures, MEASURES, f"aia.{phase}_")
    return assessed("algorithmic_impact", {"aia.phase": phase, **answers, **more})


def test_the_largest_points_are_those_that_were_published() -> None:
    asked = {area: PROGRAM.questions[f"aia.{area}"].max for area in RISK}
    for phase in ("design", "implementation"):
        measures = {area: PROGRAM.questions[f"aia.{phase}_{area}"].max for area in MEASURES}
        assert measures == MEASURES
    assert asked == RISK
    assert (sum(RISK.values()), sum(MEASURES.values())) == (167, 77)


@pytest.mark.parametrize("phase", ["design", "implementation"])
@pytest.mark.parametrize(
    ("raw", "measures", "score", "level"),
    [
        (41, 0, 41, "1"),
        (42, 0, 42, "2"),
        (49, 62, 42, "2"),
        (49, 61, 49, "2"),
        (84, 0, 84, "3"),
        (98, 62, 83, "2"),
        (126, 0, 126, "4"),
        (147, 62, 125, "3"),
        (167, 77, 142, "4"),
        (0, 0, 0, "1"),
        (83, 0, 83, "2"),
        (125, 0, 125, "3"),
    ],
)
def test_points_and_measures_give_the_published_score_and_level(
    raw: int, measures: int, score: int, level: str, phase: str
) -> None:
    result = aia(raw, measures, phase)

    assert result.scores["aia.raw"].value == raw
    assert result.scores["aia.score"].value == score
    assert outcome(result, "aia.level") == level


@pytest.mark.parametrize("raw", [10, 30, 50, 70, 90, 110, 130, 150, 1, 2, 3, 33, 166])
def test_a_half_is_rounded_upwards_and_never_to_the_even_number(raw: int) -> None:
    assert aia(raw, 77).scores["aia.score"].value == (85 * raw + 50) // 100


@pytest.mark.parametrize(
    ("phase", "planned", "in_place", "score"),
    [
        ("design", 77, 0, 85),
        ("design", 0, 77, 100),
        ("implementation", 77, 0, 100),
        ("implementation", 0, 77, 85),
        ("design", 40, 40, 100),
    ],
)
def test_measures_of_the_other_phase_are_hidden_and_do_not_count(
    phase: str, planned: int, in_place: int, score: int
) -> None:
    other = "implementation" if phase == "design" else "design"
    own, hidden = (planned, in_place) if phase == "design" else (in_place, planned)

    result = aia(100, own, phase, **spread(hidden, MEASURES, f"aia.{other}_"))

    assert result.scores["aia.score"].value == score
    assert result.scores["aia.mitigation"].value == own


def test_points_given_before_the_choice_was_taken_back_do_not_count() -> None:
    answers = {"aia.phase": "design"} | spread(167, RISK, "aia.")
    result = assess(facts(PROGRAM, answers | {"frameworks.chosen": ["none"]}, ON))
    assert (result.scores["aia.raw"].value, outcome(result, "aia.level")) == (None, None)


@pytest.mark.parametrize("blank", ["aia.data", "aia.design_privacy", "aia.phase"])
def test_there_is_no_level_while_points_are_missing(blank: str) -> None:
    answers = {"aia.phase": "design"} | spread(167, RISK, "aia.")
    answers |= spread(77, MEASURES, "aia.design_")
    del answers[blank]

    result = assessed("algorithmic_impact", answers)

    assert outcome(result, "aia.level") is None
    assert blank in result.scores["aia.score"].missing


@pytest.mark.parametrize(
    ("raw", "asked"),
    [
        (41, {"notice", "explain", "train_use", "approve_assistant"}),
        (
            83,
            {"notice", "explain_each", "expert", "equality", "train_use", "approve_assistant"},
        ),
        (
            125,
            {
                "notice_linked",
                "explain_each",
                "expert",
                "equality",
                "train_deep",
                "human",
                "approve_head",
            },
        ),
        (
            167,
            {
                "notice_linked",
                "explain_each",
                "two_experts",
                "equality",
                "train_deep",
                "human",
                "approve_board",
            },
        ),
    ],
)
def test_each_level_asks_for_what_was_published(raw: int, asked: set[str]) -> None:
    offered = aia(raw, 0).offers["aia.requirements"].entries
    assert {entry.code for entry in offered} == asked


# Data sharing risk assessment

CHECKPOINTS = {  # the answer that is red
    "data.personal": "yes",
    "odi.third_party": "yes",
    "odi.other_law": "yes",
    "odi.national_security": "yes",
    "odi.staff_security": "yes",
    "odi.ethics_done": "no",
    "odi.surprise": "yes",
    "odi.capability": "no",
    "odi.quality": "no",
    "odi.engagement": "no",
    "odi.commercial": "yes",
    "odi.not_sharing": "yes",
}
GREEN = {id_: "no" if red == "yes" else "yes" for id_, red in CHECKPOINTS.items()}
COLOURS = [
    (id_, answer, colour)
    for n, (id_, red) in enumerate(CHECKPOINTS.items(), 1)
    for answer, colour in (
        (red, "red"),
        (GREEN[id_], "green"),
        ("unsure", "amber"),
        *([("na", "green")] if n >= 4 else []),
    )
]


@pytest.mark.parametrize(("id_", "answer", "colour"), COLOURS)
def test_each_checkpoint_has_its_own_polarity_and_not_knowing_is_amber(
    id_: str, answer: str, colour: str
) -> None:
    result = assessed("odi_sharing_risk", GREEN | {id_: answer})

    assert outcome(result, "odi.result") == colour
    assert result.scores["odi.reds"].value == (colour == "red")
    assert result.scores["odi.ambers"].value == (colour == "amber")
    assert outcome(result, "odi.to_find_out") == ("something" if colour == "amber" else "nothing")


@pytest.mark.parametrize(
    ("changed", "colour", "reds", "ambers"),
    [
        ({"odi.surprise": "unsure", "odi.quality": "no"}, "red", 1, 1),
        ({"odi.surprise": "unsure", "odi.quality": "unsure"}, "amber", 0, 2),
        (CHECKPOINTS, "red", 12, 0),
        (dict.fromkeys(CHECKPOINTS, "unsure"), "amber", 0, 12),
    ],
)
def test_the_worst_checkpoint_gives_the_colour(
    changed: Answers, colour: str, reds: int, ambers: int
) -> None:
    result = assessed("odi_sharing_risk", GREEN | dict(changed))
    assert outcome(result, "odi.result") == colour
    assert (result.scores["odi.reds"].value, result.scores["odi.ambers"].value) == (reds, ambers)


def test_there_is_no_green_and_no_amber_before_every_checkpoint_is_answered() -> None:
    answers = {id_: answer for id_, answer in GREEN.items() if id_ != "odi.commercial"}
    for changed in ({}, {"odi.surprise": "unsure"}):
        assert outcome(assessed("odi_sharing_risk", answers | changed), "odi.result") is None


RATINGS = {2: "low", 3: "medium", 4: "medium", 5: "high", 6: "high"}
POINTS = {"low": 1, "medium": 2, "high": 3}


@pytest.mark.parametrize(("likelihood", "impact"), list(product(POINTS, POINTS)))
def test_likelihood_and_impact_are_added(likelihood: str, impact: str) -> None:
    risk = {"id": 1, "title": "A risk", "likelihood": likelihood, "impact": impact}
    there = found("odi_sharing_risk", CHECKPOINTS | {"odi.risks": [risk]})
    assert there.values["odi.risks"][0]["rating"] == RATINGS[POINTS[likelihood] + POINTS[impact]]


@pytest.mark.parametrize(
    ("changed", "asked"),
    [({}, False), ({"odi.quality": "no"}, True), ({"odi.quality": "unsure"}, True)],
)
def test_risks_are_asked_behind_red_and_amber_only(changed: Answers, asked: bool) -> None:
    assert ("odi.risks" in found("odi_sharing_risk", GREEN | dict(changed)).shown) is asked


# Data ethics canvas

BOXES = tuple(PROGRAM.questions["canvas.boxes"].column("box").labels)


def lines(*states: str, priority: str = "low") -> list[dict[str, Any]]:
    return [
        {"id": n, "box": box, "notes": "Notes.", "status": status, "priority": priority}
        for n, (box, status) in enumerate(zip(BOXES, states, strict=False), 1)
    ]


@pytest.mark.parametrize(
    ("states", "state", "begun", "complete"),
    [
        ((), "in_progress", 0, 0),
        (("complete",) * 14, "in_progress", 14, 14),
        (("complete",) * 15, "complete", 15, 15),
        (("complete",) * 14 + ("for_review",), "for_review", 15, 14),
        (("for_review",) * 15, "for_review", 15, 0),
        (("complete",) * 13 + ("for_review", "in_progress"), "in_progress", 15, 13),
        (("in_progress",) * 15, "in_progress", 15, 0),
    ],
)
def test_the_canvas_is_as_far_as_its_boxes(
    states: tuple[str, ...], state: str, begun: int, complete: int
) -> None:
    result = assessed("odi_ethics_canvas", {"canvas.boxes": lines(*states)})
    assert outcome(result, "canvas.state") == state
    assert result.scores["canvas.begun"].value == begun
    assert result.scores["canvas.complete"].value == complete


def test_fifteen_lines_on_fourteen_boxes_leave_one_empty() -> None:
    again = [{**lines("complete")[0], "id": 15}]
    answers = {"canvas.boxes": lines(*("complete",) * 14) + again}
    assert outcome(assessed("odi_ethics_canvas", answers), "canvas.state") == "in_progress"
    assert len(BOXES) == 15


@pytest.mark.parametrize(
    ("status", "priority", "urgent"),
    [
        ("in_progress", "high", 1),
        ("for_review", "high", 1),
        ("complete", "high", 0),
        ("in_progress", "medium", 0),
    ],
)
def test_what_matters_most_and_is_not_complete_is_counted(
    status: str, priority: str, urgent: int
) -> None:
    answers = {"canvas.boxes": lines(status, priority=priority)}
    assert assessed("odi_ethics_canvas", answers).scores["canvas.urgent"].value == urgent


# Data and AI ethics framework

PRINCIPLES = (
    "transparency",
    "accountability",
    "fairness",
    "privacy",
    "safety",
    "societal",
    "environment",
)


def scored(*points: int) -> dict[str, str]:
    return {f"def.{name}": str(each) for name, each in zip(PRINCIPLES, points, strict=True)}


def lowest(answers: Answers) -> list[str]:
    offered = assessed("data_ethics_framework", answers).offers["def.lowest"].entries
    return [entry.code for entry in offered]


@pytest.mark.parametrize(
    ("points", "named"),
    [
        ((5, 4, 3, 2, 1, 0, 5), ["safety", "societal"]),
        ((0, 5, 5, 5, 5, 5, 1), ["transparency", "environment"]),
        ((0, 0, 5, 5, 5, 5, 5), ["transparency", "accountability"]),
        ((0, 0, 0, 5, 5, 5, 5), ["transparency", "accountability", "fairness"]),
        ((1, 2, 2, 5, 5, 5, 5), ["transparency", "accountability", "fairness"]),
        ((4, 5, 5, 5, 5, 5, 5), list(PRINCIPLES)),
        ((3, 3, 3, 3, 3, 3, 3), list(PRINCIPLES)),
        ((5, 5, 5, 5, 5, 3, 4), ["societal", "environment"]),
    ],
)
def test_the_two_lowest_are_named_and_all_that_share_the_second_place(
    points: tuple[int, ...], named: list[str]
) -> None:
    assert lowest(scored(*points)) == named


def test_the_lowest_but_one_is_found_whatever_the_order() -> None:
    chance = random.Random(7)  # noqa: S311 - the same scores every time, no secret
    for _ in range(30):
        points = [chance.randint(0, 5) for _ in PRINCIPLES]
        cut = sorted(points)[1]
        expected = [n for n, each in zip(PRINCIPLES, points, strict=True) if each <= cut]
        assert lowest(scored(*points)) == expected, points


def test_nothing_is_named_lowest_while_a_blank_could_change_it() -> None:
    answers = scored(5, 4, 3, 2, 1, 0, 5)
    del answers["def.safety"]
    assert lowest(answers) == []


@pytest.mark.parametrize(("points", "raised"), [(0, True), (1, True), (2, False), (5, False)])
@pytest.mark.parametrize("principle", PRINCIPLES)
def test_a_principle_hardly_begun_is_flagged(principle: str, points: int, raised: bool) -> None:
    answers = scored(*[5] * 7) | {f"def.{principle}": str(points)}
    flags = assessed("data_ethics_framework", answers).raised()
    assert ("DEF1" in [flag.id for flag in flags]) is raised


# Documents

FILLED: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "odi_sharing_risk": (
        GREEN | {"odi.quality": "no", "odi.surprise": "unsure"},
        (
            "At least one checkpoint is red.",
            "There is no way to find mistakes",
            "Some answers are not known",
            "“Surprise”",
        ),
    ),
    "odi_ethics_canvas": (
        {"canvas.boxes": lines("complete", "for_review", priority="high")},
        (
            "In progress",
            "something in 2 of the fifteen boxes",
            "Data sources",
            "Ready to be looked at",
            "High",
        ),
    ),
    "data_ethics_framework": (
        scored(5, 4, 3, 2, 1, 0, 5),
        ("The two lowest", "Safety", "Effect on society", "1. First thoughts"),
    ),
    "algorithmic_transparency": (
        {"atrs.name": "Sorter", "atrs.supplier": "no"},
        ("Sorter", "Owner and responsibility", "Not answered yet"),
    ),
    "algorithmic_impact": (
        {"aia.phase": "design"} | spread(98, RISK, "aia.") | spread(62, MEASURES, "aia.design_"),
        ("Moderate impact.", "83", "One expert looks at it", "Score after measures"),
    ),
}


def record(framework: str) -> Record:
    answers, _ = FILLED[framework]
    return told(evaluate(CATALOGUE, {"frameworks.chosen": [framework], **answers}, ON))


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_document_of_a_framework_says_its_result(framework: str) -> None:
    html = to_html(document(CATALOGUE, record(framework), framework))
    said = " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())
    assert not [words for words in FILLED[framework][1] if words not in said]


def test_what_a_framework_shares_with_the_route_stays_owed() -> None:
    """One of its checkpoints is a question of the concept review: checks behind it stay open."""
    there = told(evaluate(CATALOGUE, {}, ON))
    assert "data.personal" in [need for need, _ in there.unknown]
    assert not [need for need, _ in there.unknown if need == "frameworks.chosen"]
