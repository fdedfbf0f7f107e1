"""Issues that need more than one cell: of a row, of rows beside one another, of two tables."""

from __future__ import annotations

from solver.messages.entry import Entry

ROW_TEXTS: dict[str, Entry] = {
    "duplicate_id": Entry(
        "error",
        "This identifier is already in row {first}.",
        "Give every row an identifier of its own, or remove the repeated row.",
        "Mã này đã có ở dòng {first}.",
        "Đặt mã riêng cho từng dòng, hoặc xóa dòng bị trùng.",
    ),
    "duplicate_official_id": Entry(
        "error",
        "This register code or plate is already in row {first}.",
        "Check whether the same asset was entered twice.",
        "Số đăng ký hoặc biển số này đã có ở dòng {first}.",
        "Kiểm tra xem tài sản có bị nhập hai lần không.",
    ),
    "dates_reversed": Entry(
        "error",
        "{end} is earlier than {start} ({first}).",
        "Correct one of the two dates.",
        "{end} sớm hơn {start} ({first}).",
        "Sửa lại một trong hai ngày.",
    ),
    "year_in_future": Entry(
        "error",
        "{column} is later than the year after the scenario's date ({limit}).",
        "Correct the year, or the scenario's date.",
        "{column} muộn hơn năm liền sau ngày của kịch bản ({limit}).",
        "Sửa lại năm, hoặc ngày của kịch bản.",
    ),
    "premises_units": Entry(
        "error",
        "Premises have exactly one unit a row.",
        "Write 1, and give each building a row of its own.",
        "Mỗi dòng nhà, đất chỉ được ghi số lượng là 1.",
        "Ghi 1 và tách mỗi cơ sở nhà, đất thành một dòng riêng.",
    ),
    "capacity_unknown": Entry(
        "warning",
        "The area of these premises is not known; they can serve no need.",
        "Fill in area_m2.",
        "Chưa có diện tích của cơ sở nhà, đất này nên không thể đáp ứng nhu cầu nào.",
        "Điền diện tích vào cột area_m2.",
    ),
    "area_missing": Entry(
        "error",
        "A need for premises must say how large a place it wants.",
        "Fill in area_m2 with a number above 0.",
        "Nhu cầu về nhà, đất phải ghi rõ diện tích cần.",
        "Điền diện tích lớn hơn 0 vào cột area_m2.",
    ),
    "attached_unknown": Entry(
        "error",
        "attached_to names an asset that is not in the table.",
        "Correct the identifier or clear the cell.",
        "attached_to nêu một tài sản không có trong bảng.",
        "Sửa lại mã hoặc để trống ô.",
    ),
    "attached_not_premises": Entry(
        "error",
        "attached_to must name a house of category premises, other than the row itself.",
        "Correct the identifier or clear the cell.",
        "attached_to phải nêu một cơ sở nhà, đất và không phải chính dòng này.",
        "Sửa lại mã hoặc để trống ô.",
    ),
    "attached_circular": Entry(
        "error",
        "Over attached_to this house is attached to itself: neither could be planned.",
        "Clear the cell of the one that stands by itself.",
        "Theo attached_to, cơ sở này gắn với chính nó nên không thể lập phương án.",
        "Để trống ô của cơ sở đứng độc lập.",
    ),
    "attached_stays": Entry(
        "warning",
        "The house {value} is in use or handled, so what is attached to it stays there and is not planned.",
        "Clear the cell if it may go elsewhere.",
        "Cơ sở {value} đang sử dụng hoặc đã xử lý nên tài sản gắn liền giữ nguyên tại đó, không đưa vào "
        "phương án.",
        "Để trống ô nếu tài sản có thể điều chuyển nơi khác.",
    ),
    "asset_unknown": Entry(
        "error",
        "This asset is not in the table of assets.",
        "Correct the identifier or add the asset.{closest_en}",
        "Tài sản này không có trong bảng tài sản.",
        "Sửa lại mã hoặc bổ sung tài sản.{closest_vi}",
    ),
    "need_unknown": Entry(
        "error",
        "This need is not in the table of needs.",
        "Correct the identifier or add the need.{closest_en}",
        "Nhu cầu này không có trong bảng nhu cầu.",
        "Sửa lại mã hoặc bổ sung nhu cầu.{closest_vi}",
    ),
    "duplicate_authority": Entry(
        "error",
        "Row {first} already says who decides such a transfer.",
        "Keep one of the two rows, or let them differ in province, level, category or crossing.",
        "Dòng {first} đã quy định cơ quan quyết định cho trường hợp này.",
        "Chỉ giữ một trong hai dòng, hoặc phân biệt theo tỉnh, cấp quản lý, loại tài sản hay việc ra "
        "ngoài tỉnh.",
    ),
    "duplicate_match": Entry(
        "error",
        "This pair of asset and need is already in row {first}.",
        "Keep one of the two rows.",
        "Cặp tài sản và nhu cầu này đã có ở dòng {first}.",
        "Chỉ giữ lại một trong hai dòng.",
    ),
    "match_category": Entry(
        "error",
        "The asset is of category {asset_category}, the need of category {need_category}.",
        "Remove the match or correct the category.",
        "Tài sản thuộc loại {asset_category}, còn nhu cầu thuộc loại {need_category}.",
        "Xóa dòng ghép này hoặc sửa lại loại tài sản.",
    ),
    "load_missing": Entry(
        "error",
        "Neither the match nor its need says how much area is used.",
        "Fill in load here or area_m2 of the need.",
        "Cả dòng ghép và nhu cầu đều chưa ghi diện tích sử dụng.",
        "Điền cột load ở đây hoặc area_m2 của nhu cầu.",
    ),
    "matches_empty": Entry(
        "warning",
        "The matches table has no rows, so no asset may serve any need.",
        "Remove matches.csv to have the matches computed, or enter rows.",
        "Bảng ghép không có dòng nào, nên không tài sản nào được dùng cho nhu cầu nào.",
        "Xóa tệp matches.csv để hệ thống tự tính, hoặc nhập dữ liệu.",
    ),
    "duplicate_distance": Entry(
        "error",
        "This pair is already in row {first}.",
        "Keep one of the two rows.",
        "Cặp này đã có ở dòng {first}.",
        "Chỉ giữ lại một trong hai dòng.",
    ),
    "distances_form": Entry(
        "error",
        "A distances table has either from_commune_code and to_commune_code, or asset_id and need_id.",
        "Keep the columns of one form, and fill them in every row.",
        "Bảng khoảng cách phải có hoặc hai cột from_commune_code, to_commune_code, hoặc hai cột "
        "asset_id, need_id.",
        "Chỉ giữ các cột của một dạng và điền đủ ở mọi dòng.",
    ),
}
