"""Build the register's data files: `python -m geodata.register.build PATH_TO_WHEEL_OR_FOLDER [FOLDER]`.

Takes the package `vietnamadminunits` 1.0.4 and `corrections.csv`, writes the other CSV files beside it (or
into FOLDER), equal bytes for equal input. The rules are written down in `docs/register.md`.
"""

from __future__ import annotations

import csv
import io
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any

from geodata.register.links import clean_links, parts
from geodata.register.points import (
    Point,
    distance_km,
    far_from_home,
    medoid,
    misplaced,
    own_points,
    shared_areas,
)
from geodata.register.source import Source, read_source

HERE = Path(__file__).parent

Rows = list[dict[str, str]]


def read_corrections(path: Path = HERE / "corrections.csv") -> dict[tuple[str, str], dict[str, str]]:
    """Read the corrections by hand: (table, code) to field and value."""
    fields: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            fields[row["table"], row["code"]][row["field"]] = row["value"]
    return dict(fields)


def build(source: Source, corrections: dict[tuple[str, str], dict[str, str]]) -> dict[str, Rows]:
    """All data files as rows, by file stem.

    Parameters
    ----------
    source
        The package's rows.
    corrections
        From :func:`read_corrections`; they win over every rule.
    """
    old = {row["wardCode"]: row for row in source.old_communes if row["wardCode"]}
    raw_old_points = {code: _point(row, "ward") for code, row in old.items()}
    districts = {row["districtCode"]: row for row in source.old_communes}
    own = own_points(raw_old_points, {_point(row, "district") for row in districts.values()})
    links, _ = clean_links(
        [(one, new) for one, new, _ in source.links],
        {code: row["wardKey"] for code, row in old.items()},
        raw_old_points,
    )
    part = parts(
        links,
        {row["wardCode"]: row["wardType"] for row in source.communes},
        {code: row["wardType"] for code, row in old.items()},
    )
    points = _commune_points(source, corrections, links, part, {code: raw_old_points[code] for code in own})
    old_points = _old_points(raw_old_points, own, links, points)
    return {
        "provinces": _provinces(source),
        "communes": _communes(source, corrections, points),
        "old_provinces": _old_provinces(source, links, old),
        "old_districts": _old_districts(districts, corrections),
        "old_communes": [
            {
                "old_commune_code": code,
                "name": _text(row["wardShort"]),
                "kind": _text(row["wardType"]).lower(),
                "old_district_code": row["districtCode"],
                "lat": _number(old_points[code][0]),
                "lon": _number(old_points[code][1]),
                "point": "own" if code in own and old_points[code] == raw_old_points[code] else "seat",
            }
            for code, row in sorted(old.items())
        ],
        "old_to_new": [
            {"old_commune_code": one, "commune_code": new, "part": part[one, new]} for one, new in links
        ],
    }


def _commune_points(
    source: Source,
    corrections: dict[tuple[str, str], dict[str, str]],
    links: list[tuple[str, str]],
    part: dict[tuple[str, str], str],
    own: dict[str, Point],
) -> dict[str, tuple[Point, str]]:
    pieces, whole = defaultdict(list), defaultdict(list)
    for old, new in links:
        pieces[new].append(old)
        if part[old, new] != "part" and old in own:
            whole[new].append(own[old])
    raw = {row["wardCode"]: _point(row, "ward") for row in source.communes}
    result = {code: (point, "centroid") for code, point in raw.items()}
    for code in misplaced(raw, pieces, own):
        stand_ins = whole[code] or [own[old] for old in pieces[code] if old in own]
        result[code] = medoid(stand_ins), "old_commune"
    for (table, code), fields in corrections.items():
        if table == "communes" and "lat" in fields:
            result[code] = (float(fields["lat"]), float(fields["lon"])), "hand"
    return result


