"""Documents as DOCX: python-docx keeps page, styles and package; the text is written as XML."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.documents.content import Document
from app.documents.legible import legible
from app.documents.word_body import BODY, LONG, MARGIN, SHORT, body_of, run_text

if TYPE_CHECKING:
    from docx.document import Document as Package
    from docx.section import Section, _Footer, _Header

_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_FONT = "Times New Roman"
_SIZES = {"Normal": BODY, "Title": 14, "Heading 1": 12, "Heading 2": BODY}  # [pt]
_TOP, _BOTTOM = 20, 18  # margins [mm]


def to_docx(documents: Sequence[Document]) -> bytes:
    """Write documents into one DOCX, each in a section of its own from page 1; equal ones give equal bytes.

    Parameters
    ----------
    documents
        At least one. The first one's title, language and date are those of the file.
    """
    import docx
    from docx.oxml import parse_xml

    package = docx.Document()
    _set_properties(package, documents[0])
    _set_styles(package)
    _fill(package.sections[0].footer, _page_number(total=len(documents) == 1))
    notice = None
    for number, document in enumerate(documents):
        section = package.add_section() if number else package.sections[0]
        _set_page(section, document)
        if document.notice != notice:  # else the section goes on with the header before it
            notice = document.notice
            _set_header(section, notice)
        package.element.body[-1].addprevious(parse_xml(f"<w:body {_NAMESPACE}><!--{number}--></w:body>")[0])
    return _dated(package, documents)


def _set_page(section: Section, document: Document) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.oxml import parse_xml
    from docx.shared import Mm

    across, down = (LONG, SHORT) if document.landscape else (SHORT, LONG)
    section.orientation = WD_ORIENT.LANDSCAPE if document.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(across), Mm(down)
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin, section.bottom_margin = Mm(_TOP), Mm(_BOTTOM)
    section.header_distance, section.footer_distance = Mm(9), Mm(8)
    properties: Any = section._sectPr  # noqa: SLF001 - python-docx has no other way to restart page numbers
    for old in properties.xpath("w:pgNumType"):
        properties.remove(old)
    # Its place in the sequence is after the margins.
    margins = properties.xpath("w:pgMar")[0]
    margins.addnext(parse_xml(f'<w:pgNumType {_NAMESPACE} w:start="1"/>'))


def _set_header(section: Section, notice: str) -> None:
    section.header.is_linked_to_previous = False
    run = f'<w:rPr><w:b/><w:color w:val="9C0006"/><w:sz w:val="16"/></w:rPr>{run_text(notice)}'
    _fill(section.header, f"<w:r>{run}</w:r>" if notice else "")


def _page_number(*, total: bool) -> str:
    """Return the fields of the page number; not every program counts the pages of a section."""
    of = '<w:r><w:t xml:space="preserve"> / </w:t></w:r>' + _field("NUMPAGES") if total else ""
    return _field("PAGE") + of


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _fill(part: _Header | _Footer, runs: str) -> None:
    """Replace the one paragraph of a header or footer."""
    from docx.oxml import parse_xml

    old = part.paragraphs[0]._p  # noqa: SLF001 - the element itself is replaced
    paragraph = f'<w:p {_NAMESPACE}><w:pPr><w:jc w:val="center"/></w:pPr>{runs}</w:p>'
    old.getparent().replace(old, parse_xml(paragraph))


def _set_styles(package: Package) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, size in _SIZES.items():
        style: Any = package.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = _FONT, Pt(size), RGBColor(0, 0, 0)
        fonts = style.element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), _FONT)
        form = style.paragraph_format
        form.space_before = Pt(0 if name == "Normal" else 10)
        form.space_after = Pt(0 if name == "Normal" else 5)
        form.line_spacing = 1.0
        if name != "Normal":
            style.font.bold = True
            form.keep_with_next = True
    for border in package.styles["Title"].element.xpath("w:pPr/w:pBdr"):
        border.getparent().remove(border)


def _set_properties(package: Package, document: Document) -> None:
    midnight = datetime.datetime.combine(document.date, datetime.time())
    properties = package.core_properties
    properties.title, properties.language = legible(document.title)[:255], document.language
    properties.author = properties.last_modified_by = "Surplan"
    properties.comments, properties.revision = "", 1
    properties.created = properties.modified = midnight


def _dated(package: Package, documents: Sequence[Document]) -> bytes:
    """Return the package with its texts, every member dated by the first document and not by the clock."""
    date = documents[0].date
    day = (max(date.year, 1980), date.month, date.day, 0, 0, 0)  # no date before 1980 can be written
    saved, dated = io.BytesIO(), io.BytesIO()
    package.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(dated, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                content = _filled(content, documents)
            member = zipfile.ZipInfo(name, day)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, content)
    return dated.getvalue()


def _filled(content: bytes, documents: Sequence[Document]) -> bytes:
    """Put the texts in the places of their comments; as elements they would take lxml ten times as long."""
    return re.sub(rb"<!--(\d+)-->", lambda mark: "".join(body_of(documents[int(mark[1])])).encode(), content)
