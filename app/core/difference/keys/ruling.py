"""The keys of what answers mean: conditions, scores, decisions, offers, flags and matrices."""

from __future__ import annotations

from app.core.difference.keys.asking import OUTCOME
from app.core.difference.keys.key import (
    EXAMPLES,
    FLOW,
    MEANING,
    SCORING,
    SOURCED,
    TITLE,
    Key,
    held_if,
    named,
    points,
    supposed,
    wording,
)
from app.core.models import Model
from app.core.rules import (
    Bands,
    Decision,
    Entry,
    FlagRule,
    Floor,
    Level,
    Matrix,
    NamedCondition,
    Offer,
    Outcome,
    Score,
    Unless,
)

LEVEL = {
    "code": Key("code", SCORING),
    "label": wording("label"),
    "from_": Key("from what value", SCORING),
    "text": wording("text"),
    "never": wording("why no answers reach it"),
}
RULING: dict[type[Model], dict[str, Key]] = {
    NamedCondition: SOURCED
    | EXAMPLES
    | {
        "id": Key("id", MEANING),
        "title": TITLE,
        "when": held_if(MEANING, "condition", "Holds if"),
        "because": wording("reason", law=True),
    },
    Level: LEVEL,
    Bands: {"id": Key("id", SCORING)},
    Score: SOURCED
    | {
        "id": Key("id", SCORING),
        "reported_as": Key("name in the assessment file", SCORING),
        "title": TITLE,
        "value": Key("how it is counted", SCORING, lambda words, value, _t: words.score(value)),
        "points": Key("points", SCORING, points),
        "with_": Key("answered before there is a band", SCORING, named),
        "band": Key("band", SCORING),
    },
    Outcome: SOURCED | OUTCOME,
    Decision: SOURCED
    | {
        "id": Key("id", MEANING),
        "title": TITLE,
        "only_if": held_if(MEANING, "when it is decided", "Decided if", "Always decided"),
    },
    Unless: {
        "when": held_if(MEANING, "condition", "Not offered if"),
        "where": held_if(MEANING, "condition", "Not offered where"),
        "because": wording("reason", law=True),
    },
    Entry: SOURCED
    | EXAMPLES
    | {
        "code": Key("code", MEANING),
        "title": wording("title", law=True),
        "text": wording("text", law=True),
        "when": held_if(MEANING, "condition", "Offered if", "Always offered"),
        "where": held_if(MEANING, "condition on the row", "Offered where", "Offered to every row"),
        "because": wording("reason", law=True),
        "near_miss": wording("reason why not", law=True),
        "act": wording("Act", law=True),
        "section": wording("section", law=True),
        "kind": wording("kind", law=True),
        "who": wording("who to whom", law=True),
        "limits": wording("limits", law=True),
        "commencement": wording("commencement", law=True),
    },
    Offer: {
        "id": Key("id", MEANING),
        "title": TITLE,
        "about": wording("introduction"),
        "each": Key("rows it is offered to", MEANING, named),
        "where": held_if(MEANING, "rows it is for", "Where", "Every row"),
        "supposed": Key("rows looked at while there are none", MEANING, supposed),
    },
    FlagRule: SOURCED
    | EXAMPLES
    | {
        "id": Key("id", MEANING),
        "title": wording("title", law=True),
        "kind": Key("kind", MEANING),
        "when": held_if(MEANING, "condition", "Raised if"),
        "because": wording("reason", law=True),
        "likelihood": Key("likelihood", SCORING),
        "severity": Key("severity", SCORING),
        "harm": wording("harm"),
        "blocks": Key("what it stops", MEANING),
        "from_": Key("judged from", MEANING),
        "task_until": Key("a task until", MEANING),
        "for_": Key("who can mend it", FLOW),
        "measures": Key("measures", MEANING),
        "implies": wording("flags always raised with it"),
    },
    Floor: {
        "severity": Key("severity", SCORING),
        "likelihood": Key("likelihood", SCORING),
        "when": held_if(SCORING, "condition", "If"),
        "rating": Key("rating", SCORING),
        "label": wording("label"),
        "because": wording("reason", law=True),
    },
    Matrix: SOURCED
    | {
        "id": Key("id", SCORING),
        "title": TITLE,
        "likelihood": Key("scale of likelihood", SCORING),
        "severity": Key("scale of severity", SCORING),
        "ratings": Key("ratings", SCORING),
        "cells": Key("ratings of its cells", SCORING),
        "step_up": Key(
            "when every severity rises",
            SCORING,
            lambda words, value, _t: (
                f"If {words.condition(value.when)}: {value.because}" if value else ""
            ),
            law=True,
        ),
    },
}
