from __future__ import annotations

import pickle
import re
from pathlib import Path

import pandas as pd
import pytest

from solver.errors import (
    BackendError,
    CertificateError,
    InvalidProblemError,
    Issue,
    NoPlanError,
    PlanFolderError,
    SurplanError,
    errors_of,
    issue,
    standing,
)
from solver.messages import CATALOGUE, text
from solver.messages.catalogue import SUBJECTS

ROOT = Path(__file__).parents[2]


def test_an_issue_says_its_place_and_its_remedy_in_two_languages() -> None:
    found = issue("duplicate_id", "assets", 7, "asset_id", "V-1", first=3)
    assert found.place() == "assets, row 7, asset_id"
    assert found.message() == "This identifier is already in row 3."
    assert found.message("vi") == "Mã này đã có ở dòng 3."
    assert found.remedy() == "Give every row an identifier of its own, or remove the repeated row."
    assert str(found).startswith("assets, row 7, asset_id: duplicate_id (V-1): This identifier")


def test_a_near_name_is_offered_only_where_there_is_one() -> None:
    near = issue("column_unknown", "assets", column="untis", closest="units")
    assert near.remedy().endswith("Did you mean “units”?")
    assert near.remedy("vi").endswith("Có phải ý bạn là “units”?")
    assert "mean" not in issue("column_unknown", "assets", column="xyz", closest="").remedy()


def test_issues_sort_by_table_row_column_and_code() -> None:
    ordered = [
        Issue("assets", None, None, "table_empty"),
        Issue("assets", 2, "units", "negative"),
        Issue("assets", 2, "year", "negative"),
        Issue("assets", 10, "lat", "negative"),
        Issue("needs", 2, "units", "negative"),
        Issue("needs", 2, "units", "not_whole"),
    ]
    assert sorted([*ordered[3:], *ordered[:3]]) == ordered


def test_long_values_are_cut_to_eighty_characters() -> None:
    assert len(Issue("assets", 2, "note", "negative", value="x" * 500).value) == 80
    assert Issue("assets", 2, "note", "negative", value="x" * 80).value == "x" * 80


def test_a_severity_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="Severity"):
        Issue("assets", 2, "note", "negative", severity="fatal")  # type: ignore[arg-type]  # the wrong value is the test


@pytest.mark.parametrize("row", [5, 5.0, None, float("nan"), pd.NA])
def test_an_issue_is_made_from_a_row_of_an_issues_frame(row: object) -> None:
    record = {
        "table": "assets",
        "row": row,
        "column": pd.NA,
        "code": "commune_unknown",
        "severity": "warning",
        "value": None,
        "message_en": "Unknown {commune}.",
        "message_vi": "Không rõ xã.",
        "remedy_en": "Check.",
        "remedy_vi": "Kiểm tra.",
    }
    found = Issue.from_record(record)
    assert found.row == (5 if isinstance(row, int | float) and row == row else None)
    assert (found.column, found.value, found.severity) == (None, "", "warning")
    assert (found.message(), found.message("vi")) == ("Unknown {commune}.", "Không rõ xã.")
    assert (found.remedy(), found.remedy("vi")) == ("Check.", "Kiểm tra.")


def test_an_invalid_problem_lists_ten_errors_and_counts_the_rest() -> None:
    issues = [issue("negative", "assets", row, "units", -1) for row in range(2, 15)]
    warning = issue("column_unknown", "assets", column="x")
    error = InvalidProblemError([*issues, warning])
    assert len(error.issues) == 14
    assert errors_of(error.issues) == issues
    lines = str(error).splitlines()
    assert lines[0] == "13 errors in the input"
    assert len(lines) == 12
    assert lines[-1] == "  and 3 more"
    assert isinstance(error, ValueError)


