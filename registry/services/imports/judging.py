"""A case of a file read like a form: every value, what is wrong with it, and the facts that follow."""

from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from registry.codes.person import DocumentOwner, DocumentType, Precision, Sex, Vital
from registry.label import Label
from registry.models import Enrolment, Person, Report, Result, Tumour, VitalStatus
from registry.rules import identity, outcome, person, survival, tumour
from registry.rules import report as report_rules
from registry.rules.problem import Problem, flags, refusal, refusals
from registry.services.cases import parts as case_parts
from registry.services.cases.pathology import COVERED, SAYS
from registry.services.imports.case import Case, Records
from registry.services.people import documents
from registry.services.values import read

AGREES = Label("来源算出的值，重新推算", "What the source derived, derived again")
NEEDED = Label("保存病例必需", "A case needs this to be stored")
NAMING = ("name", "phone", "address", "record_number")


@dataclass
class Reported:
    """A report on one specimen of a case: its columns, and each result with its lesion's number."""

    place: int
    values: Records
    results: list[Records]
    lesions: list[int | None]


@dataclass
class Sound:
    """A case with every value read. `problems` say whether it may be stored, and what is unlikely."""

    case: Case
    problems: list[Problem] = field(default_factory=list)
    personal: Records = field(default_factory=dict)
    enrolment: Records = field(default_factory=dict)
    naming: Records = field(default_factory=dict)
    paper: Records | None = None
    parts: case_parts.Case | None = None
    reports: list[Reported] = field(default_factory=list)
    tumour: Records = field(default_factory=dict)
    vital_status: Records = field(default_factory=dict)

    @property
    def whole(self) -> case_parts.Case:
        """The examination with all that belongs to it; ValueError where the case has none."""
        if self.parts is None:
            raise ValueError("this case has no examination")
        return self.parts

    @property
    def life(self) -> Records:
        """The person's vital columns, as they follow from this one source."""
        return life_of(self.vital_status)

    @property
    def digest(self) -> str | None:
        """The digest of the person's own document, if there is one beyond doubt."""
        paper = self.paper
        own = paper is not None and paper["owner"] is DocumentOwner.OWN
        return paper["digest"] if paper is not None and own else None


def check(case: Case, *, today: date) -> list[Problem]:
    """What stops a case from being stored: what could not be read, else the same rules as in the forms."""
    return refusals(judge(case, today=today))


def judge(case: Case, *, today: date) -> list[Problem]:
    """What stops a case, or where nothing does, what is unlikely about it: the rules of the forms."""
    return weigh(case, today=today).problems


def weigh(case: Case, *, today: date) -> Sound:
    """Read a case and judge it by itself; what only stored records contradict is found on storing."""
    if stopping := refusals(case.problems):
        return Sound(case, stopping)
    sound = Sound(case)
    found = [*case.problems, *_told_of_life(sound), *_person(sound, today)]
    if case.examination:
        found += _examination(sound)
        for place, specimen in enumerate(case.specimens):
            if specimen.get("report"):
                found += _report(sound, place, specimen["report"], today)
    found += _register(sound, today)
    sound.problems = refusals(found) or _disagreements(case) or flags(found)
    return sound


# ---- the person --------------------------------------------------------------------------------------


def _person(sound: Sound, today: date) -> list[Problem]:
    case = sound.case
    sound.personal, found = read(Person, _blank("sex", "born_on", "born_precision") | case.person)
    found = _under("person", found)
    given = dict(case.enrolment)
    sound.naming = {name: _words(given.pop(name, None)) for name in NAMING}
    begun = given.get("enrolled_on") or case.examination.get("performed_on")
    sound.enrolment, wrong = read(Enrolment, given | {"enrolled_on": begun})
    found += _under("enrolment", wrong)
    if begun is None:
        found.append(refusal("enrolment-enrolled_on", "缺少", "is missing", NEEDED))
    if case.document.get("value"):
        papers, told, wrong = documents.documents([_document(case.document)], today)
        found += [_renamed(problem, "documents-0", "document") for problem in wrong]
        sound.paper = papers[0]
        if told is not None:
            found += _under("person", identity.check(told, **sound.personal))
        sound.personal = documents.completed(sound.personal, told)
    return found + _under("person", person.check(**sound.personal, **sound.life, today=today))


def _document(given: Records) -> Records:
    """A number without a word of what it is, in the form of an identity number, is one."""
    kind = given.get("type")
    if kind is None and len(identity.clean(str(given["value"]))) == 18:
        kind = DocumentType.RESIDENT_ID
    return given | {"type": kind or DocumentType.OTHER}


def _blank(*names: str) -> Records:
    return dict.fromkeys(names)


def _words(value: Any) -> str | None:
    return str(value).strip() or None if value is not None else None


# ---- the examination ---------------------------------------------------------------------------------


def _examination(sound: Sound) -> list[Problem]:
    case = sound.case
    life = _blank("born_on", "born_precision", "died_on", "died_precision") | sound.personal
    life |= {name: sound.life.get(name) for name in ("died_on", "died_precision")}
    background = case.background if any(value is not None for value in case.background.values()) else None
    sound.parts = case_parts.assemble(
        cast(Person, SimpleNamespace(**life)),  # of a person the rules read these dates and no more
        None,
        case.examination,
        background,
        case.lesions,
        [
            {name: value for name, value in specimen.items() if name != "report"}
            for specimen in case.specimens
        ],
        case.adverse_events,
    )
    if refused := refusals(sound.parts.problems):
        return refused
    return [*sound.parts.problems, *case_parts.coherent(sound.parts)]


