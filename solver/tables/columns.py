"""Every column of every table: type, unit, default, meaning, Vietnamese heading and aliases.

The one table of names: reading, parsing, writing and `docs/columns.md` all follow it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from solver.tables.names import fold

ColumnType = Literal[
    "id", "text", "code", "choice", "kind", "kinds", "count", "money", "decimal", "degree", "date", "year"
]

MAX_UNITS = 10**9
MAX_MONEY = 10**15
FIRST_YEAR, LAST_YEAR = 1900, 2100
MAX_ID_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        English heading, and the name in frames.
    type
        How cells are read; decides the type in typed tables.
    vi
        Vietnamese heading, used in templates.
    meaning
        What the column holds.
    unit
        Unit of a number, or "".
    aliases
        Other headings that are understood.
    required
        Whether the column must be there and each of its cells filled.
    default
        Constant filled into empty cells; "" where empty stays empty.
    when_empty
        What an empty cell means, where no constant is filled in.
    low, high
        Least and greatest value of a number.
    places
        Most digits after the point, for decimals; None for any number.
    derived
        Written by Surplan itself (inputs of a plan); read when present, never added.
    """

    name: str
    type: ColumnType
    vi: str
    meaning: str
    unit: str = ""
    aliases: tuple[str, ...] = ()
    required: bool = False
    default: str = ""
    when_empty: str = ""
    low: int = 0
    high: int = MAX_MONEY
    places: int | None = None
    derived: bool = False


def _money(
    name: str,
    vi: str,
    meaning: str,
    *,
    default: str = "",
    when_empty: str = "",
    aliases: tuple[str, ...] = (),
    required: bool = False,
) -> Column:
    return Column(name, "money", vi, meaning, "VND", aliases, required, default, when_empty)


_COMMUNE = (
    Column(
        "commune_code",
        "code",
        "Mã xã",
        "Code of the commune; a string with its zeros",
        when_empty="name or point",
        aliases=("mã đơn vị hành chính", "mã ĐVHC", "mã xã phường", "mã ĐVHC cấp xã"),
    ),
    Column(
        "commune_name",
        "text",
        "Tên xã",
        "Name of the commune, instead of its code",
        aliases=("xã", "tên xã phường"),
    ),
    Column(
        "province_name",
        "text",
        "Tên tỉnh",
        "Name of the province, with commune_name",
        aliases=("tỉnh", "tỉnh thành phố", "province"),
    ),
)
_POINT = (
    Column(
        "lat",
        "degree",
        "Vĩ độ",
        "Latitude",
        "degree",
        ("latitude",),
        when_empty="see location_source",
        low=-90,
        high=90,
    ),
    Column(
        "lon",
        "degree",
        "Kinh độ",
        "Longitude",
        "degree",
        ("longitude", "lng", "long"),
        when_empty="see location_source",
        low=-180,
        high=180,
    ),
)
_DERIVED = (
    Column(
        "old_commune_code",
        "code",
        "Mã xã cũ",
        "Code as given, where it was an old one and translated",
        derived=True,
    ),
    Column(
        "location_source",
        "text",
        "Nguồn tọa độ",
        "given, old_commune, commune or nearest_commune",
        derived=True,
    ),
    Column(
        "leg_m",
        "count",
        "Quãng nối (m)",
        "Metres from the row's point to its commune's point",
        "m",
        derived=True,
    ),
)
_CATEGORY = Column(
    "category",
    "choice",
    "Loại tài sản",
    "premises, vehicle or equipment",
    required=True,
    aliases=("nhóm tài sản", "loại"),
)
_SOURCE = Column(
    "source",
    "text",
    "Nguồn dữ liệu",
    "Origin of the row; `synthetic` in any row makes every output say so",
    aliases=("nguồn",),
)
_NOTE = Column("note", "text", "Ghi chú", "Free text", aliases=("notes", "chú thích"))

