"""Why a plan folder cannot be read or written, in both languages."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from solver.errors import PlanFolderError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Both(NamedTuple):
    """Words in both languages."""

    en: str
    vi: str


_AGAIN = "copy the plan folder again, whole, or solve again"
_AGAIN_VI = "hãy sao chép lại toàn bộ thư mục phương án, hoặc giải lại"
_NAME = "name the folder that solve wrote"
_NAME_VI = "hãy chỉ thư mục mà lệnh solve đã ghi"

TEXTS: dict[str, Both] = {
    "file": Both("It is a file, not a folder.", "Đây là tệp, không phải thư mục."),
    "other": Both(
        "It is not empty and holds no plan; name another folder.",
        "Thư mục không trống và không chứa phương án; hãy chỉ thư mục khác.",
    ),
    "full": Both("It is not empty; name another folder.", "Thư mục không trống; hãy chỉ thư mục khác."),
    "beside": Both(
        "Beside the plan it holds {files}; move that, or name another folder.",
        "Ngoài phương án, thư mục còn chứa {files}; hãy chuyển đi nơi khác, hoặc chỉ thư mục khác.",
    ),
    "unwritable": Both("It cannot be written: {why}.", "Không ghi được: {why}."),
    "nowhere": Both(
        f"No plan can be read here: there is no such folder; {_NAME}.",
        f"Không đọc được phương án: không có thư mục này; {_NAME_VI}.",
    ),
    "no_folder": Both(
        f"No plan can be read here: it is a file; {_NAME}.",
        f"Không đọc được phương án: đây là một tệp; {_NAME_VI}.",
    ),
    "no_plan": Both(
        f"No plan can be read here: plan.json is missing; {_NAME}.",
        f"Không đọc được phương án: thiếu plan.json; {_NAME_VI}.",
    ),
    "missing": Both(
        f"No plan can be read here: {{file}} is missing; {_AGAIN}.",
        f"Không đọc được phương án: thiếu {{file}}; {_AGAIN_VI}.",
    ),
    "unreadable": Both(
        "No plan can be read here: {file}: {why}; check the permission to read it.",
        "Không đọc được phương án: {file}: {why}; hãy kiểm tra quyền đọc.",
    ),
    "damaged": Both(
        f"No plan can be read here: {{file}} is damaged; {_AGAIN}.",
        f"Không đọc được phương án: {{file}} bị hỏng; {_AGAIN_VI}.",
    ),
}

#: What the operating system says in English alone.
_SYSTEM: dict[int, str] = {
    errno.EACCES: "không có quyền",
    errno.EPERM: "không được phép",
    errno.ENOSPC: "ổ đĩa hết chỗ",
    errno.EDQUOT: "hết hạn mức dung lượng",
    errno.EROFS: "hệ thống tệp chỉ cho đọc",
    errno.ENOENT: "không có tệp hoặc thư mục",
    errno.ENOTDIR: "một phần của đường dẫn không phải thư mục",
    errno.EISDIR: "đây là thư mục",
    errno.EEXIST: "đã có",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.EBUSY: "đang được sử dụng",
    errno.EIO: "lỗi đọc ghi của ổ đĩa",
}


def refused(folder: Path | str, key: str, **words: str | Both) -> PlanFolderError:
    """Return the error of a folder, to be raised.

    Parameters
    ----------
    folder : as it was named; key : of ``TEXTS``; words : what fills it, the same in both languages unless a
    a pair.
    """
    both = {name: word if isinstance(word, Both) else Both(word, word) for name, word in words.items()}
    text = TEXTS[key]
    return PlanFolderError(
        str(folder),
        text.en.format(**{name: word.en for name, word in both.items()}),
        text.vi.format(**{name: word.vi for name, word in both.items()}),
    )


def system_words(error: OSError) -> Both:
    """Return what the operating system says."""
    said = error.strerror or str(error)
    number = error.errno or 0
    return Both(said, _SYSTEM.get(number, f"lỗi hệ thống {number} ({said})"))


@contextmanager
def reading(folder: Path | str, file: Path) -> Iterator[None]:
    """Turn what goes wrong with a file of a plan folder into a refusal.

    Raises
    ------
    PlanFolderError
        When the file is missing, cannot be read, or does not hold what it should.
    """
    try:
        yield
    except (FileNotFoundError, NotADirectoryError) as error:
        place = os.fspath(folder)
        if not os.path.lexists(place):
            raise refused(folder, "nowhere") from error
        if not Path(place).is_dir():
            raise refused(folder, "no_folder") from error
        if file.name == "plan.json":
            raise refused(folder, "no_plan") from error
        raise refused(folder, "missing", file=_inside(place, file)) from error
    except OSError as error:
        raise refused(folder, "unreadable", file=_inside(folder, file), why=system_words(error)) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise refused(folder, "damaged", file=_inside(folder, file)) from error


def _inside(folder: Path | str, file: Path) -> str:
    return os.path.relpath(file, folder).replace(os.sep, "/")
