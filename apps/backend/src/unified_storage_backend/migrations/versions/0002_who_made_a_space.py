"""Who made a space"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Whoever is alone in it, or who joined with it: in the same transaction, so at the same moment. Where neither is so,
# an owner may have been put there by another, and nobody is taken for the one who made it.
ONLY_OR_FIRST = """
UPDATE space SET creator = (
  SELECT member.account FROM member
  WHERE member.space = space.id AND member.role = 'owner'
    AND (member.joined_at <= space.created_at + 1
      OR NOT EXISTS (SELECT 1 FROM member other WHERE other.space = space.id AND other.account <> member.account))
  ORDER BY member.joined_at, member.account LIMIT 1)
"""


def upgrade() -> None:
    op.add_column("space", sa.Column("creator", sa.String(length=32), nullable=True))
    op.execute(ONLY_OR_FIRST)
