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
    meaning_vi, when_empty_vi
        `meaning` and `when_empty` in Vietnamese, for templates.
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
    meaning_vi: str = ""
    when_empty_vi: str = ""


def _money(
    name: str,
    vi: str,
    meaning: str,
    *,
    default: str = "",
    when_empty: str = "",
    aliases: tuple[str, ...] = (),
    required: bool = False,
    meaning_vi: str = "",
    when_empty_vi: str = "",
) -> Column:
    return Column(
        name,
        "money",
        vi,
        meaning,
        "VND",
        aliases,
        required,
        default,
        when_empty,
        meaning_vi=meaning_vi,
        when_empty_vi=when_empty_vi,
    )


_COMMUNE = (
    Column(
        "commune_code",
        "code",
        "Mã xã",
        "Code of the commune; a string with its zeros",
        when_empty="name or point",
        aliases=("mã đơn vị hành chính", "mã ĐVHC", "mã xã phường", "mã ĐVHC cấp xã"),
        meaning_vi="Mã đơn vị hành chính cấp xã, dạng văn bản để giữ số 0 ở đầu",
        when_empty_vi="xác định theo tên xã hoặc tọa độ",
    ),
    Column(
        "commune_name",
        "text",
        "Tên xã",
        "Name of the commune, instead of its code",
        aliases=("xã", "tên xã phường"),
        meaning_vi="Tên xã, phường, đặc khu; dùng khi không có mã",
    ),
    Column(
        "province_name",
        "text",
        "Tên tỉnh",
        "Name of the province, with commune_name",
        aliases=("tỉnh", "tỉnh thành phố", "province"),
        meaning_vi="Tên tỉnh, thành phố; ghi cùng với tên xã",
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
        meaning_vi="Vĩ độ, độ thập phân",
        when_empty_vi="lấy theo điểm của xã",
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
        meaning_vi="Kinh độ, độ thập phân",
        when_empty_vi="lấy theo điểm của xã",
    ),
)
_DERIVED = (
    Column(
        "old_commune_code",
        "code",
        "Mã xã cũ",
        "Code as given, where it was an old one and translated",
        derived=True,
        meaning_vi="Mã đã ghi, khi đó là mã cũ và đã được chuyển sang mã hiện hành",
    ),
    Column(
        "location_source",
        "text",
        "Nguồn tọa độ",
        "given, old_commune, commune or nearest_commune",
        derived=True,
        meaning_vi="Nguồn của tọa độ: given, old_commune, commune hoặc nearest_commune",
    ),
    Column(
        "leg_m",
        "count",
        "Quãng nối (m)",
        "Metres from the row's point to its commune's point",
        "m",
        derived=True,
        meaning_vi="Số mét từ điểm của dòng đến điểm của xã",
    ),
)
_CATEGORY = Column(
    "category",
    "choice",
    "Loại tài sản",
    "premises, vehicle or equipment",
    required=True,
    aliases=("nhóm tài sản", "loại"),
    meaning_vi="Nhóm tài sản: nhà, đất; phương tiện; hoặc máy móc, thiết bị",
)
_SOURCE = Column(
    "source",
    "text",
    "Nguồn dữ liệu",
    "Origin of the row; `synthetic` in any row makes every output say so",
    aliases=("nguồn",),
    meaning_vi="Nguồn của số liệu; có dòng ghi synthetic thì mọi kết quả đều nêu là dữ liệu giả lập",
)
_NOTE = Column(
    "note", "text", "Ghi chú", "Free text", aliases=("notes", "chú thích"), meaning_vi="Nội dung tự do"
)

