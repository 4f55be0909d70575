"""What a change of the definitions does to live projects."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "change_preview",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("base_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("changed", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("projects", sa.Integer(), nullable=False),
        sa.Column("touched", sa.Integer(), nullable=False),
        sa.Column("reworded", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'working', 'done', 'cancelled', 'failed')",
            name=op.f("ck_change_preview_state"),
        ),
        sa.ForeignKeyConstraint(
            ["base_id"], ["release.id"], name=op.f("fk_change_preview_base_id")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["draft.id"], name=op.f("fk_change_preview_draft_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_change_preview_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_preview")),
    )
    op.create_index("ix_change_preview_hash", "change_preview", ["hash", "at"], unique=False)
    op.create_table(
        "change_effect",
        sa.Column("preview_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("projects", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["preview_id"], ["change_preview.id"], name=op.f("fk_change_effect_preview_id")
        ),
        sa.PrimaryKeyConstraint("preview_id", "seq", name=op.f("pk_change_effect")),
    )


def downgrade() -> None:
    op.drop_table("change_effect")
    op.drop_table("change_preview")
