"""What all figures share: colours, the font, a canvas measured in points, and files.

Figures stand on white paper, also on a dark page. Lengths are points (1/72 inch) from the lower
left corner; text is measured before it is placed, so that Chinese and English both fit.
"""

from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO
from threading import RLock
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager

INK, MUTED, GREY, GRID, TEAL, AMBER = "#1b2524", "#55625f", "#9aa5a2", "#e4e8e6", "#0b5c5a", "#a94700"

# Okabe–Ito: line, the same dark enough for text, and a dash pattern that tells it apart in print.
SERIES = (
    ("#0072B2", "#0072B2", "-"),
    ("#009E73", "#007556", (0, (5, 1.5))),
    ("#D55E00", "#a94700", (0, (1.5, 1))),
    ("#CC79A7", "#9c3f74", (0, (6, 1.5, 1, 1.5))),
    ("#E69F00", "#835a00", (0, (8, 2))),
    ("#56B4E9", "#1c6ea4", (0, (3, 1, 1, 1, 1, 1))),
    ("#000000", "#000000", (0, (1, 2))),
)
UNKNOWN = (GREY, MUTED, (0, (6, 1.5, 1, 1.5)))  # context: what is not known, or not the subject

FONT = "Registry Sans SC"
STYLE: Any = {
    "font.family": [FONT, "DejaVu Sans"],  # the second has the narrow spaces that the first lacks
    "font.size": 9,
    "text.hinting": "none",  # hinted, a line is up to 5 % wider in one resolution than in another
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": False,
    "axes.axisbelow": True,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "svg.fonttype": "path",
    "svg.hashsalt": "registry",
    "pdf.fonttype": 42,
}
MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
MARGIN = 9.0

_settings = RLock()


@contextmanager
def drawing():
    """Matplotlib in the registry's style. Its settings are global, so one thread draws at a time."""
    _load_fonts()
    with _settings, mpl.rc_context(STYLE):
        yield


def blank(width, height):
    """An empty figure of so many points."""
    figure = Figure(figsize=(width / 72, height / 72), facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def axes(figure, left, bottom, width, height):
    """Axes whose frame lies at these points."""
    across, up = figure.get_size_inches() * 72
    return figure.add_axes((left / across, bottom / up, width / across, height / up))


def write(figure, x, y, text, **style):
    """Text at a point of the figure; anchored at its left baseline unless told otherwise."""
    across, up = figure.get_size_inches() * 72
    return figure.text(x / across, y / up, text, **style)


def width_of(text, size=9.0, weight="normal"):
    """How many points wide a line of text will be."""
    figure = blank(72, 72)
    drawn = figure.text(0, 0, text, fontsize=size, weight=weight)
    return float(drawn.get_window_extent(figure.canvas.get_renderer()).width) * 72 / figure.dpi


def wrap(text, width, size=9.0, weight="normal"):
    """Lines of `text` no wider than so many points, broken at spaces and between Chinese characters."""
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and width_of((lines[-1] + piece).rstrip(), size, weight) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append(piece.lstrip())
        else:
            lines[-1] += piece
    return lines if text else []


class Footer:
    """Caption at the lower left, corner at the lower right; in rows of their own where both need room."""

    size, pitch = 7.5, 10.5

    def __init__(self, caption, corner, width):
        room = width - 2 * MARGIN
        beside = width_of(caption, self.size) + width_of(corner, self.size) + 24 <= room
        self.left = [caption] if beside and caption else wrap(caption, room, self.size)
        self.right = [corner] if beside and corner else wrap(corner, room, self.size)
        self.rows = max(len(self.left), len(self.right)) if beside else len(self.left) + len(self.right)
        self.width, self.height = width, MARGIN + self.rows * self.pitch + (4 if self.rows else 0)

    def draw(self, figure):
        style = {"fontsize": self.size, "color": MUTED}
        for row, line in enumerate(self.left):
            write(figure, MARGIN, MARGIN + (self.rows - 1 - row) * self.pitch, line, **style)
        for row, line in enumerate(reversed(self.right)):
            write(figure, self.width - MARGIN, MARGIN + row * self.pitch, line, ha="right", **style)


class Heading:
    """The title over a figure, wrapped; takes no room where there is none."""

    size, pitch = 11.0, 15.0

    def __init__(self, title, width):
        self.lines = wrap(title or "", width - 2 * MARGIN, self.size, "bold")
        self.height = MARGIN + (self.pitch * len(self.lines) + 6 if self.lines else 4)

    def draw(self, figure):
        top = figure.get_size_inches()[1] * 72 - MARGIN - self.size
        for row, line in enumerate(self.lines):
            write(figure, MARGIN, top - row * self.pitch, line, fontsize=self.size, weight="bold")


def save(figure, format, *, dpi=200):
    """The figure as the bytes of a file, the same bytes for the same figure.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    format : {"svg", "png", "pdf"}
        SVG carries glyphs as paths, PDF embeds the font, so both look right anywhere.
    dpi : int
        Resolution of a PNG.

    Raises
    ------
    ValueError
        If the format is none of these.
    """
    if format not in MEDIA_TYPES:
        raise ValueError(f"no such format: {format!r}; choose one of {', '.join(MEDIA_TYPES)}")
    dateless = {
        "svg": {"Date": None, "Creator": None},
        "pdf": {"CreationDate": None},
        "png": {"Software": None},
    }
    file = BytesIO()
    with drawing():
        figure.savefig(file, format=format, dpi=dpi, metadata=dateless[format])
    return file.getvalue()


@cache
def _load_fonts():
    folder = files("registry") / "static" / "vendor" / "fonts"
    for face in ("Regular", "Bold"):
        with as_file(folder / f"RegistrySansSC-{face}.ttf") as path:
            fontManager.addfont(path)
    fontManager.findfont(FontProperties(family=FONT), fallback_to_default=False)


def _pieces(text):
    """What a line may not break inside: a Latin word with its space, one Chinese character."""
    word = ""
    for character in text:
        wide = character >= "\u2e80"
        closes = character in "，。；：、）》”’！？％"
        if wide and word and not closes:
            yield word
            word = ""
        word += character
        if character == " ":
            yield word
            word = ""
    if word:
        yield word
