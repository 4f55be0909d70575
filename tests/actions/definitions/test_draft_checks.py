"""A definition checked as it is typed: everything is told at its line, with how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from app.actions.definitions.draft_checks import FAULT, FINDING, Check, Told, check_text, parted
from app.actions.definitions.draft_words import kind_of, words_of
from app.catalogue import Catalogue
from tests.shipped import shipped_catalogue
from tests.tiny import ON, flag, lines_of, sources, tiny

ASKED = [{"id": "a.yes", "type": "yes_no", "ask": "Is it so?"}]
FILES = sources(ASKED, {"flags": [flag({"===": [{"var": "a.yes"}, "yes"]})]})
RULES = "rules/r.yaml"


def check(text: str, path: str = RULES, files: Mapping[str, bytes] = FILES) -> Check:
    return check_text(files, FILES, path, text.encode(), ON)


def test_a_sound_text_is_told_nothing_of_and_comes_compiled() -> None:
    found = check("flags: []")
    assert (found.here, found.elsewhere) == ((), ())
    assert isinstance(found.catalogue, Catalogue)


def test_a_fault_is_told_at_its_line_and_column_with_how_to_mend_it() -> None:
    text = 'flags:\n  - {id: F, title: T, because: B, when: {"===": [{var: a.yse}, "yes"]}}'
    assert check(text).here == (
        Told(
            RULES,
            2,
            51,
            "Nothing here is called 'a.yse'",
            "Did you mean a.yes?",
            FAULT,
            "a.yes",
        ),
    )


def test_what_a_change_breaks_in_other_files_is_told_apart() -> None:
    whole = FILES["questionnaires/q.yaml"].decode()
    found = check(whole.replace("a.yes", "a.is_so"), "questionnaires/q.yaml")
    assert found.here == ()
    assert [each.path for each in found.elsewhere] == [RULES]
    assert found.catalogue is None


def test_a_check_finds_what_publishing_would_find() -> None:
    text = b"flags: [{id: F, title: T, becuase: B}]"
    lines = lines_of({**FILES, RULES: text})
    found = check(text.decode())
    assert len(lines) == len(found.here) > 1
    assert [f"{each.path}:{each.line}:{each.column}" for each in found.here] == [
        line.rsplit(": ", 1)[0].split(": ")[0] for line in lines
    ]


EXAMPLES = """
conditions:
  - id: c.named
    title: Named
    when: {"===": [{var: a.yes}, "yes"]}
    raised_by:
      - {a.yes: "yes"}
      - {a.yes: "no"}
    not_by: [{a.yse: "no"}]
"""


def test_an_example_that_comes_out_otherwise_is_a_finding_at_its_line() -> None:
    found = check(EXAMPLES).here
    assert [(each.line, each.kind, each.put) for each in found] == [
        (8, FINDING, ""),
        (9, FINDING, "a.yes"),
    ]


def test_examples_of_rules_that_did_not_change_are_left_to_the_test_bench() -> None:
    base = {**FILES, RULES: EXAMPLES.encode()}
    text = EXAMPLES + "flags: []\n"
    assert check_text(base, base, RULES, text.encode(), ON).here == ()
    renamed = text.replace("title: Named", "title: Named anew").encode()
    assert len(check_text(base, base, RULES, renamed, ON).here) == 2


def test_a_file_that_is_new_in_the_draft_is_checked_as_a_whole() -> None:
    new = "rules/new.yaml"
    files = {**FILES, new: b""}
    assert len(check_text(files, FILES, new, EXAMPLES.encode(), ON).here) == 2


@pytest.mark.parametrize(
    ("message", "said", "mend", "put"),
    [
        ("'x' is no key here; did you mean 'y'?", "'x' is no key here", "Did you mean y?", "y"),
        ("tags are not allowed: remove !x", "Tags are not allowed", "Remove !x", ""),
        (
            "'F1' is a key: it is here twice: remove one",
            "'F1' is a key: it is here twice",
            "Remove one",
            "",
        ),
        (
            "'a' has no option 3; its options are x, y",
            "'a' has no option 3",
            "Its options are x, y",
            "",
        ),
        ("needs 'title'", "Needs 'title'", "", ""),
        (
            "a bracket is not closed, or a comma is missing: add it",
            "A bracket is not closed, or a comma is missing",
            "Add it",
            "",
        ),
        ("", "", "", ""),
        ("remove", "Remove", "", ""),
    ],
)
def test_a_message_says_what_is_wrong_apart_from_how_to_mend_it(
    message: str, said: str, mend: str, put: str
) -> None:
    assert parted(message) == (said, mend, put)


# What may be written


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("questionnaires/idea.yaml", "questionnaire"),
        ("questionnaires/pipeline.yaml", "pipeline"),
        ("questionnaires/organisations/pipeline.yaml", "register"),
        ("questionnaires/organisations/who_decides.yaml", "questionnaire"),
        ("rules/organisations/standing.yaml", "rules"),
        ("outputs/dpia.yaml", "outputs"),
    ],
)
def test_each_file_has_the_schema_of_its_kind(path: str, kind: str) -> None:
    assert kind_of(path) == kind


def test_the_words_hold_every_name_with_its_options_and_columns() -> None:
    catalogue = tiny(
        [
            *ASKED,
            {
                "id": "a.rows",
                "type": "rows",
                "ask": "Who?",
                "columns": [{"id": "signed", "type": "yes_no", "ask": "Signed?"}],
            },
        ]
    )
    words = words_of(catalogue, RULES)
    yes = {"yes": "Yes", "no": "No", "unsure": "I don't know"}
    assert words["names"]["a.yes"] == {
        "label": "Is it so?",
        "kind": "yes_no",
        "options": yes,
        "where": "Q: P",
    }
    assert words["names"]["a.rows"]["columns"]["signed"]["options"] == yes
    assert words["lists"]["stages"] == {"s": "Stage"}
    assert words["lists"]["people"] == {"lead": "Lead", "dpo": "DPO"}


@pytest.mark.parametrize("path", ["rules/legal.yaml", "questionnaires/pipeline.yaml"])
def test_every_list_that_a_key_names_is_there_and_holds_something(path: str) -> None:
    words = words_of(shipped_catalogue(), path)
    lists: dict[str, Any] = words["lists"]
    assert [name for name in set(words["keys"].values()) if not lists.get(name)] == []


def test_an_organisations_file_is_offered_the_names_of_its_own_part() -> None:
    catalogue = shipped_catalogue()
    names = words_of(catalogue, "rules/organisations/standing.yaml")["names"]
    assert "org.kind" in names
    assert "org.kind" not in words_of(catalogue, RULES)["names"]
