"""Warnings that somebody saw: asked about, accepted with a reason, and kept beside the case."""

from collections.abc import Iterable, Mapping

from registry.models import AcceptedFlag, Examination
from registry.rules.problem import Problem, Unaccepted
from registry.services.unit import Unit


def settle_accepted(
    flags: Iterable[Problem],
    accepted: Iterable[Mapping[str, str]],
    *,
    ask: bool,
    before: Iterable[AcceptedFlag] = (),
) -> list[tuple[Problem, str]]:
    """The flags that were accepted, with the reason; those accepted earlier stay accepted.

    Raises
    ------
    Unaccepted
        With every other flag, if `ask` is true; an import does not ask.
    """
    reasons = {(flag.field, flag.clause): flag.reason for flag in before}
    reasons |= {
        (each["field"], each["clause"]): each["reason"].strip() for each in accepted if each["reason"].strip()
    }
    flags = list(flags)
    open_ones = [flag for flag in flags if (flag.field, flag.key) not in reasons]
    if ask and open_ones:
        raise Unaccepted(open_ones)
    return [(flag, reasons[flag.field, flag.key]) for flag in flags if (flag.field, flag.key) in reasons]


def store(
    unit: Unit, examination: Examination, shown: Iterable[tuple[Problem, str]], *, under: str | None = None
) -> None:
    """Keep accepted flags with the case; those of the case itself that no longer hold are removed."""
    wanted = {(f"{under}-{flag.field}" if under else flag.field, flag.key): reason for flag, reason in shown}
    for row in list(examination.accepted):
        if under is not None or row.field.startswith("report-"):
            continue
        reason = wanted.pop((row.field, row.clause), None)
        if reason is None:
            unit.remove(row)
        elif reason != row.reason:
            unit.edit(row).reason = reason
    for (field, clause), reason in wanted.items():
        unit.add(
            AcceptedFlag(examination=examination, field=field[:60], clause=clause[:120], reason=reason[:200])
        )
