"""What a PDF says and carries, read back with nothing but its own tables: for tests of what leaves as PDF."""

import re
import zlib
from base64 import a85decode
from collections.abc import Iterator

OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)\bendobj", re.S)
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.S)
SHOWN = re.compile(rb"/([\w+-]+) [\d.]+ Tf|\(((?:[^()\\]|\\.)*)\)\s*Tj", re.S)
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.S)
CONTROL = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


class Pdf:
    """The objects of a file by their numbers."""

    def __init__(self, content: bytes) -> None:
        assert content.startswith(b"%PDF")
        self.objects = {int(number): body for number, body in OBJECT.findall(content)}

    def fonts(self) -> dict[str, bool]:
        """Every font by its name, and whether its file is embedded."""
        found = {}
        for body in self.objects.values():
            if re.search(rb"/Type\s*/Font\b", body) and not re.search(rb"/Subtype\s*/Type0", body):
                name = re.search(rb"/BaseFont\s*/([\w+-]+)", body)
                described = re.search(rb"/FontDescriptor (\d+)", body)
                file = described and b"/FontFile" in self.objects[int(described[1])]
                found[name[1].decode() if name else "unnamed"] = bool(file)
        return found

    def pages(self) -> list[str]:
        """What each page says, in the order in which it was written."""
        found = [body for body in self.objects.values() if re.search(rb"/Type\s*/Page\b", body)]
        return [
            "".join(self._said(int(number[1])))
            for number in (re.search(rb"/Contents (\d+)", body) for body in found)
            if number
        ]

    def _said(self, number: int) -> Iterator[str]:
        signs: dict[int, str] = {}
        fonts = self._readings()
        for name, text in SHOWN.findall(self._stream(number)):
            if name:
                signs = fonts.get(name, {})
            else:
                yield "".join(signs.get(code, chr(code)) for code in ESCAPED.sub(_sign, text))

    def _readings(self) -> dict[bytes, dict[int, str]]:
        """What the codes of each font mean, by the font's name in a page."""
        found = {}
        for body in self.objects.values():
            name, meaning = re.search(rb"/Name\s*/([\w+-]+)", body), re.search(rb"/ToUnicode (\d+)", body)
            if name and meaning:
                table = self._stream(int(meaning[1]))
                listed = b"".join(re.findall(rb"bfchar(.*?)endbfchar", table, re.S))
                pairs = re.findall(rb"<(\w+)>\s*<(\w+)>", listed)
                found[name[1]] = {int(code, 16): _utf16(sign) for code, sign in pairs}
        return found

    def _stream(self, number: int) -> bytes:
        body = self.objects[number]
        content = STREAM.search(body)[1]
        if b"/ASCII85Decode" in body:
            content = a85decode(content.strip().removesuffix(b"~>"))
        return zlib.decompress(content) if b"/FlateDecode" in body else content


def _utf16(sign: bytes) -> str:
    return bytes.fromhex(sign.decode()).decode("utf-16-be")


def _sign(found: re.Match[bytes]) -> bytes:
    what = found[1]
    return bytes([int(what, 8)]) if what[:1] in b"01234567" else CONTROL.get(what, what)
