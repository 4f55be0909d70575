"""The editor of definitions: drafts, lists, search and forms."""

from app.web.editor import (
    bench,
    clashes,
    digest,
    drafts,
    forms,
    law,
    lists,
    making,
    mending,
    moving,
    optioning,
    publishing,
    removing,
    renaming,
    retyping,
    text,
    walking,
)
from app.web.editor.desk import editor

__all__ = [
    "bench",
    "clashes",
    "digest",
    "drafts",
    "editor",
    "forms",
    "law",
    "lists",
    "making",
    "mending",
    "moving",
    "optioning",
    "publishing",
    "removing",
    "renaming",
    "retyping",
    "text",
    "walking",
]