def _report(sound: Sound, place: int, told: Records, today: date) -> list[Problem]:
    """A specimen's report, by the rules that services.cases.pathology.record_report goes by."""
    part = sound.whole.specimens[place]
    sites = {lesion.whole["number"]: lesion.whole.get("site") for lesion in sound.whole.lesions}
    columns = _blank("reported_on", "received_on", "laboratory", "wording") | told
    numbers = [result.get("lesion") for result in told.get("results") or ()]
    columns.pop("results", None)
    values, found = read(Report, columns)
    results = []
    for at, result in enumerate(told.get("results") or ()):
        said, wrong = read(Result, result, without={"lesion"}, path=f"results-{at}")
        results.append(said)
        found += wrong
        if numbers[at] is not None and numbers[at] not in (part.lesions or ()):
            said_so = "该标本未包含此病变", "The specimen does not cover this lesion"
            found.append(refusal(f"results-{at}-lesion", *said_so, COVERED))
    if not results and not values.get("wording"):
        said_so = "请填写至少一条结果或报告原文", "Give a result or the wording"
        found.append(refusal("wording", *said_so, SAYS))
    organs = [site.organ if (site := sites.get(number)) else None for number in numbers]
    if not refusals(found):
        found += report_rules.check(
            taken_on=part.whole.get("taken_on"),
            received_on=values["received_on"],
            reported_on=values["reported_on"],
            method=part.whole.get("method"),
            results=[row | {"organ": organ} for row, organ in zip(results, organs, strict=True)],
            today=today,
        )
    sound.reports.append(Reported(place, values, results, numbers))
    return _under(f"specimens-{place}-report", found)


# ---- what a register says ----------------------------------------------------------------------------


def _register(sound: Sound, today: date) -> list[Problem]:
    case, found = sound.case, []
    life = {name: sound.personal.get(name) for name in ("born_on", "born_precision")}
    death = {name: sound.life.get(name) for name in ("died_on", "died_precision")}
    if "tumour" in case.records:
        sound.tumour, wrong = read(Tumour, case.tumour)
        found += _under("tumour", wrong)
        if sound.tumour.get("organ") is None:
            found.append(refusal("tumour-organ", "缺少", "is missing", NEEDED))
        if not refusals(wrong):
            found += _under("tumour", tumour.check(**sound.tumour, **life, **death, today=today))
    if sound.vital_status and not refusals(found):
        wrong = outcome.check_vital(**sound.vital_status, **life, today=today)
        found += _under("vital_status", wrong)
    return found


def _told_of_life(sound: Sound) -> list[Problem]:
    """What a source says of life or death, read first: every other date is held against it."""
    told = sound.case.vital_status
    if not told:
        return []
    sound.vital_status, found = read(VitalStatus, told)
    precision = sound.vital_status.get("as_of_precision")
    sound.vital_status["as_of_precision"] = precision or Precision.DAY
    if sound.vital_status.get("source") is None:
        found.append(refusal("source", "缺少", "is missing", NEEDED))
    return _under("vital_status", found)


def _under(path: str, problems: list[Problem]) -> list[Problem]:
    return [problem.under(path) for problem in problems]


def _renamed(problem: Problem, old: str, new: str) -> Problem:
    return Problem(problem.field.replace(old, new, 1), problem.message, problem.clause, problem.refuse)


def _disagreements(case: Case) -> list[Problem]:
    return [
        refusal(
            name, f"来源为 {told}，登记处推得 {ours}", f"the source has {told}, the registry {ours}", AGREES
        )
        for name, told in case.agrees.items()
        if (ours := followed(case)[name]) != told
    ]


def followed(case: Case) -> dict[str, Any]:
    """The tumour's follow-up as it follows from the case alone: whole days, and dead or not."""
    return follow_up(case.tumour, life_of(case.vital_status))


def follow_up(told: Records, life: Records) -> dict[str, Any]:
    """Whole days from a tumour's start to the end of what is known of life, and dead or not."""
    start = survival.start(
        invasive_on=None,
        incidence_on=told.get("incidence_on"),
        incidence_precision=told.get("incidence_precision"),
    )
    found = survival.follow(start, basis=told.get("basis"), **life)
    return {"followed_days": found.days, "dead": found.dead}


def life_of(told: Records) -> Records:
    """A person's vital columns, as they follow from one source alone."""
    if told.get("vital") is Vital.DEAD:
        precision = told.get("as_of_precision") or Precision.DAY
        return {"vital": Vital.DEAD, "died_on": told["as_of"], "died_precision": precision}
    if told.get("vital") is Vital.ALIVE:
        return {"vital": Vital.ALIVE, "last_alive_on": told["as_of"]}
    return {}


def sex_of(personal: Records) -> Sex:
    """The sex as stored; who says nothing is unknown."""
    return personal.get("sex") or Sex.UNKNOWN
