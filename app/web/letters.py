"""The letters that people are sent by what others do here: filled in, and put into the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import url_for
from sqlalchemy import Connection

from app.actions.mail.outbox import post_letter
from app.catalogue.letters import Letter, own_letters, write_letter
from app.settings import content_root
from app.web.site import now, site


@lru_cache(maxsize=4)
def letters_of(own: Path) -> Mapping[str, Letter]:
    """The letters of this installation in place of the shipped ones. Raises BadDefinitions."""
    return own_letters(content_root(), own)


def post(
    conn: Connection, recipient: str, letter: str, about: str, words: Mapping[str, str]
) -> None:
    """Put a letter into the outbox; the same one about the same is sent once."""
    written = write_letter(letters_of(site().settings.fingerpost_content)[letter], words)
    post_letter(conn, recipient, written, about, now())


def address_of(endpoint: str, **values: Any) -> str:
    """An address for an email: never made of what a request says of itself."""
    return site().settings.base_url + url_for(endpoint, **values)
