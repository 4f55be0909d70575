"""An assessment told to machines: the plain data of assessment.json."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.core.assessment import Flag
from app.core.program import ScoreNode, base_of
from app.core.record import Record


def assessment_data(record: Record, ignored: Iterable[str] = ()) -> dict[str, Any]:
    """What the rules say of one project, as JSON data; values unrounded.

    `ignored`: the ids answered but not asked, which count for nothing.
    """
    facts, assessment = record.facts, record.assessment
    order = facts.program.places
    ids = sorted(facts.program.questions, key=lambda id_: order[id_][0].rank if id_ in order else 0)
    return {
        "release": record.control.release,
        "content_hash": record.control.content_hash,
        "on": facts.on.isoformat(),
        "route": facts.values.get(record.pipeline.route.id),
        "asked": [id_ for id_ in ids if id_ in facts.shown],
        "unanswered": [id_ for id_ in ids if facts.blank(id_)],
        "waiting": [id_ for id_ in ids if id_ in facts.waiting and id_ not in facts.shown],
        "ignored": list(ignored),
        "flags": [_flag(record, flag) for flag in assessment.flags],
        "tasks": [_flag(record, flag) for flag in assessment.tasks],
        "scores": dict(_scores(record)),
        "decisions": {
            made.id: {
                "outcome": made.outcome.code if made.outcome else None,
                "reasons": [reason.text for reason in made.reasons],
            }
            for made in assessment.decisions.values()
        },
        "offers": {
            id_: [
                {"code": entry.code, "title": entry.title, "because": entry.because}
                for entry in offered.entries
            ]
            for id_, offered in assessment.offers.items()
        },
        "not_offered": {
            id_: [
                {"code": near.entry.code, "title": near.entry.title, "because": near.because}
                for near in offered.near
            ]
            for id_, offered in assessment.offers.items()
        },
        "risks": [dict(row) for row in facts.values.get(record.pipeline.names.risks, ())],
    }


def _flag(record: Record, flag: Flag) -> dict[str, Any]:
    rule, stopped = flag.rule, record.stopped(flag)
    return {
        "id": flag.id,
        "outcome": flag.result.value,
        "title": rule.title,
        "because": f"Raised because {flag.because.text()}."
        if flag.raised
        else flag.error or rule.because,
        "answers": [
            {
                "id": address,
                "question": record.title(address),
                "answer": record.answer(address).text,
            }
            for address in flag.because.answers
        ],
        "likelihood": rule.likelihood,
        "severity": flag.severity,
        "rating": flag.rating,
        # A reader wants one stage: the first of this route, or the first named when none is on it.
        "blocks": stopped.id if stopped else next(iter(flag.blocks), None),
        "source": rule.source,
        "checked": rule.checked,
        "needs": list(dict.fromkeys(base_of(need) for need in flag.needs)),
        "addresses": list(flag.needs),
        "stage": record.judged.get(flag.id),
    }


def _scores(record: Record) -> Iterable[tuple[str, dict[str, Any]]]:
    for scored in record.assessment.scores.values():
        node = record.facts.program.nodes[scored.id]
        name = (node.rule.reported_as if isinstance(node, ScoreNode) else None) or scored.id
        yield (
            name,
            {
                "value": scored.value,
                "band": scored.level.code if scored.level else None,
                "missing": list(scored.missing),
            },
        )
