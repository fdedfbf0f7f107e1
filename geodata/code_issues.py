"""What can be wrong with a row's place, in English and Vietnamese, and the frame that the issues come in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

COLUMNS = (
    "table",
    "row",
    "column",
    "code",
    "severity",
    "value",
    "message_en",
    "message_vi",
    "remedy_en",
    "remedy_vi",
)
VALUE_LENGTH = 80

# code: severity, then message and remedy in English and in Vietnamese
TEXTS: dict[str, tuple[str, str, str, str, str]] = {
    "commune_missing": (
        "error",
        "The row has neither a commune nor a point.",
        "Dòng không có xã cũng không có tọa độ.",
        "Fill in commune_code, or commune_name with province_name, or lat and lon.",
        "Điền commune_code, hoặc commune_name và province_name, hoặc lat và lon.",
    ),
    "column_missing": (
        "error",
        "No row says where it is: the column commune_code is missing or empty, and so are the others.",
        "Không dòng nào ghi địa điểm: cột commune_code và các cột thay thế đều thiếu hoặc để trống.",
        "Add the column commune_code, or commune_name with province_name, or lat and lon.",
        "Bổ sung cột commune_code, hoặc commune_name và province_name, hoặc lat và lon.",
    ),
    "code_and_name_differ": (
        "error",
        "The code {given} is {title}, but the name {value} is that of {others}.",
        "Mã {given} là {title}, nhưng tên {value} là của {others}.",
        "Correct the code or the name; the name may also stay empty.",
        "Sửa lại mã hoặc tên; cũng có thể để trống tên.",
    ),
    "commune_unknown": (
        "error",
        "No commune has the code or name {value} here.",
        "Không có xã nào có mã hoặc tên là {value} ở đây.",
        "Correct it{near}; a name belongs into commune_name, with province_name.",
        "Sửa lại{near}; tên xã ghi ở cột commune_name, kèm province_name.",
    ),
    "province_unknown": (
        "error",
        "No province is called {value}.",
        "Không có tỉnh nào tên là {value}.",
        "Write the name of one of the 34 provinces, or of one of the 63 old ones.",
        "Ghi tên một trong 34 tỉnh, thành phố, hoặc một trong 63 tỉnh, thành phố cũ.",
    ),
    "commune_ambiguous": (
        "error",
        "Several communes are called {value}: {candidates}.",
        "Có nhiều xã tên là {value}: {candidates}.",
        "Give commune_code instead of the name, or add province_name and the kind (xã, phường, đặc khu).",
        "Ghi commune_code thay cho tên, hoặc thêm province_name và loại (xã, phường, đặc khu).",
    ),
    "code_lost_zeros": (
        "error",
        "The code {value} is not five digits: a spreadsheet has read it as a number.",
        "Mã {value} không đủ năm chữ số: bảng tính đã đọc mã như một số.",
        "Store codes as text; this one is probably {likely}.",
        "Lưu mã dưới dạng văn bản; mã này có lẽ là {likely}.",
    ),
    "code_of_district": (
        "error",
        "{value} is the code of an old district, {unit}.",
        "{value} là mã của một đơn vị cấp huyện cũ, {unit}.",
        "Give the code of a commune{likely_en}.",
        "Ghi mã của một xã{likely_vi}.",
    ),
    "code_of_province": (
        "error",
        "{value} is the code of a province, {unit}.",
        "{value} là mã của một tỉnh, {unit}.",
        "Give the code of a commune.",
        "Ghi mã của một xã.",
    ),
    "code_old": (
        "error",
        "{value} is an old code ({unit}), and codes are to be read as today's.",
        "{value} là mã cũ ({unit}), trong khi mã phải được đọc là mã hiện hành.",
        'Write {likely}; if all codes are old ones, set commune_codes = "pre-2025".',
        'Ghi {likely}; nếu mọi mã đều là mã cũ, đặt commune_codes = "pre-2025".',
    ),
    "code_split": (
        "error",
        "The old commune {value} ({unit}) was divided between {candidates}.",
        "Xã cũ {value} ({unit}) đã được chia cho {candidates}.",
        "Give lat and lon, or today's code.",
        "Ghi lat và lon, hoặc mã hiện hành.",
    ),
    "codes_translated": (
        "warning",
        (
            "There are old codes ({value} is one), so all codes were read as those of before 1 July 2025; "
            "{count} rows were translated."
        ),
        (
            "Có mã cũ (như {value}), nên mọi mã được đọc là mã trước ngày 1/7/2025; đã chuyển đổi "
            "{count} dòng."
        ),
        'Check it; set commune_codes = "2025" or "pre-2025" to say which codes they are.',
        'Kiểm tra lại; đặt commune_codes = "2025" hoặc "pre-2025" để nói rõ là mã nào.',
    ),
    "codes_maybe_old": (
        "warning",
        (
            "All codes were read as today's; {count} rows have a code whose old commune was divided "
            "({value} is one), so they would be elsewhere if the codes were old."
        ),
        (
            "Mọi mã được đọc là mã hiện hành; {count} dòng có mã mà xã cũ cùng mã đã bị chia (như "
            "{value}), nên sẽ ở nơi khác nếu đó là mã cũ."
        ),
        'If the codes are from before 1 July 2025, set commune_codes = "pre-2025"; else set "2025".',
        'Nếu là mã trước ngày 1/7/2025, đặt commune_codes = "pre-2025"; nếu không, đặt "2025".',
    ),
    "names_translated": (
        "warning",
        (
            "{count} rows name an old commune ({value} is one) and were taken to the commune that it is "
            "part of today."
        ),
        "{count} dòng ghi tên xã cũ (như {value}) và đã được chuyển sang xã hiện hành.",
        "Check them, or write the names of today.",
        "Kiểm tra lại, hoặc ghi tên hiện hành.",
    ),
    "commune_by_point": (
        "warning",
        "{count} rows have a point but no commune: each was given the commune whose point is nearest.",
        "{count} dòng có tọa độ nhưng không có xã: mỗi dòng được gán xã có điểm gần nhất.",
        "Fill in commune_code where the nearest is not the right one.",
        "Điền commune_code nếu xã gần nhất không đúng.",
    ),
    "point_incomplete": (
        "error",
        "Of lat and lon only one is given.",
        "Chỉ có một trong hai giá trị lat và lon.",
        "Give both or none.",
        "Ghi cả hai hoặc để trống cả hai.",
    ),
    "lat_lon_swapped": (
        "error",
        "The point {value} is outside the country; with lat and lon swapped it would be inside.",
        "Điểm {value} nằm ngoài lãnh thổ; nếu đổi chỗ lat và lon thì nằm trong lãnh thổ.",
        "Swap lat and lon.",
        "Đổi chỗ lat và lon.",
    ),
    "outside_country": (
        "error",
        "The point {value} is outside the country.",
        "Điểm {value} nằm ngoài lãnh thổ.",
        "Correct lat and lon (decimal degrees, WGS 84), or leave both empty.",
        "Sửa lat và lon (độ thập phân, WGS 84), hoặc để trống cả hai.",
    ),
    "outside_province": (
        "error",
        (
            "The point {value} is not in {province}: it is by {near}, {km} km nearer than any commune of "
            "{province}."
        ),
        (
            "Điểm {value} không thuộc {province}: điểm ở cạnh {near}, gần hơn {km} km so với mọi xã của "
            "{province}."
        ),
        "Correct the commune or the point; leave lat and lon empty if the place is not known.",
        "Sửa xã hoặc tọa độ; để trống lat và lon nếu không biết vị trí.",
    ),
    "commune_unnamed": (
        "error",
        "The row names no commune.",
        "Dòng không ghi xã nào.",
        "Fill in commune_code, or name with province_name.",
        "Điền mã xã, hoặc tên xã và tên tỉnh.",
    ),
    "duplicate_id": (
        "error",
        "The commune {title} is already in row {first}.",
        "{title} đã có ở dòng {first}.",
        "Keep one row for each commune.",
        "Mỗi xã chỉ giữ một dòng.",
    ),
    "commune_kind_unknown": (
        "error",
        "{value} is no kind of commune.",
        "{value} không phải là loại đơn vị hành chính cấp xã.",
        "Write xã, phường or đặc khu, or leave the cell empty.",
        "Ghi xã, phường hoặc đặc khu, hoặc để trống ô.",
    ),
    "register_incomplete": (
        "error",
        "A table of communes with points stands in place of the register, and here {heading} is empty.",
        "Bảng xã có tọa độ được dùng thay cho danh mục có sẵn, nhưng {heading} đang để trống.",
        "Fill in {heading} in every row; or remove lat and lon, and the table completes the register.",
        "Điền {heading} ở mọi dòng; hoặc bỏ lat và lon để bảng chỉ bổ sung vào danh mục có sẵn.",
    ),
    "norm_unknown": (
        "error",
        "No norm is called {value}.",
        "Không có định mức nào tên là {value}.",
        "Write a key of the list of norms: docs/needs.md, or geodata.norms().",
        "Ghi một khóa có trong danh mục định mức: docs/needs.md, hoặc geodata.norms().",
    ),
    "norm_twice": (
        "error",
        "Row {first} gives a value for {value} already.",
        "Dòng {first} đã ghi giá trị cho {value}.",
        "Keep one row for each key.",
        "Mỗi khóa chỉ giữ một dòng.",
    ),
    "norm_value": (
        "error",
        "{value} is no value of {key}: it must be {form_en}.",
        "{value} không phải là giá trị của {key}: phải là {form_vi}.",
        "Write {form_en}, without unit and without a single separator of thousands.",
        "Ghi {form_vi}, không kèm đơn vị và không dùng một dấu phân cách hàng nghìn.",
    ),
}


def english() -> dict[str, tuple[str, str, str]]:
    """Return code -> (severity, message, remedy) in English, for the page of issues."""
    return {code: (severity, message, remedy) for code, (severity, message, _, remedy, _) in TEXTS.items()}


@dataclass
class Issues:
    """Collects issues; `frame` gives them sorted by table, row, column and code."""

    records: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self, code: str, table: str, row: int | None, column: str | None, value: str, **words: str
    ) -> None:
        """Add one issue; `words` fill the texts."""
        severity, *texts = TEXTS[code]
        shown = value if len(value) <= VALUE_LENGTH else value[: VALUE_LENGTH - 1] + "…"
        ready = [text.format(value=shown, **words) for text in texts]
        self.records.append(
            dict(zip(COLUMNS, [table, row, column, code, severity, shown, *ready], strict=True))
        )

    def frame(self) -> pd.DataFrame:
        """One row per issue, columns `COLUMNS`; `row` is Int64."""
        frame = pd.DataFrame(self.records, columns=list(COLUMNS))
        frame["row"] = frame["row"].astype("Int64")
        return frame.sort_values(["table", "row", "column", "code"], kind="stable", ignore_index=True)
