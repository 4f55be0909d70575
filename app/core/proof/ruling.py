"""Claims about rules: each can be raised and can be clear, each outcome and band can come about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.core.logic import Expression
from app.core.program import ConditionNode, DecisionNode, Offering, Raising, ScoreNode
from app.core.proof.asking import LOOSEN
from app.core.proof.claims import Claim, Has, Judged, Valued
from app.core.proof.formula import Edit, Place
from app.core.proof.lines import Definitions, Said
from app.core.rules import Level
from app.core.wording import short

ALWAYS = "say when it does not hold, or remove it: what is always so needs no rule"


def ruling_claims(definitions: Definitions) -> Iterator[Claim]:
    """Everything that rules can come to."""
    for raising in definitions.program.flags:
        yield from _flag(definitions, raising)
    for node in definitions.program.nodes.values():
        match node:
            case ConditionNode():
                yield from _condition(definitions, node)
            case DecisionNode():
                yield from _decision(definitions, node)
            case ScoreNode():
                yield from _score(definitions, node)
    for id_, offering in definitions.program.offers.items():
        yield from _offer(definitions, id_, offering)
    yield from _matrices(definitions)


def said_of(definitions: Definitions, raising: Raising) -> Said:
    """The condition of a flag, where it stands."""
    rule = raising.rule
    place = definitions.where.rule("flags", rule.id).at("when")
    return Said(raising.when, rule.when, place, f"{rule.id} is raised only if")


def _flag(definitions: Definitions, raising: Raising) -> Iterator[Claim]:
    rule = raising.rule
    what = f"the flag {rule.id} “{short(rule.title)}”"
    yield from _both_ways("raised", rule.id, said_of(definitions, raising), what, "raised", "clear")


def _condition(definitions: Definitions, node: ConditionNode) -> Iterator[Claim]:
    place = definitions.where.rule("conditions", node.id).at("when")
    what = f"the condition “{short(node.rule.title)}” ({node.id})"
    said = Said(node.when, node.rule.when, place, f"“{short(node.rule.title)}” means that")
    yield from _both_ways("condition", node.id, said, what, "true", "false")


def _both_ways(kind: str, name: str, said: Said, what: str, yes: str, no: str) -> Iterator[Claim]:
    yield Claim(
        kind, name, said.place, (Judged(said),), f"{what} can never be {yes}",
        LOOSEN.format("it"), (said,),
    )  # fmt: skip
    clear = {"raised": "clear", "condition": "failing", "offered": "withheld"}[kind]
    yield Claim(
        clear, name, said.place, (Judged(said, holds=False),),
        f"{what} is always {yes}: no answers make it {no}", ALWAYS, (said,),
    )  # fmt: skip


def _decision(definitions: Definitions, node: DecisionNode) -> Iterator[Claim]:
    place = definitions.where.rule("decisions", node.id)
    title = short(node.rule.title)
    for n, outcome in enumerate(node.rule.outcomes):
        at = place.at("outcomes", n)
        yield Claim(
            "outcome",
            f"{node.id}={outcome.code}",
            at.at("when") if outcome.when is not None else at,
            (Has(node.id, (outcome.code,)),),
            f"“{title}” can never come out as “{short(outcome.label)}”",
            LOOSEN.format("the outcome")
            + "; an outcome only counts where none before it holds, so its place matters as well",
        )


def _score(definitions: Definitions, node: ScoreNode) -> Iterator[Claim]:
    place = definitions.where.rule("scores", node.id)
    title = short(node.rule.title)
    yield Claim(
        "score", node.id, place.at("value"), (Valued(node.id),),
        f"the score “{title}” can never have a value", LOOSEN.format("the score"),
    )  # fmt: skip
    for n, level in enumerate(node.levels):
        if node.rule.band and level.never is None:
            yield _level(definitions, node, n, level)


def _level(definitions: Definitions, node: ScoreNode, n: int, level: Level) -> Claim:
    use = node.rule.band
    bands = definitions.where.rule("bands", use.from_ if use else "")
    title = short(node.rule.title)
    return Claim(
        "band",
        f"{use.id if use else ''}={level.code}",
        bands.at("levels", n),
        (Has(use.id if use else "", (level.code,)),),
        f"the score “{title}” can never be “{short(level.label)}”",
        "move where this level or the next one begins, change the points, or say “never” and why",
    )


def beyond_claims(definitions: Definitions) -> Iterator[Claim]:
    """What must not be: a level of a band that is said to be out of reach."""
    for node in definitions.program.nodes.values():
        if isinstance(node, ScoreNode) and node.rule.band:
            for n, level in enumerate(node.levels):
                if level.never is not None:
                    claim = _level(definitions, node, n, level)
                    says = f"“{short(level.label)}” is said to be out of reach, but answers give it"
                    at = claim.place.at("never")
                    mend = "take “never” from the level"
                    edit = Edit(at, None)
                    yield replace(claim, kind="never", place=at, says=says, mend=mend, edit=edit)


def _offer(definitions: Definitions, id_: str, offering: Offering) -> Iterator[Claim]:
    place = definitions.where.rule("offers", id_)
    for n, (entry, when) in enumerate(zip(offering.rule.entries, offering.when, strict=True)):
        if when is not None:
            at = place.at("entries", n, "when")
            about = f"“{short(entry.title)}” is offered only if"
            said = Said(when, entry.when, at, about)
            what = f"the entry {entry.code} “{short(entry.title)}”"
            name = f"{id_}={entry.code}"
            yield from _both_ways("offered", name, said, what, "offered", "left out")


def _matrices(definitions: Definitions) -> Iterator[Claim]:
    for id_, matrix in definitions.program.matrices.items():
        place = definitions.where.rule("matrices", id_)
        for n, floor in enumerate(matrix.floor):
            at = place.at("floor", n, "when")
            expression = definitions.where.read(floor.when)
            yield _may_hold("floor", f"{id_}#{n + 1}", floor.when, expression, at, floor.label)
        if matrix.step_up is not None:
            at = place.at("step_up", "when")
            expression = definitions.where.read(matrix.step_up.when)
            yield _may_hold("step up", id_, matrix.step_up.when, expression, at, matrix.title)


def _may_hold(
    kind: str, name: str, raw: object, expression: Expression, at: Place, title: str
) -> Claim:
    said = Said(expression, raw, at, f"“{short(title)}” counts as more only if")
    says = f"“{short(title)}” can never count as more than it says"
    return Claim(kind, name, at, (Judged(said),), says, LOOSEN.format("it"), (said,))