ASSETS = (
    Column(
        "asset_id",
        "id",
        "Mã tài sản",
        "Identifier, unique",
        required=True,
        aliases=("id tài sản", "asset"),
        meaning_vi="Mã của tài sản, mỗi tài sản một mã, không trùng",
    ),
    _CATEGORY,
    Column(
        "kind",
        "kind",
        "Chủng loại",
        "Kind from the closed list of its category, or other:<text>",
        when_empty="unknown; serves only needs of any kind",
        aliases=("kiểu tài sản", "loại chi tiết", "type"),
        meaning_vi="Chủng loại trong danh mục của nhóm tài sản, hoặc ghi khác: kèm tên",
        when_empty_vi="chưa rõ; chỉ đáp ứng nhu cầu không nêu chủng loại",
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
        meaning_vi="Dôi dư; đã bàn giao, chưa sử dụng; đang sử dụng (chỉ tính vào định mức); hoặc đã xử lý",
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
        meaning_vi="Số đơn vị giống nhau của dòng; nhà, đất luôn là 1",
    ),
    Column(
        "area_m2",
        "decimal",
        "Diện tích sàn (m2)",
        "Premises: usable floor; land: the plot",
        "m2",
        ("diện tích", "diện tích sử dụng", "diện tích sàn", "diện tích m2"),
        places=2,
        meaning_vi="Nhà: diện tích sàn sử dụng; đất: diện tích thửa đất",
    ),
    Column(
        "land_area_m2",
        "decimal",
        "Diện tích đất (m2)",
        "Area of the plot",
        "m2",
        ("diện tích đất",),
        places=2,
        meaning_vi="Diện tích thửa đất",
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
        meaning_vi="Tỷ lệ chất lượng còn lại, từ 0 đến 100",
        when_empty_vi="chưa rõ; không đạt mức tối thiểu nào",
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
        meaning_vi="Năm sản xuất, xây dựng hoặc đưa vào sử dụng",
        when_empty_vi="chưa rõ; không đạt giới hạn số năm sử dụng",
    ),
    Column(
        "legal_status",
        "choice",
        "Tình trạng pháp lý",
        "clear, disputed or pending",
        default="clear",
        aliases=("pháp lý",),
        meaning_vi="Rõ ràng; đang tranh chấp; hoặc chưa hoàn thiện hồ sơ",
    ),
    Column(
        "available_from",
        "date",
        "Bàn giao từ ngày",
        "First day on which it can move",
        aliases=("từ ngày", "ngày có thể bàn giao"),
        when_empty="no limit",
        meaning_vi="Ngày đầu tiên có thể bàn giao",
        when_empty_vi="không giới hạn",
    ),
    Column(
        "available_until",
        "date",
        "Bàn giao đến ngày",
        "Last day on which it can move",
        aliases=("đến ngày",),
        when_empty="no limit",
        meaning_vi="Ngày cuối cùng có thể bàn giao",
        when_empty_vi="không giới hạn",
    ),
    _money(
        "repair_vnd",
        "Chi phí sửa chữa (đồng)",
        "Repair before use, per unit (movables)",
        default="0",
        aliases=("chi phí sửa chữa",),
        meaning_vi="Chi phí sửa chữa một đơn vị trước khi sử dụng (phương tiện; máy móc, thiết bị)",
    ),
    _money(
        "release_value_vnd",
        "Giá trị thu hồi (đồng)",
        "Proceeds if sold instead, per unit",
        default="0",
        aliases=("giá trị thu hồi", "giá trị thanh lý"),
        meaning_vi="Số tiền thu được nếu bán, tính cho một đơn vị",
    ),
    _money(
        "book_value_vnd",
        "Nguyên giá (đồng)",
        "Original price, per unit",
        aliases=("nguyên giá",),
        meaning_vi="Nguyên giá của một đơn vị",
    ),
    _money(
        "residual_value_vnd",
        "Giá trị còn lại (đồng)",
        "Residual book value, per unit",
        aliases=("giá trị còn lại",),
        meaning_vi="Giá trị còn lại trên sổ kế toán của một đơn vị",
    ),
    Column("name", "text", "Tên tài sản", "Name", aliases=("tên",), meaning_vi="Tên tài sản"),
    Column("address", "text", "Địa chỉ", "Address", meaning_vi="Địa chỉ của tài sản"),
    Column(
        "official_id",
        "text",
        "Số đăng ký",
        "Register code or plate, unique",
        aliases=("biển số", "biển kiểm soát", "mã đăng ký", "mã định danh"),
        meaning_vi="Mã đăng ký hoặc biển số, không trùng",
    ),
    Column(
        "attached_to",
        "text",
        "Gắn liền với",
        "asset_id of the house that it goes with",
        aliases=("gắn với tài sản", "thuộc nhà"),
        meaning_vi="Mã của nhà mà tài sản đi kèm",
    ),
    Column(
        "mileage_km",
        "decimal",
        "Số km đã đi",
        "Distance run",
        "km",
        ("km đã chạy", "số km", "mileage"),
        places=2,
        meaning_vi="Số km xe đã chạy",
    ),
    Column(
        "holder",
        "text",
        "Đơn vị đang quản lý",
        "Body that holds it",
        aliases=("đơn vị quản lý", "đơn vị giao"),
        meaning_vi="Cơ quan, đơn vị đang quản lý, sử dụng",
    ),
    Column(
        "holder_level",
        "choice",
        "Cấp quản lý",
        "central, province or commune",
        aliases=("cấp",),
        meaning_vi="Cấp của đơn vị quản lý: trung ương, cấp tỉnh hoặc cấp xã",
    ),
    _SOURCE,
    _NOTE,
    *_DERIVED,
)

