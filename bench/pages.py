"""Opening and saving a page of twelve questions, beside a bare application in the same client."""

import re
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from secrets import token_urlsafe
from tempfile import TemporaryDirectory
from urllib.parse import unquote

from flask import Flask, session
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine

from app.actions.access import sign_ins
from app.actions.access.sign_ins import Browser
from app.actions.actor import PASSWORD, Actor, everyone
from app.actions.answers_file import changes_of
from app.actions.assessments import forget_evaluated
from app.actions.catalogues import Released
from app.actions.pages import summarise
from app.actions.projects import NewProject, start_project
from app.settings import content_root, read_settings
from app.store.database import counting, read, write
from app.store.sheets import forget_sheets
from app.web.demo import become
from app.wsgi import create_app
from bench.bare import bare
from bench.filled import Answers, projects
from bench.measure import Work, ratio, take_turns
from bench.report import Figure

QUESTIONNAIRE = "concept_review"
PAGE = """
  - id: measured
    title: Measured
    pages:
      - id: measured
        title: Twelve questions
        questions:
"""
OPTIONS = "options: {a: Names and addresses, b: Dates of birth, c: Case notes, d: Something else}"
QUESTIONS = (
    "type: choice, " + OPTIONS,
    "type: yes_no",
    "type: text",
    "type: multi, " + OPTIONS,
    "type: yes_no",
    "type: number, min: 0, max: 100000",
    "type: long_text",
    "type: choice, " + OPTIONS,
    "type: date",
    "type: text",
    "type: yes_no",
    "type: choice, " + OPTIONS,
)
READ = (0, 1, 4, 7, 10, 11)
"""Those of them that a rule reads, each another one."""
RULE = """
  - id: M{n}
    title: Part {n} is done otherwise
    when: {{"===": [{{var: measured.q{n}}}, {holds}]}}
    because: Somebody should look at part {n}.
    source: Measured
    likelihood: possible
    severity: significant
    raised_by: [{{measured.q{n}: {holds}}}]
    not_by: [{{measured.q{n}: {fails}}}]
"""
PROJECTS = 10


def content(folder: Path) -> Path:
    """The shipped definitions with one page more, of twelve questions of every usual kind.

    Six rules more read what is answered there.
    """
    for name in ("questionnaires", "rules", "outputs"):
        shutil.copytree(content_root() / name, folder / name)
    asked = "".join(
        f"          - {{id: measured.q{n}, {kind}, ask: 'How is part {n} of the work done?'}}\n"
        for n, kind in enumerate(QUESTIONS)
    )
    with (folder / "questionnaires" / f"{QUESTIONNAIRE}.yaml").open("a", encoding="utf-8") as file:
        file.write(PAGE + asked)
    rules = "".join(
        RULE.format(n=n, holds=holds, fails=fails)
        for n in READ
        for holds, fails in [('"yes"', '"no"') if "yes_no" in QUESTIONS[n] else ("a", "b")]
    )
    (folder / "rules" / "measured.yaml").write_text(f"flags:{rules}", encoding="utf-8")
    return folder


def application(folder: Path) -> Flask:
    """The whole product, as the demonstration runs it, over its own database."""
    environment = {
        "DATABASE_URL": f"sqlite:///{folder / 'measured.sqlite3'}",
        "FINGERPOST_CONTENT": str(content(folder)),
    }
    return create_app(read_settings(environment, demo=True), demonstration=True)


def sign_in(app: Flask, client: FlaskClient, conn: Connection) -> Actor:
    """Look at the product as the project lead."""
    with app.test_request_context():
        become("lead", conn)
        mine = dict(session)
    with client.session_transaction() as kept:
        kept.update(mine)
    return next(
        one
        for one in everyone(conn)
        if (str(one.person_id), one.role) == (mine["person"], mine["role"])
    )


def signed_in(folder: Path, actor: Actor) -> FlaskClient:
    """The same person, who signed in to the product without the demonstration."""
    environment = {
        "DATABASE_URL": f"sqlite:///{folder / 'measured.sqlite3'}",
        "FINGERPOST_CONTENT": str(folder),
        "SECRET_KEY": token_urlsafe(),
    }
    app = create_app(read_settings(environment, demo=False))
    at = datetime.now(UTC)
    with write(app.extensions["fingerpost"].engine) as conn:
        token = sign_ins.begin(
            conn, actor.person_id, PASSWORD, Browser("127.0.0.1", "bench"), at, timedelta(hours=1)
        )
    client = app.test_client()
    with client.session_transaction() as kept:
        kept.update(sid=token, seen=int(at.timestamp()))
    return client


def begin(conn: Connection, actor: Actor, released: Released, answers: Answers) -> str:
    """One project with these answers; its reference."""
    pipeline = released.catalogue.pipeline
    at = datetime.now(UTC)
    new = NewProject(
        title="Measured",
        door="new",
        stage=pipeline.stages[0].id,
        release_id=released.release.id,
        at=at,
        where=f"{QUESTIONNAIRE}/measured",
        changes=changes_of(answers),
    )
    return start_project(conn, actor, new, summarise(released, at.date()))


def forget() -> None:
    """Forget what this process remembers of sheets, as one that has not seen them yet."""
    forget_evaluated()
    forget_sheets()


