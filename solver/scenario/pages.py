"""The page of keys and the JSON Schema, made from the schema."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from solver.scenario.schema import KEYS, MAX_MIN, PRIORITIES
from solver.tables.columns import MAX_UNITS
from solver.tables.kinds import CATEGORIES, PURPOSES, codes

if TYPE_CHECKING:
    from solver.scenario.schema import Key, Value

_RULES = """
`scenario.toml` or `scenario.json` (not both); it may be empty or absent, and every key may be left out.
An unknown key is an error. A key whose feature is not built yet may hold its default only; anything else
is error `not_supported_yet`. Numbers are exact decimals of at most 15 significant digits, never negative.
JSON `null` counts as not written.

**Keys by kind.** `vehicle`, `vehicle/car`; for premises also by purpose, `premises/housing`. Labels and
aliases of `docs/columns.md` are understood. For prices, reach and rules the most specific key wins; for
norms and limits every key that applies, applies.

**Defaults of tables** are merged key by key: what the scenario does not write stays as below. Where the
most specific key wins, a written category drops the default keys below it: whoever writes
`prices.unmet.vehicle` does not want the default price of `vehicle/car` to outrank it.

**`date`** is by default the latest date that the tables state (`available_from`, and 31 December of the
newest `year` of assets), but not before 2025-07-01, since when today's communes exist. It is never
today's, and warning `date_defaulted` names it.

**Priority** of a need that states none: by its purpose; else by its kinds, the highest where they differ;
else by its category; else 3.

**Limits, floors, pins, coverage first**: what they mean to the unit is [limits.md](limits.md).
`coverage_floor = "max-min"` says so for every category. A pin is `[asset_id, need_id]` or
`[asset_id, need_id, units]`. In a sheet, write `V-0001|N-0042|2` for a pin, pins one a line or joined by `;`.

**With a matches table** norms, limits, equity, `prices.open_premises` and `rules.cross_province` have no
defaults: only what the scenario writes applies. Of the rules only status, load and bans apply.
""".strip()


def scenario_page() -> str:
    """Return `docs/scenario.md`."""
    lines = [
        "# The scenario",
        "",
        "Made from `solver/scenario/schema.py` by `solver.scenario.pages.scenario_page`; do not edit.",
        "",
        *_RULES.splitlines(),
        "",
        "| key | meaning | unit | default | source of the default |",
        "|---|---|---|---|---|",
    ]
    for key in KEYS:
        meaning = key.meaning + ("" if key.built else " (not built yet)")
        if key.choices:
            named = list(key.choices)
            meaning += f": {', '.join(named)}"
        if not key.keyed:
            source = key.source if key.default not in (None, "", 0, []) else ""
            lines.append(f"| `{key.name}` | {meaning} | {key.unit} | {_shown(key.default)} | {source} |")
            continue
        lines.append(
            f"| `{key.name}` | {meaning}; a table by {key.keyed.replace('_', ' ')} | {key.unit} | | |"
        )
        for name, value in key.default.items():
            lines.append(
                f"| `{key.name}` · `{name}` | | {key.unit} | {_shown(value)} | {_source(key, name)} |"
            )
    return "\n".join(lines) + "\n"


def _source(key: Key, name: str) -> str:
    if isinstance(key.source, str):
        return key.source
    return key.source.get(name, key.source[""])


def _shown(value: Value) -> str:
    if value is None or value in ("", []):
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(str(member) for member in value)
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario (draft 2020-12), as committed in `docs/scenario.schema.json`."""
    properties: dict[str, Any] = {}
    for key in KEYS:
        section, dot, leaf = key.name.partition(".")
        if not dot:
            properties[section] = _key_schema(key)
            continue
        table = properties.setdefault(
            section, {"type": "object", "additionalProperties": False, "properties": {}}
        )
        table["properties"][leaf] = _key_schema(key)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Surplan scenario",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def schema_text() -> str:
    """Return the text of `docs/scenario.schema.json`."""
    return json.dumps(scenario_schema(), ensure_ascii=False, indent=2, default=_plain) + "\n"


def _plain(value: object) -> float:
    if isinstance(value, Decimal):
        return float(value)
    msg = f"{type(value)} in a JSON Schema"
    raise TypeError(msg)


def _key_schema(key: Key) -> dict[str, Any]:
    value = _value_schema(key)
    description = key.meaning + (f" [{key.unit}]" if key.unit else "")
    if not key.keyed:
        schema: dict[str, Any] = {"description": description, "anyOf": [value, {"type": "null"}]}
    else:
        table = {"type": "object", "additionalProperties": value}
        if names := _names_pattern(key):
            table["propertyNames"] = {"pattern": names}
        bare = {"anyOf": [table, {"const": MAX_MIN}]}
        schema = {"description": description, **(bare if key.type == "floor" else table)}
    if key.default is not None:
        schema["default"] = key.default
    return schema


def _names_pattern(key: Key) -> str:
    # Codes only: labels and aliases are understood too, but a machine should write codes.
    categories = "|".join(codes(CATEGORIES))
    purposes = "|".join(codes(PURPOSES))
    return {
        "kind": f"^({categories})(/.+)?$",
        "category": f"^({categories})$",
        "purpose": f"^({purposes})$",
        "purpose_or_kind": f"^({purposes}|({categories})(/.+)?)$",
    }.get(key.keyed, "")


def _value_schema(key: Key) -> dict[str, Any]:
    number = {"minimum": key.low, "maximum": key.high}
    text = {"type": "string"}
    pair = {"type": "array", "prefixItems": [text, text], "minItems": 2, "maxItems": 2}
    units = {"type": "integer", "minimum": 1, "maximum": MAX_UNITS}
    pin = {"type": "array", "prefixItems": [text, text, units], "minItems": 2, "maxItems": 3}
    factors = {"type": "number", "minimum": 0}
    by_type: dict[str, dict[str, Any]] = {
        "text": text,
        "date": {"type": "string", "format": "date"},
        "flag": {"type": "boolean"},
        "integer": {"type": "integer", **number},
        "number": {"type": "number", **number},
        "floor": {"anyOf": [{"type": "number", **number}, {"const": MAX_MIN}]},
        "choice": {"enum": list(key.choices)},
        "choices": {"type": "array", "items": {"enum": list(key.choices)}},
        "kinds": {"type": "array", "items": text},
        "factors": {"type": "array", "items": factors, "minItems": PRIORITIES, "maxItems": PRIORITIES},
        "pairs": {"type": "array", "items": pair},
        "pins": {"type": "array", "items": pin},
    }
    return by_type[key.type]
