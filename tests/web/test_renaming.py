"""A question gets another id by form: every file follows, and so do the answers of projects."""

import pytest

from app.actions.definitions.drafts import checked
from app.actions.definitions.renaming import PIPELINE, Name, rename_question
from app.catalogue import read_files
from app.catalogue.editing import File
from app.core.moving.converting import Side, Way
from tests.web.editing import ROOT, SPECIAL, Editor

OLD, NEW = "data.special", "data.sensitive"


def side(files: dict[str, bytes], number: int) -> Side:
    found = checked(files).catalogue
    assert found
    return Side(str(number), number, found.program, found.pipeline.converters)


def test_a_renamed_question_is_named_so_everywhere_and_its_answers_follow(eve: Editor) -> None:
    before = eve.files()
    eve.edit(SPECIAL).follow("Rename its id")
    eve.send(new_id=NEW)
    assert eve.page.path.endswith(f"/edit/question/{NEW}")
    assert f"{OLD} is called {NEW} now" in eve.page.text

    after = eve.files()
    assert not checked(after).faults
    named = [
        path for path, text in after.items() if path.endswith(".yaml") and OLD in text.decode()
    ]
    assert named == [PIPELINE], "the converter alone still says what it was called"
    way = Way(side(before, 1), side(after, 2))
    assert way.question(OLD) == NEW
    assert Way(side(after, 2), side(before, 1)).question(NEW) == OLD, "and the way back"
    for path in after:
        one, other = before[path].split(b"\n"), after[path].split(b"\n")
        changed = [line for line in other if line not in one]
        assert all(NEW.encode() in line for line in changed), path


def test_a_rename_is_one_change_and_nothing_of_it_is_new(eve: Editor) -> None:
    eve.open(f"{eve.base}/rename/{OLD}")
    eve.send(new_id=NEW)
    assert "govuk-tag--yellow" not in eve.page.html
    assert "See all changes (2)" in eve.page.html, "the question, and its converter"
    assert "An option raises nothing" not in eve.page.text


def test_renamed_twice_in_one_draft_needs_one_converter_and_back_again_none(eve: Editor) -> None:
    sound = eve.files()
    for old, new in ((OLD, NEW), (NEW, "data.delicate"), ("data.delicate", OLD)):
        eve.open(f"{eve.base}/rename/{old}")
        eve.send(new_id=new)
        said = File.of(eve.files()[PIPELINE]).value.get("converters") or {}
        wanted = {} if new == OLD else {OLD: new}
        assert (said.get("questions") or {}) == wanted, (old, new)
    after = eve.files()
    assert {path for path in after if after[path] != sound[path]} <= {PIPELINE}


def test_a_question_that_no_release_has_needs_no_converter(eve: Editor) -> None:
    eve.open(f"{eve.base}/new/question/concept_review/{_pages(eve)[0]}")
    eve.send(ask="Is it new here?", type="yes_no")
    made = eve.page.path.rpartition("/")[2]
    eve.open(f"{eve.base}/rename/{made}")
    eve.send(new_id="data.made_here")
    assert eve.thing("question/data.made_here")["ask"] == "Is it new here?"
    assert "made_here" not in eve.text(PIPELINE)


def _pages(eve: Editor) -> list[str]:
    value = File.of(eve.files()["questionnaires/concept_review.yaml"]).value
    return [page["id"] for section in value["sections"] for page in section["pages"]]


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("", "Enter the new id"),
        (OLD, "This is its id already"),
        ("data.personal", "There is something else called data.personal"),
        ("data.special.more", ""),
        ("data", "An id is small letters"),
        ("Data.Special", "An id is small letters"),
        ("data.special/x", "An id is small letters"),
        ("data.x: {y: 1}", "An id is small letters"),
        ("<script>.x", "An id is small letters"),
        ("a." + "b" * 90, "An id is small letters"),
        ("data.personal.more", "begin alike"),
    ],
)
def test_an_id_that_cannot_be_is_told(eve: Editor, new: str, said: str) -> None:
    text = eve.text()
    eve.open(f"{eve.base}/rename/{OLD}")
    eve.send(new_id=new)
    if said:
        assert said in eve.page.text
        assert eve.text() == text
    else:
        assert eve.page.path.endswith(f"/edit/question/{new}")


def test_what_organisations_are_asked_is_not_renamed(eve: Editor) -> None:
    eve.edit("question/org.kind")
    assert not eve.page.find("Rename its id")
    eve.open(f"{eve.base}/rename/org.kind", 404)
    eve.open(f"{eve.base}/rename/no.such", 404)


def test_an_earlier_name_leads_on_by_the_later_one() -> None:
    files = read_files(ROOT)
    first = {**files, **rename_question(files, files, Name(OLD, NEW)).files}
    then = {**first, **rename_question(first, first, Name(NEW, "data.delicate")).files}
    assert not checked(then).faults
    way = Way(side(files, 1), side(then, 3))
    assert way.question(OLD) == "data.delicate"
