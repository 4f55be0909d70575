"""The law behind a rule, where a data protection officer confirms or disputes it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.actions.definitions import law as acts
from app.actions.definitions.law import CONFIRMED, DISPUTED, LawWord, Statement
from app.actions.definitions.publishing import DPO
from app.core import logic
from app.core.domains import show_date
from app.core.rules import Entry, FlagRule
from app.web.citing import Laws, cited
from app.web.controls import QuestionView, draw_control
from app.web.editor.desk import crumbs, editor
from app.web.forms import typed
from app.web.markdown import to_html
from app.web.site import Context, fresh, moment_words, now, reading, site, writing

REASON = "reason"
Facts = tuple[tuple[str, str], ...]


@editor.get("/law/<path:rule>")
def law(rule: str) -> str:
    """What a rule says of the law, and what officers said of it."""
    return _page(rule)


def _page(rule: str, error: str = "") -> str:
    with reading() as (conn, actor):
        statement = acts.open_statement(conn, site().catalogues, rule)
    officer = actor.role == DPO
    view = QuestionView(
        REASON,
        "long_text",
        "What is not as it says?",
        hint="Needed only if you dispute it. Name the provision or guidance",
        max_length=acts.LONGEST,
        optional=True,
        value=request.form.get(REASON, ""),
        error=error,
    )
    return render_template(
        "law.html",
        title=statement.rule.title,
        caption=f"{_called(statement)}, {statement.released.name.lower()}",
        crumbs=[*crumbs(), {"label": "Digest", "url": url_for("editor.digest")}],
        errors=[{"anchor": REASON, "text": error}] if error else [],
        facts=_facts(statement),
        because=to_html(statement.rule.because or ""),
        disputed=_word(statement.disputed) if statement.disputed else None,
        action=url_for("editor.say_of_law", rule=rule) if officer else None,
        hash=statement.hash,
        ask=draw_control(view),
        words=[_word(each) for each in statement.words],
    )


def _called(statement: Statement) -> str:
    """Its number, and of which list it is."""
    rule = statement.rule
    if not isinstance(rule, Entry):
        return rule.id
    offers = (
        part.program.offers.get(statement.id.rpartition("/")[0])
        for part in (statement.released.catalogue, statement.released.catalogue.organisations)
        if part is not None
    )
    return f"{next(offer.rule.title for offer in offers if offer)}, {rule.code}"


def _facts(statement: Statement) -> list[Context]:
    rule = statement.rule
    by = f" by {rule.checked_by}" if rule.checked_by else ""
    confirmed = f"{show_date(str(rule.checked))}{by}" if rule.checked else "Not yet in this release"
    source, laws = rule.source or "A rule of this service", statement.released.catalogue.legislation
    facts = (
        *(_of_entry(rule, laws) if isinstance(rule, Entry) else _of_flag(statement, rule)),
        ("Source", cited(source, laws)),
        ("Extent", rule.extent or ""),
        ("In force from", show_date(rule.effective_from) if rule.effective_from else ""),
        ("In force until", show_date(rule.effective_to) if rule.effective_to else ""),
        ("Confirmed", confirmed),
    )
    return [{"label": label, "text": text} for label, text in facts if text]


def _of_flag(statement: Statement, rule: FlagRule) -> Facts:
    """When a flag is raised, and what it stops."""
    when = next(
        (
            logic.english(each.when)
            for part in (statement.released.catalogue, statement.released.catalogue.organisations)
            if part is not None
            for each in part.program.flags
            if each.rule.id == rule.id
        ),
        "",
    )
    stages = {stage.id: stage.title for stage in statement.released.catalogue.pipeline.stages}
    stops = ", ".join(stages.get(each, each) for each in rule.blocks)
    return (("Raised when", when), ("Stops, once confirmed", stops))


def _of_entry(rule: Entry, laws: Laws) -> Facts:
    """What a legal gateway, or another entry of a list, says of itself."""
    return (
        ("What it lets or obliges", rule.text or ""),
        ("Act", cited(rule.law or "", laws)),
        ("Permits or obliges", rule.kind or ""),
        ("Who to whom", rule.who or ""),
        ("Limits", rule.limits or ""),
        ("In force", rule.commencement or ""),
        *((f"Not for everybody ({n})", each.because) for n, each in enumerate(rule.unless, 1)),
    )


def _word(word: LawWord) -> Context:
    said = "confirmed it" if word.said == CONFIRMED else "disputed it"
    return {
        "who": f"{word.who}, {word.organisation}",
        "said": said,
        "when": moment_words(word.at),
        "reason": word.reason,
        "draft": url_for("editor.publish", draft_id=str(word.draft_id)) if word.draft_id else "",
    }


@editor.post("/law/<path:rule>")
def say_of_law(rule: str) -> Response | str:
    """Confirm or dispute the law behind a rule."""
    seen = request.form.get("hash", "")
    if request.form.get("said") != DISPUTED:
        with writing() as (conn, actor):
            fresh()
            acts.confirm_law(conn, actor, site().catalogues, rule, seen, now())
        flash("Confirmed, in a draft with your yes. An editor publishes it.")
        return redirect(url_for("editor.law", rule=rule))
    reason = typed(REASON, acts.LONGEST)
    if reason.error or not reason.value:
        return _page(rule, reason.error or "Enter what is not as it says")
    with writing() as (conn, actor):
        fresh()
        said = (seen, str(reason.value), now())
        acts.dispute_law(conn, actor, site().catalogues, rule, said)
    flash("Kept. The editors find it in the digest.")
    return redirect(url_for("editor.law", rule=rule))
