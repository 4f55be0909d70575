"""The command: fingerpost check, assess, explain, serve and the rest.

Each command imports what it needs when it is asked for: the server begins, and tells of a wrong
option, without waiting for what only others need.
"""

from __future__ import annotations

import ctypes
import gc
import os
import secrets
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.core.days import day_of
from app.settings import BadSettings, Settings, content_root, read_settings
from app.terminal import fail

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

NEW = click.Path(dir_okay=False, path_type=Path)
THERE = click.Path(exists=True, dir_okay=False, path_type=Path)
ANSWERS = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


@click.group()
@click.version_option(package_name="fingerpost")
def main() -> None:
    """Fingerpost: from an idea to a signed information sharing agreement."""


def _content() -> Path:
    """The folder that holds the definitions."""
    try:
        # Nobody signs in at a terminal, so no secret is asked for.
        return read_settings(os.environ, demo=True).fingerpost_content
    except BadSettings as bad:
        fail(bad.faults, "Nothing was done.")


@main.command()
@click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--prove", is_flag=True, help="Prove what can and cannot happen as well.")
@click.option("--changed", multiple=True, help="Prove only what this questionnaire touches.")
@click.option("--json", "as_json", is_flag=True, help="Print the proof as JSON, and nothing else.")
@click.option("--pairs", help="Print test cases for each pair of options of this questionnaire.")
def check(
    folder: Path | None, *, prove: bool, changed: tuple[str, ...], as_json: bool, pairs: str | None
) -> None:
    """Check every definition, and report all faults together."""
    from app.assessing import catalogue_of, tell_sound

    root = folder or _content()
    catalogue = catalogue_of(root)
    if not (as_json or pairs):
        tell_sound(catalogue, walk=not changed)
    if prove or changed or as_json or pairs:
        # Nothing else needs the solver.
        from app.proving import prove_all, prove_only

        if as_json or pairs:
            prove_only(catalogue, changed, pairs)
        else:
            prove_all(catalogue, root, changed)


@main.command()
@click.argument("answers", type=ANSWERS)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to.",
)
@click.option(
    "--on", default=None, type=click.DateTime(["%Y-%m-%d"]), help="The day of the assessment."
)
@click.option("--stage", default=None, help="The stage being signed: its tasks count as flags.")
def assess(answers: Path, out: Path, on: datetime | None, stage: str | None) -> None:
    """Assess an answers file ("-" for standard input) and write its documents."""
    from app.assessing import assess_file

    assess_file(_content(), answers, out, _day(on), stage)


@main.command()
@click.argument("flag")
@click.argument("answers", type=ANSWERS)
@click.option(
    "--on", default=None, type=click.DateTime(["%Y-%m-%d"]), help="The day of the assessment."
)
def explain(flag: str, answers: Path, on: datetime | None) -> None:
    """Say why a flag is raised, clear or undetermined by an answers file."""
    from app.assessing import explain_flag

    explain_flag(_content(), flag, answers, _day(on))


def _day(on: datetime | None) -> date:
    return on.date() if on else day_of(datetime.now(UTC))


LOOPBACK = ("127.0.0.1", "::1", "localhost")
M_ARENA_MAX = -8  # as <malloc.h> numbers it
WORKER_RESTS = 3  # seconds between looks at the table of jobs


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8000, show_default=True, help="Port to listen at.")
@click.option(
    "--demo", is_flag=True, help="Sample projects, and a bar to be each person; loopback only."
)
def serve(host: str, port: int, demo: bool) -> None:
    """Serve the product."""
    from app.serving import listen

    if demo and host not in LOOPBACK:
        raise click.BadParameter(
            "the demonstration listens at a loopback address only", param_hint="--host"
        )
    try:
        settings = read_settings(os.environ, demo=demo)
    except BadSettings as bad:
        fail(bad.faults, "Nothing was started.")
    _share_one_heap()
    # What is made at the start stays until the end: looking through it for what could be dropped
    # would find nothing, at the start and ever after.
    gc.disable()
    app = _application(settings, demo=demo)
    gc.freeze()
    gc.enable()
    try:
        server = listen(
            app, host, port, threads=settings.threads, max_request_body_size=settings.max_body
        )
    except OSError as refused:
        fail([f"{host}:{port}: {refused.strerror}"], "Choose another address with --port.")
    click.echo(f"Fingerpost is at http://{host}:{port}/ (stop it with Ctrl-C)")
    worker = _worker() if demo else None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the worker ends with the server
    try:
        server.run()
    finally:
        if worker is not None:
            worker.terminate()


