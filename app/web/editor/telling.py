"""What is told of a draft on its way out: its changes, what they do, what is in the way, who agreed."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from markupsafe import Markup, escape

from app.actions.actor import Actor
from app.actions.definitions import publishing as acts
from app.actions.definitions.draft_proofs import Finding
from app.actions.definitions.mends import FINDING, mend_of_finding
from app.actions.definitions.publishing import LAW, NO, SECOND, YES, Need, Weighed, Word
from app.core.difference import Change, Effect, Stretch, marked
from app.core.wording import count, listed, plural
from app.store.previews import DONE
from app.web.editor.desk import Desk
from app.web.site import Context, moment_words

COLOURS = {
    Effect.WORDING: "grey",
    Effect.DOCUMENT: "grey",
    Effect.FLOW: "teal",
    Effect.SCORING: "orange",
    Effect.MEANING: "purple",
}


def newer(desk: Desk, weighed: Weighed) -> Context | None:
    """A release that came out after the draft was begun."""
    if weighed.newest == weighed.draft.base_number:
        return None
    return {"number": weighed.newest, "url": desk.url("to_newest")}


def unchecked(weighed: Weighed) -> bool:
    """Whether something is still to be asked for: proofs, or what it does to live projects."""
    sound = weighed.checked.catalogue is not None and bool(weighed.changes)
    return sound and (weighed.proved is None or weighed.effects is None) and not weighed.unprovable


def waiting(weighed: Weighed) -> str:
    """How far the checks are; empty when nothing is under way."""
    effects = weighed.effects
    if effects is not None and effects.preview.running:
        seen = effects.preview
        return f"Live projects are being looked at: {seen.seen} of {seen.projects} so far."
    return "The proofs are being done." if effects is not None and weighed.proved is None else ""


def tiles(weighed: Weighed) -> list[Context]:
    """Faults, failed proofs, changes and live projects, as numbers."""
    faults, proved, effects = len(weighed.checked.faults), weighed.proved, weighed.effects
    failed = len(proved.findings) if proved else 0
    left = len(proved.not_analysed) if proved else 0
    number = len(weighed.changes)
    said = (
        f"failed {plural(failed, 'proof')}. {left} not analysed"
        if proved
        else "proofs not done yet"
    )
    tiles: list[Context] = [
        {
            "count": faults,
            "mark": "stop" if faults else "ok",
            "text": f"{plural(faults, 'fault')} in the files",
        },
        {
            "count": failed if proved else "–",
            "mark": "open" if not proved else "stop" if failed else "ok",
            "text": said,
        },
        {"count": number, "mark": None, "text": plural(number, "change")},
    ]
    if effects is not None and effects.preview.state == DONE:
        text = f"of {count(effects.preview.projects, 'live project')} would change"
        tiles.append({"count": effects.preview.touched, "mark": None, "text": text})
    else:
        tiles.append({"count": "–", "mark": "open", "text": "live projects not looked at yet"})
    return tiles


def told_change(each: Change) -> Context:
    """A change as a row: where, of which kind, and both sides."""
    before, after = marked(each.before, each.after)
    return {
        "where": each.where,
        "part": each.part,
        "kind": each.effect.value.capitalize(),
        "colour": COLOURS[each.effect],
        "law": each.law,
        "before": _side(before, "del"),
        "after": _side(after, "ins"),
    }


def _side(stretches: Iterable[Stretch], tag: str) -> Markup:
    """One side of a change, with what is only there marked."""
    parts = [
        Markup(f"<{tag}>{escape(each.text)}</{tag}>") if each.changed else escape(each.text)  # noqa: S704 - escaped
        for each in stretches
        if each.text
    ]
    return Markup("").join(parts) or Markup("–")


def told_finding(desk: Desk, number: int, finding: Finding) -> Context:
    """What a proof found, with the lines behind it and where they are mended."""
    file, line = finding.place
    witness = finding.witness is not None
    return {
        "says": finding.says,
        "mend": finding.mend,
        "lines": [each.says for each in finding.lines],
        "where": desk.place(file, line),
        "url": desk.text_url(file, line),
        "try": desk.mend_url(FINDING, number, mend_of_finding(finding)),
        "form": desk.form_at(file, line),
        "witness": desk.url("preview") if witness else "",
    }


def effects(weighed: Weighed) -> Context | None:
    """What it does to live projects; None while that is not worked out."""
    found = weighed.effects
    if found is None or found.preview.state != DONE:
        return None
    seen = found.preview
    took = (seen.ended_at - seen.begun_at).total_seconds() if seen.ended_at and seen.begun_at else 0
    return {
        "said": f"{count(seen.projects, 'project')} looked at in "
        f"{count(max(1, round(took)), 'second')}, on their own answers",
        "summary": _summary(seen.touched, seen.reworded),
        "rows": [
            {
                "title": each.title,
                "number": each.number,
                "before": each.before or "–",
                "after": each.after or "–",
                "url": url_for("changes.effect", preview_id=seen.id, seq=each.seq),
            }
            for each in found.effects
        ],
    }


def _summary(touched: int, reworded: int) -> str:
    said = "0 projects change" if not touched else f"{count(touched, 'project')} would change"
    if reworded:
        said += f"; a document reads otherwise for {count(reworded, 'project')}"
    return f"{said}."


def conditions(weighed: Weighed) -> list[Context]:
    """What publishing needs, and whether it is there."""
    proved, effects = weighed.proved, weighed.effects
    sound = weighed.checked.catalogue is not None
    found = [
        (sound, "Files load without faults"),
        (proved is not None and not proved.findings, "All proofs hold"),
        (
            proved is not None and not proved.wrong,
            "Every rule's examples pass" + (f" ({proved.examples:,})" if proved else ""),
        ),
        (
            effects is not None and effects.preview.state == DONE,
            "What it does to live projects is worked out",
        ),
    ]
    lines = [{"mark": "ok" if done else "todo", "text": text} for done, text in found]
    if weighed.newest != weighed.draft.base_number:
        text = f"It is brought up to release {weighed.newest}, published since it was begun"
        lines.append({"mark": "todo", "text": text})
    return lines + [_need(weighed, each) for each in weighed.needs]


def _need(weighed: Weighed, need: Need) -> Context:
    kinds = {each.effect.value for each in weighed.changes if each.effect in acts.AGREED}
    of_law = sum(each.law for each in weighed.changes)
    asked = {
        SECOND: f"A second editor or a data protection officer says yes: {listed(sorted(kinds))} "
        f"{'changes' if len(kinds) == 1 else 'change'}",
        LAW: f"A data protection officer says yes: {count(of_law, 'statement')} of law "
        f"{'changes' if of_law == 1 else 'change'}",
    }[need.kind]
    if need.met is not None:
        of_what = {SECOND: f"{listed(sorted(kinds))} changes", LAW: "what changes of the law"}
        said = f"{need.met.who} said yes to {of_what[need.kind]}, {moment_words(need.met.at)}"
        return {"mark": "ok", "text": said}
    if need.refused is not None:
        reason = str(need.refused.content.get("reason", ""))
        return {"mark": "stop", "text": f"{need.refused.who} said no: {reason}"}
    if need.lapsed is not None:
        return {
            "mark": "todo",
            "text": f"{asked}. {need.lapsed.who} said yes to an earlier text: "
            "the draft was changed since, so it counts no more",
        }
    return {"mark": "todo", "text": asked}


def why_two(weighed: Weighed) -> str:
    """Why somebody else has to agree; empty when nobody has."""
    if not weighed.needs:
        return ""
    if weighed.only_confirms:
        return "Nothing changes but who confirmed the law, and when: the officer's own yes is what it needs."
    live = weighed.effects.preview.projects if weighed.effects else 0
    told = f"what {count(live, 'project')} are told" if live else "what every project is told"
    return (
        f"A rule that changes meaning changes {told}. The second person sees this same page, "
        "and wrote none of it. A later edit takes a yes back."
    )


def told_word(weighed: Weighed, word: Word, officers: Iterable[Actor]) -> Context:
    """What somebody said of the draft; of an editor who asked, whom they asked."""
    said = {acts.ASKED: "asked for a yes", YES: "said yes", NO: "said no"}[word.said]
    asked = {str(each) for each in word.content.get("people", ())}
    names = dict.fromkeys(each.name for each in officers if str(each.person_id) in asked)
    if word.said == acts.ASKED and names:
        said = f"asked {' and '.join(names)} for a yes"
    reason = str(word.content.get("reason") or word.content.get("notes") or "")
    old = word.hash != weighed.hash
    return {
        "who": f"{word.who}, {word.organisation}",
        "said": said + (", of an earlier text" if old else ""),
        "when": moment_words(word.at),
        "reason": reason,
    }
