"""${message}"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
% if down_revision is None:

from app.service.store import triggers
% endif

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the schema."""
    ${upgrades if upgrades else "pass"}
% if down_revision is None:
    triggers.create(op.get_bind())
% endif


def downgrade() -> None:
    """Change it back."""
% if down_revision is None:
    triggers.drop(op.get_bind())
% endif
    ${downgrades if downgrades else "pass"}
