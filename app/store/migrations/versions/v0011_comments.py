"""What people say to each other about a project."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ALL = "current_setting('fingerpost.sees', true) = 'all'"
OURS = "nullif(current_setting('fingerpost.organisation', true), '')::uuid"
PROJECT = "EXISTS (SELECT 1 FROM project p WHERE p.id = comment.project_id)"
SEEN = f"{ALL} OR ({PROJECT} AND (audience = 'all' OR organisation_id = {OURS}))"


def upgrade() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("privileged", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("for_id", sa.Uuid(), nullable=True),
        sa.Column("for_whom", sa.Text(), nullable=True),
        sa.Column("answers_id", sa.Uuid(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("audience IN ('ours', 'all')", name=op.f("ck_comment_audience")),
        sa.CheckConstraint(
            "audience = 'ours' OR NOT privileged", name=op.f("ck_comment_privileged")
        ),
        sa.ForeignKeyConstraint(["answers_id"], ["comment.id"], name=op.f("fk_comment_answers_id")),
        sa.ForeignKeyConstraint(["for_id"], ["person.id"], name=op.f("fk_comment_for_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_comment_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_comment_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_comment_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index("ix_comment_project_id", "comment", ["project_id", "at"], unique=False)
    op.create_index("ix_comment_for_id", "comment", ["for_id", "settled_at"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE comment ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE comment FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY by_organisation ON comment USING ({SEEN})")


def downgrade() -> None:
    op.drop_table("comment")
