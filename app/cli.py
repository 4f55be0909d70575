"""The command: fingerpost check, assess, explain, serve and the rest."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from app.actions.answers_file import BadAnswers, check_references, read_answers
from app.actions.assessments import About, documents, evaluate, ignored, told, written
from app.actions.counts import counts
from app.actions.files import beside
from app.catalogue import BadDefinitions, Catalogue, load
from app.catalogue.letters import BadLetters, own_letters
from app.catalogue.surveys import BadSurveys
from app.core import logic
from app.core.assessment import Result
from app.core.record import Record
from app.core.telling import assessment_data
from app.settings import BadSettings, content_root, read_settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

ANSWERS = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


@click.group()
@click.version_option(package_name="fingerpost")
def main() -> None:
    """Fingerpost: from an idea to a signed information sharing agreement."""


def _fail(lines: list[str], said: str) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    click.echo(said, err=True)
    sys.exit(1)


def _content() -> Path:
    """The folder that holds the definitions."""
    try:
        # Nobody signs in at a terminal, so no secret is asked for.
        return read_settings(os.environ, demo=True).fingerpost_content
    except BadSettings as bad:
        _fail(bad.faults, "Nothing was done.")


def _catalogue(folder: Path | None = None) -> Catalogue:
    try:
        return load(folder or _content())
    except BadDefinitions as bad:
        _fail(bad.lines, f"{len(bad.lines)} faults in the definitions.")


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
    root = folder or _content()
    catalogue = _catalogue(root)
    if not (as_json or pairs):
        _check(catalogue, walk=not changed)
    if prove or changed or as_json or pairs:
        # Nothing else needs the solver.
        from app.proving import prove_all, prove_only

        if as_json or pairs:
            prove_only(catalogue, changed, pairs)
        else:
            prove_all(catalogue, root, changed)


def _check(catalogue: Catalogue, *, walk: bool) -> None:
    """Say that there are no faults, and how many questions each route asks of whom."""
    program = catalogue.program
    click.echo(
        f"No faults: {len(program.questions)} questions, {len(program.flags)} flags,"
        f" {len(program.levels)} levels of evaluation."
    )
    if not walk:
        return
    table, over = counts(catalogue)
    theirs = catalogue.organisations
    if theirs is not None:
        asked, flags = len(theirs.program.questions), len(theirs.program.flags)
        table.append(f"About organisations: {asked} questions, {flags} flags.")
        more, too_many = counts(theirs)
        table, over = [*table, *more], [*over, *too_many]
    for line in table:
        click.echo(line)
    if over:
        _fail(over, "A route asks more than it may.")


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
    catalogue = _catalogue()
    stages = [each.id for each in catalogue.pipeline.stages]
    if stage is not None and stage not in stages:
        raise click.BadParameter(f"{stage} is none of {', '.join(stages)}", param_hint="--stage")
    given, record = _told(catalogue, answers, on, stage)
    out.mkdir(parents=True, exist_ok=True)
    data = assessment_data(record, ignored(catalogue, given, record.facts))
    text = json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True)
    (out / "assessment.json").write_text(text + "\n", encoding="utf-8")
    outputs = documents(catalogue, record.facts, record.route)
    with click.progressbar(outputs, label="Documents", file=sys.stderr) as each:
        for name in each:
            file = catalogue.outlines[name].file_name
            (out / file).write_bytes(written(catalogue, record, name))
    raised = len(record.raised)
    click.echo(
        f"{raised} flags raised, {len(record.stops)} of them stops; {len(record.open)} checks open;"
        f" {len(data['unanswered'])} questions unanswered. Written to {out}"
    )


def _told(
    catalogue: Catalogue, answers: Path, on: datetime | None, stage: str | None = None
) -> tuple[dict[str, object], Record]:
    text = sys.stdin.buffer.read() if str(answers) == "-" else answers.read_bytes()
    try:
        piped = str(answers) == "-"
        files = beside(Path.cwd() if piped else answers.parent)
        given = read_answers("-" if piped else answers.name, text, catalogue.program, files)
    except BadAnswers as bad:
        _fail(bad.lines, f"{len(bad.lines)} faults; nothing was written.")
    amiss = check_references(given, catalogue.program)
    if amiss:
        _fail(amiss, f"{len(amiss)} faults; nothing was written.")
    day = on.date() if on else _today()
    return given, told(evaluate(catalogue, given, day), About(stage=stage))


def _today() -> date:
    return datetime.now(UTC).date()


@main.command()
@click.argument("flag")
@click.argument("answers", type=ANSWERS)
@click.option(
    "--on", default=None, type=click.DateTime(["%Y-%m-%d"]), help="The day of the assessment."
)
def explain(flag: str, answers: Path, on: datetime | None) -> None:
    """Say why a flag is raised, clear or undetermined by an answers file."""
    catalogue = _catalogue()
    _, record = _told(catalogue, answers, on)
    every = {each.id: each for each in (*record.assessment.tasks, *record.assessment.flags)}
    if flag not in every:
        raise click.BadParameter(f"there is no flag {flag}", param_hint="FLAG")
    found = every[flag]
    when = next(each.when for each in catalogue.program.flags if each.rule.id == flag)
    click.echo(f"{found.id} {found.rule.title}: {found.result.value}")
    click.echo(f"It holds when {logic.english(when)}.")
    if found.raised:
        click.echo(f"Raised because {found.because.text()}.")
        for address in found.because.answers:
            click.echo(f"  {record.title(address)} {record.answer(address).text}")
    if found.result is Result.UNDETERMINED:
        click.echo("These answers would settle it:")
        for need in found.needs:
            click.echo(f"  {record.title(need)} ({record.answer(need).text})")
    click.echo(
        f"Source: {found.rule.source}. Confirmed: {found.rule.checked or 'not yet by a DPO'}."
    )


LOOPBACK = ("127.0.0.1", "::1", "localhost")
WORKER_RESTS = 3  # seconds between looks at the table of jobs


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8000, show_default=True, help="Port to listen at.")
@click.option(
    "--demo", is_flag=True, help="Sample projects, and a bar to be each person; loopback only."
)
def serve(host: str, port: int, demo: bool) -> None:
    """Serve the product."""
    # The other commands need no server: they start quicker without it.
    from waitress import create_server

    from app.wsgi import create_app

    if demo and host not in LOOPBACK:
        raise click.BadParameter(
            "the demonstration listens at a loopback address only", param_hint="--host"
        )
    try:
        settings = read_settings(os.environ, demo=demo)
    except BadSettings as bad:
        _fail(bad.faults, "Nothing was started.")
    _make_folder(settings.database_url)
    try:
        app = create_app(settings, demonstration=demo)
    except BadDefinitions as bad:
        _fail(bad.lines, f"{len(bad.lines)} faults in the definitions.")
    except BadSettings as bad:
        _fail(bad.faults, "Nothing was started.")
    except (BadLetters, BadSurveys) as bad:
        _fail(bad.lines, f"{len(bad.lines)} faults in the letters or reports.")
    try:
        server = create_server(
            app,
            host=host,
            port=port,
            threads=settings.threads,
            ident=None,
            # Slow clients wait in the server, not in a thread: many of them must not shut others out.
            connection_limit=1000,
            asyncore_use_poll=True,
            channel_timeout=60,
            max_request_body_size=settings.max_body,
        )
    except OSError as refused:
        _fail([f"{host}:{port}: {refused.strerror}"], "Choose another address with --port.")
    click.echo(f"Fingerpost is at http://{host}:{port}/ (stop it with Ctrl-C)")
    worker = _worker() if demo else None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the worker ends with the server
    try:
        server.run()
    finally:
        if worker is not None:
            worker.terminate()


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
    from app.actions.mail.reminding import Post, ask_for_reminders, reminding_work
    from app.proving import WORK
    from app.store.database import Busy

    engine, settings = _database(demo=False), read_settings(os.environ)
    catalogues, carrier = Catalogues(engine), carrier_of(settings)
    letters = own_letters(content_root(), settings.fingerpost_content)
    more = {**WORK, **reminding_work(Post(letters, settings.base_url))}
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
    from app.store.database import open_database
    from app.store.migrate import migrate

    try:
        settings = read_settings(os.environ, demo=demo)
    except BadSettings as bad:
        _fail(bad.faults, "Nothing was started.")
    _make_folder(settings.database_url)
    engine = open_database(settings.database_url, busy_timeout_ms=settings.busy_timeout_ms)
    migrate(engine)
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

    saying = Notes(author, notes, datetime.now(UTC))
    catalogues = Catalogues(_database())
    try:
        made = publish_folder(catalogues, folder or _content(), saying, must_move, after)
    except BadDefinitions as bad:
        _fail(bad.lines, f"{len(bad.lines)} faults in the definitions; nothing was published.")
    except OutOfDate as refused:
        _fail([str(refused)], "Nothing was published.")
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
            _fail([f"There is no release {number}."], "Nothing was written.")
    try:
        write_release(files, folder)
    except FileExistsError as there:
        _fail([str(there)], "Nothing was written.")
    click.echo(f"{len(files)} files of release {number} written to {folder}")


def _make_folder(database_url: str) -> None:
    """The folder of a SQLite file."""
    path = database_url.removeprefix("sqlite:///")
    if path != database_url:
        Path(path).parent.mkdir(parents=True, exist_ok=True)


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
            _fail([str(refused)], "Nobody was invited.")
    click.echo(
        f"{name} is invited as administrator. The link opens once, until {first.until:%H:%M} UTC"
    )
    click.echo(f"on {first.until:%d %B %Y}:")
    click.echo(f"{settings.base_url}/welcome/{first.token}")


if __name__ == "__main__":
    main()
