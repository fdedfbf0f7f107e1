"""Closed lists: categories, kinds, purposes, statuses, legal statuses and holder levels.

Each entry is known by its code, its English and Vietnamese label and its aliases; case, spaces and marks are
optional. A kind that is in no list is kept as ``other:<text>``.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from solver.tables.names import clean, fold

OTHER = "other:"


class Choice(NamedTuple):
    """One entry of a closed list."""

    code: str
    en: str
    vi: str
    aliases: tuple[str, ...] = ()


CATEGORIES = (
    Choice(
        "premises", "premises", "nhà, đất", ("cơ sở nhà đất", "nhà đất", "trụ sở", "building", "buildings")
    ),
    Choice("vehicle", "vehicle", "phương tiện", ("xe", "phương tiện vận tải", "vehicles", "xe cộ")),
    Choice(
        "equipment", "equipment", "máy móc, thiết bị", ("thiết bị", "máy móc", "trang thiết bị", "equipments")
    ),
)

KINDS: dict[str, tuple[Choice, ...]] = {
    "premises": (
        Choice("office", "office", "trụ sở làm việc", ("nhà làm việc", "văn phòng", "trụ sở", "công sở")),
        Choice("house", "house", "nhà ở", ("nhà công vụ", "nhà", "official housing")),
        Choice("land", "land", "đất", ("thửa đất", "khu đất", "đất trống", "plot")),
        Choice("school", "school", "trường học", ("trường", "điểm trường", "cơ sở giáo dục")),
        Choice("clinic", "clinic", "trạm y tế", ("cơ sở y tế", "phòng khám", "bệnh viện")),
        Choice(
            "culture_house",
            "culture house",
            "nhà văn hóa",
            ("hội trường", "trung tâm văn hóa", "nhà văn hoá"),
        ),
        Choice("warehouse", "warehouse", "kho", ("nhà kho", "kho bãi")),
        Choice("sports_ground", "sports ground", "sân thể thao", ("sân vận động", "nhà thi đấu", "stadium")),
        Choice("market", "market", "chợ", ("nhà lồng chợ",)),
        Choice("barracks", "barracks", "doanh trại", ("trụ sở công an", "trụ sở quân sự", "police station")),
    ),
    "vehicle": (
        Choice(
            "car", "car", "xe ô tô", ("ô tô", "ô tô con", "xe con", "xe ô tô con", "xe công", "sedan", "suv")
        ),
        Choice("pickup", "pickup", "xe bán tải", ("bán tải", "ô tô bán tải", "pickup truck")),
        Choice(
            "minibus",
            "minibus",
            "xe ô tô 12-16 chỗ",
            ("xe 16 chỗ", "xe 12 chỗ", "xe khách nhỏ", "ô tô 16 chỗ"),
        ),
        Choice("bus", "bus", "xe khách", ("ô tô khách", "xe buýt", "coach")),
        Choice("truck", "truck", "xe tải", ("ô tô tải", "lorry")),
        Choice("ambulance", "ambulance", "xe cứu thương", ("xe cấp cứu", "ô tô cứu thương")),
        Choice("fire_engine", "fire engine", "xe chữa cháy", ("xe cứu hỏa", "xe cứu hoả", "fire truck")),
        Choice("special_vehicle", "special vehicle", "xe chuyên dùng", ("ô tô chuyên dùng",)),
        Choice("motorcycle", "motorcycle", "xe máy", ("mô tô", "xe mô tô", "xe gắn máy", "motorbike")),
        Choice("boat", "boat", "tàu, thuyền", ("xuồng", "ca nô", "canô", "tàu", "thuyền", "ghe")),
    ),
    "equipment": (
        Choice(
            "computer", "computer", "máy vi tính", ("máy tính", "máy tính để bàn", "máy vi tính để bàn", "pc")
        ),
        Choice("laptop", "laptop", "máy tính xách tay", ("laptop computer", "máy vi tính xách tay")),
        Choice("printer", "printer", "máy in", ("máy in laser",)),
        Choice("photocopier", "photocopier", "máy photocopy", ("máy phô tô", "photocopy", "copier")),
        Choice("scanner", "scanner", "máy quét", ("máy scan", "máy quét tài liệu")),
        Choice("server", "server", "máy chủ", ()),
        Choice("projector", "projector", "máy chiếu", ()),
        Choice(
            "air_conditioner", "air conditioner", "máy điều hòa", ("điều hòa", "máy lạnh", "máy điều hoà")
        ),
        Choice("desk_set", "desk set", "bộ bàn ghế", ("bàn ghế", "bàn ghế làm việc", "bộ bàn ghế làm việc")),
        Choice("cabinet", "filing cabinet", "tủ tài liệu", ("tủ hồ sơ", "tủ đựng tài liệu")),
        Choice("generator", "generator", "máy phát điện", ()),
        Choice(
            "queue_machine", "queue machine", "máy lấy số", ("máy lấy số tự động", "kiosk tra cứu", "kiosk")
        ),
        Choice("camera", "camera", "camera", ("camera giám sát", "máy ảnh")),
        Choice("telephone", "telephone", "điện thoại", ("máy điện thoại", "phone")),
        Choice("television", "television", "ti vi", ("tivi", "màn hình", "tv")),
        Choice(
            "conference_set",
            "video conference set",
            "thiết bị họp trực tuyến",
            ("thiết bị hội nghị trực tuyến",),
        ),
    ),
}

PURPOSES = (
    Choice("headquarters", "headquarters", "trụ sở", ("trụ sở làm việc", "trụ sở cơ quan", "office")),
    Choice(
        "service_centre",
        "service centre",
        "trung tâm phục vụ hành chính công",
        ("service center", "hành chính công"),
    ),
    Choice("health", "health", "y tế", ("trạm y tế",)),
    Choice("education", "education", "giáo dục", ("giáo dục và đào tạo", "giáo dục, đào tạo", "trường học")),
    Choice("culture", "culture", "văn hóa", ("văn hoá", "nhà văn hóa")),
    Choice("sport", "sport", "thể thao", ("thể dục thể thao", "sports")),
    Choice("police", "police", "công an", ("công an xã",)),
    Choice("military", "military", "quân sự", ("ban chỉ huy quân sự", "quốc phòng")),
    Choice("housing", "housing", "nhà ở công vụ", ("nhà công vụ", "nhà ở", "official housing")),
    Choice("other", "other", "mục đích khác", ("khác", "mục đích công cộng khác")),
)

STATUSES = (
    Choice("surplus", "surplus", "dôi dư", ()),
    Choice("handed_idle", "handed over, idle", "đã bàn giao, chưa sử dụng", ("bàn giao chưa sử dụng",)),
    Choice("in_use", "in use", "đang sử dụng", ("sử dụng",)),
    Choice("handled", "handled", "đã xử lý", ("đã xử lí", "xử lý xong")),
)

LEGAL_STATUSES = (
    Choice("clear", "clear", "rõ ràng", ("đủ hồ sơ pháp lý", "đầy đủ")),
    Choice("disputed", "disputed", "đang tranh chấp", ("tranh chấp",)),
    Choice("pending", "pending", "chưa hoàn thiện hồ sơ", ("đang hoàn thiện hồ sơ", "chờ hoàn thiện")),
)

HOLDER_LEVELS = (
    Choice("central", "central", "trung ương", ("cấp trung ương", "bộ")),
    Choice("province", "province", "cấp tỉnh", ("tỉnh", "thành phố")),
    Choice("commune", "commune", "cấp xã", ("xã", "phường", "đặc khu")),
)

TRUTHS = (
    Choice("true", "yes", "có", ("đúng", "x", "1")),
    Choice("false", "no", "không", ("sai", "0")),
)

CHOICES: dict[str, tuple[Choice, ...]] = {
    "category": CATEGORIES,
    "purpose": PURPOSES,
    "status": STATUSES,
    "legal_status": LEGAL_STATUSES,
    "holder_level": HOLDER_LEVELS,
    "cross_province": TRUTHS,
    "assumption": TRUTHS,
}


def codes(choices: tuple[Choice, ...]) -> tuple[str, ...]:
    """Return the codes of a closed list, in its order."""
    return tuple(choice.code for choice in choices)


@cache
def lookup(choices: tuple[Choice, ...]) -> dict[str, str]:
    """Return folded code, label or alias -> code."""
    return {
        fold(name): choice.code
        for choice in choices
        for name in (choice.code, choice.en, choice.vi, *choice.aliases)
    }


@cache
def kinds_elsewhere(category: str) -> dict[str, str]:
    """Return folded name -> category, for the kinds of all other categories."""
    return {name: other for other, kinds in KINDS.items() if other != category for name in lookup(kinds)}


def other_kind(text: str) -> str:
    """Return ``other:<text>``, in lower case, with single spaces and without the separator of lists."""
    words = clean(text).replace("|", "/")
    head, colon, tail = words.partition(":")
    if colon and fold(head) in {"other", "khac"}:
        words = tail
    return OTHER + " ".join(words.lower().split())


def label(choices: tuple[Choice, ...], code: str, lang: str = "en") -> str:
    """Return the label of a code in "en" or "vi"; a code that is in no list is its own label."""
    for choice in choices:
        if choice.code == code:
            return choice.vi if lang == "vi" else choice.en
    return code.removeprefix(OTHER)
