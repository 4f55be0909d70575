"""A form of a few fields beside the questions: read, checked and drawn as questions are."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request

from app.core.questions import Asked, type_of
from app.web.controls import Option, QuestionView, draw_question, locate_error
from app.web.forms import AnswerField, PageForm
from app.web.site import Context

Posted = Mapping[str, AnswerField]


def read_form(asked: Mapping[str, Asked]) -> dict[str, AnswerField]:
    """What was posted, by name; nothing before the form is sent."""
    if request.method != "POST" or not asked:
        return {}
    form = PageForm.of(asked)
    form.process(request.form)
    return {field.name: field for field in form.readings()}


def unreadable(posted: Posted) -> dict[str, str]:
    """What could not be read, by name; "" where nothing is wrong."""
    return {name: field.reading.error or "" for name, field in posted.items()}


def draw_form(
    asked: Mapping[str, Asked],
    posted: Posted,
    errors: Mapping[str, str],
    *,
    selects: tuple[str, ...] = (),
    optional: tuple[str, ...] = (),
    values: Mapping[str, str | tuple[str, ...]] | None = None,
) -> Context:
    """The fields as HTML and the errors with their places, for a template.

    `selects`: choices with many options. `optional`: what may be left blank, and says so.
    `values`: what stands there before anything is typed.
    """
    views = [
        QuestionView(
            name,
            "select" if name in selects else type_of(each).control,
            each.ask or "",
            hint=each.hint or "",
            options=tuple(Option(code, label) for code, label in each.labels.items()),
            max_length=each.max_length or 0,
            optional=name in optional,
            value=(values or {}).get(name),
            raw=posted[name].raw if name in posted else None,
            error=errors.get(name, ""),
        )
        for name, each in asked.items()
    ]
    return {
        "asks": [draw_question(view) for view in views],
        "errors": [
            {"anchor": locate_error(view), "text": view.error} for view in views if view.error
        ],
    }