@pytest.mark.parametrize(
    "error",
    [
        InvalidProblemError([issue("negative", "assets", 2, "units", -1)]),
        NoPlanError("NO_SOLUTION_FOUND", "Time is up."),
        PlanFolderError("plan", "it is not empty"),
        CertificateError(["V-1 used twice"]),
        BackendError("SimpleMinCostFlow", "BAD_COST_RANGE"),
    ],
)
def test_exceptions_keep_their_arguments_and_survive_pickling(error: SurplanError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert copy.__dict__ == error.__dict__


def _sources() -> dict[str, str]:
    folders = ("solver", "app")  # app uses the catalogue too: distances_unreadable
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    return {str(file): file.read_text("utf-8") for file in files}


def test_every_issue_code_of_the_solver_is_in_the_catalogue() -> None:
    used = set()
    for name, source in _sources().items():
        if not name.endswith("verify.py"):
            used |= set(re.findall(r'\b(?:issue|Fault)\(\s*"([a-z_]+)"', source))
    assert len(used) > 40
    assert used <= set(CATALOGUE)


def test_no_code_has_two_entries() -> None:
    codes = [code for subject in SUBJECTS for code in subject]
    assert sorted(codes) == sorted(CATALOGUE)


def test_every_code_of_the_catalogue_is_used() -> None:
    own = str(ROOT / "solver" / "messages")
    sources = "\n".join(source for name, source in _sources().items() if not name.startswith(own))
    assert [code for code in CATALOGUE if f'"{code}"' not in sources] == []


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_text_is_whole_in_both_languages(code: str) -> None:
    entry = CATALOGUE[code]
    words = {word.removesuffix("_en") for word in re.findall(r"{(\w+)}", entry.message_en)}
    assert words == {word.removesuffix("_vi") for word in re.findall(r"{(\w+)}", entry.message_vi)}
    for part in ("message", "remedy"):
        for lang in ("en", "vi"):
            said = text(code, part, lang, {"closest": "abc"})
            assert said.endswith((".", "?"))
            assert said[0].isupper() or said[0] in " {…" or part == "message"


def test_vietnamese_texts_carry_their_tone_marks() -> None:
    for entry in CATALOGUE.values():
        assert re.search(r"[ạảãàáăâđêôơưếềệốộớờợứừựịỉ]", entry.message_vi)
        assert re.search(r"[ạảãàáăâđêôơưếềệốộớờợứừựịỉ]", entry.remedy_vi)


def test_of_a_row_with_a_wrong_coordinate_nothing_else_is_said_about_its_place() -> None:
    swapped = issue("lat_lon_swapped", "needs", 3, "lat", "105.8")
    half = issue("point_incomplete", "needs", 3, "lon")
    lost = Issue("needs", 3, "commune_code", "commune_missing")
    other = Issue("needs", 4, "commune_code", "commune_missing")
    assert standing([half, lost, swapped, other]) == [swapped, other]
    assert standing([half, other]) == [half, other]


def test_of_a_table_that_lacks_its_places_that_is_all_that_is_said() -> None:
    absent = issue("column_missing", "needs", column="commune_code")
    rows = [Issue("needs", row, "commune_code", "commune_missing") for row in (2, 3)]
    elsewhere = Issue("assets", 2, "commune_code", "commune_missing")
    assert standing([*rows, absent, elsewhere]) == [elsewhere, absent]
    half = issue("column_missing", "needs", column="lon")
    assert standing([absent, half]) == [half]


def test_a_table_whose_codes_are_all_wrong_lacks_no_column() -> None:
    absent = issue("column_missing", "assets", column="commune_code")
    wrong = [Issue("assets", row, "commune_code", "commune_unknown") for row in (2, 3)]
    assert standing([absent, *wrong]) == wrong
    elsewhere = [Issue("needs", 2, "commune_code", "commune_unknown")]
    assert standing([absent, *elsewhere]) == [absent, *elsewhere]


@pytest.mark.parametrize("unread", ["scenario_syntax", "encoding_not_utf8", "file_unreadable"])
def test_beside_a_scenario_that_cannot_be_read_nothing_is_derived_from_its_defaults(unread: str) -> None:
    broken = issue(unread, "scenario", value="scenario.toml", reason="line 1")
    derived = [
        issue("date_defaulted", "scenario", column="date", date="2025-12-31"),
        issue("year_in_future", "assets", 2, "year", 2031, limit=2026),
        Issue("folder", None, "commune_code", "codes_maybe_old", "warning"),
    ]
    own = issue("duplicate_id", "assets", 3, "asset_id", "V-1", first=2)
    assert standing([broken, *derived, own]) == [own, broken]
    wrong_key = issue("key_unknown", "scenario", column="dates")
    assert standing([wrong_key, *derived]) == sorted([wrong_key, *derived])