NEEDS = (
    Column(
        "need_id",
        "id",
        "Mã nhu cầu",
        "Identifier, unique",
        required=True,
        aliases=("id nhu cầu", "need"),
        meaning_vi="Mã của nhu cầu, mỗi nhu cầu một mã, không trùng",
    ),
    _CATEGORY,
    Column(
        "kinds",
        "kinds",
        "Chủng loại cần",
        "Kinds that serve it, joined by |",
        when_empty="any kind but land",
        aliases=("chủng loại", "kind", "loại cần"),
        meaning_vi="Các chủng loại đáp ứng được, cách nhau bằng dấu |",
        when_empty_vi="mọi chủng loại trừ đất",
    ),
    Column(
        "purpose",
        "choice",
        "Mục đích sử dụng",
        "Premises: what the place is for",
        aliases=("mục đích",),
        meaning_vi="Nhà, đất: dùng vào việc gì",
    ),
    Column(
        "recipient",
        "text",
        "Đơn vị tiếp nhận",
        "Receiving body: Đảng ủy xã, UBND xã ...",
        aliases=("đơn vị nhận",),
        meaning_vi="Đơn vị tiếp nhận: Đảng ủy xã, UBND xã ...",
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
        meaning_vi="Số đơn vị, hoặc số vị trí sử dụng như nhau, cần có",
    ),
    Column(
        "area_m2",
        "decimal",
        "Diện tích cần (m2)",
        "Premises: area of one place",
        "m2",
        ("diện tích", "diện tích cần", "diện tích m2"),
        places=2,
        meaning_vi="Nhà, đất: diện tích của một vị trí sử dụng",
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
        meaning_vi="Tỷ lệ chất lượng còn lại tối thiểu",
        when_empty_vi="theo quy định của kịch bản",
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
        meaning_vi="1 là cao nhất, 5 là thấp nhất",
        when_empty_vi="theo mục đích hoặc chủng loại trong kịch bản, nếu không có thì 3",
    ),
    _money(
        "price_vnd",
        "Giá khi không đáp ứng (đồng)",
        "Price of one unmet unit or place",
        when_empty="the norm price",
        aliases=("giá khi không đáp ứng", "đơn giá mua mới"),
        meaning_vi="Giá của một đơn vị, một vị trí không được đáp ứng",
        when_empty_vi="giá định mức",
    ),
    Column(
        "reach_km",
        "decimal",
        "Bán kính tối đa (km)",
        "Farthest distance of an asset",
        "km",
        ("cự ly tối đa", "khoảng cách tối đa"),
        when_empty="the scenario's",
        meaning_vi="Khoảng cách xa nhất đến tài sản",
        when_empty_vi="theo kịch bản",
    ),
    Column(
        "deadline",
        "date",
        "Hạn cần có",
        "Day by which it is wanted",
        aliases=("thời hạn", "hạn"),
        when_empty="the scenario's date",
        meaning_vi="Ngày phải có",
        when_empty_vi="ngày của kịch bản",
    ),
    Column(
        "until",
        "date",
        "Cần đến ngày",
        "Last day of a temporary use",
        aliases=("sử dụng đến ngày", "đến ngày"),
        when_empty="for good",
        meaning_vi="Ngày cuối của việc tạm sử dụng",
        when_empty_vi="sử dụng lâu dài",
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
        when_empty="name and province; not allowed in a table with points",
        aliases=("mã đơn vị hành chính", "mã ĐVHC", "code"),
        meaning_vi="Mã xã, dạng văn bản để giữ số 0 ở đầu",
        when_empty_vi="theo tên xã và tên tỉnh; bảng có tọa độ phải ghi mã",
    ),
    Column(
        "name",
        "text",
        "Tên xã",
        "Name",
        aliases=("commune_name", "tên", "xã", "tên xã phường", "xã, phường, đặc khu"),
        meaning_vi="Tên xã, phường, đặc khu",
    ),
    Column(
        "kind",
        "text",
        "Loại đơn vị",
        "xã, phường or đặc khu",
        aliases=("loại", "type"),
        meaning_vi="Xã, phường hoặc đặc khu",
    ),
    Column(
        "province_code",
        "code",
        "Mã tỉnh",
        "Code of the province",
        when_empty="that of the commune; not allowed in a table with points",
        meaning_vi="Mã tỉnh, thành phố",
        when_empty_vi="theo xã; bảng có tọa độ phải ghi mã",
    ),
    Column(
        "province_name",
        "text",
        "Tên tỉnh",
        "Name of the province",
        aliases=("tỉnh", "province"),
        meaning_vi="Tên tỉnh, thành phố",
    ),
    *_POINT,
    Column(
        "area_km2", "decimal", "Diện tích (km2)", "Area", "km2", ("diện tích",), meaning_vi="Diện tích của xã"
    ),
    Column("population", "count", "Dân số", "Inhabitants", "persons", high=MAX_UNITS, meaning_vi="Số dân"),
    Column(
        "island",
        "text",
        "Đảo",
        "Island that no road reaches",
        when_empty="on the mainland",
        aliases=("tên đảo",),
        meaning_vi="Tên đảo mà đường bộ không đến được",
        when_empty_vi="ở đất liền",
    ),
    Column(
        "staff_leaders",
        "count",
        "Số lãnh đạo",
        "Secretary, chairs and deputies",
        "persons",
        high=MAX_UNITS,
        meaning_vi="Số người: bí thư, chủ tịch và cấp phó",
    ),
    Column(
        "staff_heads",
        "count",
        "Số trưởng phòng",
        "Heads of units",
        "persons",
        high=MAX_UNITS,
        meaning_vi="Số người: trưởng các phòng, ban, đơn vị",
    ),
    Column(
        "staff_specialists",
        "count",
        "Số chuyên viên",
        "Specialists",
        "persons",
        high=MAX_UNITS,
        meaning_vi="Số người: chuyên viên, công chức khác",
    ),
)

