"""The keys that live outside the database: master keys, the index key and the audit key.

A person's data key is made here and stored wrapped by the current master key; identifiers are
sealed with the data key (AES-256-GCM). Replacing the master key re-wraps data keys and touches no
identifier. Digests for matching and the audit chain use HMAC-SHA-256 under keys of their own.
"""

import base64
import hmac
import json
import os
import secrets
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


class Closed(PermissionError):
    """An identifier was asked of a ring that may not open any."""


class KeyRing:
    """Master keys by number (the highest is current), index key and audit key.

    `identify` says whether this ring opens identifiers; `without_identifiers` gives the same ring
    closed, for readers who may count and match but not read names.
    """

    def __init__(
        self, masters: dict[int, bytes], index: bytes, audit: bytes, *, identify: bool = True
    ) -> None:
        if not masters:
            raise ValueError("a key ring needs at least one master key")
        self.masters, self.index, self.audit, self.identify = masters, index, audit, identify

    @classmethod
    def new(cls) -> "KeyRing":
        return cls({1: secrets.token_bytes(32)}, secrets.token_bytes(32), secrets.token_bytes(32))

    @classmethod
    def load(cls, path: Path) -> "KeyRing":
        """Read the ring from its file; ValueError when it is not a key file."""
        try:
            stored = json.loads(path.read_text("ascii"))
            masters = {int(number): base64.b64decode(key) for number, key in stored["masters"].items()}
            return cls(masters, base64.b64decode(stored["index"]), base64.b64decode(stored["audit"]))
        except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as wrong:
            raise ValueError(f"{path.name} is not a key file of the registry") from wrong

    def save(self, path: Path) -> None:
        """Write the ring, readable by its owner only, replacing the file in one step."""
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {
            "masters": {str(number): base64.b64encode(key).decode() for number, key in self.masters.items()},
            "index": base64.b64encode(self.index).decode(),
            "audit": base64.b64encode(self.audit).decode(),
        }
        fresh = path.with_name(path.name + ".new")
        with open(
            os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii"
        ) as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)

    def without_identifiers(self) -> "KeyRing":
        return KeyRing(self.masters, self.index, self.audit, identify=False)

    def with_new_master(self) -> "KeyRing":
        number = max(self.masters) + 1
        return KeyRing({**self.masters, number: secrets.token_bytes(32)}, self.index, self.audit)

    def with_current_master_only(self) -> "KeyRing":
        number = max(self.masters)
        return KeyRing({number: self.masters[number]}, self.index, self.audit)

    # data keys

    def new_data_key(self) -> bytes:
        """A fresh data key, wrapped."""
        return self.wrap(secrets.token_bytes(32))

    def wrap(self, data_key: bytes) -> bytes:
        number = max(self.masters)
        nonce = os.urandom(NONCE)
        return (
            number.to_bytes(2, "big")
            + nonce
            + AESGCM(self.masters[number]).encrypt(nonce, data_key, b"data key")
        )

    def unwrap(self, wrapped: bytes) -> bytes:
        number = int.from_bytes(wrapped[:2], "big")
        if number not in self.masters:
            raise Closed(f"master key {number} is not in the key file")
        return _unwrap(self.masters[number], bytes(wrapped[2:]))

    def rewrap(self, wrapped: bytes) -> bytes:
        return self.wrap(self.unwrap(wrapped))

    # identifiers

    def seal(self, wrapped: bytes, value: str, place: str) -> bytes:
        """Encrypt a value for one place ("Model.column"); it opens nowhere else."""
        return self.seal_bytes(wrapped, value.encode(), place)

    def open(self, wrapped: bytes, secret: bytes, place: str) -> str:
        return self.open_bytes(wrapped, secret, place).decode()

    def seal_bytes(self, wrapped: bytes, content: bytes, place: str) -> bytes:
        """Encrypt a file's bytes for one place, as `seal` does a value."""
        nonce = os.urandom(NONCE)
        return nonce + AESGCM(self.unwrap(wrapped)).encrypt(nonce, content, place.encode())

    def open_bytes(self, wrapped: bytes, secret: bytes, place: str) -> bytes:
        if not self.identify:
            raise Closed("this reader may not see identifiers")
        try:
            return AESGCM(self.unwrap(wrapped)).decrypt(secret[:NONCE], secret[NONCE:], place.encode())
        except InvalidTag as wrong:
            raise Closed("the stored value does not belong here or was altered") from wrong

    # digests

    def digest(self, purpose: str, value: str) -> str:
        """A keyed digest (64 hex characters); equal values give equal digests within one purpose."""
        begun = _begun(self.index).copy()
        begun.update(f"{purpose}\x1f{value}".encode())
        return begun.hexdigest()

    def chain(self, previous: str, entry: bytes) -> str:
        """The audit chain's next link over the previous link and an entry."""
        return hmac.digest(self.audit, previous.encode() + b"\x1e" + entry, "sha256").hex()


@lru_cache(maxsize=8)
def _begun(key: bytes) -> hmac.HMAC:
    """A digest that has taken in its key: a copy goes on from there in half the time."""
    return hmac.new(key, digestmod="sha256")


@lru_cache(maxsize=4096)
def _unwrap(master: bytes, sealed: bytes) -> bytes:
    try:
        return AESGCM(master).decrypt(sealed[:NONCE], sealed[NONCE:], b"data key")
    except InvalidTag as wrong:
        raise Closed("the data key was wrapped by another master key") from wrong


_current: ContextVar[KeyRing | None] = ContextVar("keyring", default=None)


def current() -> KeyRing:
    """The ring of this request or command; `Closed` outside of one."""
    if (ring := _current.get()) is None:
        raise Closed("no key ring has been opened here")
    return ring


def use(ring: KeyRing | None) -> None:
    """Open this ring for what follows in this request or command."""
    _current.set(ring)
