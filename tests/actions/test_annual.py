"""The annual report: advice, what became of it, what is late, for who reads it and for a period."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from app.actions.actor import Actor
from app.actions.annual import Lists, Period, report_year
from app.actions.answers import Posted, open_to_write, save_changes
from app.actions.catalogues import Catalogues, Notes
from app.actions.definitions.releases import publish_files
from app.actions.organisations import add_organisation, add_person, take_in
from app.actions.pages import summarise
from app.actions.projects import NewProject, start_project
from app.actions.review.acts import NewAct, append_act
from app.actions.surveys import compose_survey
from app.catalogue import BadDefinitions
from app.catalogue.surveys import LISTS, read_surveys
from app.core.blocks import Table
from app.core.sheet import Change
from app.core.standing import ADVISE, LIFT
from app.settings import content_root
from app.store.database import read, write
from tests.kept import who_is
from tests.tiny import PIPELINE, sources

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
YEAR = Period(
    date(2026, 1, 1),
    date(2026, 12, 31),
    datetime(2026, 1, 1, tzinfo=UTC),
    datetime(2027, 1, 1, tzinfo=UTC),
)
FOLLOWED = {
    "id": "followed",
    "title": "What became of it",
    "about": "So.",
    "does": "decides",
    "done": "decided",
    "stages": ["s"],
    "by": ["siro"],
    "ask": "Do you follow it?",
    "choices": {"yes": "Yes", "overruled": "No"},
    "words": "Why not?",
    "explain": ["overruled"],
    "after": [ADVISE],
}
ACTIONS = {
    "id": "a.actions",
    "type": "rows",
    "ask": "What is done?",
    "columns": [
        {"id": "measure", "type": "text", "ask": "What?"},
        {"id": "who", "type": "text", "ask": "Who?"},
        {"id": "due", "type": "date", "ask": "By when?"},
        {"id": "done", "type": "yes_no", "unsure": False, "ask": "Done?"},
    ],
}
ROWS = {
    "a.actions/+1": {"measure": "Lock it", "who": "Kit", "due": "2026-11-12", "done": "no"},
    "a.actions/+2": {"measure": "Done one", "due": "2026-11-12", "done": "yes"},
    "a.actions/+3": {"measure": "Later one", "due": "2026-11-22"},
    "a.review": "2026-11-20",
}


@pytest.fixture
def people(engine: Engine) -> dict[str, Actor]:
    """A project of Ann's: Dora advised, Sir overruled her, and a stop was lifted; Olaf is elsewhere."""
    catalogues = Catalogues(engine)
    review = {"id": "a.review", "type": "date", "ask": "Reviewed when?"}
    named = {"people": {**PIPELINE["people"], "siro": {"title": "SIRO"}}}  # type: ignore[dict-item]
    names = {**PIPELINE["names"], "actions": "a.actions", "review": "a.review"}  # type: ignore[dict-item]
    files = sources([ACTIONS, review], pipeline={**named, "names": names, "acts": [FOLLOWED]})
    released = publish_files(catalogues, files, Notes("LOTI", "", START)).released
    found = {}
    with write(engine) as conn:
        ours = add_organisation(conn, "Carnmere", "borough", START)
        theirs = add_organisation(conn, "Brookvale", "borough", START)
        for name, role in (("Ann", "lead"), ("Dora", "dpo"), ("Sir", "siro"), ("Olaf", "dpo")):
            id_ = add_person(conn, name, f"{name}@demo.invalid", START)
            take_in(conn, id_, theirs if name == "Olaf" else ours, role, START)
            who = who_is(conn, id_)
            assert who
            found[name] = who
        new = NewProject("Warm homes", "new", "s", released.release.id, START)
        reference = start_project(conn, found["Ann"], new, summarise(released, START.date()))
    with write(engine) as conn:
        posted = Posted([Change(a, v) for a, v in ROWS.items()], "q/p", START, released.release.id)
        save_changes(conn, found["Ann"], reference, posted, summarise(released, START.date()))
    for name, new_act in (
        ("Dora", NewAct(ADVISE, "s", START, content={"advice": "Do not, yet."})),
        (
            "Sir",
            NewAct("followed", "s", START, content={"choice": "overruled", "reason": "Winter."}),
        ),
        ("Dora", NewAct(LIFT, "s", START, "F9", {"reason": "Looked at."})),
        ("Dora", NewAct(ADVISE, "s", datetime(2025, 6, 1, tzinfo=UTC), content={"advice": "Old."})),
    ):
        with write(engine) as conn:
            append_act(conn, found[name], open_to_write(conn, found[name], reference), new_act)
    return found


