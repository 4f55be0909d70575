"""The ethics self-assessment scores as the UK Statistics Authority's own form does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from app.core.assessment import Assessment, assess
from app.core.facts import facts
from app.core.questions import Answer
from tests.shipped import shipped_catalogue

PROGRAM = shipped_catalogue().program
ON = date(2026, 11, 21)

ITEMS = (
    ("public_benefit", "population_coverage", "potential_harm", "bias"),
    ("direct_id", "indirect_id", "data_security", "ethical_consent", "permitted_use"),
    ("validity", "standards", "training", "human_oversight", "new_technology", "realise_benefits"),
    ("legal_gateway", "legal_framework"),
    ("public_views", "public_engagement"),
    ("access_outcomes", "share_methods", "curation_reuse"),
)
PRINCIPLES = (
    "public_good",
    "confidentiality",
    "methods",
    "legal",
    "public_views_score",
    "transparency",
)
ALL = tuple(item for principle in ITEMS for item in principle)
TICKS = ("linked", "sensitive", "patient", "protected")
MAY_BE_LEFT_OUT = (2, 9, 13, 14, 19, 21, 22)
UNSURE_TRIPS = (1, 5, 6, 9, 16, 17, 20)

Choices = Mapping[int, str]  # number of the item (from 1) to code


def choices(every: str, changed: Choices | None = None) -> dict[str, Answer]:
    """One answer for all 22 items, some changed; no ticks, no justifications."""
    codes = dict.fromkeys(range(1, 23), every) | dict(changed or {})
    return {f"ethics.{ALL[number - 1]}": code for number, code in codes.items()}


def ticks(*ticked: str) -> dict[str, Answer]:
    return {f"ethics.{tick}": "yes" if tick in ticked else "no" for tick in TICKS}


def reasons() -> dict[str, Answer]:
    return {f"ethics.{item}_why": "The reasons." for item in ALL}


def assessed(answers: Mapping[str, Answer]) -> Assessment:
    return assess(facts(PROGRAM, answers, ON))


def complete(
    every: str, changed: Choices | None = None, ticked: tuple[str, ...] = ()
) -> Assessment:
    return assessed(choices(every, changed) | ticks(*ticked) | reasons())


def breaches(result: Assessment) -> list[int]:
    found = {
        flag.id.removeprefix("tolerance.")
        for flag in result.raised()
        if flag.rule.kind == "tolerance"
    }
    return [number for number, item in enumerate(ALL, 1) if item in found]


def band(result: Assessment, score: str = "ethics.overall") -> str | None:
    level = result.scores[score].level
    return level.code if level else None


def outcome(result: Assessment, decision: str) -> str | None:
    decided = result.decisions.get(decision)
    return decided.outcome.code if decided and decided.outcome else None


LEFT_OUT = dict.fromkeys(MAY_BE_LEFT_OUT, "na")
WORKBOOK = {3: "2", 4: "2", 14: "2", 18: "3", 9: "na"}
VECTORS = [
    ("1", WORKBOOK, (), 1.2777777777777777, "low", [18]),
    ("1", {}, (), 1.0, "low", []),
    ("1", {}, TICKS, 1.6632, "average", []),
    ("1", {}, ("sensitive", "patient", "protected"), 1.584, "low", []),
    ("2", {}, (), 2.0, "average", list(UNSURE_TRIPS)),
    ("2", {}, TICKS, 3.3264, "very_high", list(UNSURE_TRIPS)),
    ("3", {}, (), 3.0, "very_high", list(range(1, 23))),
    ("3", {}, TICKS, 4.9896, "very_high", list(range(1, 23))),
    ("1", {1: "3"}, (), 1.0833333333333333, "low", [1]),
    ("1", {5: "3"}, (), 1.0666666666666667, "low", [5]),
    ("1", {10: "3"}, (), 1.0555555555555556, "low", [10]),
    ("1", {16: "3"}, (), 1.1666666666666667, "low", [16]),
    ("1", {18: "3"}, (), 1.1666666666666667, "low", [18]),
    ("1", {20: "3"}, (), 1.1111111111111112, "low", [20]),
    ("1", {16: "3", 17: "3"}, (), 1.3333333333333333, "low", [16, 17]),
    ("1", {16: "3", 17: "3"}, ("linked",), 1.4, "low", [16, 17]),
    ("1", {5: "3", 6: "3"}, ("sensitive", "protected"), 1.496, "low", [5, 6]),
    ("1", LEFT_OUT, (), 1.0, "low", []),
]


@pytest.mark.parametrize(("every", "changed", "ticked", "value", "level", "breached"), VECTORS)
def test_a_completed_form_gives_the_score_band_and_breaches_of_the_workbook(
    every: str,
    changed: Choices,
    ticked: tuple[str, ...],
    value: float,
    level: str,
    breached: list[int],
) -> None:
    result = complete(every, changed, ticked)

    assert result.scores["ethics.overall"].value == pytest.approx(value, abs=1e-9)
    assert band(result) == level
    assert breaches(result) == breached
    assert result.scores["ethics.overall"].missing == ()


EVERY_CHOICE = [
    (number, code)
    for number in range(1, 23)
    for code in ("1", "2", "3", "na")
    if code != "na" or number in MAY_BE_LEFT_OUT
]


@pytest.mark.parametrize(("number", "code"), EVERY_CHOICE)
def test_an_item_trips_its_tolerance_at_exactly_the_scores_of_the_form(
    number: int, code: str
) -> None:
    trips = code == "3" or (code == "2" and number in UNSURE_TRIPS)

    assert breaches(complete("1", {number: code})) == ([number] if trips else [])


def test_only_seven_items_may_be_left_out() -> None:
    found = [
        number
        for number, item in enumerate(ALL, 1)
        if "na" in PROGRAM.questions[f"ethics.{item}"].labels
    ]

    assert found == list(MAY_BE_LEFT_OUT)


@pytest.mark.parametrize(("principle", "items"), list(zip(PRINCIPLES, ITEMS, strict=True)))
def test_a_principle_is_the_mean_of_its_own_scored_items(
    principle: str, items: tuple[str, ...]
) -> None:
    numbers = [ALL.index(item) + 1 for item in items]
    kept = [number for number in numbers if number not in MAY_BE_LEFT_OUT]

    all_but_one = complete("1", {numbers[0]: "3"}).scores[f"ethics.{principle}"].value
    left_out = complete("1", {numbers[0]: "3"} | LEFT_OUT).scores[f"ethics.{principle}"].value

    assert all_but_one == pytest.approx((len(items) + 2) / len(items))
    assert left_out == pytest.approx((len(kept) + 2) / len(kept))


@pytest.mark.parametrize(
    ("numbers", "score", "level"),
    [
        ((10, 11, 12), 1.5, "low"),
        ((10, 11, 12, 13), 10 / 6, "average"),
        ((1, 2, 3, 4), 2.0, "average"),
    ],
)
def test_a_principle_has_the_same_cut_offs_as_the_whole(
    numbers: tuple[int, ...], score: float, level: str
) -> None:
    principle = "ethics.methods" if 10 in numbers else "ethics.public_good"

    result = complete("1", dict.fromkeys(numbers, "2"))

    assert result.scores[principle].value == pytest.approx(score)
    assert band(result, principle) == level


def test_the_value_is_there_and_the_band_is_not_while_only_justifications_are_missing() -> None:
    result = assessed(choices("1") | ticks())

    assert result.scores["ethics.overall"].value == 1.0
    assert band(result) is None
    assert set(result.scores["ethics.overall"].missing) == {f"ethics.{item}_why" for item in ALL}


def test_a_single_missing_justification_holds_the_band_back() -> None:
    answers = choices("1") | ticks() | reasons()
    del answers["ethics.bias_why"]

    result = assessed(answers)

    assert (band(result), result.scores["ethics.overall"].missing) == (None, ("ethics.bias_why",))


@pytest.mark.parametrize("blank", ["ethics.curation_reuse", "ethics.linked"])
def test_there_is_no_value_while_a_choice_or_a_tick_is_missing(blank: str) -> None:
    answers = choices("1") | ticks() | reasons()
    del answers[blank]

    score = assessed(answers).scores["ethics.overall"]

    assert score.value is None
    assert blank in score.missing


def test_leaving_an_item_out_still_needs_a_justification() -> None:
    answers = choices("1", {22: "na"}) | ticks() | reasons()
    del answers["ethics.curation_reuse_why"]

    assert band(assessed(answers)) is None


@pytest.mark.parametrize(
    ("every", "changed", "ticked", "message"),
    [
        ("1", {}, (), "proceed_once_confirmed"),
        ("1", {18: "3"}, (), "tolerance"),
        ("3", {}, (), "tolerance"),
        ("1", {}, TICKS, "discuss_mitigations"),
        ("2", dict.fromkeys(UNSURE_TRIPS, "1"), TICKS, "independent_review"),
    ],
)
def test_the_message_is_first_a_tolerance_and_then_the_band(
    every: str, changed: Choices, ticked: tuple[str, ...], message: str
) -> None:
    assert outcome(complete(every, changed, ticked), "ethics.message") == message


def test_there_is_no_message_and_no_colour_before_completion() -> None:
    result = assessed(choices("3") | ticks())

    decisions = ("ethics.message", "ethics.colour", "ethics.loti_colour")
    assert [outcome(result, each) for each in decisions] == [None, None, None]


@pytest.mark.parametrize(
    ("every", "changed", "ticked", "form", "london"),
    [
        ("1", {}, (), "green", "green"),
        ("1", {16: "3", 17: "3"}, (), "green", "amber"),
        ("1", {}, TICKS, "amber", "amber"),
        ("2", {}, TICKS, "red", "red"),
    ],
)
def test_the_london_reading_is_at_least_amber_on_a_breach_and_leaves_the_form_alone(
    every: str, changed: Choices, ticked: tuple[str, ...], form: str, london: str
) -> None:
    result = complete(every, changed, ticked)

    assert outcome(result, "ethics.colour") == form
    assert outcome(result, "ethics.loti_colour") == london


NO_PERSONAL_DATA = ("direct_id", "indirect_id", "data_security", "ethical_consent")


@pytest.mark.parametrize("item", ALL)
def test_only_items_5_to_8_are_proposed_as_low_when_there_is_no_personal_data(item: str) -> None:
    id_ = f"ethics.{item}"
    found = facts(PROGRAM, {"data.personal": "no"}, ON)

    proposed = [
        suggestion
        for suggestion, when in zip(
            PROGRAM.questions[id_].suggest, PROGRAM.suggestions.get(id_, ()), strict=True
        )
        if found.truth(when) is True
    ]

    assert [each.answer for each in proposed] == (["1"] if item in NO_PERSONAL_DATA else [])
    assert all("no personal data" in each.because for each in proposed)


# What the self-assessment says is proposed where the project asks for it again.
CARRIED = [
    ({"ethics.linked": "yes"}, "data.matching", "yes"),
    ({"ethics.patient": "yes"}, "data.nhs_confidential", "yes"),
    ({"ethics.ethical_consent": "1"}, "data.collected_on", "consent"),
    ({"ethics.permitted_use": "3"}, "law.told", "no"),
    ({"ethics.human_oversight": "3"}, "proc.human_meaningful", "no"),
    ({"ethics.new_technology": "3"}, "proc.innovative", "yes"),
    ({"ethics.public_engagement": "2"}, "consult.subjects", "done"),
    ({"ethics.public_engagement": "na"}, "consult.subjects", "not_with_reason"),
    ({"ethics.access_outcomes": "1"}, "dpia.publish", "summary"),
    ({"ethics.curation_reuse": "1"}, "ret.in_schedule", "yes"),
]


@pytest.mark.parametrize(("given", "question", "answer"), CARRIED)
def test_an_answer_of_the_self_assessment_is_proposed_where_it_is_asked_again(
    given: Mapping[str, Answer], question: str, answer: str
) -> None:
    def proposed(answers: Mapping[str, Answer]) -> list[object]:
        found = facts(PROGRAM, answers, ON)
        offered = zip(
            PROGRAM.questions[question].suggest, PROGRAM.suggestions[question], strict=True
        )
        return [each.answer for each, when in offered if found.truth(when) is True]

    assert proposed(given) == [answer]
    assert proposed({}) == []
