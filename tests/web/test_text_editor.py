"""A definition as text: kept as typed, faults at their lines, and nothing that is typed stops it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.actions.definitions.drafts import remove_draft_file
from app.actions.demonstration import persona_of
from app.store.database import read, write
from app.store.drafts import text_at
from tests.hostile import TEXTS
from tests.web.conftest import Opened, Person

FILE = "rules/contradictions.yaml"  # no other file names what it defines
TEXT = """flags:
  - id: T1
    title: A test
    because: It matters.
    when: {"===": [{var: data.personal}, "yes"]}
"""
JSON = {"Accept": "application/json"}


class Editor(Person):
    """A LOTI editor with a draft of their own."""

    draft = ""

    def begin(self) -> Editor:
        self.be("editor")
        self.open("/definitions")
        self.post("/definitions/drafts", name="As text")
        self.draft = self.page.path
        return self

    def at(self, what: str, path: str = FILE) -> str:
        return f"{self.draft}/{what}/{path}"

    def show(self, path: str = FILE, **asked: Any) -> Opened:
        """Open the page of one file."""
        query = "&".join(f"{key}={value}" for key, value in asked.items())
        return self.open(f"{self.at('text', path)}?{query}")

    @property
    def box(self) -> str:
        """What stands in the box."""
        found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", self.page.html, re.DOTALL)
        assert found
        return unescape(found[1])

    def send(self, what: str, text: str | bytes, path: str = FILE, **more: Any) -> TestResponse:
        """Send a text as the script does."""
        hidden = {name: values[0] for name, values in self.page.read.hidden.items()}
        data = {**hidden, "text": text, **more}
        if len(text) < 100_000:
            return self.client.post(self.at(what, path), data=data, headers=JSON)
        # As a browser sends a form with "multipart/form-data"; the client would open files for it.
        parts = (
            f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
            + (value if isinstance(value, bytes) else str(value).encode())
            for name, value in data.items()
        )
        body = b"\r\n".join([*parts, b"--edge--\r\n"])
        kind = "multipart/form-data; boundary=edge"
        return self.client.post(self.at(what, path), data=body, headers=JSON, content_type=kind)

    def check(self, text: str | bytes, path: str = FILE) -> dict[str, Any]:
        answer = self.send("check", text, path)
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        found: dict[str, Any] = json.loads(answer.text)
        return found


@pytest.fixture
def editor(own_product: Flask) -> Editor:
    editor = Editor(own_product, own_product.test_client()).begin()
    editor.show()
    return editor


# Checked


def test_a_check_answers_with_faults_at_their_lines_and_keeps_nothing(editor: Editor) -> None:
    before = editor.box
    told = editor.check(TEXT.replace("data.personal", "data.presonal"))
    assert told["told"] == [
        {
            "line": 5,
            "column": 21,
            "message": "Nothing here is called 'data.presonal'",
            "mend": "Did you mean data.personal?",
            "kind": "fault",
            "put": "data.personal",
        }
    ]
    assert told["elsewhere"] == []
    assert re.fullmatch(r"\d\d:\d\d", told["at"])
    editor.show()
    assert editor.box == before


def test_a_check_tells_what_it_breaks_in_other_files(editor: Editor) -> None:
    editor.show("rules/risk_matrix.yaml")
    told = editor.check("flags: []", "rules/risk_matrix.yaml")
    assert told["told"] == []
    assert any(each["place"].startswith("Rules: Risks, line ") for each in told["elsewhere"])


def test_an_answer_holds_no_markup_even_if_it_were_taken_for_a_page(editor: Editor) -> None:
    answer = editor.send("check", "flags: ['<script>&']")
    assert "<" not in answer.text
    assert "&" not in answer.text
    assert "<script>" in str(json.loads(answer.text))


def test_a_check_without_its_token_is_refused(editor: Editor) -> None:
    answer = editor.client.post(editor.at("check"), data={"text": TEXT}, headers=JSON)
    assert answer.status_code == 400


def test_a_text_larger_than_a_form_may_be_is_refused(editor: Editor) -> None:
    assert editor.send("check", "x" * 2_100_000).status_code == 413


def test_a_text_larger_than_a_file_may_be_is_told_and_not_saved(editor: Editor) -> None:
    told = editor.check("x" * 1_100_000)
    assert told["told"][0]["message"].startswith("The file has 1,100,000 bytes")
    assert editor.send("text", "x" * 1_100_000).status_code == 409


# Saved


def test_a_text_is_kept_with_its_faults_and_the_page_tells_them(editor: Editor) -> None:
    text = TEXT.replace("because", "becuase")
    editor.post(editor.at("text"), text=text)
    assert editor.box == text
    assert "Line 4 : 'becuase' is no key here. Did you mean because?" in editor.page.text
    assert 'id="line-4"' in editor.page.html


def test_saving_by_the_script_answers_with_the_new_version(editor: Editor) -> None:
    version = int(editor.page.read.hidden["version"][0])
    answer = json.loads(editor.send("text", TEXT).text)
    assert answer["version"] == version + 1
    assert re.fullmatch(r"\d\d:\d\d", answer["saved_at"])
    assert "text" not in answer
    again = json.loads(editor.send("text", TEXT, version=answer["version"]).text)
    assert again["version"] == answer["version"], "the same text is no change"


@pytest.mark.parametrize(
    "text",
    [
        "\n\nflags: []\n",
        "flags: []",
        "",
        "title: '</textarea><script>alert(1)</script>'\n",
        "title: &amp; &lt;b&gt; {{7*7}} {% raw %}\n",
        "# é ’ 👍 \u202e\n",
        "   \n\t\n",
    ],
)
def test_what_was_typed_stands_in_the_box_again(editor: Editor, text: str) -> None:
    editor.send("text", text)
    editor.show()
    assert editor.box == text


def test_line_ends_stay_those_of_the_file(editor: Editor) -> None:
    """Forms send CR LF whatever the file has."""
    site = editor.app.extensions["fingerpost"]
    editor.send("text", TEXT.replace("\n", "\r\n"))
    with read(site.engine) as conn:
        kept = text_at(conn, UUID(editor.draft.rsplit("/", 1)[1]), FILE, 99)
    assert kept == TEXT.encode()


def test_another_editors_change_of_other_lines_comes_with_the_answer(
    editor: Editor, own_product: Flask
) -> None:
    first = json.loads(editor.send("text", TEXT).text)
    other = Editor(own_product, own_product.test_client())
    other.be("editor")
    other.draft = editor.draft
    other.show()
    other.send("text", TEXT.replace("A test", "Their test"))

    mine = TEXT.replace("It matters.", "It matters much.")
    answer = json.loads(editor.send("text", mine, version=first["version"]).text)
    assert answer["text"] == mine.replace("A test", "Their test")


def test_the_same_line_changed_by_two_is_told_and_both_texts_are_shown(
    editor: Editor, own_product: Flask
) -> None:
    first = json.loads(editor.send("text", TEXT).text)
    other = Editor(own_product, own_product.test_client())
    other.be("editor")
    other.draft = editor.draft
    other.show()
    other.send("text", TEXT.replace("A test", "<b>Theirs</b>"))

    mine = TEXT.replace("A test", "Mine")
    refused = editor.send("text", mine, version=first["version"])
    assert refused.status_code == 409
    assert "somebody else changed the same lines" in json.loads(refused.text)["conflict"]
    editor.post(editor.at("text"), 409, text=mine, version=str(first["version"]))
    assert editor.box == mine
    assert "Theirs <b>Theirs</b>" not in editor.page.html
    assert "title: <b>Theirs</b>" in editor.page.text
    editor.post(editor.at("text"), text=mine)
    assert editor.box == mine, "saving again keeps mine"


def test_a_file_that_somebody_left_out_is_brought_back_by_saving_once_more(editor: Editor) -> None:
    site = editor.app.extensions["fingerpost"]
    with write(site.engine) as conn:
        actor = persona_of(conn, "editor")
        remove_draft_file(conn, actor, editor.draft.rsplit("/", 1)[1], FILE, datetime.now(UTC))
    editor.post(editor.at("text"), 409, text=TEXT)
    assert "They left this file out of the draft" in editor.page.text
    editor.post(editor.at("text"), text=TEXT)
    assert editor.box == TEXT


@pytest.mark.parametrize("version", ["", "x", "-1", "1e3", "9" * 40])
def test_a_version_that_is_none_is_refused(editor: Editor, version: str) -> None:
    assert editor.send("text", TEXT, version=version).status_code == 404


# Who, and what


@pytest.mark.parametrize(
    "path",
    ["rules/none.yaml", "outputs/house_style.docx", "app/cli.py", "../etc/passwd", "rules", "r\0"],
)
def test_a_file_that_is_none_of_the_drafts_is_not_found(editor: Editor, path: str) -> None:
    for what in ("text", "words/x"):
        assert editor.client.get(f"{editor.draft}/{what}/{path}").status_code in (404, 308)
    for what in ("text", "check"):
        assert editor.send(what, TEXT, path).status_code == 404


@pytest.mark.parametrize("role", ["lead", "ig_lead", "signatory", "party"])
def test_who_does_not_edit_finds_nothing_there(editor: Editor, role: str) -> None:
    token = editor.page.read.hidden["csrf_token"][0]
    editor.be(role)
    for what in ("text", "words/x"):
        assert editor.client.get(editor.at(what)).status_code == 404
    for what in ("text", "check"):
        data = {"csrf_token": token, "version": "1", "text": TEXT}
        assert editor.client.post(editor.at(what), data=data).status_code == 404


def test_an_officer_reads_and_does_not_write(editor: Editor) -> None:
    editor.be("dpo")
    page = editor.show()
    assert "readonly" in page.html
    assert "Save draft and check" not in page.text
    assert editor.send("text", TEXT).status_code == 403


# What may be written, and the policy of the page


def test_the_words_are_kept_by_browsers_under_an_address_that_changes_with_the_draft(
    editor: Editor,
) -> None:
    def address() -> str:
        found = re.search(r'data-words="([^"]+)"', editor.page.html)
        assert found
        return found[1]

    first = address()
    answer = editor.client.get(first)
    assert "immutable" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]
    assert "data.personal" in json.loads(answer.text)["names"]
    saved = json.loads(editor.send("text", TEXT).text)
    assert saved["words"] != first
    assert "no-store" in editor.client.get(first).headers["Cache-Control"]
    assert "T1" in json.loads(editor.client.get(saved["words"]).text)["lists"]["flags"]


def test_while_a_draft_has_faults_the_words_are_those_of_its_release(editor: Editor) -> None:
    saved = json.loads(editor.send("text", "flags: [").text)
    assert "data.personal" in json.loads(editor.client.get(saved["words"]).text)["names"]


def test_only_this_page_allows_a_style_of_its_own_and_only_that_one(editor: Editor) -> None:
    policies = [editor.client.get(editor.at("text")) for _ in range(2)]
    nonces = []
    for answer in policies:
        policy = answer.headers["Content-Security-Policy"]
        found = re.search(r"style-src 'self' 'nonce-([\w-]{22})';", policy)
        assert found
        assert f'data-nonce="{found[1]}"' in answer.text
        assert "script-src 'self';" in policy
        nonces.append(found[1])
    assert nonces[0] != nonces[1]
    assert "nonce" not in editor.client.get(editor.draft).headers["Content-Security-Policy"]


def test_only_this_page_loads_the_editor(editor: Editor) -> None:
    assert "/editor." in editor.show().html
    assert "/editor." not in editor.open(editor.draft).html


def test_a_line_asked_for_is_shown_without_a_script_as_well(editor: Editor) -> None:
    page = editor.show(line=3)
    assert 'id="line-3"' in page.html
    assert 'data-line="3"' in page.html
    assert 'data-line=""' in editor.show(line="3%22%3E%3Cb%3E").html


# Nothing that is typed stops it


@pytest.fixture(scope="module")
def one_draft(own_product: Flask) -> Editor:
    """A draft in which one text after another is tried."""
    return Editor(own_product, own_product.test_client()).begin()


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if len(text) < 1_000_000])
def test_a_hostile_text_is_kept_and_told_of(one_draft: Editor, name: str) -> None:
    text = TEXTS[name]
    one_draft.show("rules/clocks.yaml")
    assert one_draft.send("text", text).status_code == 200
    page = one_draft.show()
    assert "What the check says" in page.text
    # What was typed stands on the page too: a search for any digits would be slow in 100,000 of them.
    told = page.text.split("What the check says", 1)[1]
    assert re.search(r"Line \d{1,6} : \S|\b0 faults|\b\d{1,6} in other files", told)


@pytest.mark.parametrize("name", ["billion laughs", "5,000 brackets", "NUL", "a lone surrogate"])
def test_a_hostile_text_stops_no_other_page_of_the_draft(editor: Editor, name: str) -> None:
    told = editor.check(TEXTS[name])["told"]
    assert all(each["line"] >= 1 and each["message"] for each in told)
    editor.send("text", TEXTS[name])
    for path in (editor.draft, editor.at("file"), f"{editor.draft}/search?q=laughs"):
        editor.open(path)