def lists_of(engine: Engine, actor: Actor) -> Lists:
    with read(engine) as conn:
        return report_year(conn, actor, Catalogues(engine), YEAR, NOW)


def test_a_period_lists_the_advice_that_was_given_in_it(
    engine: Engine, people: dict[str, Actor]
) -> None:
    (line,) = lists_of(engine, people["Dora"])["advice"]
    assert line["project"] == "FP-0001 Warm homes"
    assert (line["on"], line["said"]) == ("5 January 2026", "Do not, yet.")


def test_overruled_advice_is_told_with_the_reason(engine: Engine, people: dict[str, Actor]) -> None:
    (line,) = lists_of(engine, people["Sir"])["overruled"]
    assert (line["what"], line["said"]) == ("Do you follow it? No", "Winter.")
    assert line["who"] == "Sir, Carnmere"


def test_a_lifted_stop_is_told_with_the_reason(engine: Engine, people: dict[str, Actor]) -> None:
    (line,) = lists_of(engine, people["Dora"])["lifted"]
    assert (line["what"], line["said"]) == ("F9", "Looked at.")


def test_what_was_due_before_today_and_is_not_done_is_overdue(
    engine: Engine, people: dict[str, Actor]
) -> None:
    (line,) = lists_of(engine, people["Dora"])["actions"]
    assert (line["what"], line["who"], line["by"], line["days"]) == (
        "Lock it",
        "Kit",
        "12 November 2026",
        "10",
    )


def test_a_review_whose_day_has_passed_is_late(engine: Engine, people: dict[str, Actor]) -> None:
    (line,) = lists_of(engine, people["Dora"])["reviews"]
    assert (line["who"], line["days"]) == ("Ann", "2")


def test_nothing_of_a_project_is_told_to_an_organisation_that_takes_no_part(
    engine: Engine, people: dict[str, Actor]
) -> None:
    assert all(not lines for lines in lists_of(engine, people["Olaf"]).values())


def test_nothing_is_told_to_other_roles(engine: Engine, people: dict[str, Actor]) -> None:
    assert lists_of(engine, people["Ann"]) == {}


def test_what_is_listed_has_the_columns_that_an_outline_may_print(
    engine: Engine, people: dict[str, Actor]
) -> None:
    found = lists_of(engine, people["Dora"])
    assert found.keys() == LISTS.keys()
    for name, lines in found.items():
        for line in lines:
            assert set(line) <= set(LISTS[name]) | {"said"}, name


def test_the_shipped_outline_prints_what_there_is_and_says_what_there_is_not() -> None:
    survey = read_surveys(content_root())["annual_report"]
    words = dict.fromkeys(("organisation", "first", "last", "on"), "Carnmere")
    empty = compose_survey(survey, {}, words, "2026-11-22")
    assert not any(isinstance(block, Table) for block in empty.blocks)
    full = {name: (dict.fromkeys(columns, "x"),) for name, columns in LISTS.items()}
    tables = [
        b for b in compose_survey(survey, full, words, "2026-11-22").blocks if isinstance(b, Table)
    ]
    assert len(tables) == len(survey.sections) == len(LISTS)


def test_every_fault_of_an_outline_is_told_at_once(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path)) / "outputs" / "surveys"
    folder.mkdir(parents=True)
    (folder / "wrong.yaml").write_text(
        "title: T\nfile: t\nmarking: M\nlead: 'For {nobody}'\nsections:\n"
        "  - {title: A, of: advise, columns: {on: Day}, none: None}\n"
        "  - {title: B, of: advice, columns: {day: Day}, widths: [50], none: None}\n"
    )
    with pytest.raises(BadDefinitions) as bad:
        read_surveys(Path(str(tmp_path)))
    assert [line.removeprefix("outputs/surveys/wrong.yaml:") for line in bad.value.lines] == [
        "4:1: nothing is filled in for {nobody}",
        "6:16: there is no list 'advise'; did you mean 'advice'?",
        "7:38: 'advice' has no column 'day'",
        "7:49: write one width for each column, 100 together",
    ]
