"""Drawing a sample of a closed month, and entering its cases again from the papers.

Neither touches the record: what was first entered stays, and is corrected in the ordinary form.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from registry.access import Forbidden, Permission, demand, may, scope
from registry.label import Label
from registry.models import Examination, ReabstractedField, Reabstraction, ReabstractionSample
from registry.queries.review import ledger
from registry.queries.review import reabstraction as queries
from registry.queries.review.reabstraction_fields import BY_KEY, fields_of, kept
from registry.rules.problem import Invalid, refusal
from registry.rules.sampling import METHOD, drawn
from registry.services.review.closed_months import days_of
from registry.services.unit import change

SHARE, LEAST = 5.0, 10  # per cent of a centre's month, and at least so many where there are so many
LONGEST_SEED = 64
ONCE = Label("封存后的月份抽取一次", "A month that is closed is drawn from once")
BLIND = Label("再次录入须由另一人、不看原记录", "The second entry is made by somebody else, blind")
FILLED = Label("再次录入须有内容", "A second entry says something")


def draw(
    month: str, *, share: float = SHARE, least: int = LEAST, seed: str | None = None
) -> list[ReabstractionSample]:
    """Draw a sample of every centre's examinations of a closed month, and keep what the record says of them.

    Parameters
    ----------
    month : str
        "2026-10", closed before.
    share : float
        Per cent of a centre's examinations, above 0 and up to 100.
    least : int
        So many of each centre at least, or all where there are fewer.
    seed : str or None
        What the draw follows from; a random one unless given. It is recorded.

    Returns
    -------
    list of ReabstractionSample
        One for each centre that the month was closed for.

    Raises
    ------
    Invalid
        When the month is not closed, was drawn from, or share, least or seed are out of bounds.
    access.Forbidden
        For whoever does not keep the review's record.
    """
    demand(Permission.REVIEW)
    seed = secrets.token_hex(8) if seed is None else seed
    problems = []
    if not 0 < share <= 100:
        problems.append(refusal("share", "比例应大于 0、至多 100", "A share is above 0, up to 100", ONCE))
    if not 0 <= least <= 1000:
        problems.append(refusal("least", "应在 0–1000 之间", "Must be within 0–1000", ONCE))
    if not seed or len(seed) > LONGEST_SEED:
        problems.append(refusal("seed", "种子为 1–64 字", "A seed has 1 to 64 characters", ONCE))
    days, closed = days_of(month), ledger.closed(month)
    if days is None or not closed:
        problems.append(refusal("month", "请先封存这个月", "Close this month first", ONCE))
    if days is None or problems:
        raise Invalid(problems)
    found = []
    with change("reabstraction.draw") as unit:
        if month in queries.drawn_months():
            raise Invalid([refusal("month", "这个月已经抽过", "This month has been drawn from", ONCE)])
        for house in sorted(closed, key=lambda one: one.centre_id):
            ids = queries.population(house.centre_id, *days)
            chosen = drawn(ids, seed=seed, share=share, least=least)
            cases = queries.cases(chosen)
            values = {case_id: _values(cases[case_id]) for case_id in chosen}
            sample = ReabstractionSample(
                centre_id=house.centre_id,
                month=month,
                share=share,
                least=least,
                population=len(ids),
                size=len(chosen),
                seed=seed,
                method=METHOD,
                digest=_digest(chosen, values),
                drawn_at=datetime.now(UTC),
            )
            unit.add(sample)
            unit.session.flush()
            rows = [
                Reabstraction(
                    reabstraction_sample_id=sample.id,
                    centre_id=house.centre_id,
                    examination_id=case_id,
                    place=place,
                )
                for place, case_id in enumerate(chosen, start=1)
            ]
            unit.index(add=rows)  # the digest stands in the trail for all of them
            unit.session.flush()
            unit.index(
                add=[
                    ReabstractedField(
                        reabstraction_id=row.id, centre_id=house.centre_id, field=key, first=first
                    )
                    for row in rows
                    for key, first in values[row.examination_id].items()
                ]
            )
            found.append(sample)
    return found


def _values(case: Examination) -> dict[str, str | None]:
    return {one.key: kept(one.first(case)) for one in fields_of(case)}


def _digest(chosen: Sequence[int], values: Mapping[int, Mapping[str, str | None]]) -> str:
    """SHA-256 over every first value, in the order of the draw."""
    lines = (
        f"{case_id}|{key}|{'' if first is None else first}\n"
        for case_id in chosen
        for key, first in values[case_id].items()
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def may_enter(again: Reabstraction) -> bool:
    """Whether who acts may enter this case again: somebody of the house or of the quality centre, blind."""
    return _in_place(again) and again.examination_id not in queries.knows([again.examination_id])


def _in_place(again: Reabstraction) -> bool:
    current = scope()
    if current is None:
        return False
    return may(Permission.REVIEW) or (again.centre_id in current.centres and may(Permission.WRITE))


def enter(
    again: Reabstraction, *, values: Mapping[str, Any], papers_missing: bool = False, seen: int | None = None
) -> None:
    """Keep what somebody else reads on the papers; the record stays as it is.

    Parameters
    ----------
    values : mapping
        By the fields' keys; None for what the papers do not say.
    papers_missing : bool
        The papers cannot be found: then nothing else is said.

    Raises
    ------
    Invalid
        When it was entered already, by nobody blind, or says nothing.
    Overtaken
        When somebody else was faster since `seen`.
    access.Forbidden
        For who is neither of the house nor of the quality centre.
    KeyError
        For a field that is not asked.
    """
    if not _in_place(again):
        raise Forbidden("a case is entered again at its own centre or at the quality centre")
    with change("reabstraction.enter", seen=seen, root=again) as unit:
        if again.entered_at is not None:
            raise Invalid([refusal("case", "这份已经录入", "This one has been entered", ONCE)])
        if again.examination_id in queries.knows([again.examination_id]):
            told = "您做过、录过、改过或看过这份检查，请由别人录入"
            english = "You did, entered, changed or opened this examination: leave it to somebody else"
            raise Invalid([refusal("case", told, english, BLIND)])
        rows = {row.field: row for row in again.fields}
        texts = {key: kept(values[key]) for key in values}
        if not papers_missing and not any(texts.values()):
            told = "请至少填一项，或勾选“找不到原始资料”"
            english = "Fill in one field at least, or tick that the papers cannot be found"
            raise Invalid([refusal(next(iter(rows), "case"), told, english, FILLED)])
        unit.edit(again)
        current = scope()
        again.entered_by_id = current.actor_id if current else None
        again.entered_at, again.papers_missing = datetime.now(UTC), papers_missing
        for key, text in texts.items():
            row = rows[key]
            if not papers_missing and text is not None:
                unit.edit(row).second = text


def differing(again: Reabstraction) -> list[ReabstractedField]:
    """The fields of a second entry in which it does not agree with the first."""
    return [
        row
        for row in again.fields
        if row.field in BY_KEY
        and row.first != row.second
        and (row.first is None or row.second is None or not BY_KEY[row.field].agree(row.first, row.second))
    ]
