"""The policy as a table, and duties that one person may not join."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from app.actions.access.policy import GOVERNANCE, POLICY, SEES, SEPARATE, TOLD, Relation, Thing
from app.actions.access.roles import ROLES
from app.actions.actor import Actor
from app.actions.errors import NotAllowed
from app.actions.projects import list_projects
from app.actions.review.acts import NewAct, record_act
from app.core.standing import ADVISE, CLOSE, DISMISS, LIFT, SIGN
from app.store.database import read, write
from tests.databases import NOW, World


def act(world: World, actor: Actor, kind: str, at: datetime = NOW) -> None:
    with write(world.engine) as conn:
        record_act(conn, actor, world.reference, NewAct(kind, "dpia", at))


@pytest.mark.parametrize(
    ("first", "then", "may"),
    [
        (ADVISE, SIGN, False),
        (LIFT, SIGN, False),
        (SIGN, ADVISE, False),
        (SIGN, LIFT, False),
        (ADVISE, ADVISE, True),
        (ADVISE, LIFT, True),
        (SIGN, SIGN, True),
        (DISMISS, SIGN, True),
        (CLOSE, ADVISE, True),
    ],
)
def test_one_person_does_not_join_what_two_must_do(
    world: World, first: str, then: str, may: bool
) -> None:
    act(world, world.ben, first)
    if may:
        act(world, world.ben, then)
        return
    with pytest.raises(NotAllowed, match=TOLD[first]):
        act(world, world.ben, then)
    # In whatever role and for whichever organisation, but not another person.
    with pytest.raises(NotAllowed):
        act(world, replace(world.ann, person_id=world.ben.person_id, role="dpo"), then)
    stranger = replace(world.ben, person_id=world.stranger.person_id, role="dpo")
    other = world.ann if then == SIGN else stranger
    act(world, other, then)


@pytest.mark.parametrize(("kind", "may"), [(ADVISE, False), (LIFT, False), (SIGN, True)])
def test_who_leads_a_project_neither_advises_nor_lifts(world: World, kind: str, may: bool) -> None:
    dpo = replace(world.ann, role="dpo")
    if may:
        act(world, dpo, kind)
        return
    with pytest.raises(NotAllowed, match="leads a project"):
        act(world, dpo, kind)


def test_what_must_be_kept_apart_is_told_in_words() -> None:
    assert {each for apart in SEPARATE.values() for each in apart} == set(TOLD)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_projects_are_listed_for_the_roles_that_see_them(world: World, role: str) -> None:
    with read(world.engine) as conn:
        listed = list_projects(conn, replace(world.ann, role=role))
    assert len(listed) == (role in SEES)


def test_whoever_runs_the_service_sees_no_project() -> None:
    assert frozenset(ROLES) - SEES == {"administrator", "editor", "system"}
    assert GOVERNANCE < SEES


def test_every_line_that_is_not_public_names_known_roles_and_what_they_do() -> None:
    for line in POLICY.values():
        assert line.roles <= frozenset(ROLES), line.id
        assert line.roles, line.id
        assert line.does, line.id
        if line.thing is Thing.PROJECT:
            assert line.roles <= SEES, line.id
            assert line.relations <= {Relation.OWN, Relation.PARTICIPATING}, line.id


def test_a_line_refuses_whoever_it_does_not_name() -> None:
    line = POLICY["stage.sign"]
    assert not line.refuses("signatory")
    assert all(line.refuses(role) for role in {*ROLES, "somebody"} - {"signatory"})
    assert not POLICY["public"].refuses("anybody")
    assert line.whose() == "signatory"
