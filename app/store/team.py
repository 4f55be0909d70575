"""The tables of working together: who is on the team of a project."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, Uuid

from app.store.columns import Moment
from app.store.tables import metadata

# Who works on a project, for which organisation. Nobody is removed: whoever was taken off stays
# with the day on which that was done, so that the rows are the history of the team as well.
team = Table(
    "team",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("project_id", Uuid, ForeignKey("project.id"), nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("left_at", Moment),
    Column("left_by", Text),
    Index("ix_team_project_id", "project_id", "person_id"),
    Index("ix_team_person_id", "person_id"),
)
