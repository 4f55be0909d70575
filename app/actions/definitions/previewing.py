"""Looking at every live project under new definitions: by chunks, on every processor there is."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, select, update

from app.actions.catalogues import Catalogues
from app.actions.jobs import Job
from app.catalogue import BadDefinitions, Catalogue, compile_catalogue
from app.core.days import day_of
from app.core.difference.documents import documents
from app.core.difference.effects import Effect, effects, evaluated
from app.core.difference.fitting import under_new_names
from app.core.difference.reach import Reach, reach
from app.core.difference.told import MINOR, ORDER, title
from app.core.sheet import answers_of
from app.core.standing import LIFT, SIGN
from app.store.database import open_database, read, write
from app.store.previews import (
    DONE,
    FAILED,
    WAITING,
    WORKING,
    Preview,
    changed_files,
    find_preview,
    keep_effects,
    note,
)
from app.store.previews import Effect as KeptEffect
from app.store.releases import release_files
from app.store.sheets import from_text
from app.store.tables import job, project, sheet

CHUNK = 50
MANY = 400  # projects from which on other processes are worth their start
TELLS = 0.5  # seconds between two looks at whether it was cancelled
Found = dict[Effect, list[str]]


@dataclass(frozen=True)
class Task:
    """All that one process needs to look at the projects of one release."""

    reach: Reach
    names: Mapping[str, str]
    on: date


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some projects of one release."""

    release: UUID
    projects: tuple[UUID, ...]


class _Cancelled(Exception):
    """Somebody stopped it."""


def run_preview(engine: Engine, catalogues: Catalogues, done: Job, now: datetime) -> None:
    """The job: what the definitions of a preview do to every live project."""
    with write(engine) as conn:
        wanted = find_preview(conn, UUID(str(done.payload["preview"])))
        if wanted is None or not note(
            conn, wanted.id, WAITING, WORKING, state=WORKING, begun_at=now
        ):
            return  # cancelled before it began
    with read(engine) as conn:
        files = _files(conn, wanted)
    try:
        new = compile_catalogue(files)
    except BadDefinitions as bad:
        with write(engine) as conn:
            note(conn, wanted.id, WORKING, state=FAILED, error=bad.lines[0], ended_at=now)
        return
    try:
        _look(engine, catalogues, new, wanted, done.id, day_of(now))
    except _Cancelled:
        return
    except (LookupError, ValueError, RuntimeError) as fault:
        # The page says so at once, whatever becomes of the job.
        with write(engine) as conn:
            error = f"{type(fault).__name__}: {fault}"
            note(conn, wanted.id, WORKING, state=FAILED, error=error, ended_at=now)
        raise


def _files(conn: Connection, wanted: Preview) -> dict[str, bytes]:
    """The definitions that are looked at."""
    files = release_files(conn, wanted.base_id)
    for path, content in changed_files(conn, wanted.id).items():
        if content is None:
            files.pop(path, None)
        else:
            files[path] = content
    return files


def _look(
    engine: Engine, catalogues: Catalogues, new: Catalogue, wanted: Preview, job_id: UUID, on: date
) -> None:
    with read(engine) as conn:
        chunks = list(_chunks(conn))
        tasks = {
            release: prepare(catalogues.of(conn, release).catalogue, new, on)
            for release in dict.fromkeys(chunk.release for chunk in chunks)
        }
    total = sum(len(chunk.projects) for chunk in chunks)
    with write(engine) as conn:
        note(conn, wanted.id, WORKING, projects=total)
    found: defaultdict[Effect, list[str]] = defaultdict(list)
    seen, told = 0, 0.0
    for number, part in _results(engine, tasks, chunks, total):
        for effect, references in part.items():
            found[effect] += references
        seen += number
        if time.monotonic() - told > TELLS:
            _note_progress(engine, wanted.id, job_id, (seen, total))
            told = time.monotonic()
    _keep(engine, wanted.id, tasks, found)


def _chunks(conn: Connection) -> Iterator[Chunk]:
    """Every live project: none of them ever ends."""
    by_release: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for row in conn.execute(select(project.c.id, project.c.release_id)):
        by_release[row.release_id].append(row.id)
    for release, ids in by_release.items():
        rest = iter(ids)
        while part := tuple(islice(rest, CHUNK)):
            yield Chunk(release, part)


def prepare(old: Catalogue, new: Catalogue, on: date) -> Task:
    """How the projects of one release are looked at."""
    became = new.pipeline.converters.questions.items()
    renamed = {was: id_ for was, id_ in became if id_ and was in old.program.questions}
    if renamed:
        try:
            old = compile_catalogue(under_new_names(old.files, renamed))
        except BadDefinitions:
            renamed = {}  # told as if it were deleted and asked anew
    return Task(reach(old, new), renamed, on)


