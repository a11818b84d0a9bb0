"""Rows put aside on disk, sealed under a key that is never written, until all of a file has been seen."""

import json
import os
import secrets
import tempfile
from types import TracebackType

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


class Seal:
    """Closes and opens the pieces of one spool; a piece may be opened in another process."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._cipher = AESGCM(key)

    def closed(self, piece: list[object]) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        content = json.dumps(piece, ensure_ascii=False).encode()
        return nonce + self._cipher.encrypt(nonce, content, None)

    def opened(self, sealed: bytes) -> list[object]:
        found: list[object] = json.loads(self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], None))
        return found

    def __reduce__(self) -> tuple[type["Seal"], tuple[bytes]]:
        return Seal, (self._key,)


class Spool:
    """A temporary file of sealed pieces; closing it, or the end of the process, makes them unreadable."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="registry-")  # noqa: SIM115 - closed on leaving
        self.seal = Seal(AESGCM.generate_key(128))
        self._end = 0
        self._through = True

    def put(self, piece: list[object]) -> tuple[int, int]:
        """Keep a piece; where it stands and how long it is."""
        sealed = self.seal.closed(piece)
        self._file.write(sealed)
        place = self._end
        self._end += len(sealed)
        self._through = False
        return place, len(sealed)

    def get(self, place: int, length: int) -> bytes:
        """A piece as it was put, still sealed."""
        if not self._through:
            self._file.flush()
            self._through = True
        if hasattr(os, "pread"):  # one call where the system has it
            return os.pread(self._file.fileno(), length, place)
        self._file.seek(place)
        sealed = self._file.read(length)
        self._file.seek(self._end)
        return sealed

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
