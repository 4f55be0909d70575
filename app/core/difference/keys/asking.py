"""The keys of what is asked: questionnaires, sections, pages, questions and columns."""

from __future__ import annotations

from app.core.difference.keys.key import (
    FLOW,
    MEANING,
    SCORING,
    TITLE,
    Key,
    either,
    held_if,
    named,
    wording,
)
from app.core.models import Model
from app.core.questionnaire import Page, Questionnaire, Section
from app.core.questions import Column, Question, RowOutcome, Suggestion

ASKED = {
    "id": Key("id", MEANING),
    "type": Key("type of question", MEANING),
    "ask": wording("wording"),
    "name": wording("short name"),
    "for_": Key("who answers", FLOW),
    "hint": wording("hint"),
    "guide": wording("guidance"),
    "why": wording("why we ask", law=True),
    "source": wording("source", law=True),
    "required": Key("required", FLOW, either("Must be answered", "May be left blank")),
    "show_if": held_if(FLOW, "when it is asked", "Asked if", "Always asked"),
    "unsure_shows": Key(
        "what “I don't know” does",
        FLOW,
        lambda _w, value, _t: (
            ""
            if value is None
            else "“I don't know” shows it"
            if value
            else "“I don't know” hides it"
        ),
    ),
    "options_from": Key("where its options come from", FLOW, named),
    "exclusive": Key("option that excludes the others", FLOW),
    "unsure": Key(
        "“I don't know”",
        FLOW,
        lambda _w, value, _t: {True: "Offered", False: "Not offered"}.get(value, "As usual"),
    ),
    "unit": wording("unit"),
    "min": Key("least", FLOW),
    "max": Key("most", FLOW),
    "decimals": Key("decimal places", FLOW),
    "max_length": Key("longest text", FLOW),
    "check": Key("form it must have", FLOW),
    "offer": Key("offer shown beside it", FLOW, named),
    "restricted": Key(
        "who sees the answer",
        MEANING,
        either("Roles that look after information alone", "Everybody on the project"),
    ),
    "material": Key(
        "whether a change touches signatures", MEANING, either("It does", "It does not")
    ),
}
OUTCOME = {
    "code": Key("code", MEANING),
    "label": wording("label"),
    "when": held_if(MEANING, "condition", "If"),
    "otherwise": Key("otherwise", MEANING),
    "text": wording("text"),
}
ASKING: dict[type[Model], dict[str, Key]] = {
    Questionnaire: {
        "title": TITLE,
        "about": wording("introduction"),
        "source": wording("source", law=True),
    },
    Section: {
        "id": Key("id", FLOW),
        "title": TITLE,
        "show_if": held_if(FLOW, "when it is shown", "Shown if", "Always shown"),
    },
    Page: {
        "id": Key("id", FLOW),
        "title": TITLE,
        "intro": wording("introduction"),
        "show_if": held_if(FLOW, "when it is shown", "Shown if", "Always shown"),
    },
    Question: ASKED
    | {
        "justifies": Key("what it justifies", FLOW, named),
        "prompts": wording("prompts"),
        "row_name": wording("what a row is called"),
        "none": Key("label of “there are none”", FLOW),
    },
    Column: ASKED
    | {
        "title": TITLE,
        "rows": Key("which rows it refers to", MEANING, named),
        "confirms": Key("which rows a party confirms by it", FLOW),
        "look_up": Key("where it is looked up", MEANING),
        "matrix": Key("how it is rated", SCORING),
    },
    Suggestion: {
        "when": held_if(FLOW, "when it is suggested", "Suggested if"),
        "answer": Key("suggested answer", FLOW),
        "because": wording("reason", law=True),
    },
    RowOutcome: {name: OUTCOME[name] for name in ("code", "label", "when", "otherwise")},
}
