"""The acts that a pipeline declares: how each stands, and doing one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.actions.actor import Actor
from app.actions.errors import OutOfDate
from app.actions.review.binding import party_of
from app.actions.review.decisions import (
    Decision,
    Done,
    State,
    allow_act,
    decide,
    leads,
    state_of,
    states,
)
from app.actions.review.reports import Report
from app.actions.review.reviews import DPO
from app.core.pipeline import DeclaredAct
from app.core.questions import Asked, Column
from app.core.standing import ADVISE
from app.core.wording import count, listed, lower
from app.web.forms import AnswerField
from app.web.reports.adopting import differs_for, hats_of, unnamed
from app.web.reports.blueprint import back_to_project, caption, opened, report_url, reports
from app.web.reports.weighing import weighed
from app.web.reports.words import reason
from app.web.site import MANY, Context, day_words, fresh, now, writing
from app.web.small_forms import Posted, draw_form, read_form, unreadable

AGAIN = "Do it again"
CHOICE, WORDS, FOR = "choice", "words", "for"
LONGEST = 4000
FEW = 3  # organisations that are named before the rest is counted


@reports.get("/projects/<reference>/decisions")
def decisions(reference: str) -> str:
    """Every act of this route beside closing and signing, and how it stands."""
    report, actor = opened(reference)
    return render_template(
        "decisions.html",
        title="Decisions and advice",
        caption=caption(report),
        back=back_to_project(report),
        lead="Each is a separate act, by the person whose it is, with a name and a date.",
        acts=_cards(report, actor),
    )


def _cards(report: Report, actor: Actor) -> list[Context]:
    """The advice and every act; first what this person can do and has not done."""
    cards = [*_advice(report, actor), *(_card(report, actor, each) for each in states(report))]
    return sorted(cards, key=lambda card: not (card["url"] and card["label"] != AGAIN))


def _advice(report: Report, actor: Actor) -> Iterator[Context]:
    """The advice of the data protection officer, where a stage of the route needs it or it was given."""
    record = report.record
    given = [act for act in record.acts if act.kind == ADVISE]
    if not given and not any(ADVISE in each.stage.needs for each in record.standings):
        return
    url = url_for("reports.advice", reference=report.reference)
    writes = actor.role == DPO and leads(actor, report) and not given
    yield {
        "id": ADVISE,
        "title": "Advice of the data protection officer",
        "about": "On lawfulness, on the measures, and on going ahead. It is advice: others decide.",
        "whose": f"{record.person(DPO)}, once for the project",
        "done": [
            {
                "who": f"{each.who}, {each.organisation}",
                "when": day_words(each.at),
                "text": reason(each),
            }
            for each in given
        ],
        "missing": "" if given else "Not given yet.",
        "opens": [{"label": "All of the advice", "url": url}] if given else [],
        "url": url if writes else "",
        "label": "Write your advice",
    }


def _card(report: Report, actor: Actor, state: State) -> Context:
    declared = state.declared
    again = any(each.act.organisation_id == actor.organisation_id for each in state.done)
    first, *others = (report.record.person(role) for role in declared.by)
    whose = listed([first, *map(lower, others)], "or")
    return {
        "id": declared.id,
        "title": declared.title,
        "about": declared.about,
        "whose": f"{whose}, {_each(declared)}",
        "done": [_line(declared, each) for each in state.done],
        "missing": _missing(state),
        "all_missing": state.missing if _many(state) else (),
        "opens": [_paper(report, name) for name in _opened_by(state)],
        "url": url_for("reports.decision", reference=report.reference, kind=declared.id)
        if not state.before and _is_theirs(report, actor, state, again=again)
        else "",
        "label": AGAIN if again else "Do it now",
    }


def _is_theirs(report: Report, actor: Actor, state: State, *, again: bool) -> bool:
    """Whether this person does it: not for an organisation that has adopted or advised already."""
    if actor.role not in state.declared.by:
        return False
    if state.declared.each == "project":
        return leads(actor, report)
    party = party_of(report.record, actor.organisation_name)
    return again or (party is not None and party.name in state.missing)


def _opened_by(state: State) -> list[str]:
    """The outputs that what was chosen leads to."""
    opens = state.declared.opens
    return list(dict.fromkeys(opens[each.choice] for each in state.done if each.choice in opens))


def _paper(report: Report, name: str) -> Context:
    outlines = report.looked.released.catalogue.outlines
    url = url_for("reports.document", reference=report.reference, output=name)
    return {"label": outlines[name].title, "url": url}


def _each(declared: DeclaredAct) -> str:
    return "for each controller" if declared.each == "controller" else "once for the project"


def _line(declared: DeclaredAct, done: Done) -> Context:
    said = ". ".join(filter(None, (declared.choices.get(done.choice, ""), done.words)))
    later = "Answers have changed since." if done.changed else ""
    return {
        "who": f"{done.act.who}, {done.act.organisation}",
        "when": day_words(done.act.at),
        "text": said,
        "later": later,
    }


def _missing(state: State) -> str:
    if state.before:
        return f"{state.before[0]} comes first."
    if not state.missing:
        return ""
    if not any(state.missing):
        return "Not done yet."
    if not _many(state):
        return f"Still to come from {listed(state.missing)}."
    shown, more = state.missing[:FEW], len(state.missing) - FEW
    return f"Still to come from {listed([*shown, count(more, 'more organisation')])}."


def _many(state: State) -> bool:
    return not state.before and len(state.missing) > MANY


@reports.get("/projects/<reference>/asked")
def asked_for(reference: str) -> Response:
    """The act that is asked of this person: adopting another's advice, or a view."""
    report, actor = opened(reference)
    for state in states(report):
        declared = state.declared
        if (declared.adopts or declared.asked_if) and actor.role in declared.by:
            at: Context = {"reference": reference, "kind": state.declared.id}
            return redirect(url_for("reports.decision", **at))
    return redirect(url_for("reports.decisions", reference=reference))


