"""What lists and parties read of an organisation's answers, written with them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sheet", sa.Column("brief", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("sheet", "brief")
