"""Which parties sign and decide, as a project's answers name them: written with them, read by lists."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sheet", sa.Column("deciding", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("sheet", "deciding")