class Pages:
    """The page of twelve questions in each of several projects."""

    def __init__(self, client: FlaskClient, references: Sequence[str]) -> None:
        self.client = client
        self.paths = [f"/projects/{one}/{QUESTIONNAIRE}/measured" for one in references]
        self.numbers = count(1)

    def addresses(self, calls: int) -> list[str]:
        """The next addresses, another project each time."""
        return [self.paths[next(self.numbers) % len(self.paths)] for _ in range(calls)]

    def opened(self, calls: int) -> list[str]:
        """Addresses to open whose answers have just been changed here, as after every save."""
        filled = self.filled(calls)
        for one in filled:
            self.save(one)
        return [path for path, _ in filled]

    def opened_elsewhere(self, calls: int) -> list[str]:
        """The same after another process changed the answers: nothing remembered helps."""
        paths = self.opened(calls)
        forget()
        return paths

    def open(self, path: str) -> bytes:
        """Open a page; everything asked is on it."""
        response = self.client.get(path)
        assert response.status_code == 200, response.status
        return response.get_data()

    def filled(self, calls: int) -> list[tuple[str, dict[str, object]]]:
        """Forms to post, each with new answers and the versions its page showed."""
        return [(path, self.form(path)) for path in self.addresses(calls)]

    def filled_again(self, calls: int) -> list[tuple[str, dict[str, object]]]:
        """The same by somebody who has just saved the page before in this process."""
        for one in self.filled(calls):
            self.save(one)
        return [(path, self.form(path)) for path in self.addresses(calls)]

    def filled_elsewhere(self, calls: int) -> list[tuple[str, dict[str, object]]]:
        """The same in a process that has not seen the projects before."""
        forget()
        return self.filled(calls)

    def form(self, path: str) -> dict[str, object]:
        """What a browser would post from this page."""
        html = self.open(path).decode()
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
        form: dict[str, object] = {name: value for name, value in hidden if name != "seen"}
        form["seen"] = [unquote(value) for name, value in hidden if name == "seen"]
        turn = next(self.numbers)
        for n, kind in enumerate(QUESTIONS):
            form.update(self.posted(f"measured.q{n}", kind.split(",")[0], turn))
        form["go"] = "on"
        return form

    def posted(self, name: str, kind: str, turn: int) -> dict[str, object]:
        """One question's answer as a form posts it."""
        if kind == "type: date":
            return {f"{name}-day": 1 + turn % 28, f"{name}-month": 5, f"{name}-year": 2026}
        values: dict[str, object] = {
            "type: choice": "abcd"[turn % 4],
            "type: multi": ["abcd"[turn % 4], "abcd"[(turn + 1) % 4]],
            "type: yes_no": ("yes", "no")[turn % 2],
            "type: number": turn,
        }
        return {name: values.get(kind, f"The housing team does this, in version {turn}.")}

    def save(self, given: tuple[str, dict[str, object]]) -> None:
        """Save a page; it is accepted and leads on."""
        path, form = given
        response = self.client.post(path, data=form)
        assert response.status_code == 302, response.status
        assert response.location != path, "the page was shown again"


def statements(pages: Pages, engine: Engine) -> tuple[int, int]:
    """How many statements it takes to open a page, and to save it."""
    with counting(engine) as opening:
        pages.open(pages.paths[0])
    form = pages.filled(1)[0]
    with counting(engine) as saving:
        pages.save(form)
    return len(opening), len(saving)


def figures() -> list[Figure]:
    """Measure the whole way of a request: session, person, access, answers, rules, journey, page."""
    with TemporaryDirectory() as made_for_it:
        folder = Path(made_for_it)
        app = application(folder)
        engine = app.extensions["fingerpost"].engine
        released = app.extensions["fingerpost"].catalogues.newest()
        client = app.test_client()
        with read(engine) as conn:
            actor = sign_in(app, client, conn)
        with write(engine) as conn:
            made = projects(released.catalogue.program, PROJECTS)
            references = [begin(conn, actor, released, answers) for answers in made]
        pages, signed = Pages(client, references), Pages(signed_in(folder, actor), references)
        hello = bare().test_client()
        work = {
            "bare": Work(lambda _: hello.get("/")),
            "open": Work(pages.open, pages.opened),
            "elsewhere": Work(pages.open, pages.opened_elsewhere),
            "save": Work(pages.save, pages.filled_again),
            "first": Work(pages.save, pages.filled_elsewhere),
            "open, signed in": Work(signed.open, signed.opened),
            "save, signed in": Work(signed.save, signed.filled_again),
        }
        times = take_turns(work, rounds=9, calls=PROJECTS)
        size = len(pages.open(pages.paths[0]))
        opening, saving = statements(pages, engine)
        opening_signed, saving_signed = statements(
            signed, signed.client.application.extensions["fingerpost"].engine
        )
        engine.dispose()
    return [
        Figure("open a page of 12 questions", ratio(times, "open", to="bare"), "times bare", 8.0),
        Figure(
            "the same, changed by another process",
            ratio(times, "elsewhere", to="bare"),
            "times bare",
        ),
        Figure("save a page of 12 questions", ratio(times, "save", to="bare"), "times bare", 8.0),
        Figure(
            "the same, the first in this process", ratio(times, "first", to="bare"), "times bare"
        ),
        Figure("a bare request", sorted(times["bare"])[4] * 1e6, "µs of CPU"),
        Figure(
            "open, signed in, beside the demonstration",
            ratio(times, "open, signed in", to="open"),
            "times",
            1.1,
        ),
        Figure(
            "save, signed in, beside the demonstration",
            ratio(times, "save, signed in", to="save"),
            "times",
            1.1,
        ),
        Figure("statements to open", max(opening, opening_signed), "SQL statements", 2),
        Figure("statements to save", max(saving, saving_signed), "SQL statements", 4),
        Figure("page of 12 questions", size / 1000, "KB of HTML", 15.0),
    ]