ASSETS = (
    Column(
        "asset_id", "id", "Mã tài sản", "Identifier, unique", required=True, aliases=("id tài sản", "asset")
    ),
    _CATEGORY,
    Column(
        "kind",
        "kind",
        "Chủng loại",
        "Kind from the closed list of its category, or other:<text>",
        when_empty="unknown; serves only needs of any kind",
        aliases=("kiểu tài sản", "loại chi tiết", "type"),
    ),
    *_COMMUNE,
    *_POINT,
    Column(
        "status",
        "choice",
        "Tình trạng",
        "surplus, handed_idle, in_use (counts towards norms, never moves) or handled",
        default="surplus",
        aliases=("tình trạng sử dụng", "trạng thái"),
    ),
    Column(
        "units",
        "count",
        "Số lượng",
        "Equal units of the lot; premises 1",
        "units",
        ("số đơn vị", "quantity"),
        default="1",
        low=1,
        high=MAX_UNITS,
    ),
    Column(
        "area_m2",
        "decimal",
        "Diện tích sàn (m2)",
        "Premises: usable floor; land: the plot",
        "m2",
        ("diện tích", "diện tích sử dụng", "diện tích sàn", "diện tích m2"),
        places=2,
    ),
    Column(
        "land_area_m2",
        "decimal",
        "Diện tích đất (m2)",
        "Area of the plot",
        "m2",
        ("diện tích đất",),
        places=2,
    ),
    Column(
        "condition_pct",
        "decimal",
        "Tỷ lệ chất lượng còn lại (%)",
        "Remaining quality, 0 to 100",
        "%",
        ("chất lượng còn lại", "tỷ lệ chất lượng còn lại", "tỷ lệ còn lại (%)", "condition"),
        when_empty="unknown; meets no minimum",
        high=100,
        places=2,
    ),
    Column(
        "year",
        "year",
        "Năm sử dụng",
        "Year of manufacture or first use",
        "",
        ("năm sản xuất", "năm đưa vào sử dụng", "năm xây dựng", "năm"),
        when_empty="unknown; meets no age limit",
        low=FIRST_YEAR,
        high=LAST_YEAR,
    ),
    Column(
        "legal_status",
        "choice",
        "Tình trạng pháp lý",
        "clear, disputed or pending",
        default="clear",
        aliases=("pháp lý",),
    ),
    Column(
        "available_from",
        "date",
        "Bàn giao từ ngày",
        "First day on which it can move",
        aliases=("từ ngày", "ngày có thể bàn giao"),
        when_empty="no limit",
    ),
    Column(
        "available_until",
        "date",
        "Bàn giao đến ngày",
        "Last day on which it can move",
        aliases=("đến ngày",),
        when_empty="no limit",
    ),
    _money(
        "repair_vnd",
        "Chi phí sửa chữa (đồng)",
        "Repair before use, per unit (movables)",
        default="0",
        aliases=("chi phí sửa chữa",),
    ),
    _money(
        "release_value_vnd",
        "Giá trị thu hồi (đồng)",
        "Proceeds if sold instead, per unit",
        default="0",
        aliases=("giá trị thu hồi", "giá trị thanh lý"),
    ),
    _money("book_value_vnd", "Nguyên giá (đồng)", "Original price, per unit", aliases=("nguyên giá",)),
    _money(
        "residual_value_vnd",
        "Giá trị còn lại (đồng)",
        "Residual book value, per unit",
        aliases=("giá trị còn lại",),
    ),
    Column("name", "text", "Tên tài sản", "Name", aliases=("tên",)),
    Column("address", "text", "Địa chỉ", "Address"),
    Column(
        "official_id",
        "text",
        "Số đăng ký",
        "Register code or plate, unique",
        aliases=("biển số", "biển kiểm soát", "mã đăng ký", "mã định danh"),
    ),
    Column(
        "attached_to",
        "text",
        "Gắn liền với",
        "asset_id of the house that it goes with",
        aliases=("gắn với tài sản", "thuộc nhà"),
    ),
    Column(
        "mileage_km",
        "decimal",
        "Số km đã đi",
        "Distance run",
        "km",
        ("km đã chạy", "số km", "mileage"),
        places=2,
    ),
    Column(
        "holder",
        "text",
        "Đơn vị đang quản lý",
        "Body that holds it",
        aliases=("đơn vị quản lý", "đơn vị giao"),
    ),
    Column("holder_level", "choice", "Cấp quản lý", "central, province or commune", aliases=("cấp",)),
    _SOURCE,
    _NOTE,
    *_DERIVED,
)

NEEDS = (
    Column(
        "need_id", "id", "Mã nhu cầu", "Identifier, unique", required=True, aliases=("id nhu cầu", "need")
    ),
    _CATEGORY,
    Column(
        "kinds",
        "kinds",
        "Chủng loại cần",
        "Kinds that serve it, joined by |",
        when_empty="any kind but land",
        aliases=("chủng loại", "kind", "loại cần"),
    ),
    Column("purpose", "choice", "Mục đích sử dụng", "Premises: what the place is for", aliases=("mục đích",)),
    Column(
        "recipient",
        "text",
        "Đơn vị tiếp nhận",
        "Receiving body: Đảng ủy xã, UBND xã ...",
        aliases=("đơn vị nhận",),
    ),
    *_COMMUNE,
    *_POINT,
    Column(
        "units",
        "count",
        "Số lượng",
        "Units or equal places wanted",
        "units",
        ("số lượng cần", "quantity"),
        default="1",
        low=1,
        high=MAX_UNITS,
    ),
    Column(
        "area_m2",
        "decimal",
        "Diện tích cần (m2)",
        "Premises: area of one place",
        "m2",
        ("diện tích", "diện tích cần", "diện tích m2"),
        places=2,
    ),
    Column(
        "min_condition_pct",
        "decimal",
        "Chất lượng tối thiểu (%)",
        "Least remaining quality",
        "%",
        ("chất lượng tối thiểu", "tỷ lệ chất lượng tối thiểu"),
        when_empty="the scenario's rule",
        high=100,
        places=2,
    ),
    Column(
        "priority",
        "count",
        "Mức ưu tiên",
        "1 highest to 5",
        "",
        ("ưu tiên",),
        when_empty="the scenario's by purpose or kind, else 3",
        low=1,
        high=5,
    ),
    _money(
        "price_vnd",
        "Giá khi không đáp ứng (đồng)",
        "Price of one unmet unit or place",
        when_empty="the norm price",
        aliases=("giá khi không đáp ứng", "đơn giá mua mới"),
    ),
    Column(
        "reach_km",
        "decimal",
        "Cự ly tối đa (km)",
        "Farthest distance of an asset",
        "km",
        ("cự ly tối đa", "khoảng cách tối đa"),
        when_empty="the scenario's",
    ),
    Column(
        "deadline",
        "date",
        "Hạn cần có",
        "Day by which it is wanted",
        aliases=("thời hạn", "hạn"),
        when_empty="the scenario's date",
    ),
    Column(
        "until",
        "date",
        "Cần đến ngày",
        "Last day of a temporary use",
        aliases=("sử dụng đến ngày", "đến ngày"),
        when_empty="for good",
    ),
    _SOURCE,
    _NOTE,
    *_DERIVED,
)

