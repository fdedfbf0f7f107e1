from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from app.documents.commands import annex_command, file_name, handover_command, report_command
from app.errors import InputError, UsageError, UserError
from app.settings import LANGS
from app.talk import Talk
from tests.app.documents.reading import bare, docx_paragraphs, pdf_pages

if TYPE_CHECKING:
    from collections.abc import Callable

PLAN = Path(__file__).parents[1] / "plan"
TALK = Talk("vi", quiet=True)


def test_a_report_is_a_docx_or_a_pdf_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for suffix in (".docx", ".pdf", ".PDF"):
        assert report_command(PLAN, tmp_path / f"r{suffix}", PLAN, TALK) == 0
    words, pages = (tmp_path / "r.docx").read_bytes(), (tmp_path / "r.pdf").read_bytes()
    assert "BÁO CÁO TÌNH HÌNH XỬ LÝ TÀI SẢN CÔNG DÔI DƯ" in docx_paragraphs(words)
    assert bare("Thay đổi so với báo cáo trước") in bare(pdf_pages(pages))
    assert (tmp_path / "r.PDF").read_bytes() == pages
    assert str(tmp_path / "r.docx") in capsys.readouterr().out


def test_a_report_as_xlsx_is_the_workbook(tmp_path: Path) -> None:
    assert report_command(PLAN, tmp_path / "r.xlsx", None, TALK) == 0
    assert openpyxl.load_workbook(tmp_path / "r.xlsx", read_only=True).sheetnames[0] == "Tổng hợp"


def test_a_folder_gets_one_file_for_each_document_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert handover_command(PLAN, tmp_path / "empty", "docx", None, None, TALK) == 0
    assert handover_command(PLAN, tmp_path / "new", "pdf", None, "01", TALK) == 0
    assert annex_command(PLAN, tmp_path / "annexes", "", None, TALK) == 0
    names = sorted(path.name for path in (tmp_path / "empty").iterdir())
    assert [name.rsplit("-", 1)[0] for name in names] == [
        "E-0001-N-PC-1",
        "E-0001-N-PC-2",
        "P-0001-N-HQ-1",
        "P-0002-N-VH-1",
        "V-0001-N-CAR-1",
        "V-0002-N-CAR-1",
    ]
    assert [path.name for path in (tmp_path / "new").iterdir()] == [names[4].replace(".docx", ".pdf")]
    assert len(list((tmp_path / "annexes").iterdir())) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["annexes", "empty", "new"]


def test_one_file_holds_all_documents_each_from_a_new_page(tmp_path: Path) -> None:
    assert handover_command(PLAN, tmp_path / "all.pdf", "", None, None, TALK) == 0
    pages = pdf_pages((tmp_path / "all.pdf").read_bytes())
    assert len(pages) == 6
    assert all("BIÊN BẢN BÀN GIAO TÀI SẢN CÔNG" in page for page in pages)
    assert handover_command(PLAN, tmp_path / "one.docx", "docx", "V-0001", None, TALK) == 0
    assert docx_paragraphs((tmp_path / "one.docx").read_bytes()).count("BIÊN BẢN BÀN GIAO TÀI SẢN CÔNG") == 1


def test_an_authority_is_chosen_by_its_text_and_nobody_by_an_empty_one(tmp_path: Path) -> None:
    plan = Path(shutil.copytree(PLAN, tmp_path / "plan"))
    table = plan / "transfers.csv"
    text = table.read_text(encoding="utf-8").replace(",điều chuyển,,", ",điều chuyển,Bộ Tài chính,")
    table.write_text(text, encoding="utf-8")
    assert annex_command(plan, tmp_path / "m.docx", "docx", "Bộ Tài chính", TALK) == 0
    assert annex_command(plan, tmp_path / "n.docx", "docx", "", TALK) == 0
    chosen, nobody = (docx_paragraphs((tmp_path / f"{name}.docx").read_bytes()) for name in "mn")
    assert "Bộ Tài chính" in chosen
    assert "Mã tài sản: V-0001" in chosen
    assert "Mã tài sản: V-0001" not in nobody
    assert "Mã tài sản: P-0002" in nobody


