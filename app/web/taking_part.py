"""The organisations that take part in a project, and which of them have signed."""

from __future__ import annotations

from flask import url_for

from app.actions.overview import Overview
from app.actions.review.binding import parties_to_sign
from app.core.standing import SETTLE, SIGN
from app.core.wording import count, listed, sentences
from app.web.site import MANY, Context, day_words

PARTY_COLUMNS = 3
FEW = 3  # names that are shown before the rest is counted


def taking_part(view: Overview) -> Context | None:
    """The parties with their parts, and whether each has signed."""
    record = view.record
    id_ = record.pipeline.names.parties
    rows = record.facts.values.get(id_, ())
    if not rows:
        return None
    question = record.question(id_)
    # What is the same of every party tells nothing here.
    columns = [
        column
        for column in question.columns
        if column.type == "choice" and len({row.get(column.id) for row in rows}) > 1
    ][:PARTY_COLUMNS]
    names = next((c for c in question.columns if c.type == "text"), None)
    signed = [(s.stage.title, s.stage.signed) for s in record.standings if s.stage.signed]
    signing = {party.row for party in parties_to_sign(record)} if signed else set()
    made = {(a.organisation, a.about): a for a in view.report.opened.project.acts if a.kind == SIGN}
    table = []
    for row in rows:
        name = str(row.get(names.id, "")) if names else ""
        cells: list[Context] = [
            {"label": c.called, "mark": None, "text": record.said(c, row.get(c.id), id_).text}
            for c in columns
        ]
        for title, output in signed:
            act = made.get((name, output or ""))
            waits = "Not signed yet" if row["id"] in signing else "Does not sign this"
            said = f"Signed {day_words(act.at)}" if act else waits
            cells.append({"label": title, "mark": "ok" if act else None, "text": said})
        table.append({"title": name or f"Organisation {row['id']}", "cells": cells})
    titles = ["Organisation", *(c.called for c in columns), *(title for title, _ in signed)]
    names_of = [row["title"] for row in table]
    counts = [
        f"{title}: signed by {sum((name, output) in made for name in names_of)} of {len(signing)}"
        for title, output in signed
    ]
    return {
        "columns": titles,
        "rows": table,
        "said": sentences(counts) + "." if counts else "",
        "fold": f"All {len(table)} organisations" if len(table) > MANY else "",
    }


def unsigned(view: Overview) -> list[Context]:
    """The signatures for which nobody waited when a stage was closed, as something that waits."""
    record, found = view.record, []
    made = {(a.organisation, a.about) for a in record.acts if a.kind == SIGN}
    for each in record.standings:
        stage, closed = each.stage, each.closed
        if closed is None or closed.kind == SETTLE or not stage.signed:
            continue
        names = [p.name for p in parties_to_sign(record) if (p.name, stage.signed) not in made]
        if names:
            more = [count(len(names) - FEW, "more organisation")] if len(names) > FEW else []
            url = url_for("reports.sign", reference=view.report.reference, stage=stage.id)
            found.append(
                {
                    "what": f"{count(len(names), 'signature')} at “{stage.title}”",
                    "url": url,
                    "who": f"Signatory of {listed([*names[:FEW], *more])}",
                    "since": day_words(closed.at),
                }
            )
    return found
