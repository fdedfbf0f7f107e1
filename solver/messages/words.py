"""Words that issues hold as codes, and are filled into their texts."""

from __future__ import annotations

#: What else says where a row is, in the remedy of a missing `commune_code`.
OR_A_PLACE = {
    "or_en": ", or commune_name with province_name, or lat and lon",
    "or_vi": ", hoặc commune_name và province_name, hoặc lat và lon",
}

#: Why a pin is not eligible, by the stage of the funnel that it fails.
STAGES: dict[str, tuple[str, str]] = {
    "no_asset": (
        "the need does not want its kind, or the table of matches does not list the pair",
        "nhu cầu không yêu cầu chủng loại này, hoặc bảng ghép không nêu cặp này",
    ),
    "too_small": (
        "it is too small for one place, or its area is not known",
        "diện tích không đủ cho một vị trí sử dụng, hoặc chưa rõ diện tích",
    ),
    "condition": (
        "its remaining quality is below the minimum, or not known",
        "tỷ lệ chất lượng còn lại thấp hơn mức tối thiểu, hoặc chưa rõ",
    ),
    "age": (
        "it is older than the scenario allows, or its year is not known",
        "số năm sử dụng vượt mức tối đa của kịch bản, hoặc chưa rõ năm",
    ),
    "legal_status": (
        "the scenario does not allow its legal status",
        "kịch bản không cho phép tình trạng pháp lý này",
    ),
    "date": ("it is not available on the day that counts", "tài sản không sẵn có vào ngày cần xét"),
    "within_commune": (
        "the purpose has to be served inside its own commune",
        "mục đích này phải được bố trí ngay trong xã",
    ),
    "no_distance": (
        "the distance between them is not known",
        "chưa xác định được khoảng cách giữa hai nơi",
    ),
    "reach": ("it lies beyond reach", "tài sản nằm ngoài bán kính tối đa"),
    "province_rule": (
        "it lies in another province, and the scenario forbids that",
        "tài sản ở tỉnh khác và kịch bản không cho phép",
    ),
    "banned": ("the scenario bans the pair", "kịch bản đã loại trừ cặp này"),
    "freedom": (
        "the plan before sends the asset elsewhere, and the scenario keeps it there",
        "phương án trước điều chuyển tài sản đến nơi khác và kịch bản giữ nguyên nơi đó",
    ),
}

#: What a value of the scenario has to be.
WANTED: dict[str, tuple[str, str]] = {
    "table": ("a table", "một bảng các khóa"),
    "number": ("a number", "một số"),
    "share": ('a number from 0 to 1, or "max-min"', 'một số từ 0 đến 1, hoặc "max-min"'),
    "text": ("a text in quotation marks", "chữ đặt trong ngoặc kép"),
    "flag": ("true or false", "true (có) hoặc false (không)"),
    "list": ("a list", "một danh sách trong ngoặc vuông"),
    "factors": ("a list of 5 numbers", "danh sách 5 số"),
    "pair": ("a pair of identifiers: [asset_id, need_id]", "một cặp mã: [asset_id, need_id]"),
    "pin": (
        "[asset_id, need_id] or [asset_id, need_id, units]",
        "[asset_id, need_id] hoặc [asset_id, need_id, units]",
    ),
}

#: What pins exceed, where it is no row of docs/limits.md or of a norm.
EXCEEDED: dict[str, tuple[str, str]] = {
    "asset": ("the units that the asset has", "số đơn vị của tài sản"),
    "need": ("the units that the need asks for", "số đơn vị mà nhu cầu yêu cầu"),
    "room": ("the area of the premises [m2]", "diện tích của cơ sở nhà, đất [m2]"),
}
