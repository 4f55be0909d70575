"""The demonstration: people to look at the product as, and sample projects of real kinds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select

from app import strict_yaml
from app.actions.access.policy import OVERSIGHT, SEES
from app.actions.actor import Actor, everyone
from app.actions.answers import Posted, Summarise, open_sheet, save_changes
from app.actions.answers_file import changes_of, read_answers
from app.actions.assessments import evaluate
from app.actions.catalogues import Released
from app.actions.organisation_sheets import answer_for, refresh, register_of
from app.actions.organisations import add_organisation, add_person, take_in
from app.actions.pages import summarise
from app.actions.projects import NewProject, start_project
from app.actions.review.acts import NewAct, acts_of, record_act
from app.actions.review.reports import judge
from app.actions.review.signatures import sign_stage, to_sign
from app.actions.together.team import join_team, whom
from app.core.days import day_of
from app.core.pipeline import Route, Stage
from app.core.standing import ADVISE, CLOSE
from app.store.database import write
from app.store.tables import person

SAMPLES = Path("questionnaires") / "samples"
ORGANISATIONS = SAMPLES / "organisations" / "demo.yaml"
HOME = "London Borough of Carnmere"
BEGAN_DAYS_AGO = 60
DAYS_PER_STAGE = 9
ADVICE = "Go ahead once every measure has an owner and a date."


@dataclass(frozen=True)
class Persona:
    """Somebody to look at the product as."""

    role: str
    label: str
    name: str


PERSONAS = (
    Persona("lead", "Project lead", "The project lead"),
    Persona("ig_lead", "IG lead", "The information governance lead"),
    Persona("security", "Security lead", "The information security lead"),
    Persona("party", "Party contact", "The contact of a partner"),
    Persona("dpo", "DPO", "The data protection officer"),
    Persona("signatory", "Signatory", "The signatory"),
    Persona("editor", "LOTI editor", "The LOTI editor"),
)

OTHERS = (Persona("dpo", "Deputy DPO", "The deputy data protection officer"),)
"""People who share a queue with a persona, and whom nobody looks as."""


def persona_of(conn: Connection, role: str) -> Actor:
    """The actor that a persona stands for."""
    name = next(each.name for each in PERSONAS if each.role == role)
    return next(
        actor
        for actor in everyone(conn)
        if (actor.role, actor.organisation_name, actor.name) == (role, HOME, name)
    )


def seed(engine: Engine, released: Released, root: Path, now: datetime) -> None:
    """Bring the people and projects of the demonstration, once, as they stand at `now`."""
    with write(engine) as conn:
        if conn.execute(select(person.c.id).limit(1)).first() is not None:
            return
        at = now - timedelta(days=BEGAN_DAYS_AGO)
        _bring_people(conn, at)
        actors = {each.role: persona_of(conn, each.role) for each in PERSONAS}
        _bring_organisations(conn, actors["ig_lead"], released, root, now)
        listed = strict_yaml.parse((root / SAMPLES / "demo.yaml").read_bytes()).value
        for n, sample in enumerate(listed):
            _Sample(conn, actors, released, sample, at + timedelta(days=n)).bring(root / SAMPLES)


def _bring_people(conn: Connection, at: datetime) -> None:
    home = add_organisation(conn, HOME, "borough", at)
    for each in (*PERSONAS, *OTHERS):
        name = each.role if each in PERSONAS else each.label.lower().replace(" ", ".")
        someone = add_person(conn, each.name, f"{name}@demo.invalid", at)
        take_in(conn, someone, home, each.role, at)


def _bring_organisations(
    conn: Connection, actor: Actor, released: Released, root: Path, now: datetime
) -> None:
    """The organisations of the map, with what each says of itself; the home organisation is there."""
    if released.catalogue.organisations is None:
        return
    theirs = released.of_organisations
    ids = {actor.organisation_name: actor.organisation_id}
    for each in strict_yaml.parse((root / ORGANISATIONS).read_bytes()).value:
        name, kind = each["name"], each["kind"]
        if name not in ids:
            ids[name] = add_organisation(conn, name, kind, now, ids.get(each.get("sponsor", "")))
        days = {id_: day_of(now) + timedelta(days=n) for id_, n in each["days"].items()}
        answers = {id_: day.isoformat() for id_, day in days.items()} | each["answers"]
        given = {register_of(theirs.catalogue).kind: kind, **answers}
        at = now + timedelta(days=min(each["days"]["record.checked"], 0))
        answer_for(conn, actor, theirs, ids[name], given, at)
        refresh(conn, theirs, ids[name], day_of(now))


@dataclass(frozen=True)
class _Sample:
    """One sample project: a file of answers, and the stages that are closed."""

    conn: Connection
    actors: dict[str, Actor]
    released: Released
    described: dict[str, Any]
    at: datetime

    def bring(self, folder: Path) -> None:
        """Start the project; answer it stage by stage as the people it asks; close its stages."""
        catalogue = self.released.catalogue
        name = self.described["file"]
        answers = read_answers(name, (folder / name).read_bytes(), catalogue.program)
        route = evaluate(catalogue, answers, day_of(self.at)).route
        reference = self._start(str(answers.get(catalogue.pipeline.names.title, name)))
        days = {
            id_: self.at + timedelta(days=DAYS_PER_STAGE * n) for n, id_ in enumerate(route.stages)
        }
        for (stage, where, role), given in self._pages(route, answers).items():
            posted = Posted(changes_of(given), where, days[stage], self.released.release.id)
            actor = self.actors.get(role, self.actors["lead"])
            # What lists show is worked out once, when the last stage closes.
            save_changes(self.conn, actor, reference, posted, lambda opened: opened.project.summary)
        for closed in self.described["closed"]:
            following = route.stages[route.stages.index(closed) + 1]
            at = days[closed] + timedelta(days=DAYS_PER_STAGE - 1)
            self._close(reference, catalogue.pipeline.stage(closed), following, at)

    @property
    def _summary(self) -> Summarise:
        return summarise(self.released, day_of(self.at))

    def _start(self, title: str) -> str:
        new = NewProject(
            title=title,
            door="new",
            stage=self.released.catalogue.pipeline.stages[0].id,
            release_id=self.released.release.id,
            at=self.at,
        )
        reference = start_project(self.conn, self.actors["lead"], new, self._summary)
        for actor in self.actors.values():
            if actor.role in SEES - OVERSIGHT and actor.role != "lead":
                join_team(self.conn, self.actors["lead"], reference, whom(actor), self.at)
        return reference

    def _pages(
        self, route: Route, answers: dict[str, Any]
    ) -> dict[tuple[str, str, str], dict[str, Any]]:
        """The answers by the stage, page and person they are first asked of on this route."""
        catalogue = self.released.catalogue
        asked = catalogue.pipeline.asked_by(route)
        pages: dict[tuple[str, str, str], dict[str, Any]] = {}
        for id_, answer in answers.items():
            places = catalogue.program.places[id_]
            place = next((each for each in places if each.questionnaire in asked), places[0])
            stage = catalogue.pipeline.stage_on(route, place.questionnaire) or route.stages[0]
            where = f"{place.questionnaire}/{place.page}"
            key = (stage, where, catalogue.program.questions[id_].for_)
            pages.setdefault(key, {})[id_] = answer
        return pages

    def _close(self, reference: str, stage: Stage, following: str, at: datetime) -> None:
        dpo = self.actors["dpo"]
        if ADVISE in stage.needs:
            act = NewAct(ADVISE, stage.id, at - timedelta(days=1), content={"advice": ADVICE})
            record_act(self.conn, dpo, reference, act)
        if stage.signed:
            self._sign(reference, stage, at)
        closing = NewAct(CLOSE, stage.id, at, moves_to=following)
        actor = self.actors.get(stage.closed_by, dpo)
        record_act(self.conn, actor, reference, closing, self._summary)

    def _sign(self, reference: str, stage: Stage, at: datetime) -> None:
        """The home organisation's signature; the others have not signed yet."""
        signatory = self.actors["signatory"]
        opened = open_sheet(self.conn, signatory, reference)
        acts = acts_of(self.conn, signatory, reference)
        report = judge(opened, self.released, day_of(at), stage.id, acts)
        shown = to_sign(report, signatory, report.standing(stage.id), (day_of(at), at))
        sign_stage(self.conn, signatory, self.released, report, shown, shown.signing.seal_hash)
