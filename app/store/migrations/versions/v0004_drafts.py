"""Drafts of definitions, with every save."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("base_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'discarded', 'published')", name=op.f("ck_draft_state")
        ),
        sa.ForeignKeyConstraint(["base_id"], ["release.id"], name=op.f("fk_draft_base_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_state", "draft", ["state", "changed_at"], unique=False)
    op.create_table(
        "draft_event",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("base_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_event_draft_id")),
        sa.ForeignKeyConstraint(["base_id"], ["release.id"], name=op.f("fk_draft_event_base_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_draft_event_person_id")
        ),
        sa.PrimaryKeyConstraint("draft_id", "seq", name=op.f("pk_draft_event")),
    )
    op.create_index("ix_draft_event_path", "draft_event", ["draft_id", "path"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER draft_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
            "ON draft_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER draft_event_no_{verb.lower()} BEFORE {verb} ON draft_event "
            f"BEGIN SELECT RAISE(ABORT, 'draft_event is append-only'); END"
        )


def downgrade() -> None:
    op.drop_table("draft_event")
    op.drop_table("draft")
