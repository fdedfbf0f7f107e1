"""Issues of building a problem: prices, norms, communes, distances, amounts beyond reckoning."""

from __future__ import annotations

from solver.messages.entry import Entry

PROBLEM_TEXTS: dict[str, Entry] = {
    "norm_mixed_kinds": Entry(
        "error",
        "The kinds of this need ({kinds}) fall under norms with different limits.",
        "Name kinds of one norm only, or split the need.",
        "Các chủng loại của nhu cầu này ({kinds}) thuộc những định mức khác nhau.",
        "Chỉ nêu chủng loại thuộc một định mức, hoặc tách nhu cầu thành nhiều dòng.",
    ),
    "price_missing": Entry(
        "error",
        "Neither the row nor the scenario says what one unmet unit costs ({kinds}).",
        "Fill in price_vnd, or write prices.unmet for the category or kind in the scenario.",
        "Cả dòng dữ liệu và kịch bản đều chưa có giá của một đơn vị không được đáp ứng ({kinds}).",
        "Điền cột price_vnd, hoặc ghi prices.unmet cho loại hay chủng loại này trong kịch bản.",
    ),
    "price_mixed_kinds": Entry(
        "error",
        "The kinds of this need ({kinds}) have different prices.",
        "Fill in price_vnd of the row, name kinds of one price only, or split the need.",
        "Các chủng loại của nhu cầu này ({kinds}) có giá khác nhau.",
        "Điền cột price_vnd, chỉ nêu chủng loại có cùng một giá, hoặc tách nhu cầu thành nhiều dòng.",
    ),
    "commune_unknown": Entry(
        "error",
        "This commune is not in the table of communes.",
        "Translate the codes with geodata.read_codes first, or add the commune.",
        "Xã này không có trong bảng xã.",
        "Chuyển mã bằng geodata.read_codes trước, hoặc bổ sung xã vào bảng.",
    ),
    "province_unknown": Entry(
        "error",
        "No commune belongs to this province.",
        "Write the two-digit code of one of today's provinces, in quotation marks.",
        "Không có xã nào thuộc tỉnh này.",
        "Ghi mã hai chữ số của một tỉnh hiện nay, đặt trong ngoặc kép.",
    ),
    "communes_missing": Entry(
        "error",
        "There is no table of communes.",
        "Pass communes, such as geodata.communes().",
        "Chưa có bảng xã.",
        "Truyền bảng xã vào tham số communes, ví dụ geodata.communes().",
    ),
    "distances_missing": Entry(
        "error",
        "There are neither distances nor matches.",
        "Pass distances=geodata.distances, a table of distances, or a table of matches.",
        "Chưa có khoảng cách và cũng chưa có bảng ghép.",
        "Truyền distances=geodata.distances, bảng khoảng cách, hoặc bảng ghép.",
    ),
    "distances_unreadable": Entry(
        "error",
        "distances.json or the metres beside it cannot be read: {reason}.",
        "Take the inputs folder of the plan as it was written, or delete distances.json to compute the"
        " distances again.",
        "Không đọc được distances.json hoặc các tệp khoảng cách đi kèm: {reason}.",
        "Dùng lại thư mục inputs nguyên vẹn của phương án, hoặc xóa distances.json để tính lại khoảng cách.",
    ),
    "distances_provider": Entry(
        "error",
        "This table gives distances between communes, not between assets and needs.",
        "Pass distances=geodata.table_distances(table).",
        "Bảng này ghi khoảng cách giữa các xã, không phải giữa tài sản và nhu cầu.",
        "Truyền distances=geodata.table_distances(bảng).",
    ),
    "nothing_needed": Entry(
        "warning",
        "No need takes part, so the plan will be empty.",
        "Enter needs{scope_en}.",
        "Không có nhu cầu nào tham gia, nên phương án sẽ không có gì.",
        "Nhập các nhu cầu{scope_vi}.",
    ),
    "area_range": Entry(
        "error",
        "The area is larger than a thousand square kilometres.",
        "Check the number of zeros; areas are in m2.",
        "Diện tích lớn hơn một nghìn ki-lô-mét vuông.",
        "Kiểm tra lại số chữ số 0; đơn vị tính là m2.",
    ),
    "money_range": Entry(
        "error",
        "The amount is too large to be reckoned with exactly.",
        "Check the number of zeros; amounts are in VND.",
        "Số tiền quá lớn, không thể tính chính xác.",
        "Kiểm tra lại số chữ số 0; đơn vị tính là đồng.",
    ),
}
