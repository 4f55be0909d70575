"""Every route, for every role, by how its organisation stands to what is asked for."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import BindParameter, Connection, insert, select, true
from sqlalchemy.sql.visitors import replacement_traverse
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.actions.access.policy import OVERSIGHT, POLICY, SEES, Line, Relation, Thing
from app.actions.access.roles import ROLES
from app.actions.access.sign_ins import CODE, Browser, begin
from app.actions.actor import Actor
from app.actions.definitions.drafts import begin_draft
from app.actions.organisations import add_organisation, add_person, take_in
from app.actions.projects import NewProject, start_project
from app.actions.together.passing import Handover, assign_page
from app.actions.together.team import whom
from app.core.sheet import Change
from app.store.database import write
from app.store.tables import organisation, project, project_party
from app.store.team import team
from app.web.access import READS, line_of
from tests.databases import summarise
from tests.web.attacker import Attacker
from tests.web.conftest import serve

MAIN = "FP-0001"
IS_MAIN = project.c.reference == MAIN
OWN_CANARY, OTHERS_CANARY, SPONSORED_CANARY = "Zanzibarrow", "Quillfeather", "Umbrellwick"
WRITTEN = {"idea/start": "project.title", "idea/motivate": "project.outcome"}
CANARIES = {
    # a word that stands nowhere but in one project: whose lists may name that project
    OWN_CANARY: {Relation.OWN, Relation.PARTICIPATING, Relation.OFF_TEAM, Relation.SPONSOR},
    OTHERS_CANARY: {Relation.OTHER},
    SPONSORED_CANARY: {Relation.SPONSORED},
}
HOME = "London Borough of Carnmere"
AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
NOT_DONE = {400, 401, 403, 404, 405}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
SOMETIMES: dict[str, set[int]] = {
    # what may be answered as well to somebody whose role it is, and why
    "reports.close": {403},  # each stage says which role closes it
    "reports.dismiss": {403},  # read by roles that do not dismiss
    "reports.lift": {403},  # the same
    "reports.sign": {403},  # the same
    "reports.send_advice": {403},  # the same
    "reports.back": {404},  # nothing was sent back; tests/web/test_review.py does
    "reports.content": {404},  # the same
    "projects.stay": {404},  # no release is there that must be moved to
    "projects.moved": {404},  # nothing was moved
    "projects.take_back": {404},  # nothing was left for anybody there
    "projects.our_rows": {404},  # an organisation that is not named among the parties has no rows
    "projects.settled": {404},  # nothing was said there
    "library.one": {404},  # nothing was published; tests/web/test_library.py reads what was
    "library.begin": {404},  # the same
    "projects.file": {404},  # no file was brought; tests/web/test_files.py asks for one that was
    # nobody and no organisation is named; only the lead of the organisation that leads, and an IG
    # lead for their own, say who is there
    "projects.join_team": {403, 404},
    "projects.leave_team": {403, 404},
    "projects.join_project": {403},
    "projects.leave_project": {403, 404},
    "reports.decision": {
        403,
        404,
        409,
    },  # nothing of that name waits; each act says whose it is, and what comes first
    "organisation_pages.row": {404},  # no record has rows
    "organisation_pages.save_row": {404},
    "organisation_pages.remove": {404},
    "organisation_pages.remove_row": {404},
    "demo.persona": {400},  # nobody is chosen
    "account": {400, 401, 403, 404},  # no password, no role of one's own and no person is given
}
REFUSED: dict[str, set[int]] = {
    # what may be answered as well to somebody whose role or project it is not, and why
    "projects.move": {200},  # there is no other release, so that nothing can be moved
    "organisation_pages.row": {404},  # no record has rows
    "organisation_pages.save_row": {404},
    "organisation_pages.remove": {404},
    "organisation_pages.remove_row": {404},
    "editor.save": {409},  # the form does not say which version was seen
    "editor.autosave": {409},
}


@dataclass(frozen=True)
class Asked:
    """One request: by somebody in a role, whose organisation stands so to what is asked for."""

    endpoint: str
    method: str
    path: str
    role: str
    relation: Relation

    def __str__(self) -> str:
        return f"{self.role}, {self.relation.name}: {self.method} {self.path} ({self.endpoint})"


@dataclass
class Answered:
    """What came of it."""

    asked: Asked
    status: int
    said: str


@dataclass
class Matrix:
    """The site, its people in every role and organisation, and the addresses of everything."""

    app: Flask
    people: dict[tuple[Relation, str], Actor] = field(default_factory=dict)
    records: dict[Relation, UUID] = field(default_factory=dict)
    spare: dict[UUID, UUID] = field(default_factory=dict)
    """Somebody in each organisation who asks for nothing: others may do to them what they may."""
    references: dict[Relation, str] = field(default_factory=dict)
    draft: str = ""
    form: dict[str, str] = field(default_factory=dict)
    lines: dict[tuple[str, str], Line | None] = field(default_factory=dict)
    """The policy as it is, whatever a test then does to it."""

    @property
    def engine(self) -> Any:
        return self.app.extensions["fingerpost"].engine

    # Who asks

    def client(self, actor: Actor) -> FlaskClient:
        """A browser in which this person is at work."""
        client = self.app.test_client()
        if not self.app.extensions["fingerpost"].demo:
            return self._sign_in(client, actor)
        with client.session_transaction() as session:
            session.update(
                person=str(actor.person_id),
                organisation=str(actor.organisation_id),
                role=actor.role,
            )
        return client

    def _sign_in(self, client: FlaskClient, actor: Actor) -> FlaskClient:
        now, lasts = datetime.now(UTC), timedelta(hours=8)
        with write(self.engine) as conn:
            token = begin(conn, actor.person_id, CODE, Browser("127.0.0.1", "Tests"), now, lasts)
        with client.session_transaction() as session:
            session.update(sid=token, seen=int(now.timestamp()))
        return client

    # What is asked

    def every(
        self, relations: Iterable[Relation] = Relation, roles: Iterable[str] = tuple(ROLES)
    ) -> Iterator[Asked]:
        """Every request there is, but for those that anybody may make."""
        roles = tuple(roles)
        for relation in relations:
            for rule, method in self.routes():
                path = self.path(rule, relation)
                for role in roles if path else ():
                    yield Asked(rule.endpoint, method, path, role, relation)

    def routes(self) -> Iterator[tuple[Rule, str]]:
        """Every route with each of its methods."""
        for rule in self.app.url_map.iter_rules():
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method

    def path(self, rule: Rule, relation: Relation) -> str:
        """The address of a route; of a record, that of an organisation which stands so."""
        of_record = rule.rule.startswith("/organisations/<")
        if of_record and relation in (Relation.PARTICIPATING, Relation.OFF_TEAM):
            return ""  # a record is of an organisation, not of a project
        record = self.records.get(relation, uuid4())
        known: dict[str, Any] = {
            "reference": (record if of_record else self.references.get(relation, MAIN)),
            "stage": "statement_of_intent" if rule.rule.endswith("/sign") else "dpia",
            "questionnaire": "who_decides" if of_record else "idea",
            "page": "senior" if of_record else "discover",
            "question": "who.siro"
            if of_record
            else "parties.list"
            if rule.endpoint == "projects.our_rows"
            else "idea.problems",
            "row": "1",
            "output": "record_of_processing" if rule.rule.endswith(".csv") else "dpia",
            "kind": "risk_accepted",
            "flag": "R10" if rule.rule.endswith("/lift") else "R54",
            "door": "new",
            "filename": "build/manifest.json",
            "number": 1,
            "path": "questionnaires/idea.yaml",
            "draft_id": self.draft or "x",
            "organisation": record,
            "person": self.spare.get(record, uuid4()),
        }
        else_ = {name: 1 if f"<int:{name}>" in rule.rule else "x" for name in rule.arguments}
        adapter = self.app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, {n: known.get(n, x) for n, x in else_.items()})

    # What is answered

    def ask(self, asked: Iterable[Asked]) -> Iterator[Answered]:
        """Make these requests, each as its person would, with a token that is good."""
        clients: dict[tuple[Relation, str], tuple[FlaskClient, str]] = {}
        for each in asked:
            whose = (each.relation, each.role)
            if whose not in clients:
                client = self.client(self.people[whose])
                demo = self.app.extensions["fingerpost"].demo
                found = TOKEN.search(client.get("/about" if demo else "/account").text)
                assert found
                clients[whose] = client, found[1]
            client, token = clients[whose]
            if each.method in READS:
                answer = client.open(each.path, method=each.method)
            else:
                answer = client.open(
                    each.path, method=each.method, data=self.form | {"csrf_token": token}
                )
            yield Answered(each, answer.status_code, words(answer))
            answer.close()

    def breaches(self, asked: Iterable[Asked] | None = None) -> list[str]:
        """Every answer that is not as the policy says, and every word that went too far."""
        return [
            f"{each.asked}: {each.status}, {fault}"
            for each in self.ask(self.every() if asked is None else asked)
            for fault in faults(each, self.lines.get((each.asked.endpoint, each.asked.method)))
        ]


def faults(answered: Answered, line: Line | None) -> Iterator[str]:
    """What is wrong with an answer under a line of the policy."""
    asked = answered.asked
    if line is None:
        yield "falls under no line of the policy"
        return
    wanted = refusal(line, asked)
    if answered.status >= 500:
        yield "an error"
    elif wanted is not None and answered.status not in {wanted} | _listed(REFUSED, asked):
        yield f"should be {wanted}"
    elif wanted is None and answered.status in NOT_DONE - _allowed(line, asked):
        yield "should be answered"
    for word, at_home in CANARIES.items():
        if word in answered.said and not (asked.relation in at_home and _sees(asked)):
            yield f"tells of the project “{word}”"


def _allowed(line: Line, asked: Asked) -> set[int]:
    # Of what is hidden there is often nothing at the address, or not for everybody who may look.
    hidden = {400, 403, 404} if line.thing is Thing.HIDDEN else set()
    return hidden | _listed(SOMETIMES, asked)


def _listed(exceptions: Mapping[str, set[int]], asked: Asked) -> set[int]:
    blueprint = asked.endpoint.partition(".")[0]
    return exceptions.get(asked.endpoint, exceptions.get(blueprint, set()))


def refusal(line: Line, asked: Asked) -> int | None:
    """How a request is refused; None: it is not."""
    if line.thing is Thing.PUBLIC:
        return None
    if line.thing is Thing.PROJECT and not may_know(asked):
        return 404
    if asked.role not in line.roles:
        return 404 if line.thing is Thing.HIDDEN else 403
    return None if _relation(asked) in line.relations else 403


def may_know(asked: Asked) -> bool:
    """Whether what is asked for, a project, may be known to whoever asks."""
    return _sees(asked) and _relation(asked) in POLICY["project.read"].relations


def _sees(asked: Asked) -> bool:
    """Whether somebody sees a project that their organisation takes part in."""
    return asked.role in (OVERSIGHT if asked.relation is Relation.OFF_TEAM else SEES)


def _relation(asked: Asked) -> Relation:
    """How the organisation stands: being on the team is looked at apart from it."""
    off_team = asked.relation is Relation.OFF_TEAM
    return Relation.PARTICIPATING if off_team else asked.relation


def words(answer: TestResponse) -> str:
    """All that an answer says: a page, or what is in a file."""
    content = answer.get_data()
    if content[:4] != b"PK\x03\x04":
        return content.decode("utf-8", errors="replace") + str(answer.headers)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        said = " ".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    return re.sub(r"<[^>]*>", "", said) + str(answer.headers)


def populated(folder: Path, repository: Path) -> Matrix:
    """A demonstration of its own with people in every role of four organisations; it hides no fault."""
    return populate(serve(folder, repository))


def populate(app: Flask) -> Matrix:
    """People in every role of four organisations, and a project that is none of the first's."""
    found = Matrix(app)
    found.lines = {(r.endpoint, m): line_of(r.endpoint, m) for r, m in found.routes()}
    with write(found.engine) as conn:
        home = conn.execute(
            select(organisation.c.id).where(organisation.c.name == HOME)
        ).scalar_one()
        homes: dict[Relation, UUID] = {Relation.OWN: home}
        homes[Relation.PARTICIPATING] = add_organisation(conn, "Larkhill", "borough", AT)
        homes[Relation.OTHER] = add_organisation(conn, "Elsewhere", "borough", AT)
        homes[Relation.SPONSORED] = add_organisation(conn, "Lantern", "voluntary", AT, home)
        # Seen from the sponsor: the people are those of the first, the record is Lantern's.
        homes[Relation.SPONSOR] = home
        homes[Relation.OFF_TEAM] = homes[Relation.PARTICIPATING]
        for relation, place in homes.items():
            for role in ROLES:
                name = f"{role} of {relation.name}".lower()
                person = add_person(conn, name, f"{uuid4().hex}@demo.invalid", AT)
                take_in(conn, person, place, role, AT)
                found.people[relation, role] = Actor(person, name, role, place, "")
        for place in dict.fromkeys(homes.values()):
            found.spare[place] = add_person(conn, "Spare", f"{uuid4().hex}@demo.invalid", AT)
            take_in(conn, found.spare[place], place, "contributor", AT)
        found.records = {
            **dict.fromkeys(Relation, home),
            Relation.SPONSOR: homes[Relation.SPONSORED],
        }
        found.references = dict.fromkeys(Relation, MAIN)
        row = conn.execute(select(project.c.id, project.c.release_id).where(IS_MAIN)).one()
        party = {"organisation_id": homes[Relation.PARTICIPATING], "since": AT}
        conn.execute(insert(project_party), {"project_id": row.id, **party})
        on_team = {"project_id": row.id, "added_at": AT, "added_by": "Whoever leads"}
        for (relation, _), each in found.people.items():
            if relation in (Relation.OWN, Relation.SPONSOR, Relation.PARTICIPATING):
                conn.execute(insert(team), {"id": uuid4(), **whom(each)._asdict(), **on_team})
        found.form = {"release": str(row.release_id), "handover": str(uuid4()), "version": "1"}
        for relation, word in (
            (Relation.OTHER, OTHERS_CANARY),
            (Relation.SPONSORED, SPONSORED_CANARY),
        ):
            lead = found.people[relation, "lead"]
            found.references[Relation.SPONSOR] = _begin(conn, lead, word, row.release_id)
        editor = found.people[Relation.OTHER, "editor"]
        found.draft = str(begin_draft(conn, editor, "A draft", AT))
    return found


