"""What a death counts as where ends compete: of this cancer, of something else, or not known."""

from registry.codes.code_set import CodeSet
from registry.codes.lesion import Organ
from registry.codes.person import VitalSource
from registry.label import Label
from registry.rules.definition import Definition


class End(CodeSet, source="The registry, after Howlader 2010, JNCI 102:1584"):
    """How a death counts. Members stand in the order in which ends are numbered, from 1."""

    CANCER = "cancer", "死于本癌", "Death of this cancer"
    OTHER = "other", "死于其他原因", "Death of another cause"
    UNKNOWN = "unknown", "死因不详", "Death, cause not known"

    @property
    def number(self) -> int:
        """The number of the end; 0 is being alive."""
        return self.rank + 1


CAUSE = Definition(
    "cause_of_death",
    Label("死因归类", "Cause of death"),
    Label(
        "根本死因（ICD-10）为同一器官的癌（含原位癌和动态未定肿瘤，结肠与直肠互通，食管下段与贲门互通），"
        "或部位不明、继发的恶性肿瘤（C26、C76–C80、C97）者为死于本癌；无死因或症状与原因不明（R00–R99）者为死因不详；"
        "其余为其他原因",
        "Of this cancer: the underlying cause (ICD-10) is cancer of the same organ (in situ and of uncertain "
        "behaviour included; colon and rectum, and lower oesophagus and cardia, stand for each other) or a "
        "malignancy of unspecified or secondary site (C26, C76–C80, C97). Not known: no cause, or symptoms "
        "and ill-defined causes (R00–R99). Any other cause: another",
    ),
    "2010",
    "Howlader N, et al. Improved estimates of cancer-specific survival. JNCI 2010;102:1584-1598; adapted",
    "Cause-specific death classification",
)

DEFINITIONS = (CAUSE,)

UNSPECIFIED = ("C26", "C76", "C77", "C78", "C79", "C80", "C97")
ILL_DEFINED = ("R",)
_COLORECTUM = ("C18", "C19", "C20", "C218", "D010", "D011", "D012", "D374", "D375")
# The beginnings of ICD-10 codes, without the dot, that name a cancer of the organ.
OF_ORGAN = {
    Organ.OESOPHAGUS: ("C15", "C160", "D001"),
    Organ.STOMACH: ("C16", "C155", "D002", "D371"),
    Organ.DUODENUM: ("C17", "D372"),
    Organ.COLON: _COLORECTUM,
    Organ.RECTUM: _COLORECTUM,
    Organ.ANUS: ("C21", "C20", "D013"),
    Organ.OTHER: ("C17", "C22", "C23", "C24", "C25"),
}

# Whose word on a death is taken where several are equally exact, the most trusted last.
TRUST = [VitalSource.FAMILY, VitalSource.CENTRE, VitalSource.REGISTER, VitalSource.DEATH_LIST]


def end_of(cause: str | None, organ: Organ) -> End:
    """How a death with this underlying cause counts for a tumour of this organ.

    >>> end_of("C16.9", Organ.STOMACH), end_of("I21.9", Organ.STOMACH), end_of(None, Organ.COLON)
    (<End.CANCER: 'cancer'>, <End.OTHER: 'other'>, <End.UNKNOWN: 'unknown'>)
    """
    code = (cause or "").strip().replace(".", "").upper()
    if not code or code.startswith(ILL_DEFINED):
        return End.UNKNOWN
    return End.CANCER if code.startswith((*OF_ORGAN[organ], *UNSPECIFIED)) else End.OTHER
