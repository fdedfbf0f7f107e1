"""The sentences of re-plans: what changed and why, and what the plan before keeps from a need (catalogue)."""

from __future__ import annotations

from solver.explanation.sentence import Sentence

REPLAN_TEXTS: dict[str, Sentence] = {
    # why units are unmet, or stay
    "freedom": Sentence(
        "the plan before sends each asset that passes the tests before elsewhere, and the scenario lets such "
        "assets go {where} only.",
        "mọi tài sản đạt các bước trước đều đã được phương án trước bố trí cho nơi khác, và kịch bản chỉ cho "
        "phép chuyển {where}.",
    ),
    "freedom.same_province": Sentence(
        "to the provinces that they were to go to", "trong tỉnh, thành phố đã bố trí"
    ),
    "freedom.same_recipient": Sentence(
        "to the communes and bodies that they were to go to", "cho đúng xã và đơn vị tiếp nhận đã bố trí"
    ),
    "change.freedom": Sentence(
        "has to be bound to this place, or to none, by the plan before",
        "phải được phương án trước bố trí cho nơi này, hoặc chưa bố trí cho nơi nào",
    ),
    "stage.freedom": Sentence(
        "free to go there after the plan before", "không bị phương án trước giữ cho nơi khác"
    ),
    "max_changes": Sentence(
        "each asset that is worth its cost to it and that the tests before leave would be a change against "
        "the plan before, and {why}.",
        "mọi tài sản đáng chi phí đối với nhu cầu này mà các bước trước để lại đều là thay đổi so với phương "
        "án trước, và {why}.",
    ),
    "max_changes.limit": Sentence(
        "no more units may change: {row} is used up ({bound} {bound?unit|units})",
        "không được thay đổi thêm đơn vị nào: {row} đã dùng hết ({bound} đơn vị)",
    ),
    "max_changes.price": Sentence(
        "with the price of a change ({vnd}) it would cost at least as much as leaving the {unit} unmet "
        "({price})",
        "tính cả đơn giá thay đổi ({vnd}) thì chi phí không thấp hơn mức tính cho một {unit} còn thiếu "
        "({price})",
    ),
    "max_changes.either": Sentence("either {limit}, or {price}", "hoặc {limit}, hoặc {price}"),
    "change.max_changes": Sentence(
        "What would have to change: the limit or the price of changes, or what else changes.",
        "Điều cần thay đổi: giới hạn số thay đổi hoặc đơn giá thay đổi, hoặc các thay đổi khác.",
    ),
    "stays.max_changes": Sentence(
        "each need that it is worth its cost to, that no norm closes and that still lacks units would be a "
        "change against the plan before, and no more units may change or its price makes it cost too much; "
        "or a budget or the cap on units that change province leaves no room for it.",
        "mọi nhu cầu đáng điều chuyển, chưa đủ định mức và còn thiếu đều là thay đổi so với phương án trước, "
        "mà không được thay đổi thêm đơn vị nào hoặc đơn giá thay đổi làm chi phí quá cao; hoặc vượt ngân "
        "sách hay giới hạn số đơn vị ra ngoài tỉnh.",
    ),
    "pinned.replan": Sentence(
        "each asset that passes the tests before is taken up by transfers that the scenario has pinned, or "
        "that are signed or carried out{example}.",
        "mọi tài sản đạt các bước trước đều đã dành cho các lượt điều chuyển do kịch bản ấn định, hoặc đã ký "
        "hay đã thực hiện{example}.",
    ),
    "rules.replan": Sentence(
        " that keeps what is signed or carried out and takes part, within the scenario's limits and pins,",
        " giữ nguyên những gì đã ký hoặc đã thực hiện và còn tham gia, trong các hạn mức và ấn định của kịch"
        " bản,",
    ),
    "counts.change": Sentence(
        "The cost of the whole holds the price of changes: {vnd} for each unit that changes.",
        "Tổng chi phí tính cả tiền cho thay đổi: {vnd} cho mỗi đơn vị thay đổi.",
    ),
    "row.changes": Sentence(
        "the limit of changes against the plan before", "giới hạn số thay đổi so với phương án trước"
    ),
    "transfer.signed": Sentence("signed, so it stays", "đã ký nên giữ nguyên"),
    "transfer.executed": Sentence("carried out, so it stays", "đã thực hiện nên giữ nguyên"),
    # what changed
    "need.gone": Sentence(
        "Need {id} is not in the tables any more.", "Nhu cầu {id} không còn trong các bảng."
    ),
    "asset.gone": Sentence(
        "Asset {id} is not in the tables any more.", "Tài sản {id} không còn trong các bảng."
    ),
    "replan.head": Sentence("Changed against the plan before:", "Thay đổi so với phương án trước:"),
    "replan.from": Sentence(
        "asset {asset}: {before} before, {after} now; {reason}{saves}.",
        "tài sản {asset}: trước {before}, nay {after}; {reason}{saves}.",
    ),
    "replan.to": Sentence(
        "need {need}: {before} before, {after} now; {reason}{saves}.",
        "nhu cầu {need}: trước {before}, nay {after}; {reason}{saves}.",
    ),
    "replan.forced": Sentence(" (forced)", " (bắt buộc)"),
    "replan.saves": Sentence("; it saves {vnd}", "; tiết kiệm {vnd}"),
    "replan.costs": Sentence("; it costs {vnd} more", "; tốn thêm {vnd}"),
    "replan.group_saves": Sentence(
        "; the {lines} changed lines of group {group} save {vnd} together",
        "; {lines} dòng thay đổi của nhóm {group} cùng tiết kiệm {vnd}",
    ),
    "replan.group_costs": Sentence(
        "; the {lines} changed lines of group {group} cost {vnd} more together",
        "; {lines} dòng thay đổi của nhóm {group} cùng tốn thêm {vnd}",
    ),
    "replan.asset_gone": Sentence("the asset takes no part any more", "tài sản không còn tham gia phương án"),
    "replan.need_gone": Sentence(
        "the need takes no part any more, or is of another category",
        "nhu cầu không còn tham gia phương án, hoặc khác loại tài sản",
    ),
    "replan.refused": Sentence("it was refused", "đã bị từ chối"),
    "replan.stage": Sentence(
        "it is no longer eligible (test: {stage})", "không còn đủ điều kiện (bước: {stage})"
    ),
    "replan.fewer": Sentence(
        "no more of it is allowed: by what the asset has, what the need wants, a norm, or a limit on money "
        "or units",
        "không được nhiều hơn: do số lượng của tài sản, của nhu cầu, định mức, hoặc hạn mức về tiền hay số "
        "lượng",
    ),
    "replan.pinned": Sentence("the scenario pins it", "do kịch bản ấn định"),
    "replan.moved": Sentence(
        "the asset serves another need instead", "tài sản chuyển sang phục vụ nhu cầu khác"
    ),
    "replan.replaced": Sentence("another asset serves the need instead", "nhu cầu được tài sản khác phục vụ"),
    "replan.dropped": Sentence("it is given up, and nothing takes its place", "bỏ, không có gì thay thế"),
    "replan.new": Sentence("it is new", "mới"),
    "replan.more": Sentence("more units than before", "nhiều hơn trước"),
}
