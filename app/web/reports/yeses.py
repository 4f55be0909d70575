"""What somebody's yes is asked for beside projects' stages: drafts of definitions, and the library."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import Connection

from app.actions.actor import Actor
from app.actions.definitions.publishing import waiting_for
from app.actions.library import waits_in_library
from app.web.site import Context, moment_words


def yeses(conn: Connection, actor: Actor) -> list[Context]:
    """Every yes that waits for this person, as a line among the questions for them."""
    drafts = [
        {
            "title": f"Your yes to a draft of definitions: {asked.name}",
            "url": url_for("editor.publish", draft_id=asked.draft_id),
            "about": "What would change, and what it does to live projects",
            "who": asked.who,
            "when": moment_words(asked.at),
        }
        for asked in waiting_for(conn, actor)
    ]
    lent = [
        {
            "title": f"Your yes to lending wording to the library: {entry.title}",
            "url": url_for("projects.lend", reference=entry.reference),
            "about": entry.reference,
            "who": entry.asked_who,
            "when": moment_words(entry.asked_at),
        }
        for entry in waits_in_library(conn, actor)
    ]
    return [*drafts, *lent]
