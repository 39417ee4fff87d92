"""The tables. Keys are bytes: PostgreSQL's text refuses NUL, and collations would reorder them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

# No name holds it; PostgreSQL would refuse the question, not only the answer.
NUL = "\0"

account = Table(
    "account",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("password", String(255), nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

space = Table(
    "space",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("epoch", String(32), nullable=False),
    Column("head", BigInteger, nullable=False),
    Column("floor", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    # Of spaces that are older than this column it may be unknown.
    Column("creator", String(32)),
)

member = Table(
    "member",
    metadata,
    Column("space", ForeignKey("space.id", ondelete="CASCADE"), primary_key=True),
    Column("account", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("role", String(8), nullable=False),
    Column("joined_at", BigInteger, nullable=False),
    Index("member_account", "account"),
)

# A token is never stored: whoever reads the database cannot sign in with what it finds.
token = Table(
    "token",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("id", String(16), nullable=False, unique=True),
    Column("account", ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("name", String(100), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index("token_account", "account"),
)

invitation = Table(
    "invitation",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("space", ForeignKey("space.id", ondelete="CASCADE"), nullable=False),
    Column("role", String(8), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

item = Table(
    "item",
    metadata,
    Column("space", ForeignKey("space.id", ondelete="CASCADE"), primary_key=True),
    Column("key", LargeBinary(1024), primary_key=True),
    Column("rev", BigInteger, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("value", Text),
    Column("client", String(64)),
    Column("mutation", BigInteger),
    Column("updated_at", BigInteger, nullable=False),
    Index("item_rev", "space", "rev", unique=True),
)

client = Table(
    "client",
    metadata,
    Column("space", ForeignKey("space.id", ondelete="CASCADE"), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("account", String(32), nullable=False),
    Column("last_mutation", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=False),
    Index("client_used", "used_at"),
)

result = Table(
    "result",
    metadata,
    Column("space", String(32), primary_key=True),
    Column("client", String(64), primary_key=True),
    Column("mutation", BigInteger, primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("status", String(8), nullable=False),
    Column("rev", BigInteger, nullable=False),
    ForeignKeyConstraint(["space", "client"], ["client.space", "client.id"], ondelete="CASCADE"),
)
