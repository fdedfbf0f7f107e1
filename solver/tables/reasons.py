"""Why a file cannot be read, in Vietnamese: what we and the libraries that read it say in English."""

from __future__ import annotations

import re

MEMORY = "reading it takes too much memory"
SLOW = "reading it takes too long"

#: How a reason begins (``{}``: what is named there), and what that is in Vietnamese.
_WORKBOOK: dict[str, str] = {
    MEMORY: "cần quá nhiều bộ nhớ để đọc tệp",
    SLOW: "mất quá nhiều thời gian để đọc tệp",
    "empty file": "tệp rỗng",
    "HTML or XML under the name of a workbook": "nội dung là HTML hoặc XML nhưng mang tên của sổ tính",
    "text (CSV) under the name of a workbook": "nội dung là văn bản (CSV) nhưng mang tên của sổ tính",
    "binary workbook (.xlsb) under the name of another": "sổ tính nhị phân (.xlsb) mang tên của kiểu khác",
    "no part of the file for the sheet {}": "tệp không có phần nội dung của trang tính {}",
    "two sheets of the name {}": "hai trang tính cùng tên {}",
    "two sheets of one part": "hai trang tính dùng chung một phần nội dung",
    "a sheet in another encoding": "một trang tính không ở bảng mã UTF-8, hoặc có khai báo kiểu tài liệu",
    "a row of the number {}": "có dòng mang số {}, không hợp lệ",
    "a cell of the name {} in row {}": "ô mang tên {} lại nằm ở dòng {}",
    "a cell of the name {}": "có ô mang tên {}, không hợp lệ",
    "a cell of row {} has more parts than a cell has": "một ô ở dòng {} có quá nhiều thành phần",
    "two parts with one name": "tệp nén có hai phần trùng tên",
    "{} is packed in an unknown way": "phần {} được nén theo cách không dùng cho sổ tính",
    "{} has another size than the file says": "phần {} có kích thước khác với kích thước ghi trong tệp",
    "File is not a zip file": "tệp bị hỏng hoặc bị cắt cụt (không phải là tệp nén zip)",
    "Bad CRC-32 for file {}": "phần {} bị hỏng",
    "File {} is encrypted": "phần {} được mã hóa",
    "Truncated file header": "tệp bị cắt cụt",
    "EOFError": "tệp bị cắt cụt",
    "zipfiles that span multiple disks": "tệp nén được chia thành nhiều phần",
    "Cannot detect file format": "không nhận biết được định dạng của tệp",
}
_CSV: dict[str, str] = {
    "field limit": "một ô quá dài",
    "field larger than field limit": "một ô quá dài",
    "unexpected end of data": "dấu ngoặc kép chưa đóng cho đến cuối tệp",
    "{} expected after {}": "sau dấu ngoặc kép đóng phải là dấu phân cách {}",
    "new-line character seen in unquoted field": "có dấu xuống dòng ở ngoài ngoặc kép",
    "line contains NUL": "có ký tự NUL",
}


def _patterns(words: dict[str, str]) -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile(re.escape(english).replace(r"\{\}", "(.+?)") + r"(?!\w)"), told)
        for english, told in words.items()
    ]


_PATTERNS = {"workbook": _patterns(_WORKBOOK), "csv": _patterns(_CSV)}


def workbook_reason(reason: str) -> str:
    """Say in Vietnamese why a workbook cannot be read; what is not known by its words is a damaged file."""
    return _told("workbook", reason, "tệp bị hỏng hoặc sai cấu trúc")


def csv_reason(reason: str) -> str:
    """Say in Vietnamese why a CSV file cannot be read."""
    return _told("csv", reason, "dấu ngoặc kép hoặc dấu phân cách không đúng chỗ")


def _told(kind: str, reason: str, otherwise: str) -> str:
    for pattern, told in _PATTERNS[kind]:
        match = pattern.fullmatch(reason) or pattern.match(reason)
        if match:
            for found in match.groups():
                told = told.replace("{}", found.replace("{}", ""), 1)
            return told.replace("{}", "")
    return otherwise
