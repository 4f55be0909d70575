"""What is said of drafts and of the law, what is proven, walks through drafts, notes and figures."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEPT = ("draft_word", "law_word", "guidance_note")
"""Tables whose rows the database refuses to change or remove."""


def upgrade() -> None:
    op.add_column("organisation", sa.Column("notes_version", sa.Integer(), nullable=True))
    op.create_table(
        "draft_word",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("said", sa.String(length=20), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.CheckConstraint("said IN ('asked', 'yes', 'no')", name=op.f("ck_draft_word_said")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_word_draft_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_word_person_id")),
        sa.PrimaryKeyConstraint("draft_id", "seq", name=op.f("pk_draft_word")),
    )
    op.create_table(
        "proof",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_proof")),
    )
    op.create_table(
        "preview",
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_preview_draft_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_preview_person_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_preview")),
    )
    op.create_index("ix_preview_draft_id", "preview", ["draft_id"], unique=False)
    op.create_table(
        "law_word",
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("said", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("said IN ('confirmed', 'disputed')", name=op.f("ck_law_word_said")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_law_word_draft_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_law_word_person_id")),
        sa.PrimaryKeyConstraint("rule", "seq", name=op.f("pk_law_word")),
    )
    op.create_table(
        "guidance_note",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_guidance_note_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_guidance_note_person_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "about", "seq", name=op.f("pk_guidance_note")),
    )
    op.create_table(
        "figure",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_figure")),
    )
    for name in KEPT:
        _keep_for_ever(name)


def _keep_for_ever(name: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON {name} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {name} "
            f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        )


def downgrade() -> None:
    for name in ("figure", "guidance_note", "law_word", "preview", "proof", "draft_word"):
        op.drop_table(name)
    op.drop_column("organisation", "notes_version")
