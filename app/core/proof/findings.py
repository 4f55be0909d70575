"""What is wrong: the lines that make it so, or answers that show it, a mend, and what follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.core.proof.claims import Claim
from app.core.proof.formula import Contradictions, Edit, Line, Oracle, Place
from app.core.proof.mending import nearest_mend
from app.core.proof.world import World

COMPARING = frozenset({"implied", "duplicate", "implies"})
ORDER = ("section", "page", "question", "column", "condition", "score", "outcome", "band", "raised")


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, the lines that make it so or answers that show it, and a mend.

    `follows`: what else cannot happen because of it. `edit`: the mend, where it is one change of a
    file that nobody has to think about further.
    """

    kind: str
    name: str
    place: Place
    says: str
    mend: str
    lines: tuple[Line, ...] = ()
    witness: Mapping[str, Any] | None = None
    follows: tuple[str, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()  # kind and name of each of those
    edit: Edit | None = None


def refuted(world: World, claim: Claim) -> Finding:
    """That a claim cannot be. Its world should be its own: then little is searched."""
    wanted = {n: line for atom in claim.atoms for n, line in atom.wanted(world)}
    contradictions = Contradictions(world.formula)
    found = _lines(contradictions.among(wanted), wanted, world)
    lines = tuple(sorted(found, key=lambda line: (line.place.file, _key(line.place))))
    contradictions.close()
    mend = None
    if claim.kind not in COMPARING:
        oracle = Oracle(world.formula)
        mend = nearest_mend(world, oracle, claim, {line.place for line in lines})
        oracle.close()
    says = mend.says if mend else claim.mend
    edit = mend.edit if mend else claim.edit
    return Finding(claim.kind, claim.name, claim.place, claim.says, says, lines, edit=edit)


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Findings as they stand in the files, each with those that follow from it."""
    gathered = _gathered(findings)
    return tuple(sorted(gathered, key=lambda each: (each.place.file, _key(each.place))))


def _lines(core: list[int], wanted: Mapping[int, Line | None], world: World) -> Iterator[Line]:
    """The lines of files behind the literals of a contradiction, none twice."""
    seen = set()
    for literal in core:
        line = wanted.get(literal)
        if line is None and literal in world.formula.lines:
            place, says = world.formula.lines[literal]
            line = Line(place, says())
        if line is not None and line.place not in seen:
            seen.add(line.place)
            yield line


def _key(place: Place) -> list[tuple[bool, int, str]]:
    """Paths in the order of the file, numbers as numbers."""
    return [
        (isinstance(part, str), part if isinstance(part, int) else 0, str(part))
        for part in place.path
    ]


def _gathered(findings: list[Finding]) -> list[Finding]:
    """Findings with the ones that follow from them: a dead question makes dead rules."""
    ranked = sorted(
        findings, key=lambda f: (len(f.lines), ORDER.index(f.kind) if f.kind in ORDER else 99)
    )
    kept: list[Finding] = []
    for each in ranked:
        places = {line.place for line in each.lines}
        cause = next((n for n, f in enumerate(kept) if _causes(f, each, places)), None)
        if cause is None:
            kept.append(each)
        else:
            before = kept[cause]
            kept[cause] = replace(
                before,
                follows=(*before.follows, each.says),
                ids=(*before.ids, (each.kind, each.name)),
            )
    return kept


def _causes(cause: Finding, other: Finding, places: set[Place]) -> bool:
    lines = {line.place for line in cause.lines}
    return bool(lines) and lines <= places and not {cause.kind, other.kind} & COMPARING
