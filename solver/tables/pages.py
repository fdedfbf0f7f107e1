"""The page of columns, made from the tables of names."""

from __future__ import annotations

from solver.tables.columns import TABLES
from solver.tables.kinds import CHOICES, KINDS

_RULES = """
Headings may be English (the column's name) or Vietnamese, or one of the other headings listed; case, spaces,
underscores, punctuation and tone marks are optional. Columns that are not listed are kept and reported. Codes
are strings with their zeros. Money is integer VND: `950000000` or `950.000.000`; a single group (`950.000`)
is refused, since it may be 950. Decimals take a point or a comma. Dates are `2025-08-15` or `15/08/2025`.
Identifiers have 100 characters at most.
""".strip()


def columns_page() -> str:
    """Return `docs/columns.md`."""
    lines = [
        "# Columns",
        "",
        "Made from `solver/tables/columns.py` by `solver.tables.pages.columns_page`; do not edit.",
        "",
        *_RULES.splitlines(),
    ]
    for table, columns in TABLES.items():
        lines += [
            "",
            f"## {table}",
            "",
            "| column | Vietnamese heading | other headings | type | unit | empty means | meaning |",
            "|---|---|---|---|---|---|---|",
        ]
        for column in columns:
            empty = "not allowed" if column.required else column.default or column.when_empty or "unknown"
            empty = "not written by hand" if column.derived else empty
            meaning = column.meaning.replace("|", "\\|")
            lines.append(
                f"| `{column.name}` | {column.vi} | {', '.join(column.aliases)} | {column.type} "
                f"| {column.unit} | {empty} | {meaning} |"
            )
    lines += [
        "",
        "## Closed lists",
        "",
        "| list | code | English | Vietnamese | aliases |",
        "|---|---|---|---|---|",
    ]
    lists = {**CHOICES, **{f"kind of {category}": kinds for category, kinds in KINDS.items()}}
    for name, choices in lists.items():
        lines += [
            f"| {name} | `{choice.code}` | {choice.en} | {choice.vi} | {', '.join(choice.aliases)} |"
            for choice in choices
        ]
    return "\n".join(lines) + "\n"
