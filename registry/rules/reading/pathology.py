"""Pathology reports: the words of the text gathered into results."""

from functools import lru_cache

from registry.codes.lesion import Organ, Site
from registry.rules.reading import background, cancer, clauses, invasion, place, tissue
from registry.rules.reading.folding import fold
from registry.rules.reading.gathering import background_part
from registry.rules.reading.part import Part
from registry.rules.reading.results import Told, result_part
from registry.rules.reading.rule import SHORT, Rule, Scanner, Word
from registry.rules.reading.size import RULES as SIZES

RULES = (
    *(rule for rule in clauses.CUES if rule.key == "cue.none"),
    *background.RULES[-4:],
    *invasion.RULES,
    *tissue.RULES,
    *cancer.RULES,
    *(rule for rule in place.RULES if rule.says != "wall"),
    Rule(
        "site.stomach",
        "organ",
        r"胃(?=黏膜|息肉|腺瘤|ESD|标本|肿物|\)|:|癌)|GASTRIC|STOMACH",
        Organ.STOMACH,
        place.TOPOGRAPHY,
    ),
    Rule("site.bowel", "organ", r"大肠|结直肠", Organ.COLON, place.TOPOGRAPHY),
    Rule("squamous", "squamous", r"鳞状上皮|鳞状|SQUAMOUS", source=tissue.WHO),
    Rule("glandular", "glandular", r"腺上皮|腺体|腺管|GLANDULAR|BARRETT", source=tissue.WHO),
    *(rule for rule in SIZES if rule.says == "nothing"),
    *(rule for rule in clauses.CUES if rule.key != "cue.none"),
)
SCANNER = Scanner(RULES)
_BETWEEN = {"sentence", "clause", "elsewhere", "uncoded"}
_RESECTED = {"resected", "margins", "result.horizontal_margin", "result.vertical_margin"}
_RESECTED |= {"specimen.en_bloc", "result.r0"}
MOST_PARTS = 99


def read_pathology(text: str, *, organ: Organ | None = None, resected: bool | None = None) -> list[Part]:
    """Results that a pathology report asserts, one for each place or piece it speaks of.

    Parameters
    ----------
    text : str
        As written; `Read.begins` and `Read.ends` point into it.
    organ : Organ or None
        The organ the specimen came from; what the text names goes first.
    resected : bool or None
        Whether the specimen holds the whole lesion. None lets the text tell. Depth, ulcer and size
        are read from a resection only: a biopsy cannot show them.

    Returns
    -------
    list of Part
        "result" parts in the order of the text, then at most one "background". Nothing is read from
        what is denied, doubted or past, save where a code says just that ("切缘阴性", "未见脉管癌栓").

    >>> text = "（胃窦）高级别上皮内瘤变，未见明确癌。"
    >>> [read.code for part in read_pathology(text) for read in part.reads if read.field == "result.vienna"]
    ['4.1']
    """
    return list((_remembered if len(text) <= SHORT else _read)(text, organ, resected))


def _read(text: str, organ: Organ | None, resected: bool | None) -> tuple[Part, ...]:
    folded, places = fold(text)
    words = clauses.settle(SCANNER.words(folded), folded)
    if resected is None:
        resected = _resection(words)
    around = [word for word in words if word.says.startswith(("background.", "risk.")) and not word.hushed]
    parts = []
    for told in _pieces(words, folded)[:MOST_PARTS]:
        part = result_part(told, organ, resected, places)
        if part is not None:
            parts.append(part)
    return (*parts, *background_part(around, places))


_remembered = lru_cache(maxsize=8192)(_read)  # short texts are the same in many reports


def _resection(words: list[Word]) -> bool:
    """Whether the text itself says that a lesion was taken out, and not that a piece was bitten off."""
    told = {word.says for word in words if word.hushed != "history"}
    return "biopsied" not in told and not told.isdisjoint(_RESECTED)


def _pieces(words: list[Word], text: str) -> list[Told]:
    """The words of each piece of tissue: a new one begins where a place stands as a heading."""
    pieces = [Told()]
    for word in words:
        if word.says == "marker":
            if pieces[-1].words or pieces[-1].organs:
                pieces.append(Told())
        elif word.says in {"place", "organ"}:
            if not _heads(word, text):
                continue
            now = pieces[-1]
            if (now.words and not _same(now, word)) or (not now.words and _apart(now, word, text)):
                pieces.append(Told())
            pieces[-1].name(word)
        elif not word.cue and word.says not in _BETWEEN:
            pieces[-1].words.append(word)
    return pieces


def _apart(now: Told, word: Word, text: str) -> bool:
    """Whether a place is not named together with the one before, of which nothing was read."""
    if not now.places:
        return False
    between = text[now.places[-1].ends : word.begins]
    return len(between) > 12 or not set(between).isdisjoint("。;\n):")


def _same(now: Told, word: Word) -> bool:
    """Whether a heading merely repeats the piece under way."""
    return word.says == "organ" or (isinstance(word.value, Site) and now.sites == {word.value})


def _heads(word: Word, text: str) -> bool:
    """Whether a place names where the tissue is from: in brackets, or first in its clause."""
    if text[word.ends : word.ends + 2] in {"切缘", "切端"}:
        return False
    before = text[max(0, word.begins - 6) : word.begins]
    clean = before.rstrip("\"'“”")
    if not clean or clean[-1] in "(,。;:\n.、\x1e/-+和及与":
        return True
    return word.begins <= 3 or clean.endswith(("(距", "病变", "标本", "部位", "送检"))
