"""The tables of the service."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.service.store import triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("province_code", sa.String(length=40), nullable=True),
        sa.Column("commune_code", sa.String(length=40), nullable=True),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.String(length=200), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("province_code", sa.String(length=40), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entries")),
    )
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blobs")),
    )
    op.create_table(
        "idempotent_answers",
        sa.Column("actor_id", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "key", name=op.f("pk_idempotent_answers")),
    )
    with op.batch_alter_table("idempotent_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotent_answers_created_at"), ["created_at"], unique=False)

    op.create_table(
        "inventories",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventories")),
    )
    op.create_table(
        "workers",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("incarnation", sa.String(length=40), nullable=False),
        sa.Column("app_version", sa.String(length=200), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workers")),
    )
    op.create_table(
        "asset_rows",
        sa.Column("asset_id", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("official_id", sa.String(length=200), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column(
            "row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("inventory_id", sa.String(length=40), nullable=False),
        sa.Column(
            "plan_id",
            sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("tile", sa.Integer(), nullable=True),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("province_code", sa.String(length=40), nullable=False),
        sa.Column("commune_code", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["inventory_id"], ["inventories.id"], name=op.f("fk_asset_rows_inventory_id_inventories")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_asset_rows")),
        sa.UniqueConstraint(
            "inventory_id",
            "province_code",
            "asset_id",
            "since",
            name=op.f("uq_asset_rows_inventory_id_province_code_asset_id_since"),
        ),
    )
    with op.batch_alter_table("asset_rows", schema=None) as batch_op:
        batch_op.create_index(
            "ix_asset_rows_commune", ["inventory_id", "commune_code", "plan_id"], unique=False
        )
        batch_op.create_index("ix_asset_rows_kind", ["inventory_id", "kind", "plan_id"], unique=False)
        batch_op.create_index(
            "ix_asset_rows_official",
            ["inventory_id", "official_id", "province_code", "plan_id"],
            unique=False,
        )
        batch_op.create_index("ix_asset_rows_page", ["inventory_id", "plan_id", "since"], unique=False)
        batch_op.create_index("ix_asset_rows_place", ["inventory_id", "place", "plan_id"], unique=False)
        batch_op.create_index(
            "ix_asset_rows_province", ["inventory_id", "province_code", "plan_id"], unique=False
        )
        batch_op.create_index("ix_asset_rows_status", ["inventory_id", "status", "plan_id"], unique=False)
        batch_op.create_index("ix_asset_rows_tile", ["inventory_id", "tile", "province_code"], unique=False)

    op.create_table(
        "inventory_versions",
        sa.Column("inventory_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("province_code", sa.String(length=40), nullable=True),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["inventory_id"], ["inventories.id"], name=op.f("fk_inventory_versions_inventory_id_inventories")
        ),
        sa.PrimaryKeyConstraint("inventory_id", "number", name=op.f("pk_inventory_versions")),
    )
    op.create_table(
        "need_rows",
        sa.Column("need_id", sa.String(length=160), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=True),
        sa.Column(
            "row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("inventory_id", sa.String(length=40), nullable=False),
        sa.Column(
            "plan_id",
            sa.String(length=160).with_variant(sa.String(length=160, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("tile", sa.Integer(), nullable=True),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("province_code", sa.String(length=40), nullable=False),
        sa.Column("commune_code", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["inventory_id"], ["inventories.id"], name=op.f("fk_need_rows_inventory_id_inventories")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_need_rows")),
        sa.UniqueConstraint(
            "inventory_id",
            "province_code",
            "need_id",
            "since",
            name=op.f("uq_need_rows_inventory_id_province_code_need_id_since"),
        ),
    )
    with op.batch_alter_table("need_rows", schema=None) as batch_op:
        batch_op.create_index(
            "ix_need_rows_commune", ["inventory_id", "commune_code", "plan_id"], unique=False
        )
        batch_op.create_index("ix_need_rows_page", ["inventory_id", "plan_id", "since"], unique=False)
        batch_op.create_index(
            "ix_need_rows_province", ["inventory_id", "province_code", "plan_id"], unique=False
        )
        batch_op.create_index("ix_need_rows_tile", ["inventory_id", "tile", "province_code"], unique=False)

    op.create_table(
        "parts",
        sa.Column(
            "row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("inventory_id", sa.String(length=40), nullable=False),
        sa.Column("province_code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("etag", sa.String(length=64), nullable=False),
        sa.Column("assets", sa.Integer(), nullable=False),
        sa.Column("needs", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["inventory_id"], ["inventories.id"], name=op.f("fk_parts_inventory_id_inventories")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_parts")),
        sa.UniqueConstraint(
            "inventory_id", "province_code", "number", name=op.f("uq_parts_inventory_id_province_code_number")
        ),
        sa.UniqueConstraint(
            "inventory_id", "province_code", "since", name=op.f("uq_parts_inventory_id_province_code_since")
        ),
    )
    with op.batch_alter_table("parts", schema=None) as batch_op:
        batch_op.create_index("ix_parts_standing", ["inventory_id", "until"], unique=False)

    op.create_table(
        "scenarios",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("inventory_id", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.String(length=40), nullable=True),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("resolved", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("replan_on_version", sa.Boolean(), nullable=False),
        sa.Column("replan_schedule", sa.String(length=200), nullable=True),
        sa.Column("replan_due_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("province_code", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["inventory_id"], ["inventories.id"], name=op.f("fk_scenarios_inventory_id_inventories")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["scenarios.id"], name=op.f("fk_scenarios_parent_id_scenarios")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenarios")),
    )
    with op.batch_alter_table("scenarios", schema=None) as batch_op:
        batch_op.create_index("ix_scenarios_due", ["replan_due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_scenarios_inventory_id"), ["inventory_id"], unique=False)

    op.create_table(
        "shared_tables",
        sa.Column(
            "row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("inventory_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["inventory_id"], ["inventories.id"], name=op.f("fk_shared_tables_inventory_id_inventories")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["blobs.sha256"], name=op.f("fk_shared_tables_sha256_blobs")),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_shared_tables")),
        sa.UniqueConstraint(
            "inventory_id", "name", "since", name=op.f("uq_shared_tables_inventory_id_name_since")
        ),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("scenario_id", sa.String(length=40), nullable=False),
        sa.Column("inventory_id", sa.String(length=40), nullable=False),
        sa.Column("inventory_version", sa.Integer(), nullable=False),
        sa.Column("baseline_plan_id", sa.String(length=40), nullable=True),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("batch_id", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("dispatch", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=200), nullable=True),
        sa.Column("app_version", sa.String(length=200), nullable=True),
        sa.Column("progress", sa.Text(), nullable=True),
        sa.Column("time_limit_s", sa.Double(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("cancel_requested_at", sa.DateTime(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("plan_id", sa.String(length=40), nullable=True),
        sa.Column("province_code", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["inventory_id"], ["inventories.id"], name=op.f("fk_runs_inventory_id_inventories")
        ),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenarios.id"], name=op.f("fk_runs_scenario_id_scenarios")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("scenario_id", "due_at", name=op.f("uq_runs_scenario_id_due_at")),
    )
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_runs_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index("ix_runs_scenario", ["scenario_id", "created_at"], unique=False)
        batch_op.create_index("ix_runs_state", ["state", "created_at"], unique=False)

    op.create_table(
        "plans",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("scenario_id", sa.String(length=40), nullable=False),
        sa.Column("inventory_id", sa.String(length=40), nullable=False),
        sa.Column("inventory_version", sa.Integer(), nullable=False),
        sa.Column("baseline_plan_id", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("objective_vnd", sa.BigInteger(), nullable=True),
        sa.Column("bound_vnd", sa.BigInteger(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("solver_version", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("province_code", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["inventory_id"], ["inventories.id"], name=op.f("fk_plans_inventory_id_inventories")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_plans_run_id_runs")),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenarios.id"], name=op.f("fk_plans_scenario_id_scenarios")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("run_id", name=op.f("uq_plans_run_id")),
    )
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plans_scenario_id"), ["scenario_id"], unique=False)

    op.create_table(
        "run_events",
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("province_code", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_events_run_id_runs")),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_run_events")),
    )
    op.create_table(
        "plan_files",
        sa.Column("plan_id", sa.String(length=40), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_files_plan_id_plans")),
        sa.ForeignKeyConstraint(["sha256"], ["blobs.sha256"], name=op.f("fk_plan_files_sha256_blobs")),
        sa.PrimaryKeyConstraint("plan_id", "path", name=op.f("pk_plan_files")),
    )
    op.create_table(
        "plan_releases",
        sa.Column("asset_id", sa.String(length=160), nullable=False),
        sa.Column("disposition", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("value_vnd", sa.BigInteger(), nullable=False),
        sa.Column("province_code", sa.String(length=40), nullable=True),
        sa.Column("commune_code", sa.String(length=40), nullable=True),
        sa.Column("plan_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_releases_plan_id_plans")),
        sa.PrimaryKeyConstraint("plan_id", "position", name=op.f("pk_plan_releases")),
    )
    with op.batch_alter_table("plan_releases", schema=None) as batch_op:
        batch_op.create_index(
            "ix_plan_releases_province", ["plan_id", "province_code", "position"], unique=False
        )

    op.create_table(
        "plan_shortfalls",
        sa.Column("need_id", sa.String(length=160), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("province_code", sa.String(length=40), nullable=True),
        sa.Column("commune_code", sa.String(length=40), nullable=True),
        sa.Column("plan_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_shortfalls_plan_id_plans")),
        sa.PrimaryKeyConstraint("plan_id", "position", name=op.f("pk_plan_shortfalls")),
    )
    with op.batch_alter_table("plan_shortfalls", schema=None) as batch_op:
        batch_op.create_index(
            "ix_plan_shortfalls_province", ["plan_id", "province_code", "position"], unique=False
        )

    op.create_table(
        "plan_transfers",
        sa.Column("asset_id", sa.String(length=160), nullable=False),
        sa.Column("need_id", sa.String(length=160), nullable=False),
        sa.Column("from_province", sa.String(length=40), nullable=True),
        sa.Column("to_province", sa.String(length=40), nullable=True),
        sa.Column("from_commune", sa.String(length=40), nullable=True),
        sa.Column("to_commune", sa.String(length=40), nullable=True),
        sa.Column("cost_vnd", sa.BigInteger(), nullable=False),
        sa.Column("plan_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_transfers_plan_id_plans")),
        sa.PrimaryKeyConstraint("plan_id", "position", name=op.f("pk_plan_transfers")),
    )
    with op.batch_alter_table("plan_transfers", schema=None) as batch_op:
        batch_op.create_index("ix_plan_transfers_asset", ["plan_id", "asset_id"], unique=False)
        batch_op.create_index(
            "ix_plan_transfers_from", ["plan_id", "from_province", "position"], unique=False
        )
        batch_op.create_index("ix_plan_transfers_need", ["plan_id", "need_id"], unique=False)
        batch_op.create_index("ix_plan_transfers_to", ["plan_id", "to_province", "position"], unique=False)

    triggers.create(op.get_bind())


def downgrade() -> None:
    """Change it back."""
    triggers.drop(op.get_bind())
    with op.batch_alter_table("plan_transfers", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_transfers_to")
        batch_op.drop_index("ix_plan_transfers_need")
        batch_op.drop_index("ix_plan_transfers_from")
        batch_op.drop_index("ix_plan_transfers_asset")

    op.drop_table("plan_transfers")
    with op.batch_alter_table("plan_shortfalls", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_shortfalls_province")

    op.drop_table("plan_shortfalls")
    with op.batch_alter_table("plan_releases", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_releases_province")

    op.drop_table("plan_releases")
    op.drop_table("plan_files")
    op.drop_table("run_events")
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plans_scenario_id"))

    op.drop_table("plans")
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_index("ix_runs_state")
        batch_op.drop_index("ix_runs_scenario")
        batch_op.drop_index(batch_op.f("ix_runs_batch_id"))

    op.drop_table("runs")
    op.drop_table("shared_tables")
    with op.batch_alter_table("scenarios", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scenarios_inventory_id"))
        batch_op.drop_index("ix_scenarios_due")

    op.drop_table("scenarios")
    with op.batch_alter_table("parts", schema=None) as batch_op:
        batch_op.drop_index("ix_parts_standing")

    op.drop_table("parts")
    with op.batch_alter_table("need_rows", schema=None) as batch_op:
        batch_op.drop_index("ix_need_rows_tile")
        batch_op.drop_index("ix_need_rows_province")
        batch_op.drop_index("ix_need_rows_page")
        batch_op.drop_index("ix_need_rows_commune")

    op.drop_table("need_rows")
    op.drop_table("inventory_versions")
    with op.batch_alter_table("asset_rows", schema=None) as batch_op:
        batch_op.drop_index("ix_asset_rows_tile")
        batch_op.drop_index("ix_asset_rows_status")
        batch_op.drop_index("ix_asset_rows_province")
        batch_op.drop_index("ix_asset_rows_place")
        batch_op.drop_index("ix_asset_rows_page")
        batch_op.drop_index("ix_asset_rows_official")
        batch_op.drop_index("ix_asset_rows_kind")
        batch_op.drop_index("ix_asset_rows_commune")

    op.drop_table("asset_rows")
    op.drop_table("workers")
    op.drop_table("inventories")
    with op.batch_alter_table("idempotent_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotent_answers_created_at"))

    op.drop_table("idempotent_answers")
    op.drop_table("blobs")
    op.drop_table("audit_entries")
    op.drop_table("api_keys")
