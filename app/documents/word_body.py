"""The text of a DOCX: blocks as WordprocessingML, with the prefix w."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal
from xml.sax.saxutils import escape

from app.documents.content import (
    Align,
    Block,
    Document,
    Heading,
    Letterhead,
    Lines,
    Paragraph,
    Row,
    Signatures,
    Table,
    with_bonds,
)
from app.documents.legible import legible

SHORT, LONG, MARGIN = 210, 297, 15  # A4 and its side margins [mm]
BODY = 11  # type size [pt]

_SMALL = 8  # of wide tables [pt]
_SIDES: dict[Align, str] = {"left": "left", "centre": "center", "right": "right"}
_TWIPS = 1440 / 25.4  # of a millimetre
# A row with a cell of more XML than this may be broken across pages: it could be longer than a page.
_LONG_CELL = 3000  # letters, with some 150 for each paragraph
_GREY, _LIGHT = "E1E1E1", "EBEBEB"


def body_of(document: Document) -> Iterator[str]:
    """Yield the XML of each block of a document."""
    width = (LONG if document.landscape else SHORT) - 2 * MARGIN
    for block, bound in with_bonds(document):
        yield _block(block, width, bound=bound)


def _block(block: Block, width: int, *, bound: bool) -> str:
    match block:
        case Heading(text, level):
            style = "Title" if level == 0 else f"Heading{level}"
            return _paragraph(text, align="centre" if level == 0 else "left", style=style)
        case Paragraph(text, align, italic, marked):
            return _paragraph(text, align=align, italic=italic, marked=marked, keep=bound, after=80)
        case Table():
            return _table(block, width) + _paragraph("", size=4)
        case Letterhead(left, right):
            cells = [_head_cell(left), _head_cell(right)]
            return _plain_table([cells], (2, 3), width) + _paragraph("", size=BODY)
        case Signatures(parties):
            cells = [_sign_cell(party) for party in parties]
            gap = _paragraph("", size=BODY, keep=True)
            return gap + _plain_table([cells], (1,) * len(parties), width)


def _head_cell(lines: Lines) -> str:
    return "".join(
        _paragraph(line, align="centre", bold=number == 1, marked=line.startswith("["))
        for number, line in enumerate(lines)
    )


def _sign_cell(lines: Lines) -> str:
    head = _paragraph(lines[0], align="centre", bold=True)
    rest = "".join(_paragraph(line, align="centre", italic=True) for line in lines[1:])
    return head + rest + _paragraph("", align="centre") * 3


def _table(table: Table, width: int) -> str:
    twips = _share(table.widths, width)
    size = _SMALL if table.small else BODY
    rows = []
    if table.headings:
        heads = [_paragraph(text, align="centre", bold=True, size=size, keep=True) for text in table.headings]
        rows.append(_row_xml(heads, twips, "<w:tblHeader/>", fill=_GREY))
    last = len(table.rows) - 1
    rows += [
        _row(row, table.alignments, twips, size, keep=table.together and place < last)
        for place, row in enumerate(table.rows)
    ]
    return _table_xml(rows, twips, "single")


def _row(row: Row, alignments: Sequence[Align], twips: Sequence[int], size: int, *, keep: bool) -> str:
    if row.role == "group":
        cell = "".join(_paragraph(line, bold=True, size=size, keep=True) for line in row.cells[0])
        return _row_xml([cell], [sum(twips)], fill=_LIGHT, span=len(twips))
    bold = row.role == "total"
    cells = [
        "".join(_paragraph(line, align=align, bold=bold, size=size, keep=keep) for line in lines or ("",))
        for lines, align in zip(row.cells, alignments, strict=True)
    ]
    return _row_xml(cells, twips)


def _plain_table(rows: Sequence[Sequence[str]], widths: Sequence[int], width: int) -> str:
    twips = _share(widths, width)
    return _table_xml([_row_xml(cells, twips) for cells in rows], twips, "nil")


def _share(widths: Sequence[int], width: int) -> list[int]:
    return [round(share * width * _TWIPS / sum(widths)) for share in widths]


def _table_xml(rows: Sequence[str], twips: Sequence[int], border: Literal["single", "nil"]) -> str:
    edges = "".join(
        f'<w:{edge} w:val="{border}" w:sz="4" w:space="0" w:color="5A5A5A"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = '<w:top w:w="20" w:type="dxa"/><w:left w:w="60" w:type="dxa"/>'
    margins += '<w:bottom w:w="20" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>'
    grid = "".join(f'<w:gridCol w:w="{twip}"/>' for twip in twips)
    about = (
        f'<w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:tblInd w:w="60" w:type="dxa"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar>"
    )
    return f"<w:tbl><w:tblPr>{about}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _row_xml(
    cells: Sequence[str], twips: Sequence[int], extra: str = "", *, fill: str = "", span: int = 1
) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    inner = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{twip}" w:type="dxa"/>{spanned}{shade}</w:tcPr>{cell}</w:tc>'
        for cell, twip in zip(cells, twips, strict=True)
    )
    whole = "" if max(map(len, cells)) > _LONG_CELL else "<w:cantSplit/>"
    return f"<w:tr><w:trPr>{whole}{extra}</w:trPr>{inner}</w:tr>"


def _paragraph(
    text: str,
    *,
    align: Align = "left",
    style: str = "",
    bold: bool = False,
    italic: bool = False,
    marked: bool = False,
    keep: bool = False,
    size: int = 0,
    after: int = 0,
) -> str:
    """Return a paragraph of one run; `size` in pt (0 = the style's), `after` in twips (0 = the style's)."""
    run = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")
    run += f'<w:sz w:val="{2 * size}"/><w:szCs w:val="{2 * size}"/>' if size else ""
    run += '<w:highlight w:val="yellow"/>' if marked else ""
    space = f'<w:spacing w:after="{after}"/>' if after else ""
    about = (
        (f'<w:pStyle w:val="{style}"/>' if style else "")
        + ("<w:keepNext/>" if keep else "")
        + space
        + f'<w:jc w:val="{_SIDES[align]}"/>'
        + (f"<w:rPr>{run}</w:rPr>" if size else "")
    )
    words = f"<w:r><w:rPr>{run}</w:rPr>{run_text(text)}</w:r>" if text else ""
    return f"<w:p><w:pPr>{about}</w:pPr>{words}</w:p>"


def run_text(text: str) -> str:
    """Return the elements of a run that hold a text."""
    # A line feed and a tab are elements; within w:t they would be a space.
    pieces = escape(legible(text)).replace("\n", "\0<w:br/>\0").replace("\t", "\0<w:tab/>\0").split("\0")
    return "".join(
        piece if piece in ("<w:br/>", "<w:tab/>") else f'<w:t xml:space="preserve">{piece}</w:t>'
        for piece in pieces
        if piece
    )
