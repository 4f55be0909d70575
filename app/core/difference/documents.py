"""Which documents of a project a change touches: by the facts that their blocks read."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from app.core.assessment import Result
from app.core.difference.change import Definitions
from app.core.difference.effects import DOCUMENT, SIGNATURE, Both, Effect, differing
from app.core.difference.reach import Reach
from app.core.difference.signs import Gates
from app.core.domains import UNSURE
from app.core.explanation import because, settled_by
from app.core.facts import Facts
from app.core.program import bases

COVERS = "Covers what stands"
UNCOVERED = "Out of date once the project moves; what was signed stays as it is"
NO_DOCUMENT = "The document is not offered any more; what was signed stays as it is"
READS_OTHERWISE, NEW_DOCUMENT, NOT_OFFERED = "Reads otherwise", "Offered", "Not offered"

NOBODY: frozenset[str] = frozenset()


def documents(
    reach: Reach, both: Both, signed: Collection[str] = NOBODY, *, lifted: bool = False
) -> Iterator[Effect]:
    """The documents of a project that would print otherwise, or be offered otherwise.

    `signed`: those that somebody signed. They are never changed: what they would print now puts the
    signatures under them out of date. `lifted`: a stop was lifted, which every document tells.
    """
    if not reach.outlines:
        return
    before = _offered(reach.old, both.old, reach.gates[0])
    after = _offered(reach.new, both.new, reach.gates[1])
    values = NOBODY if both.same else differing(reach, both)
    flags = _flags_touched(reach, both, values)
    behind = flags or _behind_flags(reach, both)
    for name, printed in reach.outlines.items():
        if name in before and name in after:
            told = (flags and (printed.judged or lifted)) or (behind and printed.detailed)
            if told or _prints_otherwise(reach, both, name, values):
                yield _otherwise(name, signed)
        elif name in before and name in signed:
            yield Effect(SIGNATURE, name, COVERS, NO_DOCUMENT)
        elif name in before:
            yield Effect(DOCUMENT, name, NEW_DOCUMENT, NOT_OFFERED)
        elif name in after:
            yield Effect(DOCUMENT, name, NOT_OFFERED, NEW_DOCUMENT)


def _otherwise(name: str, signed: Collection[str]) -> Effect:
    """A document that would print otherwise: it is made again, or its signatures are out of date."""
    if name in signed:
        return Effect(SIGNATURE, name, COVERS, UNCOVERED)
    return Effect(DOCUMENT, name, "As it reads now", READS_OTHERWISE)


def _offered(definitions: Definitions, found: Facts, gates: Gates) -> frozenset[str]:
    """The documents that a project has."""
    pipeline = definitions.pipeline
    route = pipeline.path(found.values.get(pipeline.route.id))
    named = route.documents or definitions.outlines
    return gates.passed(found).intersection(named)


def _prints_otherwise(reach: Reach, both: Both, name: str, values: frozenset[str]) -> bool:
    printed = reach.outlines[name]
    if name in reach.rewritten or not printed.ids.isdisjoint(values):
        return True
    if printed.whole and (reach.asks or values):
        return True
    if printed.detailed and not values.isdisjoint(reach.new.program.questions):
        return True  # what is left to answer is counted
    if printed.gaps and any(_is_open(both.new, id_) for id_ in printed.ids & reach.reworded):
        return True
    told = printed.ids & reach.said | printed.asked & reach.reworded
    return any(_is_said(reach, both, id_) for id_ in told)


def _is_said(reach: Reach, both: Both, id_: str) -> bool:
    """Whether something that reads otherwise is there to be printed."""
    programs = reach.old.program, reach.new.program
    if not any(id_ in program.scope for program in programs):
        return True  # the words of an offer, a questionnaire or the pipeline
    return any(id_ in found.shown or id_ in found.values for found in (both.old, both.new))


QUIET = (None, Result.CLEAR)


def _flags_touched(reach: Reach, both: Both, values: frozenset[str]) -> bool:
    """Whether a document that tells of flags tells something else, the questions behind them apart."""
    if not reach.flags:
        return False
    one, other = both.results
    return any(
        one.get(id_) != other.get(id_)
        or id_ in reach.restated
        or not values.isdisjoint(reach.cones[id_])
        for id_ in reach.flags
        if one.get(id_) not in QUIET or other.get(id_) not in QUIET
    )


def _behind_flags(reach: Reach, both: Both) -> bool:
    """Whether a question reads otherwise that is told beside a flag."""
    said = (reach.said | reach.reworded) & reach.new.program.scope.keys()
    if not said:
        return False
    found = both.new
    if not said <= reach.new.program.questions.keys():
        return True  # a derived fact reads otherwise: its name may stand for what is behind it
    answered = {id_ for id_ in said if id_ in found.values}
    blank = {id_ for id_ in said if _is_open(found, id_)}
    results = both.results[1]
    for each in found.program.flags:
        result, cone = results.get(each.rule.id), reach.cones[each.rule.id]
        told: tuple[str, ...] = ()
        if result is Result.RAISED and not cone.isdisjoint(answered):
            told = because(each.when, found).answers
        elif result is Result.UNDETERMINED and not cone.isdisjoint(blank):
            told = settled_by(each.when, found)
        if not said.isdisjoint(bases(told)):
            return True
    return False


def _is_open(found: Facts, id_: str) -> bool:
    """Whether some answer of a question is still to be given, or is "I don't know"."""
    value = found.values.get(id_)
    rows = isinstance(value, list) and any(isinstance(each, dict) for each in value)
    return value is None or rows or value in (UNSURE, [UNSURE])
