"""What a person brings along: earlier operations, known syndromes, risk, invitations to screening."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select

from registry.codes.risk import HpTest, Instrument, TestResult
from registry.extensions import db
from registry.label import Label
from registry.models import (
    Base,
    KnownSyndrome,
    Person,
    PriorSurgery,
    RiskAssessment,
    ScreeningRound,
    VitalStatus,
)
from registry.rules import risk as risk_rules
from registry.rules.dates import PartialDate, partial
from registry.rules.life import within_life
from registry.rules.problem import Invalid, Problem, flags, refusal
from registry.rules.problem import demand as stop_at
from registry.services.births import age_at
from registry.services.course.outcome import settle_vital
from registry.services.here import centre_here, person_here
from registry.services.unit import change
from registry.services.values import image, lacking, put, read, today

Row = TypeVar("Row", bound=Base)
Brought = PriorSurgery | KnownSyndrome | RiskAssessment | ScreeningRound | VitalStatus
ROUND = Label("筛查轮次要有内容", "A screening round says something")
WITHDRAWN = Label("撤销要说明理由", "What is taken back is taken back with a reason")
_POSITIVE: dict[Any, bool] = {TestResult.POSITIVE: True, TestResult.NEGATIVE: False}
Check = Callable[[Person, Mapping[str, Any]], list[Problem]]


def surgery(person_id: int, *, existing: PriorSurgery | None = None, **fields: Any) -> PriorSurgery:
    """Record an operation on the digestive tract, or change one: kind, operated_on, operated_precision.

    `seen` and `reason` are as for any change. Raises Invalid for a date outside the person's life.
    """

    def check(person: Person, whole: Mapping[str, Any]) -> list[Problem]:
        day = partial(whole.get("operated_on"), whole.get("operated_precision"))
        return [
            *lacking(PriorSurgery, whole, "kind"),
            *_alive("operated_on", day, Label("手术", "Operation"), person),
        ]

    return _record(PriorSurgery, "surgery.record", person_id, existing, fields, check)


def syndrome(person_id: int, *, existing: KnownSyndrome | None = None, **fields: Any) -> KnownSyndrome:
    """Record a syndrome that takes the person out of average-risk rules: syndrome, since."""

    def check(person: Person, whole: Mapping[str, Any]) -> list[Problem]:
        since = _alive("since", whole.get("since"), Label("确诊", "Diagnosis"), person)
        return [*lacking(KnownSyndrome, whole, "syndrome"), *since]

    return _record(KnownSyndrome, "syndrome.record", person_id, existing, fields, check)


def invite(person_id: int, *, existing: ScreeningRound | None = None, **fields: Any) -> ScreeningRound:
    """Record a screening round, or what came of one, by the columns of ScreeningRound."""

    def check(person: Person, whole: Mapping[str, Any]) -> list[Problem]:
        words = {
            "invited_on": Label("邀请", "Invitation"),
            "test_sent_on": Label("发放", "Test sent"),
            "test_returned_on": Label("回收", "Test returned"),
            "referred_on": Label("转诊", "Referral"),
        }
        told = any(whole.get(column.key) is not None for column in ScreeningRound.__table__.c if column.info)
        nothing = refusal("programme", "请至少填写一项", "Fill in something", ROUND)
        return [
            *(() if told else (nothing,)),
            *(wrong for name, what in words.items() for wrong in _alive(name, whole.get(name), what, person)),
        ]

    return _record(ScreeningRound, "screening_round.record", person_id, existing, fields, check)


def assess(person_id: int, *, existing: RiskAssessment | None = None, **fields: Any) -> RiskAssessment:
    """Record a risk assessment by the columns of RiskAssessment; the score follows from its inputs.

    Total and tier are worked out where the instrument is one the rules know and no input is
    missing; otherwise they stay as a source gave them, and what was worked out before goes with the
    inputs it rested on. An operation on the stomach, or eradication,
    of which nothing is on record counts as not done.
    """

    def check(person: Person, whole: Mapping[str, Any]) -> list[Problem]:
        return [
            *lacking(RiskAssessment, whole, "assessed_on", "instrument"),
            *risk_rules.check(**{**whole, "today": today()}),
            *_alive("assessed_on", whole.get("assessed_on"), Label("评估", "Assessment"), person),
        ]

    def derive(person: Person, whole: Mapping[str, Any]) -> dict[str, Any]:
        found = _scored(person, whole)
        given = {"total", "tier"} & set(fields)
        if existing is not None and "tier" not in found and not given and _tier(person, image(existing)):
            found |= dict.fromkeys(("total", "tier", "edition"))
        return found

    return _record(RiskAssessment, "risk.record", person_id, existing, fields, check, derive=derive)


def withdraw(existing: Brought, *, seen: int | None = None, reason: str | None = None) -> None:
    """Take an entry back that should never have been made, such as one about somebody else.

    Its last state stays in the trail. Raises Invalid without a reason.
    """
    if not (reason and reason.strip()):
        raise Invalid([refusal("reason", "请说明撤销的理由", "Say why it is taken back", WITHDRAWN)])
    with change(f"{existing.__tablename__}.withdraw", seen=seen, root=existing, reason=reason) as unit:
        person = person_here(existing.person_id)
        unit.edit(existing)
        unit.remove(existing)
        if isinstance(existing, VitalStatus):
            settle_vital(unit, person)


def standing(row: RiskAssessment) -> risk_rules.Score | None:
    """What the rules say of a stored assessment: total, tier, clause, and which inputs are missing."""
    person = person_here(row.person_id)
    return score(person, image(row))


def doubts(row: RiskAssessment) -> list[Problem]:
    """What is unlikely about a stored assessment, such as a ratio that no kit measures."""
    return flags(risk_rules.check(**image(row)))


def score(person: Person, whole: Mapping[str, Any]) -> risk_rules.Score | None:
    """What the instrument makes of an assessment's inputs; None for one that the rules do not know."""
    day: date = whole["assessed_on"]
    gastrectomy = any(kind.gastric for kind in _operations(person.id, day))
    on_ppi, ratio = whole.get("on_ppi"), whole.get("pepsinogen_ratio")
    hp = _POSITIVE.get(whole.get("hp_result"))
    who: dict[str, Any] = {"age": age_at(person, day), "sex": person.sex}
    family: dict[str, Any] = {key: whole.get(key) for key in ("relative_colorectum", "smoking")}
    match whole["instrument"]:
        case Instrument.LI_CN:
            antibody = hp if whole.get("hp_test") in {None, HpTest.SEROLOGY} else None
            return risk_rules.li(
                **who,
                hp_positive=antibody,
                pepsinogen_ratio=ratio,
                gastrin_17=whole.get("gastrin_17"),
                gastrectomy=gastrectomy,
                on_ppi=on_ppi,
            )
        case Instrument.APCS:
            return risk_rules.apcs(**who, **family)
        case Instrument.APCS_UPDATED:
            return risk_rules.apcs_updated(**who, **family, bmi=whole.get("bmi"))
        case Instrument.ABC:
            return risk_rules.abc(
                hp_positive=hp,
                pepsinogen_1=whole.get("pepsinogen_1"),
                pepsinogen_ratio=ratio,
                hp_eradicated=whole.get("hp_eradicated_on") is not None,
                gastrectomy=gastrectomy,
                on_ppi=on_ppi,
            )
    return None


