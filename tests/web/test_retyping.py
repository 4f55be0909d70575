"""A question of another type: its form says what becomes of answers, and writes the converter it needs."""

import pytest

from app.actions.definitions.drafts import checked
from app.actions.definitions.renaming import PIPELINE
from app.catalogue.editing import File
from app.core.moving.converting import Side, Way, asked_at
from app.core.sheet import Place
from app.web.editor.retyping import AGAIN, EFFECTS, ONE, STAYS, WORDS
from tests.web.editing import Editor

SPECIAL = "question/data.special"


def made(eve: Editor, type_: str, **more: str) -> str:
    """A new question of a type, and where it is."""
    eve.open(f"{eve.base}/new/question/concept_review/about-people")
    eve.send({"ask": "Is it of this type?", "type": type_, **more})
    return eve.page.path.split("/edit/")[1]


def become(eve: Editor, what: str, type_: str, **more: str) -> None:
    eve.edit(what).follow("Change its type")
    eve.send({"type": type_, **more})


@pytest.mark.parametrize(
    ("type_", "new", "said"),
    [
        (old, new, said)
        for old, effects in EFFECTS.items()
        for new, said in effects.items()
        if new != "yes_no"
    ],
)
def test_what_a_change_does_to_answers_is_what_moving_does(
    eve: Editor, type_: str, new: str, said: str
) -> None:
    options = "One\nTwo" if type_ in ("choice", "multi") else ""
    what = made(eve, type_, options=options)
    old_files = eve.files()
    become(eve, what, new)
    assert "now." in eve.page.text
    assert eve.thing(what)["type"] == new
    files = eve.files()
    assert not checked(files).faults
    old, then = side(old_files, 1), side(files, 2)
    place = Place(what.partition("/")[2], None, None)
    before, after = (asked_at(each.program, place.question, None) for each in (old, then))
    assert before is not None
    assert after is not None
    given = {
        "choice": "one",
        "multi": ["one", "two"],
        "yes_no": "no",
        "number": 3,
        "date": "2026-11-22",
    }.get(type_, "Some words")
    became = Way(old, then).value((place, place), before, after, given)
    wanted = {STAYS: became is not None, WORDS: isinstance(became, str), AGAIN: became is None}
    assert wanted.get(said, became is None), became
    if said == ONE:
        assert Way(old, then).value((place, place), before, after, ["two"]) == "two"


def side(files: dict[str, bytes], number: int) -> Side:
    found = checked(files).catalogue
    assert found
    return Side(str(number), number, found.program, found.pipeline.converters)


def test_of_two_options_one_means_yes_and_a_converter_says_so(eve: Editor) -> None:
    two = "question/le.limits"
    one, other = [code for code in eve.thing(two)["options"] if code != "unsure"]
    eve.edit(two).follow("Change its type")
    eve.send(type="yes_no")
    assert "Choose which option means yes" in eve.page.text
    eve.send(type="yes_no", yes=one)
    said = File.of(eve.files()[PIPELINE]).value["converters"]["options"]
    assert said == {two.partition("/")[2]: {one: "yes", other: "no"}}


def test_only_what_the_form_offers_is_done(eve: Editor) -> None:
    text = eve.text()
    for wanted in ("rows", "number", "", "<b>"):
        eve.edit(SPECIAL).follow("Change its type")
        eve.send(type=wanted)
        assert "Choose what it becomes" in eve.page.text
    eve.open(f"{eve.base}/type/question/parties.list", 404)
    eve.open(f"{eve.base}/type/flag/R17", 404)
    assert eve.text() == text


def test_what_reads_it_is_told_when_it_breaks(eve: Editor) -> None:
    become(eve, SPECIAL, "text")
    assert "The check finds" in eve.page.text
    assert "fault" in eve.page.text
    value = eve.thing(SPECIAL)
    assert not {"options", "exclusive", "unsure"} & set(value)
