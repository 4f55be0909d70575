"""Many projects in a database, made up by random walks through the definitions."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, insert

from app.catalogue import Catalogue
from app.core.questions import Answer
from app.core.sheet import Entry, Sheet, to_document
from app.core.walks import walk
from app.store.database import write
from app.store.sheets import to_text
from app.store.tables import organisation, person, project, project_party, sheet
from bench.filled import ON

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
BATCH = 500
LEFT_OUT = 0.03  # of the answers of a walk, so that no two projects are the same
EARLY = 3  # every third walk stops within the concept review

Answers = Mapping[str, Answer]


def walks(catalogue: Catalogue, how_many: int) -> list[Answers]:
    """Different walks: two of three go on to the end, the others stop early; the same every run."""
    program, route = catalogue.program, catalogue.pipeline.route
    full = (route.id, route.outcomes[-1].code)
    found: list[Answers] = []
    for seed in range(how_many):
        early = seed % EARLY == 0
        facts = walk(program, seed, ON, full if seed % 2 else None, 0.25 if early else 1.0)
        found.append({id_: facts.values[id_] for id_ in facts.shown if id_ in facts.values})
    return found


def beyond(catalogue: Catalogue, answers: Answers, stage: str) -> bool:
    """Whether something is answered that only a later stage asks."""
    pipeline = catalogue.pipeline
    stages = [each.id for each in pipeline.stages]
    later = set(stages[stages.index(stage) + 1 :])
    return any(
        all(pipeline.stage_of(place.questionnaire).id in later for place in places)
        for places in (catalogue.program.places.get(id_, ()) for id_ in answers)
        if places
    )


def varied(walked: list[Answers], how_many: int) -> Iterator[dict[str, Any]]:
    """So many sets of answers, each a walk with a few answers of its own left out."""
    for n in range(how_many):
        draw = Random(n)
        answers = walked[n % len(walked)]
        yield {id_: value for id_, value in answers.items() if draw.random() > LEFT_OUT}


def fill(engine: Engine, catalogue: Catalogue, release: UUID, every: list[dict[str, Any]]) -> None:
    """Put projects with these answers into an empty database."""
    home, lead = uuid4(), uuid4()
    with write(engine) as conn:
        conn.execute(
            insert(organisation),
            {"id": home, "name": "Carnmere", "kind": "borough", "created_at": AT},
        )
        mail = "bench@example.invalid"
        conn.execute(
            insert(person),
            {"id": lead, "name": "Lead", "email": mail, "active": True, "created_at": AT},
        )
    for start in range(0, len(every), BATCH):
        batch = [(uuid4(), n) for n in range(start, min(start + BATCH, len(every)))]
        with write(engine) as conn:
            conn.execute(
                insert(project),
                [_project(id_, n, (home, lead, release), catalogue) for id_, n in batch],
            )
            conn.execute(insert(project_party), [_party(id_, home) for id_, _ in batch])
            conn.execute(insert(sheet), [_sheet(id_, every[n]) for id_, n in batch])


def _project(
    id_: UUID, n: int, of: tuple[UUID, UUID, UUID], catalogue: Catalogue
) -> dict[str, Any]:
    home, lead, release = of
    return {
        "id": id_,
        "reference": f"FP-{n + 1:05}",
        "organisation_id": home,
        "release_id": release,
        "lead_id": lead,
        "stage": catalogue.pipeline.stages[0].id,
        "door": "new",
        "version": 1,
        "acts": "[]",
        "created_at": AT,
    }


def _party(id_: UUID, home: UUID) -> dict[str, Any]:
    return {"project_id": id_, "organisation_id": home, "since": AT}


def _sheet(id_: UUID, answers: Answers) -> dict[str, Any]:
    counts = dict.fromkeys(("asked", "answered", "raised", "stops", "undetermined", "tasks"), 0)
    entries = {address: Entry(value, "Lead", AT, "bench", 1) for address, value in _flat(answers)}
    return {
        "subject_id": id_,
        "kind": "project",
        "version": 1,
        "title": "A project of the bench",
        "saved_at": AT,
        "document": to_text(to_document(Sheet(entries, version=1, last_event=0))),
        **counts,
    }


def _flat(answers: Answers) -> Iterator[tuple[str, Any]]:
    """Answers by their addresses, as a sheet keeps them."""
    for id_, value in answers.items():
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            yield id_, value
            continue
        for row in value:
            yield f"{id_}/{row['id']}", {"owner": None}
            for column, cell in row.items():
                if column not in ("id", "owner"):
                    yield f"{id_}/{row['id']}/{column}", cell
