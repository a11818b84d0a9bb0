"""How a person is found without a name being read: keyed digests of documents and of search words.

Digests of documents are the same across the alliance, so one number finds one person. Search words
are digested anew for each centre: equal names in two houses do not show as equal. Match keys are the
exception: they join a name's sound with sex and birth, are the same across the alliance, and are
compared by queries.record.likeness alone.
"""

import re
from collections.abc import Iterable
from datetime import date
from itertools import islice, product

from registry import keyring
from registry.codes.person import DocumentType, Precision, Sex
from registry.rules import identity
from registry.rules.likeness import blocks
from registry.rules.pinyin import HAN, READINGS, plain, readings

HALF = 32  # hex characters: 128 bits tell words apart as surely, and there are a dozen to a person
__all__ = ["match_digests", "name_words", "plain", "word_digest", "word_digests", "words"]


def document_digest(kind: DocumentType, value: str) -> str:
    """The digest by which one document finds its person, whichever centre saw it; `value` is cleaned."""
    return keyring.current().digest("document", f"{kind.code}|{identity.clean(value)}")


def record_number_digest(centre_id: int, value: str) -> str:
    """The digest of a centre's own record number."""
    return keyring.current().digest(f"record number {centre_id}", plain(value))


def word_digest(centre_id: int, word: str) -> str:
    """The digest of one search word at one centre; `word` as `plain` gives it."""
    return keyring.current().digest(f"search {centre_id}", word)[:HALF]


def word_digests(centre_id: int, words: Iterable[str]) -> frozenset[str]:
    """The digests of search words at one centre."""
    return frozenset(word_digest(centre_id, word) for word in words)


def match_digests(
    *,
    name: str | None,
    sex: Sex | None = None,
    born_on: date | None = None,
    born_precision: Precision | None = None,
    phone: str | None = None,
) -> set[str]:
    """The alliance-wide keys under which an enrolment may meet another of the same person: six to twelve."""
    keys = blocks.keys(name=name, sex=sex, born_on=born_on, born_precision=born_precision, phone=phone)
    ring = keyring.current()
    return {ring.digest("match", key)[:HALF] for key in keys}


def words(
    *,
    name: str | None = None,
    documents: Iterable[str] = (),
    record_number: str | None = None,
    phone: str | None = None,
) -> set[str]:
    """Every word by which a person may be looked up at the centre that enrolled them.

    The name, its pinyin in full and by initials, each document and phone number and their last
    four places, and the record number.

    >>> sorted(words(name="单雄信", phone="13800001234"))[:3]
    ['1234', '13800001234', 'chanxiongshen']
    """
    found = name_words(name) if name else set()
    for number in (plain(text) for text in (*documents, phone) if text):
        found |= {number, number[-4:]}
    if record_number:
        found.add(plain(record_number))
    return found - {""}


def name_words(name: str) -> set[str]:
    """The spellings of a name: as written, in pinyin by every usual reading, and by initials."""
    whole = plain(name)
    found = {whole}
    if not HAN.search(whole):
        parts = [plain(part) for part in re.split(r"[\s·・•.,\-]+", name) if plain(part)]
        return found | set(parts) | {"".join(part[0] for part in parts)}
    for reading in islice(product(*readings(whole)), READINGS):
        full = "".join(reading)
        found |= {full, full.replace("v", "u"), full.replace("v", "yu"), "".join(part[0] for part in reading)}
    return found | {plain(part) for part in re.split(r"[·・•]", name)}
