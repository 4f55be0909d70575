"""What live projects raise is counted every day, so that rules which never fire can be found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine

from app.actions import jobs
from app.actions.actor import everyone
from app.actions.catalogues import Catalogues, Notes
from app.actions.definitions.coverage import Count, Tally, keep_counts, never_raised, rule_counts
from app.actions.organisations import add_organisation, add_person, take_in
from app.actions.pages import summarise
from app.actions.projects import NewProject, start_project
from app.core.sheet import Change
from app.store.database import counting, read, write
from tests.databases import NOW
from tests.tiny import evaluate, flag, sources, tiny

KIND = {"id": "a.kind", "type": "choice", "ask": "Which?", "options": {"x": "X", "y": "Y"}}
RULES = {
    "flags": [
        flag({"===": [{"var": "a.kind"}, "x"]}, "F1"),
        flag({"===": [{"var": "a.kind"}, "y"]}, "F2"),
    ]
}
DAY = date(2026, 11, 22)


def tallied(on: date, *several: dict[str, Any]) -> Tally:
    catalogue = tiny([KIND], RULES)
    tally = Tally(on)
    for answers in several:
        tally.note(evaluate(catalogue, answers))
    return tally


def test_each_outcome_of_each_rule_is_counted(engine: Engine) -> None:
    with write(engine) as conn:
        keep_counts(conn, tallied(DAY, {"a.kind": "x"}, {"a.kind": "x"}, {}))
        counts = rule_counts(conn)
    assert counts == {
        "F1": Count("F1", 3, 2, 1, DAY, DAY, DAY, DAY),
        "F2": Count("F2", 3, 0, 1, DAY, DAY, None, None),
    }


def test_a_day_counted_again_is_kept_once(engine: Engine) -> None:
    tally = tallied(DAY, {"a.kind": "x"})
    with write(engine) as conn:
        keep_counts(conn, tally)
        once = rule_counts(conn)
        keep_counts(conn, tally)
        assert rule_counts(conn) == once


def test_a_rule_remembers_the_days_on_which_it_was_raised(engine: Engine) -> None:
    days = [DAY + timedelta(days=n) for n in range(4)]
    with write(engine) as conn:
        for day, kind in zip(days, ["y", "x", "x", "y"], strict=True):
            keep_counts(conn, tallied(day, {"a.kind": kind}))
        counts = rule_counts(conn)
    assert counts["F1"] == Count("F1", 1, 0, 0, days[0], days[3], days[1], days[2])


def test_a_rule_that_no_project_is_asked_about_any_more_keeps_its_past(engine: Engine) -> None:
    later = DAY + timedelta(days=1)
    with write(engine) as conn:
        keep_counts(conn, tallied(DAY, {"a.kind": "x"}))
        keep_counts(conn, Tally(later))
        counts = rule_counts(conn)
    assert counts["F1"] == Count("F1", 0, 0, 0, DAY, later, DAY, DAY)


def test_only_what_was_counted_and_never_raised_is_said_to_be_so(engine: Engine) -> None:
    new = flag({"===": [{"var": "a.kind"}, "x"]}, "F3")
    program = tiny([KIND], {"flags": [*RULES["flags"], new]}).program
    with write(engine) as conn:
        keep_counts(conn, tallied(DAY, {"a.kind": "x"}))
        found = never_raised(conn, program)
    assert [(rule.id, count.projects) for rule, count in found] == [("F2", 1)]


def test_reading_the_counts_takes_one_statement(engine: Engine) -> None:
    program = tiny([KIND], RULES).program
    with counting(engine) as statements, read(engine) as conn:
        assert never_raised(conn, program) == ()
    assert len(statements.sent) == 1


def test_the_days_reassessment_counts_every_project(engine: Engine, tmp_path: Path) -> None:
    for path, content in sources([KIND], RULES).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    catalogues = Catalogues(engine)
    released = catalogues.publish(tmp_path, Notes("Test", "For a test", NOW))
    with write(engine) as conn:
        home = add_organisation(conn, "Carnmere", "borough", NOW)
        take_in(conn, add_person(conn, "Ann", "ann@carnmere.example", NOW), home, "lead", NOW)
        new = NewProject("One", "new", "s", released.release.id, NOW)
        for kind in ("x", "x", "y"):
            changed = replace(new, id=uuid4(), changes=[Change("a.kind", kind)])
            start_project(conn, everyone(conn)[0], changed, summarise(released, DAY))
    assert jobs.work_once(engine, catalogues, NOW)
    with read(engine) as conn:
        counts = rule_counts(conn)
    assert {id_: (each.projects, each.raised) for id_, each in counts.items()} == {
        "F1": (3, 2),
        "F2": (3, 1),
    }
