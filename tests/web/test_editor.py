"""Editing definitions by form: a LOTI editor's story, two editors of one file, and nothing lost."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.actions.definitions.drafts import checked
from app.catalogue import content_hash, read_files
from app.catalogue.things import USE, things
from app.store.database import read, write
from app.store.definitions import draft
from app.store.releases import Publication, keep_release
from app.web.site import now
from tests.databases import empty_postgres
from tests.web.attacker import MARKUP
from tests.web.conftest import Person
from tests.web.editing import CONCEPT, ROOT, SPECIAL, Editor, serve


def test_the_menu_shows_the_definitions_to_editors_and_officers_only(own_product: Flask) -> None:
    seen = {
        role: bool(
            Person(own_product, own_product.test_client()).be(role).open("/").find("Definitions")
        )
        for role in ("editor", "dpo", "lead", "signatory")
    }
    assert seen == {"editor": True, "dpo": True, "lead": False, "signatory": False}


@pytest.mark.parametrize("role", ["lead", "ig_lead", "signatory"])
def test_others_find_no_drafts(eve: Editor, role: str) -> None:
    other = Person(eve.app, eve.app.test_client()).be(role)
    for path in ("/definitions", eve.base, f"{eve.base}/edit/{SPECIAL}", f"{eve.base}/history"):
        other.open(path, 404)
    eve.edit(SPECIAL)
    assert other.client.post(eve.form.action, data=eve.form.sent(do="save")).status_code in (
        400,
        404,
    )


def test_an_officer_reads_a_draft_and_is_offered_no_button(eve: Editor) -> None:
    dpo = Person(eve.app, eve.app.test_client()).be("dpo")
    page = dpo.open(f"{eve.base}/edit/{SPECIAL}")

    assert "Save draft" not in page.html
    assert "Discard draft" not in page.html
    dpo.open(f"{eve.base}/new-option/{SPECIAL}", 404)


def every_thing() -> Iterator[str]:
    seen: dict[str, int] = {}
    for n, thing in enumerate(things(read_files(ROOT))):
        seen[thing.kind] = seen.get(thing.kind, 0) + 1
        # A level of a band is called "None"; the audit takes that for something not filled in.
        few = seen[thing.kind] <= 2 or n % 60 == 0
        if few and thing.kind != USE and thing.id != "assurance_levels":
            yield f"{thing.kind}/{thing.id}"


def test_a_form_that_is_sent_back_as_it_was_changes_nothing(eve: Editor) -> None:
    sent = list(every_thing())
    for what in sent:
        eve.edit(what).send()
        assert "Error:" not in eve.page.html, what

    assert len(sent) > 50
    assert [event.kind for event in eve.events()] == ["began"]


def test_a_wording_is_changed_in_its_own_line(eve: Editor) -> None:
    eve.edit(SPECIAL).send(ask="Do the records include any of these?")

    assert eve.lines() == (
        {"            ask: Does it include any of these?"},
        {"            ask: Do the records include any of these?"},
    )
    assert "Saved in the draft." in eve.page.text
    assert "See all changes (1)" in eve.page.html


def test_what_is_typed_stays_text_whatever_it_says(eve: Editor) -> None:
    eve.edit(SPECIAL).send(ask=MARKUP, why="no", hint="{{ 7 * 7 }} {% raw %}: # [x]")

    assert eve.form.sent()["ask"] == [" ".join(MARKUP.split())]
    assert eve.form.sent()["hint"] == ["{{ 7 * 7 }} {% raw %}: # [x]"]
    assert "<script>alert" not in eve.page.html
    assert 'why: "no"' in eve.text()


def test_a_field_that_must_be_there_is_asked_for_and_the_rest_is_saved(eve: Editor) -> None:
    eve.edit(SPECIAL).send(ask=" ", hint="Another hint")

    assert "Enter “Question”" in eve.page.text
    assert "We saved the rest" in eve.page.text
    assert eve.lines()[1] == {"            hint: Another hint"}


def test_a_key_comes_and_goes_with_its_field(eve: Editor) -> None:
    eve.edit("question/data.personal").send(hint="")
    assert not eve.lines()[1]
    eve.send(hint="Back again")
    assert eve.lines()[1] == {"            hint: Back again"}


def test_who_answers_and_whether_it_must_be_answered(eve: Editor) -> None:
    eve.edit(SPECIAL).send({"for": "ig_lead", "required": []})

    found = eve.thing(SPECIAL)
    assert (found["for"], found["required"]) == ("ig_lead", False)
    assert eve.form.sent()["for"] == ["ig_lead"]


def test_an_option_is_added_before_the_one_that_excludes_the_others(eve: Editor) -> None:
    eve.edit(SPECIAL).follow("Add an option")
    eve.send(label="Immigration status", hint="")

    assert "Immigration status New" in eve.page.text
    assert "Nothing yet" not in eve.page.text.split("Immigration status New")[0][-200:]
    options = re.search(r"id: data\.special.*?exclusive", eve.text(), re.DOTALL)
    assert options
    assert options[0].index("immigration_status: Immigration status") < options[0].index("none:")


def test_an_option_gets_another_text_and_keeps_its_code(eve: Editor) -> None:
    eve.edit(SPECIAL).follow("Edit Health, disability or care needs")
    assert "Results may be unfair to some groups" in eve.page.text.split("Who uses it")[1]
    eve.send(label="Health or disability")

    gone, come = eve.lines()
    assert [
        line.replace("Health or disability", "Health, disability or care needs") for line in come
    ] == [line.replace('"', "") for line in gone]
    assert "health:" in next(iter(come))


def test_removing_an_option_says_first_who_uses_it(eve: Editor) -> None:
    eve.edit(SPECIAL).follow("Edit Health, disability or care needs")
    eve.follow("Remove this option")
    assert "Results may be unfair to some groups" in eve.page.text
    assert "becomes a fault" in eve.page.text
    eve.send()

    assert "fault" in eve.page.text
    assert "health" in eve.page.text
    assert "health" not in eve.thing(SPECIAL)["options"]


def test_a_condition_grows_line_by_line_and_its_english_with_it(eve: Editor) -> None:
    eve.edit(SPECIAL)
    eve.send(do="show_if:add:line")
    assert "Asked when" in eve.page.text
    assert "…" in eve.page.text
    assert [event.kind for event in eve.events()] == ["began"]

    eve.send({"do": "show_if:show", "show_if-1-about": "data.identifiability"})
    assert "One row for each person" in eve.page.text
    eve.send(
        {
            "show_if-1-test": "is",
            "show_if-1-answer": ["direct", "pseudonymised"],
            "show_if-unsure": "hide",
        }
    )

    assert any(
        "{in: [{var: data.identifiability}, [direct, pseudonymised]]}" in line
        for line in eve.lines()[1]
    )
    assert "is With names, addresses" in eve.page.text
    assert "No faults" in eve.page.text or "No finding" in eve.page.text


def test_an_unfinished_condition_is_told_and_kept_while_the_rest_is_saved(eve: Editor) -> None:
    eve.edit(SPECIAL)
    eve.send(do="show_if:add:line")
    eve.send({"show_if-1-about": "data.identifiability"}, hint="Another hint")

    assert "Choose an answer for" in eve.page.text
    assert eve.form.sent()["show_if-1-about"] == ["data.identifiability"]
    assert eve.lines()[1] == {"            hint: Another hint"}


def test_a_later_question_is_not_offered_and_is_refused(eve: Editor) -> None:
    eve.edit("question/data.personal")
    eve.send(do="show_if:add:line")
    assert 'value="data.special"' not in eve.page.html
    eve.send({"show_if-0-about": "data.special"})

    assert "is asked later than this" in eve.page.text
    assert [event.kind for event in eve.events()] == ["began"]


def test_a_test_is_removed_again(eve: Editor) -> None:
    eve.edit("question/data.small_numbers")
    eve.send(do="show_if:remove:0")
    assert "Always." in eve.page.text
    eve.send()

    gone, come = eve.lines()
    assert not come
    assert len(gone) == 1


def test_a_new_question_stands_on_its_page_with_a_code_of_its_own(eve: Editor) -> None:
    eve.open(f"{eve.base}/file/{CONCEPT}")
    eve.follow("Add a question to What kind of information is involved")
    eve.send(
        ask="Is any of it about immigration?", type="choice", options="Yes, always\nSometimes\nNo"
    )

    assert "Edit a question" in eve.page.text
    assert "data.about_immigration" in eve.page.text
    assert "yes_always: Yes, always" in eve.text().replace('"', "")
    assert "No faults" in eve.page.text


def test_a_new_question_is_asked_under_the_condition_it_was_added_with(eve: Editor) -> None:
    eve.open(f"{eve.base}/new/question/concept_review/about-people")
    eve.send(ask="Who takes the pictures?", type="text", do="show_if:add:line")
    offered = eve.page.html
    assert 'value="data.identifiability"' in offered
    assert 'value="subjects.children"' not in offered, "it is asked on a later page"

    eve.send({"do": "show_if:show", "show_if-0-about": "data.identifiability"})
    eve.send(
        {"show_if-0-test": "is", "show_if-0-answer": "pseudonymised", "show_if-unsure": "hide"}
    )

    assert "Edit a question" in eve.page.text
    assert "Asked when In what form" in eve.page.text
    added = eve.text().rsplit("Who takes the pictures?", 1)[1].split("- id:")[0]
    assert "unsure_shows: false" in added
    assert "data.identifiability" in added
    assert "No faults" in eve.page.text


def test_a_new_question_asks_for_what_it_needs(eve: Editor) -> None:
    eve.open(f"{eve.base}/new/question/concept_review/about-people")
    eve.send(ask="", type="choice", options="One")

    assert "Enter “Question”" in eve.page.text
    assert "at least two options" in eve.page.text
    assert eve.form.sent()["options"] == ["One"]
    assert [event.kind for event in eve.events()] == ["began"]


def test_a_new_rule_needs_a_condition_and_gets_the_next_number(eve: Editor) -> None:
    eve.open(f"{eve.base}/new/flag/screening")
    eve.send(title="Immigration data", because="It may frighten people away.", source="Guidance")
    assert "Choose a question" in eve.page.text
    assert eve.form.sent()["title"] == ["Immigration data"]
    eve.send({"do": "when:show", "when-0-about": "data.personal"})
    eve.send({"when-0-test": "is", "when-0-answer": "yes"})

    assert "Edit a flag" in eve.page.text
    assert "checked: false" in eve.text("rules/screening.yaml").rsplit("Immigration data", 1)[1]
    assert "Raised when" in eve.page.text


def test_a_gateway_is_retired_by_the_last_day_on_which_it_is_in_force(eve: Editor) -> None:
    eve.edit("entry/law.gateway_list/G01").send(effective_to="next May")
    assert "“In force until” is a day, such as 2026-05-01" in eve.page.text
    assert eve.form.sent()["effective_to"] == ["next May"]

    eve.send(effective_to="2026-12-31")
    assert "No faults" in eve.page.text
    gone, come = eve.lines("rules/legal_gateways.yaml")
    assert not gone
    assert [line.strip() for line in come] == ['effective_to: "2026-12-31"']


def test_a_rule_shows_its_examples_in_words(eve: Editor) -> None:
    eve.edit("flag/R17")

    assert "It holds for" in eve.page.text
    assert "It does not hold for" in eve.page.text


def test_bands_and_points_of_scores_are_fields(eve: Editor) -> None:
    eve.edit("bands/ethics_bands").send({"levels-1-from": "x"})
    assert "is a number" in eve.page.text
    eve.send({"levels-2-from": "1.7"})

    gone, come = eve.lines("rules/ethics.yaml")
    assert len(gone) == len(come) == 1
    assert "from: 1.7" in next(iter(come))


def test_a_text_of_a_document_is_changed(eve: Editor) -> None:
    eve.open(f"{eve.base}/search?q=The processing")
    eve.follow("The processing")
    eve.send(heading="What is done with it")

    assert eve.lines("outputs/dpia.yaml")[1] == {"  - heading: What is done with it"}


def test_found_by_the_words_on_the_screen(eve: Editor) -> None:
    for words, found in (
        ("names swapped for a code", "Could any of the information be linked"),
        ("care leavers in one ward", "Could any count be so small"),
        ("Trade union membership", "Does it include any of these?"),
        ("Schedule 1 condition missing", "Schedule 1 condition missing"),
    ):
        eve.open(f"{eve.base}/search?q={words}")
        assert eve.page.find(found), words
    eve.open(f"{eve.base}/search?q=zzzz")
    assert "Nothing says" in eve.page.text


def test_a_question_moves_on_its_page_and_to_another_file(eve: Editor) -> None:
    eve.edit("question/data.small_numbers").follow("Move it")
    eve.send(where="concept_review/about-people:data.personal")
    text = eve.text()
    assert text.index("data.small_numbers") < text.index("id: data.identifiability")

    eve.follow("Move it")
    eve.send(where="idea/discover:")
    assert "id: data.small_numbers" not in eve.text()
    assert "id: data.small_numbers" in eve.text("questionnaires/idea.yaml")


def test_a_question_is_asked_in_a_second_place(eve: Editor) -> None:
    eve.open(f"{eve.base}/place/data.special")
    eve.send(where="dpia/nature:", how="also") if "dpia/nature:" in eve.page.html else eve.send(
        where=unescape(re.findall(r'value="(dpia/[^":]+:)"', eve.page.html)[0]), how="also"
    )

    before = (ROOT / "questionnaires/dpia.yaml").read_text()
    uses = "- use: data.special\n"
    assert eve.text("questionnaires/dpia.yaml").count(uses) == before.count(uses) + 1
    assert "No faults" in eve.page.text


def test_a_place_is_chosen_first(eve: Editor) -> None:
    eve.open(f"{eve.base}/place/data.special")
    eve.send(where="")

    assert "Choose a place" in eve.page.text


def test_removing_a_question_says_what_it_hides(eve: Editor) -> None:
    eve.edit("question/data.small_numbers").follow("Remove it")
    assert "keep the answer" in eve.page.text
    eve.send()

    assert "id: data.small_numbers" not in eve.text()


def test_an_earlier_version_is_brought_back(eve: Editor) -> None:
    eve.edit(SPECIAL).send(ask="First?")
    eve.edit(SPECIAL).send(ask="Second?")
    eve.open(f"{eve.base}/history")
    eve.post(f"{eve.base}/restore", to=f"2:{CONCEPT}")
    assert "ask: First?" in eve.text()
    eve.open(f"{eve.base}/history")
    eve.post(f"{eve.base}/restore", to=f"1:{CONCEPT}")

    assert eve.text() == (ROOT / CONCEPT).read_text()


def test_a_version_that_is_not_there_is_not_found(eve: Editor) -> None:
    for to in ("", "x", "1:", "-1:rules/a.yaml", "99999999999:rules/a.yaml"):
        eve.open(f"{eve.base}/history")
        eve.post(f"{eve.base}/restore", 404, to=to)


def test_a_draft_is_discarded_after_one_question_and_comes_back(eve: Editor) -> None:
    eve.edit(SPECIAL).send(ask="Kept?")
    eve.follow("Discard draft")
    eve.send()
    assert "Discarded" in eve.page.text
    assert "Save draft" not in eve.edit(SPECIAL).page.html
    eve.open(eve.base)
    eve.post(f"{eve.base}/bring-back")

    assert "ask: Kept?" in eve.text()
    assert "Nothing live is touched" in eve.page.html


def test_a_form_is_saved_as_one_types(eve: Editor) -> None:
    form = eve.edit(SPECIAL).form
    autosave = re.search(r'data-autosave="([^"]+)"', eve.page.html)
    assert autosave
    answer = eve.client.post(autosave[1], data=form.sent(ask="As I type?", hint=""))
    said = answer.get_json()

    assert said["versions"] == {"draft": 2}
    assert re.fullmatch(r"\d\d:\d\d", said["saved_at"])
    assert "ask: As I type?" in eve.text()
    again = eve.client.post(
        autosave[1], data=form.sent(ask="As I type more?", hint="", seen="draft=2")
    )
    assert again.get_json()["versions"] == {"draft": 3}
    assert "ask: As I type more?" in eve.text()


@pytest.fixture(params=["sqlite"])
def two(request: pytest.FixtureRequest, own_product: Flask) -> Iterator[tuple[Editor, Editor]]:
    app = own_product if request.param == "sqlite" else serve(empty_postgres())
    one = Editor(app, app.test_client()).begin("Of two")
    yield one, Editor(app, app.test_client()).join(one.base)
    if app is not own_product:
        app.extensions["fingerpost"].engine.dispose()


def test_two_editors_of_one_file_both_keep_what_they_changed(two: tuple[Editor, Editor]) -> None:
    eve, fay = two
    eve.edit(SPECIAL)
    fay.edit("question/data.personal")
    eve.send(ask="Eve's?")
    fay.send(ask="Fay's?")

    assert "together with what another editor changed" in fay.page.text
    assert {"            ask: Eve's?", "            ask: Fay's?"} <= fay.lines()[1]


@pytest.mark.parametrize(
    "two", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_two_editors_of_one_line_are_told_and_choose(two: tuple[Editor, Editor]) -> None:
    eve, fay = two
    eve.edit(SPECIAL)
    fay.edit(SPECIAL)
    eve.send(ask="Eve's?")
    fay.send(ask="Fay's?")

    assert "This was changed twice" in fay.page.text
    assert "Eve's?" in fay.page.text
    assert "Fay's?" in fay.page.text
    assert "ask: Eve's?" in fay.text()
    fay.send({"pick-ask": "mine"})
    assert "ask: Fay's?" in fay.text()
    fay.open(f"{fay.base}/history")
    assert len(fay.events()) == 3


def test_a_form_of_what_was_removed_meanwhile_is_told_so(two: tuple[Editor, Editor]) -> None:
    eve, fay = two
    fay.edit("question/data.small_numbers")
    form = fay.form
    eve.open(f"{eve.base}/remove/question/data.small_numbers")
    eve.send()
    response = fay.client.post(form.action, data=form.sent(do="save", ask="Mine?"))

    assert response.status_code == 200
    assert "taken out of the draft meanwhile" in response.text
    assert "Mine?" in response.text  # to copy
    assert "Mine?" not in eve.text()


def test_a_draft_is_begun_from_what_is_to_be_changed(own_product: Flask) -> None:
    person = Editor(own_product, own_product.test_client())
    person.be("editor")
    person.open(f"/definitions/edit/{SPECIAL}")
    assert "In which draft?" in person.page.text
    person.post("/definitions/drafts", name="From here", next="question:data.special")

    assert "Edit a question" in person.page.text
    with read(own_product.extensions["fingerpost"].engine) as conn:
        assert "From here" in conn.scalars(select(draft.c.name)).all()


def test_a_draft_needs_a_name(own_product: Flask) -> None:
    person = Person(own_product, own_product.test_client()).be("editor")
    person.open("/definitions")
    person.post("/definitions/drafts", name=" ")

    assert "Enter what this draft is about" in person.page.text


def test_a_draft_that_got_no_name_at_first_leads_where_its_editor_was_going(
    own_product: Flask,
) -> None:
    person = Editor(own_product, own_product.test_client())
    person.be("editor").open(f"/definitions/edit/{SPECIAL}")
    person.post("/definitions/drafts", name=" ", next="question:data.special")
    assert "Enter what this draft is about" in person.page.text
    assert "question:data.special" in person.page.read.hidden["next"]

    person.post("/definitions/drafts", name="At last", next="question:data.special")
    assert "Edit a question" in person.page.text


def test_what_is_not_there_is_not_found(eve: Editor) -> None:
    for path in (
        *("edit/question/none.such", "edit/nothing/x", "file/rules/none.yaml"),
        *("file/../../etc/passwd", "option/zzz/of/question/data.special", "new/score/ethics"),
        *("new/flag/none", "remove/questionnaire/dpia", "place/none.such", "new/block/dpia/x"),
    ):
        eve.open(f"{eve.base}/{path}", 404)


def test_a_draft_that_is_not_there_is_not_found(own_product: Flask) -> None:
    person = Person(own_product, own_product.test_client()).be("editor")
    for id_ in (str(UUID(int=0)), "x", "1' or 1=1"):
        person.open(f"/definitions/drafts/{id_}", 404)


def test_a_file_that_cannot_be_read_is_sent_to_the_text_editor(eve: Editor) -> None:
    eve.edit(SPECIAL).send(ask="Sound?")
    eve.open(f"{eve.base}/text/{CONCEPT}")
    version = re.search(r'name="version" value="(\d+)"', eve.page.html)
    assert version
    eve.post(f"{eve.base}/text/{CONCEPT}", text="title: [", version=version[1])
    eve.open(f"{eve.base}/file/{CONCEPT}")

    assert "This file cannot be read" in eve.page.text
    assert "fault" in eve.page.text


def test_a_draft_comes_to_a_release_that_was_published_meanwhile(tmp_path: Path) -> None:
    app = serve(f"sqlite:///{tmp_path / 'own.sqlite3'}")
    eve = Editor(app, app.test_client()).begin()
    eve.edit(SPECIAL).send(ask="Mine?")
    newer = {**eve.files(), CONCEPT: (ROOT / CONCEPT).read_bytes() + b"# a newer line\n"}
    engine = app.extensions["fingerpost"].engine
    with write(engine) as conn:
        keep_release(conn, Publication(newer, content_hash(newer), "LOTI", "", now()))
    eve.open(eve.base)
    assert "Release 2 is out" in eve.page.text
    eve.post(f"{eve.base}/to-newest")

    assert "Draft of release 2" in eve.page.text
    assert "ask: Mine?" in eve.text()
    assert eve.text().endswith("# a newer line\n")
    engine.dispose()


def test_what_a_preview_shows_leads_to_its_form(eve: Editor) -> None:
    eve.open(f"{eve.base}/preview")
    start = "sample:homelessness_data_linking"
    eve.post(f"{eve.base}/preview", role="lead", start=start, stage="dpia")
    walked = eve.page.path
    eve.open(f"{walked}/documents/dpia")
    eve.follow("Edit this document")
    assert "Edit a document" in eve.page.text
    assert eve.page.path.startswith(eve.base)

    eve.open(f"{walked}/report")
    eve.follow("Edit this rule")
    assert "Edit a flag" in eve.page.text

    shown = {
        "report": "Edit a document",
        "documents/dpia": "Edit a document",
        "concept_review/about-people": "Edit a page",
    }
    for path, form in shown.items():
        eve.open(f"{walked}/{path}")
        eve.follow("Edit this page")
        assert form in eve.page.text, path


def test_the_release_is_searched_and_leads_to_a_draft(own_product: Flask) -> None:
    person = Editor(own_product, own_product.test_client()).begin("Found by words")
    person.open("/definitions/search?q=names swapped for a code")
    link = person.page.find("Could any of the information be linked")

    assert link
    assert link.url == "/definitions/edit/question/data.personal"


def test_a_new_option_that_nothing_reads_is_a_finding_from_which_a_rule_begins(
    eve: Editor,
) -> None:
    eve.edit(SPECIAL).follow("Add an option")
    eve.send(label="Immigration status")
    assert "An option raises nothing" in eve.page.text
    eve.follow("Write a rule for it")
    assert eve.form.sent()["when-0-about"] == ["data.special"]
    assert "immigration_status" in eve.form.sent()["when-0-answer"]
    eve.send(title="Immigration data", because="It may frighten people away.", source="Guidance")

    assert "Edit a flag" in eve.page.text
    assert "An option raises nothing" not in eve.page.text
    eve.edit(SPECIAL)
    assert "1 rule" in eve.page.text.split("Immigration status New")[1][:30]


def test_a_text_is_added_to_a_document_below_another(eve: Editor) -> None:
    eve.edit("block/dpia/blocks.5").follow("Add a text below it")
    eve.send(kind="text", text="Said of {project.title}: no more.")

    found = eve.thing("block/dpia/blocks.6")
    assert found == {"text": "Said of {project.title}: no more."}
    assert "No faults" in eve.page.text


def test_the_form_of_a_page_leads_to_its_questions_and_to_a_new_one(eve: Editor) -> None:
    eve.edit("page/concept_review/kind-of-information")
    for words in ("Does it include any of these?", "Add a question to What kind of information"):
        assert eve.page.find(words), words


def test_a_gate_is_kept_only_with_what_i_dont_know_does(eve: Editor) -> None:
    eve.open(f"{eve.base}/new/question/concept_review/about-people")
    eve.send(ask="Who takes the pictures?", type="text", do="show_if:add:line")
    eve.send({"do": "show_if:show", "show_if-0-about": "data.identifiability"})
    assert eve.form.sent()["show_if-0-test"] == ["is"], "the first test is chosen already"
    eve.send({"show_if-0-answer": "pseudonymised"})

    assert "Choose what “I don't know” does" in eve.page.text
    assert [event.kind for event in eve.events()] == ["began"]


def test_a_draft_with_faults_still_offers_its_new_options(eve: Editor) -> None:
    eve.edit(SPECIAL).follow("Add an option")
    eve.send(label="Immigration status")
    eve.open(f"{eve.base}/text/{CONCEPT}")
    version = re.search(r'name="version" value="(\d+)"', eve.page.html)
    assert version
    broken = eve.text() + "nonsense: here\n"
    eve.post(f"{eve.base}/text/{CONCEPT}", text=broken, version=version[1])
    assert not checked(eve.files()).catalogue
    eve.edit("question/data.criminal")
    eve.send(do="show_if:add:line")
    eve.send({"show_if-1-about": "data.special", "do": "show_if:show"})

    assert ">Immigration status</option>" in eve.page.html


def test_a_page_is_added_to_a_section_and_a_question_to_it(eve: Editor) -> None:
    eve.open(f"{eve.base}/file/{CONCEPT}")
    eve.follow("The people (section)")
    eve.follow("Add a page to it")
    eve.send(title="What they were told", intro="")
    assert "Edit a page" in eve.page.text
    eve.open(f"{eve.base}/file/{CONCEPT}")
    eve.follow("Add a question to What they were told")
    eve.send(ask="Were they told?", type="yes_no", options="")

    assert eve.thing("page/concept_review/what-they-were-told")["questions"][0]["type"] == "yes_no"
    assert "No faults" in eve.page.text


def test_a_rule_says_whether_its_law_is_confirmed(eve: Editor) -> None:
    assert "Confirmed by a data protection officer on" in eve.edit("flag/R17").page.text


def test_a_button_that_no_page_has_breaks_nothing(eve: Editor) -> None:
    for do in (
        *("show_if:add:line:9:9:9", "show_if:remove:7", "show_if:remove", "show_if:choose:0:0:0"),
        *("show_if:add:nothing", "show_if:", ":", "x:y:z", "show_if:add:group:0", "when:add:line"),
        *("show_if:remove:-1", "show_if:choose", "show_if:add:rows:0", "show_if:remove:99999999"),
    ):
        eve.edit(SPECIAL).send(do=do)
        assert "Edit a question" in eve.page.text

    assert [event.kind for event in eve.events()] == ["began"]


def test_markup_is_shown_as_it_was_typed_wherever_it_comes_from(own_product: Flask) -> None:
    eve = Editor(own_product, own_product.test_client()).begin(MARKUP[:90])
    eve.edit(SPECIAL).follow("Add an option")
    eve.send(label=MARKUP)
    eve.edit("flag/R17").send(title=MARKUP, because=MARKUP)
    eve.edit("block/dpia/blocks.4").send(heading=MARKUP)
    for path in (
        *("", "/history", "/discard", "/search?q=<script>alert(1)</script>", f"/edit/{SPECIAL}"),
        *("/file/rules/legal.yaml", "/file/outputs/dpia.yaml", "/edit/flag/R17", "/changes"),
        *("/place/data.special", f"/remove/{SPECIAL}", "/publish", "/preview"),
    ):
        page = eve.open(f"{eve.base}{path}")
        assert "<script>alert" not in page.html, path
        assert "<img src=x" not in page.html, path
        assert "49 R&amp;D" not in page.html, path
    assert eve.open("/definitions").html.count("&lt;script&gt;alert(1)") >= 1


def test_a_file_is_left_out_after_it_is_asked_once_and_brought_back_from_the_history(
    eve: Editor,
) -> None:
    path = "outputs/privacy_notice.yaml"
    before = eve.files()[path]
    eve.open(f"{eve.base}/file/{path}")
    eve.follow("Leave this file out")
    assert path in eve.files(), "looking changes nothing"
    eve.post(f"{eve.base}/leave-out/{path}")
    assert path not in eve.files()
    assert "left out" in eve.page.text
    eve.post(f"{eve.base}/restore", to=f"1:{path}")
    assert eve.files()[path] == before


def test_a_file_that_is_not_in_the_draft_cannot_be_left_out(eve: Editor) -> None:
    eve.open(f"{eve.base}/leave-out/outputs/none.yaml", 404)
    eve.post(f"{eve.base}/leave-out/outputs/none.yaml", 404)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("text/rules/ethics.yaml", "Rules: Ethics self-assessment"),
        ("text/rules/schedule1.yaml", "Rules: Schedule 1"),
        ("text/outputs/dpia.yaml", "Document: Data protection impact assessment"),
        ("file/rules/ethics.yaml", "Ethics self-assessment"),
        ("file/questionnaires/idea.yaml", "Idea"),
    ],
)
def test_a_file_is_called_by_its_title_and_its_name_stands_beside(
    eve: Editor, page: str, said: str
) -> None:
    eve.open(f"{eve.base}/{page}")
    assert f">{said}</h1>" in eve.page.html
    assert page.partition("/")[2] in eve.page.text


def test_what_was_done_names_files_by_their_titles(eve: Editor) -> None:
    eve.edit(SPECIAL).send(ask="Mine?")
    eve.open(f"{eve.base}/history")
    assert "saved Concept review" in eve.page.text
    assert f"saved {CONCEPT}" not in eve.page.text
    eve.send(to=f"1:{CONCEPT}")
    assert "“Concept review” is as it was." in eve.page.text
    eve.open(f"{eve.base}/leave-out/rules/ethics.yaml")
    eve.send()
    assert "“Rules: Ethics self-assessment” is left out." in eve.page.text


def test_the_files_of_a_release_are_called_by_their_titles(eve: Editor) -> None:
    eve.open("/definitions/releases/1")
    assert "Rules: Ethics self-assessment" in eve.page.text
    eve.open("/definitions/releases/1/files/rules/ethics.yaml")
    assert ">Rules: Ethics self-assessment</h1>" in eve.page.html


def test_what_still_reads_a_removed_question_says_so_and_how_to_bring_it_back(eve: Editor) -> None:
    asked = eve.thing(SPECIAL)["ask"]
    eve.open(f"{eve.base}/remove/{SPECIAL}")
    eve.send()
    assert f"This reads “{asked}”, which is not in this draft any more" in eve.page.text
    assert "bring it back under “What was done”" in eve.page.text
    assert "Did you mean data.is_special" not in eve.page.text


def test_a_file_that_cannot_be_read_says_what_it_is_and_leads_to_its_text(eve: Editor) -> None:
    path = "questionnaires/idea.yaml"
    text = eve.text(path).replace("title: Idea", "title: Idea: the first", 1)
    eve.open(f"{eve.base}/text/{path}")
    eve.post(f"{eve.base}/text/{path}", text=text)
    assert "A second colon and a space stand in this text. Write the whole text" in eve.page.text
    eve.open(f"{eve.base}/file/{path}")
    assert f"Questionnaire, {path}" in eve.page.text
    eve.follow("Mend it as text")
    assert eve.page.path.endswith(f"/text/{path}")


def test_what_stands_in_braces_is_told_beside_the_text_of_a_document(eve: Editor) -> None:
    eve.edit("block/dpia/blocks.5")
    assert "In braces stand answers" in eve.page.text
    assert "{project.summary} Summary" in eve.page.text
    eve.edit(SPECIAL)
    assert "In braces stand answers" not in eve.page.text


def test_only_a_rule_is_said_to_warn_until_the_law_is_confirmed(eve: Editor) -> None:
    eve.edit("score/proc.scale")
    assert "Not yet confirmed by a data protection officer." in eve.page.text
    assert "never stops" not in eve.page.text
    assert "Points for each answer" in eve.page.text
