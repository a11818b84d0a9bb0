"""A report as Word: the same words, tables and figures, to be edited and sent on."""

from datetime import datetime
from io import BytesIO
from typing import Any

from registry.label import Label, reading
from registry.reports.papers.paper import Grid, Heading, Paper, Picture, Words

LATIN, CHINESE = "Calibri", "Microsoft YaHei"
INK, MUTED, TEAL, LINE, SUNK = "1B2524", "55625F", "0B5C5A", "C9D0CD", "EEF2F1"
SIDE, ROOM = 1.8, 17.4  # centimetres of an A4 page
PADDING = 45  # twentieths of a point between a cell's edge and its text
TOGETHER = str.maketrans({"\u2009": "\u202f"})  # no line ends inside a number


def written(paper: Paper) -> bytes:
    """The file."""
    from docx import Document
    from docx.shared import Cm

    made = Document()
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(SIDE)
    section.top_margin, section.bottom_margin = Cm(1.5), Cm(1.6)
    _style(made, paper.language)
    about = made.core_properties
    about.title = f"{paper.title} · {paper.place} · {paper.period}"
    about.author = paper.dated.partition(" · ")[0]
    about.language = "en" if paper.language == "en" else "zh-CN"
    about.comments = paper.dated
    about.created = about.modified = datetime.combine(paper.as_of, datetime.min.time())
    with reading(paper.language):
        made.add_heading(paper.title, 0)
        _paragraph(made, f"{paper.place} · {paper.period}", 10.5, MUTED)
        for block, after in zip(paper.blocks, [*paper.blocks[1:], None], strict=True):
            added = _add(made, block)
            if isinstance(block, Words) and isinstance(after, Picture):
                added.paragraph_format.keep_with_next = True
        _foot(section, paper)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def _add(made: Any, block: Heading | Words | Grid | Picture) -> Any:
    """Write one block; what was added."""
    from docx.shared import Cm

    if isinstance(block, Heading):
        return made.add_heading(block.text, 1)
    if isinstance(block, Words):
        return _paragraph(made, block.text, 7.5 if block.small else 10, MUTED if block.small else INK)
    if isinstance(block, Grid):
        return _table(made, block)
    drawn = made.add_picture(BytesIO(block.content), width=Cm(ROOM * block.share))
    drawn._inline.docPr.set("descr", block.told)
    return drawn


def _style(made: Any, language: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, size, colour in (("Normal", 10, INK), ("Title", 18, TEAL), ("Heading 1", 12, INK)):
        style = made.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = LATIN, Pt(size), RGBColor.from_string(colour)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script, font in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", CHINESE)):
            fonts.set(qn(f"w:{script}"), font)
        style.paragraph_format.space_after = Pt(3)
        style.paragraph_format.space_before = Pt(8 if name == "Heading 1" else 0)
    run = made.styles["Normal"].element.get_or_add_rPr()
    spoken = run.makeelement(qn("w:lang"), {qn("w:val"): "en-GB", qn("w:eastAsia"): "zh-CN"})
    run.append(spoken)


def _paragraph(made: Any, text: str, size: float, colour: str) -> Any:
    from docx.shared import Pt, RGBColor

    found = made.add_paragraph()
    run = found.add_run(text)
    run.font.size, run.font.color.rgb = Pt(size), RGBColor.from_string(colour)
    return found


def _table(made: Any, grid: Grid) -> Any:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    table = made.add_table(rows=0, cols=len(grid.head))
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.LEFT
    _lines(table)
    unit = ROOM / sum(grid.shares)
    last = len(grid.rows)
    for column, share in zip(table.columns, grid.shares, strict=True):
        column.width = Cm(share * unit)  # LibreOffice and WPS read the widths here, Word in the cells
    for place, row in enumerate([grid.head, *grid.rows]):
        cells = table.add_row().cells
        bold = place == 0 or (grid.total and place == last)
        for column, (text, share) in enumerate(zip(row, grid.shares, strict=True)):
            cells[column].width = Cm(share * unit)
            _fill(cells[column].paragraphs[0], text, bold, column in grid.right)
            if place == 0:
                _shade(cells[column])
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))  # repeated on every page
    for line in table.rows:
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    made.add_paragraph().paragraph_format.space_after = 0
    return table


def _lines(table: Any) -> None:
    """A thin line under every row, as in the PDF."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:tblBorders")
    for side in ("bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", LINE)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        room = OxmlElement(f"w:{side}")
        room.set(qn("w:w"), str(PADDING))
        room.set(qn("w:type"), "dxa")
        margins.append(room)
    layout = table._tbl.tblPr.find(qn("w:tblLayout"))  # python-docx writes it with `autofit`
    layout.addprevious(borders)  # the order is that of the schema, which Word insists on
    layout.addnext(margins)


def _shade(cell: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", SUNK)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _fill(paragraph: Any, text: str, bold: bool, right: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.space_after = 0
    run = paragraph.add_run(_together(text))
    run.font.size, run.bold = Pt(8), bold


def _together(text: str) -> str:
    """A figure and its unit on one line."""
    return text.translate(TOGETHER).replace(" %", "\u00a0%").replace(" ‰", "\u00a0‰")


def _foot(section: Any, paper: Paper) -> None:
    """What every page ends with: place, period, data as of, page X of Y as Word counts them."""
    from docx.shared import Pt, RGBColor

    paragraph = section.footer.paragraphs[0]
    font = paragraph.style.font  # what a field says has the paragraph's size, whatever that of its run
    font.size, font.color.rgb = Pt(7.5), RGBColor.from_string(MUTED)
    said = str(Label("第 {} 页，共 {} 页", "page {} of {}")).split("{}")
    parts = [f"{paper.dated} · {said[0]}", "PAGE", said[1], "NUMPAGES", said[2]]
    for part in parts:
        run = paragraph.add_run("" if part.isupper() else part)
        if part.isupper():
            _field(run, part)


def _field(run: Any, what: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", None, "end"):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = what
        run._r.append(element)
