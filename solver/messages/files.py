"""Issues of a folder: its files, the tables that they are, their headings."""

from __future__ import annotations

from solver.messages.entry import Entry

FILE_TEXTS: dict[str, Entry] = {
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
    "file_too_large": Entry(
        "error",
        "The file {value} is larger than {limit} and is not read.",
        "Export only the tables, and of a map only the layers that Surplan reads.",
        "Tệp {value} lớn hơn {limit} nên không được đọc.",
        "Chỉ xuất các bảng cần dùng; với bản đồ, chỉ xuất các lớp mà Surplan đọc.",
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
        "Tệp CSV sai cấu trúc (gần dòng {line}): {reason_vi}.",
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
    "table_missing": Entry(
        "error",
        "{value} has no table {table}.",
        "Add a layer or a list of that name; or put the file into a folder beside {table}.csv, and name the "
        "folder.{derive_en}",
        "{value} không có bảng {table}.",
        "Bổ sung lớp hoặc danh sách cùng tên; hoặc đặt tệp vào một thư mục cùng với {table}.csv rồi chỉ"
        " thư mục đó.{derive_vi}",
    ),
    "table_twice": Entry(
        "error",
        "The table {table} is given twice: in {file}{sheet_en} and in {value}.",
        "Keep one of the two.",
        "Bảng {table} được ghi hai lần: ở {file}{sheet_vi} và ở {value}.",
        "Chỉ giữ lại một trong hai.",
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
    "table_empty": Entry(
        "error",
        "The table has no rows.",
        "Enter at least one row.{derive_en}",
        "Bảng không có dòng dữ liệu nào.",
        "Nhập ít nhất một dòng dữ liệu.{derive_vi}",
    ),
    "rows_too_many": Entry(
        "error",
        "The table {table} has {value} rows; at most {limit} are read, so none are.",
        "Plan provinces one by one, or leave out what is neither surplus nor in use.",
        "Bảng {table} có {value} dòng; chỉ đọc được nhiều nhất {limit} dòng nên không dòng nào được đọc.",
        "Lập phương án cho từng tỉnh, hoặc bỏ các dòng không dôi dư và không đang sử dụng.",
    ),
    "cells_too_many": Entry(
        "error",
        "The table {table} has {value} columns for {rows} rows, more cells than are read.",
        "Give all rows the same headings, and put cells that hold the separator between quotation marks; "
        "leave out columns that are no table's.",
        "Bảng {table} có {value} cột cho {rows} dòng, quá nhiều ô nên không được đọc.",
        "Dùng cùng các tiêu đề cho mọi dòng, đặt trong ngoặc kép những ô có chứa dấu phân cách; bỏ các cột "
        "không thuộc bảng.",
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
}
