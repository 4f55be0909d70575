"""Why a rule holds, in English with the answers, and which answers would settle it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.catalogue import Catalogue
from app.core.assessment import Result, assess
from app.core.explanation import Because
from app.core.walks import walk
from tests.core.test_facts import QUESTIONS, yes
from tests.shipped import shipped_catalogue
from tests.tiny import ON, flag, judge, tiny

ASKED: list[dict[str, Any]] = [
    {
        "id": "d.special",
        "type": "multi",
        "ask": "Does it include any of these?",
        "options": {"health": "Health or disability", "ethnic": "Ethnic origin", "none": "None"},
        "unsure": True,
    },
    {"id": "d.personal", "type": "yes_no", "ask": "Is it about people?", "name": "Personal data"},
    {"id": "d.people", "type": "number", "ask": "How many people?", "unit": "people"},
    {"id": "d.start", "type": "date", "ask": "When does it start?"},
    {
        "id": "d.size",
        "type": "band",
        "ask": "How large?",
        "options": {"s": "Small", "m": "Middling", "l": "Large"},
    },
    {
        "id": "law.routes",
        "type": "rows",
        "ask": "Legal routes",
        "row_name": "legal route",
        "columns": [
            {"id": "who", "type": "text", "ask": "For whom?"},
            {"id": "art9", "type": "choice", "ask": "Article 9 condition", "options": {"a": "Consent", "h": "Health care"}},
            {
                "id": "sch1",
                "type": "choice",
                "ask": "Schedule 1 condition",
                "options": {"none_yet": "None chosen yet", "2": "Health purposes"},
                "show_if": {"===": [{"var": "art9"}, "h"]},
            },
        ],
    },
]  # fmt: skip
SPECIAL: Any = {"in": ["health", {"var": "d.special"}]}
MISSING: Any = {
    "some": [
        {"var": "law.routes"},
        {"and": [{"===": [{"var": "art9"}, "h"]}, {"===": [{"var": "sch1"}, "none_yet"]}]},
    ]
}
HEALTH = {"d.special": ["health", "ethnic"]}
ROUTE = {"id": 4, "who": "NHS trusts", "art9": "h", "sch1": "none_yet"}


def catalogue(when: Any, **rules: Any) -> Catalogue:
    return tiny(ASKED, {**rules, "flags": [flag(when)]})


def because(when: Any, answers: dict[str, Any], **rules: Any) -> tuple[str, tuple[str, ...]]:
    """Return the reason of the one flag, which is raised, and the answers it rests on."""
    found = judge(catalogue(when, **rules), answers).flags[0]
    assert found.raised
    return found.because.text(), found.because.answers


REASONS = [
    (SPECIAL, HEALTH, "“Does it include any of these?” includes “Health or disability”", ("d.special",)),
    ({"===": [{"var": "d.personal"}, "yes"]}, {"d.personal": "yes"}, "“Personal data” is “Yes”", ("d.personal",)),
    # What is said is the answer, not the comparison.
    ({"!==": [{"var": "d.personal"}, "no"]}, {"d.personal": "yes"}, "“Personal data” is “Yes”", ("d.personal",)),
    ({"in": [{"var": "d.personal"}, ["yes", "unsure"]]}, {"d.personal": "unsure"}, "“Personal data” is “I don't know”", ("d.personal",)),
    ({">=": [{"var": "d.size"}, "m"]}, {"d.size": "l"}, "“How large?” is “Large”", ("d.size",)),
    (
        {">": [{"var": "d.people"}, 1000]},
        {"d.people": 12000},
        "“How many people?” is 12,000 people, which is more than 1,000 people",
        ("d.people",),
    ),
    (
        {"<": [{"var": "d.start"}, "2026-05-01"]},
        {"d.start": "2026-04-01"},
        "“When does it start?” is before 1 May 2026",
        ("d.start",),
    ),
    # Only what holds is said.
    (
        {"or": [SPECIAL, {"===": [{"var": "d.personal"}, "yes"]}]},
        {**HEALTH, "d.personal": "no"},
        "“Does it include any of these?” includes “Health or disability”",
        ("d.special",),
    ),
    (
        {"and": [SPECIAL, {"===": [{"var": "d.personal"}, "yes"]}]},
        {**HEALTH, "d.personal": "yes"},
        "“Does it include any of these?” includes “Health or disability” and “Personal data” is “Yes”",
        ("d.special", "d.personal"),
    ),
    (
        {"at_least": [1, [SPECIAL, {"===": [{"var": "d.personal"}, "yes"]}]]},
        {"d.personal": "yes", "d.special": ["none"]},
        "“Personal data” is “Yes”",
        ("d.personal",),
    ),
    # Rows are named.
    (
        {"and": [SPECIAL, MISSING]},
        {**HEALTH, "law.routes": [{"id": 1, "who": "Boroughs", "art9": "a"}, ROUTE]},
        ("“Does it include any of these?” includes “Health or disability” and for “NHS trusts”, "
        "“Article 9 condition” is “Health care” and “Schedule 1 condition” is “None chosen yet”"),
        ("d.special", "law.routes/4/art9", "law.routes/4/sch1"),
    ),
    (
        {"!": MISSING},
        {"law.routes": []},
        "for no legal route, “Article 9 condition” is “Health care” and “Schedule 1 condition” is “None chosen yet”",
        ("law.routes",),
    ),
    (
        {"all": [{"var": "law.routes"}, {"===": [{"var": "art9"}, "a"]}]},
        {"law.routes": [{"id": 1, "who": "Boroughs", "art9": "a"}]},
        "for every legal route, “Article 9 condition” is “Consent” and for “Boroughs”, “Article 9 condition” is “Consent”",
        ("law.routes", "law.routes/1/art9"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("when", "answers", "text", "addresses"), REASONS)
def test_a_flag_is_explained_in_english_with_its_answers(
    when: Any, answers: dict[str, Any], text: str, addresses: tuple[str, ...]
) -> None:
    assert because(when, answers) == (text, addresses)


def test_a_restricted_answer_is_no_part_of_a_reason() -> None:
    asked = [{**ASKED[1], "restricted": True}, ASKED[2]]
    when = {"and": [{"===": [{"var": "d.personal"}, "no"]}, {">": [{"var": "d.people"}, 1]}]}
    found = judge(tiny(asked, {"flags": [flag(when)]}), {"d.personal": "no", "d.people": 2})
    said = found.flags[0].because
    assert said.text().startswith("of the answer to “Personal data”, which is restricted and ")
    assert said.answers == ("d.personal", "d.people")


def test_a_named_condition_is_explained_by_what_makes_it_hold() -> None:
    named = [{"id": "c.health", "title": "Health data is shared", "when": SPECIAL}]
    text, addresses = because({"var": "c.health"}, HEALTH, conditions=named)
    assert text == "“Does it include any of these?” includes “Health or disability”"
    assert addresses == ("d.special",)


def test_a_named_condition_that_does_not_hold_is_explained_by_what_makes_it_fail() -> None:
    named = [{"id": "c.health", "title": "Health data is shared", "when": SPECIAL}]
    text, _ = because({"!": {"var": "c.health"}}, {"d.special": ["none"]}, conditions=named)
    assert text == "“Does it include any of these?” does not include “Health or disability”"


def test_a_named_condition_over_what_is_not_asked_is_explained_by_its_name() -> None:
    hidden = {**ASKED[0], "show_if": {"===": [{"var": "d.people"}, 1]}}
    named = [{"id": "c.health", "title": "Health data is shared", "when": SPECIAL}]
    whole = tiny(
        [ASKED[2], hidden],
        {"conditions": named, "flags": [flag({"!": {"var": "c.health"}})]},
    )
    found = judge(whole, {"d.people": 2}).flags[0]
    assert found.raised
    assert found.because.text() == "it is not so that “Health data is shared”"


def test_a_score_is_explained_by_its_value_and_the_answers_behind_it() -> None:
    score = {"id": "s.size", "title": "Size", "value": {"divide": [{"var": "d.people"}, 3]}}
    text, addresses = because({">": [{"var": "s.size"}, 2]}, {"d.people": 10}, scores=[score])
    assert text == "“Size” is 3.33, which is more than 2"
    assert addresses == ("d.people",)


def test_a_score_that_reads_no_question_needs_no_answers() -> None:
    score = {"id": "s.size", "title": "Size", "value": 5}
    assert because({">": [{"var": "s.size"}, 2]}, {}, scores=[score])[1] == ()


NEEDS: list[tuple[Any, dict[str, Any], tuple[str, ...]]] = [
    (SPECIAL, {}, ("d.special",)),
    (SPECIAL, {"d.special": ["unsure"]}, ("d.special",)),
    ({"and": [SPECIAL, MISSING]}, {}, ("d.special", "law.routes")),
    ({"and": [SPECIAL, MISSING]}, HEALTH, ("law.routes",)),
    (MISSING, {"law.routes": [{"id": 4, "who": "NHS trusts"}]}, ("law.routes/4/art9",)),
    (
        MISSING,
        {"law.routes": [{"id": 4, "who": "NHS trusts", "art9": "h"}]},
        ("law.routes/4/sch1",),
    ),
    ({"or": [SPECIAL, {">": [{"var": "d.people"}, 3]}]}, {"d.special": ["none"]}, ("d.people",)),
]


@pytest.mark.parametrize(("when", "answers", "needs"), NEEDS)
def test_what_is_undetermined_names_the_answers_that_would_settle_it(
    when: Any, answers: dict[str, Any], needs: tuple[str, ...]
) -> None:
    found = judge(catalogue(when), answers).flags[0]
    assert found.result is Result.UNDETERMINED
    assert found.needs == needs


def test_what_waits_behind_derived_facts_is_followed_back_to_questions() -> None:
    rules = {
        "conditions": [{"id": "c.one", "title": "1", "when": yes("a.fine")}],
        "decisions": [
            {
                "id": "d.one",
                "title": "1",
                "outcomes": [
                    {"code": "x", "label": "X", "when": {"var": "c.one"}},
                    {"code": "y", "label": "Y", "otherwise": True},
                ],
            }
        ],
        "scores": [
            {
                "id": "s.one",
                "title": "1",
                "value": {"points": "d.one", "table": {"x": 1, "y": 2}},
                "band": {"id": "s.band", "from": "b"},
                "with": ["a.why"],
            }
        ],
        "bands": [{"id": "b", "levels": [{"code": "l", "label": "L"}]}],
        "flags": [flag({"===": [{"var": "s.band"}, "l"]})],
    }
    why = {"id": "a.why", "type": "text", "ask": "Why?"}
    whole = tiny([QUESTIONS[0], why], rules)
    assert judge(whole, {}).flags[0].needs == ("a.fine", "a.why")
    assert judge(whole, {"a.fine": "yes"}).flags[0].needs == ("a.why",)
    assert judge(whole, {"a.fine": "yes", "a.why": "So."}).flags[0].raised


def test_the_answers_behind_a_reason_change_with_what_was_said() -> None:
    def given(people: int) -> tuple[str, ...]:
        when = {">": [{"var": "d.people"}, 3]}
        return judge(catalogue(when), {"d.people": people}).flags[0].because.given

    assert given(5) == given(5)
    assert given(5) != given(6)


# The shipped catalogue


SHIPPED = shipped_catalogue()
OPERATORS = re.compile(r"===|!==|at_least|<=|>=|\{|\}|\bvar\b")


def words_of_the_engine() -> re.Pattern[str]:
    """Return a pattern of every id, and of every option code that is no word a label would hold."""
    program = SHIPPED.program
    codes = {
        code
        for domain in program.scope.values()
        for each in (domain, *domain.columns.values())
        for code in each.codes
        if "_" in code
    }
    ids = {*program.scope, *(flag_.rule.id for flag_ in program.flags if "." in flag_.rule.id)}
    known = "|".join(re.escape(word) for word in sorted(ids | codes, key=len, reverse=True))
    return re.compile(rf"(?<![\w.])(?:{known})(?![\w.])")


@pytest.mark.parametrize("seed", range(12))
def test_no_explanation_of_the_shipped_catalogue_holds_an_id_a_code_or_an_operator(
    seed: int,
) -> None:
    pattern = words_of_the_engine()
    assessment = assess(walk(SHIPPED.program, seed, ON))
    said = [each.because.text() for each in (*assessment.flags, *assessment.tasks) if each.raised]
    said += [reason.text for each in assessment.decisions.values() for reason in each.reasons]
    assert said
    for text in said:
        assert text, "a raised flag has a reason"
        found = pattern.search(text) or OPERATORS.search(text)
        assert found is None, (found, text)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7])
def test_everything_undetermined_in_the_shipped_catalogue_names_what_would_settle_it(
    share: float,
) -> None:
    found = walk(SHIPPED.program, 3, ON, share=share)
    assessment = assess(found)
    undetermined = assessment.of(Result.UNDETERMINED)
    assert undetermined
    for each in undetermined:
        assert each.needs, each.id
        for address in each.needs:
            assert address.split("/")[0] in found.shown, (each.id, address)
    assert not assessment.of(Result.ERROR)


def test_alike_clauses_are_told_together() -> None:
    told = Because((
        "“Sensitive” includes “Health”", "“Children” is “Yes”", "“Sensitive” includes “Faith”",
        "for “ICB”, “Role” is “Joint”", "for “Police”, “Role” is “Joint”", "for “School”, “Role” is “None”",
    ))  # fmt: skip
    assert told.text() == (
        "“Sensitive” includes “Health” and “Faith” and “Children” is “Yes” and "
        "for “ICB” and “Police”, “Role” is “Joint” and for “School”, “Role” is “None”"
    )