MATCHES = (
    Column(
        "asset_id", "id", "Mã tài sản", "Asset", required=True, aliases=("asset",), meaning_vi="Mã tài sản"
    ),
    Column("need_id", "id", "Mã nhu cầu", "Need", required=True, aliases=("need",), meaning_vi="Mã nhu cầu"),
    _money(
        "cost_vnd",
        "Chi phí (đồng)",
        "Whole cost of one unit",
        required=True,
        aliases=("chi phí",),
        meaning_vi="Toàn bộ chi phí của một đơn vị",
    ),
    Column(
        "load",
        "decimal",
        "Diện tích sử dụng (m2)",
        "Capacity used in that premises",
        "m2",
        ("diện tích chiếm dụng", "diện tích"),
        when_empty="the need's area",
        places=2,
        meaning_vi="Diện tích sử dụng trong nhà, đất đó",
        when_empty_vi="diện tích của nhu cầu",
    ),
    _money(
        "spend_vnd",
        "Chi ngân sách (đồng)",
        "What a budget counts, per unit",
        when_empty="cost_vnd",
        aliases=("chi ngân sách",),
        meaning_vi="Phần tính vào ngân sách của một đơn vị",
        when_empty_vi="bằng chi phí",
    ),
    Column(
        "distance_km",
        "decimal",
        "Khoảng cách (km)",
        "Distance, shown as given",
        "km",
        ("khoảng cách", "cự ly"),
        meaning_vi="Khoảng cách, ghi như đã cho",
    ),
)

