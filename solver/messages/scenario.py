"""Issues of the scenario: its file, its keys and values, its pins."""

from __future__ import annotations

from solver.messages.entry import Entry

SCENARIO_TEXTS: dict[str, Entry] = {
    "scenario_twice": Entry(
        "error",
        "There are two scenario files.",
        "Keep scenario.toml or scenario.json, not both.",
        "Có hai tệp kịch bản.",
        "Chỉ giữ scenario.toml hoặc scenario.json.",
    ),
    "scenario_syntax": Entry(
        "error",
        "The scenario file cannot be read: {reason}.",
        "Correct the place that is named; texts stand in quotation marks.",
        "Không đọc được tệp kịch bản: {reason_vi}.",
        "Sửa tại vị trí đã nêu; giá trị dạng chữ phải đặt trong ngoặc kép.",
    ),
    "key_duplicate": Entry(
        "error",
        "The key {column} is given twice.",
        "Keep one of the two.",
        "Khóa {column} được ghi hai lần.",
        "Chỉ giữ lại một.",
    ),
    "key_unknown": Entry(
        "error",
        "The scenario has no key {column}.",
        "Correct or remove it; in TOML a key belongs to the last [table] above it.{closest_en}",
        "Kịch bản không có khóa {column}.",
        "Sửa lại hoặc xóa khóa này; trong TOML, khóa thuộc về [bảng] gần nhất ở phía trên.{closest_vi}",
    ),
    "key_kind_unknown": Entry(
        "warning",
        "The key {column} names a kind that is in no list; it is read as {kept}.",
        "Choose a kind of the list.{closest_en}",
        "Khóa {column} nêu chủng loại không có trong danh mục; được hiểu là {kept}.",
        "Chọn chủng loại trong danh mục.{closest_vi}",
    ),
    "wrong_type": Entry(
        "error",
        "{column} must be {wanted}.",
        "Write the value in that form.",
        "Giá trị của {column} không đúng kiểu; cần: {wanted}.",
        "Ghi lại giá trị đúng kiểu.",
    ),
    "too_many_digits": Entry(
        "error",
        "{column} has more than 15 significant digits.",
        "Round the number.",
        "{column} có quá 15 chữ số có nghĩa.",
        "Làm tròn số.",
    ),
    "not_supported_yet": Entry(
        "error",
        "This is not built yet: {feature}.",
        "Remove it, or wait for a version that has it.{hint_en}",
        "Chức năng này chưa được xây dựng: {feature}.",
        "Bỏ phần này, hoặc chờ phiên bản có chức năng.{hint_vi}",
    ),
    "date_defaulted": Entry(
        "warning",
        "The scenario has no date; {date}, the latest that the tables state, is used.",
        "Write date = {date} in the scenario, or the day for which the plan is made.",
        "Kịch bản chưa có ngày; lấy {date} là ngày muộn nhất có trong các bảng.",
        "Ghi date = {date} vào kịch bản, hoặc ngày lập phương án.",
    ),
    "pin_units": Entry(
        "error",
        "The units of a pin must be a whole number of 1 or more, at most {high}.",
        "Correct the third part of the pin, or leave it out to pin all that fits.",
        "Số lượng của một lượt điều chuyển ấn định phải là số nguyên từ 1 đến {high}.",
        "Sửa phần thứ ba, hoặc bỏ phần này để điều chuyển hết mức có thể.",
    ),
    "pin_twice": Entry(
        "error",
        "This pair of asset and need is pinned already ({first}).",
        "Keep one of the two pins.",
        "Cặp tài sản và nhu cầu này đã được ấn định ({first}).",
        "Chỉ giữ lại một trong hai.",
    ),
    "pin_unknown": Entry(
        "error",
        "The asset or the need of this pin is not in the tables, takes no part, or they differ in category.",
        "Correct the identifiers or remove the pin; assets in use or handled, what goes with a house, and"
        " rows outside scope_province take no part.",
        "Tài sản hoặc nhu cầu của lượt điều chuyển ấn định này không có trong bảng, không tham gia phương"
        " án, hoặc khác loại tài sản.",
        "Sửa lại mã hoặc bỏ lượt này; tài sản đang sử dụng hoặc đã xử lý, tài sản đi theo nhà, và các dòng"
        " ngoài scope_province không tham gia.",
    ),
    "pin_ineligible": Entry(
        "error",
        "The pin asks for what may not be: asset {asset} may not serve need {need}, since {stage_en}.",
        "Remove the pin, or change the rule or the figures that forbid it.",
        "Không thể ấn định điều chuyển tài sản {asset} cho nhu cầu {need}, vì {stage_vi}.",
        "Bỏ lượt điều chuyển ấn định này, hoặc sửa quy định hay số liệu không cho phép.",
    ),
    "pin_exceeds": Entry(
        "error",
        "Pins exceed {what_en}: {asked_en} asked for, {available_en} available.",
        "Pin fewer units, remove a pin, or correct the figure that they exceed.",
        "Các lượt điều chuyển ấn định vượt quá {what_vi}: yêu cầu {asked_vi}, chỉ có {available_vi}.",
        "Giảm số lượng ấn định, bỏ bớt lượt, hoặc sửa số liệu bị vượt quá.",
    ),
    "pin_refused": Entry(
        "error",
        "The plan before says that asset {asset} was refused for need {need} (row {row}{of_en}), so it may"
        " not be pinned.",
        "Remove the pin, or correct the state in that row of the plan before.",
        "Theo phương án trước, tài sản {asset} đã bị từ chối cho nhu cầu {need} (dòng {row}{of_vi}), nên"
        " không thể ấn định.",
        "Bỏ lượt điều chuyển ấn định này, hoặc sửa trạng thái ở dòng đó của phương án trước.",
    ),
}
