"""Rules about treatment, follow-up and what they say of life and recurrence."""

import re
from datetime import date

from registry.codes.outcome import Completeness, ContactOutcome, TreatmentType
from registry.codes.person import Precision, Vital
from registry.label import Label
from registry.rules.dates import certainly_before, partial
from registry.rules.life import FUTURE, within_life
from registry.rules.person import CONFLICT
from registry.rules.problem import Problem, refusal, warning

REFUSED = Label("拒绝的治疗没有实施", "A refused treatment is not carried out")
CONTACT = Label("联系结果与生存状态一致", "The outcome of a contact and the vital status agree")
DUE = Label("下次日期在本次联系之后", "The next date lies after the contact")
CAUSE = Label("死因属于死亡，用 ICD-10 编码", "A cause is that of a death, by its ICD-10 code")
ICD_10 = re.compile(r"[A-Z]\d\d(\.\d{1,2})?")
METACHRONOUS = "Metachronous: more than 12 months after the first"


def check_treatment(
    *,
    type: TreatmentType | None = None,
    started_on: date | None = None,
    started_precision: Precision | None = None,
    completeness: Completeness | None = None,
    refused: bool | None = None,
    born_on: date | None = None,
    born_precision: Precision | None = None,
    died_on: date | None = None,
    died_precision: Precision | None = None,
    today: date | None = None,
    **_other: object,
) -> list[Problem]:
    """Contradictions within a treatment and with the person's dates."""
    problems = within_life(
        "started_on",
        partial(started_on, started_precision),
        Label("治疗", "Treatment"),
        born=partial(born_on, born_precision),
        died=partial(died_on, died_precision),
        today=today,
    )
    if refused and completeness is Completeness.COMPLETE:
        problems.append(warning("refused", "已拒绝的治疗却填完成", "Refused, and yet complete", REFUSED))
    return problems


def check_follow_up(
    *,
    contacted_on: date | None = None,
    outcome: ContactOutcome | None = None,
    vital: Vital | None = None,
    next_due_on: date | None = None,
    born_on: date | None = None,
    born_precision: Precision | None = None,
    died_on: date | None = None,
    died_precision: Precision | None = None,
    today: date | None = None,
    **_other: object,
) -> list[Problem]:
    """Contradictions within a contact and with the person's dates.

    Somebody reached alive after the date of death is a conflict to be resolved: both are kept.
    """
    problems = within_life(
        "contacted_on",
        contacted_on,
        Label("联系", "Contact"),
        born=partial(born_on, born_precision),
        today=today,
    )
    proves_alive = vital is Vital.ALIVE or (vital is None and outcome is not None and outcome.proves_alive)
    if proves_alive and certainly_before(partial(died_on, died_precision), contacted_on):
        problems.append(
            warning(
                "contacted_on", "死亡日期之后仍有存活记录，请核实", "Alive after the date of death", CONFLICT
            )
        )
    if outcome is ContactOutcome.DIED and vital is Vital.ALIVE:
        problems.append(
            warning("vital", "联系结果为已故，生存状态却是存活", "Died by outcome, alive by status", CONTACT)
        )
    if vital is Vital.DEAD and outcome in {ContactOutcome.ALIVE, ContactOutcome.ATTENDED}:
        problems.append(
            warning("vital", "联系结果为在世，生存状态却是死亡", "Alive by outcome, dead by status", CONTACT)
        )
    if contacted_on and next_due_on and next_due_on <= contacted_on:
        problems.append(
            warning("next_due_on", "下次日期不在本次之后", "The next date is not after this contact", DUE)
        )
    return problems


def check_vital(
    *,
    vital: Vital | None = None,
    as_of: date | None = None,
    as_of_precision: Precision | None = None,
    born_on: date | None = None,
    born_precision: Precision | None = None,
    died_on: date | None = None,
    died_precision: Precision | None = None,
    last_alive_on: date | None = None,
    complete_until: date | None = None,
    cause: str | None = None,
    today: date | None = None,
    **_other: object,
) -> list[Problem]:
    """What one source says of a life, against what is known already (`died_on`, `last_alive_on`)."""
    day = partial(as_of, as_of_precision)
    born = partial(born_on, born_precision)
    problems = within_life("as_of", day, Label("生存状态", "Vital status"), born=born, today=today)
    if vital is Vital.ALIVE and certainly_before(partial(died_on, died_precision), day):
        problems.append(
            warning("as_of", "已登记死亡，此后却有存活记录", "Alive after a recorded death", CONFLICT)
        )
    if vital is Vital.DEAD and certainly_before(day, last_alive_on):
        problems.append(
            warning("as_of", "死亡日期之后仍有存活记录", "Known alive after this death", CONFLICT)
        )
    if certainly_before(today, complete_until):
        problems.append(
            refusal("complete_until", "名单截止日期在今天之后", "The list ends in the future", FUTURE)
        )
    if cause and not ICD_10.fullmatch(cause):
        problems.append(
            warning("cause", "请写 ICD-10 编码，如 C16.9", "An ICD-10 code, such as C16.9", CAUSE)
        )
    elif cause and vital is not Vital.DEAD:
        problems.append(warning("cause", "没有死亡就没有死因", "No death, no cause of death", CAUSE))
    return problems


def metachronous(index_on: date, found_on: date) -> bool:
    """Whether a further cancer counts as new: found more than 12 months after the first.

    >>> metachronous(date(2023, 3, 1), date(2024, 3, 1)), metachronous(date(2023, 3, 1), date(2024, 3, 2))
    (False, True)
    """
    return (found_on.year - index_on.year, found_on.month, found_on.day) > (1, index_on.month, index_on.day)
