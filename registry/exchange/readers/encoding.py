"""In which encoding a text file is written, and what separates its cells: found from its bytes."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from registry.exchange.readers.table import Unreadable
from registry.label import Label

CHUNK = 1 << 18
SAMPLE = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OLD = Label(
    "旧版 .xls 或加密的工作簿，请另存为不加密码的 .xlsx 或 CSV",
    "an old .xls or a workbook with a password; save it as .xlsx without one, or as CSV",
)
_PICTURE = Label("图片，不是表格", "a picture, not a table")
_ARCHIVE = Label("压缩包，请先解压", "an archive; unpack it first")
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", _OLD),
    (b"%PDF", Label("PDF 文件，请从系统导出 .xlsx 或 CSV", "a PDF; export .xlsx or CSV instead")),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"Rar!", _ARCHIVE),
    (b"7z\xbc\xaf", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"SQLite format 3", Label("数据库文件，不是表格", "a database, not a table")),
)
SEPARATORS = {",": Label("逗号", "commas"), "\t": Label("制表符", "tabs"), ";": Label("分号", "semicolons"),
              "|": Label("竖线", "bars")}  # fmt: skip


def kind_of(path: Path) -> str:
    """ "xlsx" or "text", by the first bytes, never by the name; `Unreadable` for what is neither."""
    with path.open("rb") as file:
        head = file.read(16)
    if not head:
        raise Unreadable(Label("文件是空的", "the file is empty"))
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    for mark, said in _OTHERS:
        if head.startswith(mark):
            raise Unreadable(Label(f"这是{said.zh}", f"this is {said.en}"))
    return "text"


def encoding_of(path: Path) -> tuple[str, Label]:
    """The encoding that every byte of the file fits, and why it was taken.

    Looked for in this order: a byte order mark; UTF-16 without a mark, by its zero bytes; UTF-8; GB18030.
    """
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    for mark, name in _MARKS:
        if head.startswith(mark):
            _fits(path, name, must=True)
            shown = name.removesuffix("-sig").upper()
            return name, Label(
                f"编码 {shown}：文件开头有字节顺序标记", f"{shown}, by the mark at its beginning"
            )
    if b"\0" in head:
        return _without_mark(path, head)
    if _fits(path, "utf-8"):
        plain = all(byte < 128 for byte in head)
        why = Label("（全部字节符合）", " (every byte fits)") if not plain else Label("", "")
        return "utf-8", Label(f"编码 UTF-8{why.zh}", f"UTF-8{why.en}")
    if _fits(path, "gb18030"):
        return "gb18030", Label(
            "编码 GB18030：不符合 UTF-8，符合国标码", "GB18030: not UTF-8, but fits the national code"
        )
    raise Unreadable(
        Label(
            "认不出文字编码（不是 UTF-8、GB18030 或 UTF-16），请另存为 UTF-8 的 CSV 或 .xlsx",
            "the text is in none of UTF-8, GB18030 and UTF-16; save it as CSV in UTF-8, or as .xlsx",
        )
    )


def _without_mark(path: Path, head: bytes) -> tuple[str, Label]:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    name = "utf-16-le" if odd > even else "utf-16-be"
    if max(even, odd) * 20 < len(head) or not _fits(path, name):
        raise Unreadable(
            Label("文件含有空字节，不是文本表格", "the file holds NUL bytes and is no table of text")
        )
    return name, Label(
        f"编码 {name.upper()}：按零字节的位置", f"{name.upper()}, by where its zero bytes stand"
    )


def _fits(path: Path, name: str, *, must: bool = False) -> bool:
    try:
        for text in decoded(path, name):
            if "\0" in text:
                raise Unreadable(
                    Label("文件含有空字节，不是文本表格", "the file holds NUL bytes and is no table of text")
                )
    except UnicodeDecodeError as wrong:
        if must:
            raise Unreadable(
                Label(f"文件不是有效的 {name}", f"the file begins like {name}, but is not")
            ) from wrong
        return False
    return True


def decoded(path: Path, name: str) -> Iterator[str]:
    """A file's text, a piece at a time; `UnicodeDecodeError` where it does not fit."""
    decoder = codecs.getincrementaldecoder(name)()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            text = decoder.decode(chunk)
            text.encode("utf-8")  # refuses lone surrogates, which some decoders let through
            yield text
        yield decoder.decode(b"", final=True)


def separator_of(lines: list[str]) -> tuple[str, Label]:
    """What separates the cells: the sign that most lines hold equally often, at least once."""
    best, score = ",", (0, 0)
    for sign in SEPARATORS:
        widths = Counter(len(cells) for line in lines if (cells := _split(line, sign)))
        width, often = max(widths.items(), key=lambda one: (one[0] > 1, one[1], one[0]), default=(1, 0))
        if width > 1 and (often, width) > score:
            best, score = sign, (often, width)
    said = SEPARATORS[best]
    return best, Label(f"以{said.zh}分列", f"cells separated by {said.en}")


def _split(line: str, sign: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=sign), [])
    except csv.Error:
        return []