def _old_points(
    raw: dict[str, Point], own: set[str], links: list[tuple[str, str]], points: dict[str, tuple[Point, str]]
) -> dict[str, Point]:
    homes, pieces = defaultdict(list), defaultdict(list)
    for old, new in links:
        homes[old].append(new)
        pieces[new].append(old)
    seats = {code: point for code, (point, _) in points.items()}
    lost = far_from_home({code: raw[code] for code in sorted(own)}, homes, seats)
    # the same ground under another name: what was corrected by hand for one holds for the other
    lost |= {old for new, (old, *others) in pieces.items() if not others and points[new][1] == "hand"}
    result = {}
    for code, point in raw.items():
        if code in own and code not in lost:
            result[code] = point
        else:
            home = min(homes[code], key=lambda new: (round(distance_km(point, seats[new]), 6), new))
            result[code] = seats[home]
    return result


def _communes(
    source: Source, corrections: dict[tuple[str, str], dict[str, str]], points: dict[str, tuple[Point, str]]
) -> Rows:
    areas = {row["wardCode"]: row["wardAreaKm2"] or None for row in source.communes}
    unclear = shared_areas(areas, {row["wardCode"]: row["wardShortKey"] for row in source.communes})
    rows = []
    for row in source.communes:
        code = row["wardCode"]
        (lat, lon), origin = points[code]
        # a point taken from a namesake came with the namesake's area
        area = None if code in unclear or origin == "old_commune" else areas[code]
        fields = corrections.get(("communes", code), {})
        rows.append(
            {
                "commune_code": code,
                "name": _text(row["wardShort"]),
                "kind": _text(row["wardType"]).lower(),
                "province_code": row["provinceCode"],
                "lat": _number(lat),
                "lon": _number(lon),
                "point": origin,
                "area_km2": "" if area is None else _number(area),
                "island": fields.get("island", ""),
            }
        )
    return rows


def _provinces(source: Source) -> Rows:
    rows = {row["provinceCode"]: row for row in source.communes}
    return [
        {
            "province_code": code,
            "name": _text(row["provinceShort"]),
            "kind": _kind(row["province"], row["provinceShort"]),
            "lat": _number(row["provinceLat"]),
            "lon": _number(row["provinceLon"]),
        }
        for code, row in sorted(rows.items())
    ]


def _old_provinces(source: Source, links: list[tuple[str, str]], old: dict[str, dict[str, Any]]) -> Rows:
    province_of = {row["wardCode"]: row["provinceCode"] for row in source.communes}
    merged_into: dict[str, set[str]] = defaultdict(set)
    for one, new in links:
        merged_into[old[one]["provinceCode"]].add(province_of[new])
    rows = {row["provinceCode"]: row for row in source.old_communes}
    result = []
    for code, row in sorted(rows.items()):
        (new,) = merged_into[code]  # the provinces were merged whole
        result.append(
            {
                "old_province_code": code,
                "name": _text(row["provinceShort"]),
                "kind": _kind(row["province"], row["provinceShort"]),
                "lat": _number(row["provinceLat"]),
                "lon": _number(row["provinceLon"]),
                "province_code": new,
            }
        )
    return result


def _old_districts(
    districts: dict[str, dict[str, Any]], corrections: dict[tuple[str, str], dict[str, str]]
) -> Rows:
    return [
        {
            "old_district_code": code,
            "name": _text(row["districtShort"]),
            "kind": _text(row["districtType"]).lower(),
            "old_province_code": row["provinceCode"],
            "lat": _number(row["districtLat"]),
            "lon": _number(row["districtLon"]),
            "commune_code": corrections.get(("old_districts", code), {}).get("commune_code", ""),
        }
        for code, row in sorted(districts.items())
    ]


def _point(row: dict[str, Any], level: str) -> Point:
    return row[f"{level}Lat"], row[f"{level}Lon"]


def _text(value: str) -> str:
    return unicodedata.normalize("NFC", value.strip())


def _kind(full: str, short: str) -> str:
    return _text(full.removesuffix(short)).lower()


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def write(tables: dict[str, Rows], folder: Path) -> None:
    """Write every table as `<stem>.csv`: UTF-8, LF, comma."""
    for stem, rows in tables.items():
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        (folder / f"{stem}.csv").write_bytes(text.getvalue().encode())


def main(arguments: list[str]) -> None:
    """Build from the package (first argument) into a folder (second; default: beside this file)."""
    source = read_source(Path(arguments[0]))
    write(build(source, read_corrections()), Path(arguments[1]) if len(arguments) > 1 else HERE)


if __name__ == "__main__":
    main(sys.argv[1:])