@pytest.mark.parametrize(
    ("call", "kind", "part"),
    [
        (lambda out: report_command(PLAN, out / "r.txt", None, TALK), UsageError, ".docx, .pdf, .xlsx"),
        (lambda out: report_command(out, out / "r.pdf", None, TALK), InputError, "plan.json"),
        (lambda out: report_command(PLAN, out / "r.pdf", out, TALK), InputError, "plan.json"),
        (lambda out: report_command(PLAN, out / "old.pdf", None, TALK), InputError, "old.pdf"),
        (lambda out: report_command(PLAN, out / "no" / "r.pdf", None, TALK), InputError, "no"),
        (lambda out: annex_command(PLAN, out / "new", "odt", None, TALK), UsageError, "odt"),
        (lambda out: annex_command(PLAN, out / "q.xlsx", "", None, TALK), UsageError, "q.xlsx"),
        (lambda out: annex_command(PLAN, out / "a.pdf", "docx", None, TALK), UsageError, "--kind docx"),
        (lambda out: annex_command(PLAN, out, "pdf", None, TALK), InputError, "không trống"),
        (lambda out: annex_command(PLAN, out / "old.txt", "pdf", None, TALK), InputError, "old.txt"),
        (lambda out: annex_command(PLAN, out / "a.pdf", "pdf", "Ai?", TALK), InputError, '""'),
        (lambda out: handover_command(PLAN, out / "h.pdf", "pdf", "V-9", None, TALK), InputError, "V-0001"),
        (
            lambda out: handover_command(PLAN, out / "h.pdf", "pdf", None, "22", TALK),
            InputError,
            "01, 11, 38",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    tmp_path: Path,
    call: Callable[[Path], int],
    kind: type[UserError],
    part: str,
) -> None:
    for name in ("old.pdf", "old.txt"):
        (tmp_path / name).write_text("old", encoding="utf-8")
    with pytest.raises(kind) as caught:
        call(tmp_path)
    assert part in caught.value.text("vi")
    assert all(caught.value.text(lang) for lang in LANGS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old.pdf", "old.txt"]
    assert (tmp_path / "old.pdf").read_text(encoding="utf-8") == "old"


def test_a_plan_without_transfers_has_nothing_to_hand_over(tmp_path: Path) -> None:
    plan = Path(shutil.copytree(PLAN, tmp_path / "plan"))
    for name in ("transfers.csv", "releases.csv"):
        heading = (plan / name).read_text(encoding="utf-8").splitlines()[0]
        (plan / name).write_text(f"{heading}\n", encoding="utf-8")
    with pytest.raises(InputError, match="nothing to hand over"):
        handover_command(plan, tmp_path / "h.pdf", "pdf", None, None, TALK)
    with pytest.raises(InputError, match="nothing to decide"):
        annex_command(plan, tmp_path / "a.pdf", "pdf", None, TALK)


def test_a_file_that_fails_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.documents.pdf.to_pdf", fail)
    with pytest.raises(InputError, match="No space left"):
        report_command(PLAN, tmp_path / "r.pdf", None, TALK)
    with pytest.raises(OSError, match="No space left"):
        handover_command(PLAN, tmp_path / "new", "pdf", None, None, TALK)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "CON", "a\x00b", "Chủ tịch UBND tỉnh Đắk Lắk", "x" * 999, "=1", "שלום"]
)
def test_file_names_are_short_ascii_and_safe(name: str) -> None:
    found = file_name(name)
    assert found.isascii()
    assert len(found) <= 70
    assert found.replace("-", "").isalnum()
    assert found == file_name(name)


def test_names_that_read_alike_have_files_of_their_own() -> None:
    names = ["V 1", "V-1", "v-1", "Ổ 1", "O 1", "o 1"]
    assert len({file_name(name).lower() for name in names}) == len(names)
    assert file_name("Chủ tịch UBND tỉnh Đắk Lắk").startswith("Chu-tich-UBND-tinh-Dak-Lak-")