def _application(settings: Settings, *, demo: bool) -> Flask:
    """The application, or all that keeps it from starting."""
    from app.catalogue import BadDefinitions, read_files
    from app.catalogue.definitions_kept import keep
    from app.store.database import Busy
    from app.store.migrate import OfALaterProgram
    from app.wsgi import create_app

    _make_folder(settings.database_url)
    try:
        app = create_app(settings, demonstration=demo)
    except (Busy, OfALaterProgram) as refused:
        fail([f"DATABASE_URL: {refused}"], "Nothing was started.")
    except BadDefinitions as bad:
        fail(bad.lines, f"{len(bad.lines)} faults in the definitions.")
    except BadSettings as bad:
        fail(bad.faults, "Nothing was started.")
    if not sys.dont_write_bytecode:
        keep(read_files(settings.fingerpost_content).values())
    return app


def _share_one_heap() -> None:
    """Have all threads take memory from one heap: they take turns anyway.

    The C library of most Linux systems keeps several, and what one thread gave back would be of
    no use to the others.
    """
    if sys.platform == "linux":
        adjust = getattr(ctypes.CDLL(None), "mallopt", None)
        if adjust is not None:
            adjust(M_ARENA_MAX, 1)


def _worker() -> subprocess.Popen[bytes]:
    """`fingerpost work` as a process of its own, ended with the server."""
    command = [sys.executable, "-m", "app.cli", "work"]
    return subprocess.Popen(command, env={**os.environ, "SECRET_KEY": secrets.token_hex(32)})  # noqa: S603 - our own command


@main.command()
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def work(once: bool) -> None:
    """Do the work that waits outside requests, such as the day's reassessment."""
    from app.actions.catalogues import Catalogues
    from app.actions.jobs import work_once
    from app.actions.mail.carriers import carrier_of
    from app.actions.mail.outbox import send_next
    from app.actions.mail.reminding import ask_for_reminders, letter_work
    from app.actions.mail.telling import Post
    from app.catalogue.letters import own_letters
    from app.proving import WORK
    from app.store.database import Busy

    engine, settings = _database(demo=False), read_settings(os.environ)
    catalogues, carrier = Catalogues(engine), carrier_of(settings)
    letters = own_letters(content_root(), settings.fingerpost_content)
    more = {**WORK, **letter_work(Post(letters, settings.base_url))}
    while True:
        try:
            busy = send_next(engine, carrier, datetime.now(UTC))
            ask_for_reminders(engine, datetime.now(UTC))
            busy = work_once(engine, catalogues, datetime.now(UTC), more) or busy
        except Busy:
            busy = False
        if not busy and once:
            return
        if not busy:
            time.sleep(WORKER_RESTS)


def _database(*, demo: bool = True) -> Engine:
    """The database of the settings, with all its tables; at a terminal nobody signs in (`demo`)."""
    from app.store.database import Busy, open_database
    from app.store.migrate import OfALaterProgram, migrate

    try:
        settings = read_settings(os.environ, demo=demo)
    except BadSettings as bad:
        fail(bad.faults, "Nothing was started.")
    _make_folder(settings.database_url)
    engine = open_database(settings.database_url, busy_timeout_ms=settings.busy_timeout_ms)
    try:
        migrate(engine)
    except (Busy, OfALaterProgram) as refused:
        fail([f"DATABASE_URL: {refused}"], "Nothing was done.")
    return engine


