"""Definitions are checked as a whole: every fault of every file, with its place and a mend."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from app.catalogue import BadDefinitions, compile_catalogue, content_hash, read_files
from app.settings import content_root
from tests.tiny import lines_of

PIPELINE = "questionnaires/pipeline.yaml"
ONE, TWO, RULES, OUTPUT = (
    "questionnaires/one.yaml",
    "questionnaires/two.yaml",
    "rules/all.yaml",
    "outputs/note.yaml",
)
FILES = {
    PIPELINE: """\
title: A pipeline
people:
  lead: {title: Lead}
  dpo: {title: DPO}
names: {title: a.title, parties: p.list, flows: p.list, risks: p.list}
on_every_route: [one]
stages:
  - {id: idea, title: Idea, questionnaires: [one], takes_part: [lead], closed_by: lead, documents: [note]}
  - {id: dpia, title: DPIA, questionnaires: [two], closed_by: dpo}
route:
  id: a.route
  title: Route
  outcomes:
    - {code: short, label: Short, when: {"===": [{var: a.kind}, small]}, stages: [idea]}
    - {code: full, label: Full, otherwise: true, stages: [idea, dpia]}
doors:
  - {code: new, title: New, text: Begin., answers: {a.kind: large}}
""",
    ONE: """\
title: One
sections:
  - id: first
    title: First
    pages:
      - id: start
        title: Start
        questions:
          - {id: a.title, type: text, ask: Title}
          - id: a.kind
            type: choice
            ask: What kind?
            options: {small: Small, large: Large}
          - {id: a.why, type: justification, ask: Why?, justifies: a.kind, prompts: {small: Why small?}}
          - {id: a.sure, type: yes_no, ask: Are you sure?}
          - {id: a.people, type: number, ask: How many?, unit: people, min: 0, max: 100}
          - {id: a.day, type: date, ask: When?, min: "2026-01-01"}
          - {id: a.size, type: band, ask: How large?, options: {s: S, m: M, l: L}}
          - {id: a.about, type: multi, ask: About?, options: {health: Health, none: None}, exclusive: none}
          - {id: a.email, type: text, ask: Email?, check: email}
          - {id: a.measures, type: multi, ask: Which?, options_from: m.list}
      - id: more
        title: More
        show_if: {"===": [{var: a.kind}, large]}
        questions:
          - {id: p.list, type: rows, ask: Who?, columns: [{id: name, type: text, ask: Name}, {id: kind, type: choice, ask: Kind, options: {x: X, y: "Y"}}]}
""",
    TWO: """\
title: Two
sections:
  - id: second
    title: Second
    pages:
      - id: again
        title: Again
        questions:
          - use: a.kind
          - {id: b.more, type: text, ask: More?, for: dpo, show_if: {in: [{var: a.sure}, ["yes", unsure]]}}
          - id: b.risks
            type: rows
            ask: Risks?
            columns:
              - {id: who, type: row_of, rows: p.list, ask: Who?}
              - {id: kind, title: Kind, look_up: {row: who, column: kind}}
              - {id: likelihood, type: choice, ask: Likelihood?, options: {remote: Remote, likely: Likely}}
              - {id: severity, type: choice, ask: Severity?, options: {minor: Minor, grave: Grave}}
              - {id: rating, title: Rating, matrix: {id: m_2x2, likelihood: likelihood, severity: severity}}
              - {id: note, type: text, ask: Note, show_if: {"===": [{var: severity}, grave]}}
""",
    RULES: """\
conditions:
  - {id: c.large, title: It is large, when: {"===": [{var: a.kind}, large]}}
scores:
  - id: s.size
    title: Size
    value: {mean: [{points: a.kind}, {var: a.people}]}
    points: {small: 1, large: 2}
    with: [a.why]
    band: {id: s.size_band, from: bands}
bands:
  - id: bands
    levels: [{code: low, label: Low}, {code: high, label: High, from: 1.5}]
decisions:
  - id: d.what
    title: What?
    outcomes:
      - {code: go, label: Go, when: {var: c.large}}
      - {code: stop, label: Stop, otherwise: true}
offers:
  - id: m.list
    title: Measures
    entries:
      - {code: lock, title: Lock it}
flags:
  - id: R1
    title: Large
    when: {and: [{var: c.large}, {">": [{var: a.people}, 10]}]}
    because: It is large.
    likelihood: likely
    severity: grave
    blocks: dpia
    for: dpo
    measures: [lock]
  - {id: R2, title: High, when: {"===": [{var: s.size_band}, high]}, because: High.}
