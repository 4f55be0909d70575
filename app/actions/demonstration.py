"""The demonstration: five people to look at the product as, and sample projects of real kinds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, select

from app import strict_yaml
from app.actions.actor import Actor, everyone
from app.actions.acts import NewAct, record_act
from app.actions.answers_file import changes_of, read_answers
from app.actions.assessments import evaluate
from app.actions.catalogues import Released
from app.actions.organisations import add_organisation, add_party, add_person, take_in
from app.actions.pages import summarise
from app.actions.projects import NewProject, start_project
from app.core.pipeline import Stage
from app.core.standing import ADVISE, CLOSE
from app.store.database import write
from app.store.tables import organisation, person

SAMPLES = Path("questionnaires") / "samples"
HOME = "London Borough of Camden"
BEGAN_DAYS_AGO = 60
DAYS_PER_STAGE = 10
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
    Persona("dpo", "DPO", "The data protection officer"),
    Persona("signatory", "Signatory", "The signatory"),
    Persona("editor", "LOTI editor", "The LOTI editor"),
)


def persona_of(conn: Connection, role: str) -> Actor:
    """The actor that a persona stands for."""
    return next(
        actor for actor in everyone(conn) if (actor.role, actor.organisation_name) == (role, HOME)
    )


def seed(engine: Engine, released: Released, root: Path) -> None:
    """Bring the people and projects of the demonstration, once."""
    with write(engine) as conn:
        if conn.execute(select(person.c.id).limit(1)).first() is not None:
            return
        at = datetime.now(UTC) - timedelta(days=BEGAN_DAYS_AGO)
        _bring_people(conn, at)
        actors = {actor.role: actor for actor in everyone(conn)}
        listed = strict_yaml.parse((root / SAMPLES / "demo.yaml").read_bytes()).value
        for n, sample in enumerate(listed):
            _Sample(conn, actors, released, sample, at + timedelta(days=n)).bring(root / SAMPLES)


def _bring_people(conn: Connection, at: datetime) -> None:
    home = add_organisation(conn, HOME, "borough", at)
    for each in PERSONAS:
        someone = add_person(conn, each.name, f"{each.role}@demo.invalid", at)
        take_in(conn, someone, home, each.role, at)


@dataclass(frozen=True)
class _Sample:
    """One sample project: a file of answers, who leads it, and the stages that are closed."""

    conn: Connection
    actors: dict[str, Actor]
    released: Released
    described: dict[str, Any]
    at: datetime

    def bring(self, folder: Path) -> None:
        """Start the project with its answers and close its stages one after the other."""
        catalogue, lead = self.released.catalogue, self.actors["lead"]
        name = self.described["file"]
        answers = read_answers(name, (folder / name).read_bytes(), catalogue.program)
        reference = self._start(answers, name)
        if self.described["lead_organisation"] != HOME:
            party = _organisation(self.conn, self.described["lead_organisation"], self.at)
            add_party(self.conn, lead, reference, party, self.at)
        route = evaluate(catalogue, answers, self.at.date()).route
        for n, closed in enumerate(self.described["closed"], 1):
            following = route.stages[route.stages.index(closed) + 1]
            at = self.at + timedelta(days=DAYS_PER_STAGE * n)
            self._close(reference, catalogue.pipeline.stage(closed), following, at)

    def _start(self, answers: dict[str, Any], name: str) -> str:
        pipeline = self.released.catalogue.pipeline
        first = pipeline.stages[0]
        new = NewProject(
            title=str(answers.get(pipeline.names.title, name)),
            door=str(answers.get("project.door", "new")),
            stage=first.id,
            release_id=self.released.release.id,
            at=self.at,
            where=f"{first.questionnaires[0]}/start",
            changes=changes_of(answers),
        )
        summary = summarise(self.released, self.at.date())
        return start_project(self.conn, self.actors["lead"], new, summary)

    def _close(self, reference: str, stage: Stage, following: str, at: datetime) -> None:
        dpo = self.actors["dpo"]
        if ADVISE in stage.needs:
            act = NewAct(ADVISE, stage.id, at - timedelta(days=1), content={"advice": ADVICE})
            record_act(self.conn, dpo, reference, act)
        closing = NewAct(CLOSE, stage.id, at, moves_to=following)
        actor = self.actors.get(stage.closed_by, dpo)
        record_act(self.conn, actor, reference, closing, summarise(self.released, self.at.date()))


def _organisation(conn: Connection, name: str, at: datetime) -> UUID:
    known: UUID | None = conn.execute(
        select(organisation.c.id).where(organisation.c.name == name)
    ).scalar()
    return known or add_organisation(conn, name, "borough", at)
