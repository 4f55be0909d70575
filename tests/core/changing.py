"""A small catalogue in which every key that a definition may have says something, to be changed."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from app.catalogue import Catalogue, compile_catalogue
from app.catalogue.reading import Shelf

YES = {"===": [{"var": "a.yes"}, "yes"]}
NO = {"===": [{"var": "a.yes"}, "no"]}
LAW = {
    "source": "An Act s.1",
    "checked": "2026-01-02",
    "extent": "England",
    "effective_from": "2020-01-01",
    "effective_to": "2090-01-01",
}

QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "a.yes",
        "type": "yes_no",
        "ask": "Is it so?",
        "name": "So",
        "hint": "A hint.",
        "guide": "Some guidance that is a few words long.",
        "why": "The law asks.",
        "source": "An Act s.2",
        "unsure": False,
    },
    {
        "id": "a.many",
        "type": "multi",
        "ask": "Which of these?",
        "options": {"one": "One", "two": {"label": "Two", "hint": "The second"}, "none": "None"},
        "exclusive": "none",
        "show_if": YES,
        "suggest": [{"when": YES, "answer": ["one"], "because": "Most say so."}],
    },
    {
        "id": "a.band",
        "type": "band",
        "ask": "How much?",
        "options": {"little": "Little", "much": "Much", "most": "Most"},
    },
    {
        "id": "a.why",
        "type": "justification",
        "ask": "Why so much?",
        "justifies": "a.band",
        "prompts": {"most": "Say more."},
    },
    {
        "id": "a.number",
        "type": "number",
        "ask": "How many?",
        "unit": "people",
        "min": 0,
        "max": 90,
        "decimals": 1,
        "required": False,
    },
    {
        "id": "a.text",
        "type": "text",
        "ask": "What address?",
        "max_length": 80,
        "check": "email",
        "material": False,
        "for": "dpo",
    },
    {
        "id": "a.pick",
        "type": "choice",
        "ask": "Which way?",
        "options_from": "o.list",
        "offer": "o.list",
    },
    {
        "id": "a.rows",
        "type": "rows",
        "ask": "What goes where?",
        "row_name": "flow",
        "none": "Nothing goes",
        "columns": [
            {"id": "what", "type": "text", "ask": "What?"},
            {
                "id": "likely",
                "type": "choice",
                "ask": "How likely?",
                "options": {"rare": "Rare", "often": "Often"},
                "confirms": {"rows": "a.rows", "right": "rare"},
            },
            {
                "id": "bad",
                "type": "choice",
                "ask": "How bad?",
                "options": {"mild": "Mild", "grave": "Grave"},
            },
            {
                "id": "how",
                "type": "choice",
                "ask": "How?",
                "options": {"post": "Post", "mail": "Mail"},
                "show_if": {"===": [{"var": "likely"}, "often"]},
            },
            {"id": "to", "type": "row_of", "rows": "x.list", "ask": "To whom?"},
            {
                "id": "rated",
                "title": "Rating",
                "matrix": {"id": "m", "likelihood": "likely", "severity": "bad"},
            },
            {
                "id": "known",
                "title": "Called",
                "decide": [
                    {"code": "well", "label": "Well", "when": {"===": [{"var": "bad"}, "mild"]}},
                    {"code": "ill", "label": "Ill", "otherwise": True},
                ],
            },
            {"id": "there", "title": "There", "look_up": {"row": "to", "column": "kind"}},
            {
                "id": "worse",
                "type": "choice",
                "ask": "How bad at worst?",
                "options": {"mild": "Mild", "grave": "Grave"},
            },
        ],
    },
    {"id": "a.reason", "type": "justification", "ask": "Why that way?", "justifies": "a.pick"},
]
LAST: list[dict[str, Any]] = [
    {"id": "x.title", "type": "text", "ask": "What is it called?"},
    {
        "id": "x.list",
        "type": "rows",
        "ask": "Who takes part?",
        "columns": [
            {"id": "name", "type": "text", "ask": "Name"},
            {
                "id": "kind",
                "type": "choice",
                "ask": "Kind",
                "options": {"board": "Board", "trust": "Trust"},
            },
        ],
    },
    {"use": "a.yes"},
    {
        "id": "l.paper",
        "type": "choice",
        "ask": "Which paper?",
        "options": {"deal": "A deal", "plan": "A plan"},
    },
    {"id": "l.file", "type": "file", "ask": "Which file?", "required": False},
    {"id": "l.day", "type": "date", "ask": "Which day?"},
]
WHOLE: dict[str, Any] = {
    "questionnaires/pipeline.yaml": {
        "title": "A pipeline",
        "people": {"lead": {"title": "Lead", "about": "Leads"}, "dpo": {"title": "DPO"}},
        "names": {"title": "x.title", "parties": "x.list", "flows": "x.list", "risks": "x.list"},
        "on_every_route": ["q"],
        "quick": ["a.yes"],
        "in_short": ["d.which"],
        "not_counted": [],
        "readers": {"all": "For everybody"},
        "acts": [
            {"id": "agreed", "title": "Agreed", "about": "All agree.", "does": "agrees", "done": "agreed", "stages": ["s"], "by": ["lead"], "ask": "Agreed?", "choices": {"whole": "Yes", "part": "In part"}, "words": "Why?", "explain": ["part"], "after": [], "apart_from": [], "answers": {}},
            {"id": "seen", "title": "Seen", "about": "All saw.", "does": "looks", "done": "looked", "stages": ["t"], "by": ["dpo"], "words": "What?", "adopts": "dpo_advice"},
        ],
        "stages": [
            {"id": "s", "title": "First", "about": "Begins.", "questionnaires": ["q"], "takes_part": ["lead"], "closed_by": "lead", "needs": [], "documents": ["note"]},
            {"id": "t", "title": "Second", "questionnaires": ["later"], "previews": [], "closed_by": "dpo", "documents": [], "signed": "note"},
        ],
        "route": {
            "id": "x.route",
            "title": "Route",
            "outcomes": [
                {"code": "short", "label": "Short", "when": NO, "stages": ["s"], "documents": ["note"], "limits": {"lead": 30}, "text": "The short one."},
                {"code": "full", "label": "Full", "otherwise": True, "stages": ["s", "t"], "optional": [], "leaves_out": [], "documents": ["note"]},
            ],
        },
        "doors": [{"code": "new", "title": "New", "text": "Something new.", "answers": {"a.yes": "yes"}}],
    },
    "questionnaires/q.yaml": {
        "title": "Questions",
        "about": "What is asked.",
        "source": "A form",
        "sections": [
            {"id": "s", "title": "Things", "pages": [{"id": "p", "title": "A page", "intro": "Begin here.", "questions": QUESTIONS}]},
            {"id": "last", "title": "Last", "show_if": {"in": [{"var": "a.band"}, ["little", "much", "most"]]}, "pages": [{"id": "last", "title": "Last page", "show_if": {"in": [{"var": "a.band"}, ["much", "most", "little"]]}, "questions": LAST}]},
        ],
    },
    "questionnaires/later.yaml": {
        "title": "Later",
        "sections": [{"id": "l", "title": "Later things", "pages": [{"id": "lp", "title": "Later page", "questions": [{"id": "l.text", "type": "long_text", "ask": "Anything else?"}, {"use": "a.band"}]}]}],
    },
    "rules/r.yaml": {
        "conditions": [{"id": "c.so", "title": "It is so", "when": YES, "because": "Somebody said so.", **LAW, "raised_by": [{"a.yes": "yes"}], "not_by": [{"a.yes": "no"}]}],
        "scores": [
            {"id": "s.sum", "title": "Sum", "value": {"sum": [{"points": "a.band"}, 1]}, "points": {"little": 1, "much": 2, "most": 3}, "with": ["a.why"], "band": {"id": "s.band", "from": "levels"}, "source": "A paper", "checked": False},
        ],
        "bands": [{"id": "levels", "levels": [{"code": "low", "label": "Low", "text": "Few."}, {"code": "high", "label": "High", "from": 3}, {"code": "top", "label": "Top", "from": 9, "never": "A published level."}]}],
        "decisions": [{"id": "d.which", "title": "Which?", "only_if": YES, **LAW, "outcomes": [{"code": "this", "label": "This", "when": {"===": [{"var": "a.band"}, "most"]}, "text": "Do this.", "source": "An Act s.3", "checked": "2026-01-02"}, {"code": "that", "label": "That", "otherwise": True}]}],
        "offers": [
            {"id": "o.list", "title": "Ways", "about": "Ways to go.", "entries": [{"code": "road", "title": "Road", "text": "By road.", "act": "Roads Act", "section": "s.4", "kind": "permissive", "who": "anyone", "limits": "none", "commencement": "soon", "because": "It is there.", "near_miss": "Too far.", "when": YES, "unless": [{"when": {"===": [{"var": "a.band"}, "little"]}, "because": "Too little."}], **LAW}, {"code": "rail", "title": "Rail", "text": "By rail."}]},
            {"id": "o.rows", "title": "For each", "each": "a.rows", "where": {"===": [{"var": "bad"}, "grave"]}, "entries": [{"code": "lock", "title": "Lock", "where": {"===": [{"var": "likely"}, "often"]}}]},
        ],
        "flags": [
            {"id": "F1", "title": "A flag", "kind": "flag", "when": YES, "because": "It matters.", **LAW, "likelihood": "often", "severity": "grave", "harm": "People are hurt.", "blocks": "t", "from": "s", "for": "lead", "measures": ["lock"], "raised_by": [{"a.yes": "yes"}], "not_by": [{"a.yes": "no"}]},
            {"id": "F2", "title": "Another flag", "when": {"and": [YES, {"===": [{"var": "a.band"}, "most"]}]}, "because": "It matters too.", "task_until": "t", "implies": ["F1"]},
        ],
        "matrices": [{"id": "m", "title": "Risk", "likelihood": {"rare": "Rare", "often": "Often"}, "severity": {"mild": "Mild", "grave": "Grave"}, "ratings": {"low": "Low", "medium": "Medium", "high": "High"}, "cells": {"grave": {"rare": "medium", "often": "high"}, "mild": {"rare": "low", "often": "low"}}, "floor": [{"severity": "mild", "likelihood": "often", "when": YES, "rating": "medium", "label": "Watch", "because": "Often is often."}], "step_up": {"when": {"===": [{"var": "a.band"}, "most"]}, "because": "It is much."}, "source": "A guide", "checked": False}],
    },
    "outputs/note.yaml": {
        "title": "A note",
        "file": "note",
        "marking": "OFFICIAL",
        "about": "What it is.",
        "contents": True,
        "subtitle": "{x.title}",
        "for": "all",
        "if": {"in": [{"var": "a.yes"}, ["yes", "no"]]},
        "gaps": "plain",
        "blocks": [
            {"heading": "The start", "level": 1},
            {"text": "It is called {x.title}.", "else": [{"text": "It has no name."}]},
            {"bullets": ["First", "Second"]},
            {"answers": ["a.yes", "a.many"]},
            {"answers_of": "q", "except": ["a.number"]},
            {"rows": "a.rows", "columns": ["what"], "title": "All that goes", "otherwise": "Nothing.", "first": 5},
            {"table": "Terms", "header": ["Term", "Known"], "blank": "To come", "lines": [["What", "{x.title}"]]},
            {"if": YES, "blocks": [{"text": "It is so."}], "else": [{"text": "It is not."}]},
            {"each": "x.list", "where": {"===": [{"var": "kind"}, "trust"]}, "blocks": [{"schedule": "For {name}", "blocks": [{"text": "Only theirs."}]}]},
            {"clause": "Terms of it", "locked": True, "text": "Both agree.", "parts": ["to this", {"if": YES, "text": "and that"}], "then": [{"text": "And more."}]},
            {"facts": "In short", "fields": {"What": "{x.title}", "Goes": {"rows": "a.rows", "columns": ["what"]}}},
            {"form": "To fill in", "fields": {"Who": "Name"}},
            {"part": "scores", "scores": ["s.sum"]},
            {"part": "decision", "decision": "d.which"},
            {"part": "offers", "offer": "o.list", "header": ["What", "Why"]},
            {"part": "flags"},
        ],
    },
}  # fmt: skip

Path = tuple[str | int, ...]
GONE = object()


def files_of(whole: Mapping[str, Any]) -> dict[str, bytes]:
    """The catalogue as files; JSON is YAML too."""
    return {name: json.dumps(value).encode() for name, value in whole.items()}


@cache
def whole() -> Catalogue:
    """The catalogue compiled, once."""
    return compile_catalogue(files_of(WHOLE))


def compiled(of: Mapping[str, Any]) -> Catalogue:
    """An edited catalogue compiled."""
    return compile_catalogue(files_of(of), _SHELF)


_SHELF = Shelf()


def edited(*edits: tuple[Path, Any]) -> dict[str, Any]:
    """The catalogue with something at each path: replaced, added to, or (GONE) left out."""
    whole = copy.deepcopy(WHOLE)
    for path, value in edits:
        at: Any = whole
        for part in path[:-1]:
            at = at[part]
        if value is GONE:
            del at[path[-1]]
        elif path[-1] == "+":
            at.append(value)
        else:
            at[path[-1]] = value(at[path[-1]]) if callable(value) else value
    return whole
