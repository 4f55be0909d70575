"""How many live projects raise each rule, counted every day."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_count",
        sa.Column("flag", sa.String(length=60), nullable=False),
        sa.Column("projects", sa.Integer(), nullable=False),
        sa.Column("raised", sa.Integer(), nullable=False),
        sa.Column("undetermined", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("first_raised", sa.Date(), nullable=True),
        sa.Column("last_raised", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("flag", name=op.f("pk_rule_count")),
    )


def downgrade() -> None:
    op.drop_table("rule_count")
