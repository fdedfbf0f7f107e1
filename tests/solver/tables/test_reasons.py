"""Why a file cannot be read is said in Vietnamese without an English word."""

from __future__ import annotations

import pytest

from solver.errors import issue
from solver.tables.reasons import MEMORY, SLOW, csv_reason, workbook_reason

KNOWN = {
    MEMORY: "cần quá nhiều bộ nhớ để đọc tệp",
    SLOW: "mất quá nhiều thời gian để đọc tệp",
    "File is not a zip file": "tệp bị hỏng hoặc bị cắt cụt (không phải là tệp nén zip)",
    "two parts with one name": "tệp nén có hai phần trùng tên",
    "a cell of the name J90 in row 2": "ô mang tên J90 lại nằm ở dòng 2",
    "a cell of the name j90": "có ô mang tên j90, không hợp lệ",
    "Bad CRC-32 for file 'xl/a.xml'": "phần 'xl/a.xml' bị hỏng",
    "File 'xl/a.xml' is encrypted, password required for extraction": "phần 'xl/a.xml' được mã hóa",
    "no part of the file for the sheet {} {}": "tệp không có phần nội dung của trang tính  ",
    "not well-formed (invalid token): line 1, column 5": "tệp bị hỏng hoặc sai cấu trúc",
    "Xml error: ill-formed document": "tệp bị hỏng hoặc sai cấu trúc",
    "": "tệp bị hỏng hoặc sai cấu trúc",
}


@pytest.mark.parametrize("reason", KNOWN)
def test_a_reason_of_a_workbook_is_told_in_vietnamese(reason: str) -> None:
    assert workbook_reason(reason) == KNOWN[reason]


def test_a_reason_of_a_csv_file_is_told_in_vietnamese() -> None:
    assert csv_reason("',' expected after '\"'") == "sau dấu ngoặc kép đóng phải là dấu phân cách ','"
    assert csv_reason("unexpected end of data") == "dấu ngoặc kép chưa đóng cho đến cuối tệp"
    assert csv_reason("field larger than field limit (131072)") == "một ô quá dài"
    assert csv_reason("something new") == "dấu ngoặc kép hoặc dấu phân cách không đúng chỗ"


@pytest.mark.parametrize("code", ["workbook_broken", "csv_broken"])
def test_no_english_reason_stands_in_a_vietnamese_sentence(code: str) -> None:
    words = {"reason": "English", "reason_vi": "tiếng Việt"}
    told = issue(code, "folder", value="a", words=words)
    assert ("English" in told.message("en"), "English" in told.message("vi")) == (True, False)
    assert "tiếng Việt" in told.message("vi")
