"""What a change does to projects, in the words of the definitions."""

from __future__ import annotations

from app.core.difference.change import Definitions
from app.core.difference.effects import ASK, DOCUMENT, FLAG, HIDDEN, LOOK, SIGNATURE, Effect
from app.core.difference.reach import Reach
from app.core.difference.signs import DECISION, SCORE

ORDER = (FLAG, DECISION, SCORE, ASK, HIDDEN, LOOK, SIGNATURE, DOCUMENT)
"""The kinds of effect, gravest first."""

MINOR = frozenset({DOCUMENT})
"""What reads otherwise without anything being asked, raised, decided or signed otherwise."""

LEADS = {
    FLAG: "Rule",
    DECISION: "Decision",
    SCORE: "Score",
    ASK: "Question to answer",
    HIDDEN: "Answer no longer seen",
    LOOK: "Question to look at again",
    SIGNATURE: "Signature out of date",
    DOCUMENT: "Document",
}


def title(reach: Reach, effect: Effect) -> str:
    """What an effect is about: “Rule R17: Schedule 1 condition missing”."""
    for definitions in (reach.new, reach.old):
        name = _name(definitions, effect)
        if name is not None:
            return f"{LEADS[effect.kind]}{f' {effect.id}' if effect.kind == FLAG else ''}: {name}"
    return f"{LEADS[effect.kind]}: {effect.id}"


def _name(definitions: Definitions, effect: Effect) -> str | None:
    program = definitions.program
    if effect.kind == FLAG:
        return next((e.rule.title for e in program.flags if e.rule.id == effect.id), None)
    if effect.kind in (DOCUMENT, SIGNATURE):
        outline = definitions.outlines.get(effect.id)
        return outline.title if outline else None
    id_, _, column = effect.id.partition("/")
    question = program.questions.get(id_)
    if question is None:
        domain = program.scope.get(id_)
        return domain.name if domain else None
    if not column:
        return question.called
    found = next((each.called for each in question.columns if each.id == column), None)
    return f"{question.called}, {found}" if found else None
