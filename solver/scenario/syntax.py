"""What the readers of TOML and JSON say, in Vietnamese too: they speak English alone."""

from __future__ import annotations

import re

_PLACE = re.compile(
    r"[ :]*\(?(?:at line (?P<line>\d+), column (?P<column>\d+)"
    r"|line (?P<row>\d+) column (?P<cell>\d+) \(char \d+|(?P<end>at end of document))\)?$"
)
#: How a message begins (``{}``: what is named there, quoted), and what that is in Vietnamese.
_WORDS: dict[str, str] = {
    "Invalid value": "giá trị không hợp lệ hoặc chưa ghi",
    "Unclosed array": "danh sách chưa đóng ngoặc vuông, hoặc thiếu dấu phẩy",
    "Unclosed inline table": "bảng chưa đóng ngoặc nhọn, hoặc thiếu dấu phẩy",
    "Unterminated string": "chữ chưa đóng ngoặc kép",
    "Cannot overwrite a value": "khóa đã có giá trị",
    "Cannot declare {} twice": "mục {} được ghi hai lần",
    "Cannot mutate immutable namespace {}": "không thể thêm vào {}, đã ghi trọn bằng ngoặc nhọn",
    "Cannot include top-level": "không thể thêm vào mục này",
    "Duplicate inline table key {}": "khóa {} được ghi hai lần",
    "Expected '=' after a key in a key/value pair": "thiếu dấu = sau khóa",
    "Expected newline or end of document after a statement": "thừa nội dung sau giá trị, hoặc giá trị sai",
    "Expected ']' at the end of a table declaration": "thiếu dấu ] ở cuối tên mục",
    "Expected ']]' at the end of an array declaration": "thiếu dấu ]] ở cuối tên mục",
    "Invalid statement": "dòng không có dạng khóa = giá trị",
    "Invalid initial character for a key part": "khóa bắt đầu bằng ký tự không được dùng",
    "Invalid date or datetime": "ngày không hợp lệ",
    "Unescaped '\\' in a string": "dấu \\ trong chữ phải viết thành \\\\",
    "Invalid hex value": "mã ký tự không hợp lệ",
    "Escaped character is not a Unicode scalar value": "mã ký tự không hợp lệ",
    "Illegal character {}": "có ký tự không được dùng: {}",
    "Found invalid character {}": "có ký tự không được dùng: {}",
    "Expecting property name enclosed in double quotes": "cần tên khóa đặt trong ngoặc kép",
    "Illegal trailing comma before end of": "thừa dấu phẩy ở cuối",
    "Expecting value": "thiếu giá trị, hoặc giá trị sai",
    "Expecting {} delimiter": "thiếu dấu {}",
    "Extra data": "thừa nội dung ở cuối",
    "Invalid control character": "có ký tự không được dùng",
    "Invalid \\": "dấu \\ trong chữ phải viết thành \\\\",
    "nested too deeply": "lồng nhau quá sâu",
    "a number is too long": "một số quá dài",
    "the outermost value must be an object": "nội dung ngoài cùng phải là một bảng các khóa {...}",
}
_PATTERNS = [(re.compile(re.escape(words).replace(r"\{\}", "(.+)")), told) for words, told in _WORDS.items()]


def in_vietnamese(reason: str) -> str:
    """Say in Vietnamese what is wrong with the text of a scenario, and where."""
    place = _PLACE.search(reason)
    what = reason if place is None else reason[: place.start()]
    told = "sai cú pháp"
    for pattern, words in _PATTERNS:
        match = pattern.match(what)
        if match:
            told = words.replace("{}", _named(match[1])) if match.groups() else words
            break
    if place is None:
        return told
    if place["end"]:
        return f"{told} (ở cuối tệp)"
    return f"{told} (dòng {place['line'] or place['row']}, vị trí {place['column'] or place['cell']})"


def _named(found: str) -> str:
    """Write a key as a person would: tomllib names ('a', 'b') and 'a'."""
    keys: list[str] = re.findall(r"'((?:[^'\\]|\\.)*)'", found)
    return f"“{'.'.join(keys)}”" if keys else found
