"""Where a project comes from: the earlier one that it renews, or whose wording it began with."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Uuid

from app.store.columns import Moment
from app.store.tables import metadata

RENEWED, BORROWED = "renewed", "borrowed"

# A project comes from one other at most; of what was borrowed only the words were seen.
lineage = Table(
    "lineage",
    metadata,
    Column("project_id", Uuid, ForeignKey("project.id"), primary_key=True),
    Column("from_id", Uuid, ForeignKey("project.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    CheckConstraint("kind IN ('renewed', 'borrowed')", name="kind"),
    Index("ix_lineage_from_id", "from_id"),
)
