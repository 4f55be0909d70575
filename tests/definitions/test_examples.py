"""Every rule's examples come out as they say, and notice any change to the rule."""

from __future__ import annotations

import pytest

from app.catalogue import load
from app.settings import content_root
from tests.definitions.mutation import Exampled, exampled, survivors, wrong_examples

CATALOGUE = load(content_root())
RULES = list(exampled(CATALOGUE))


@pytest.mark.parametrize("each", RULES, ids=lambda each: each.id)
def test_a_rules_examples_come_out_as_they_say(each: Exampled) -> None:
    assert wrong_examples(each, CATALOGUE) == []


@pytest.mark.parametrize("each", RULES, ids=lambda each: each.id)
def test_a_change_to_any_literal_operator_or_conjunct_is_noticed_by_an_example(
    each: Exampled,
) -> None:
    assert survivors(each, CATALOGUE)[1] == []
