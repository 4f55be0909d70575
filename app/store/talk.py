"""The tables of what people say to each other, and whom they mention."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
)

from app.store.columns import Moment
from app.store.tables import metadata

LONGEST_ABOUT = 200

# What people say to each other about a project, a page, a question or a flag. `audience`: the
# writer's organisation alone, or all that take part; what is privileged never leaves it. `for_id`:
# whom it asks. Nothing that was said is changed; that it is settled is written beside it.
comment = Table(
    "comment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("project_id", Uuid, ForeignKey("project.id"), nullable=False),
    Column("about", String(LONGEST_ABOUT), nullable=False),
    Column("words", Text, nullable=False),
    Column("audience", String(20), nullable=False),
    Column("privileged", Boolean, nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=False),
    Column("who", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("for_id", Uuid, ForeignKey("person.id")),
    Column("for_whom", Text),
    Column("answers_id", Uuid, ForeignKey("comment.id")),
    Column("settled_by", Text),
    Column("settled_at", Moment),
    CheckConstraint("audience IN ('ours', 'all')", name="audience"),
    CheckConstraint("audience = 'ours' OR NOT privileged", name="privileged"),
    Index("ix_comment_project_id", "project_id", "at"),
    Index("ix_comment_for_id", "for_id", "settled_at"),
)

# Whom a comment mentions, and where in its words: `start` and `length` count characters from the
# "@" on. `read_at`: when that person said that they have read it, or answered.
mention = Table(
    "mention",
    metadata,
    Column("comment_id", Uuid, ForeignKey("comment.id"), primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("length", Integer, nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("read_at", Moment),
    Index("ix_mention_person_id", "person_id", "read_at"),
)
