"""One result of a report: which of its words settle category, type, depth and margins."""

from collections.abc import Sequence
from typing import Any

from registry.codes.lesion import Organ, Site
from registry.codes.pathology import Depth, Finding, Margin, Morphology, Venous, Vienna, WhoType
from registry.rules.reading import cancer, tissue
from registry.rules.reading.gathering import in_order, read_of
from registry.rules.reading.part import Part, Read
from registry.rules.reading.rule import Rule, Word

# What says that tissue is, or may be, neoplastic: beside it nothing is called benign.
_GRAVE = {
    "vienna",
    "vienna.stated",
    "grade",
    "cancer",
    "arising",
    "generic",
    "tumour",
    "dysplasia",
    "adenoma",
    "serrated",
    "ssld",
}
_MORE = (_GRAVE - {"generic"}) | {"type", "result.differentiation"}
_PLAINLY = {"", "not"}
_GLANDULAR = {Organ.STOMACH, Organ.COLON, Organ.RECTUM, Organ.DUODENUM}
_SUBMUCOSAL = {Depth.SM, Depth.SM1, Depth.SM2, Depth.SM3}
_PLAIN = (
    "result.lymphatic",
    "result.venous",
    "result.horizontal_margin",
    "result.vertical_margin",
    "result.r0",
    "specimen.en_bloc",
    "result.budding",
)


