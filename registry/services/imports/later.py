"""Cases put off until their run is finished: sealed on disk, so that a whole file of them takes no memory.

What changes a record that is counted already would show at once, and half of a killed file with it.
"""

import pickle
import secrets
import struct
import tempfile
from collections.abc import Iterator
from types import TracebackType

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.services.imports.case import Case

NONCE = 12
LENGTH = struct.Struct(">Q")


class Later:
    """Cases in the order they came, each with whether the receipt has told of it already.

    `named` are those of whom a list's entries speak.

    The key is never written: closing it, or the end of the process, makes the file unreadable.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="registry-")  # noqa: SIM115 – closed on leaving
        self._seal = AESGCM(AESGCM.generate_key(128))
        self.count = 0
        self.named: set[int] = set()

    def put(self, case: Case, *, told: bool = False) -> None:
        """Keep one more case."""
        nonce = secrets.token_bytes(NONCE)
        sealed = nonce + self._seal.encrypt(nonce, pickle.dumps((case, told)), None)
        self._file.write(LENGTH.pack(len(sealed)) + sealed)
        self.count += 1

    def __iter__(self) -> Iterator[tuple[Case, bool]]:
        """Every case once, from the first; nothing is put any more."""
        self._file.seek(0)
        for _ in range(self.count):
            (length,) = LENGTH.unpack(self._file.read(LENGTH.size))
            sealed = self._file.read(length)
            yield pickle.loads(self._seal.decrypt(sealed[:NONCE], sealed[NONCE:], None))  # noqa: S301 – ours

    def __enter__(self) -> "Later":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
