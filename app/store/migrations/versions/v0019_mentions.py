"""Whom a comment mentions, and whether they have read it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ALL = "current_setting('fingerpost.sees', true) = 'all'"
COMMENT = "EXISTS (SELECT 1 FROM comment c WHERE c.id = mention.comment_id)"
SEEN = f"{ALL} OR {COMMENT}"


def upgrade() -> None:
    op.create_table(
        "mention",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_mention_comment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mention_person_id")),
        sa.PrimaryKeyConstraint("comment_id", "start", name=op.f("pk_mention")),
    )
    op.create_index("ix_mention_person_id", "mention", ["person_id", "read_at"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE mention ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE mention FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY by_organisation ON mention USING ({SEEN})")


def downgrade() -> None:
    op.drop_table("mention")