class Told:
    """The words about one piece of tissue, and the places named for it."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.places: list[Word] = []
        self.organs: set[Organ] = set()

    def name(self, word: Word) -> None:
        """Take a place as where the tissue is from."""
        if isinstance(word.value, Site):
            self.places.append(word)
            self.organs.add(word.value.organ)
        else:
            self.organs.add(word.value)

    @property
    def sites(self) -> set[Site]:
        return {word.value for word in self.places}


def result_part(told: Told, organ: Organ | None, resected: bool, places: Sequence[int]) -> Part | None:
    """What the words of one piece propose, or None where they propose nothing."""
    own = next(iter(told.organs)) if len(told.organs) == 1 else (None if told.organs else organ)
    reads = _Result(told.words, own, resected, places).reads()
    if not reads:
        return None
    site = next(iter(told.sites)) if len(told.sites) == 1 else None
    return Part("result", in_order(reads), own, site)


class _Result:
    def __init__(self, words: list[Word], organ: Organ | None, resected: bool, places: Sequence[int]) -> None:
        self.organ = organ
        self.resected = resected
        self.places = places
        edges = {word.clause for word in words if word.says in {"edge", "nodes"}}
        self.all = words
        self.words = [word for word in words if not word.hushed and word.clause not in edges]
        self.by: dict[str, list[Word]] = {}
        for word in self.words:
            self.by.setdefault(word.says, []).append(word)
        self.plainly: dict[str, list[Word]] = {}  # asserted or denied: for codes that mean "no"
        for word in words:
            if word.hushed in _PLAINLY:
                self.plainly.setdefault(word.says, []).append(word)
        if self.by.keys() & {"type", "adenoma", "serrated", "ssld"}:
            self.by.setdefault("vienna", []).extend(self.by.get("grade", ()))
        self.found: list[Read] = []

    def reads(self) -> list[Read]:
        kind = self._carcinoma() or self._other_tumour() or self._precursor()
        self._unspecified()
        self._category(kind)
        self._benign(kind)
        if self.by.get("cancer") or self.by.get("arising") or self.by.get("generic"):
            self._first("result.differentiation")
        self._edges()
        for field in _PLAIN:
            self._agreed(field)
        if kind is not None and kind.is_villous:
            self._first("result.villous_percent")
        if self.resected:
            self._agreed("result.ulceration")
            self._first("result.size_mm")
        return self.found

    def _put(self, field: str, value: Any, word: Word, rule: str | None = None) -> None:
        if value is not None:
            self.found.append(read_of(field, value, word, self.places, rule))

    def _first(self, field: str) -> None:
        if words := self.by.get(field):
            self._put(field, words[0].value, words[0])

    def _agreed(self, field: str) -> None:
        """A field whose words, wherever they stand, all say one thing. A code for "no" may be denied."""
        words = self.plainly.get(field, [])
        if words and _one(words) and not any(read.field == field for read in self.found):
            self._put(field, words[0].value, words[0])

    # ---- what it is ------------------------------------------------------------------------------

    def _carcinoma(self) -> WhoType | None:
        word = next(iter(self.by.get("cancer", ())), None)
        kind = word.value if word else None
        if word is None and (arising := self.by.get("arising")):
            word = arising[0]
            if self.by.get("squamous"):
                kind = WhoType.SQUAMOUS_CARCINOMA
            elif self.organ in _GLANDULAR or self.by.get("type") or self.by.get("adenoma"):
                kind = WhoType.ADENOCARCINOMA
        if word is None or kind is None:
            return None
        self._put("result.who_type", kind, word)
        self._put("result.morphology", cancer.MORPHOLOGY.get(kind), word)
        self._put(
            "result.finding",
            Finding.NET if kind is WhoType.NEUROENDOCRINE_CARCINOMA else Finding.NEOPLASIA,
            word,
        )
        return kind

    def _unspecified(self) -> None:
        """Carcinoma, NOS: where no more than "carcinoma" is said of the tissue, and nothing else doubted.

        What names a type or a grade without a code of its own here (小细胞癌, 低分化癌) is left to a person.
        """
        said = [word for word in self.all if word.hushed != "not"]
        bare = [word for word in said if word.says == "generic"]
        more = any(word.says in _MORE for word in said)
        if bare and not more and all(word.value is not None and not word.hushed for word in bare):
            self._put("result.morphology", bare[0].value, bare[0])

    def _other_tumour(self) -> WhoType | None:
        word = next(iter(self.by.get("tumour", ())), None)
        if word is None:
            return None
        kind: WhoType = word.value
        self._put("result.who_type", kind, word)
        findings = {
            WhoType.NEUROENDOCRINE_TUMOUR: Finding.NET,
            WhoType.GIST: Finding.GIST,
            WhoType.LYMPHOMA: Finding.LYMPHOMA,
        }
        self._put("result.finding", findings[kind], word)
        self._put("result.morphology", _tumour_code(kind, word.text), word)
        return kind

    def _precursor(self) -> WhoType | None:
        """Adenomas, serrated lesions and polyps; then dysplasia without any of these."""
        if dysplastic := self.by.get("ssld"):
            word, kind = dysplastic[0], WhoType.SSL_DYSPLASIA
        elif types := self.by.get("type"):
            word = max(types, key=lambda one: (one.value.is_adenoma or one.value in _SERRATED, -one.begins))
            kind = word.value
            if kind is WhoType.SSL and self._dysplastic_beyond(word):
                kind = WhoType.SSL_DYSPLASIA
        else:
            return self._dysplasia()
        neoplastic = kind.is_adenoma or kind in _SERRATED
        if not neoplastic and any(one.says in _GRAVE and one.hushed != "not" for one in self.all):
            return self._dysplasia()
        self._put("result.who_type", kind, word)
        code = cancer.MORPHOLOGY.get(kind)
        if kind in cancer.HIGH_GRADE and self._high():
            code = cancer.HIGH_GRADE[kind]
        self._put("result.morphology", code, word)
        if kind.is_adenoma or kind in {WhoType.TSA, WhoType.SSL_DYSPLASIA}:
            self._put("result.finding", Finding.NEOPLASIA, word)
        elif kind is not WhoType.SSL:
            self._put("result.finding", Finding.NON_NEOPLASTIC, word)
        return kind

    def _dysplastic_beyond(self, ssl: Word) -> bool:
        graded = [*self.by.get("vienna", ()), *self.by.get("dysplasia", ())]
        return any(word.begins > ssl.begins for word in graded)

    def _dysplasia(self) -> WhoType | None:
        graded = [word for word in self.by.get("vienna", ()) if word.value in _GRADES]
        if adenoma := self.by.get("adenoma"):
            self._put("result.finding", Finding.NEOPLASIA, adenoma[0])
            if not self._high():
                self._put("result.morphology", Morphology.ADENOMA, adenoma[0])
            return None
        if serrated := self.by.get("serrated"):
            self._put("result.morphology", Morphology.SERRATED, serrated[0])
            return None
        words = graded or self.by.get("vienna", [])
        if not words:
            return None
        word = max(words, key=lambda one: one.value.rank)
        self._put("result.finding", Finding.NEOPLASIA, word)
        squamous = bool(self.by.get("squamous")) or "鳞" in word.text or "SQUAMOUS" in word.text
        glandular = self.organ is Organ.STOMACH or (bool(self.by.get("glandular")) and not squamous)
        if not graded or squamous == glandular:
            return None
        if squamous and self.organ in _GLANDULAR:
            return None
        kind = WhoType.SQUAMOUS_DYSPLASIA if squamous else WhoType.GLANDULAR_DYSPLASIA
        if self.organ is not None and self.organ.colorectal:
            return None
        high = word.value is Vienna.ADENOMA_HIGH_GRADE
        self._put("result.who_type", kind, word)
        self._put("result.morphology", _DYSPLASIA[squamous, high], word)
        return kind

    def _high(self) -> bool:
        return any(word.value is Vienna.ADENOMA_HIGH_GRADE for word in self.by.get("vienna", ()))

    # ---- how bad, how deep -----------------------------------------------------------------------

    def _category(self, kind: WhoType | None) -> None:
        stated = [*self.by.get("vienna.stated", ()), *self.by.get("vienna", ())]
        stated = [word for word in stated if word.value is not None]
        malignant = (kind is not None and kind.is_carcinoma) or bool(self.by.get("generic"))
        deep = self._depth(malignant, bool(stated))
        if malignant:
            proved = [word for word in stated if word.value.carcinoma]
            if deep is not None and deep.value is not Depth.EP:
                within = _layer(deep, self.organ).intramucosal
                self._put(
                    "result.vienna",
                    Vienna.INTRAMUCOSAL if within else Vienna.SUBMUCOSAL,
                    deep,
                    "vienna.depth",
                )
            elif proved:
                self._put("result.vienna", max(proved, key=_rank).value, max(proved, key=_rank))
            if not any(read.field == "result.finding" for read in self.found) and (
                words := self.by.get("generic")
            ):
                self._put("result.finding", Finding.NEOPLASIA, words[0])
            return
        if stated:
            worst = max(stated, key=_rank)
            self._put("result.vienna", worst.value, worst)
        elif kind is not None and kind.is_adenoma and not self._doubted():
            word = self.by["type"][0]
            self._put("result.vienna", Vienna.LOW_GRADE, word, "vienna.adenoma")

    def _doubted(self) -> bool:
        return any(word.hushed == "doubt" and word.says in _GRAVE for word in self.all) or bool(
            self.by.get("dysplasia")
        )

    def _depth(self, malignant: bool, graded: bool) -> Word | None:
        if not (self.resected and (malignant or graded)):
            return None
        words = [*self.by.get("depth", ()), *self.by.get("depth.mm", ())]
        if not words:
            return None
        deepest = max(words, key=lambda word: _layer(word, self.organ).rank)
        layer = _layer(deepest, self.organ)
        if not malignant and layer not in {Depth.EP, Depth.M}:
            return None  # what has no carcinoma does not invade: a person must look
        self._put("result.depth", layer, deepest)
        if layer in _SUBMUCOSAL:
            self._first("result.depth_um")
        return deepest

    def _benign(self, kind: WhoType | None) -> None:
        """Inflammation is a finding only where nothing else is asserted or doubted."""
        if kind is not None or any(read.field == "result.finding" for read in self.found):
            return
        if any(word.says in _GRAVE and word.hushed != "not" for word in self.all):
            return
        for says in ("no_residual", "insufficient"):
            if words := self.plainly.get(says):
                return self._put("result.finding", words[0].value, words[0])
        for word in (*self.by.get("benign", ()), *self.by.get("benign.other", ())):
            gastric = word.says == "benign" and (
                self.organ is Organ.STOMACH or "胃" in word.text or "GASTR" in word.text
            )
            return self._put("result.finding", Finding.GASTRITIS if gastric else Finding.NON_NEOPLASTIC, word)
        return None

    def _edges(self) -> None:
        """Both margins, or vessels, in one word; "positive" without saying which tells nothing."""
        both = self.plainly.get("margins", [])
        said = {word.says for word in self.all}
        if both and _one(both):
            word = both[0]
            if word.value is Margin.CLEAR:
                for field in ("result.horizontal_margin", "result.vertical_margin"):
                    if field not in said:
                        self._put(field, Margin.CLEAR, word)
        if vessels := self.plainly.get("vessels"):
            for field, value in (("result.lymphatic", vessels[0].value), ("result.venous", Venous.ABSENT)):
                if field not in said:
                    self._put(field, value, vessels[0])


# Values that follow from words read for another field.
FOLLOWING = (
    Rule(
        "vienna.adenoma",
        "result.vienna",
        "腺瘤",
        Vienna.LOW_GRADE,
        f"{tissue.WHO}：腺瘤至少为低级别；高级别另行注明",
    ),
    Rule(
        "vienna.depth",
        "result.vienna",
        "浸润",
        None,
        f"{tissue.VIENNA}：癌限于黏膜为 4.4，达黏膜下层及更深为 5",
    ),
)
_SERRATED = {WhoType.SSL, WhoType.SSL_DYSPLASIA, WhoType.TSA}
_GRADES = {Vienna.LOW_GRADE, Vienna.ADENOMA_HIGH_GRADE}
_DYSPLASIA = {
    (True, False): Morphology.SQUAMOUS_LOW_GRADE,
    (True, True): Morphology.SQUAMOUS_HIGH_GRADE,
    (False, False): Morphology.GLANDULAR_LOW_GRADE,
    (False, True): Morphology.GLANDULAR_HIGH_GRADE,
}


def _one(words: list[Word]) -> bool:
    """Whether words all mean the same."""
    return all(word.value == words[0].value for word in words)


def _rank(word: Word) -> int:
    return int(word.value.rank)


def _layer(word: Word, organ: Organ | None) -> Depth:
    """EP, LPM and MM are told apart in the oesophagus; elsewhere they are the mucosa."""
    if word.says == "depth.mm" and organ is not Organ.OESOPHAGUS:
        return Depth.M
    depth: Depth = word.value
    return depth


def _tumour_code(kind: WhoType, words: str) -> Morphology | None:
    if kind is WhoType.GIST:
        return Morphology.GIST
    if kind is WhoType.LYMPHOMA:
        if "MALT" in words or "边缘区" in words or "黏膜相关" in words:
            return Morphology.LYMPHOMA_MALT
        return Morphology.LYMPHOMA_LARGE_B if "大B" in words else None
    return Morphology.CARCINOID if "G1" in words else None
