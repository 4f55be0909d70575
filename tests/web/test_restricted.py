"""Restricted answers: seen by those who look after information, left out of everything else."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.actions.access.policy import GOVERNANCE, SEES, Relation
from app.web import asking
from app.wsgi import create_app
from tests.shipped import shipped_catalogue
from tests.web.attacker import Attacker, settings
from tests.web.matrix import MAIN, Asked, Matrix, populate

AT = f"/projects/{MAIN}"
PAGE = f"{AT}/dpia/concerns"
QUESTION = "ctx.flaws"
CANARY = "Quaggaleak"
SAID = f"{CANARY} in the old gateway"
ANNEX = "restricted_annex"


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Matrix:
    """A demonstration of our own in which a restricted question is answered."""
    app = create_app(settings(tmp_path_factory.mktemp("locked"), repository), demonstration=True)
    found = populate(app)
    say(found, SAID)
    return found


def say(matrix: Matrix, said: str) -> None:
    """Answer the restricted question, as who looks after security."""
    security = Attacker(matrix.app, matrix.client(matrix.people[Relation.OWN, "security"]))
    answer = security.save(PAGE, seen=security.version(QUESTION), **{QUESTION: said})
    assert answer.status_code == 302


@pytest.fixture
def answered(matrix: Matrix) -> Iterator[Matrix]:
    """The same; whatever a test answers, what was said stands there again after it."""
    yield matrix
    say(matrix, SAID)


def page(matrix: Matrix, role: str, path: str = PAGE) -> str:
    return matrix.client(matrix.people[Relation.OWN, role]).get(path).text


@pytest.mark.parametrize("role", sorted(SEES))
def test_its_page_shows_the_answer_to_those_who_look_after_information(
    matrix: Matrix, role: str
) -> None:
    html = page(matrix, role)
    assert (CANARY in html) == (role in GOVERNANCE)
    assert (f'name="{QUESTION}"' in html) == (role in GOVERNANCE)
    assert "Are weaknesses known" in html
    assert ("the restricted annex alone prints it" in html) == (role in GOVERNANCE)


def test_others_are_told_that_it_is_there_who_answers_it_and_whether_they_did(
    matrix: Matrix,
) -> None:
    html = page(matrix, "lead")
    assert "Answered. The information security" in html
    assert "The answer is restricted" in html


def test_nothing_else_tells_it_to_others(matrix: Matrix) -> None:
    others = sorted(SEES - GOVERNANCE)
    asked = [a for a in matrix.every([Relation.OWN], others) if a.method == "GET"]
    asked += [
        Asked("", "GET", f"{AT}/{path}", role, Relation.OWN)
        for role in others
        for path in (f"history?of={QUESTION}", "stages/dpia/check", f"documents/{ANNEX}")
    ]
    assert len(asked) > 100
    assert [str(a.asked) for a in matrix.ask(asked) if CANARY in a.said] == []


def test_the_history_tells_it_to_those_who_may_see_it(matrix: Matrix) -> None:
    assert CANARY in page(matrix, "dpo", f"{AT}/history?of={QUESTION}")


def test_documents_leave_it_out_whoever_asks_and_the_annex_prints_it(matrix: Matrix) -> None:
    client = matrix.client(matrix.people[Relation.OWN, "dpo"])
    assert CANARY not in _word(client.get(f"{AT}/documents/dpia.docx").data)
    assert "stands in the annex" in _word(client.get(f"{AT}/documents/dpia.docx").data)
    assert CANARY in _word(client.get(f"{AT}/documents/{ANNEX}.docx").data)
    assert CANARY in client.get(f"{AT}/documents/{ANNEX}").text


@pytest.mark.parametrize(("role", "there"), [("lead", False), ("party", False), ("dpo", True)])
def test_the_annex_is_there_for_those_who_may_see_it(
    matrix: Matrix, role: str, there: bool
) -> None:
    client = matrix.client(matrix.people[Relation.OWN, role])
    for path in (f"{AT}/documents/{ANNEX}", f"{AT}/documents/{ANNEX}.docx"):
        assert client.get(path).status_code == (200 if there else 404)
    assert (ANNEX in client.get(AT).text) == there
    assert (ANNEX in client.get(f"{AT}/documents/legal_gateway_note").text) == there


def test_a_forged_answer_of_somebody_else_is_refused(matrix: Matrix) -> None:
    lead = Attacker(matrix.app, matrix.client(matrix.people[Relation.OWN, "lead"]))
    before = lead.kept()
    for path in (PAGE, f"{PAGE}/save"):
        assert lead.save(path, seen=99, **{QUESTION: "Overwritten"}).status_code == 403
    assert lead.kept() == before


@pytest.mark.parametrize("said", ["", SAID])
def test_what_else_the_page_asks_is_saved_and_it_leads_on(answered: Matrix, said: str) -> None:
    """What one is only told of is no question that appeared, whether it is answered or not."""
    say(answered, said)
    lead = Attacker(answered.app, answered.client(answered.people[Relation.OWN, "lead"]))
    shown = re.findall(r'name="seen" value="([^"]+)"', lead.client.get(PAGE).text)
    assert not [each for each in shown if each.startswith(QUESTION)]
    typed = {"ctx.concerns": f"None that we know of, {len(said)}.", "seen": shown, "go": "on"}
    saved = lead.post(PAGE, release=lead.release, **typed)
    assert saved.status_code == 302
    assert PAGE not in saved.headers["Location"]
    drawn = lead.post(f"{PAGE}/save", release=lead.release, **typed).get_json()["html"]
    assert QUESTION not in drawn


def test_a_check_that_is_left_out_is_found(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "sees_restricted", lambda _role: True)
    assert CANARY in page(matrix, "lead")


def test_every_restricted_question_stands_in_the_annex_and_nothing_else_does() -> None:
    catalogue = shipped_catalogue()
    restricted = {q.id for q in catalogue.program.questions.values() if q.restricted}
    annex = catalogue.outlines[ANNEX]
    assert restricted
    assert restricted == {id_ for piece in annex.blocks for id_ in piece.answers or ()}
    assert [name for name, each in catalogue.outlines.items() if each.restricted] == [ANNEX]


def _word(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return packed.read("word/document.xml").decode()