@reports.route("/projects/<reference>/decisions/<kind>", methods=["GET", "POST"])
def decision(reference: str, kind: str) -> Response | str:
    """Do one of them."""
    report, actor = opened(reference)
    state = state_of(report, kind)
    allow_act(actor, report, state.declared)
    if state.before:
        raise OutOfDate(f"{state.before[0]} comes first.")
    actors = _hats(report, actor, state)
    asked = _asked(state.declared, actors)
    posted = read_form(asked)
    errors = _errors(state.declared, posted) if posted else {}
    if posted and not any(errors.values()):
        chosen = [actors[id_] for id_ in _values(posted.get(FOR))] or [actor]
        said = Decision(_value(posted.get(CHOICE)), _value(posted.get(WORDS)), now())
        with writing() as (conn, _):
            fresh()
            decide(conn, chosen, report, state.declared, said)
        flash(f"{state.declared.title}: done, with your name and the date. Documents print it.")
        return redirect(url_for("reports.decisions", reference=reference))
    return _draw(report, actors, state, asked, posted, errors)


def _hats(report: Report, actor: Actor, state: State) -> dict[str, Actor]:
    """The organisations for which this person may do it at once, by id; their own first."""
    return hats_of(report, actor) if state.declared.each == "controller" else {}


def _asked(declared: DeclaredAct, actors: Mapping[str, Actor]) -> dict[str, Asked]:
    """What the form asks, by name."""
    asked: dict[str, Asked] = {}
    if len(actors) > 1:
        names = {id_: each.organisation_name for id_, each in actors.items()}
        asked[FOR] = Column.model_validate(
            {"id": FOR, "type": "multi", "ask": "For which organisations?", "options": names}
        )
    if declared.choices:
        asked[CHOICE] = Column.model_validate(
            {"id": CHOICE, "type": "choice", "ask": declared.ask, "options": dict(declared.choices)}
        )
    if declared.words:
        asked[WORDS] = Column.model_validate(
            {"id": WORDS, "type": "long_text", "ask": declared.words, "max_length": LONGEST}
        )
    return asked


def _errors(declared: DeclaredAct, posted: Posted) -> dict[str, str]:
    found = unreadable(posted)
    if CHOICE in posted and not found[CHOICE] and not posted[CHOICE].data:
        found[CHOICE] = "Choose one of the answers"
    if FOR in posted and not found[FOR] and not posted[FOR].data:
        found[FOR] = "Choose at least one organisation"
    needs = declared.must_say or _value(posted.get(CHOICE)) in declared.explain
    if WORDS in posted and needs and not found[WORDS] and not posted[WORDS].data:
        found[WORDS] = "Say it in a few words"
    return found


def _value(field: AnswerField | None) -> str:
    return str(field.data or "") if field else ""


def _values(field: AnswerField | None) -> list[str]:
    return [str(each) for each in field.data or ()] if field else []


def _draw(
    report: Report,
    actors: Mapping[str, Actor],
    state: State,
    asked: Mapping[str, Asked],
    posted: Posted,
    errors: Mapping[str, str],
) -> str:
    declared = state.declared
    return render_template(
        "decision.html",
        title=declared.title,
        caption=caption(report),
        back={
            "label": "Back to decisions and advice",
            "url": url_for("reports.decisions", reference=report.reference),
        },
        text=declared.about,
        **weighed(report, declared),
        unsettled_title="Tolerances reached" if declared.asked_if else "Not settled yet",
        differs=list(differs_for(report, actors.values())),
        # Whoever adopts has only to look at this; whoever accepts a risk, at the risks.
        fold_differs=not declared.adopts,
        unnamed=unnamed(report) if declared.each == "controller" else "",
        ways=[
            {"label": "The risk report", "url": report_url(report)},
            {
                "label": "Actions, and who is responsible for each",
                "url": url_for("reports.actions", reference=report.reference),
            },
        ],
        **draw_form(asked, posted, errors, values={FOR: tuple(actors)}),
        action=url_for("reports.decision", reference=report.reference, kind=declared.id),
        submit=f"{declared.title}: record it",
    )
