"""A report as PDF: A4, text that can be selected, the fonts embedded, pages numbered."""

from functools import cache
from importlib.resources import as_file, files
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from registry.exchange.papers.lines import broken, pieces
from registry.label import Label, reading
from registry.reports.papers.paper import Grid, Heading, Paper, Picture, Words

REGULAR, BOLD = "RegistrySansSC", "RegistrySansSC-Bold"
SMALL, HEAD = 7.6, 6.9
SIDE, TOP, FOOT = 40.0, 40.0, 44.0  # points
INK, MUTED, LINE, TEAL, SUNK = "#1b2524", "#55625f", "#c9d0cd", "#0b5c5a", "#eef2f1"
NARROW = str.maketrans("\u2009\u202f", "\u00a0\u00a0")  # the font has no narrow spaces


def written(paper: Paper) -> bytes:
    """The file; the same bytes for the same report."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    _load_fonts()
    file = BytesIO()
    across, up = A4
    room = across - 2 * SIDE
    made = BaseDocTemplate(
        file,
        pagesize=A4,
        title=f"{paper.title} · {paper.place} · {paper.period}",
        author=paper.dated.partition(" · ")[0],
        subject=paper.dated,
        lang="en" if paper.language == "en" else "zh-CN",
        invariant=1,
        pageCompression=1,
    )
    frame = Frame(
        SIDE, FOOT, room, up - TOP - FOOT, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )
    made.addPageTemplates(PageTemplate("page", [frame]))
    with reading(paper.language):
        made.build(_story(paper, room), canvasmaker=_numbered(paper, across))
    return file.getvalue()


@cache
def _load_fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    folder = files("registry") / "static" / "vendor" / "fonts"
    for name, face in ((REGULAR, "Regular"), (BOLD, "Bold")):
        with as_file(folder / f"RegistrySansSC-{face}.ttf") as path:
            pdfmetrics.registerFont(TTFont(name, str(path)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


def _numbered(paper: Paper, across: float) -> Any:
    """A canvas that writes the foot of every page once it knows how many there are."""
    from reportlab.pdfgen.canvas import Canvas

    class Numbered(Canvas):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs | {"initialFontName": REGULAR})  # Helvetica is not embedded
            self.pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self.pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self.pages, start=1):
                self.__dict__.update(page)
                said = Label("第 %(n)s 页，共 %(all)s 页", "page %(n)s of %(all)s")
                self.setFont(REGULAR, 7.5)
                self.setFillColor(MUTED)
                self.drawString(SIDE, 26, _plain(paper.dated))
                self.drawRightString(across - SIDE, 26, str(said % {"n": number, "all": len(self.pages)}))
                Canvas.showPage(self)
            Canvas.save(self)

    return Numbered


def _story(paper: Paper, room: float) -> list[Any]:
    from reportlab.platypus import Spacer

    story = [_text(paper.title, room, size=17, bold=True, colour=TEAL)]
    story.append(_text(f"{paper.place} · {paper.period}", room, size=10.5, colour=MUTED, after=8))
    for block, after in zip(paper.blocks, [*paper.blocks[1:], None], strict=True):
        if isinstance(block, Heading):
            story.append(_text(block.text, room, size=11.5, bold=True, before=9, after=3, keep=True))
        elif isinstance(block, Words):
            style: dict[str, Any] = {"size": 9.5}
            if block.small:
                style = {"size": 7.5, "colour": MUTED, "before": 2}
            story.append(_text(block.text, room, after=3, keep=isinstance(after, Picture), **style))
        elif isinstance(block, Grid):
            story += [Spacer(0, 3), _table(block, room), Spacer(0, 4)]
        else:
            story += [_picture(block, room), Spacer(0, 4)]
    return story


def _plain(text: str) -> str:
    """Text in signs that the font has; a figure keeps its unit beside it."""
    return text.translate(NARROW).replace(" %", "\u00a0%").replace(" ‰", "\u00a0‰")


def _lines(text: str, room: float, size: float, bold: bool = False) -> list[str]:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    font = BOLD if bold else REGULAR
    return broken(_plain(text), room, lambda part: float(stringWidth(part, font, size)))


def _text(
    text: str,
    room: float,
    *,
    size: float,
    bold: bool = False,
    colour: str = INK,
    before: float = 0,
    after: float = 1,
    keep: bool = False,
    right: bool = False,
) -> Any:
    """A paragraph whose lines are broken already."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.enums import TA_LEFT, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(
        "registry",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=size * 1.38,
        textColor=HexColor(colour),
        spaceBefore=before,
        spaceAfter=after,
        keepWithNext=keep,
        alignment=TA_RIGHT if right else TA_LEFT,
    )
    return Paragraph("<br/>".join(escape(line) for line in _lines(text, room, size, bold)), style)


def _table(grid: Grid, room: float) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import LongTable

    pad = 3.5
    widths = _widths(grid, room, 2 * pad + 1)

    def line(row: Any, bold: bool = False, size: float = SMALL) -> list[Any]:
        return [
            _text(text, width - 2 * pad - 0.5, size=size, bold=bold, after=0, right=place in grid.right)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ]

    rows = [line(grid.head, bold=True, size=HEAD)]
    rows += [
        line(row, bold=grid.total and place == len(grid.rows) - 1) for place, row in enumerate(grid.rows)
    ]
    style: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("FONTNAME", (0, 0), (-1, -1), REGULAR),  # or Helvetica is named, and not embedded
        ("BACKGROUND", (0, 0), (-1, 0), HexColor(SUNK)),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor(LINE)),
        ("LEFTPADDING", (0, 0), (-1, -1), pad),
        ("RIGHTPADDING", (0, 0), (-1, -1), pad),
        ("TOPPADDING", (0, 0), (-1, -1), 1.3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.0),
    ]
    if grid.total:
        style.append(("LINEABOVE", (0, -1), (-1, -1), 0.9, HexColor(INK)))
    return LongTable(rows, widths, repeatRows=1, style=style)


def _widths(grid: Grid, room: float, pads: float) -> list[float]:
    """The columns' shares of the room, but none narrower than its longest word."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    unit = room / sum(grid.shares)
    least = [
        pads
        + max(
            (
                float(stringWidth(piece.rstrip(), BOLD, SMALL))
                for text in rows
                for piece in pieces(_plain(text).replace("\n", " "))
            ),
            default=0.0,
        )
        for rows in zip(grid.head, *grid.rows, strict=True)
    ]
    widths = [max(share * unit, need) for share, need in zip(grid.shares, least, strict=True)]
    spare = [width - need for width, need in zip(widths, least, strict=True)]
    over = sum(widths) - room
    if over <= 0 or over > sum(spare):
        return [width * room / sum(widths) for width in widths]
    return [width - over * free / sum(spare) for width, free in zip(widths, spare, strict=True)]


def _picture(picture: Picture, room: float) -> Any:
    from reportlab.lib.utils import ImageReader
    from reportlab.platypus import Image

    across, up = ImageReader(BytesIO(picture.content)).getSize()
    width = room * picture.share
    return Image(BytesIO(picture.content), width=width, height=width * up / across, hAlign="LEFT")
