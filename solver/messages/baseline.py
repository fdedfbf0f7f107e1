"""Issues of the plan before a re-plan: its lines beside the tables of today."""

from __future__ import annotations

from solver.messages.entry import Entry

BASELINE_TEXTS: dict[str, Entry] = {
    "signed_asset_id": Entry(
        "error",
        "The handover is signed, but its asset {asset} is not in the table of assets: it can't be kept.",
        "Correct the identifier or add the asset.{closest_en} If the asset has really left, write executed"
        " as the state where it was handed over, or else remove the line.",
        "Lượt điều chuyển đã ký, nhưng tài sản {asset} không có trong bảng tài sản nên không thể giữ nguyên.",
        "Sửa lại mã hoặc bổ sung tài sản.{closest_vi} Nếu tài sản thực sự không còn: ghi trạng thái “đã thực"
        " hiện” nếu đã bàn giao, nếu không thì xóa dòng.",
    ),
    "signed_need_id": Entry(
        "error",
        "The handover is signed, but its need {need} is not in the table of needs: it can't be kept.",
        "Correct the identifier or add the need.{closest_en} If the need has really gone, write executed as"
        " the state where it was served, or else remove the line.",
        "Lượt điều chuyển đã ký, nhưng nhu cầu {need} không có trong bảng nhu cầu nên không thể giữ nguyên.",
        "Sửa lại mã hoặc bổ sung nhu cầu.{closest_vi} Nếu nhu cầu thực sự không còn: ghi trạng thái “đã thực"
        " hiện” nếu đã được đáp ứng, nếu không thì xóa dòng.",
    ),
    "signed_not_free": Entry(
        "error",
        "The handover to need {need} is signed, but its asset {asset} {why_en}: it can't be kept.",
        "Write executed as the state if it was handed over; remove the line if it fell through; else"
        " correct the row of the asset.",
        "Lượt điều chuyển cho nhu cầu {need} đã ký, nhưng tài sản {asset} {why_vi} nên không thể giữ nguyên.",
        "Ghi trạng thái “đã thực hiện” nếu đã bàn giao; xóa dòng nếu không thực hiện; nếu không thì sửa dòng"
        " của tài sản.",
    ),
    "fixed_category": Entry(
        "error",
        "The line is {state_en}, but asset {asset} and need {need} differ in category ({asset_category_en},"
        " {need_category_en}).",
        "Correct the identifier that is wrong, or the category in its table.",
        "Dòng này {state_vi}, nhưng tài sản {asset} và nhu cầu {need} khác loại tài sản"
        " ({asset_category_vi}, {need_category_vi}).",
        "Sửa mã bị sai, hoặc sửa loại tài sản trong bảng.",
    ),
    "served_again": Entry(
        "warning",
        "The line is {state_en}, but its asset {asset} {why_en}, so it is not kept: need {need} counts as not"
        " served by it: {units} of its units may be served again.",
        "Take these units off the need, if that is not done yet, and remove the line; or keep the row of the"
        " asset as it was.{closest_en}",
        "Dòng này {state_vi}, nhưng tài sản {asset} {why_vi} nên không được giữ: nhu cầu {need} bị coi là"
        " chưa được đáp ứng từ dòng này, {units} đơn vị có thể được bố trí lần nữa.",
        "Trừ số đơn vị này khỏi nhu cầu nếu chưa trừ, rồi xóa dòng; hoặc giữ nguyên dòng của tài sản như"
        " trước.{closest_vi}",
    ),
    "handed_again": Entry(
        "warning",
        "The line is {state_en}, but its need {need} {why_en}, so it is not kept: asset {asset} counts as not"
        " handed over by it: {units} of its units may be sent elsewhere.",
        "Take these units off the asset (or correct its status), if that is not done yet, and remove the"
        " line; or keep the row of the need as it was.{closest_en}",
        "Dòng này {state_vi}, nhưng nhu cầu {need} {why_vi} nên không được giữ: tài sản {asset} bị coi là"
        " chưa bàn giao theo dòng này, {units} đơn vị có thể được chuyển đi nơi khác.",
        "Trừ số đơn vị này khỏi tài sản (hoặc sửa tình trạng) nếu chưa làm, rồi xóa dòng; hoặc giữ nguyên"
        " dòng của nhu cầu như trước.{closest_vi}",
    ),
    "refused_asset_id": Entry(
        "warning",
        "The line is refused, but its asset {asset} is not in the table of assets: it rules nothing out.",
        "Correct the identifier, or remove the line.{closest_en}",
        "Dòng này bị từ chối, nhưng tài sản {asset} không có trong bảng tài sản nên không loại trừ cặp nào.",
        "Sửa lại mã, hoặc xóa dòng.{closest_vi}",
    ),
    "refused_need_id": Entry(
        "warning",
        "The line is refused, but its need {need} is not in the table of needs: it rules nothing out.",
        "Correct the identifier, or remove the line.{closest_en}",
        "Dòng này bị từ chối, nhưng nhu cầu {need} không có trong bảng nhu cầu nên không loại trừ cặp nào.",
        "Sửa lại mã, hoặc xóa dòng.{closest_vi}",
    ),
    "line_place_missing": Entry(
        "error",
        "With stability.freedom = {freedom} the line has to say where it led, and its need {need} is not in"
        " the table of needs.",
        "Fill in {column} as transfers.csv of the plan before has it (to_commune_code, recipient), or name"
        " its whole folder as --baseline.",
        "Với stability.freedom = {freedom}, dòng này phải ghi nơi nhận, vì nhu cầu {need} không có trong bảng"
        " nhu cầu.",
        "Điền cột {column} theo transfers.csv của phương án trước (to_commune_code, recipient), hoặc dùng cả"
        " thư mục phương án đó cho --baseline.",
    ),
    "line_place_unknown": Entry(
        "warning",
        "No commune has the code {value}: with stability.freedom = {freedom} the line allows asset {asset} to"
        " go nowhere.",
        "Write today's five-digit code, with its zeros in front; or clear the cell, so that the row of need"
        " {need} says it.",
        "Không có xã nào có mã {value}: với stability.freedom = {freedom}, theo dòng này tài sản {asset}"
        " không được chuyển đi đâu.",
        "Ghi mã năm chữ số hiện nay, đủ các số 0 ở đầu; hoặc để trống ô để lấy theo dòng của nhu cầu {need}.",
    ),
}
