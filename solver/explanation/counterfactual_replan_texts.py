"""The sentences of counterfactuals of re-plans, English and Vietnamese; as ``counterfactual_texts``."""

from __future__ import annotations

from solver.explanation.sentence import Sentence

REPLANNED: dict[str, Sentence] = {
    "blocked.signed": Sentence(
        "It is signed, so it stays ({left}).", "Điều chuyển này đã ký nên giữ nguyên ({left})."
    ),
    "blocked.executed": Sentence(
        "It is carried out, so it stays ({left}).", "Điều chuyển này đã thực hiện nên giữ nguyên ({left})."
    ),
    "blocked.refused": Sentence(
        "This transfer was refused. No plan can have it.",
        "Điều chuyển này đã bị từ chối. Không phương án nào có thể có cặp này.",
    ),
    "blocked.changes": Sentence(
        "No plan can do so: it takes {needs} {needs?change|changes} against the plan before at least, "
        "and {row} allows {left}.",
        "Không phương án nào có thể như vậy: cần ít nhất {needs} thay đổi so với phương án trước, "
        "mà {row} chỉ cho phép {left}.",
    ),
    "blocked.changes.open": Sentence(
        "No plan that does so was found with no more changes against the plan before than {row} allows "
        "({left}).",
        "Không tìm được phương án nào như vậy mà số thay đổi so với phương án trước không quá mức {row} cho "
        "phép ({left}).",
    ),
    "changes.same": Sentence(
        "Against the plan before there are {then} {then?change|changes}, as many as now.",
        "So với phương án trước có {then} thay đổi, bằng số hiện nay.",
    ),
    "changes.free": Sentence(
        "Against the plan before there are {then} {then?change|changes} instead of {now}.",
        "So với phương án trước có {then} thay đổi thay vì {now}.",
    ),
    "changes.more": Sentence(
        "Against the plan before there are {then} {then?change|changes} instead of {now}: at {each} a "
        "change, {vnd} of the price are theirs.",
        "So với phương án trước có {then} thay đổi thay vì {now}: với đơn giá {each} mỗi thay đổi, {vnd} "
        "trong cái giá là của các thay đổi này.",
    ),
    "changes.fewer": Sentence(
        "Against the plan before there are {then} {then?change|changes} instead of {now}: at {each} a "
        "change, that takes {vnd} off the price.",
        "So với phương án trước có {then} thay đổi thay vì {now}: với đơn giá {each} mỗi thay đổi, cái giá "
        "giảm {vnd}.",
    ),
    "changes.used": Sentence(
        "With it {row} ({most}) is used up.",
        "Khi đó {row} ({most}) đã dùng hết.",
    ),
    "stage.freedom": Sentence(
        "free to go there after the plan before", "không bị phương án trước giữ cho nơi khác"
    ),
    "take.freedom": Sentence(
        "{asset} free to go elsewhere than the plan before sends it.",
        "cho phép chuyển {asset} tới nơi khác với phương án trước.",
    ),
    "take.max_changes": Sentence("{rows}.", "{rows}."),
    "take.change_price": Sentence("a price of a change below {vnd}", "đơn giá thay đổi dưới {vnd}"),
}
