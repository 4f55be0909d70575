"""Advice that a reviewer has not sent yet: kept for them alone, in each project."""

from sqlalchemy import Column, ForeignKey, Integer, Table, Text, Uuid

from app.store.columns import Moment
from app.store.tables import metadata

# `content`: what was chosen and typed, as JSON. `sheet_version`: the answers they saw.
advice_draft = Table(
    "advice_draft",
    metadata,
    Column("project_id", Uuid, ForeignKey("project.id"), primary_key=True),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("content", Text, nullable=False),
    Column("sheet_version", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)
