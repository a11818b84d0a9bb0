"""When something seen in a chart is worth an alert: once, and never twice for the same months."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from registry.codes.review import AlertChart
from registry.label import Label


@dataclass(frozen=True)
class Alarm:
    """One group on one side of an indicator: where it was seen, by which rule, over which days."""

    indicator: str
    edition: str
    centre_id: int
    operator_id: int | None
    chart: AlertChart
    rule: str
    first: date
    last: date
    said: Label

    @property
    def subject(self) -> tuple[str, int, int | None]:
        """Whom it is about: one indicator of a centre, or of an endoscopist there."""
        return self.indicator, self.centre_id, self.operator_id

    @property
    def mark(self) -> str:
        """What the signal is known by."""
        return f"{self.indicator}|{self.centre_id}|{self.operator_id or 0}|{self.last}"


@dataclass(frozen=True)
class Earlier:
    """An alert that was raised: the last day of what was seen, and the day on which it ended, if it has."""

    last: date
    ended: date | None


def worth_raising(alarm: Alarm, earlier: Iterable[Earlier]) -> bool:
    """Whether a signal is new, given the alerts there were about the same subject.

    While one is open there is no other. Once it has ended only what lies wholly after the days it was
    about counts, and only if it goes on beyond the day on which it ended: nobody answers twice for the
    same months.
    """
    return all(one.ended is not None and alarm.first > one.last and alarm.last > one.ended for one in earlier)


def one_each(alarms: Sequence[Alarm]) -> list[Alarm]:
    """The alarms with one for each subject: the latest, and of those the one that stands first."""
    chosen: dict[tuple[str, int, int | None], Alarm] = {}
    for alarm in alarms:
        known = chosen.get(alarm.subject)
        if known is None or alarm.last > known.last:
            chosen[alarm.subject] = alarm
    return list(chosen.values())
