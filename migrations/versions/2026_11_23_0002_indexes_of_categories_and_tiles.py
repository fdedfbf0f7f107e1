"""Indexes of categories and tiles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    with op.batch_alter_table("asset_rows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_asset_rows_tile"))
        batch_op.create_index(
            "ix_asset_rows_tile",
            [
                "inventory_id",
                "tile",
                "plan_id",
                "lon",
                "lat",
                "since",
                "until",
                "province_code",
                "commune_code",
                "category",
                "kind",
                "status",
            ],
            unique=False,
        )
        batch_op.create_index("ix_asset_rows_category", ["inventory_id", "category", "plan_id"], unique=False)

    with op.batch_alter_table("need_rows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_need_rows_tile"))
        batch_op.create_index(
            "ix_need_rows_tile",
            [
                "inventory_id",
                "tile",
                "plan_id",
                "lon",
                "lat",
                "since",
                "until",
                "province_code",
                "commune_code",
                "category",
                "purpose",
            ],
            unique=False,
        )
        batch_op.create_index("ix_need_rows_category", ["inventory_id", "category", "plan_id"], unique=False)

    with op.batch_alter_table("plan_files", schema=None) as batch_op:
        batch_op.create_index("ix_plan_files_sha256", ["sha256"], unique=False)

    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.create_index(
            "ix_runs_unsettled",
            ["worker"],
            unique=False,
            sqlite_where=sa.text("state = 'RUNNING' OR state = 'CANCELLED' AND finished_at IS NULL"),
            postgresql_where=sa.text("state = 'RUNNING' OR state = 'CANCELLED' AND finished_at IS NULL"),
        )

    with op.batch_alter_table("shared_tables", schema=None) as batch_op:
        batch_op.create_index("ix_shared_tables_sha256", ["sha256"], unique=False)


def downgrade() -> None:
    """Change it back."""
    with op.batch_alter_table("shared_tables", schema=None) as batch_op:
        batch_op.drop_index("ix_shared_tables_sha256")

    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_runs_unsettled",
            sqlite_where=sa.text("state = 'RUNNING' OR state = 'CANCELLED' AND finished_at IS NULL"),
            postgresql_where=sa.text("state = 'RUNNING' OR state = 'CANCELLED' AND finished_at IS NULL"),
        )

    with op.batch_alter_table("plan_files", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_files_sha256")

    with op.batch_alter_table("need_rows", schema=None) as batch_op:
        batch_op.drop_index("ix_need_rows_category")
        batch_op.drop_index("ix_need_rows_tile")
        batch_op.create_index(
            batch_op.f("ix_need_rows_tile"), ["inventory_id", "tile", "province_code"], unique=False
        )

    with op.batch_alter_table("asset_rows", schema=None) as batch_op:
        batch_op.drop_index("ix_asset_rows_category")
        batch_op.drop_index("ix_asset_rows_tile")
        batch_op.create_index(
            batch_op.f("ix_asset_rows_tile"), ["inventory_id", "tile", "province_code"], unique=False
        )
