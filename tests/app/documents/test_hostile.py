from __future__ import annotations

import dataclasses
import datetime
import re
import unicodedata
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pypdfium2
import pytest

from app.documents.annex import annexes
from app.documents.content import Block, Document, Heading, Paragraph, Row, Table
from app.documents.docx import to_docx
from app.documents.handover import handovers
from app.documents.legible import legible, printable
from app.documents.pdf import to_pdf
from tests.app.documents.reading import bare, docx_paragraphs, docx_tables, pdf_pages
from tests.app.hostile_names import NAMES

if TYPE_CHECKING:
    from app.plans import PlanView

INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn"}


def _document(*, landscape: bool) -> Document:
    rows = tuple(Row(((str(number),), (name, "after"), ("1.234",))) for number, name in enumerate(NAMES))
    table = Table(("TT", "Tên", "Số"), rows, ("right", "left", "right"), (1, 6, 2), small=landscape)
    blocks: tuple[Block, ...] = (
        Heading(NAMES[6], 0),
        table,
        *map(Paragraph, NAMES),
    )
    return Document(NAMES[6], "vi", datetime.date(2025, 8, 15), "NOTICE", blocks, landscape=landscape)


def _wanted(name: str) -> str:
    """Return what XML can hold of a name, another way than the code: one character after the other."""
    composed = unicodedata.normalize("NFC", name.replace("\r\n", "\n"))
    return "".join(
        char if _can_be_written(char) else char.encode("unicode_escape").decode() for char in composed
    )


def _can_be_written(char: str) -> bool:
    if "\x7f" <= char <= "\x9f":
        return False  # lawful in XML, but no one can see it
    try:
        ElementTree.fromstring(f"<a>{'' if char in '<&' else char}</a>")
    except (ElementTree.ParseError, UnicodeEncodeError):
        return False
    return True


def _found(name: str, read: str) -> int:
    """Count a name in the bare text of a PDF.

    A page may end within a very long one: then its repeated beginning is counted. Words of a right-to-left
    text are counted one by one: in which order they are copied out of a row of cells is up to the reader.
    """
    if len(name) > 500:
        beginning = bare(name[:3])
        return (read.count(beginning) + 20) // (len(name) // 3)
    rtl = any(unicodedata.bidirectional(char) in {"R", "AL"} for char in name)
    words = name.split(" ") if rtl else [name]
    return min(read.count(bare(printable(_wanted(word)))) for word in words)


def test_there_are_fifty_of_them() -> None:
    assert len(set(NAMES)) >= 50


@pytest.mark.parametrize("landscape", [True, False])
def test_hostile_names_come_through_a_docx_unchanged(*, landscape: bool) -> None:
    content = to_docx([_document(landscape=landscape)])
    rows = docx_tables(content)[0][1:]
    assert [row[1] for row in rows] == [f"{_wanted(name)}\nafter" for name in NAMES]
    assert [row[2] for row in rows] == ["1.234"] * len(NAMES)
    known = {_wanted(name) for name in NAMES}
    title, *paragraphs = [text for text in docx_paragraphs(content) if text in known]
    assert title == NAMES[6]
    assert paragraphs[: len(NAMES)] == [_wanted(name) for name in NAMES]


@pytest.mark.parametrize("landscape", [True, False])
def test_hostile_names_come_through_a_pdf_with_what_no_one_sees_escaped(*, landscape: bool) -> None:
    pages = pdf_pages(to_pdf([_document(landscape=landscape)]))
    for name in NAMES:
        # Each stands in the table and in a paragraph.
        assert _found(name, bare(pages)) >= 2, name


def test_what_a_pdf_escapes_can_be_seen_and_read_back() -> None:
    for name in NAMES:
        shown = printable(legible(name))
        assert not [char for char in shown if unicodedata.category(char) in INVISIBLE and char != "\n"]
        if "\\" not in name and "\t" not in name:
            back = re.sub(r"\\(x..|u....|U........)", lambda code: chr(int(code[1][1:], 16)), shown)
            assert back == unicodedata.normalize("NFC", name.replace("\r\n", "\n"))


def test_every_character_that_a_pdf_shows_is_in_its_fonts() -> None:
    # The first one that is in no font would be lost from the text.
    every = [chr(code) for code in range(0x21, 0x10000) if unicodedata.category(chr(code))[0] in "LNPS"]
    shown = [char for char in every if printable(legible(char)) == char]
    assert len(shown) > 3000
    document = Document("", "vi", datetime.date(2025, 8, 15), "", tuple(map(Paragraph, shown)))
    read = unicodedata.normalize("NFKC", "".join(pdf_pages(to_pdf([document]))))
    assert not [char for char in shown if unicodedata.normalize("NFKC", char) not in read]


@pytest.mark.parametrize("landscape", [True, False])
def test_nothing_is_printed_outside_the_margins_of_a_pdf(*, landscape: bool) -> None:
    with pypdfium2.PdfDocument(to_pdf([_document(landscape=landscape)])) as pdf:
        for page in pdf:
            text, (across, down) = page.get_textpage(), page.get_size()
            boxes = [text.get_charbox(place) for place in range(text.count_chars())]
            lefts, bottoms, rights, tops = zip(*boxes, strict=True)
            assert min(lefts) > 40
            assert max(rights) < across - 40
            assert max(tops) < down
            assert min(bottoms) >= 0


def test_a_pdf_has_no_links_scripts_or_forms() -> None:
    with pypdfium2.PdfDocument(to_pdf([_document(landscape=True)])) as pdf:
        assert pdf.get_formtype() == 0
        for page in pdf:
            assert pypdfium2.raw.FPDFPage_GetAnnotCount(page.raw) == 0


def test_hostile_names_of_a_plan_come_through_annexes_and_handover_records(plan: PlanView) -> None:
    ids = [f"X-{number:03}" for number in range(len(NAMES))]
    base = plan.assets[plan.assets["asset_id"] == "V-0001"]
    assets = (
        base.loc[base.index.repeat(len(NAMES))]
        .reset_index(drop=True)
        .assign(asset_id=ids, name=NAMES, official_id=NAMES, holder=NAMES, note=NAMES)
    )
    row = plan.transfers[plan.transfers["asset_id"] == "V-0001"]
    transfers = (
        row.loc[row.index.repeat(len(NAMES))]
        .reset_index(drop=True)
        .assign(asset_id=ids, recipient=NAMES, official_id=NAMES)
    )
    hostile = dataclasses.replace(plan, assets=assets, transfers=transfers, releases=plan.releases[:0])
    documents = [document for _, document in annexes(hostile, "vi")]
    records = [document for _, document in handovers(hostile, "vi")]
    for chosen in (documents, records):
        words = bare(docx_paragraphs(to_docx(chosen)))
        pages = bare(pdf_pages(to_pdf(chosen)))
        for name in NAMES:
            assert words.count(bare(_wanted(name))) >= 4, name
            assert _found(name, pages) >= 4, name
