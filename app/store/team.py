"""The tables of working together: who is on the team of a project, what they saw, where they are."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, Uuid

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

# When somebody last said that they had seen where a project stands, and at which version of its
# answers: what changed since is told from there.
visit = Table(
    "visit",
    metadata,
    Column("project_id", Uuid, ForeignKey("project.id"), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
)

# Who has which page of a project open. Nothing rests on it, and old rows are removed.
presence = Table(
    "presence",
    metadata,
    Column("project_id", Uuid, ForeignKey("project.id"), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("page", String(200), nullable=False),
    Column("at", Moment, nullable=False),
)