def ratio(one: float | None, two: float | None) -> float | None:
    """Pepsinogen I to II; None where either is not known, or the second is nothing.

    >>> ratio(60, 20), ratio(60, 0)
    (3.0, None)
    """
    return None if one is None or not two else round(one / two, 4)


def _scored(person: Person, whole: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an assessment that follow from its others."""
    found: dict[str, Any] = {}
    if whole.get("pepsinogen_ratio") is None:
        found["pepsinogen_ratio"] = ratio(whole.get("pepsinogen_1"), whole.get("pepsinogen_2"))
    said = score(person, {**whole, **found})
    if said is not None and said.tier is not None:
        found |= {"total": said.total, "tier": said.tier, "edition": said.definition.edition[:20]}
    return found


def _tier(person: Person, whole: Mapping[str, Any]) -> Any:
    said = score(person, whole)
    return said.tier if said else None


def _operations(person_id: int, day: date) -> list[Any]:
    earlier = (PriorSurgery.operated_on <= day) | PriorSurgery.operated_on.is_(None)
    statement = select(PriorSurgery.kind).where(PriorSurgery.person_id == person_id, earlier)
    return list(db.session.scalars(statement))


def _record(
    model: type[Row],
    action: str,
    person_id: int,
    existing: Row | None,
    fields: dict[str, Any],
    check: Check,
    derive: Callable[[Person, Mapping[str, Any]], dict[str, Any]] | None = None,
) -> Row:
    seen, reason = fields.pop("seen", None), fields.pop("reason", None)
    values, problems = read(model, fields, without={"person_id", "centre_id"})
    with change(action, seen=seen, root=existing, reason=reason) as unit:
        person = person_here(person_id)
        whole = (image(existing) if existing is not None else {}) | values
        stop_at([*problems, *check(person, whole)])
        if derive is not None:
            values |= derive(person, whole)
        if existing is not None:
            put(unit.edit(existing), values)
            return existing
        row: Row = unit.add(model(person_id=person_id, centre_id=centre_here(), **values))
    return row


def _alive(field: str, day: date | PartialDate | None, what: Label, person: Person) -> list[Problem]:
    born = partial(person.born_on, person.born_precision)
    died = partial(person.died_on, person.died_precision)
    return within_life(field, day, what, born=born, died=died, today=today())
