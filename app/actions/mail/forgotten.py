"""Forgotten passwords: whoever asks is told nothing, not even by how long the answer takes."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, Engine

from app.actions.access.accounts import RESET, find_account, send_link, was_sent
from app.actions.jobs import Job, add_job
from app.actions.mail.outbox import post_letter
from app.actions.mail.telling import Post
from app.catalogue.letters import write_letter
from app.core.days import LONDON
from app.store.database import write

FORGOTTEN = "forgotten"
LASTS = timedelta(hours=1)
TWICE_WITHIN = timedelta(minutes=1)
"""Asked for twice so soon, one link is sent: the second would close the first."""


def ask_for_link(conn: Connection, address: str, at: datetime) -> None:
    """Ask the worker to send a link to an address, whether or not anybody here has it."""
    add_job(conn, FORGOTTEN, str(uuid4()), {"address": address}, at)


def send_to_whoever_forgot(engine: Engine, post: Post, job: Job, now: datetime) -> None:
    """Write to whoever has a password and this address: a link to choose another one."""
    with write(engine) as conn:
        found = find_account(conn, email=str(job.payload["address"]))
        if found is None or found.password is None or not found.roles:
            return  # whoever is suspended everywhere proves nothing here
        if was_sent(conn, found.person_id, RESET, since=now - TWICE_WITHIN):
            return
        link = send_link(conn, found.person_id, RESET, now, LASTS)
        until = link.until.astimezone(LONDON)
        words = {
            "name": found.name,
            "link": f"{post.base_url}/welcome/{link.token}",
            "until": f"{until.day} {until:%B %Y, %H:%M}",
        }
        written = write_letter(post.letters[RESET], words)
        post_letter(conn, found.email, written, str(link.token), now)
