"""Which pathology counts: what all current results together prove about a lesion or a tumour."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from registry.codes.lesion import Organ
from registry.codes.pathology import Depth, Finding, Method, Morphology, Vienna, WhoType
from registry.label import Label
from registry.rules.knowing import any_of


@dataclass(frozen=True)
class ResultFacts:
    """What one result says, with how and when its tissue was taken."""

    finding: Finding | None = None
    vienna: Vienna | None = None
    who_type: WhoType | None = None
    morphology: Morphology | None = None
    depth: Depth | None = None
    depth_um: int | None = None
    method: Method | None = None
    taken_on: date | None = None
    superseded: bool = False

    @property
    def proved_depth(self) -> Depth | None:
        """Depth, if the specimen could show it: a biopsy cannot."""
        return self.depth if self.method is not None and self.method.resects else None

    @property
    def conclusive(self) -> bool:
        """Whether it says anything about the lesion: too little tissue does not."""
        said = (self.finding, self.vienna, self.who_type, self.morphology)
        return self.finding is not Finding.INSUFFICIENT and any(word is not None for word in said)

    @property
    def carcinoma(self) -> bool | None:
        """Whether it proves a carcinoma. A stated Vienna category decides; then the type."""
        if self.finding is Finding.NO_RESIDUAL:
            return False
        if self.vienna is not None:
            return self.vienna.carcinoma
        if self.who_type is not None or self.morphology is not None:
            return bool(
                (self.who_type and self.who_type.is_carcinoma)
                or (self.morphology and self.morphology.carcinoma)
            )
        return None if self.finding in {None, Finding.NEOPLASIA} else False

    @property
    def high_grade(self) -> bool:
        """Whether it proves high-grade neoplasia or carcinoma in situ."""
        if self.finding is Finding.NO_RESIDUAL:
            return False
        if self.vienna is not None:
            return self.vienna.high_grade
        return self.morphology is not None and self.morphology.behaviour == "2"

    @property
    def category(self) -> Vienna | None:
        """Vienna category in the numbers of the revision, stated or following from type and depth."""
        if self.finding is Finding.NO_RESIDUAL:
            return None
        if self.vienna is not None:
            return self.vienna.in_dixon
        if self.carcinoma and self.proved_depth is not None:
            return Vienna.INTRAMUCOSAL if self.proved_depth.intramucosal else Vienna.SUBMUCOSAL
        if self.finding in {Finding.NON_NEOPLASTIC, Finding.GASTRITIS} and not self.carcinoma:
            return Vienna.NEGATIVE
        return None

    def is_type(self, *, serrated: bool) -> bool | None:
        """Whether it is a serrated lesion, or else a conventional adenoma, on histology."""
        if self.finding is Finding.NO_RESIDUAL:
            return False
        if self.who_type is not None:
            return self.who_type.is_serrated if serrated else self.who_type.is_adenoma
        if self.morphology is not None:
            return self.morphology is Morphology.SERRATED if serrated else self.morphology.adenoma
        if self.finding not in {None, Finding.NEOPLASIA}:
            return False
        return False if self.vienna is not None and not self.vienna.neoplasia and not serrated else None


@dataclass(frozen=True)
class Summary:
    """What is proved, free of any definition of early or advanced."""

    worst: Vienna | None = None
    deepest: Depth | None = None
    depth_um: int | None = None
    adenoma: bool | None = None
    serrated: bool | None = None
    cancer: bool | None = None
    invasive: bool | None = None
    invasive_on: date | None = None
    noninvasive_on: date | None = None


def summarise(results: Iterable[ResultFacts], organ: Organ | None = None) -> Summary:
    """The worst that current results prove.

    A superseded report never counts; "no residual" never erases what was proved; depth comes from
    resections only, so cancer from forceps has depth unknown; too little tissue says nothing.

    Parameters
    ----------
    results : iterable of ResultFacts
        Of one lesion, or of every lesion a tumour was seen as.
    organ : Organ or None
        Decides whether intramucosal carcinoma is invasive: not in the large bowel, where it is Tis.

    Returns
    -------
    Summary
        Everything None where nothing conclusive is known. `worst` is None too where cancer was
        proved but neither category nor depth says which.
    """
    current = [result for result in results if not result.superseded and result.conclusive]
    if not current:
        return Summary()
    deepest, microns = deepest_of(current)
    invading = [result for result in current if invades(result, organ, deepest)]
    high_grade = [
        result for result in current if (result.high_grade or result.carcinoma) and result not in invading
    ]
    cancer = any_of(result.carcinoma for result in current)
    return Summary(
        worst=worst_of(current),
        deepest=deepest,
        depth_um=microns,
        adenoma=any_of(result.is_type(serrated=False) for result in current),
        serrated=any_of(result.is_type(serrated=True) for result in current),
        cancer=cancer,
        invasive=True if invading else (None if cancer is None else False),
        invasive_on=first_day(invading),
        noninvasive_on=first_day(high_grade),
    )


def worst_of(current: list[ResultFacts]) -> Vienna | None:
    """The worst category, unless a carcinoma without one is worse than all that have one."""
    categories = [result.category for result in current if result.category is not None]
    worst = max(categories, key=lambda category: category.rank, default=None)
    uncategorised = any(result.carcinoma and result.category is None for result in current)
    if uncategorised and not (worst is not None and worst.carcinoma):
        return None
    return worst


def deepest_of(current: list[ResultFacts]) -> tuple[Depth | None, int | None]:
    """Deepest layer over resections, with the largest measure given for that layer."""
    depths = [result.proved_depth for result in current if result.proved_depth is not None]
    deepest = max(depths, key=lambda depth: depth.rank, default=None)
    measured = [
        result.depth_um
        for result in current
        if result.proved_depth is deepest and result.depth_um is not None
    ]
    return deepest, max(measured, default=None) if deepest is not None else None


def invades(result: ResultFacts, organ: Organ | None, deepest: Depth | None) -> bool:
    """Whether a result proves invasive carcinoma, so that survival can start.

    Carcinoma confined to the epithelium of the oesophagus, or to the mucosa of the large bowel, is
    Tis. There a biopsy that merely says carcinoma counts until a resection shows the mucosa only.
    """
    if not result.carcinoma:
        return False
    if organ is None or not organ.colorectal:
        return result.proved_depth is not Depth.EP
    if result.proved_depth is not None:
        return not result.proved_depth.intramucosal
    if result.vienna is not None:
        return result.vienna is Vienna.SUBMUCOSAL
    return deepest is None or not deepest.intramucosal


def first_day(results: Iterable[ResultFacts]) -> date | None:
    """The day the earliest of these tissues was taken."""
    return min((result.taken_on for result in results if result.taken_on is not None), default=None)


def result_of(worst: Vienna | None, cancer: bool | None, sampled: bool, awaited: bool) -> tuple[int, Label]:
    """What tissue says of a lesion in words, and how grave that is beside others."""
    if cancer and worst is None:
        return 50, Label("癌", "Carcinoma")
    if worst is not None:
        return 10 + worst.rank, worst.label
    if awaited:
        return 5, Label("待病理", "Report awaited")
    return (2, Label("病理无结论", "No conclusion")) if sampled else (1, Label("未取材", "Not sampled"))
