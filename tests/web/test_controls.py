"""What the controls look like, with the GOV.UK macros as the oracle of their structure."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader

from app.web.controls import (
    CONTROLS,
    Conflict,
    OfferEntry,
    Option,
    QuestionView,
    Row,
    Suggestion,
    draw_control,
    draw_question,
    locate_error,
)

VOID = {"input", "br", "img", "hr", "meta", "link"}
OPTIONS = (
    Option("health", "Health or disability"),
    Option("ethnic", "Race or ethnic origin", "Also where it is only guessed"),
    Option("none", "None of these"),
)
AT = "data.special"
TEXT = QuestionView(AT, "text", "What is it?")
KINDS = {
    "text": TEXT._replace(value="a"),
    "long_text": TEXT._replace(kind="long_text", value="a\nb"),
    "radios": TEXT._replace(kind="radios", options=OPTIONS, value="ethnic"),
    "band": TEXT._replace(kind="band", options=OPTIONS, value="ethnic"),
    "checkboxes": TEXT._replace(
        kind="checkboxes", options=OPTIONS, exclusive="none", value=("health",)
    ),
    "number": TEXT._replace(kind="number", unit="months", value="24"),
    "date": TEXT._replace(kind="date", value="2027-03-01"),
    "select": TEXT._replace(kind="select", options=OPTIONS, value="none"),
    "rows_table": TEXT._replace(kind="rows_table", none_label="There are none"),
    "file": TEXT._replace(kind="file"),
}
STATES = {
    "plain": ("", ""),
    "hint": ("One line", ""),
    "error": ("", "Write it again"),
    "hint and error": ("One line", "Write it again"),
}


def in_state(kind: str, state: str) -> QuestionView:
    hint, error = STATES[state]
    return KINDS[kind]._replace(hint=hint, error=error)


@dataclass
class Element:
    """One element with what matters of it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def walk(self) -> list[Element]:
        return [self, *(below for child in self.children for below in child.walk())]

    def classes(self) -> frozenset[str]:
        return frozenset(self.attributes.get("class", "").split())

    def shape(self) -> object:
        """Tag, GOV.UK classes and kind of field, and the same of all below."""
        classes = sorted(name for name in self.classes() if name.startswith("govuk-"))
        kind = self.attributes.get("type", "text") if self.tag == "input" else ""
        return (self.tag, classes, kind, [child.shape() for child in self.children])


