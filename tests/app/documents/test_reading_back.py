from __future__ import annotations

import dataclasses
import io
import time
import zipfile
from typing import TYPE_CHECKING

import docx
import pypdfium2
import pytest

from app.documents.annex import annexes
from app.documents.content import Document, Table
from app.documents.docx import to_docx
from app.documents.handover import handovers
from app.documents.pdf import to_pdf
from app.documents.report import report
from app.settings import LANGS, Lang
from tests.app.documents.reading import bare, docx_paragraphs, docx_tables, pdf_pages

if TYPE_CHECKING:
    from app.plans import PlanView


def _every(plan: PlanView, lang: Lang) -> list[Document]:
    return [
        *(document for _, document in annexes(plan, lang)),
        *(document for _, document in handovers(plan, lang)),
        report(plan, lang, since=plan),
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_every_row_of_every_table_is_in_the_docx_as_it_was_built(decided: PlanView, lang: Lang) -> None:
    for document in _every(decided, lang):
        found = docx_tables(to_docx([document]))
        built = [block for block in document.blocks if isinstance(block, Table)]
        read = [table for table in found if any(len(row) != 3 or row[0] for row in table)]
        for table in built:
            rows = [
                ["\n".join(row.cells[0])] * len(table.widths)
                if row.role == "group"
                else ["\n".join(lines) for lines in row.cells]
                for row in table.rows
            ]
            assert [*([list(table.headings)] if table.headings else []), *rows] in read


@pytest.mark.parametrize("lang", LANGS)
def test_every_cell_of_every_table_is_in_the_text_of_the_pdf(decided: PlanView, lang: Lang) -> None:
    for document in _every(decided, lang):
        read = bare(pdf_pages(to_pdf([document])))
        for table in (block for block in document.blocks if isinstance(block, Table)):
            for line in (line for row in table.rows for lines in row.cells for line in lines):
                assert bare(line) in read


def test_ids_plates_values_and_parties_of_every_transfer_are_in_the_files(decided: PlanView) -> None:
    documents = [document for _, document in annexes(decided, "vi")]
    for text in (bare(docx_paragraphs(to_docx(documents))), bare(pdf_pages(to_pdf(documents)))):
        for row in decided.transfers.itertuples():
            for value in (row.asset_id, row.need_id, row.recipient):
                assert bare(str(value)) in text
        for value in ("80A-123.45", "36A-001.02", "NĐ-17", "720.000.000", "47.664.000", "99.000.000"):
            assert value in text


def test_the_notice_stands_on_every_page_of_synthetic_data_and_on_no_other(decided: PlanView) -> None:
    real = dataclasses.replace(decided, summary={**decided.summary, "synthetic": False})
    for document in _every(decided, "vi"):
        assert all("DỮ LIỆU GIẢ LẬP" in page for page in pdf_pages(to_pdf([document])))
        header = docx.Document(io.BytesIO(to_docx([document]))).sections[0].header
        assert header.paragraphs[0].text.startswith("DỮ LIỆU GIẢ LẬP")
    for document in _every(real, "vi"):
        assert not any("GIẢ LẬP" in page for page in pdf_pages(to_pdf([document])))


def test_each_handover_record_is_one_page(decided: PlanView) -> None:
    for lang in LANGS:
        documents = [document for _, document in handovers(decided, lang)]
        assert len(pdf_pages(to_pdf(documents))) == len(documents) == len(decided.transfers)


def test_pages_are_a4_and_lie_on_their_side_for_annexes(decided: PlanView) -> None:
    for document in _every(decided, "vi"):
        with pypdfium2.PdfDocument(to_pdf([document])) as pdf:
            across, down = pdf[0].get_size()
        section = docx.Document(io.BytesIO(to_docx([document]))).sections[0]
        assert section.page_width is not None
        assert section.page_height is not None
        sizes = (across / 72 * 25.4, down / 72 * 25.4), (section.page_width.mm, section.page_height.mm)
        for size in sizes:
            assert size == pytest.approx((297, 210) if document.landscape else (210, 297), abs=0.1)


def test_files_are_dated_by_the_scenario_and_never_by_the_clock(
    decided: PlanView, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = report(decided, "vi")
    word, pdf = to_docx([document]), to_pdf([document])
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert (to_docx([document]), to_pdf([document])) == (word, pdf)
    with zipfile.ZipFile(io.BytesIO(word)) as package:
        assert {member.date_time for member in package.infolist()} == {(2025, 8, 15, 0, 0, 0)}
    properties = docx.Document(io.BytesIO(word)).core_properties
    assert f"{properties.created:%Y-%m-%d}" == f"{properties.modified:%Y-%m-%d}" == "2025-08-15"
    with pypdfium2.PdfDocument(pdf) as read:
        assert read.get_metadata_dict()["CreationDate"].startswith("D:20250815")


def test_headings_repeat_on_every_page_and_rows_are_whole(decided: PlanView) -> None:
    document = dict(annexes(decided, "vi"))["Bộ Tài chính"]
    table = next(block for block in document.blocks if isinstance(block, Table))
    long = dataclasses.replace(table, rows=table.rows * 40)
    many = dataclasses.replace(document, blocks=(long,))
    pages = pdf_pages(to_pdf([many]))
    assert len(pages) > 4
    assert all("Bên nhận" in page for page in pages)
    # A row on two pages would leave one with more plates than parties.
    assert all(page.count("80A-123.45") == page.count("N-CAR-1") for page in pages)
    xml = zipfile.ZipFile(io.BytesIO(to_docx([many]))).read("word/document.xml").decode()
    assert xml.count("<w:tblHeader/>") == 1
    assert xml.count("<w:cantSplit/>") == len(long.rows) + 1