def _begin(conn: Connection, lead: Actor, word: str, release: UUID) -> str:
    told = [Change(id_, f"{word} {id_}") for id_ in ("project.title", "project.outcome")]
    begun = start_project(
        conn, lead, NewProject(word, "new", "idea", release, AT, changes=told), summarise
    )
    assign_page(conn, lead, begun, Handover("idea/discover", word, word, AT))
    return begun


def plant(found: Matrix) -> None:
    """Write the word of the project into its answers, its history, an act and a note."""
    lead = Attacker(found.app, found.client(found.people[Relation.OWN, "lead"]))
    at = f"/projects/{MAIN}"
    for page, question in WRITTEN.items():
        answer = {question: f"{OWN_CANARY} {question}"}
        saved = lead.save(f"{at}/{page}", seen=lead.version(question), **answer)
        assert saved.status_code == 302, page
    lead.post(f"{at}/idea/discover/colleague", to_whom=OWN_CANARY, note=f"{OWN_CANARY} note")
    whom = str(found.people[Relation.PARTICIPATING, "contributor"].person_id)
    lead.post(f"{at}/idea/discover/colleague", person=whom, note=f"{OWN_CANARY} word")
    lead.post(f"{at}/flags/R27/dismiss", reason=f"{OWN_CANARY} reason")


def for_all(statement: Any) -> Any:
    """A statement without its scope: whichever organisation asks, it is the project's own."""

    def widen(part: Any, **_: Any) -> Any:
        scope = isinstance(part, BindParameter) and part.key == "organisation"
        return project.c.organisation_id if scope else None

    traverse: Any = replacement_traverse
    return traverse(statement, {}, widen)


def for_the_whole_organisation(statement: Any) -> Any:
    """A statement that does not look at the team: whoever asks, they oversee what there is."""

    def widen(part: Any, **_: Any) -> Any:
        return true() if isinstance(part, BindParameter) and part.key == "oversees" else None

    traverse: Any = replacement_traverse
    return traverse(statement, {}, widen)
