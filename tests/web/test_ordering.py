"""The order of options and columns by form, and columns that come and go."""

from flask import Flask

from tests.web.editing import SPECIAL, Editor

PARTIES = "question/parties.list"


def codes(eve: Editor, what: str = SPECIAL) -> list[str]:
    return list(eve.thing(what)["options"])


def columns(eve: Editor) -> list[str]:
    return [each["id"] for each in eve.thing(PARTIES)["columns"]]


def test_an_option_goes_up_and_down_and_its_line_stays_as_it_is_written(eve: Editor) -> None:
    there, text = codes(eve), eve.text()
    eve.edit(SPECIAL).send(do=f"down:options:{there[0]}")
    assert codes(eve) == [there[1], there[0], *there[2:]]
    assert sorted(eve.text().splitlines()) == sorted(text.splitlines())
    eve.edit(SPECIAL).send(do=f"up:options:{there[0]}")
    assert eve.text() == text


def test_what_was_typed_is_saved_with_the_move(eve: Editor) -> None:
    first, second, *_ = codes(eve)
    eve.edit(SPECIAL).send(hint="Typed before it moved", do=f"up:options:{second}")
    assert eve.thing(SPECIAL)["hint"] == "Typed before it moved"
    assert codes(eve)[:2] == [second, first]


def test_the_ends_of_the_list_have_one_button_and_another_move_changes_nothing(eve: Editor) -> None:
    first, *_, last = codes(eve)
    buttons = eve.edit(SPECIAL).form.buttons
    assert f"down:options:{first}" in buttons
    assert f"up:options:{last}" in buttons
    assert not {f"up:options:{first}", f"down:options:{last}"} & set(buttons)
    text = eve.text()
    eve.send(do=f"up:options:{first}")
    assert eve.text() == text


def test_a_move_of_what_is_not_there_is_told(eve: Editor) -> None:
    for act in ("up:options:nosuch", "down:columns:x", "up:sections:0", "up:", "down:id:d"):
        eve.edit(SPECIAL)
        sent = eve.form
        answer = eve.client.post(sent.action, data=sent.sent(do=act))
        assert answer.status_code == 409, act


def test_a_column_is_added_moved_edited_and_removed(eve: Editor) -> None:
    before = columns(eve)
    eve.edit(PARTIES).follow("Add a column")
    eve.send(ask="Which team?", type="choice", options="One\nTwo")
    assert eve.page.path.endswith("/edit/column/parties.list/which_team")
    assert columns(eve) == [*before, "which_team"]
    eve.edit(PARTIES).send(do="up:columns:which_team")
    assert columns(eve) == [*before[:-1], "which_team", before[-1]]
    eve.edit("column/parties.list/which_team").send(hint="Of each party")
    assert eve.thing("column/parties.list/which_team")["hint"] == "Of each party"
    eve.open(f"{eve.base}/remove/column/parties.list/which_team")
    eve.post(eve.page.path)
    assert columns(eve) == before


def test_a_column_is_asked_for_its_options_and_gets_a_code_of_its_own(eve: Editor) -> None:
    there = columns(eve)
    eve.edit(PARTIES).follow("Add a column")
    eve.send(ask="Role", type="choice", options="One")
    assert "Enter at least two options" in eve.page.text
    eve.send(ask="Role", type="text", options="")
    assert columns(eve) == [*there, "role_2"]


def test_only_a_question_in_rows_gets_columns(eve: Editor) -> None:
    eve.edit(SPECIAL)
    assert not eve.page.find("Add a column")
    eve.open(f"{eve.base}/new/column/data.special", 404)


def test_whoever_only_reads_has_no_buttons(eve: Editor, own_product: Flask) -> None:
    officer = Editor(own_product, own_product.test_client()).be("dpo")
    officer.open(f"{eve.base}/edit/{SPECIAL}")
    assert 'value="up:' not in officer.page.html
    assert not officer.page.find("Add a column")
