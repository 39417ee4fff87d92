"""When a client wrote"""

import time

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nobody knows when they last wrote: their time begins now.
    today = sa.text(str(time.time_ns() // 1_000_000))
    op.add_column("client", sa.Column("used_at", sa.BigInteger(), nullable=False, server_default=today))
    op.create_index("client_used", "client", ["used_at"], unique=False)