class Reader(HTMLParser):
    """Reads HTML into elements and refuses tags that do not match."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("root")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].text += data


def read(html: str) -> Element:
    reader = Reader()
    reader.feed(html)
    assert len(reader.open) == 1, "every element is closed"
    return reader.open[0]


def oracle(view: QuestionView) -> Element:
    """Return what the macros of GOV.UK Frontend make of the same question."""
    environment = Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        autoescape=True,
        undefined=ChainableUndefined,
    )
    words: dict[str, object] = {"idPrefix": AT, "id": AT, "name": AT}
    if view.hint:
        words["hint"] = {"text": view.hint}
    if view.error:
        words["errorMessage"] = {"text": view.error}
    fieldset = {"legend": {"text": view.ask, "classes": "govuk-fieldset__legend--m"}}
    label = {"text": view.ask, "classes": "govuk-label--m"}
    items: list[dict[str, object]] = [
        {"value": code, "text": text, **({"hint": {"text": hint}} if hint else {})}
        for code, text, hint in view.options
    ]
    made: dict[str, tuple[str, str, dict[str, object]]] = {
        "text": ("input", "govukInput", {"label": label}),
        "long_text": ("textarea", "govukTextarea", {"label": label}),
        "number": (
            "input",
            "govukInput",
            {"label": label, "classes": "govuk-input--width-10", "suffix": {"text": view.unit}},
        ),
        "radios": ("radios", "govukRadios", {"fieldset": fieldset, "items": items}),
        "band": ("radios", "govukRadios", {"fieldset": fieldset, "items": items}),
        "checkboxes": (
            "checkboxes",
            "govukCheckboxes",
            {"fieldset": fieldset, "items": [*items[:-1], {"divider": "or"}, *items[-1:]]},
        ),
        "date": ("date-input", "govukDateInput", {"fieldset": fieldset}),
        "file": ("file-upload", "govukFileUpload", {"label": label}),
        "select": (
            "select",
            "govukSelect",
            {"label": label, "items": [{"value": "", "text": "Choose one"}, *items]},
        ),
    }
    folder, macro, more = made[view.kind]
    if view.kind == "date" and view.error:
        more["items"] = [
            {"name": part, "classes": f"govuk-input--width-{width} govuk-input--error"}
            for part, width in (("day", 2), ("month", 2), ("year", 4))
        ]
    template = environment.from_string(
        f'{{% from "govuk_frontend_jinja/components/{folder}/macro.html" import {macro} %}}'
        f"{{{{ {macro}(words) }}}}"
    )
    return read(template.render(words={**words, **more}))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "rows_table"])
def test_a_control_has_the_structure_of_the_govuk_macro(kind: str, state: str) -> None:
    view = in_state(kind, state)

    assert read(draw_control(view)).shape() == oracle(view).shape()


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_name_that_describes_a_control_is_there_and_unique(kind: str, state: str) -> None:
    page = read(draw_question(in_state(kind, state)._replace(suggestion=Suggestion("A", "b"))))
    ids = [one.attributes["id"] for one in page.walk() if "id" in one.attributes]
    named = [
        name
        for one in page.walk()
        for key in ("aria-describedby", "aria-labelledby", "for")
        if key in one.attributes
        for name in one.attributes[key].split() or ["(empty)"]
    ]

    assert len(ids) == len(set(ids))
    assert set(named) <= set(ids)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_a_label_and_the_name_of_its_address(kind: str) -> None:
    page = read(draw_control(KINDS[kind]))
    fields = [one for one in page.walk() if one.tag in {"input", "textarea", "select"}]
    labels = {one.attributes["for"] for one in page.walk() if one.tag == "label"}

    assert fields
    assert {one.attributes["id"] for one in fields} == labels
    assert {one.attributes["name"].removeprefix(AT) for one in fields} <= {
        "", "-day", "-month", "-year", "-none",
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_can_be_reached_from_the_summary(kind: str) -> None:
    view = KINDS[kind]._replace(error="Write it again")
    ids = {one.attributes.get("id") for one in read(draw_control(view)).walk()}

    assert locate_error(view) in ids


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        (KINDS["text"], {"a"}),
        (KINDS["radios"], {"ethnic"}),
        (KINDS["checkboxes"], {"health"}),
        (KINDS["date"], {"1", "3", "2027"}),
        (KINDS["select"], {"none"}),
        (KINDS["checkboxes"]._replace(value=("health", "none")), {"health", "none"}),
        (KINDS["rows_table"]._replace(none=True), {"yes"}),
        (KINDS["text"]._replace(raw="typed"), {"typed"}),
        (KINDS["number"]._replace(value="24", raw="2 yrs"), {"2 yrs"}),
        (KINDS["date"]._replace(raw=("31", "2", "2027")), {"31", "2", "2027"}),
        (KINDS["date"]._replace(value=None), {""}),
    ],
)
def test_what_was_answered_or_typed_is_shown(view: QuestionView, shown: set[str]) -> None:
    fields = [one for one in read(draw_control(view)).walk() if one.tag in {"input", "option"}]
    chosen = {
        one.attributes["value"]
        for one in fields
        if (one.attributes.get("type") not in {"radio", "checkbox"} and one.tag == "input")
        or {"checked", "selected"} & one.attributes.keys()
    }

    assert chosen == shown


@pytest.mark.parametrize("text", ['"><script>x</script>', "R&D", "it's", "<b>", "\u202eright"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_text_becomes_markup(kind: str, text: str) -> None:
    view = QuestionView(
        AT,
        kind,
        ask=text,
        hint=text,
        prompt=text,
        source=text,
        for_whom=text,
        options=(Option("code", text, text),),
        unit=text,
        value=text,
        error=text,
        note_before=text,
        suggestion=Suggestion(text, text),
        conflict=Conflict(text, text, text),
        offer_title=text,
        offer=(OfferEntry(text, "", text, text),),
        columns=(text,),
        rows=(Row(f"{AT}/1", text, (text,), text),),
        row_name=text,
        none_label=text,
    )
    page = read(draw_question(view))

    assert not [one for one in page.walk() if one.tag in {"script", "b"}]
    assert any(text in one.text for one in page.walk())


def test_a_file_that_is_there_is_linked_with_what_it_is_and_can_be_taken_away() -> None:
    there = ("<b>Flows.pdf", "PDF, 12 KB", "/projects/FP-0001/files/0a")
    html = draw_control(KINDS["file"]._replace(value=there))
    assert '<a class="govuk-link" href="/projects/FP-0001/files/0a">&lt;b&gt;Flows.pdf</a>' in html
    assert "PDF, 12 KB" in html
    assert f'name="{AT}-remove"' in html
    assert f'name="{AT}-remove"' not in draw_control(KINDS["file"])


def test_a_first_empty_line_of_a_long_text_survives_the_browser() -> None:
    html = draw_control(KINDS["long_text"]._replace(value="\nsecond line"))

    assert ">\n\nsecond line</textarea>" in html


def test_the_page_says_which_version_of_an_answer_it_showed() -> None:
    seen = [
        one.attributes["value"]
        for one in read(draw_question(TEXT._replace(version=7))).walk()
        if one.attributes.get("name") == "seen"
    ]

    assert seen == [f"{AT}=7"]


def test_rows_can_be_added_changed_and_removed_with_buttons_that_say_which() -> None:
    view = KINDS["rows_table"]._replace(
        row_name="data flow",
        columns=("From",),
        rows=(Row("share.flows/1", "Arrears", ("Carnmere",)),),
    )
    page = read(draw_control(view))
    buttons = [one for one in page.walk() if one.tag == "button"]
    read_out = ["".join(part.text for part in one.walk()) for one in buttons]

    assert [(one.attributes["name"], one.attributes["value"]) for one in buttons] == [
        ("change", "share.flows/1"),
        ("remove", "share.flows/1"),
        ("add", AT),
    ]
    assert read_out == ["Change Arrears", "Remove Arrears", "Add another data flow"]


def test_there_are_none_is_offered_only_while_there_are_none() -> None:
    one_row = KINDS["rows_table"]._replace(rows=(Row(f"{AT}/1", "Arrears"),))

    assert f'name="{AT}-none"' in draw_control(KINDS["rows_table"])
    assert f'name="{AT}-none"' not in draw_control(one_row)


@pytest.mark.parametrize(("offered", "folded"), [(9, 0), (10, 2), (40, 32)])
def test_a_long_list_of_what_may_help_is_folded_and_a_lone_one_is_not(
    offered: int, folded: int
) -> None:
    entries = tuple(OfferEntry(f"Number {n}", "", "", "A law") for n in range(offered))
    html = draw_question(QuestionView(AT, "text", ask="What?", offer=entries))
    said, _, sources = html.partition("Where each of these comes from")
    shown, _, rest = said.partition("<details")
    assert (shown.count("<li>"), rest.count("<li>")) == (offered - folded, folded)
    assert (f"{folded} more" in rest) is bool(folded)
    assert sources.count("<li>") == offered
    assert "<ul></ul>" not in html


def test_a_suggestion_is_a_button_and_never_a_choice_made() -> None:
    html = draw_control(KINDS["radios"]._replace(value=None, suggestion=Suggestion("No", "Two.")))

    assert f'name="accept" value="{AT}"' in html
    assert "checked" not in html


def test_a_conflict_shows_their_text_and_keeps_yours_in_the_field() -> None:
    html = draw_control(
        KINDS["text"]._replace(value="mine", conflict=Conflict("his", "IG", "14:31"))
    )

    assert "his" in html
    assert 'value="mine"' in html
    assert f'name="take" value="{AT}"' in html


def test_a_question_looks_the_same_remembered_and_drawn_afresh() -> None:
    view = KINDS["text"]._replace(value="y" * 3000)
    short = KINDS["text"]._replace(value="y")

    assert draw_control(view).replace("y" * 3000, "y") == draw_control(short) == draw_control(short)


def test_every_kind_of_control_is_tried_here() -> None:
    assert set(KINDS) == set(CONTROLS)
