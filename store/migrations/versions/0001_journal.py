"""The journal: one line a change."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the journal."""
    op.create_table(
        "journal",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
        ),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("body", sa.JSON().with_variant(JSONB(), "postgresql")),
        sa.UniqueConstraint("region", "kind", "key", "number", name="one_entry_a_number"),
    )
    op.create_index("journal_by_time", "journal", ["region", "kind", "at"])


def downgrade() -> None:
    """Drop the journal with everything in it."""
    op.drop_index("journal_by_time", "journal")
    op.drop_table("journal")
