"""Each kind of control, drawn as the GOV.UK Design System writes it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from markupsafe import escape

from app.documents.uploads import ACCEPT
from app.web.controls.parts import (
    article,
    ask,
    described_by,
    folded,
    grouped,
    hints,
    labelled,
    quiet,
)
from app.web.controls.view import codes_given, date_given, text_given

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.web.controls.view import Option, QuestionView, Row


def _input(view: QuestionView, classes: str, more: str = "") -> str:
    at = escape(view.address)
    error = " govuk-input--error" if view.error else ""
    kind = "" if view.input_type == "text" else f'type="{escape(view.input_type)}" '
    return (
        f'<input class="govuk-input{classes}{error}" id="{at}" name="{at}" '
        f'{kind}value="{escape(text_given(view))}"'
        f"{more}{described_by(view)}>"
    )


def _text(view: QuestionView) -> str:
    exact = "" if view.input_type == "text" else ' spellcheck="false"'
    if not view.known:
        return labelled(view, _input(view, "", exact))
    at = escape(view.address)
    options = "".join(f'<option value="{escape(each)}"></option>' for each in view.known)
    field = _input(view, "", f'{exact} list="{at}-known" autocomplete="off"')
    return labelled(view, f'{field}<datalist id="{at}-known">{options}</datalist>')


def _long_text(view: QuestionView) -> str:
    at, text = escape(view.address), text_given(view)
    error = " govuk-textarea--error" if view.error else ""
    lines = min(18, max(4, len(text) // 70 + text.count("\n") + 1))
    # The line break after the tag is dropped by the browser; without it a first empty line
    # of the answer would be dropped instead.
    return labelled(
        view,
        f'<textarea class="govuk-textarea{error}" id="{at}" name="{at}" rows="{lines}"'
        f"{described_by(view)}>\n{escape(text)}</textarea>",
    )


def _number(view: QuestionView) -> str:
    mode = "numeric" if view.whole else "decimal"
    field = _input(view, " govuk-input--width-10", f' spellcheck="false" inputmode="{mode}"')
    if view.unit:
        place = "prefix" if view.unit in {"£", "€", "$"} else "suffix"
        sign = f'<div class="govuk-input__{place}" aria-hidden="true">{escape(view.unit)}</div>'
        inner = f"{sign}{field}" if place == "prefix" else f"{field}{sign}"
        field = f'<div class="govuk-input__wrapper">{inner}</div>'
    return labelled(view, field)


def _item(view: QuestionView, number: int, option: Option, control: str, chosen: bool) -> str:
    """Return one radio or checkbox; the first carries the question's own id."""
    code, label, hint = option
    name = escape(view.address)
    at = name if number == 1 else f"{name}-{number}"
    plural = "radios" if control == "radio" else "checkboxes"
    told, below = "", ""
    if hint:
        told = f' aria-describedby="{at}-item-hint"'
        below = (
            f'<div id="{at}-item-hint" class="govuk-hint govuk-{plural}__hint">{escape(hint)}</div>'
        )
    exclusive = control == "checkbox" and code == view.exclusive
    alone = ' data-behaviour="exclusive"' if exclusive else ""
    return (
        f'<div class="govuk-{plural}__item"><input class="govuk-{plural}__input" id="{at}" '
        f'name="{name}" type="{control}" value="{escape(code)}"{" checked" if chosen else ""}'
        f'{alone}{told}><label class="govuk-label govuk-{plural}__label" for="{at}">'
        f"{escape(label)}</label>{below}</div>"
    )


def _radios(view: QuestionView) -> str:
    given = text_given(view)
    items = "".join(
        _item(view, number, option, "radio", option[0] == given)
        for number, option in enumerate(view.options, 1)
    )
    return grouped(view, f'<div class="govuk-radios">{items}</div>')


def _checkboxes(view: QuestionView) -> str:
    given = codes_given(view)
    items = []
    for number, option in enumerate(view.options, 1):
        if option[0] == view.exclusive and number > 1:
            items.append('<div class="govuk-checkboxes__divider">or</div>')
        items.append(_item(view, number, option, "checkbox", option[0] in given))
    if view.fitting is None:
        return grouped(view, _boxes(items))
    # Dividers only stand in lists that are shown whole.
    rest = _boxes(items[view.fitting :])
    return grouped(view, _boxes(items[: view.fitting]) + (folded(OTHERS, rest) if rest else ""))


OTHERS = "Other choices, which do not fit at first sight"


def _boxes(items: list[str]) -> str:
    return f'<div class="govuk-checkboxes">{"".join(items)}</div>' if items else ""