DISTANCES = (
    Column(
        "from_commune_code",
        "code",
        "Từ mã xã",
        "Commune of the asset",
        aliases=("mã xã đi", "from"),
        meaning_vi="Mã xã của tài sản",
    ),
    Column(
        "to_commune_code",
        "code",
        "Đến mã xã",
        "Commune of the need",
        aliases=("mã xã đến", "to"),
        meaning_vi="Mã xã của nhu cầu",
    ),
    Column(
        "asset_id",
        "text",
        "Mã tài sản",
        "Asset, in the form by pairs",
        aliases=("asset",),
        meaning_vi="Mã tài sản, khi ghi theo cặp",
    ),
    Column(
        "need_id",
        "text",
        "Mã nhu cầu",
        "Need, in the form by pairs",
        aliases=("need",),
        meaning_vi="Mã nhu cầu, khi ghi theo cặp",
    ),
    Column(
        "distance_km",
        "decimal",
        "Khoảng cách (km)",
        "Distance",
        "km",
        ("khoảng cách", "cự ly"),
        required=True,
        meaning_vi="Khoảng cách",
    ),
    Column(
        "minutes",
        "decimal",
        "Thời gian (phút)",
        "Travel time, shown only",
        "min",
        ("thời gian", "phút"),
        meaning_vi="Thời gian đi lại, chỉ để xem",
    ),
)

_SOURCE_OF_RULE = Column(
    "source", "text", "Nguồn", "Where it comes from", aliases=("căn cứ",), meaning_vi="Căn cứ của số liệu"
)

NORMS = (
    Column(
        "key",
        "id",
        "Khóa",
        "Name of the norm, as in docs/needs.md",
        required=True,
        aliases=("tham số",),
        meaning_vi="Tên của định mức, như trong docs/needs.md",
    ),
    Column("value", "text", "Giá trị", "Its value", required=True, meaning_vi="Giá trị của định mức"),
    Column(
        "unit",
        "text",
        "Đơn vị tính",
        "Unit of the value, shown only",
        aliases=("đơn vị", "đvt"),
        meaning_vi="Đơn vị tính của giá trị, chỉ để xem",
    ),
    _SOURCE_OF_RULE,
    Column(
        "assumption",
        "choice",
        "Giả định",
        "Whether it is an assumption rather than a published norm",
        default="false",
        meaning_vi="Là giả định chứ không phải định mức đã ban hành",
    ),
)

AUTHORITIES = (
    Column(
        "province_code",
        "code",
        "Mã tỉnh",
        "Province of the giving side",
        when_empty="any",
        meaning_vi="Tỉnh của bên giao",
        when_empty_vi="mọi tỉnh",
    ),
    Column(
        "holder_level",
        "choice",
        "Cấp quản lý",
        "Level of the holder",
        when_empty="any",
        aliases=("cấp",),
        meaning_vi="Cấp của đơn vị quản lý",
        when_empty_vi="mọi cấp",
    ),
    Column(
        "category",
        "choice",
        "Loại tài sản",
        "Category of the asset",
        when_empty="any",
        aliases=("loại",),
        meaning_vi="Nhóm tài sản",
        when_empty_vi="mọi nhóm",
    ),
    Column(
        "cross_province",
        "choice",
        "Ra ngoài tỉnh",
        "Whether the asset changes province",
        when_empty="either",
        aliases=("ngoài tỉnh",),
        meaning_vi="Tài sản có ra ngoài tỉnh hay không",
        when_empty_vi="cả hai trường hợp",
    ),
    Column(
        "authority_vi",
        "text",
        "Cơ quan quyết định",
        "Who decides; may hold {province} and {commune} of the giving side",
        required=True,
        aliases=("thẩm quyền quyết định", "thẩm quyền", "cơ quan, người có thẩm quyền", "authority"),
        meaning_vi="Cơ quan, người quyết định; có thể chứa {province} và {commune} của bên giao",
    ),
    Column(
        "authority_en",
        "text",
        "Cơ quan quyết định (tiếng Anh)",
        "The same in English",
        when_empty="the Vietnamese text",
        meaning_vi="Nội dung đó bằng tiếng Anh",
        when_empty_vi="theo nội dung tiếng Việt",
    ),
    _SOURCE_OF_RULE,
)

TABLES: dict[str, tuple[Column, ...]] = {
    "assets": ASSETS,
    "needs": NEEDS,
    "communes": COMMUNES,
    "matches": MATCHES,
    "distances": DISTANCES,
    "norms": NORMS,
    "authorities": AUTHORITIES,
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
