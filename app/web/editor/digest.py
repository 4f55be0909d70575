"""The digest of the definitions: what is unconfirmed, old, silent, unsure, or in people's way."""

from __future__ import annotations

from collections.abc import Iterable

from flask import render_template, url_for

from app.actions.digest import Digest, digest
from app.actions.figures import MOST
from app.actions.figures import Known as Figures
from app.actions.law import LawWord
from app.actions.overview import count
from app.catalogue import Catalogue
from app.core.domains import show_date
from app.core.rules import Entry, FlagRule
from app.web.editor.desk import crumbs, editor
from app.web.site import Context, day_words, moment_words, reading, site, today

HELD = 12  # of what held people up are shown at once


@editor.get("/digest", endpoint="digest")
def show() -> str:
    """What is to be looked at in the definitions; no project is evaluated for it."""
    released = site().catalogues.newest()
    catalogue = released.catalogue
    with reading() as (conn, _):
        found = digest(conn, catalogue, today(), site().settings.source_days)
    return render_template(
        "digest.html",
        title="Digest",
        caption=released.name,
        crumbs=crumbs(),
        lead="What is worth a look in the definitions: the law, the rules, and where people stop.",
        tiles=_tiles(found),
        counted=_counted(found.figures),
        tables=[each for each in _tables(found, catalogue) if each["rows"] or each["always"]],
        held=_held(found.figures, catalogue),
    )


def _tiles(found: Digest) -> list[Context]:
    tiles = (
        (len(found.unconfirmed), "open", "rules not confirmed"),
        (len(found.disputed), "breach", "disputed"),
        (len(found.old) + len(found.ended), "flag", "with old dates"),
        (len(found.silent), None, "rules never raised"),
    )
    return [
        {"count": number, "mark": (mark if number else "ok"), "text": text}
        for number, mark, text in tiles
    ]


def _counted(figures: Figures | None) -> str:
    if figures is None:
        return "Projects have not been counted yet. That is done once a day."
    return f"{count(figures.projects, 'project')} counted, {moment_words(figures.at)}."


def _tables(found: Digest, catalogue: Catalogue) -> Iterable[Context]:
    yield _table("Disputed", "", [_said(rule, word) for rule, word in found.disputed])
    yield _table(
        "Changed since an officer confirmed them",
        "The words on the law are others now: they are to be confirmed again.",
        [_said(rule, word) for rule, word in found.changed],
    )
    yield _table(
        "In force no longer",
        "The day in the rule has passed.",
        [_rule(rule, f"Until {show_date(str(rule.effective_to))}") for rule in found.ended],
    )
    yield _table(
        "Sources to be read again",
        f"They were read more than {site().settings.source_days} days ago.",
        [_rule(rule, f"Read {show_date(str(rule.checked))}") for rule in found.old],
    )
    yield _table(
        "Rules not confirmed",
        "They warn, and stop nothing until a data protection officer confirms the law.",
        [_rule(rule, rule.source or "A rule of this service") for rule in found.unconfirmed],
    )
    yield _table(
        "Rules never raised",
        "By no live project on any day since they were first counted.",
        [
            _rule(rule, f"{count(each.projects, 'project')}, since {day_words(each.since)}")
            for rule, each in found.silent
        ],
    )
    if found.figures is not None:
        yield _questions(found.figures, catalogue)
        yield _pages(found.figures, catalogue)


def _table(caption: str, about: str, rows: list[Context], *, always: bool = False) -> Context:
    left = len(rows) - MOST
    return {
        "caption": caption,
        "about": about,
        "rows": rows[:MOST],
        "rest": rows[MOST:],
        "more": f"{count(left, 'more rule')}" if left > 0 else "",
        "always": always,
        "columns": ("Rule", "About it"),
    }


def _rule(rule: FlagRule | Entry, about: str) -> Context:
    """A rule, with where its law is confirmed; or an entry of a list."""
    if isinstance(rule, Entry):
        return {"title": rule.title, "url": "", "text": f"{about}. {rule.source}"}
    return {
        "title": f"{rule.id} {rule.title}",
        "url": url_for("editor.law", rule=rule.id),
        "text": about,
    }


def _said(rule: FlagRule, word: LawWord) -> Context:
    text = f"{word.who}, {word.organisation}, {day_words(word.at)}"
    return _rule(rule, f"{text}: {word.reason}" if word.reason else text)


def _questions(figures: Figures, catalogue: Catalogue) -> Context:
    rows = [
        {
            "title": catalogue.program.questions[id_].ask,
            "url": url_for("editor.choose", kind="question", id_=id_),
            "text": f"{number} of {asked} who answered",
        }
        for id_, number, asked in figures.unsure
        if id_ in catalogue.program.questions
    ]
    table = _table("Questions most often answered “I don’t know”", "", rows, always=True)
    return {**table, "columns": ("Question", "How often")}


def _pages(figures: Figures, catalogue: Catalogue) -> Context:
    titles = {
        f"{name}/{page.id}": f"{questionnaire.title}: {page.title}"
        for name, questionnaire in catalogue.questionnaires.items()
        for _, page in questionnaire.pages()
    }
    rows = [
        {"title": titles.get(place, place), "url": "", "text": count(number, "project")}
        for place, number in figures.stops
    ]
    table = _table(
        "Pages where people stop",
        "The last page saved of projects in which nobody has saved anything for two weeks.",
        rows,
        always=True,
    )
    return {**table, "columns": ("Page", "How many rest there")}


def _held(figures: Figures | None, catalogue: Catalogue) -> list[Context]:
    """What people wrote that held them up; whose project it was is not told."""
    found = figures.held if figures is not None else ()
    stages = {
        id_: catalogue.questionnaires[places[0].questionnaire].title
        for id_, places in catalogue.program.places.items()
        if places
    }
    return [
        {"stage": stages.get(id_, ""), "when": day_words(at), "words": words}
        for at, id_, words in found[:HELD]
    ]