@main.command()
@click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--notes", required=True, help="What changed and why, for everyone who uses this.")
@click.option("--author", required=True, help="Who publishes.")
@click.option("--must-move", help="Why projects on earlier releases must move before they sign.")
@click.option("--after", type=int, help="The newest release that these files know of.")
def publish(
    folder: Path | None, notes: str, author: str, must_move: str | None, after: int | None
) -> None:
    """Publish the definitions of a folder as a release, or say all that is wrong with them."""
    from app.actions.catalogues import Catalogues, Notes
    from app.actions.definitions.releases import publish_folder
    from app.actions.errors import OutOfDate
    from app.catalogue import BadDefinitions

    saying = Notes(author, notes, datetime.now(UTC))
    catalogues = Catalogues(_database())
    try:
        made = publish_folder(catalogues, folder or _content(), saying, must_move, after)
    except BadDefinitions as bad:
        fail(bad.lines, f"{len(bad.lines)} faults in the definitions; nothing was published.")
    except OutOfDate as refused:
        fail([str(refused)], "Nothing was published.")
    said = "published" if made.fresh else "has these very definitions already; nothing was changed"
    click.echo(f"{made.released.name} {said} ({made.released.catalogue.hash})")


@main.command()
@click.argument("number", type=int)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(number: int, folder: Path) -> None:
    """Write the files of a release, to the byte, to an empty folder."""
    from app.actions.definitions.releases import export_release, write_release
    from app.actions.errors import NotFound
    from app.store.database import read

    with read(_database()) as conn:
        try:
            files = export_release(conn, number)
        except NotFound:
            fail([f"There is no release {number}."], "Nothing was written.")
    try:
        write_release(files, folder)
    except FileExistsError as there:
        fail([str(there)], "Nothing was written.")
    click.echo(f"{len(files)} files of release {number} written to {folder}")


@main.command()
@click.option(
    "--marks", type=NEW, help="Write what stands there now to this file, to compare with later."
)
@click.option("--against", type=THERE, help="Compare with marks that were written before.")
def verify(marks: Path | None, against: Path | None) -> None:
    """Work out every hash of what is kept again, and say what is not as it was written."""
    from app.keeping import verify_all

    verify_all(_database(), marks, against)


@main.command()
@click.argument("file", type=NEW)
def backup(file: Path) -> None:
    """Copy a SQLite database to a new file, also while it is used, and look the copy through."""
    from app.keeping import back_up

    back_up(_database(), file)


@main.command()
@click.argument("file", type=THERE)
def restore(file: Path) -> None:
    """Look a backup of a SQLite database through, and bring it back to where none is."""
    from app import keeping

    try:
        settings = read_settings(os.environ, demo=True)
    except BadSettings as bad:
        fail(bad.faults, "Nothing was written.")
    keeping.restore(settings.database_url, file)


def _make_folder(database_url: str) -> None:
    """The folder of a SQLite file."""
    path = database_url.removeprefix("sqlite:///")
    if path != database_url:
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as refused:
            fail([f"DATABASE_URL: {refused.filename}: {refused.strerror}"], "Nothing was done.")


@main.command()
@click.argument("email")
@click.option("--name", required=True, help="What they are called.")
@click.option("--organisation", required=True, help="The organisation they act for.")
@click.option(
    "--kind", default="government", show_default=True, help="What it is, if it is not here yet."
)
@click.option("--again", is_flag=True, help="Even if they have an account: they begin anew.")
def invite(email: str, name: str, organisation: str, kind: str, *, again: bool) -> None:
    """Invite whoever runs this service, and print the link that lets them in once."""
    from app.actions.access.first import NotInvited, invite_first
    from app.store.database import write

    engine, settings = _database(), read_settings(os.environ, demo=True)
    with write(engine) as conn:
        try:
            first = invite_first(
                conn, (name, email), (organisation, kind), datetime.now(UTC), again
            )
        except NotInvited as refused:
            fail([str(refused)], "Nobody was invited.")
    click.echo(
        f"{name} is invited as administrator. The link opens once, until {first.until:%H:%M} UTC"
    )
    click.echo(f"on {first.until:%d %B %Y}:")
    click.echo(f"{settings.base_url}/welcome/{first.token}")


if __name__ == "__main__":
    main()
