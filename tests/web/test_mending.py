"""Trying a mend that a proof or a check names: its lines are shown, one button saves it, history undoes it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Flask

from app.actions.definitions.draft_proofs import PROVE, keep_proof, proof_of
from app.actions.jobs import job_state
from app.catalogue import content_hash
from app.catalogue.editing import File
from app.catalogue.things import find
from app.store.database import read, write
from tests.web.editing import CONCEPT, SPECIAL, Editor

AT = datetime(2026, 11, 22, 11, 6, tzinfo=UTC)
SAYS = "The question “Do the records include any of these?” can never be asked"
MEND = "it could be if “So?” is “No”, instead of: “So?” is “Yes”"


def find_in_proof(eve: Editor, line: int, edit: Mapping[str, Any] | None) -> None:
    """Keep a proof of the draft as it is, with one finding."""
    finding: dict[str, Any] = {
        "at": f"{CONCEPT}:{line}:9",
        "says": SAYS,
        "mend": MEND,
        "lines": [],
        "witness": None,
        "edit": edit,
    }
    result = {
        "findings": [finding],
        "claims": 1,
        "not_analysed": [],
        "examples": 0,
        "wrong": [],
    }
    with write(eve.app.extensions["fingerpost"].engine) as conn:
        keep_proof(conn, content_hash(eve.files()), result, AT)


def place_of(eve: Editor) -> tuple[File, tuple[str | int, ...]]:
    """The file as the draft has it, and where its question stands."""
    found = find(eve.files(), "question", "data.special")
    assert found
    return File.of(eve.files()[CONCEPT]), found.path


def found_one(eve: Editor, wording: str) -> None:
    """A draft with one change of its own and a finding of its hint that a new text mends."""
    eve.edit(SPECIAL).send(hint=wording)
    file, path = place_of(eve)
    edit = {"file": CONCEPT, "path": [*path, "hint"], "value": "A mended hint"}
    find_in_proof(eve, file.line_of(path), edit)


def test_a_mend_is_shown_line_by_line_then_saved_and_taken_back(eve: Editor) -> None:
    found_one(eve, "One to be mended")
    before = eve.text()
    eve.edit(SPECIAL)
    assert SAYS in eve.page.text
    eve.follow("Try it")
    assert "Before hint: One to be mended" in " ".join(eve.page.text.split())
    assert "After hint: A mended hint" in eve.page.text
    assert "the check finds no fault" in eve.page.text
    assert eve.text() == before, "looking changes nothing"

    eve.post(eve.page.path)
    assert "Mended in the draft" in eve.page.text
    assert eve.page.path.endswith(f"/edit/{SPECIAL}")
    assert eve.text() == before.replace("One to be mended", "A mended hint")

    eve.open(f"{eve.base}/history")
    eve.post(f"{eve.base}/restore", to=f"{eve.events()[1].seq}:{CONCEPT}")
    assert eve.text() == before


def test_a_mend_of_an_earlier_text_is_not_saved(eve: Editor) -> None:
    found_one(eve, "Another to be mended")
    eve.edit(SPECIAL).follow("Try it")
    there, page = eve.page.path, eve.page
    eve.edit(SPECIAL).send(why="Said meanwhile")
    eve.page = page
    eve.post(there, status=409)
    assert "A mended hint" not in eve.text()
    eve.open(there, 409)
    assert "Look at its findings as they are now" in eve.page.text


def test_where_nothing_mends_by_itself_a_link_leads_to_the_form(eve: Editor) -> None:
    eve.edit(SPECIAL).send(hint="Nobody can mend this")
    file, path = place_of(eve)
    find_in_proof(eve, file.line_of((*path, "options")), None)
    eve.open(f"{eve.base}/file/{CONCEPT}")
    assert not eve.page.find("Try it")
    eve.follow("Go to its form")
    assert eve.page.path.endswith(f"/edit/{SPECIAL}")
    eve.open(f"{eve.base}/publish")
    assert eve.page.find("Go to its form")
    eve.open(f"{eve.base}/mend/{content_hash(eve.files())}/finding/0", 404)


def test_a_name_that_is_not_known_is_mended_with_the_one_that_may_be_meant(eve: Editor) -> None:
    name = "rules/contradictions.yaml"
    sound = eve.text(name)
    eve.open(f"{eve.base}/text/{name}")
    typed = sound + "\nflags:\n" if "flags:" not in sound else sound
    typed = typed.rstrip("\n") + (
        "\n  - id: T1\n    title: A test\n    because: It matters.\n"
        '    when: {"===": [{var: data.presonal}, "yes"]}\n'
    )
    eve.post(f"{eve.base}/text/{name}", text=typed)
    eve.open(eve.base)
    eve.follow("Try it")
    assert 'After when: {"===": [{var: data.personal}, "yes"]}' in eve.page.text
    eve.post(eve.page.path)
    assert eve.text(name) == typed.replace("data.presonal", "data.personal")


def test_the_text_shows_what_a_proof_of_these_very_bytes_found(eve: Editor) -> None:
    found_one(eve, "Seen as text")
    eve.open(f"{eve.base}/text/{CONCEPT}")
    file, path = place_of(eve)
    assert f"Line {file.line_of(path)} : {SAYS} . Nearest mend: {MEND}".replace(" :", ":").replace(
        " .", "."
    ) in eve.page.text.replace(" :", ":").replace(" .", ".")
    assert "1 finding. Checked" in eve.page.text
    assert "Proven 11:06." in eve.page.text

    told = eve.client.post(
        f"{eve.base}/check/{CONCEPT}", data={**eve.token(), "text": eve.text() + "# more\n"}
    ).get_json()
    assert told["told"] == []
    assert told["proven"] == "Proofs are of what is saved: this text is not proven yet."


def test_a_text_that_is_saved_by_its_button_is_to_be_proven(eve: Editor) -> None:
    def waits() -> bool:
        with read(eve.app.extensions["fingerpost"].engine) as conn:
            return job_state(conn, PROVE, content_hash(eve.files())) is not None

    eve.open(f"{eve.base}/text/{CONCEPT}")
    typed = eve.text().replace("Does it include any of these?", "Does it include one of these?")
    eve.post(f"{eve.base}/text/{CONCEPT}", text=typed)
    assert "Not proven yet as it is now." in eve.page.text
    assert waits()


def test_whoever_only_reads_is_offered_no_mend(eve: Editor, own_product: Flask) -> None:
    found_one(eve, "Read by others")
    engine = own_product.extensions["fingerpost"].engine
    with read(engine) as conn:
        assert proof_of(conn, content_hash(eve.files()))
    officer = Editor(own_product, own_product.test_client())
    officer.be("dpo")
    officer.open(f"{eve.base}/edit/{SPECIAL}")
    assert SAYS in officer.page.text
    assert not officer.page.find("Try it")
    officer.open(f"{eve.base}/mend/{content_hash(eve.files())}/finding/0", 404)
