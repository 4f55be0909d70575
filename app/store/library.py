"""The library: which projects lend their wording to others, with the very words that are lent."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text, Uuid

from app.store.columns import Moment
from app.store.tables import metadata

ASKED, PUBLISHED, REFUSED, TAKEN_OUT = "asked", "published", "refused", "taken_out"

# What the project says later changes nothing here: `words` and `topics` are what its lead chose
# and its information governance lead read. Whoever searches reads this table and no project.
library = Table(
    "library",
    metadata,
    Column("project_id", Uuid, ForeignKey("project.id"), primary_key=True),
    Column("reference", String(20), nullable=False),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=False),
    Column("organisation", Text, nullable=False),
    Column("kind", String(60), nullable=False),
    Column("state", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("topics", Text, nullable=False),
    Column("searched", Text, nullable=False),
    Column("asked_by", Uuid, ForeignKey("person.id"), nullable=False),
    Column("asked_who", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("said_who", Text),
    Column("said_at", Moment),
    CheckConstraint("state IN ('asked', 'published', 'refused', 'taken_out')", name="state"),
)
