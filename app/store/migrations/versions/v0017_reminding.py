"""How often each person wants to be reminded by e-mail."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminding",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("how_often", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "how_often IN ('weekly', 'daily', 'urgent')", name=op.f("ck_reminding_how_often")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminding_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_reminding")),
    )


def downgrade() -> None:
    op.drop_table("reminding")