# Looking


def _results(
    engine: Engine, tasks: Mapping[UUID, Task], chunks: list[Chunk], total: int
) -> Iterator[tuple[int, Found]]:
    """What each chunk comes to: in this process if they are few, or in several."""
    processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    if total < MANY or processors < 2:
        for chunk in chunks:
            with read(engine) as conn:
                yield len(chunk.projects), look_at(conn, tasks[chunk.release], chunk)
        return
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()  # a process that is copied shares no connection
    # A copy has the compiled definitions at hand: nothing of them is sent anywhere. They stay, so
    # no copy goes through them to find what may be thrown away.
    gc.freeze()
    forked = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(processors, forked, _begin, (url, tasks))
    try:
        yield from pool.map(_in_another, chunks)
    finally:
        pool.shutdown(cancel_futures=True)
        gc.unfreeze()


_here: dict[str, Any] = {}


def _begin(url: str, tasks: Mapping[UUID, Task]) -> None:
    _here["engine"], _here["tasks"] = open_database(url, pool_size=1), tasks


def _in_another(chunk: Chunk) -> tuple[int, Found]:
    with read(_here["engine"]) as conn:
        return len(chunk.projects), look_at(conn, _here["tasks"][chunk.release], chunk)


def look_at(conn: Connection, task: Task, chunk: Chunk) -> Found:
    """What a change does to some projects: each effect with the references of its projects."""
    found: defaultdict[Effect, list[str]] = defaultdict(list)
    if task.reach.nothing:
        return found
    columns = project.c.reference, project.c.acts, sheet.c.document
    wanted = select(*columns).join(sheet, sheet.c.subject_id == project.c.id)
    for row in conn.execute(wanted.where(project.c.id.in_(chunk.projects))):
        for effect in of_project(task, row.document, row.acts):
            found[effect].append(row.reference)
    return dict(found)


def of_project(task: Task, document: str, acts: str) -> Iterator[Effect]:
    """What a change does to one project, from its sheet and its acts as they are kept."""
    both = evaluated(task.reach, _answers(task, document), task.on)
    if both is None:
        return
    yield from effects(task.reach, both)
    done = from_text(acts)
    signed = {act["about"] for act in done if act["kind"] == SIGN}
    lifted = any(act["kind"] == LIFT for act in done)
    yield from documents(task.reach, both, signed, lifted=lifted)


def _answers(task: Task, document: str) -> dict[str, Any]:
    """The answers that matter, under the names of now, without who gave them."""
    return answers_of(_values(task, from_text(document)["entries"]))


def _values(task: Task, entries: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    reads, names = task.reach.reads, task.names
    for address, kept in entries.items():
        question, slash, rest = address.partition("/")
        if names:
            question = names.get(question, question)
        if question in reads:
            yield question + slash + rest, kept["value"]


# Keeping


def _note_progress(engine: Engine, id_: UUID, job_id: UUID, so_far: tuple[int, int]) -> None:
    """Write down how far it is. Raises _Cancelled."""
    seen, total = so_far
    hundredths = min(99, 100 * seen // max(total, 1))
    with write(engine) as conn:
        if not note(conn, id_, WORKING, seen=seen):
            raise _Cancelled
        now = datetime.now(UTC)
        conn.execute(
            update(job).where(job.c.id == job_id).values(progress=hundredths, changed_at=now)
        )


def _keep(engine: Engine, id_: UUID, tasks: Mapping[UUID, Task], found: Found) -> None:
    order = {kind: n for n, kind in enumerate(ORDER)}
    listed = sorted(found.items(), key=lambda item: (order[item[0].kind], -len(item[1]), item[0]))
    reaches = [task.reach for task in tasks.values()]
    kept = [
        (
            KeptEffect(
                seq,
                effect.kind,
                effect.id,
                _title(reaches, effect),
                effect.before,
                effect.after,
                len(references),
            ),
            sorted(references),
        )
        for seq, (effect, references) in enumerate(listed, 1)
    ]
    touched = _references(found, minor=False)
    reworded = _references(found, minor=True)
    with write(engine) as conn:
        ended = datetime.now(UTC)
        values = {"touched": len(touched), "reworded": len(reworded), "ended_at": ended}
        if note(conn, id_, WORKING, state=DONE, **values):
            keep_effects(conn, id_, kept)


def _title(reaches: Iterable[Reach], effect: Effect) -> str:
    return next((title(each, effect) for each in reaches), effect.id)


def _references(found: Found, *, minor: bool) -> set[str]:
    """The projects with an effect that is minor, or is not."""
    parts = (each for effect, each in found.items() if (effect.kind in MINOR) is minor)
    return {reference for references in parts for reference in references}
