"""The tables of definitions: releases, drafts, what was said, proven and counted of them, and what a change does."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    Uuid,
)

from app.store.columns import Moment
from app.store.tables import metadata

# Published definitions. A project names the release it is answered under.
release = Table(
    "release",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("author", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("at", Moment, nullable=False),
    # Where it came from: the "start" of the program, "files", or the "editor".
    Column("origin", String(20), nullable=False, server_default="start"),
)

# The very bytes, so that what is exported is what was published.
release_file = Table(
    "release_file",
    metadata,
    Column("release_id", Uuid, ForeignKey("release.id"), primary_key=True),
    Column("path", String(300), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# How many live projects raise each rule, as last counted: one row for each rule there ever was.
rule_count = Table(
    "rule_count",
    metadata,
    Column("flag", String(60), primary_key=True),
    Column("projects", Integer, nullable=False),
    Column("raised", Integer, nullable=False),
    Column("undetermined", Integer, nullable=False),
    Column("since", Date, nullable=False),
    Column("counted_on", Date, nullable=False),
    Column("first_raised", Date),
    Column("last_raised", Date),
)

# Drafts of definitions: the files that differ from a published release, every save kept.
draft = Table(
    "draft",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("base_id", Uuid, ForeignKey("release.id"), nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("who", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    CheckConstraint("state IN ('open', 'discarded', 'published')", name="state"),
    Index("ix_draft_state", "state", "changed_at"),
)

# `seq` is the version of the draft that the event made. `content` is the packed text that the file
# at `path` has from then on (none: it is not there); `base_id` the release it is based on from then on.
draft_event = Table(
    "draft_event",
    metadata,
    Column("draft_id", Uuid, ForeignKey("draft.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("path", String(300)),
    Column("content", LargeBinary),
    Column("base_id", Uuid, ForeignKey("release.id")),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_draft_event_path", "draft_id", "path"),
)

# What was said of a release after it was published, such as that projects on earlier ones must
# move. The last mark of a release counts; without a reason it takes the ones before it back.
release_mark = Table(
    "release_mark",
    metadata,
    Column("release_id", Uuid, ForeignKey("release.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("must_move", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

# What people said of a draft: asked for a yes, said yes or no, had seen its effects. `hash` is of
# the definitions they saw: what is said of others counts no more.
draft_word = Table(
    "draft_word",
    metadata,
    Column("draft_id", Uuid, ForeignKey("draft.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("said", String(20), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("who", Text, nullable=False),
    Column("role", String(60), nullable=False),
    Column("organisation", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("content", Text, nullable=False),
    CheckConstraint("said IN ('asked', 'yes', 'no')", name="said"),
)

# What was proven of definitions, by what they are; the same definitions are proven once.
proof = Table(
    "proof",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("result", Text, nullable=False),
)

# Walks through the definitions of a draft. They are in no list of projects and nothing else is
# kept of them; `document` is a sheet like that of a project.
preview = Table(
    "preview",
    metadata,
    Column("key", String(20), primary_key=True),
    Column("draft_id", Uuid, ForeignKey("draft.id"), nullable=False, index=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("stage", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("saved_at", Moment, nullable=False),
)

# What a data protection officer said of the law behind a rule. `hash` is of its words on the law:
# a rule whose words have changed since is to be confirmed again.
law_word = Table(
    "law_word",
    metadata,
    Column("rule", String(60), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("said", String(20), nullable=False),
    Column("reason", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("draft_id", Uuid, ForeignKey("draft.id")),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("who", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("at", Moment, nullable=False),
    CheckConstraint("said IN ('confirmed', 'disputed')", name="said"),
)

# An organisation's own note beside a question or a page, for its own people; every version of it.
guidance_note = Table(
    "guidance_note",
    metadata,
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), primary_key=True),
    Column("about", String(200), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

# Figures over all projects as they were last counted, by what they are about.
figure = Table(
    "figure",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("counted_at", Moment, nullable=False),
    Column("content", Text, nullable=False),
)

# What a change of the definitions does to live projects. `changed` packs the files that differ from
# the release `base_id`; `touched` counts the projects for which something is asked, raised, scored
# or decided otherwise, `reworded` those with a document that reads otherwise.
change_preview = Table(
    "change_preview",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("base_id", Uuid, ForeignKey("release.id"), nullable=False),
    Column("draft_id", Uuid, ForeignKey("draft.id")),
    Column("hash", String(64), nullable=False),
    Column("changed", LargeBinary, nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("who", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("seen", Integer, nullable=False),
    Column("projects", Integer, nullable=False),
    Column("touched", Integer, nullable=False),
    Column("reworded", Integer, nullable=False),
    Column("error", Text),
    Column("at", Moment, nullable=False),
    Column("begun_at", Moment),
    Column("ended_at", Moment),
    CheckConstraint("state IN ('waiting', 'working', 'done', 'cancelled', 'failed')", name="state"),
    Index("ix_change_preview_hash", "hash", "at"),
)

# One thing that would be otherwise, and for which projects: their references, packed.
change_effect = Table(
    "change_effect",
    metadata,
    Column("preview_id", Uuid, ForeignKey("change_preview.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("title", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("projects", LargeBinary, nullable=False),
)
