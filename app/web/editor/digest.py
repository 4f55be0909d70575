"""The digest of the definitions: what is unconfirmed, old, silent, unsure, or in people's way."""

from __future__ import annotations

from collections.abc import Iterable

from flask import render_template, url_for

from app.actions.definitions.digest import Digest, Named, digest
from app.actions.definitions.drafts import EDITOR
from app.actions.definitions.figures import MOST
from app.actions.definitions.figures import Known as Figures
from app.actions.definitions.law import LawWord
from app.catalogue import Catalogue
from app.catalogue.things import ENTRY, FLAG, PAGE, QUESTION
from app.core.domains import show_date
from app.core.rules import Entry, FlagRule
from app.core.wording import count
from app.web.editor.desk import crumbs, editor
from app.web.site import Context, day_words, moment_words, reading, site, today

HELD = 12  # of what held people up are shown at once


@editor.get("/digest", endpoint="digest")
def show() -> str:
    """What is to be looked at in the definitions; no project is evaluated for it."""
    released = site().catalogues.newest()
    catalogue = released.catalogue
    with reading() as (conn, actor):
        found = digest(conn, catalogue, today(), site().settings.source_days)
    return render_template(
        "digest.html",
        title="Digest",
        caption=released.name,
        crumbs=crumbs(),
        lead="What is worth a look in the definitions: the law, the rules, and where people stop.",
        tiles=_tiles(found),
        counted=_counted(found.figures),
        tables=[
            _editable(each, may_edit=actor.role == EDITOR)
            for each in _tables(found, catalogue)
            if each["rows"] or each["always"]
        ],
        held=_held(found.figures, catalogue),
    )


def _editable(table: Context, *, may_edit: bool) -> Context:
    """A table whose rows lead an editor to the forms of what they name."""
    rows = [
        {**row, "edit": url_for("editor.choose", kind=row["thing"][0], id_=row["thing"][1])}
        if may_edit and row.get("thing")
        else row
        for row in (*table["rows"], *table["rest"])
    ]
    shown = len(table["rows"])
    return {**table, "rows": rows[:shown], "rest": rows[shown:], "may_edit": may_edit}


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
    return f"{count(figures.projects, 'live project')} counted. {moment_words(figures.at)}."


def _tables(found: Digest, catalogue: Catalogue) -> Iterable[Context]:
    yield _table("Disputed", "", [_said(named, word) for named, word in found.disputed])
    yield _table(
        "Changed since an officer confirmed them",
        "The words on the law are others now: they are to be confirmed again.",
        [_said(named, word) for named, word in found.changed],
    )
    yield _table(
        "In force no longer",
        "The day in the rule has passed.",
        [_law(each, f"Until {show_date(str(each[1].effective_to))}") for each in found.ended],
    )
    yield _table(
        "Sources to be read again",
        f"They were read more than {site().settings.source_days} days ago.",
        [_law(each, f"Read {show_date(str(each[1].checked))}") for each in found.old],
    )
    yield _table(
        "Rules not confirmed",
        "They warn, and stop nothing until a data protection officer confirms the law.",
        [_rule(rule, rule.source or "A rule of this service") for rule in found.unconfirmed],
    )
    entries = _table(
        "Gateways and other entries not confirmed",
        "They are offered, and say that nobody has confirmed them yet.",
        [_law(each, str(each[1].source)) for each in found.unconfirmed_entries],
    )
    yield {**entries, "columns": ("Entry", "Source")}
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
        "more": f"{left} more" if left > 0 else "",
        "always": always,
        "columns": ("Rule", "About it"),
    }


def _rule(rule: FlagRule, about: str) -> Context:
    """A flag, with where its law is confirmed and where its words are changed."""
    return _law((rule.id, rule), about)


def _law(named: Named, about: str) -> Context:
    """A flag or an entry of a list, with where its law is confirmed and where its words are changed."""
    id_, rule = named
    entry, code = isinstance(rule, Entry), id_.rpartition("/")[2]
    return {
        # A number such as G01 is known to people; a code made of words repeats the title.
        "title": f"{code} {rule.title}" if not entry or code.isupper() else rule.title,
        "url": url_for("editor.law", rule=id_),
        "text": about,
        "thing": (ENTRY if entry else FLAG, id_),
    }


def _said(named: Named, word: LawWord) -> Context:
    text = f"{word.who}, {word.organisation}, {day_words(word.at)}"
    return _law(named, f"{text}: {word.reason}" if word.reason else text)


def _questions(figures: Figures, catalogue: Catalogue) -> Context:
    rows = [
        {
            "title": catalogue.program.questions[id_].ask,
            "url": "",
            "text": f"{number} of {asked} who answered",
            "thing": (QUESTION, id_),
        }
        for id_, number, asked in figures.unsure
        if id_ in catalogue.program.questions
    ]
    table = _table("Questions most often answered “I don't know”", "", rows, always=True)
    return {**table, "columns": ("Question", "How often")}


def _pages(figures: Figures, catalogue: Catalogue) -> Context:
    titles = {
        f"{name}/{page.id}": f"{questionnaire.title}: {page.title}"
        for name, questionnaire in catalogue.questionnaires.items()
        for _, page in questionnaire.pages()
    }
    rows = [
        {
            "title": titles.get(place, place),
            "url": "",
            "text": count(number, "project"),
            "thing": (PAGE, place) if place in titles else None,
        }
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
