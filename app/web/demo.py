"""The demonstration: five people to look at the product as, and three projects of real kinds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, request, session
from sqlalchemy import Connection, Engine, select
from werkzeug.wrappers import Response

from app import strict_yaml
from app.actions.actor import Actor, everyone
from app.actions.acts import NewAct, record_act
from app.actions.answers_file import read_answers
from app.actions.catalogues import Released
from app.actions.organisations import add_organisation, add_party, add_person, take_in
from app.actions.pages import summarise
from app.actions.projects import NewProject, start_project
from app.core.sheet import Change
from app.core.standing import CLOSE
from app.store.database import read, write
from app.store.tables import organisation, person

demo = Blueprint("demo", __name__)


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
HOME = "London Borough of Camden"


@demo.post("/demo/persona")
def persona() -> Response:
    """Look at the product as somebody else."""
    role = request.form.get("persona", "")
    if role not in {each.role for each in PERSONAS}:
        abort(400, "There is no such person in the demonstration.")
    from app.web.site import site  # noqa: PLC0415 - the site imports nothing from here

    with read(site().engine) as conn:
        become(role, conn)
    return redirect(_own_path(request.form.get("next", "/")))


def become(role: str, conn: Connection) -> None:
    """Be the persona of this role from now on."""
    actor = next(a for a in everyone(conn) if a.role == role and a.organisation_name == HOME)
    session.update(person=str(actor.person_id), organisation=str(actor.organisation_id), role=role)


def _own_path(address: str) -> str:
    """A path of this site, never another site."""
    parts = urlsplit(address)
    ours = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return parts.path if ours and not address.startswith(("//", "/\\")) else "/"


def seed(engine: Engine, released: Released, root: Path) -> None:
    """Bring the people and projects of the demonstration, once."""
    with write(engine) as conn:
        if conn.execute(select(person.c.id).limit(1)).first() is not None:
            return
        at = datetime.now(UTC) - timedelta(days=60)
        actors = _people(conn, at)
        samples = root / "questionnaires" / "samples"
        listed = strict_yaml.parse((samples / "demo.yaml").read_bytes()).value
        for n, sample in enumerate(listed):
            _project(conn, actors, released, samples, sample, at + timedelta(days=n))


def _people(conn: Connection, at: datetime) -> dict[str, Actor]:
    home = add_organisation(conn, HOME, "borough", at)
    for each in PERSONAS:
        someone = add_person(conn, each.name, f"{each.role}@demo.invalid", at)
        take_in(conn, someone, home, each.role, at)
    return {actor.role: actor for actor in everyone(conn)}


def _project(
    conn: Connection,
    actors: dict[str, Actor],
    released: Released,
    samples: Path,
    sample: dict[str, object],
    at: datetime,
) -> None:
    """One sample project, answered and closed up to its stage."""
    name = str(sample["file"])
    catalogue = released.catalogue
    answers = read_answers(name, (samples / name).read_bytes(), catalogue.program)
    pipeline = catalogue.pipeline
    closed = [str(stage) for stage in sample["closed"]]  # type: ignore[union-attr,attr-defined]
    changes = [change for id_, value in answers.items() for change in _changes(id_, value)]
    summary = summarise(released, at.date())
    reference = start_project(
        conn,
        actors["lead"],
        NewProject(
            title=str(answers.get(pipeline.names.title, name)),
            door=str(answers.get("project.door", "new")),
            stage=pipeline.stages[0].id,
            release_id=released.release.id,
            at=at,
            where=f"{pipeline.stages[0].questionnaires[0]}/start",
            changes=changes,
        ),
        summary,
    )
    lead = str(sample["lead_organisation"])
    if lead != HOME:
        add_party(conn, actors["lead"], reference, _organisation(conn, lead, at), at)
    route = pipeline.path(None if not answers else _route(released, answers, at))
    for n, stage in enumerate(closed, 1):
        after = route.stages[route.stages.index(stage) + 1]
        role = pipeline.stage(stage).closed_by
        actor = actors.get(role, actors["dpo"])
        if "dpo_advice" in pipeline.stage(stage).needs:
            advice = {"advice": "Go ahead once every measure has an owner and a date."}
            record_act(conn, actors["dpo"], reference, NewAct("dpo_advice", stage, at + timedelta(days=10 * n - 1), content=advice))
        record_act(conn, actor, reference, NewAct(CLOSE, stage, at + timedelta(days=10 * n), moves_to=after), summary)


def _route(released: Released, answers: dict[str, object], at: datetime) -> str | None:
    from app.core.facts import facts  # noqa: PLC0415 - only while seeding

    found = facts(released.catalogue.program, answers, at.date())
    route: str | None = found.values.get(released.catalogue.pipeline.route.id)
    return route


def _organisation(conn: Connection, name: str, at: datetime) -> object:
    known = conn.execute(select(organisation.c.id).where(organisation.c.name == name)).first()
    return known.id if known else add_organisation(conn, name, "borough", at)


def _changes(id_: str, value: object) -> list[Change]:
    """An answer of a file as changes of a sheet."""
    if not isinstance(value, list) or not value or not isinstance(value[0], dict):
        return [Change(id_, value)]
    return [
        Change(f"{id_}/+{n}", {"owner": None, **{k: v for k, v in row.items() if k != "id"}})
        for n, row in enumerate(value, 1)
    ]
