"""Endoscopic findings and diagnosis: the words of the text gathered into lesions and background."""

from functools import lru_cache

from registry.codes.lesion import Site
from registry.rules.reading import background, clauses, place, shape, size
from registry.rules.reading.folding import fold
from registry.rules.reading.gathering import background_part, lesion_part
from registry.rules.reading.part import Part
from registry.rules.reading.rule import SHORT, Scanner, Word

RULES = (
    *(rule for rule in clauses.CUES if rule.key.startswith("cue.none")),
    *background.RULES,
    *shape.RULES[:-7],
    *place.RULES,
    *shape.RULES[-7:],
    *size.RULES,
    *(rule for rule in clauses.CUES if not rule.key.startswith("cue.none")),
)
SCANNER = Scanner(RULES)
WIDE = frozenset({Site.OESOPHAGUS_NOS, Site.COLON_NOS})
MOST_PARTS = 99  # what a record can number


class _Lesion:
    """A lesion under way: its words by field, and what tells whether it is one."""

    def __init__(self, site: Word | None = None, wall: Word | None = None) -> None:
        self.words: dict[str, Word] = {}
        self.unclear: set[str] = set()
        self.noun = self.alien = self.ulcer = self.many = self.spread = False
        if site is not None:
            self.words["place"] = site
        if wall is not None:
            self.words["wall"] = wall

    @property
    def begun(self) -> bool:
        """Whether anything but a place has been said."""
        return (
            self.noun or self.alien or self.ulcer or any(says not in {"place", "wall"} for says in self.words)
        )

    @property
    def wide(self) -> bool:
        """Whether no more than the organ is known of it so far."""
        only = self.words.keys() <= {"place"}
        return only and ("place" not in self.words or self.words["place"].value in WIDE)

    @property
    def told(self) -> bool:
        """Whether it is a lesion, and one only."""
        if self.spread:
            return "lesion.borrmann" in self.words
        shaped = any(says.startswith("lesion.") for says in self.words)
        placed = self.noun and ("size" in self.words or "place" in self.words or "distance" in self.words)
        return not self.many and (shaped or (placed and not self.alien))


