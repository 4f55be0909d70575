"""Which acts the answers of a project ask for: written with them, read by lists."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sheet", sa.Column("asks", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("sheet", "asks")
