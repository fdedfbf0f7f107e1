"""Whether a holder's words say that it is a body of a province, a district or the state (see bodies.py)."""

from __future__ import annotations

import re
from functools import cache

from geodata.names import bare, toned

#: Words that without their marks are others too (sở, số; tỉnh, tịnh; quận, quân, quan).
_MARKED = {
    bare(word): toned(word) for word in ("sở", "tỉnh", "quận", "huyện", "cục", "bộ", "phường", "bạc", "thuế")
}
_BODY = r"(?:ubnd|hdnd|nhan dan|cong an|dang uy|mttq|to quoc|viet nam|quan_? su|b?chqs|pvhcc|hanh chinh cong)"
_DEPARTMENTS = (
    r"(?:noi vu|tu phap|tai chinh|cong thuong|nong nghiep|nnptnt|nn|xay dung|van hoa|vhtt\w*|khoa hoc|khcn"
    r"|giao duc|gd\w*|y te|ngoai vu|du lich|dan toc|giao thong|gtvt|thong tin|tttt|ke hoach|kh|lao dong"
    r"|ldtb\w*|tai nguyen|tn|quy hoach|an toan thuc pham|the thao|the duc)"
)
_MINISTRIES = (
    r"(?:quoc phong|cong an|ngoai giao|noi vu|tu phap|tai chinh|cong thuong|nong nghiep|xay dung|van hoa"
    r"|khoa hoc|giao duc|y te|dan toc|giao thong|thong tin|ke hoach|lao dong|tai nguyen|chi huy|tu lenh)"
)

# Letters in capitals: written with its marks, so it can be no other word; with a _: it is another word.
_COMMUNE = (
    rf"{_BODY} (?:xa|x|p|p\d+|tt)",
    r"PHUONG|phuong|thi tran|dac khu",
)
_OTHER = (
    rf"{_BODY} (?:quan \d+|q|q\d+|h)",
    r"^(?:SO|so(?! (?:\d|nha\b)))",
    rf"(?:SO|so) {_DEPARTMENTS}",
    r"^BO(?! (?:phan|mon)\b)",
    rf"(?:BO|bo) {_MINISTRIES}",
    r"CUC|^cuc|(?:chi|tong) cuc",
    r"^(?:THUE|thue)|doi (?:THUE|thue)|(?:THUE|thue) co so",
    r"^thong ke",
    r"(?:tinh|TINH|thanh|huyen|HUYEN|quan|QUAN|thi) uy",
    r"TINH|tinh|HUYEN|huyen|QUAN|thi xa|tx|thanh pho|tp|tphcm",
    r"kho (?:BAC|bac)",
    r"toa an|tand|vien kiem sat|vks\w*|thi hanh an",
    r"bao hiem xa hoi|bhxh|hai quan|hat kiem lam|quan_? ly thi truong",
    r"ngan hang (?:nha nuoc|chinh sach)",
    r"phong thu khu vuc|(?:don|doi|tram|chi huy) bien phong|quan_? khu|(?:trung|su|lu|quan_?) doan",
    r"trung uong",
)
#: Words that hold one of the others without its meaning; commune and province names among them.
_NEITHER = (
    r"(?:tru|co|cong) so|can bo|bo phan|co quan|quan_? su|dia phuong|hop tac xa|xa hoi|vi tinh",
    r"(?:ha|phuoc) tinh",
)
_WORDS = re.compile(
    rf"\b(?:(?P<commune>{'|'.join(_COMMUNE)})|(?P<other>{'|'.join(_OTHER)})"
    rf"|(?P<neither>(?i:{'|'.join(_NEITHER)}))|(?P<xa>xa))\b"
)
#: What a holder's name may have before that of its body.
BEFORE = re.compile(r"^(?:(?:van phong|tru so|co quan|thuong truc|nha lam viec) )+", re.IGNORECASE)


@cache
def is_of_other_level(holder: str) -> bool:
    """Return whether the first words of a holder's name that tell a level tell another than the commune's."""
    key = " ".join(map(_read, bare(holder).split(), toned(holder).split()))
    for found in _WORDS.finditer(BEFORE.sub("", key)):
        if found.lastgroup != "neither":
            return found.lastgroup == "other"
    return False


def _read(word: str, marked: str) -> str:
    """Return a word without marks; in capitals where they make it sure, with a _ where it is another word."""
    if word not in _MARKED or marked == word:
        return word
    return word.upper() if marked == _MARKED[word] else f"{word}_"