class _Findings:
    """Reads the words of one text from left to right."""

    def __init__(self, text: str, upper: bool | None) -> None:
        self.text = text
        self.upper = upper
        self.lesions: list[_Lesion] = []
        self.background: list[Word] = []
        self.now: _Lesion | None = None
        self.pending: list[Word] = []  # sites named and not yet taken
        self.wall: Word | None = None
        self.heading: Word | None = None  # a site followed by a colon
        self.blocked = False
        self.loose: Word | None = None  # a letter and figure before atrophy is named
        self.atrophy = -1  # the sentence in which atrophy was named
        self.each = False

    def read(self, words: list[Word]) -> None:
        for word in words:
            says = word.says
            if says == "sentence":
                self._sentence()
            elif says == "marker":
                self._close()
                self.blocked = False
            elif says == "place":
                self._place(word)
            elif says == "uncoded":
                self._close()
                self.blocked, self.heading = False, None
            elif says == "elsewhere":
                self._close()
                self.blocked = True
            elif word.hushed:
                if word.hushed == "not" and says == "noun" and not (self.now and self.now.begun):
                    self._forget()
            elif says == "wall":
                self._wall(word)
            elif says == "atrophy":
                self.atrophy = word.sentence
                self._atrophy_after()
            elif says == "kimura.after":
                if self.atrophy == word.sentence:
                    self.background.append(word)
                else:
                    self.loose = word
            elif says.startswith(("background.", "risk.")):
                self.background.append(word)
                if says == "background.kimura":
                    self.atrophy = word.sentence
            elif not self.blocked:
                self._about(word)
        self._close()

    def _atrophy_after(self) -> None:
        if self.loose is not None and self.loose.sentence == self.atrophy:
            self.background.append(self.loose)
        self.loose = None

    def _sentence(self) -> None:
        if self.now is None or not self.now.begun:
            self._forget()
            self.blocked = False
            if self.heading is not None:
                self.pending = [self.heading]

    def _forget(self) -> None:
        self.now, self.pending, self.wall, self.each = None, [], None, False

    def _close(self) -> None:
        if self.now is not None and self.now.told:
            self.lesions.append(self.now)
        self._forget()

    def _place(self, word: Word) -> None:
        heading = self.text[word.ends : word.ends + 1] == ":"
        if word.hushed:
            if not (self.now and self.now.begun and word.hushed == "doubt"):
                self._close()
                self.blocked = word.hushed != "doubt"
            self.heading = None
            return
        if self.upper is not None and word.value.organ.upper != self.upper:
            self._close()
            self.blocked = True
            return
        if self.now is not None and self.now.begun:
            site = self.now.words.get("place")
            if site is not None and site.value is word.value and not heading:
                return
            if not heading and self._same_clause(word) and (site is None or self._within(site, word)):
                self.now.words["place"] = word  # the noun came first: 息肉位于升结肠
                return
            self._close()
        if self.pending and not self._joined(word):
            self.pending, self.wall = [], None
        self.blocked = False
        self.heading = word if heading else None
        self.pending.append(word)

    def _within(self, site: Word, word: Word) -> bool:
        """Whether a site says more precisely where a lesion of an organ is: 结肠癌（升结肠）."""
        return bool(self.now and self.now.wide and site.value.organ is word.value.organ)

    def _same_clause(self, word: Word) -> bool:
        said = self.now.words.values() if self.now else ()
        return all(one.clause == word.clause for one in said) and bool(said)

    def _joined(self, word: Word) -> bool:
        """Whether a site is named together with the one before: 胃窦、胃角; 胃窦前壁及胃体后壁."""
        last = self.wall if self.wall and self.wall.begins > self.pending[-1].begins else self.pending[-1]
        between = self.text[last.ends : word.begins]
        return len(between) <= 3 and between in {
            "",
            "、",
            "及",
            "和",
            "与",
            "-",
            "至",
            "到",
            "/",
            "以及",
            "交界",
        }

    def _wall(self, word: Word) -> None:
        if self.blocked:
            return
        if self.now is not None and self.now.begun:
            if "wall" in self.now.words and self.now.words["wall"].value is not word.value:
                site = self.now.words.get("place")
                self._close()
                self.pending, self.wall = ([site] if site else []), word
            else:
                self.now.words.setdefault("wall", word)
        elif self.wall is None or self.wall.begins < self._last_site():
            self.wall = word

    def _last_site(self) -> int:
        return self.pending[-1].begins if self.pending else -1

    def _begin(self) -> _Lesion:
        """The lesion under way, begun with the site that is pending if there is just one."""
        if self.now is None:
            sites = {word.value for word in self.pending}
            site = self.pending[-1] if self.pending and len(sites) == 1 else _finer(self.pending)
            self.now = _Lesion(site, self.wall)
            self.now.spread = len(sites) > 1 and site is None
        return self.now

    def _about(self, word: Word) -> None:
        says = word.says
        if says == "clause" or word.cue:
            return
        if says == "another":
            if self.now is not None and (self.now.told or self.now.alien):
                self._close()
        elif says == "alien":
            if self.now is not None and self.now.told:
                self._close()
            self._begin().alien = True
        elif says == "ulcer":
            self._begin().ulcer = True
        elif says == "each":
            self._begin().many = True
        elif says == "many":
            if self.now is not None and self.now.told and "size" in self.now.words:
                return
            self._begin().many = True
        elif says == "noun":
            now = self._begin()
            if self.text[word.ends : word.ends + 1] == ":" and now.wide:
                self._forget()  # 结肠息肉：升结肠…… is the title of a list
                return
            if now.alien:
                site = now.words.get("place")
                self._close()
                self.pending = [site] if site is not None and site.clause == word.clause else []
                now = self._begin()
            now.noun = True
        else:
            self._put(word)

    def _put(self, word: Word) -> None:
        if word.value is None:
            return
        if word.says == "distance" and self.now is not None and "distance" in self.now.words:
            site = self.now.words.get("place")
            self._close()
            self.pending = [site] if site is not None and site.value is Site.OESOPHAGUS_NOS else []
        now = self._begin()
        held = now.words.get(word.says)
        if held is None and word.says not in now.unclear:
            now.words[word.says] = word
        elif held is not None and held.value != word.value and word.says != "lesion.impression":
            now.unclear.add(word.says)
            del now.words[word.says]


def _finer(sites: list[Word]) -> Word | None:
    """Of an organ and a site within it, the site."""
    codes = {word.value for word in sites}
    fine = codes - WIDE
    if len(fine) == 1 and codes & WIDE:
        return next(word for word in sites if word.value in fine)
    return None


def read_endoscopy(text: str, *, upper: bool | None = None) -> list[Part]:
    """Lesions and background that endoscopic findings or a diagnosis assert.

    Parameters
    ----------
    text : str
        As written; `Read.begins` and `Read.ends` point into it.
    upper : bool or None
        Whether it is of the upper tract; sites of the other are then read over.

    Returns
    -------
    list of Part
        One "lesion" for each lesion told apart, in the order of the text, then at most one
        "background". Where words name several lesions as one ("多发息肉"), there is none. Nothing is
        read from what is denied, doubted or past.

    >>> text = "胃窦小弯侧0-Ⅱa+Ⅱc病变，约1.2cm×0.8cm，早癌？"
    >>> [read.code for part in read_endoscopy(text) for read in part.reads]
    ['C16.3', 'lesser', '0-IIa+IIc', '12']
    """
    return list((_remembered if len(text) <= SHORT else _read)(text, upper))


def _read(text: str, upper: bool | None) -> tuple[Part, ...]:
    folded, places = fold(text)
    findings = _Findings(folded, upper)
    findings.read(clauses.settle(SCANNER.words(folded), folded))
    lesions = [lesion_part(lesion.words, places) for lesion in findings.lesions[:MOST_PARTS]]
    return (*lesions, *background_part(findings.background, places))


_remembered = lru_cache(maxsize=8192)(_read)  # short texts are the same in many reports
