"""The sentences of explanations, English and Vietnamese.

``{words}`` are filled in; ``{count?one|many}`` chooses by whether that word is "1". Every sentence must
hold for every plan by the definitions of docs/cost.md and docs/plan-folder.md: it says
what the tables say, no more.
"""

from __future__ import annotations

from solver.explanation.replan_texts import REPLAN_TEXTS
from solver.explanation.sentence import Sentence

CATALOGUE: dict[str, Sentence] = {
    **REPLAN_TEXTS,
    # a need
    "need.met": Sentence(
        "Need {id} is met: {met} of {units}.", "Nhu cầu {id} được đáp ứng đủ: {met}/{units}."
    ),
    "need.partly_met": Sentence(
        "Need {id} is partly met: {met} of {units}; {unmet} unmet.",
        "Nhu cầu {id} được đáp ứng một phần: {met}/{units}; còn thiếu {unmet}.",
    ),
    "need.unmet": Sentence(
        "Need {id} is not met: 0 of {units}.", "Nhu cầu {id} chưa được đáp ứng: 0/{units}."
    ),
    "need.out_of_scope": Sentence(
        "Need {id} takes no part: the scenario plans province {scope} alone.",
        "Nhu cầu {id} không thuộc phạm vi: kịch bản chỉ lập phương án cho tỉnh, thành phố mã {scope}.",
    ),
    "need.not_planned": Sentence(
        "The plan has no line for need {id}.",
        "Phương án không có dòng nào về nhu cầu {id}.",
    ),
    "asked": Sentence("Asked for: {what}.", "Yêu cầu: {what}."),
    "asked.units": Sentence("{units} {units?unit|units}", "{units} đơn vị"),
    "asked.places": Sentence(
        "{units} {units?place|places} of {area} m²{each}",
        "{units} vị trí sử dụng, {area} m²{each}",
    ),
    "asked.each": Sentence(" each", " mỗi vị trí"),
    "asked.places_bare": Sentence("{units} {units?place|places}", "{units} vị trí sử dụng"),
    "or": Sentence(" or ", " hoặc "),
    "asked.any": Sentence("any kind of {category}", "mọi chủng loại {category}"),
    "asked.any_premises": Sentence("any kind of premises but land", "mọi loại nhà, đất, trừ đất trống"),
    "asked.purpose": Sentence("purpose: {purpose}", "mục đích: {purpose}"),
    "asked.recipient": Sentence("receiving body: {recipient}", "đơn vị tiếp nhận: {recipient}"),
    "asked.place": Sentence("in {place}", "tại {place}"),
    "asked.condition": Sentence(
        "remaining quality at least {pct} %", "tỷ lệ chất lượng còn lại từ {pct} % trở lên"
    ),
    "asked.reach": Sentence("from at most {km} km away", "cách không quá {km} km"),
    "asked.deadline": Sentence("wanted by {day}", "thời hạn cần: {day}"),
    "asked.until": Sentence("until {day}", "sử dụng đến {day}"),
    "price.own": Sentence(
        "Leaving one {unit} unmet counts {vnd} (stated for this need) x factor {factor} (priority "
        "{priority}, {source}){total}.",
        "Mỗi {unit} còn thiếu được tính {vnd} (nêu riêng cho nhu cầu này) x hệ số {factor} (mức ưu tiên "
        "{priority}, {source}){total}.",
    ),
    "price.scenario": Sentence(
        "Leaving one {unit} unmet counts {vnd}{per_m2} (the scenario's price for {key}) x factor "
        "{factor} (priority {priority}, {source}){total}.",
        "Mỗi {unit} còn thiếu được tính {vnd}{per_m2} (giá của kịch bản cho {key}) x hệ số {factor} (mức "
        "ưu tiên {priority}, {source}){total}.",
    ),
    "price.per_m2": Sentence(" per m² x {area} m²", " mỗi m² x {area} m²"),
    "price.total": Sentence(
        ", which makes {vnd}",
        ", thành {vnd}",
    ),
    "price.priority_own": Sentence("stated for this need", "nêu riêng cho nhu cầu này"),
    "price.priority_scenario": Sentence("from the scenario", "theo kịch bản"),
    "unit.movable": Sentence("unit", "đơn vị"),
    "unit.premises": Sentence("place", "vị trí sử dụng"),
    # transfers
    "received": Sentence("It receives:", "Nhận được:"),
    "transfer.from": Sentence("{units} {unit} from asset {asset}", "{units} {unit} từ tài sản {asset}"),
    "transfer.to": Sentence("{units} {unit} to need {need}", "{units} {unit} cho nhu cầu {need}"),
    "transfer.area": Sentence("{area} m²", "{area} m²"),
    "transfer.km": Sentence("{km} km", "{km} km"),
    "transfer.cross": Sentence("across a province border", "điều chuyển ngoài tỉnh"),
    "transfer.cost": Sentence(
        "cost {vnd}{parts}; to be spent {spend}", "chi phí {vnd}{parts}; phải chi {spend}"
    ),
    "transfer.form": Sentence("form: {form}", "hình thức: {form}"),
    "transfer.authority": Sentence("decided by: {authority}", "thẩm quyền quyết định: {authority}"),
    "transfer.until": Sentence("until {day}", "sử dụng đến {day}"),
    "transfer.pinned": Sentence("pinned by the scenario", "do kịch bản ấn định"),
    "transfer.partly_pinned": Sentence(
        "{units} of them pinned by the scenario", "trong đó kịch bản ấn định {units}"
    ),
    "rank.first": Sentence(
        "no eligible asset costs this need less",
        "không tài sản đủ điều kiện nào có chi phí thấp hơn đối với nhu cầu này",
    ),
    "rank.later": Sentence(
        "{cheaper} eligible {cheaper?asset|assets} would cost this need less",
        "có {cheaper} tài sản đủ điều kiện có chi phí thấp hơn đối với nhu cầu này",
    ),
    "rank.premises": Sentence(", opening prices apart", ", chưa kể chi phí đưa vào sử dụng"),
    "other.more": Sentence(
        "the next best, {asset}, would cost {vnd} more a {unit}{goes}",
        "tài sản thay thế tốt nhất là {asset}, chi phí cao hơn {vnd} mỗi {unit}{goes}",
    ),
    "other.same": Sentence(
        "the next best, {asset}, would cost as much{goes}",
        "tài sản thay thế tốt nhất là {asset}, chi phí ngang bằng{goes}",
    ),
    "other.less": Sentence(
        "the cheapest other, {asset}, would cost {vnd} less a {unit}{goes}",
        "tài sản khác rẻ nhất là {asset}, chi phí thấp hơn {vnd} mỗi {unit}{goes}",
    ),
    "other.none": Sentence("no other asset is eligible", "không còn tài sản nào khác đủ điều kiện"),
    "goes.nowhere": Sentence(" (it goes to no need)", " (không chuyển cho nhu cầu nào)"),
    "goes.to": Sentence(" (it goes to {needs})", " (được chuyển cho {needs})"),
    "goes.houses": Sentence(
        " (it houses {needs})",
        " (đã bố trí cho {needs})",
    ),
    "goes.unused": Sentence(
        " (the plan does not use it)",
        " (phương án không sử dụng)",
    ),
    "goes.this": Sentence("this need", "chính nhu cầu này"),
    "goes.more": Sentence("{count} more", "{count} nhu cầu khác"),
    # why units are unmet
    "why": Sentence("Why {units} {units?is|are} unmet: {reason}", "Lý do còn thiếu {units}: {reason}"),
    "no_asset": Sentence(
        "no {category} of a wanted kind is free to move (surplus, or handed over and idle){scope}.",
        "không có {category} đúng chủng loại có thể điều chuyển (dôi dư, hoặc đã bàn giao nhưng chưa sử "
        "dụng){scope}.",
    ),
    "no_asset.scope": Sentence(
        " in province {scope}, which alone is planned",
        " tại tỉnh, thành phố mã {scope}, nơi duy nhất được lập phương án",
    ),
    "no_asset_listed": Sentence(
        "the table of matches lists no asset for it that is free to move.",
        "bảng ghép không nêu tài sản nào có thể điều chuyển cho nhu cầu này.",
    ),
    "too_small": Sentence(
        "none of the premises of a wanted kind that are free is known to have {area} m² for one "
        "place{largest}.",
        "không cơ sở nhà, đất đúng chủng loại nào có thể điều chuyển mà được biết là đủ {area} m² cho "
        "một vị trí sử dụng{largest}.",
    ),
    "too_small.largest": Sentence(
        "; the largest known area is {largest} m²",
        "; diện tích lớn nhất được biết là {largest} m²",
    ),
    "too_small_listed": Sentence(
        "none of the premises that the table of matches lists for it is large enough for one place.",
        "không cơ sở nhà, đất nào mà bảng ghép nêu cho nhu cầu này đủ diện tích cho một vị trí sử dụng.",
    ),
    "condition": Sentence(
        "of the assets that pass the tests before, none is known to have the remaining quality asked "
        "for{limit}.",
        "trong các tài sản đạt các bước trước, không tài sản nào được biết là đạt tỷ lệ chất lượng còn "
        "lại yêu cầu{limit}.",
    ),
    "condition.limit": Sentence(" (at least {min_condition_pct} %)", " (từ {min_condition_pct} % trở lên)"),
    "age": Sentence(
        "of the assets that pass the tests before, none is known to be within the scenario's greatest "
        "age{limit}.",
        "trong các tài sản đạt các bước trước, không tài sản nào được biết là còn trong số năm sử dụng "
        "tối đa của kịch bản{limit}.",
    ),
    "age.limit": Sentence(" ({max_age_years} years)", " ({max_age_years} năm)"),
    "legal_status": Sentence(
        "of the assets that pass the tests before, none has a legal status that the scenario allows{limit}.",
        "trong các tài sản đạt các bước trước, không tài sản nào có tình trạng pháp lý được kịch bản cho "
        "phép{limit}.",
    ),
    "legal_status.limit": Sentence(" ({legal_status})", " ({legal_status})"),
    "date": Sentence(
        "of the assets that pass the tests before, none is available on the day that counts{limit}.",
        "trong các tài sản đạt các bước trước, không tài sản nào sẵn có vào ngày cần xét{limit}.",
    ),
    "date.limit": Sentence(" ({deadline})", " ({deadline})"),
    "within_commune": Sentence(
        "this purpose has to be served inside its own commune, and none of the premises that pass the "
        "tests before lies there.",
        "mục đích này phải được bố trí ngay trong xã, và không cơ sở nhà, đất nào đạt các bước trước nằm "
        "trong xã.",
    ),
    "no_distance": Sentence(
        "none of the assets that pass the tests before has a known distance to it.",
        "không tài sản nào đạt các bước trước có khoảng cách xác định đến nơi này.",
    ),
    "reach": Sentence(
        "none of the assets that pass the tests before lies within reach{limit}{nearest}.",
        "không tài sản nào đạt các bước trước nằm trong bán kính tối đa{limit}{nearest}.",
    ),
    "reach.limit": Sentence(" ({reach_km} km)", " ({reach_km} km)"),
    "reach.nearest": Sentence("; the nearest is {nearest} km away", "; tài sản gần nhất cách {nearest} km"),
    "province_rule": Sentence(
        "all assets that pass the tests before lie in other provinces, and the scenario forbids bringing "
        "them here.",
        "mọi tài sản đạt các bước trước đều ở tỉnh khác, và kịch bản không cho phép điều chuyển đến đây.",
    ),
    "banned": Sentence(
        "each asset that passes the tests before is excluded for this need by the scenario.",
        "mọi tài sản đạt các bước trước đều bị kịch bản loại trừ đối với nhu cầu này.",
    ),
    "norm": Sentence(
        "the commune has received all that the norm for {key} leaves room for{limit}: it may receive "
        "{may}, and it does.",
        "xã đã nhận đủ số lượng mà định mức {key} còn cho phép{limit}: được nhận {may} và đã nhận đủ.",
    ),
    "norm.limit": Sentence(" (at most {max}; {in_use} in use)", " (tối đa {max}; đang sử dụng {in_use})"),
    "norm.none": Sentence(
        "under the norm for {key} the commune may receive nothing more{limit}.",
        "theo định mức {key}, xã không được nhận thêm{limit}.",
    ),
    "too_dear": Sentence(
        "every eligible asset would cost at least as much as leaving the {unit} unmet ({price}). The "
        "cheapest, {asset}, would cost {cost}{opening}: {dearer} more.",
        "mọi tài sản đủ điều kiện đều có chi phí không thấp hơn mức tính cho một {unit} còn thiếu "
        "({price}). Tài sản rẻ nhất là {asset}, chi phí {cost}{opening}: cao hơn {dearer}.",
    ),
    "too_dear.even": Sentence(
        "every eligible asset would cost at least as much as leaving the {unit} unmet ({price}). The "
        "cheapest, {asset}, would cost exactly that: {cost}{opening}.",
        "mọi tài sản đủ điều kiện đều có chi phí không thấp hơn mức tính cho một {unit} còn thiếu "
        "({price}). Tài sản rẻ nhất là {asset}, chi phí đúng bằng mức đó: {cost}{opening}.",
    ),
    "too_dear.rest": Sentence(
        "each asset that passes the tests before, and that norms, pins, budgets, caps and floors leave for "
        "it, would cost at least as much as leaving the {unit} unmet ({price}).",
        "mọi tài sản đạt các bước trước, và không bị định mức, ấn định, ngân sách, giới hạn hay mức đáp "
        "ứng tối thiểu giữ lại, đều có chi phí không thấp hơn mức tính cho một {unit} còn thiếu ({price}).",
    ),
    "opening": Sentence(
        " and {vnd} to put the premises to use", " và {vnd} để đưa cơ sở nhà, đất vào sử dụng"
    ),
    "outbid": Sentence(
        "eligible assets that cost less than leaving the {unit} unmet ({price}) serve other needs, to "
        "the advantage of the whole, or have no units left. No plan{rules} that serves more of this need "
        "costs the whole less.",
        "các tài sản đủ điều kiện có chi phí thấp hơn mức tính cho một {unit} còn thiếu ({price}) đã "
        "phục vụ nhu cầu khác, có lợi hơn cho toàn bộ phương án, hoặc không còn đơn vị nào. Không "
        "phương án nào{rules} đáp ứng thêm nhu cầu này mà tổng chi phí thấp hơn.",
    ),
    "outbid.premises": Sentence(
        "the premises where a place costs less than leaving it unmet ({price}; opening prices counted "
        "where the plan does not use them) serve other needs, to the advantage of the whole, or have "
        "no room left. No plan{rules} that serves more of this need costs the whole less.",
        "các cơ sở mà chi phí một vị trí sử dụng thấp hơn mức tính khi còn thiếu ({price}; tính cả chi "
        "phí đưa vào sử dụng đối với cơ sở mà phương án chưa dùng) đã phục vụ nhu cầu khác, có lợi hơn "
        "cho toàn bộ phương án, hoặc không còn diện tích. Không phương án nào{rules} đáp ứng thêm nhu cầu "
        "này mà tổng chi phí thấp hơn.",
    ),
    "outbid.levels": Sentence(
        "eligible assets serve other needs, to the advantage of the whole, or have nothing left. No "
        "plan{rules} that serves more of this need costs the whole less.",
        "các tài sản đủ điều kiện đã phục vụ nhu cầu khác, có lợi hơn cho toàn bộ phương án, hoặc không "
        "còn gì để chuyển. Không phương án nào{rules} đáp ứng thêm nhu cầu này mà tổng chi phí thấp hơn.",
    ),
    "rules.limits": Sentence(
        " within the scenario's limits and pins", " trong các hạn mức và ấn định của kịch bản"
    ),
    "rules.levels": Sentence(
        " within the scenario's limits and as good in what it puts before the cost",
        " giữ đúng các hạn mức của kịch bản và không kém ở những gì kịch bản đặt trước chi phí",
    ),
    "pinned": Sentence(
        "each asset that passes the tests before is taken up by transfers that the scenario has "
        "pinned{example}.",
        "mọi tài sản đạt các bước trước đều đã dành cho các lượt điều chuyển do kịch bản ấn định{example}.",
    ),
    "budget": Sentence(
        "each asset that passes the tests before would take more money than is left of {row}: {left} is "
        "left, and the least that any of them would take is {least}.",
        "mọi tài sản đạt các bước trước đều cần chi nhiều hơn số còn lại của {row}: còn {left}, trong khi "
        "mức chi thấp nhất là {least}.",
    ),
    "cross_province_max": Sentence(
        "all assets that pass the tests before lie in other provinces, and no more units may change "
        "province: {row} is used up{bound}.",
        "mọi tài sản đạt các bước trước đều ở tỉnh khác, và không được đưa thêm đơn vị nào ra ngoài tỉnh: "
        "{row} đã dùng hết{bound}.",
    ),
    "cross_province_max.bound": Sentence(" ({bound} {bound?unit|units})", " ({bound} đơn vị)"),
    "equity": Sentence(
        "the assets that pass the tests before have nothing free, and what they give is pinned or keeps "
        "other needs at their coverage floor{example}{row}.",
        "các tài sản đạt các bước trước không còn gì để chuyển; phần đã chuyển được ấn định hoặc giữ cho "
        "nhu cầu khác đạt mức đáp ứng tối thiểu{example}{row}.",
    ),
    "equity.row": Sentence(
        "; nothing may be taken there without missing {row}", "; lấy bớt ở đó thì không đạt {row}"
    ),
    "example.serves": Sentence("; for example, {asset} serves {need}", "; ví dụ, {asset} phục vụ {need}"),
    "unproven": Sentence(
        "an eligible asset costs less than leaving the {unit} unmet ({price}), and this plan does not "
        "meet the need in full. Whether a better plan would serve more of it is not proven: the gap of "
        "{of} is {gap}.",
        "có tài sản đủ điều kiện với chi phí thấp hơn mức tính cho một {unit} còn thiếu ({price}), "
        "nhưng phương án này chưa đáp ứng đủ. Chưa chứng minh được có phương án tốt hơn đáp ứng thêm "
        "hay không: chênh lệch của {of} là {gap}.",
    ),
    "unproven.levels": Sentence(
        "an asset is eligible, and this plan does not meet the need in full. Whether a better plan would "
        "serve more of it is not proven: the gap of {of} is {gap}.",
        "có tài sản đủ điều kiện, nhưng phương án này chưa đáp ứng đủ. Chưa chứng minh được có phương án "
        "tốt hơn đáp ứng thêm hay không: chênh lệch của {of} là {gap}.",
    ),
    "gap.category": Sentence("this category", "loại tài sản này"),
    "gap.plan": Sentence("the plan", "phương án"),
    "reason_unknown": Sentence(
        "the plan gives a reason that this version has no words for ({code}).",
        "phương án nêu một lý do mà phiên bản này chưa diễn giải ({code}).",
    ),
    "left": Sentence("Assets left after each test: {stages}.", "Số tài sản còn lại sau mỗi bước: {stages}."),
    "left.one": Sentence("{stage}: {count}", "{stage}: {count}"),
    "cheapest": Sentence(
        "The cheapest for it is {asset}: {cost}{opening}{goes}.",
        "Tài sản rẻ nhất đối với nhu cầu này là {asset}: {cost}{opening}{goes}.",
    ),
    "room": Sentence(
        "These premises have {area} m²; the plan uses {taken} m² of them and leaves {left} m².",
        "Cơ sở này có {area} m²; phương án sử dụng {taken} m², còn lại {left} m².",
    ),
    "by": Sentence(
        "At the prices of the certificate it is outbid by {vnd}{asset}.",
        "Theo giá trong chứng chỉ, nhu cầu này kém nhu cầu được chọn {vnd}{asset}.",
    ),
    "by.even": Sentence(
        "At the prices of the certificate it stands level with what was preferred{asset}: there may be "
        "equally good plans that serve it.",
        "Theo giá trong chứng chỉ, nhu cầu này ngang bằng với nhu cầu được chọn{asset}: có thể có phương "
        "án tốt ngang bằng đáp ứng được.",
    ),
    "by.asset": Sentence(", where {asset} is concerned", ", xét tài sản {asset}"),
    "change.test": Sentence(
        "What would have to change: at least one asset {clause}, or what the test asks for has to be "
        "different. The tests that follow still apply.",
        "Điều cần thay đổi: ít nhất một tài sản {clause}, hoặc thay đổi chính yêu cầu của bước đó. Các "
        "bước sau vẫn áp dụng.",
    ),
    "change.no_asset": Sentence(
        "of a wanted kind has to become free to move",
        "đúng chủng loại phải trở thành có thể điều chuyển",
    ),
    "change.no_asset_listed": Sentence(
        "that is free to move has to be listed for it",
        "có thể điều chuyển phải được nêu cho nhu cầu này",
    ),
    "change.too_small": Sentence(
        "has to be large enough for one place", "phải đủ diện tích cho một vị trí sử dụng"
    ),
    "change.condition": Sentence(
        "has to have that remaining quality", "phải đạt tỷ lệ chất lượng còn lại đó"
    ),
    "change.age": Sentence("has to be within that age", "phải còn trong số năm sử dụng đó"),
    "change.legal_status": Sentence(
        "has to have such a legal status", "phải có tình trạng pháp lý được phép"
    ),
    "change.date": Sentence("has to be available on that day", "phải sẵn có vào ngày đó"),
    "change.within_commune": Sentence("has to lie in the commune", "phải nằm trong xã"),
    "change.no_distance": Sentence("has to have a known distance", "phải có khoảng cách xác định"),
    "change.reach": Sentence("has to lie within reach", "phải nằm trong bán kính tối đa"),
    "change.province_rule": Sentence("has to lie in the same province", "phải ở cùng tỉnh"),
    "change.banned": Sentence("has to be no longer excluded", "phải không còn bị loại trừ"),
    "change.norm": Sentence(
        "What would have to change: the norm itself, or what counts towards it in this commune.",
        "Điều cần thay đổi: chính định mức đó, hoặc số lượng được tính vào định mức tại xã này.",
    ),
    "change.pinned": Sentence(
        "What would have to change: the pins, or more such assets or more room.",
        "Điều cần thay đổi: các lượt ấn định, hoặc thêm tài sản hay diện tích như vậy.",
    ),
    "change.budget": Sentence(
        "What would have to change: the budget, what else is spent of it, or an asset that takes less money.",
        "Điều cần thay đổi: ngân sách đó, các khoản chi khác của ngân sách đó, hoặc có tài sản cần chi ít "
        "hơn.",
    ),
    "change.cross_province_max": Sentence(
        "What would have to change: the cap, what else counts in it, or an asset of the same province.",
        "Điều cần thay đổi: giới hạn đó, số đơn vị khác được tính vào, hoặc có tài sản trong cùng tỉnh.",
    ),
    "change.equity": Sentence(
        "What would have to change: the floors, the pins, or more such assets or more room.",
        "Điều cần thay đổi: mức đáp ứng tối thiểu, các lượt ấn định, hoặc thêm tài sản hay diện tích như "
        "vậy.",
    ),
    "change.too_dear": Sentence(
        "What would have to change: an eligible asset has to cost less than leaving the {unit} unmet, by "
        "its cost or by the price and the priority of the need.",
        "Điều cần thay đổi: phải có tài sản đủ điều kiện với chi phí thấp hơn mức tính cho một {unit} "
        "còn thiếu, do chi phí của tài sản hoặc do giá và mức ưu tiên của nhu cầu.",
    ),
    "change.outbid": Sentence(
        "What would have to change: more such assets or more room, or other prices and priorities.",
        "Điều cần thay đổi: thêm tài sản hoặc diện tích như vậy, hoặc giá và mức ưu tiên khác.",
    ),
    "change.unproven.gap": Sentence(
        "The search ended by itself; a smaller gap in the scenario ({gaps}) may settle it.",
        "Việc tìm kiếm đã tự kết thúc; ghi chênh lệch cho phép nhỏ hơn trong kịch bản ({gaps}) thì có "
        "thể kết luận được.",
    ),
    "change.unproven.done": Sentence(
        "The search ended by itself with this gap open: more time would not settle it.",
        "Việc tìm kiếm đã tự kết thúc khi chênh lệch này còn mở: thêm thời gian cũng không kết luận được.",
    ),
    "change.unproven": Sentence(
        "A search that goes on for longer may settle it.",
        "Cho thêm thời gian tìm kiếm thì có thể kết luận được.",
    ),
    # stages of the funnel
    "stage.no_asset": Sentence("of a wanted kind and free to move", "đúng chủng loại và có thể điều chuyển"),
    "stage.too_small": Sentence("large enough", "đủ diện tích"),
    "stage.condition": Sentence("remaining quality", "đạt tỷ lệ chất lượng còn lại"),
    "stage.age": Sentence("age", "đạt số năm sử dụng"),
    "stage.legal_status": Sentence("legal status", "đạt tình trạng pháp lý"),
    "stage.date": Sentence("dates", "kịp thời hạn"),
    "stage.within_commune": Sentence("inside the commune", "trong xã"),
    "stage.no_distance": Sentence("known distance", "có khoảng cách xác định"),
    "stage.reach": Sentence("within reach", "trong bán kính tối đa"),
    "stage.province_rule": Sentence("province rule", "đúng quy định giữa các tỉnh"),
    "stage.banned": Sentence("not excluded", "không bị loại trừ"),
    # rows of limits.csv, and of norms, as parts of a sentence
    "row.budget": Sentence("the budget of the whole plan", "tổng ngân sách của phương án"),
    "row.budget.province": Sentence(
        "the budget of the receiving province {province}",
        "ngân sách của tỉnh, thành phố tiếp nhận {province}",
    ),
    "row.budget.category": Sentence("the budget for {key}", "ngân sách cho {key}"),
    "row.cross": Sentence(
        "the cap on units that change province ({key})",
        "giới hạn số đơn vị ra ngoài tỉnh ({key})",
    ),
    "row.floor.province": Sentence(
        "the coverage floor of {province} ({key})", "mức đáp ứng tối thiểu của {province} ({key})"
    ),
    "row.floor.country": Sentence(
        "the coverage floor of the country ({key})", "mức đáp ứng tối thiểu của cả nước ({key})"
    ),
    "row.floor.priority": Sentence(
        "the coverage floor of priority {priority} ({key})",
        "mức đáp ứng tối thiểu của mức ưu tiên {priority} ({key})",
    ),
    "row.norm": Sentence("the norm for {key} in commune {commune}", "định mức {key} tại xã có mã {commune}"),
    # an asset
    "asset.in_use": Sentence(
        "Asset {id} is in use and never moves.",
        "Tài sản {id} đang sử dụng và không điều chuyển.",
    ),
    "asset.handled": Sentence(
        "Asset {id} has been handled already and takes no part.",
        "Tài sản {id} đã xử lý nên không đưa vào phương án.",
    ),
    "asset.moved": Sentence(
        "Asset {id} has a recipient in the plan.", "Tài sản {id} có nơi nhận trong phương án."
    ),
    "asset.partly_moved": Sentence(
        "Asset {id}: {moved} of {units} units have a recipient in the plan, {left} {left?has|have} none.",
        "Tài sản {id}: {moved}/{units} đơn vị có nơi nhận trong phương án, {left} đơn vị chưa có.",
    ),
    "asset.released": Sentence(
        "Asset {id} has no recipient in the plan.",
        "Tài sản {id} chưa có nơi nhận trong phương án.",
    ),
    "asset.out_of_scope": Sentence(
        "Asset {id} takes no part: the scenario plans province {scope} alone.",
        "Tài sản {id} không thuộc phạm vi: kịch bản chỉ lập phương án cho tỉnh, thành phố mã {scope}.",
    ),
    "asset.attached": Sentence(
        "Asset {id} belongs to premises and goes with them.",
        "Tài sản {id} gắn liền với cơ sở nhà, đất và đi theo cơ sở đó.",
    ),
    "asset.not_planned": Sentence(
        "The plan has no line for asset {id}.",
        "Phương án không có dòng nào về tài sản {id}.",
    ),
    "what": Sentence("It is: {what}.", "Thông tin: {what}."),
    "what.units": Sentence("{units} {units?unit|units}", "{units} đơn vị"),
    "what.area": Sentence("{area} m²", "{area} m²"),
    "what.condition": Sentence("remaining quality {pct} %", "tỷ lệ chất lượng còn lại {pct} %"),
    "what.no_condition": Sentence("remaining quality unknown", "chưa rõ tỷ lệ chất lượng còn lại"),
    "what.year": Sentence("of {year}", "năm {year}"),
    "what.status": Sentence("status: {status}", "trạng thái: {status}"),
    "what.legal": Sentence("legal status: {legal}", "tình trạng pháp lý: {legal}"),
    "what.plate": Sentence("register code or plate {plate}", "mã đăng ký hoặc biển số {plate}"),
    "goes": Sentence("It goes to:", "Được chuyển cho:"),
    "housed": Sentence(
        "It takes in {places} {places?place|places} with {taken} m² of its {area} m² and has {left} m² left.",
        "Bố trí {places} vị trí sử dụng, {taken} m² trong {area} m²; còn lại {left} m².",
    ),
    "stays": Sentence(
        "Why {units} {units?unit has|units have} no recipient: {reason}",
        "Lý do {units} đơn vị chưa có nơi nhận: {reason}",
    ),
    "stays.it": Sentence(
        "Why it has no recipient: {reason}",
        "Lý do chưa có nơi nhận: {reason}",
    ),
    "stays.no_need": Sentence("no need is eligible for it.", "không có nhu cầu nào đủ điều kiện."),
    "stays.too_dear": Sentence(
        "for every eligible need it would cost at least as much as leaving a unit unmet.",
        "đối với mọi nhu cầu đủ điều kiện, chi phí không thấp hơn mức tính cho một đơn vị còn thiếu.",
    ),
    "stays.too_dear_premises": Sentence(
        "no set of eligible places that fits into it saves more than putting it to use costs.",
        "không tổ hợp vị trí đủ điều kiện nào vừa diện tích mà tiết kiệm nhiều hơn chi phí đưa vào sử dụng.",
    ),
    "stays.norm": Sentence(
        "the eligible needs for which it costs less than leaving a unit unmet are all in communes that "
        "have received what a norm leaves room for.",
        "các nhu cầu đủ điều kiện mà chi phí thấp hơn mức tính cho một đơn vị còn thiếu đều ở những xã "
        "đã nhận đủ theo định mức.",
    ),
    "stays.norm_premises": Sentence(
        "without the needs in communes that have received what a norm leaves room for, no set of "
        "eligible places that fits into it saves more than putting it to use costs.",
        "nếu không tính các nhu cầu ở những xã đã nhận đủ theo định mức, không tổ hợp vị trí đủ điều "
        "kiện nào vừa diện tích mà tiết kiệm nhiều hơn chi phí đưa vào sử dụng.",
    ),
    "stays.met": Sentence(
        "for some eligible need it costs less than leaving a unit unmet, but no plan{rules} that uses more "
        "of it costs the whole less.",
        "có nhu cầu đủ điều kiện mà chi phí thấp hơn mức tính cho một đơn vị còn thiếu, nhưng không "
        "phương án nào{rules} sử dụng thêm tài sản này mà tổng chi phí thấp hơn.",
    ),
    "stays.met_premises": Sentence(
        "some set of eligible places that fits into it would save more than putting it to use costs, but "
        "no plan{rules} that uses it costs the whole less.",
        "có tổ hợp vị trí đủ điều kiện vừa diện tích và tiết kiệm nhiều hơn chi phí đưa vào sử dụng, "
        "nhưng không phương án nào{rules} sử dụng cơ sở này mà tổng chi phí thấp hơn.",
    ),
    "stays.budget": Sentence(
        "each need that it is worth its cost to, that no norm closes and that still lacks units would "
        "take more money than is left of a budget.",
        "mọi nhu cầu đáng điều chuyển, chưa đủ định mức và còn thiếu đều cần chi nhiều hơn số còn lại của "
        "một ngân sách.",
    ),
    "stays.cross_province_max": Sentence(
        "each need that it is worth its cost to, that no norm closes and that still lacks units lies in "
        "another province, and the cap on units that change province is used up; or it would take more "
        "money than is left of a budget.",
        "mọi nhu cầu đáng điều chuyển, chưa đủ định mức và còn thiếu đều ở tỉnh khác trong khi giới hạn số "
        "đơn vị ra ngoài tỉnh đã dùng hết, hoặc cần chi nhiều hơn số còn lại của một ngân sách.",
    ),
    "stays.unproven": Sentence(
        "for some eligible need it costs less than leaving a unit unmet; whether a better plan would use "
        "more of it is not proven: the gap of {of} is {gap}.",
        "có nhu cầu đủ điều kiện mà chi phí thấp hơn mức tính cho một đơn vị còn thiếu; chưa chứng minh "
        "được có phương án tốt hơn sử dụng tài sản này hay không: chênh lệch của {of} là {gap}.",
    ),
    "stays.unproven_premises": Sentence(
        "some set of eligible places that fits into it would save more than putting it to use costs; "
        "whether a better plan would use it is not proven: the gap of {of} is {gap}.",
        "có tổ hợp vị trí đủ điều kiện vừa diện tích và tiết kiệm nhiều hơn chi phí đưa vào sử dụng; "
        "chưa chứng minh được có phương án tốt hơn sử dụng cơ sở này hay không: chênh lệch của {of} là "
        "{gap}.",
    ),
    "proposed": Sentence("Proposed: {disposition}.", "Đề xuất: {disposition}."),
    "disposition.liquidate": Sentence(
        "liquidation, since its known condition is below the scenario's minimum or its known age above "
        "the scenario's maximum",
        "thanh lý, do tỷ lệ chất lượng còn lại thấp hơn mức tối thiểu hoặc số năm sử dụng vượt mức tối "
        "đa của kịch bản",
    ),
    "disposition.reserve": Sentence("reserve for later needs", "dự phòng cho nhu cầu sau này"),
    "disposition.commune_to_handle": Sentence(
        "the commune settles its legal status first, which is none that the scenario allows",
        "giao UBND xã xử lý trước tình trạng pháp lý, vì chưa thuộc diện kịch bản cho phép",
    ),
    "disposition.demolish": Sentence(
        "demolition, since its known condition is below the scenario's minimum for its kind",
        "phá dỡ, do tỷ lệ chất lượng còn lại thấp hơn mức tối thiểu của kịch bản cho loại này",
    ),
    "disposition.housing_body": Sentence(
        "hand over to the housing body", "chuyển tổ chức quản lý, kinh doanh nhà"
    ),
    "disposition.land_fund": Sentence(
        "hand over to the land-fund centre", "chuyển trung tâm phát triển quỹ đất"
    ),
    "disposition.sell": Sentence("sale", "bán"),
    "value": Sentence("Release value: {vnd}.", "Giá trị khi xử lý: {vnd}."),
    "norms.one": Sentence(
        "It counts towards the norm for {key}: at most {max} in the commune, {in_use} in use.",
        "Được tính vào định mức {key}: tối đa {max} trong xã, đang sử dụng {in_use}.",
    ),
    "norms.none": Sentence(
        "No norm of the scenario counts it.", "Không định mức nào của kịch bản tính tài sản này."
    ),
    "house": Sentence(
        "It is attached to premises {asset}{fate}.", "Gắn liền với cơ sở nhà, đất {asset}{fate}."
    ),
    "attached": Sentence("Attached to it:", "Gắn liền với cơ sở này:"),
    "attached.one": Sentence("{units} {units?unit|units}: {asset}{fate}", "{units} đơn vị: {asset}{fate}"),
    "attached.more": Sentence("and {count} more", "và {count} tài sản khác"),
    "fate.to": Sentence(", used by {needs}", ", phục vụ {needs}"),
    "fate.disposition": Sentence("; proposed: {disposition}", "; đề xuất: {disposition}"),
    "fate.status": Sentence(" ({status})", " ({status})"),
    # single words
    "vnd": Sentence("{value} VND", "{value} đ"),
    "commune": Sentence("{kind} {name}", "{kind} {name}"),
    "place": Sentence("{commune}, {province}", "{commune}, {province}"),
    "form.transfer": Sentence("transfer", "điều chuyển"),
    "form.allot": Sentence("allotment", "giao"),
    "form.change_of_use": Sentence("change of use", "chuyển đổi công năng"),
    "form.temporary": Sentence("temporary use", "tạm sử dụng"),
    "form.swap": Sentence("swap", "hoán đổi"),
    "part.transport_vnd": Sentence("transport", "vận chuyển"),
    "part.handover_vnd": Sentence("handover", "bàn giao"),
    "part.repair_vnd": Sentence("repair", "sửa chữa"),
    "part.change_of_use_vnd": Sentence("change of use", "chuyển đổi công năng"),
    "part.build_vnd": Sentence("building", "xây dựng"),
    "part.renewal_vnd": Sentence("renewal, not paid now", "phần phải thay mới, chưa chi ngay"),
    "part.travel_vnd": Sentence("travel", "đi lại"),
    "part.surcharge_vnd": Sentence("cross-province surcharge", "phụ phí ngoài tỉnh"),
}
