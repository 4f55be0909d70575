"""What differs in the pipeline: stages, acts, routes, doors, roles, and what is said of the whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.core.difference.change import Effect, Thing
from app.core.difference.comparing import Comparison, Part
from app.core.models import Model
from app.core.pipeline import Pipeline, Routes

FLOW, MEANING, WORDING = Effect.FLOW, Effect.MEANING, Effect.WORDING
STAGES = Part("stage", lambda each: each.id, lambda each: each.title, FLOW, FLOW)
ACTS = Part("act", lambda each: each.id, lambda each: each.title, FLOW, WORDING)
ROUTES = Part("route", lambda each: each.code, lambda each: each.label, FLOW, FLOW)
DOORS = Part("door", lambda each: each.code, lambda each: each.title, FLOW, WORDING)
ROLES = Part("role", lambda each: each.holder, lambda each: each.title, MEANING, WORDING)


def compare_pipelines(it: Comparison, old: Pipeline, new: Pipeline, file: str) -> None:
    """Note every difference between two pipelines."""
    thing = Thing("pipeline", "pipeline", new.title, file)

    def listed(name: str, part: Part) -> Callable[[], None]:
        pair: tuple[Any, Any] = getattr(old, name, ()), getattr(new, name, ())
        return lambda: it.parts(thing, name, part, pair, it.keys)

    def route() -> None:
        _routes(it, thing, old.route, new.route)

    deep = {
        "stages": listed("stages", STAGES),
        "acts": listed("acts", ACTS),
        "doors": listed("doors", DOORS),
        "roles": listed("roles", ROLES),
        "route": route,
    }
    it.keys(thing, old, new, deep)


def _routes(it: Comparison, thing: Thing, old: Routes, new: Routes) -> None:
    def outcomes() -> None:
        pair: tuple[tuple[Model, ...], tuple[Model, ...]] = old.outcomes, new.outcomes
        it.parts(thing, "outcomes", ROUTES, pair, it.keys)

    it.keys(thing, old, new, {"outcomes": outcomes})
