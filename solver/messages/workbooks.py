"""Issues of a workbook: its sheets, its headings and units, cells as only workbooks have them."""

from __future__ import annotations

from solver.messages.entry import Entry

WORKBOOK_TEXTS: dict[str, Entry] = {
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
        "Không đọc được sổ tính {value}: {reason_vi}.",
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
}
