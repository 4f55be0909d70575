"""How often each person wants to be reminded by email."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Uuid

from app.store.columns import Moment
from app.store.tables import metadata

# Who has never chosen has no row and is written to once a week.
reminding = Table(
    "reminding",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("how_often", String(20), nullable=False),
    Column("since", Moment, nullable=False),
    CheckConstraint("how_often IN ('weekly', 'daily', 'urgent')", name="how_often"),
)