matrices:
  - id: m_2x2
    title: Matrix
    likelihood: {remote: Remote, likely: Likely}
    severity: {minor: Minor, grave: Grave}
    ratings: {low: Low, high: High}
    cells:
      minor: {remote: low, likely: low}
      grave: {remote: low, likely: high}
""",
    OUTPUT: """\
title: Note
file: note
blocks:
  - heading: The project
  - answers: [a.title, a.kind]
""",
}


def encoded(files: dict[str, str]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in files.items()}


def test_the_definitions_that_the_faults_are_made_from_are_sound() -> None:
    catalogue = compile_catalogue(encoded(FILES))
    assert list(catalogue.questionnaires) == ["one", "two"]
    assert [each.rule.id for each in catalogue.program.flags] == ["R1", "R2"]


SIGNED = """\
signed:
  kind: a.kind
  file: a.why
  on: a.day
  by: a.title
  stands_for: {smal: [idea], large: [idea, dpa]}
doors:"""
ADVICE = """\
advice: {given: a.kind, code: small, by: a.title, on: a.day, proceed: a.kind, summary: a.title}
doors:"""


# file, what is replaced, by what, where the fault is (the text that begins there), what it says
FAULTS = {
    # Keys and shapes
    "unknown key": (ONE, "ask: What kind?", "aks: What kind?", "aks:", "'aks' is no key here; did you mean 'ask'"),
    "missing key": (ONE, "    title: First\n", "", "id: first", "needs 'title'"),
    "text for a list": (TWO, "    pages:\n      - id: again", "    pages: none\n    other:\n      - id: again", "pages: none", "expected a list, not 'none'"),
    "number for a text": (ONE, "ask: What kind?", "ask: 12", "ask: 12", "expected text, not 12: write it in quotes"),
    "boolean for a text": (ONE, "ask: What kind?", "ask: true", "ask: true", "expected text, not True: write it in quotes"),
    "bad boolean": (ONE, "ask: What kind?", "ask: What kind?\n            required: no", "required:", "expected true or false, not 'no'"),
    "id without a dot": (ONE, "id: a.kind\n", "id: kind\n", "id: kind\n", "not the form of an id"),
    "id in capitals": (ONE, "id: a.kind\n", "id: a.Kind\n", "id: a.Kind\n", "not the form of an id"),
    "empty ask": (ONE, "ask: What kind?", "ask: ''", "ask: ''", "at least 1 character"),
    "checked undated": (RULES, "for: dpo", "for: dpo\n    checked: soon", "checked:", ""),
    # Questions
    "unknown type": (ONE, "type: choice\n", "type: choise\n", "type: choise", "there is no type 'choise' here; did you mean 'choice'"),
    "type of a column": (ONE, "{id: name, type: text,", "{id: name, type: rows,", "type: rows, ask: Name", "there is no type 'rows' here"),
    "row_of outside rows": (ONE, "type: choice\n", "type: row_of\n", "type: row_of", "there is no type 'row_of' here"),
    "key of another type": (ONE, "type: text, ask: Title", "type: text, unit: kg, ask: Title", "unit: kg", "'unit' means nothing for the type text: remove it"),
    "no options": (ONE, "\n            options: {small: Small, large: Large}", "", "id: a.kind", "needs 'options'"),
    "exclusive": (ONE, "exclusive: none", "exclusive: nothing", "exclusive:", "'nothing' is none of the options"), # is none of the options"),
    "unknown check": (ONE, "check: email", "check: emial", "check: emial", "no check 'emial'; did you mean 'email'"),
    "min of a number": (ONE, "min: 0,", "min: few,", "min: few", "a number"),
    "min over max": (ONE, "min: 0,", "min: 101,", "min: 101", "more than"),
    "min of a date": (ONE, 'min: "2026-01-01"', 'min: "1 May"', 'min: "1 May"', "a date such as"),
    "decimals": (ONE, "min: 0,", "decimals: 40,", "decimals: 40", "less than or equal to 6"),
    "max_length": (ONE, "type: text, ask: Title", "type: text, max_length: 0, ask: Title", "max_length", "greater than or equal to 1"),
    "justifies": (ONE, "justifies: a.kind", "justifies: a.kid", "justifies:", "no question 'a.kid'; did you mean 'a.kind'"),
    "prompt": (ONE, "prompts: {small:", "prompts: {smal:", "smal:", "'a.kind' has no option 'smal'; did you mean 'small'"),
    "defined twice": (TWO, "- use: a.kind", "- {id: a.kind, type: text, ask: A}", "id: a.kind, type: text", f"'a.kind' is defined in {ONE} already: place it with 'use'"),
    "unknown use": (TWO, "use: a.kind", "use: a.kinds", "use: a.kinds", "no questionnaire defines 'a.kinds'; did you mean 'a.kind'"),
    "prefix": (TWO, "id: b.more", "id: a.kind.more", "id: a.kind.more", "'a.kind' is another id and begins 'a.kind.more'"),
    "reserved": (TWO, "id: b.more", "id: on.more", "id: on.more", "'on' is reserved"),
    "column twice": (ONE, "{id: kind, type: choice, ask: Kind", "{id: name, type: choice, ask: Kind", "id: name, type: choice", "a column 'name' is there already"),
    "reserved column": (ONE, "{id: kind, type: choice, ask: Kind", "{id: id, type: choice, ask: Kind", "id: id", "reserved"),
    "two ways": (TWO, "{id: rating, title: Rating, matrix", "{id: rating, title: Rating, decide: [{code: a, label: A, otherwise: true}], matrix", "{id: rating", "one of look_up, matrix, decide"),
    "page twice": (ONE, "- id: more\n", "- id: start\n", "id: start\n        title: More", "the page 'start' is there already"),
    "section twice": (TWO, "  - id: second\n    title: Second\n    pages:", "  - id: second\n    title: Second\n    pages: []\n  - id: second\n    title: Second\n    pages:", "id: second\n    title: Second\n    pages:\n", "the section 'second' is there already"),
    "unknown person": (TWO, "for: dpo", "for: dop", "for: dop", "there is nobody 'dop' under people; did you mean 'dpo'"),
    "offer shown": (ONE, "check: email", "check: email, offer: m.lists", "offer: m.lists", "there is no offer 'm.lists'; did you mean 'm.list'"),
    "options from": (ONE, "options_from: m.list", "options_from: m.lisp", "options_from:", "there is no offer 'm.lisp'; did you mean 'm.list'"),
    "suggested answer": (ONE, "options: {small: Small, large: Large}", "options: {small: Small, large: Large}\n            suggest: [{when: {var: c.large}, answer: tiny, because: B}]", "answer: tiny", "none of its options"),
    # Conditions
    "unknown id": (RULES, "{var: a.kind}, large]", "{var: a.kinds}, large]", "var: a.kinds", "nothing here is called 'a.kinds'; did you mean 'a.kind'"),
    "unknown option": (RULES, "{var: a.kind}, large]", "{var: a.kind}, larg]", "larg]", "has no option \"larg\"; did you mean 'large'"),
    "unknown operator": (RULES, '{"===": [{var: a.kind}', '{"==": [{var: a.kind}', '"==":', "'==' is no operator of a condition; did you mean '==='"),
    "if in a condition": (RULES, "when: {and:", "when: {if:", "if:", "'if' is no operator of a condition"),
    "missing in a condition": (RULES, '"===": [{var: s.size_band}, high]', '"missing": [a.kind]', '"missing":', "is no operator"),
    "literal first": (RULES, "[{var: a.kind}, large]", "[large, {var: a.kind}]", '"===": [large', "write the {var: name} first"),
    "number with text": (RULES, '{">": [{var: a.people}, 10]}', '{">": [{var: a.people}, "10"]}', '"10"]', "is compared with a number"),
    "text compared": (RULES, '{">": [{var: a.people}, 10]}', '{"===": [{var: a.title}, x]}', "{var: a.title}", "no rule reads wording"),
    "choice ordered": (RULES, '{">": [{var: a.people}, 10]}', '{">": [{var: a.kind}, small]}', "{var: a.kind}, small", "cannot be compared with '>'"),
    "multi equal": (RULES, '{">": [{var: a.people}, 10]}', '{"===": [{var: a.about}, health]}', "{var: a.about}", "cannot be compared with '==='"),
    "in the wrong way round": (RULES, '{">": [{var: a.people}, 10]}', "{in: [{var: a.about}, [health]]}", "in: [{var: a.about}", "'in' with 'a.about'"),
    "in without a list": (RULES, '{">": [{var: a.people}, 10]}', "{in: [{var: a.kind}, large]}", "in: [{var: a.kind}", "a list of literals"),
    "in of a choice": (RULES, '{">": [{var: a.people}, 10]}', "{in: [large, {var: a.kind}]}", "in: [large", "is not a multi"),
    "date literal": (RULES, '{">": [{var: a.people}, 10]}', '{">": [{var: a.day}, "2026-5-1"]}', '"2026-5-1"', "a date such as"),
    "var of a question": (RULES, "when: {var: c.large}", "when: {var: a.kind}", "var: a.kind}}", "'a.kind' is not a named condition"),
    "several operators": (RULES, "when: {var: c.large}", "when: {var: c.large, and: []}", "when: {var: c.large, and", "a condition is one operator"),
    "text as condition": (RULES, "when: {var: c.large}", "when: c.large", "when: c.large", "a condition is one operator"),
    "empty and": (RULES, "when: {var: c.large}", "when: {and: []}", "and: []", "'and' takes a list of conditions"),
    "at_least too many": (RULES, "when: {var: c.large}", "when: {at_least: [2, [{var: c.large}]]}", "2, [", "2 of 1 conditions cannot be"),
    "some over a choice": (RULES, "when: {var: c.large}", "when: {some: [{var: a.kind}, {var: x}]}", "{var: a.kind}, {var: x", "cannot be compared with 'some'"),
    "unknown column": (RULES, "when: {var: c.large}", 'when: {some: [{var: p.list}, {"===": [{var: kin}, x]}]}', "var: kin}", "nothing here is called 'kin'; did you mean 'kind'"),
    "question inside some": (RULES, "when: {var: c.large}", 'when: {some: [{var: p.list}, {"===": [{var: a.kind}, large]}]}', "var: a.kind}, large]}]", "nothing here is called 'a.kind'"),
    "unsure unsaid": (TWO, 'show_if: {in: [{var: a.sure}, ["yes", unsure]]}', 'show_if: {"===": [{var: a.sure}, "yes"]}', "show_if:", "can be answered \"I don't know\": name 'unsure' here"),
    "unsure unsaid on a page": (ONE, '{"===": [{var: a.kind}, large]}\n        questions', '{"===": [{var: a.sure}, "yes"]}\n        questions', "show_if:", "can be answered \"I don't know\""),
    "asked later": (ONE, "ask: What kind?", 'ask: What kind?\n            show_if: {">": [{var: a.people}, 3]}', "show_if:", "'a.people' is asked later than this question"),
    "asked later through a fact": (ONE, "type: text, ask: Title}", "type: text, ask: Title, show_if: {var: c.large}}", "show_if:", "'c.large' is asked later than this question (through a.kind)"),
    "page on itself": (ONE, '{"===": [{var: a.kind}, large]}\n        questions', '{some: [{var: p.list}, {"===": [{var: kind}, x]}]}\n        questions', "show_if:", "'p.list' is asked later"),
    "section on a later one": (ONE, "    title: First\n", '    title: First\n    show_if: {"===": [{var: a.kind}, large]}\n', "show_if: {", "'a.kind' is asked later"),
    "column on a later one": (TWO, "options: {remote: Remote, likely: Likely}}", 'options: {remote: Remote, likely: Likely}, show_if: {"===": [{var: severity}, grave]}}', "var: severity}, grave]}}\n              - {id: sev", "nothing here is called 'severity'"),
    # Rules
    "cycle": (RULES, 'when: {"===": [{var: a.kind}, large]}}', 'when: {"===": [{var: d.what}, go]}}', "{id: c.large", "each waits for the next, for ever: "),
    "cycle on itself": (RULES, 'when: {"===": [{var: a.kind}, large]}}', "when: {var: c.large}}", "{id: c.large", "for ever: c.large"),
    "name twice": (RULES, "id: d.what", "id: c.large", "id: c.large\n", "'c.large' is the name of something else already"),
    "name of a question": (RULES, "id: d.what", "id: a.kind", "id: a.kind", "'a.kind' is the name of something else already"),
    "flag twice": (RULES, "id: R2", "id: R1", "id: R1, title: High", "the flag 'R1' is defined twice"),
    "kind of flag": (RULES, "for: dpo", "kind: flg\n    for: dpo", "kind: flg", "'flag' or 'tolerance'"),
    "person of a flag": (RULES, "for: dpo", "for: dop", "for: dop", "there is nobody 'dop' under people"),
    "stage of a flag": (RULES, "blocks: dpia", "blocks: dpai", "blocks: dpai", "there is no stage 'dpai'; did you mean 'dpia'"),
    "stage of a flag among several": (RULES, "blocks: dpia", "blocks: [idea, dpai]", "blocks: [idea, dpai]", "there is no stage 'dpai'; did you mean 'dpia'"),
    "checked without a day": (RULES, "for: dpo", "checked: true\n    for: dpo", "checked: true", "'checked' is the day it was confirmed, such as \"2026-05-01\", or false"),
    "an outcome called unsure": (RULES, "code: go, label: Go", "code: unsure, label: Go", "code: unsure", "'unsure' says that a person does not know, and settles nothing: give it another code, such as not_known"),
    "an entry called unsure": (RULES, "code: lock, title", "code: unsure, title", "code: unsure", "give it another code"),
    "a level called unsure": (RULES, "code: low, label: Low}, {code: high", "code: unsure, label: Low}, {code: high", "code: unsure", "call this level otherwise"),
    "a derived column called unsure": (TWO, "{id: kind, title: Kind, look_up: {row: who, column: kind}}", "{id: kind, title: Kind, decide: [{code: unsure, label: A, otherwise: true}]}", "code: unsure", "give it another code"),
    "measure": (RULES, "measures: [lock]", "measures: [look]", "look]", "no offer has the measure 'look'; did you mean 'lock'"),
    "likelihood": (RULES, "likelihood: likely\n", "likelihood: lively\n", "likelihood: lively", "'lively' is none of remote, likely"),
    "matrix": (TWO, "matrix: {id: m_2x2", "matrix: {id: m_2x3", "id: m_2x3", "there is no matrix 'm_2x3'; did you mean 'm_2x2'"),
    "matrix column": (TWO, "likelihood: likelihood, severity", "likelihood: likelyhood, severity", "matrix:", "no column 'likelyhood'"),
    "matrix code": (TWO, "options: {minor: Minor, grave: Grave}", "options: {minor: Minor, graver: Grave}", "matrix:", "'graver' of 'severity' is not in the matrix"),
    "matrix cell": (RULES, "      grave: {remote: low, likely: high}\n", "      grave: {remote: low}\n", "grave: {remote: low}", "no rating for 'likely'"),
    "matrix rating": (RULES, "grave: {remote: low, likely: high}", "grave: {remote: low, likely: hihg}", "likely: hihg", "'hihg' is no rating"),
    "matrix row": (RULES, "      grave: {remote: low, likely: high}\n", "", "cells:", "no cells for 'grave'"),
    "look_up of nothing": (TWO, "{row: who, column: kind}", "{row: who}", "look_up:", "row and column"),
    "look_up of no question": (TWO, "{row: who, column: kind}", "{question: a.king}", "question:", "there is no choice 'a.king'"),
    "look_up by nothing": (TWO, "{row: who, column: kind}", "{row: who, column: kind, rows: a.list, by: whom}", "look_up:", "whose 'by' refers to the same rows"),
    "look_up": (TWO, "column: kind}", "column: kin}", "look_up:", "a column of the rows it refers to"),
    "row_of": (TWO, "rows: p.list", "rows: p.lost", "rows: p.lost", "there are no rows 'p.lost'; did you mean 'p.list'"),
    "confirms": (TWO, "ask: Likelihood?,", "ask: Likelihood?, confirms: {rows: p.list, right: remote},", "rows: p.list, right", "no row_of column"),
    "confirms by no option": (TWO, "ask: Likelihood?,", "ask: Likelihood?, confirms: {rows: b.risks, right: remoter},", "right: remoter", "the column has no option 'remoter'; did you mean 'remote'"),
    "bands": (RULES, "from: bands}", "from: band}", "from: band}", "there are no bands 'band'; did you mean 'bands'"),
    "bands out of order": (RULES, "levels: [{code: low, label: Low}, {code: high, label: High, from: 1.5}]", "levels: [{code: low, label: Low}, {code: m, label: M, from: 2}, {code: high, label: High, from: 1.5}]", "levels:", "rise"),
    "points": (RULES, "points: {small: 1, large: 2}", "points: {small: 1}", "{points: a.kind}", "do not say how 'large' of 'a.kind' counts"),
    "points of what": (RULES, "{points: a.kind}", "{points: a.title}", "points: a.title", "no choice, band or decision is called 'a.title'"),
    "score of what": (RULES, "{var: a.people}]", "{var: a.peeple}]", "var: a.peeple", "no number or score is called 'a.peeple'; did you mean 'a.people'"),
    "score operator": (RULES, "value: {mean:", "value: {median:", "value:", "a score is a number or one of mean"),
    "with": (RULES, "with: [a.why]", "with: [a.wy]", "a.wy", "no question 'a.wy'; did you mean 'a.why'"),
    "otherwise first": (RULES, "{code: go, label: Go, when: {var: c.large}}", "{code: go, label: Go, otherwise: true}", "{code: go", "'otherwise' comes last"),
    "neither": (RULES, "{code: go, label: Go, when: {var: c.large}}", "{code: go, label: Go}", "{code: go", "either 'when' or 'otherwise: true'"),
    "outcome twice": (RULES, "code: stop", "code: go", "code: go, label: Stop", "'go' is there already"),
    "entry twice": (RULES, "- {code: lock, title: Lock it}", "- {code: lock, title: Lock it}\n      - {code: lock, title: B}", "code: lock, title: B", "'lock' is there already"),
    # The pipeline
    "questionnaire of a stage": (PIPELINE, "questionnaires: [two]", "questionnaires: [tow]", "tow]", "there is no questionnaire 'tow'"),
    "questionnaire twice": (PIPELINE, "questionnaires: [two]", "questionnaires: [two, one]", "one], closed_by: dpo", "'one' belongs to an earlier stage already"),
    "questionnaire of no stage": (PIPELINE, "questionnaires: [two], ", "", "", "no stage of the pipeline asks this questionnaire"),
    "stage of a route": (PIPELINE, "stages: [idea, dpia]", "stages: [idea, dpai]", "dpai]", "there is no stage 'dpai'; did you mean 'dpia'"),
    "left out of a route": (PIPELINE, "stages: [idea, dpia]", "stages: [idea, dpia], leaves_out: [tow]", "tow]", "there is no questionnaire 'tow'; did you mean 'two'"),
    "on every route": (PIPELINE, "on_every_route: [one]", "on_every_route: [one, idea]", "idea]", "there is no questionnaire 'idea'"),
    "limit of whom": (PIPELINE, "stages: [idea, dpia]", "stages: [idea, dpia], limits: {led: 40}", "led: 40", "there is nobody 'led' under people; did you mean 'lead'"),
    "named question": (PIPELINE, "title: a.title", "title: a.titel", "title: a.titel", "there is no question 'a.titel'; did you mean 'a.title'"),
    "advice on what": (PIPELINE, "doors:", ADVICE.replace("on: a.day", "on: a.dya"), "on: a.dya", "there is no question 'a.dya'; did you mean 'a.day'"),
    "advice of another type": (PIPELINE, "doors:", ADVICE.replace("on: a.day", "on: a.kind"), "on: a.kind", "'a.kind' is not a date question"),
    "signed of another type": (PIPELINE, "doors:", SIGNED, "file: a.why", "'a.why' is not a file question"),
    "signed that is no option": (PIPELINE, "doors:", SIGNED, "smal: [idea]", "there is no option 'smal'; did you mean 'small'"),
    "signed for no stage": (PIPELINE, "doors:", SIGNED, "dpa]", "there is no stage 'dpa'; did you mean 'dpia'"),
    "advice that is no option": (PIPELINE, "doors:", ADVICE.replace("code: small", "code: smal"), "code: smal", "'a.kind' has no option 'smal'; did you mean 'small'"),
    "document": (PIPELINE, "documents: [note]", "documents: [notes]", "notes]", "there is no output 'notes'; did you mean 'note'"),
    "closed by": (PIPELINE, "closed_by: dpo", "closed_by: dop", "closed_by: dop", "there is nobody 'dop' under people; did you mean 'dpo'"),
    "takes part": (PIPELINE, "takes_part: [lead]", "takes_part: [led]", "led]", "there is nobody 'led' under people"),
    "answer of a door": (PIPELINE, "answers: {a.kind: large}", "answers: {a.kin: large}", "a.kin: large", "there is no question 'a.kin'; did you mean 'a.kind'"),
    "wrong answer of a door": (PIPELINE, "answers: {a.kind: large}", "answers: {a.kind: huge}", "a.kind: huge", "none of its options"),
    "route without an end": (PIPELINE, "otherwise: true, stages: [idea, dpia]", "when: {var: c.large}, stages: [idea, dpia]", "{code: full", "the last route says 'otherwise: true'"),
    # Outputs
    "block of nothing": (OUTPUT, "heading: The project", "level: 2", "level: 2", "a block is exactly one of"),
    "answers of what": (OUTPUT, "a.title, a.kind]", "a.title, a.kid]", "a.kid]", "nothing is called 'a.kid'; did you mean 'a.kind'"),
}  # fmt: skip


def located(text: str, at: str) -> str:
    """Return line:column of where `at` begins in a text."""
    before = text[: text.index(at)]
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_at_its_place_with_a_mend(name: str) -> None:
    file, old, new, at, words = FAULTS[name]
    assert FILES[file].count(old) == 1, "the text to replace must be there once"
    text = FILES[file].replace(old, new)
    lines = lines_of(encoded({**FILES, file: text}))
    if name == "questionnaire of no stage":
        file, where = TWO, "1:1"
    else:
        where = located(text, at)
    matching = [line for line in lines if words in line]
    assert any(line.startswith(f"{file}:{where}: ") for line in matching), (where, lines)


PART = '{"===": [{var: a.kind}, large]}'
MANY = {
    "flat": f"and: [{', '.join([PART] * 1_500)}]",
    "nested": f"or: [{', '.join([f'{{and: [{PART}, {PART}, {PART}]}}'] * 1_000)}]",
    "20,000 parts": f"and: [{', '.join([PART] * 20_000)}]",
}


@pytest.mark.parametrize("when", MANY.values(), ids=MANY)
def test_a_rule_of_endless_parts_is_refused_with_a_mend(when: str) -> None:
    old = 'when: {"===": [{var: s.size_band}, high]}'
    assert FILES[RULES].count(old) == 1
    text = FILES[RULES].replace(old, f"when: {{{when}}}")
    (line,) = lines_of(encoded({**FILES, RULES: text}))
    assert line.startswith(f"{RULES}:{located(FILES[RULES], old).partition(':')[0]}:")
    assert re.search("more than 2,000 parts in one (definition: give some|list: split)", line)


def test_a_score_of_endless_parts_is_refused_with_a_mend() -> None:
    old = "{mean: [{points: a.kind}, {var: a.people}]}"
    inner = "{sum: [{var: a.people}, {var: a.people}, {var: a.people}]}"
    text = FILES[RULES].replace(old, f"{{sum: [{', '.join([inner] * 700)}]}}")
    (line,) = lines_of(encoded({**FILES, RULES: text}))
    assert "more than 2,000 parts in one definition" in line


def test_faults_of_several_files_are_reported_together_in_the_order_of_their_places() -> None:
    files = {
        **FILES,
        PIPELINE: FILES[PIPELINE].replace("closed_by: dpo", "closed_by: dop"),
        ONE: FILES[ONE].replace("check: email", "check: emial").replace("min: 0,", "min: few,"),
        TWO: FILES[TWO].replace("use: a.kind", "use: a.kin"),
        RULES: FILES[RULES].replace("large]", "larg]").replace("[lock]", "[lok]"),
        OUTPUT: FILES[OUTPUT].replace("a.title", "a.titel"),
    }
    lines = lines_of(encoded(files))
    assert [line.split(":")[0] for line in lines] == [OUTPUT, ONE, ONE, PIPELINE, TWO, RULES, RULES]
    places = [
        (file, int(line), int(column)) for file, line, column, *_ in (x.split(":") for x in lines)
    ]
    assert places == sorted(places)


def test_a_name_that_an_unreadable_file_may_define_is_no_fault_of_its_own() -> None:
    lines = lines_of(encoded({**FILES, ONE: FILES[ONE].replace("type: date", "type: [date")}))
    assert [line.split(":")[0] for line in lines] == [ONE]


def test_an_unreadable_pipeline_does_not_hide_the_faults_of_other_files() -> None:
    lines = lines_of(encoded({**FILES, PIPELINE: "title: [", TWO: "a: 010"}))
    assert {line.split(":")[0] for line in lines} == {PIPELINE, TWO}


def test_a_missing_pipeline_is_named() -> None:
    files = encoded(FILES)
    del files[PIPELINE]
    assert lines_of(files) == [
        f"{PIPELINE}:1:1: this file is missing; it names the stages and routes"
    ]


def test_options_of_its_own_and_of_an_offer_stand_together_where_one_excludes_the_rest() -> None:
    own = "options: {none: None of these}, exclusive: none, options_from: m.list"
    files = {**FILES, ONE: FILES[ONE].replace("options_from: m.list", own)}
    question = compile_catalogue(encoded(files)).program.questions["a.measures"]
    assert question.labels == {"none": "None of these", "lock": "Lock it"}


def test_a_question_id_may_contain_the_name_of_a_method() -> None:
    text = FILES[TWO].replace("id: b.more", "id: x.validate")
    catalogue = compile_catalogue(encoded({**FILES, TWO: text}))
    assert catalogue.program.questions["x.validate"].type == "text"


@pytest.mark.parametrize("name", ["x.model_dump", "x.copy", "x.keys", "b.class", "b.0"])
def test_any_word_may_be_part_of_an_id(name: str) -> None:
    text = FILES[TWO].replace("id: b.more", f"id: {name}")
    assert name in compile_catalogue(encoded({**FILES, TWO: text})).program.questions


def test_the_hash_of_a_catalogue_depends_on_names_and_bytes() -> None:
    files = encoded(FILES)
    same = dict(reversed(list(files.items())))
    assert content_hash(files) == content_hash(same)
    assert content_hash(files) != content_hash({**files, ONE: files[ONE] + b" "})
    assert content_hash({"a": b"bc"}) != content_hash({"ab": b"c"})


def test_a_file_with_very_many_faults_is_refused_soon() -> None:
    text = "title: T\nsections: []\n" + "".join(f"key{n}: 1\n" for n in range(1_900))
    lines = lines_of(encoded({**FILES, TWO: text}))
    assert 100 < len(lines) < 1_000


# Mutants of the definitions of the product


LOCATED = re.compile(
    r"^(questionnaires|rules|outputs)/(organisations/)?[a-z0-9_-]+\.yaml:[0-9]+:[0-9]+: \S"
)


def mutants(text: str, number: int, seed: str) -> Iterator[str]:
    """Texts with one line changed as a slip of the hand, or an ill will, would change it."""
    chance = random.Random(seed)  # noqa: S311 - the same mutants every time
    lines = text.split("\n")
    for _ in range(number):
        at = chance.randrange(len(lines))
        changed = chance.choice(SLIPS)(lines[at], chance)
        yield "\n".join([*lines[:at], *changed, *lines[at + 1 :]])


def _cut(line: str, chance: random.Random) -> list[str]:
    at = chance.randrange(len(line) + 1)
    return [line[:at] + line[at + chance.randrange(1, 6) :]]


def _stray(line: str, chance: random.Random) -> list[str]:
    at = chance.randrange(len(line) + 1)
    return [
        line[:at]
        + chance.choice(["{", "]", ":", ",", "'", "*a", "&a ", "!x ", "\t", "\0", "é"])
        + line[at:]
    ]


def _word(line: str, chance: random.Random) -> list[str]:
    words = re.findall(r"[\w.]+", line) or [line]
    new = chance.choice(
        ["12", "010", "no", "null", "true", "[]", "{}", "x.y", "unsure", "waiting", "''", "a"]
    )
    return [line.replace(chance.choice(words), new, 1)]


SLIPS = [
    lambda _line, _chance: [],
    lambda line, _chance: [line, line],
    lambda line, _chance: ["  " + line],
    lambda line, _chance: [line.removeprefix("  ")],
    _cut,
    _stray,
    _word,
    _word,
]


def outcome_of(files: dict[str, bytes]) -> list[str]:
    """Return the faults; anything but a load or BadDefinitions is raised."""
    lines = lines_of(files)
    assert all(LOCATED.match(line) for line in lines), [x for x in lines if not LOCATED.match(x)]
    return lines


@pytest.mark.parametrize("file", FILES)
def test_a_mutant_of_a_small_catalogue_loads_or_is_refused_with_places(file: str) -> None:
    refused = 0
    for text in mutants(FILES[file], 150, file):
        refused += bool(outcome_of(encoded({**FILES, file: text})))
    assert refused > 50


REAL = read_files(content_root())


@pytest.mark.parametrize("file", [file for file in REAL if file.endswith(".yaml")])
def test_a_mutant_of_a_shipped_file_loads_or_is_refused_with_places(file: str) -> None:
    # Alone with the pipeline (which lacks the rest, so it is always refused), and once in the whole.
    alone = {PIPELINE: REAL[PIPELINE]}
    for n, text in enumerate(mutants(REAL[file].decode(), 13, file)):
        outcome_of({**(alone if n else REAL), file: text.encode()})


def test_bad_definitions_say_all_their_lines() -> None:
    with pytest.raises(BadDefinitions) as bad:
        compile_catalogue(encoded({**FILES, TWO: "a: 010", OUTPUT: "a: 010"}))
    assert str(bad.value).splitlines() == bad.value.lines
    assert len(bad.value.lines) == 2