def _date(view: QuestionView) -> str:
    at = escape(view.address)
    error = " govuk-input--error" if view.error else ""
    items = "".join(
        '<div class="govuk-date-input__item"><div class="govuk-form-group">'
        f'<label class="govuk-label govuk-date-input__label" for="{at}-{part}">'
        f'{part.capitalize()}</label><input class="govuk-input govuk-date-input__input '
        f'govuk-input--width-{width}{error}" id="{at}-{part}" name="{at}-{part}" '
        f'value="{escape(typed)}" inputmode="numeric"></div></div>'
        for part, width, typed in zip(
            ("day", "month", "year"), (2, 2, 4), date_given(view), strict=True
        )
    )
    return grouped(view, f'<div class="govuk-date-input" id="{at}">{items}</div>', ' role="group"')


def _select(view: QuestionView) -> str:
    at, given = escape(view.address), text_given(view)
    error = " govuk-select--error" if view.error else ""
    options = "".join(
        f'<option value="{escape(code)}"{" selected" if code == given else ""}>'
        f"{escape(label)}</option>"
        for code, label, _ in view.options
    )
    return labelled(
        view,
        f'<select class="govuk-select{error}" id="{at}" name="{at}"{described_by(view)}>'
        f'<option value="">Choose one</option>{options}</select>',
    )


def _rows_table(view: QuestionView) -> str:
    at = escape(view.address)
    table = _table(view) if view.rows else ""
    which = "another" if view.rows else article(view.row_name)
    add = (
        '<button class="govuk-button govuk-button--secondary fp-add" name="add" '
        f'value="{at}">Add {which} {escape(view.row_name)}</button>'
    )
    return (
        f'<h2 class="govuk-heading-m fp-rows" id="{at}" tabindex="-1">{ask(view)}</h2>'
        f"{hints(view)}{table}{add}{_none(view)}"
    )


def _none(view: QuestionView) -> str:
    """Return the box that says there are none; it makes no sense beside a row."""
    if view.rows or not view.none_label:
        return ""
    at = escape(view.address)
    return (
        '<div class="govuk-checkboxes"><div class="govuk-checkboxes__item">'
        f'<input class="govuk-checkboxes__input" id="{at}-none" name="{at}-none" '
        f'type="checkbox" value="yes"{" checked" if view.none else ""}{described_by(view)}>'
        f'<label class="govuk-label govuk-checkboxes__label" for="{at}-none">'
        f"{escape(view.none_label)}</label></div></div>"
    )


def _table(view: QuestionView) -> str:
    heads = "".join(
        f'<th scope="col" role="columnheader">{escape(title)}</th>'
        for title in (view.row_name.capitalize(), *view.columns)
    )
    body = "".join(_table_row(view, row) for row in view.rows)
    return (
        f'<table class="fp-table fp-stack" role="table" aria-labelledby="{escape(view.address)}">'
        f'<thead role="rowgroup"><tr role="row">{heads}<td role="cell"></td></tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )


def _table_row(view: QuestionView, row: Row) -> str:
    cells = "".join(
        f'<td role="cell" data-label="{escape(title)}"><div>{escape(cell)}</div></td>'
        for title, cell in zip(view.columns, row.cells, strict=True)
    )
    acts = "".join(
        f'<button class="fp-link" name="{act}" value="{escape(row.address)}">{act.capitalize()}'
        f'<span class="govuk-visually-hidden"> {escape(row.title)}</span></button>'
        for act in ("change", "remove")
    )
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{escape(row.title)}{quiet(row.note)}'
        f'</th>{cells}<td role="cell" class="fp-acts"><div>{acts}</div></td></tr>'
    )


def _file(view: QuestionView) -> str:
    """Return where a file is chosen; with the one there is, and a box that takes it away."""
    at = escape(view.address)
    error = " govuk-file-upload--error" if view.error else ""
    given = ""
    if isinstance(view.value, tuple):
        name, about, url = view.value
        given = (
            f'<p class="govuk-body fp-file"><a class="govuk-link" href="{escape(url)}">{escape(name)}'
            f"</a> {escape(about)}</p>"
        )
    field = (
        f'<input class="govuk-file-upload{error}" id="{at}" name="{at}" type="file" '
        f'accept="{ACCEPT}"{described_by(view)}>'
    )
    return labelled(view, f"{given}{field}{_taking_away(view) if given else ''}")


def _taking_away(view: QuestionView) -> str:
    at = escape(view.address)
    return (
        '<div class="govuk-checkboxes govuk-checkboxes--small fp-file-away">'
        '<div class="govuk-checkboxes__item"><input class="govuk-checkboxes__input" '
        f'id="{at}-remove" name="{at}-remove" type="checkbox" value="yes"><label '
        f'class="govuk-label govuk-checkboxes__label" for="{at}-remove">Take this file away'
        "</label></div></div>"
    )


CONTROLS: Final[Mapping[str, Callable[[QuestionView], str]]] = MappingProxyType(
    {
        "text": _text,
        "long_text": _long_text,
        "radios": _radios,
        "band": _radios,
        "checkboxes": _checkboxes,
        "number": _number,
        "date": _date,
        "select": _select,
        "rows_table": _rows_table,
        "file": _file,
    }
)
"""Which function draws which control; the names are those of the question types."""
