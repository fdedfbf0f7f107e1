"""The figures that the inventory is calibrated to; sources and assumptions: docs/reference-inventory.md."""

from __future__ import annotations

# Ministry of Finance, 15 August 2025.
WITHOUT_CAR = 354
SHORT_OF_EQUIPMENT = 601
SURPLUS_PREMISES = 16_124
FROM_REORGANISATION = 6_704
# 6,704 less one seat for each of 696 districts and 29 provinces.
COMMUNE_SEATS = FROM_REORGANISATION - 696 - 29
# Assumption: not quite three a commune.
PREMISES_NEEDS = 9_400

# Assumption: of those still without a car in December 73 were in Thanh Hóa and 11 in Đồng Tháp.
WITHOUT_CAR_FIXED = {"38": 84, "82": 24}
CITIES = frozenset({"01", "31", "46", "48", "79", "92"})
MOUNTAINS = frozenset({"04", "08", "11", "12", "14", "15", "19", "20", "40", "44", "51", "52", "66", "68"})

# 3,139 centres in 32 provinces; Hà Nội and Quảng Ninh have branches of the province instead.
NO_COMMUNE_CENTRE = frozenset({"01", "22"})
# Premises handled by 1 December 2025, by use, out of 17,496; the rest is not broken down.
HANDLED = {"office": 7_952, "education": 4_002, "culture": 1_314, "health": 798, "rest": 3_430}
# Assumption: how the rest, and culture with sport, divide [per mille].
REST = {"housing": 420, "police": 370, "military": 150, "other": 60}
CULTURE = {"culture": 700, "sport": 300}
