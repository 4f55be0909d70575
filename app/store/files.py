"""The table of files that answer questions: their bytes by hash, with the project they belong to."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    Uuid,
)

from app.store.columns import Moment
from app.store.tables import metadata

# What an answer to a question of the type `file` names by its hash. Nothing here is changed: a file
# that was replaced or taken away stays, as the history of the answers speaks of it. Not shared
# between projects: that bytes are known somewhere must never tell anybody that they are.
file = Table(
    "file",
    metadata,
    Column("project_id", Uuid, ForeignKey("project.id"), primary_key=True),
    Column("question", String(200), primary_key=True),
    Column("hash", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Moment, nullable=False),
    CheckConstraint("kind IN ('pdf', 'png', 'jpeg', 'docx', 'xlsx')", name="kind"),
)
