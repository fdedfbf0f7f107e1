"""The sentences of counterfactuals and of what it would take, English and Vietnamese; as ``catalogue``."""

from __future__ import annotations

from solver.explanation.counterfactual_replan_texts import REPLANNED
from solver.explanation.sentence import Sentence

TEXTS: dict[str, Sentence] = {
    **REPLANNED,
    # a pair forced, or banned
    "forced": Sentence(
        "If asset {asset} has to serve need {need} ({units} {units?unit|units} at least):",
        "Nếu buộc tài sản {asset} phục vụ nhu cầu {need} (ít nhất {units} đơn vị):",
    ),
    "banned": Sentence(
        "If asset {asset} must not serve need {need}:",
        "Nếu không cho phép tài sản {asset} phục vụ nhu cầu {need}:",
    ),
    "in_plan.forced": Sentence("It is so in the plan already.", "Phương án hiện tại đã như vậy."),
    "in_plan.banned": Sentence(
        "It does not in the plan, so nothing changes.",
        "Phương án hiện tại không có việc này nên không thay đổi.",
    ),
    "ineligible": Sentence(
        "The pair is not eligible; the first test that it fails: {stage}. No plan can have it.",
        "Cặp này không đủ điều kiện; phép kiểm tra đầu tiên không đạt: {stage}. "
        "Không phương án nào có thể có cặp này.",
    ),
    "blocked.units": Sentence(
        "No plan can have it: asset {asset} has {has} {has?unit|units}{has_fixed}; need {need} asks for "
        "{wants}{wants_fixed}.",
        "Không phương án nào có thể như vậy: tài sản {asset} có {has} đơn vị{has_fixed}; nhu cầu {need} cần "
        "{wants}{wants_fixed}.",
    ),
    "blocked.places": Sentence(
        "No plan can have it: need {need} asks for {wants} {wants?place|places}{wants_fixed}.",
        "Không phương án nào có thể như vậy: nhu cầu {need} cần {wants} vị trí{wants_fixed}.",
    ),
    "blocked.fixed_for": Sentence(
        ", {fixed} of them fixed for other needs", ", trong đó {fixed} đã cố định cho nhu cầu khác"
    ),
    "blocked.fixed_from": Sentence(
        ", {fixed} of them fixed from other assets", ", trong đó {fixed} đã cố định từ tài sản khác"
    ),
    "blocked.floors": Sentence(
        "No plan that was found with it meets the strict floors.",
        "Không tìm được phương án nào như vậy mà đạt các mức sàn bắt buộc.",
    ),
    "blocked.room": Sentence(
        "No plan can have it: the premises have no room for so many places.",
        "Không phương án nào có thể như vậy: cơ sở nhà, đất không đủ chỗ cho số vị trí đó.",
    ),
    "blocked.pin": Sentence(
        "The scenario has pinned this transfer ({left}).", "Kịch bản đã ấn định điều chuyển này ({left})."
    ),
    "blocked.row": Sentence(
        "No plan can have it: {row} has {left} left for it.",
        "Không phương án nào có thể như vậy: {row} chỉ còn {left}.",
    ),
    "change.more": Sentence(
        "The total cost rises by {vnd}, to {total}{exact}.", "Tổng chi phí tăng {vnd}, lên {total}{exact}."
    ),
    "change.less": Sentence(
        "The total cost falls by {vnd}, to {total}{exact}.", "Tổng chi phí giảm {vnd}, còn {total}{exact}."
    ),
    "change.better": Sentence(
        "The plan found is better than the plan itself, which is not proven best: it costs {vnd} less, "
        "{total} in all{exact}. Solving for longer, or with a smaller gap, may find as good a one.",
        "Phương án tìm được tốt hơn chính phương án đang xét, vốn chưa được chứng minh là tốt nhất: chi phí "
        "ít hơn {vnd}, tổng cộng {total}{exact}. Giải lâu hơn, hoặc với chênh lệch cho phép nhỏ hơn, có thể "
        "tìm được phương án tốt như vậy.",
    ),
    "change.same": Sentence(
        "The total cost stays {total}{exact}.", "Tổng chi phí giữ nguyên {total}{exact}."
    ),
    "change.exact": Sentence(
        "; both plans are proven best, so this is the exact price",
        "; cả hai phương án đều được chứng minh là tốt nhất nên đây là cái giá chính xác",
    ),
    "change.between": Sentence(
        "; since not all is proven, the price lies between {least} and {most}",
        "; do chưa chứng minh hết, cái giá nằm giữa {least} và {most}",
    ),
    "change.least": Sentence(
        "; since not all is proven, the price is at least {least}",
        "; do chưa chứng minh hết, cái giá ít nhất là {least}",
    ),
    "change.most": Sentence(
        "; since not all is proven, the price is at most {most}",
        "; do chưa chứng minh hết, cái giá nhiều nhất là {most}",
    ),
    "change.better_between": Sentence(
        "; what is asked for costs between {least} and {most}, measured against the best plan",
        "; so với phương án tốt nhất, điều được hỏi tốn từ {least} đến {most}",
    ),
    "change.better_most": Sentence(
        "; what is asked for costs at most {most}, measured against the best plan",
        "; so với phương án tốt nhất, điều được hỏi tốn nhiều nhất {most}",
    ),
    "change.open": Sentence("; nothing is proven of the price", "; chưa chứng minh được gì về cái giá này"),
    "level": Sentence(
        "What comes before the cost changes: {name}, from {before} to {after}.",
        "Mục tiêu đứng trước chi phí thay đổi: {name}, từ {before} thành {after}.",
    ),
    "level.floor_shortfall": Sentence(
        "units missing to coverage floors", "số đơn vị còn thiếu so với mức đáp ứng tối thiểu"
    ),
    "level.unmet": Sentence("units unmet of priority {of}", "số đơn vị còn thiếu của mức ưu tiên {of}"),
    "level.max_min": Sentence("smallest share met ({of})", "tỷ lệ đáp ứng thấp nhất ({of})"),
    "level.better": Sentence(
        "The plan found is better than the plan itself in what comes before the cost: the plan is not proven "
        "best.",
        "Phương án tìm được tốt hơn chính phương án đang xét ở mục tiêu đứng trước chi phí: phương án đang "
        "xét chưa được chứng minh là tốt nhất.",
    ),
    "displaced": Sentence("What changes:", "Những gì thay đổi:"),
    "displaced.none": Sentence("No other line changes.", "Không dòng nào khác thay đổi."),
    "line": Sentence("need {need}: {parts}{met}", "nhu cầu {need}: {parts}{met}"),
    "line.more": Sentence("{units} more from {asset}", "thêm {units} từ {asset}"),
    "line.less": Sentence("{units} fewer from {asset}", "bớt {units} từ {asset}"),
    "line.met": Sentence("; it receives {after} instead of {before}", "; nhận {after} thay vì {before}"),
    "line.rest": Sentence("and {count} more {count?need|needs}", "và {count} nhu cầu khác"),
    "asset.more": Sentence(
        "asset {asset} is used: {after} instead of {before}",
        "tài sản {asset} được dùng: {after} thay vì {before}",
    ),
    "asset.much": Sentence(
        "asset {asset} is used more: {after} instead of {before}",
        "tài sản {asset} được dùng nhiều hơn: {after} thay vì {before}",
    ),
    "asset.little": Sentence(
        "asset {asset} is used less: {after} instead of {before}",
        "tài sản {asset} được dùng ít hơn: {after} thay vì {before}",
    ),
    "asset.less": Sentence(
        "asset {asset} stays: {after} used instead of {before}",
        "tài sản {asset} ở lại: dùng {after} thay vì {before}",
    ),
    "asset.rest": Sentence("and {count} more {count?asset|assets}", "và {count} tài sản khác"),
    # stages
    "stage.no_asset": Sentence("category and kind asked for", "loại và chủng loại được yêu cầu"),
    "stage.too_small": Sentence("area", "diện tích"),
    "stage.condition": Sentence("remaining quality", "tỷ lệ chất lượng còn lại"),
    "stage.age": Sentence("age", "số năm sử dụng"),
    "stage.legal_status": Sentence("legal status", "tình trạng pháp lý"),
    "stage.date": Sentence("the day on which it is wanted", "thời điểm cần"),
    "stage.within_commune": Sentence("in the same commune", "trong cùng xã"),
    "stage.no_distance": Sentence("a known distance", "có khoảng cách"),
    "stage.reach": Sentence("reach", "bán kính tối đa"),
    "stage.province_rule": Sentence("the rule on other provinces", "quy tắc ngoài tỉnh"),
    "stage.banned": Sentence("a ban of the scenario", "cặp bị kịch bản cấm"),
    # what it would take
    "take.head": Sentence("What it would take: {what}", "Cần những gì: {what}"),
    "take.then": Sentence(
        " After that the next test that it fails: {stage}.",
        " Sau đó phép kiểm tra tiếp theo không đạt: {stage}.",
    ),
    "take.passes": Sentence(
        " It passes every other test; norms, limits and other needs still decide.",
        " Tài sản này đạt mọi phép kiểm tra khác; định mức, giới hạn và các nhu cầu khác vẫn quyết định.",
    ),
    "take.nothing": Sentence(
        "an asset of the category: there is none.", "một tài sản cùng loại: hiện không có."
    ),
    "take.no_asset": Sentence(
        "another kind accepted; the nearest asset is {asset} ({value}).",
        "chấp nhận chủng loại khác; tài sản gần nhất là {asset} ({value}).",
    ),
    "take.too_small": Sentence(
        "an area of at most {value} m²; the largest left is {asset}.",
        "diện tích không quá {value} m²; cơ sở lớn nhất còn lại là {asset}.",
    ),
    "take.condition": Sentence(
        "a minimum quality of at most {value} %; the best left is {asset}.",
        "mức chất lượng tối thiểu không quá {value} %; tài sản tốt nhất còn lại là {asset}.",
    ),
    "take.condition.unknown": Sentence(
        "the quality of an asset stated: that of {asset} is not known.",
        "ghi rõ chất lượng: chất lượng của {asset} chưa biết.",
    ),
    "take.age": Sentence(
        "an age limit of at least {value} years; the youngest left is {asset}.",
        "giới hạn tuổi ít nhất {value} năm; tài sản mới nhất còn lại là {asset}.",
    ),
    "take.age.unknown": Sentence(
        "the year of an asset stated: that of {asset} is not known.", "ghi rõ năm: năm của {asset} chưa biết."
    ),
    "take.legal_status": Sentence(
        "the legal status {value} accepted, or cleared; the nearest asset is {asset}.",
        "chấp nhận hoặc xử lý xong tình trạng pháp lý {value}; tài sản gần nhất là {asset}.",
    ),
    "take.date": Sentence(
        "a day of {value}; the nearest in time is {asset}.",
        "ngày cần là {value}; gần nhất về thời gian là {asset}.",
    ),
    "take.within_commune": Sentence(
        "other communes allowed; the nearest is {asset}, {value} km away.",
        "cho phép xã khác; gần nhất là {asset}, cách {value} km.",
    ),
    "take.within_commune.unknown": Sentence(
        "other communes allowed, {asset} for example.", "cho phép xã khác, ví dụ {asset}."
    ),
    "take.province_rule.unknown": Sentence(
        "other provinces allowed, {asset} for example.", "cho phép ngoài tỉnh, ví dụ {asset}."
    ),
    "take.no_distance": Sentence(
        "a distance in the table of distances, from {asset} for example.",
        "bổ sung khoảng cách vào bảng khoảng cách, ví dụ từ {asset}.",
    ),
    "take.reach": Sentence(
        "a reach of at least {value} km; the nearest is {asset}.",
        "bán kính tối đa ít nhất {value} km; gần nhất là {asset}.",
    ),
    "take.province_rule": Sentence(
        "other provinces allowed; the nearest asset is {asset}, {value} km away.",
        "cho phép ngoài tỉnh; tài sản gần nhất là {asset}, cách {value} km.",
    ),
    "take.banned": Sentence("the ban of {asset} lifted.", "bỏ lệnh cấm đối với {asset}."),
    "take.norm": Sentence("{rows}.", "{rows}."),
    "take.norm.row": Sentence(
        "a norm of {needed} instead of {now} for {key} in the commune",
        "định mức {key} của xã là {needed} thay vì {now}",
    ),
    "take.pinned": Sentence("{asset} unpinned from {serves}.", "bỏ ấn định {asset} cho {serves}."),
    "take.budget": Sentence("{rows}.", "{rows}."),
    "take.budget.row": Sentence("{vnd} more of {row}", "thêm {vnd} cho {row}"),
    "take.cross_province_max": Sentence("{rows}.", "{rows}."),
    "take.cross.row": Sentence("{row} raised to {needed}", "nâng {row} lên {needed}"),
    "take.equity": Sentence("a lower floor: {row}.", "hạ mức sàn: {row}."),
    "take.equity.some": Sentence(
        "a lower floor of the groups that the assets serve.",
        "hạ mức sàn của các nhóm mà tài sản đang phục vụ.",
    ),
    "take.too_dear": Sentence(
        "a price of leaving it unmet that is higher by more than {vnd}{factor}.",
        "giá của việc để thiếu tăng thêm hơn {vnd}{factor}.",
    ),
    "take.factor": Sentence(
        " (or, at the same price, a priority factor above {factor})",
        " (hoặc giữ nguyên giá và nâng hệ số ưu tiên lên trên {factor})",
    ),
    "take.outbid.exact": Sentence(
        "a price of leaving it unmet that is higher by more than {vnd}{factor}: exact for one unit.",
        "giá của việc để thiếu tăng thêm hơn {vnd}{factor}: chính xác cho một đơn vị.",
    ),
    "take.outbid.least": Sentence(
        "a price of leaving it unmet that is higher by {vnd} at least{factor}.",
        "giá của việc để thiếu tăng thêm ít nhất {vnd}{factor}.",
    ),
    "take.alone": Sentence(
        "for one place in the cheapest premises alone, a price of leaving it unmet that is higher by "
        "{vnd}{factor}; other premises, or places that share an opening, may need less: force one to see it.",
        "nếu chỉ tính một chỗ ở cơ sở rẻ nhất, giá của việc để thiếu phải tăng thêm {vnd}{factor}; cơ sở "
        "khác, hoặc nhiều chỗ dùng chung một cơ sở, có thể cần ít hơn: hãy buộc một cơ sở để xem cái giá.",
    ),
    "take.outbid": Sentence(
        "more of what other needs are worth; force an asset to see the price.",
        "nhu cầu khác nhường lại; hãy buộc một tài sản để xem cái giá.",
    ),
    "take.unproven.gap": Sentence(
        "a smaller gap in the scenario first: the search ended by itself, and the plan is not proven best.",
        "trước hết ghi chênh lệch cho phép nhỏ hơn trong kịch bản: việc tìm kiếm đã tự kết thúc và phương án "
        "chưa được chứng minh là tốt nhất.",
    ),
    "take.unproven.done": Sentence(
        "that cannot be told: the search ended by itself, and the plan is not proven best.",
        "chưa thể nói: việc tìm kiếm đã tự kết thúc mà phương án chưa được chứng minh là tốt nhất.",
    ),
    "take.unproven": Sentence(
        "a longer search first: the plan is not proven best.",
        "trước hết tìm lâu hơn: phương án chưa được chứng minh là tốt nhất.",
    ),
    "take.released": Sentence(
        "The best need for it is {need}: serving it makes the plan dearer by {vnd} at least.",
        "Nhu cầu phù hợp nhất là {need}: phục vụ nhu cầu này làm phương án đắt thêm ít nhất {vnd}.",
    ),
    "take.released.none": Sentence("No need is eligible.", "Không nhu cầu nào đủ điều kiện."),
}
