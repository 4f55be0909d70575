"""What a change does to live projects: found, counted, kept and cancelled; on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, func, select, update

from app.actions.actor import Actor
from app.actions.catalogues import Catalogues, Notes
from app.actions.definitions import previewing
from app.actions.definitions.previewing import run_preview
from app.actions.definitions.previews import (
    Ask,
    Looked,
    begin_preview,
    cancel_preview,
    preview_of,
    preview_of_files,
    touched_projects,
    who_holds,
)
from app.actions.definitions.releases import publish_files
from app.actions.errors import NotFound
from app.actions.jobs import PREVIEW, Job, job_state, work_once
from app.catalogue import content_hash
from app.core.walks import walk
from app.store.database import read, write
from app.store.definitions import change_effect, release
from app.store.previews import CANCELLED, DONE, FAILED, WAITING
from app.store.tables import organisation, person, project, sheet
from bench.many import fill
from tests.core.changing import GONE, NO, WHOLE, edited, files_of, whole
from tests.core.test_difference import BLOCKS, MANY, QUESTIONS, REASON, SO
from tests.core.test_difference import FLAG as RULE
from tests.databases import NOW

ANSWERS: list[dict[str, Any]] = [
    {"x.title": "First", "a.yes": "yes", "a.many": ["two"], "a.band": "most"},
    {"x.title": "Second", "a.yes": "yes", "a.many": ["one", "two"], "a.band": "little"},
    {"x.title": "Third", "a.yes": "no", "a.band": "most"},
    {"a.pick": "rail", "a.reason": "So."},
]
WORDS = (((*SO, "hint"), "Another hint."),)
LESS = (((*MANY, "options", "two"), GONE),)


@dataclass
class Desk:
    """An editor, and live projects on the first release."""

    engine: Engine
    catalogues: Catalogues
    eve: Actor
    base_id: UUID

    def begin(self, whole: Mapping[str, Any]) -> UUID:
        with write(self.engine) as conn:
            return begin_preview(conn, self.eve, Ask(files_of(whole), self.base_id, NOW))

    def run(self, id_: UUID) -> Looked:
        done = Job(uuid4(), PREVIEW, {"preview": str(id_)}, 1)
        run_preview(self.engine, self.catalogues, done, NOW)
        return self.look(id_)

    def look(self, id_: UUID) -> Looked:
        with read(self.engine) as conn:
            return preview_of(conn, id_)

    def preview(self, *edits: Any) -> Looked:
        return self.run(self.begin(edited(*edits)))

    def publish(self, whole: Mapping[str, Any]) -> UUID:
        notes = Notes("LOTI", "", NOW)
        return publish_files(self.catalogues, files_of(whole), notes).released.release.id

    def of(self, looked: Looked, kind: str) -> list[str]:
        """The projects with an effect of one kind."""
        with read(self.engine) as conn:
            return [
                each.reference
                for effect in looked.effects
                if effect.kind == kind
                for each in touched_projects(conn, self.eve, looked.preview.id, effect.seq)
            ]


KEPT = (
    select(project.c.acts, sheet.c.document)
    .join(sheet, sheet.c.subject_id == project.c.id)
    .order_by(project.c.reference)
)


def told(looked: Looked) -> list[tuple[str, str, int]]:
    return [(each.kind, each.subject, each.number) for each in looked.effects]


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return fresh(engine, ANSWERS)


def fresh(engine: Engine, answers: Iterable[dict[str, Any]]) -> Desk:
    catalogues = Catalogues(engine)
    notes = Notes("LOTI", "", NOW)
    base = publish_files(catalogues, files_of(WHOLE), notes).released.release.id
    fill(engine, whole(), base, list(answers))
    with read(engine) as conn:
        who = conn.execute(select(person.c.id)).scalar_one()
        of = conn.execute(select(organisation.c.id)).scalar_one()
    return Desk(engine, catalogues, Actor(who, "Eve", "editor", of, "Carnmere"), base)


def test_a_change_of_wording_changes_no_project(desk: Desk) -> None:
    looked = desk.preview(*WORDS)

    assert looked.preview.state == DONE
    assert (looked.preview.projects, looked.preview.touched) == (4, 0)
    assert looked.effects == ()


def test_effects_are_grouped_with_their_projects(desk: Desk) -> None:
    looked = desk.preview(*LESS)

    assert [each for each in told(looked) if each[0] == "ask"] == [("ask", "a.many", 2)]
    assert desk.of(looked, "ask") == ["FP-00001", "FP-00002"]
    assert looked.preview.touched == 2
    ask = next(each for each in looked.effects if each.kind == "ask")
    assert ask.title == "Question to answer: Which of these?"
    assert (ask.before, ask.after) == ("Answered “Two”", "To be answered again")


def test_the_projects_are_told_by_their_organisation(desk: Desk) -> None:
    looked = desk.preview(*LESS)
    with read(desk.engine) as conn:
        (first, _) = touched_projects(conn, desk.eve, looked.preview.id, looked.effects[0].seq)

    assert (first.reference, first.organisation, first.mine) == ("FP-00001", "Carnmere", True)


def test_which_projects_of_other_organisations_they_are_is_not_told(desk: Desk) -> None:
    looked = desk.preview(*LESS)
    elsewhere = replace(desk.eve, organisation_id=uuid4())
    with read(desk.engine) as conn:
        found = touched_projects(conn, elsewhere, looked.preview.id, looked.effects[0].seq)

    assert [(each.reference, each.organisation, each.mine) for each in found] == [
        ("", "Carnmere", False)
    ] * 2


def test_a_document_is_told_apart_from_what_is_asked_or_raised(desk: Desk) -> None:
    looked = desk.preview(((*BLOCKS, "+"), {"text": "The end."}))

    assert {kind for kind, _, _ in told(looked)} == {"document"}
    assert (looked.preview.touched, looked.preview.reworded) == (0, 3)


def test_a_signed_document_stays_and_its_signatures_are_told(desk: Desk) -> None:
    signed = [{"kind": "signature", "about": "note"}]
    with write(desk.engine) as conn:
        first = update(project).where(project.c.reference == "FP-00001")
        conn.execute(first.values(acts=json.dumps(signed)))
        before = conn.execute(KEPT).all()
    looked = desk.preview(((*BLOCKS, "+"), {"text": "The end."}))
    with read(desk.engine) as conn:
        after = conn.execute(KEPT).all()

    assert desk.of(looked, "signature") == ["FP-00001"]
    assert "FP-00001" not in desk.of(looked, "document")
    assert looked.preview.touched == 1
    assert before == after


def test_projects_are_compared_from_their_own_release(desk: Desk) -> None:
    later = desk.publish(edited(*LESS))
    with write(desk.engine) as conn:
        second = update(project).where(project.c.reference == "FP-00002")
        conn.execute(second.values(release_id=later))
    looked = desk.preview(*LESS, *WORDS)

    assert desk.of(looked, "ask") == ["FP-00001"]


def test_a_rename_loses_nothing(desk: Desk) -> None:
    renamed = json.loads(json.dumps(WHOLE).replace('"a.many"', '"a.several"'))
    pipeline = renamed["questionnaires/pipeline.yaml"]
    pipeline["converters"] = {"questions": {"a.many": "a.several"}}
    with_converter = desk.run(desk.begin(renamed))
    del pipeline["converters"]
    without = desk.run(desk.begin(renamed))

    assert with_converter.effects == ()
    assert ("hidden", "a.many", 2) in told(without)


def test_a_deletion_says_what_it_hides_and_whose(desk: Desk) -> None:
    looked = desk.preview((REASON, GONE))
    with read(desk.engine) as conn:
        question, option = who_holds(conn, "a.reason"), who_holds(conn, "a.many", "one")
        nobody = who_holds(conn, "a.many", "none")

    assert ("hidden", "a.reason", 1) in told(looked)
    assert (question.projects, question.organisations) == (1, (("Carnmere", 1),))
    assert (option.projects, nobody.projects) == (1, 0)
    assert question.words() == "1 live project holds such an answer: Carnmere (1)."
    assert nobody.words() == "No live project holds such an answer."


@pytest.mark.parametrize(
    ("question", "option", "expected"),
    [
        ("a.yes", None, 3),
        ("a.yes", "yes", 2),
        ("a.many", "one", 1),
        ("a.many", "two", 2),
        ("a.reason", None, 1),
        ("a.text", None, 0),
        ("a.rows", None, 1),
        ("a.rows/likely", None, 1),
        ("a.rows/likely", "often", 1),
        ("a.rows/likely", "rare", 0),
        ("a_yes", None, 0),
    ],
)
def test_who_holds_an_answer_is_counted(
    engine: Engine, question: str, option: str | None, expected: int
) -> None:
    rows = [{"id": 1, "what": "Names", "likely": "often"}]
    fresh(engine, [*ANSWERS, {"a.rows": rows}])
    with read(engine) as conn:
        assert who_holds(conn, question, option).projects == expected


def test_a_new_question_is_asked_of_everybody(desk: Desk) -> None:
    looked = desk.preview(((*QUESTIONS, "+"), {"id": "a.new", "type": "text", "ask": "And this?"}))

    assert ("ask", "a.new", 4) in told(looked)


def test_definitions_with_faults_are_not_looked_at(desk: Desk) -> None:
    looked = desk.preview(((*RULE, "when"), {"var": "c.nothing"}))

    assert looked.preview.state == FAILED
    assert (looked.preview.error or "").startswith("rules/r.yaml:1:")


def test_what_is_cancelled_before_it_begins_never_begins(desk: Desk) -> None:
    id_ = desk.begin(edited(*LESS))
    with write(desk.engine) as conn:
        cancel_preview(conn, id_, NOW)
    looked = desk.run(id_)

    assert (looked.preview.state, looked.preview.begun_at, looked.effects) == (CANCELLED, None, ())


def test_what_is_cancelled_on_the_way_stops_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = desk.begin(edited(*LESS))
    seen: list[int] = []
    look_at = previewing.look_at

    def cancelled(*given: Any) -> Any:
        seen.append(1)
        if len(seen) == 2:
            with write(desk.engine) as conn:
                cancel_preview(conn, id_, NOW)
        return look_at(*given)

    monkeypatch.setattr(previewing, "CHUNK", 1)
    monkeypatch.setattr(previewing, "TELLS", -1.0)
    monkeypatch.setattr(previewing, "look_at", cancelled)
    looked = desk.run(id_)

    assert (looked.preview.state, looked.effects, len(seen)) == (CANCELLED, (), 2)


def test_what_goes_wrong_is_told_and_not_tried_for_ever(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*_: Any) -> Any:
        raise RuntimeError("no room left")

    monkeypatch.setattr(previewing, "look_at", wrong)
    id_ = desk.begin(edited(*LESS))
    with pytest.raises(RuntimeError):
        desk.run(id_)

    looked = desk.run(id_)
    assert (looked.preview.state, looked.preview.error) == (FAILED, "RuntimeError: no room left")


def test_progress_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = desk.begin(edited(*LESS))
    assert (desk.look(id_).preview.state, desk.look(id_).preview.hundredths) == (WAITING, 0)
    steps: list[int] = []
    look_at = previewing.look_at

    def looking(*given: Any) -> Any:
        steps.append(desk.look(id_).preview.hundredths)
        return look_at(*given)

    monkeypatch.setattr(previewing, "CHUNK", 1)
    monkeypatch.setattr(previewing, "TELLS", -1.0)
    monkeypatch.setattr(previewing, "look_at", looking)
    desk.run(id_)

    assert steps == [0, 25, 50, 75]


def test_the_worker_does_it(desk: Desk) -> None:
    id_ = desk.begin(edited(*LESS))
    while work_once(desk.engine, desk.catalogues, NOW):
        pass
    with read(desk.engine) as conn:
        state = job_state(conn, PREVIEW, str(id_))

    assert state == ("done", 100)
    assert desk.look(id_).preview.state == DONE


def test_the_same_definitions_are_looked_at_once_at_a_time(desk: Desk) -> None:
    first = desk.begin(edited(*LESS))

    assert desk.begin(edited(*LESS)) == first
    desk.run(first)
    assert desk.begin(edited(*LESS)) != first


def test_the_last_preview_of_some_files_is_found(desk: Desk) -> None:
    hashed = content_hash(files_of(edited(*LESS)))
    with read(desk.engine) as conn:
        assert preview_of_files(conn, hashed) is None
    id_ = desk.begin(edited(*LESS))
    with read(desk.engine) as conn:
        found = preview_of_files(conn, hashed)

    assert found is not None
    assert found.preview.id == id_


def test_a_preview_that_is_not_there_is_not_found(desk: Desk) -> None:
    with read(desk.engine) as conn:
        for wrong in (uuid4(), "nothing"):
            with pytest.raises(NotFound):
                preview_of(conn, wrong)


# In several processes


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_several_processes_find_what_one_finds(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks = (
        walk(whole().program, seed, NOW.date(), share=1.0 if seed % 2 else 0.5)
        for seed in range(60)
    )
    desk = fresh(
        engine, [{id_: w.values[id_] for id_ in w.shown if id_ in w.values} for w in walks]
    )
    change = edited(*LESS, ((*MANY, "show_if"), NO))
    one = desk.run(desk.begin(change))
    monkeypatch.setattr(previewing, "MANY", 1)
    monkeypatch.setattr(previewing, "CHUNK", 7)
    several = desk.run(desk.begin(change))

    assert one.effects == several.effects
    assert one.preview.touched == several.preview.touched > 0
    with read(engine) as conn:
        of_each = select(change_effect.c.projects).order_by(change_effect.c.seq)
        kept = [
            conn.execute(of_each.where(change_effect.c.preview_id == looked.preview.id))
            .scalars()
            .all()
            for looked in (one, several)
        ]
    assert kept[0] == kept[1]


def test_nothing_is_written_but_the_preview(desk: Desk) -> None:
    def counts() -> list[int]:
        with read(desk.engine) as conn:
            tables = (release, project, sheet)
            return [conn.scalar(select(func.count()).select_from(table)) or 0 for table in tables]

    before = counts()
    desk.preview(*LESS)

    assert counts() == before
