"""Catalogue of issue texts and remedies, English and Vietnamese.

``{words}`` are filled in from the issue: its table, column and value, and its params. ``{closest_en}`` and
``{closest_vi}`` stand for a "did you mean" where a near name is known, else for nothing; ``{derive_en}`` and
``{derive_vi}`` for how else a table of needs is had.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Entry(NamedTuple):
    """Texts of one issue code."""

    severity: Literal["error", "warning"]
    message_en: str
    remedy_en: str
    message_vi: str
    remedy_vi: str


CATALOGUE: dict[str, Entry] = {
    "folder_unreadable": Entry(
        "error",
        "The folder cannot be read: {reason}.",
        "Check the path and the permission to read it.",
        "Không đọc được thư mục: {reason}.",
        "Kiểm tra lại đường dẫn và quyền đọc thư mục.",
    ),
    "file_missing": Entry(
        "error",
        "The file {value} is missing.",
        "Add it to the folder, in UTF-8 CSV.{closest_en}{derive_en}",
        "Thiếu tệp {value}.",
        "Bổ sung tệp này vào thư mục, định dạng CSV (UTF-8).{closest_vi}{derive_vi}",
    ),
    "file_unreadable": Entry(
        "error",
        "The file cannot be read: {reason}.",
        "Close programs that hold it open and check the permission to read it.",
        "Không đọc được tệp: {reason}.",
        "Đóng các chương trình đang mở tệp và kiểm tra quyền đọc tệp.",
    ),
    "file_empty": Entry(
        "error",
        "The file is empty.",
        "Put the headings in its first row and the data below, or remove the file.",
        "Tệp không có nội dung.",
        "Ghi tiêu đề cột ở dòng đầu, dữ liệu ở các dòng sau; hoặc xóa tệp.",
    ),
    "file_unknown": Entry(
        "warning",
        "The file {value} is not one that Surplan reads; it is left out.",
        "Rename or remove it.{closest_en}",
        "Tệp {value} không thuộc danh mục tệp mà Surplan đọc nên được bỏ qua.",
        "Đổi tên hoặc xóa tệp.{closest_vi}",
    ),
    "encoding_not_utf8": Entry(
        "error",
        "The file is not in UTF-8 (line {line}).",
        "In Excel choose Save As, file type “CSV UTF-8 (Comma delimited)”; in a text editor save with"
        " encoding UTF-8.",
        "Tệp không ở bảng mã UTF-8 (dòng {line}).",
        "Trong Excel chọn Lưu thành (Save As), kiểu tệp “CSV UTF-8 (Comma delimited)”; trong trình "
        "soạn thảo văn bản, lưu với bảng mã UTF-8.",
    ),
    "csv_broken": Entry(
        "error",
        "The file is not well-formed CSV (near line {line}): {reason}.",
        "Look for a quotation mark that is not closed; write a quotation mark inside a quoted cell twice.",
        "Tệp CSV sai cấu trúc (gần dòng {line}): {reason}.",
        "Tìm dấu ngoặc kép chưa đóng; dấu ngoặc kép nằm trong ô phải viết hai lần.",
    ),
    "row_ragged": Entry(
        "error",
        "The row has {given} cells where the headings are {wanted}.",
        "Put cells that hold the separator or a line break between quotation marks, and fill up "
        "missing cells.",
        "Dòng có {given} ô, trong khi tiêu đề có {wanted} cột.",
        "Đặt trong ngoặc kép những ô có chứa dấu phân cách hoặc xuống dòng; bổ sung các ô còn thiếu.",
    ),
    "column_missing": Entry(
        "error",
        "The column {column} is missing.",
        "Add the column{or_en}.{closest_en}",
        "Thiếu cột {column}.",
        "Bổ sung cột này{or_vi}.{closest_vi}",
    ),
    "column_absent": Entry(
        "warning",
        "The table has no column {value}; every row counts as if it were empty there.",
        "Add it if you know it: it decides what is eligible or how much moves.",
        "Bảng không có cột {value}; mọi dòng được coi là để trống ở cột này.",
        "Bổ sung cột nếu có số liệu: cột này quyết định tài sản đủ điều kiện hoặc số lượng điều chuyển.",
    ),
    "column_unknown": Entry(
        "warning",
        "The column {column} is not known; it is kept but not used.",
        "Rename it if it should be used, else leave it.{closest_en}",
        "Không nhận biết được cột {column}; cột được giữ lại nhưng không sử dụng.",
        "Đổi tên cột nếu cần dùng đến, nếu không thì giữ nguyên.{closest_vi}",
    ),
    "column_unnamed": Entry(
        "warning",
        "Column number {place} has cells but no heading; it is kept as {column}.",
        "Give it a heading or clear its cells.",
        "Cột thứ {place} có dữ liệu nhưng không có tiêu đề; cột được giữ lại với tên {column}.",
        "Đặt tiêu đề cho cột hoặc xóa dữ liệu của cột.",
    ),
    "column_duplicate": Entry(
        "error",
        "The headings “{first}” and “{value}” both mean the column {column}.",
        "Keep one of the two columns.",
        "Hai tiêu đề “{first}” và “{value}” cùng chỉ cột {column}.",
        "Chỉ giữ lại một trong hai cột.",
    ),
    "table_empty": Entry(
        "error",
        "The table has no rows.",
        "Enter at least one row.{derive_en}",
        "Bảng không có dòng dữ liệu nào.",
        "Nhập ít nhất một dòng dữ liệu.{derive_vi}",
    ),
    "control_character": Entry(
        "error",
        "The cell holds a control character or an invisible character.",
        "Type the cell anew.",
        "Ô có chứa ký tự điều khiển hoặc ký tự ẩn.",
        "Nhập lại nội dung ô.",
    ),
    "value_missing": Entry(
        "error",
        "{column} must not be empty.",
        "Fill in the cell.",
        "{column} không được để trống.",
        "Điền giá trị vào ô.",
    ),
    "id_too_long": Entry(
        "error",
        "The identifier is longer than {limit} characters.",
        "Shorten it.",
        "Mã dài quá {limit} ký tự.",
        "Rút ngắn mã.",
    ),
    "not_a_number": Entry(
        "error",
        "{column} is not a number.",
        "Write digits only, such as 950000000; leave the cell empty if the value is not known.",
        "{column} không phải là số.",
        "Chỉ ghi chữ số, ví dụ 950000000; để trống ô nếu chưa có số liệu.",
    ),
    "not_finite": Entry(
        "error",
        "{column} is not a finite number.",
        "Write a number, or leave the cell empty if the value is not known.",
        "{column} không phải là số hữu hạn.",
        "Ghi một số cụ thể, hoặc để trống nếu chưa có số liệu.",
    ),
    "not_whole": Entry(
        "error",
        "{column} must be a whole number.",
        "Write it without a fraction.",
        "{column} phải là số nguyên.",
        "Ghi số không có phần thập phân.",
    ),
    "negative": Entry(
        "error",
        "{column} must not be negative.",
        "Write 0 or a positive number.",
        "{column} không được âm.",
        "Ghi số 0 hoặc số dương.",
    ),
    "out_of_range": Entry(
        "error",
        "{column} must lie between {low} and {high} {unit}.",
        "Correct the number.",
        "{column} phải nằm trong khoảng từ {low} đến {high} {unit}.",
        "Sửa lại số liệu.",
    ),
    "number_grouped": Entry(
        "error",
        "{column} can be read in two ways: a thousands separator or a decimal point.",
        "Write {plain} without separators if that is meant.",
        "{column} có thể hiểu theo hai cách: dấu phân cách hàng nghìn hoặc dấu thập phân.",
        "Nếu đúng là {plain} thì ghi liền, không có dấu phân cách.",
    ),
    "number_scientific": Entry(
        "error",
        "{column} is written in powers of ten; digits may have been lost.",
        "Format the column as a number without decimals and save the file again.",
        "{column} được ghi dưới dạng lũy thừa của 10, có thể đã mất chữ số.",
        "Định dạng cột là kiểu số, không có phần thập phân, rồi lưu lại tệp.",
    ),
    "too_many_decimals": Entry(
        "error",
        "{column} has more than {places} decimals.",
        "Round it to {places} decimals.",
        "{column} có quá {places} chữ số thập phân.",
        "Làm tròn đến {places} chữ số thập phân.",
    ),
    "not_a_date": Entry(
        "error",
        "{column} is not a date.",
        "Write the day as 2025-08-15 or 15/08/2025.",
        "{column} không phải là ngày hợp lệ.",
        "Ghi ngày theo dạng 15/08/2025 hoặc 2025-08-15.",
    ),
    "choice_unknown": Entry(
        "error",
        "{column} does not know this value; allowed: {allowed_en}.",
        "Choose one of the allowed values.{closest_en}",
        "Giá trị không có trong danh mục của {column}; các giá trị được dùng: {allowed_vi}.",
        "Chọn một giá trị trong danh mục.{closest_vi}",
    ),
    "kind_unknown": Entry(
        "warning",
        "This kind is in no list ({rows} rows); it is kept as {kept}.",
        "Choose a kind of the list, or write other: in front of it.{closest_en}",
        "Chủng loại này không có trong danh mục ({rows} dòng); được giữ lại với tên {kept}.",
        "Chọn chủng loại trong danh mục, hoặc ghi “khác:” ở trước.{closest_vi}",
    ),
    "kind_other_category": Entry(
        "error",
        "This is a kind of {other}, but the category is {category}.",
        "Correct the category or the kind.",
        "Chủng loại này thuộc loại tài sản {other}, nhưng dòng ghi loại {category}.",
        "Sửa lại loại tài sản hoặc chủng loại.",
    ),
    "lat_lon_swapped": Entry(
        "error",
        "{column} is beyond 90 degrees: latitude and longitude seem to be swapped.",
        "Swap the two cells; Viet Nam lies at latitude 8 to 24, longitude 102 to 118.",
        "{column} vượt quá 90 độ: có thể vĩ độ và kinh độ bị đổi chỗ.",
        "Đổi chỗ hai ô; Việt Nam nằm trong khoảng vĩ độ 8 đến 24, kinh độ 102 đến 118.",
    ),
    "point_incomplete": Entry(
        "error",
        "A point needs both lat and lon; {column} is empty.",
        "Fill in the other coordinate, or clear both.",
        "Tọa độ phải có đủ vĩ độ và kinh độ; {column} đang để trống.",
        "Điền tọa độ còn lại, hoặc để trống cả hai.",
    ),
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
    "year_in_future": Entry(
        "error",
        "{column} is later than the year after the scenario's date ({limit}).",
        "Correct the year, or the scenario's date.",
        "{column} muộn hơn năm liền sau ngày của kịch bản ({limit}).",
        "Sửa lại năm, hoặc ngày của kịch bản.",
    ),
    "workbooks_several": Entry(
        "error",
        "The folder holds more than one workbook: {value}.",
        "Keep the one that counts, or name it on the command line instead of the folder.",
        "Thư mục có nhiều hơn một sổ tính: {value}.",
        "Chỉ giữ lại sổ tính cần dùng, hoặc chỉ rõ tệp đó trên dòng lệnh thay cho thư mục.",
    ),
    "workbook_broken": Entry(
        "error",
        "The workbook {value} cannot be read: {reason}.",
        "Open it in Excel and save it anew as “Excel Workbook (.xlsx)”.",
        "Không đọc được sổ tính {value}: {reason}.",
        "Mở tệp bằng Excel rồi lưu lại theo kiểu “Excel Workbook (.xlsx)”.",
    ),
    "workbook_locked": Entry(
        "error",
        "The workbook {value} is protected by a password.",
        "Take the password off: File, Info, Protect Workbook, Encrypt with Password, and clear it.",
        "Sổ tính {value} được bảo vệ bằng mật khẩu.",
        "Gỡ mật khẩu: Tệp (File), Thông tin (Info), Protect Workbook, Encrypt with Password, xóa mật khẩu.",
    ),
    "workbook_old": Entry(
        "warning",
        "The workbook {value} is in the old format .xls: cells that show an error (#REF!, #N/A) cannot be "
        "told from empty ones.",
        "Save it as “Excel Workbook (.xlsx)”.",
        "Sổ tính {value} ở định dạng cũ .xls: không phân biệt được ô báo lỗi (#REF!, #N/A) với ô trống.",
        "Lưu lại theo kiểu “Excel Workbook (.xlsx)”.",
    ),
    "merges_unseen": Entry(
        "warning",
        "The workbook {value} has merged cells, which cannot be followed in .ods: only the first row of each"
        " has its value.",
        "Unmerge them and fill in every row, or save the file as .xlsx.",
        "Sổ tính {value} có ô gộp; với định dạng .ods, chỉ dòng đầu của ô gộp có giá trị.",
        "Bỏ gộp ô và điền đủ từng dòng, hoặc lưu tệp theo định dạng .xlsx.",
    ),
    "workbook_no_tables": Entry(
        "error",
        "No sheet of the workbook {value} is a table that Surplan knows.",
        "Start from a template: surplan template; or name the sheets Tài sản, Nhu cầu.",
        "Không trang tính nào của sổ tính {value} là bảng mà Surplan nhận biết được.",
        "Dùng mẫu có sẵn: surplan template; hoặc đặt tên trang tính là Tài sản, Nhu cầu.",
    ),
    "sheet_too_large": Entry(
        "error",
        "{value} is too large to be read: it reaches as far as {cell}.",
        "Delete the rows below and the columns beside the table (a stray cell far away is enough), and save.",
        "{value} quá lớn nên không đọc được: dữ liệu kéo dài đến {cell}.",
        "Xóa các dòng phía dưới và các cột bên phải bảng (chỉ một ô lạc ở xa cũng đủ gây lỗi), rồi lưu lại.",
    ),
    "sheet_missing": Entry(
        "error",
        "The workbook has no sheet for the table {table}.",
        "Add a sheet “{value}” with its headings and rows, as in surplan template; needs can be made from"
        " norms: surplan needs.",
        "Sổ tính không có trang tính cho bảng {table}.",
        "Bổ sung trang tính “{value}” có tiêu đề và dữ liệu theo mẫu của surplan template; bảng nhu cầu có "
        "thể lập từ định mức: surplan needs.",
    ),
    "sheet_unknown": Entry(
        "warning",
        "The sheet “{value}” is no table that Surplan knows; it is left out.",
        "If it is one, name it after its table: Tài sản, Nhu cầu, Xã, Kịch bản.",
        "Không nhận biết được trang tính “{value}” là bảng nào nên bỏ qua.",
        "Nếu là bảng dữ liệu, đặt tên trang tính theo bảng: Tài sản, Nhu cầu, Xã, Kịch bản.",
    ),
    "sheet_guessed": Entry(
        "warning",
        "The sheet “{value}” is read as the table {table}, by its name or headings.",
        "If that is right, name the sheet “{meant}”; else remove it.",
        "Trang tính “{value}” được đọc là bảng {table}, căn cứ vào tên hoặc tiêu đề cột.",
        "Nếu đúng, đặt tên trang tính là “{meant}”; nếu không, xóa trang tính này.",
    ),
    "sheets_several": Entry(
        "error",
        "Several sheets give the table {table}: {value}.",
        "Put all rows in one sheet and remove the others.",
        "Có nhiều trang tính cùng ghi bảng {table}: {value}.",
        "Gộp mọi dòng vào một trang tính và xóa các trang còn lại.",
    ),
    "table_twice": Entry(
        "error",
        "The table {table} is given twice: in {file}{sheet_en} and in {value}.",
        "Keep one of the two.",
        "Bảng {table} được ghi hai lần: ở {file}{sheet_vi} và ở {value}.",
        "Chỉ giữ lại một trong hai.",
    ),
    "file_too_large": Entry(
        "error",
        "The file {value} is larger than {limit} and is not read.",
        "Export only the tables, and of a map only the layers that Surplan reads.",
        "Tệp {value} lớn hơn {limit} nên không được đọc.",
        "Chỉ xuất các bảng cần dùng; với bản đồ, chỉ xuất các lớp mà Surplan đọc.",
    ),
    "table_missing": Entry(
        "error",
        "{value} has no table {table}.",
        "Add a layer or a list of that name; or put the file into a folder beside {table}.csv, and name the "
        "folder.{derive_en}",
        "{value} không có bảng {table}.",
        "Bổ sung lớp hoặc danh sách cùng tên; hoặc đặt tệp vào một thư mục cùng với {table}.csv rồi chỉ"
        " thư mục đó.{derive_vi}",
    ),
    "table_unknown": Entry(
        "warning",
        "The key “{value}” of {file} is no table that Surplan knows; it is left out.",
        "If it is one, name it after its table: assets, needs, communes, matches, distances, norms,"
        " authorities; or scenario.",
        "Khóa “{value}” của {file} không phải là bảng mà Surplan nhận biết nên được bỏ qua.",
        "Nếu là bảng dữ liệu, đặt tên theo bảng: assets, needs, communes, matches, distances, norms,"
        " authorities; hoặc scenario.",
    ),
    "rows_too_many": Entry(
        "error",
        "The table {table} has {value} rows; at most {limit} are read, so none are.",
        "Plan provinces one by one, or leave out what is neither surplus nor in use.",
        "Bảng {table} có {value} dòng; chỉ đọc được nhiều nhất {limit} dòng nên không dòng nào được đọc.",
        "Lập phương án cho từng tỉnh, hoặc bỏ các dòng không dôi dư và không đang sử dụng.",
    ),
    "row_not_object": Entry(
        "error",
        "The record is {value}, and no object of columns and values; in GeoJSON: no Feature with properties.",
        "Write each row as an object: column, colon, value; in GeoJSON as a Feature.",
        "Bản ghi là {value}, không phải một đối tượng gồm cột và giá trị; với GeoJSON: không phải Feature có"
        " properties.",
        "Ghi mỗi dòng thành một đối tượng: cột, dấu hai chấm, giá trị; trong GeoJSON là một Feature.",
    ),
    "cell_nested": Entry(
        "error",
        "The value of {column} is no text, number or truth value ({value}).",
        "Write one value; several kinds are one text, joined by bars.",
        "Giá trị của {column} không phải là chữ, số hay true/false ({value}).",
        "Ghi một giá trị duy nhất; nhiều chủng loại ghi thành một chuỗi, nối bằng dấu gạch đứng.",
    ),
    "cell_too_long": Entry(
        "error",
        "{column} has more than {limit} characters.",
        "Shorten the text.",
        "{column} dài hơn {limit} ký tự.",
        "Rút ngắn nội dung.",
    ),
    "number_too_long": Entry(
        "error",
        "The number in {column} has more than {limit} digits when written out.",
        "Write the number as it is meant, or a code as text in quotation marks.",
        "Số ở {column} có hơn {limit} chữ số khi viết đầy đủ.",
        "Ghi đúng số cần ghi; nếu là mã thì ghi dạng chữ, đặt trong ngoặc kép.",
    ),
    "json_broken": Entry(
        "error",
        "{value} is not well-formed JSON: {reason}.",
        "Look at the place named, or write the file anew with the program that it comes from.",
        "{value} không phải là JSON đúng cấu trúc: {reason_vi}.",
        "Xem lại vị trí đã nêu, hoặc xuất lại tệp từ chương trình đã tạo ra nó.",
    ),
    "json_not_tables": Entry(
        "error",
        "The outermost value of {file} is {value}, and no object of tables.",
        "Write one object with the keys assets and needs, each a list of rows; others as they are needed.",
        "Giá trị ngoài cùng của {file} là {value}, không phải một đối tượng gồm các bảng.",
        "Ghi một đối tượng có các khóa assets và needs, mỗi khóa là một danh sách dòng; thêm bảng khác nếu"
        " cần.",
    ),
    "json_not_rows": Entry(
        "error",
        "The table {table} is {value}, and no list of rows.",
        "Write a list in square brackets, each row an object of columns and values.",
        "Bảng {table} là {value}, không phải một danh sách các dòng.",
        "Ghi một danh sách trong ngoặc vuông, mỗi dòng là một đối tượng gồm cột và giá trị.",
    ),
    "geojson_not_collection": Entry(
        "error",
        "{value} is no FeatureCollection of GeoJSON.",
        "Export the layer as GeoJSON (RFC 7946): an object of type FeatureCollection with its features.",
        "{value} không phải là một FeatureCollection của GeoJSON.",
        "Xuất lớp dạng GeoJSON (RFC 7946): đối tượng kiểu FeatureCollection có danh sách features.",
    ),
    "geopackage_broken": Entry(
        "error",
        "{value} cannot be read as a GeoPackage: {reason}.",
        "Export the layers into a new GeoPackage.",
        "Không đọc được {value} như một GeoPackage: {reason}.",
        "Xuất các lớp sang một tệp GeoPackage mới.",
    ),
    "layer_unknown": Entry(
        "warning",
        "The layer “{value}” of {file} is no table that Surplan knows; it is left out.",
        "If it is one, name the layer after its table: assets, needs, communes ...",
        "Không nhận biết được lớp “{value}” của {file} là bảng nào nên bỏ qua.",
        "Nếu là bảng dữ liệu, đặt tên lớp theo bảng: Tài sản, Nhu cầu, Xã ...",
    ),
    "layer_reckoned": Entry(
        "error",
        "The layer “{value}” is a view, or has reckoned columns; these are not run.",
        "Export the layer into a new GeoPackage, which stores its values.",
        "Lớp “{value}” là khung nhìn (view) hoặc có cột tính toán; Surplan không chạy các phép tính này.",
        "Xuất lớp sang một tệp GeoPackage mới để lưu các giá trị.",
    ),
    "layer_without_crs": Entry(
        "error",
        "It is not said in which coordinate reference system the points of {value} are.",
        "Set the system of the layer (for VN-2000 that of its zone, such as EPSG:3405) and export it anew; "
        "best as WGS 84 (EPSG:4326).",
        "Không rõ tọa độ của {value} thuộc hệ quy chiếu nào.",
        "Khai báo hệ tọa độ của lớp (VN-2000: theo múi chiếu, như EPSG:3405) rồi xuất lại; tốt nhất là"
        " WGS 84 (EPSG:4326).",
    ),
    "crs_unknown": Entry(
        "error",
        "The coordinate reference system “{value}” is not known.",
        "Export the layer in WGS 84 (EPSG:4326).",
        "Không nhận biết được hệ tọa độ “{value}”.",
        "Xuất lớp theo WGS 84 (EPSG:4326).",
    ),
    "geometry_wrong": Entry(
        "error",
        "The geometry gives no place: {reason}.",
        "Correct it in a map program, or leave it out and fill in the commune, or lat and lon.",
        "Không xác định được vị trí từ hình học: {reason_vi}.",
        "Sửa lại trong phần mềm bản đồ, hoặc bỏ hình học và điền xã, hoặc lat và lon.",
    ),
    "geometry_unused": Entry(
        "warning",
        "The table {table} has no columns for points; the geometries of {value} rows are left out.",
        "Nothing needs to be done, unless the table is another one.",
        "Bảng {table} không có cột tọa độ nên bỏ qua hình học của {value} dòng.",
        "Không cần làm gì, trừ khi đây là bảng khác.",
    ),
    "point_differs": Entry(
        "error",
        "The columns say {value}, the geometry {geometry} (latitude, longitude).",
        "Correct one of them, or remove the columns lat and lon.",
        "Các cột ghi {value}, còn hình học ghi {geometry} (vĩ độ, kinh độ).",
        "Sửa một trong hai, hoặc bỏ các cột lat và lon.",
    ),
    "geo_missing": Entry(
        "error",
        "{value} needs a library that is not installed: {library}.",
        "Install it: pip install surplan[geo]; or export points in WGS 84, or the table as CSV.",
        "{value} cần một thư viện chưa được cài đặt: {library}.",
        "Cài đặt: pip install surplan[geo]; hoặc xuất tọa độ điểm theo WGS 84, hoặc xuất bảng dạng CSV.",
    ),
    "headings_unknown": Entry(
        "error",
        "The sheet “{value}” has no row of headings of the table {table} among its first 40 rows.",
        "Give every column its heading, as in surplan template.",
        "Trang tính “{value}” không có dòng tiêu đề cột của bảng {table} trong 40 dòng đầu.",
        "Ghi tiêu đề cho từng cột theo mẫu của surplan template.",
    ),
    "unit_other": Entry(
        "error",
        "{column} is stated in {unit}; it is wanted in {wanted}.",
        "Convert the numbers, and correct the unit in the heading or above the table.",
        "{column} đang ghi theo đơn vị {unit}; đơn vị cần dùng là {wanted}.",
        "Quy đổi số liệu và sửa đơn vị ở tiêu đề cột hoặc ở phía trên bảng.",
    ),
    "percent_as_share": Entry(
        "error",
        "{column} is wanted from 0 to 100, but {value} looks like a share: 80 % is stored as 0.8.",
        "Write 80 for 80 %: multiply the column by 100, or in Excel’s newer format let the cells show a "
        "percentage. If it really is 1 % or less, write it as text with its sign: 0.8%.",
        "{column} phải ghi từ 0 đến 100, nhưng {value} giống như tỷ lệ (80 % được lưu thành 0,8).",
        "Nếu là 80 % thì ghi 80: nhân cả cột với 100, hoặc định dạng ô kiểu phần trăm (tệp Excel kiểu mới). "
        "Nếu đúng là không quá 1 % thì ghi dạng văn bản có dấu phần trăm: 0,8%.",
    ),
    "percent_misplaced": Entry(
        "error",
        "The cell is formatted as a percentage and shows {value}, but {column} is no percentage.",
        "Format the cell as a number, and check it.",
        "Ô được định dạng kiểu phần trăm và hiển thị {value}, nhưng {column} không phải là tỷ lệ phần trăm.",
        "Định dạng ô kiểu số và kiểm tra lại giá trị.",
    ),
    "rows_left_out": Entry(
        "warning",
        "Rows that are totals, section titles, repeated headings or signatures are left out: {rows}.",
        "If one of them is an asset or a need, fill in its identifier and its other columns.",
        "Bỏ qua các dòng tổng cộng, tên mục, tiêu đề lặp lại hoặc chữ ký: {rows}.",
        "Nếu trong đó có dòng dữ liệu, điền mã và các cột còn lại của dòng.",
    ),
    "cells_merged": Entry(
        "warning",
        "Merged cells count for every row that they cover: {cells}.",
        "If that is not meant, unmerge them and fill in every row.",
        "Giá trị của ô gộp được tính cho mọi dòng mà ô đó bao trùm: {cells}.",
        "Nếu không đúng ý, bỏ gộp ô và điền từng dòng.",
    ),
    "amount_merged": Entry(
        "error",
        "The merged cell {cells} gives one {column} for several rows; how much each row has is unclear.",
        "Unmerge the cell and write every row its own value.",
        "Ô gộp {cells} ghi chung một giá trị {column} cho nhiều dòng nên không rõ giá trị của từng dòng.",
        "Bỏ gộp ô và ghi giá trị riêng cho từng dòng.",
    ),
    "cell_error": Entry(
        "error",
        "The cell shows an error: {value}.",
        "Correct the formula, or type the value.",
        "Ô báo lỗi: {value}.",
        "Sửa công thức, hoặc nhập trực tiếp giá trị.",
    ),
    "formula_unreckoned": Entry(
        "error",
        "The cell holds a formula whose result is not in the file.",
        "Open the file in Excel, let it calculate, and save it.",
        "Ô chứa công thức nhưng tệp không lưu kết quả.",
        "Mở tệp bằng Excel để tính lại công thức rồi lưu tệp.",
    ),
    "digits_lost": Entry(
        "error",
        "The cell holds a number of more than 15 digits; Excel has replaced the last ones by zeros.",
        "Format the cell as text and type it anew.",
        "Ô chứa số dài quá 15 chữ số; Excel đã thay các chữ số cuối bằng số 0.",
        "Định dạng ô kiểu văn bản (Text) rồi nhập lại.",
    ),
    "key_missing": Entry(
        "error",
        "Row {sheet_row} of the scenario sheet has a value but no key.",
        "Fill in the key, or clear the value.",
        "Dòng {sheet_row} của trang tính kịch bản có giá trị nhưng không có khóa.",
        "Điền khóa, hoặc xóa giá trị.",
    ),
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

#: What else says where a row is, in the remedy of a missing `commune_code`.
OR_A_PLACE = {
    "or_en": ", or commune_name with province_name, or lat and lon",
    "or_vi": ", hoặc commune_name và province_name, hoặc lat và lon",
}

#: Codes that hold or not as the scenario has it, geodata's included: beside a scenario that cannot be read
#: they would speak of defaults that nobody chose.
SCENARIO_DECIDES = frozenset(
    {
        "code_old",
        "code_split",
        "codes_maybe_old",
        "codes_translated",
        "date_defaulted",
        "money_range",
        "norm_mixed_kinds",
        "nothing_needed",
        "price_missing",
        "price_mixed_kinds",
        "year_in_future",
    }
)


#: Words of codes that issues hold: why a pin is not eligible, by the stage of the funnel that it fails.
_STAGES: dict[str, tuple[str, str]] = {
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
_EXCEEDED: dict[str, tuple[str, str]] = {
    "asset": ("the units that the asset has", "số đơn vị của tài sản"),
    "need": ("the units that the need asks for", "số đơn vị mà nhu cầu yêu cầu"),
    "room": ("the area of the premises [m2]", "diện tích của cơ sở nhà, đất [m2]"),
}


class _Words(dict[str, str]):
    # A missing word must not turn a report of bad input into a traceback.
    def __missing__(self, key: str) -> str:
        return ""


def text(code: str, part: str, lang: str, words: Mapping[str, str]) -> str:
    """Return one text of the catalogue.

    Parameters
    ----------
    code
        Issue code; an unknown one is its own message.
    part
        "message" or "remedy".
    lang
        "en" or "vi".
    words
        Values of the ``{words}``.
    """
    entry = CATALOGUE.get(code)
    if entry is None:
        return code if part == "message" else ""
    near = words.get("closest", "")
    full = _Words(words)
    full["closest_en"] = f" Did you mean “{near}”?" if near else ""
    full["closest_vi"] = f" Có phải ý bạn là “{near}”?" if near else ""
    derivable = words.get("table") == "needs"
    full["derive_en"] = " Or derive the needs from the norms: surplan needs." if derivable else ""
    full["derive_vi"] = " Hoặc lập nhu cầu từ định mức: surplan needs." if derivable else ""
    sheet = words.get("sheet", "")
    full["sheet_en"] = f", sheet “{sheet}”," if sheet else ""
    full["sheet_vi"] = f", trang tính “{sheet}”," if sheet else ""
    if code == "pin_exceeds":
        full |= _exceeded(words, lang)
    if code == "wrong_type":
        wanted = words.get("wanted", "")
        full["wanted"] = WANTED.get(wanted, (wanted, wanted))[lang == "vi"]
    if code == "pin_ineligible":
        stage = words.get("stage", "")
        full["stage_en"], full["stage_vi"] = _STAGES.get(stage, (stage, stage))
    template: str = getattr(entry, f"{part}_{'vi' if lang == 'vi' else 'en'}")
    return " ".join(template.format_map(full).split()).replace(" .", ".")


def _exceeded(words: Mapping[str, str], lang: str) -> dict[str, str]:
    """Say what pins exceed, and by how much; of a budget the amounts are money."""
    from solver.explanation.row_words import row_words  # issues are imported for less than sentences
    from solver.explanation.words import money, number

    what = words.get("what", "")
    told = _EXCEEDED[what][lang == "vi"] if what in _EXCEEDED else row_words(what, lang, {})
    amount = money if what.partition("|")[0] == "budget" else number
    asked, available = (
        amount(lang, words[name])
        if words.get(name, "").replace(".", "", 1).isdecimal()
        else words.get(name, "")
        for name in ("asked", "available")
    )
    return {f"what_{lang}": told, f"asked_{lang}": asked, f"available_{lang}": available}


def issues_page(places: Mapping[str, tuple[str, str, str]]) -> str:
    """Return `docs/issues.md`.

    Parameters
    ----------
    places
        What geodata reports, code -> (severity, message, remedy) in English: neither library knows the other,
        so whoever knows both passes it (`geodata.code_issues.english`).
    """
    ours = {code: (entry.severity, entry.message_en, entry.remedy_en) for code, entry in CATALOGUE.items()}
    lines = [
        "# Issues",
        "",
        "Made by `solver.messages.issues_page` from its catalogue and `geodata/code_issues.py`; do not edit.",
        "An error stops a build, a warning does not. `{words}` stand for what is filled in.",
        "",
        "## Files, tables, scenario",
        "",
        *_rows(ours),
        "",
        "## Places of rows: communes, codes, names, points",
        "",
        "A code that is in both tables has the text of the stage that found it.",
        "",
        *_rows(places),
    ]
    return "\n".join(lines) + "\n"


def _rows(entries: Mapping[str, tuple[str, str, str]]) -> list[str]:
    lines = ["| code | severity | meaning | remedy |", "|---|---|---|---|"]
    for code, (severity, message, remedy) in sorted(entries.items()):
        # Words without a space before them are mostly nothing: near names and other ways out.
        said = re.sub(r"(?<=[\w.}]){\w+}", "", f"{message} | {remedy}")
        lines.append(f"| `{code}` | {severity} | {said} |")
    return lines
