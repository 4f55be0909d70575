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

assignment = Table(
    "assignment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("project_id", Uuid, ForeignKey("project.id"), nullable=False, index=True),
    Column("page", String(200), nullable=False),
    Column("to_whom", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("done_at", Moment),
    # Who is asked, when they see the project; of one question on the page; until when.
    Column("to_id", Uuid, ForeignKey("person.id")),
    Column("question", String(200)),
    Column("due_on", Date),
    Index("ix_assignment_to_id", "to_id", "done_at"),
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

# Who has a piece of work of their organisation's queue: the last claim in a role counts.
claim = Table(
    "claim",
    metadata,
    Column("project_id", Uuid, ForeignKey("project.id"), primary_key=True),
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), primary_key=True),
    Column("role", String(60), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

# Who does somebody's work in a role while they are away, the last day included.
cover = Table(
    "cover",
    metadata,
    Column("organisation_id", Uuid, ForeignKey("organisation.id"), primary_key=True),
    Column("role", String(60), primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), primary_key=True),
    Column("deputy_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("until", Date, nullable=False),
)