COMMUNES = (
    Column(
        "commune_code",
        "code",
        "Mã xã",
        "Code, a string with its zeros",
        required=True,
        aliases=("mã đơn vị hành chính", "mã ĐVHC", "code"),
    ),
    Column("name", "text", "Tên xã", "Name", aliases=("commune_name", "tên")),
    Column("kind", "text", "Loại đơn vị", "xã, phường or đặc khu", aliases=("loại", "type")),
    Column("province_code", "code", "Mã tỉnh", "Code of the province", required=True),
    Column("province_name", "text", "Tên tỉnh", "Name of the province", aliases=("tỉnh", "province")),
    *_POINT,
    Column("area_km2", "decimal", "Diện tích (km2)", "Area", "km2", ("diện tích",)),
    Column("population", "count", "Dân số", "Inhabitants", "persons", high=MAX_UNITS),
    Column(
        "island",
        "text",
        "Đảo",
        "Island that no road reaches",
        when_empty="on the mainland",
        aliases=("tên đảo",),
    ),
    Column(
        "staff_leaders", "count", "Số lãnh đạo", "Secretary, chairs and deputies", "persons", high=MAX_UNITS
    ),
    Column("staff_heads", "count", "Số trưởng phòng", "Heads of units", "persons", high=MAX_UNITS),
    Column("staff_specialists", "count", "Số chuyên viên", "Specialists", "persons", high=MAX_UNITS),
)

MATCHES = (
    Column("asset_id", "id", "Mã tài sản", "Asset", required=True, aliases=("asset",)),
    Column("need_id", "id", "Mã nhu cầu", "Need", required=True, aliases=("need",)),
    _money("cost_vnd", "Chi phí (đồng)", "Whole cost of one unit", required=True, aliases=("chi phí",)),
    Column(
        "load",
        "decimal",
        "Diện tích sử dụng (m2)",
        "Capacity used in that premises",
        "m2",
        ("diện tích chiếm dụng", "diện tích"),
        when_empty="the need's area",
        places=2,
    ),
    _money(
        "spend_vnd",
        "Chi ngân sách (đồng)",
        "What a budget counts, per unit",
        when_empty="cost_vnd",
        aliases=("chi ngân sách",),
    ),
    Column(
        "distance_km",
        "decimal",
        "Khoảng cách (km)",
        "Distance, shown as given",
        "km",
        ("khoảng cách", "cự ly"),
    ),
)

DISTANCES = (
    Column("from_commune_code", "code", "Từ mã xã", "Commune of the asset", aliases=("mã xã đi", "from")),
    Column("to_commune_code", "code", "Đến mã xã", "Commune of the need", aliases=("mã xã đến", "to")),
    Column("asset_id", "text", "Mã tài sản", "Asset, in the form by pairs", aliases=("asset",)),
    Column("need_id", "text", "Mã nhu cầu", "Need, in the form by pairs", aliases=("need",)),
    Column(
        "distance_km",
        "decimal",
        "Khoảng cách (km)",
        "Distance",
        "km",
        ("khoảng cách", "cự ly"),
        required=True,
    ),
    Column("minutes", "decimal", "Thời gian (phút)", "Travel time, shown only", "min", ("thời gian", "phút")),
)

TABLES: dict[str, tuple[Column, ...]] = {
    "assets": ASSETS,
    "needs": NEEDS,
    "communes": COMMUNES,
    "matches": MATCHES,
    "distances": DISTANCES,
}


@cache
def headings(table: str) -> dict[str, str]:
    """Return folded heading -> column name, for every heading of ``table`` that is understood."""
    found: dict[str, str] = {}
    for column in TABLES[table]:
        for heading in (column.name, column.vi, *column.aliases):
            found.setdefault(fold(heading), column.name)
    return found


@cache
def by_name(table: str) -> dict[str, Column]:
    """Return column name -> column."""
    return {column.name: column for column in TABLES[table]}


def required(table: str) -> tuple[str, ...]:
    """Return the columns that ``table`` must have."""
    return tuple(column.name for column in TABLES[table] if column.required)
