"""The tables: what is kept about people, organisations, projects, their answers and acts."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from app.store.columns import Moment

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

APPEND_ONLY = (
    "account_event",
    "answer_event",
    "act",
    "document",
    "draft_event",
    "draft_word",
    "file",
    "guidance_note",
    "law_word",
    "release",
    "release_file",
    "release_mark",
)
"""Tables whose rows the database itself refuses to change or remove."""

person = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", String(320), nullable=False, unique=True),
    Column("active", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
)

# `notes_version` counts the changes of its own guidance notes; none: it has none.
organisation = Table(
    "organisation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", String(300), nullable=False, unique=True),
    Column("kind", String(60), nullable=False),
    Column("sponsor_id", Uuid, ForeignKey("organisation.id")),
    Column("created_at", Moment, nullable=False),
    Column("notes_version", Integer),
)

membership = Table(
    "membership",
    metadata,
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), primary_key=True),
    Column("role", String(60), primary_key=True),
    Column("status", String(20), nullable=False),
    Column("since", Moment, nullable=False),
    CheckConstraint("status IN ('invited', 'active', 'suspended')", name="status"),
)

# `acts` repeats the project's acts in brief, so that a page needs no second look-up.
project = Table(
    "project",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reference", String(20), nullable=False, unique=True),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=False, index=True),
    Column("release_id", Uuid, ForeignKey("release.id"), nullable=False),
    Column("lead_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("stage", String(60), nullable=False),
    Column("door", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("acts", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
)

# The organisations that take part in a project, its own among them.
project_party = Table(
    "project_party",
    metadata,
    Column("project_id", Uuid, ForeignKey("project.id"), primary_key=True),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), primary_key=True),
    Column("since", Moment, nullable=False),
    Column("added_by", Text),
    Index("ix_project_party_organisation_id", "organisation_id"),
)

# One sheet for each project and each organisation, under the id of what it is about. What lists
# show is written with the answers it follows from. Lists of projects read neither `document` nor
# what comes behind it; `brief` is what lists and parties read of an organisation's answers.
sheet = Table(
    "sheet",
    metadata,
    Column("subject_id", Uuid, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("route", String(60)),
    Column("worst_flag", String(20)),
    Column("asked", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("raised", Integer, nullable=False),
    Column("stops", Integer, nullable=False),
    Column("undetermined", Integer, nullable=False),
    Column("tasks", Integer, nullable=False),
    Column("next_review", Date),
    # The acts that the answers ask for, by id, with spaces between.
    Column("asks", Text, nullable=False, server_default=""),
    # The parties of a project that sign and decide, a line each; none: not worked out yet.
    Column("deciding", Text),
    Column("saved_at", Moment, nullable=False),
    Column("document", Text, nullable=False),
    Column("brief", Text),
    CheckConstraint("kind IN ('project', 'organisation')", name="kind"),
)

answer_event = Table(
    "answer_event",
    metadata,
    Column("subject_id", Uuid, ForeignKey("sheet.subject_id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("address", String(300), nullable=False),
    Column("old", Text, nullable=False),
    Column("new", Text, nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=False),
    Column("who", Text, nullable=False),
    Column("place", String(200), nullable=False),
    Column("at", Moment, nullable=False),
    Column("release_id", Uuid, ForeignKey("release.id"), nullable=False),
    Index("ix_answer_event_address", "subject_id", "address"),
)

# Documents as they were signed or sent, by what they are.
document = Table(
    "document",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)

# What people did to a project: advice, acceptance, sign-off... Each act holds the hash of the
# one before. `once` makes an act that is sent twice one act.
act = Table(
    "act",
    metadata,
    Column("project_id", Uuid, ForeignKey("project.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(60), nullable=False),
    Column("stage", String(60), nullable=False),
    Column("about", String(200), nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), nullable=False),
    Column("who", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("role", String(60), nullable=False),
    Column("at", Moment, nullable=False),
    Column("content", Text, nullable=False),
    Column("sheet_version", Integer, nullable=False),
    Column("content_hash", String(64)),
    Column("seal_hash", String(64)),
    Column("document_sha256", String(64), ForeignKey("document.sha256")),
    Column("once", String(64)),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("project_id", "once"),
)

job = Table(
    "job",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(60), nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("progress", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Column("at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    CheckConstraint("state IN ('waiting', 'working', 'done', 'failed')", name="state"),
    Index("ix_job_state", "state", "at"),
)

# Numbers that are given once: the next project's reference.
counter = Table(
    "counter",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", BigInteger, nullable=False),
)
