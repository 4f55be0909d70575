"""The editor of definitions: drafts, lists, search and forms."""

from app.web.editor import (
    clashes,
    drafts,
    forms,
    lists,
    making,
    moving,
    optioning,
    removing,
)
from app.web.editor.desk import editor

__all__ = [
    "clashes",
    "drafts",
    "editor",
    "forms",
    "lists",
    "making",
    "moving",
    "optioning",
    "removing",
]
