"""Write the migration from the newest one to the models: ``python -m migrations.revision "What changes."``.

``--initial`` writes the first one anew, in place of all there are; only before anybody has used them.
``--check`` writes nothing and ends with 1 where the models have moved on. What the tool writes is a draft:
data that must move, and triggers of a table that SQLite rebuilds, it does not know.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command

from app.service.operations import migrating
from app.service.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

INITIAL = "The tables of the service."


@contextmanager
def _migrated() -> Iterator[sa.Connection]:
    """Yield a connection to a new SQLite file with all migrations."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{(Path(folder) / 'surplan.sqlite').as_posix()}")
        with migrating.changing(database) as connection:
            if any(_versions().glob("*.py")):
                migrating.migrate(connection)
            yield connection
        database.close()


def _versions() -> Path:
    return migrating.scripts() / "versions"


def write(message: str) -> Path:
    """Write a migration and return its file."""
    number = len(list(_versions().glob("*.py"))) + 1
    slug = "service" if message == INITIAL else "_".join(message.lower().rstrip(".").split())[:40]
    with _migrated() as connection:
        found = migrating.configuration(connection)
        found.set_main_option("file_template", f"{datetime.now(UTC):%Y_%m_%d}_%%(rev)s_{slug}")
        script = command.revision(found, message, autogenerate=True, rev_id=f"{number:04}")
    assert script is not None
    assert not isinstance(script, list)
    _without_hints(Path(script.path))
    for work in (["format", "--quiet"], ["check", "--fix", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *work, script.path], check=True)
    return Path(script.path)


def _without_hints(file: Path) -> None:
    """Take alembic's comments to its user out of a file."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "# ###" not in line), encoding="utf-8")


def main() -> int:
    """Do what the arguments say."""
    parser = argparse.ArgumentParser(prog="python -m migrations.revision", description=__doc__)
    parser.add_argument("message", nargs="?", help="what changes, as a sentence")
    parser.add_argument("--initial", action="store_true", help="write the first migration anew")
    parser.add_argument("--check", action="store_true", help="only compare")
    given = parser.parse_args()
    if given.check:
        with _migrated() as connection:
            differences = migrating.drift(connection)
        for difference in differences:
            sys.stdout.write(f"{difference}\n")
        return 1 if differences else 0
    if given.initial:
        for old in _versions().glob("*.py"):
            old.unlink()
    elif not given.message:
        parser.error("say what changes")
    sys.stdout.write(f"{write(INITIAL if given.initial else given.message)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
