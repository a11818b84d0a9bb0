"""Signals in the records: kept once, answered by the person whom they are about, who reads them first."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask import current_app

from registry.access import Forbidden, Permission, demand, scope
from registry.label import Label
from registry.models import IntegritySignal
from registry.queries.review import integrity as queries
from registry.rules.identity import holds_number
from registry.rules.integrity import Signal, worth_raising
from registry.rules.problem import Invalid, refusal
from registry.services.unit import change

WORDS = Label("答复写一句话即可", "An answer is a sentence")
NAMELESS = Label("不写能认出受检者的内容", "Nothing that names a patient")


def raise_signals(found: Sequence[Signal]) -> int:
    """Keep those that stand out and are new; asked again, it keeps nothing. Gives how many.

    Raises
    ------
    access.Forbidden
        For whoever does not keep the review's record.
    """
    demand(Permission.REVIEW)
    kept = 0
    with change("integrity.raise") as unit:
        for one in found:
            if not worth_raising(one, queries.earlier(one.kind, one.centre_id, one.operator_id)):
                continue
            unit.add(
                IntegritySignal(
                    centre_id=one.centre_id,
                    operator_id=one.operator_id,
                    kind=one.kind,
                    first_on=one.first,
                    last_on=one.last,
                    counted=one.counted,
                    known=one.known,
                    p=one.p,
                    said_zh=one.said.zh,
                    said_en=one.said.en,
                    mark=one.mark,
                    raised_at=datetime.now(UTC),
                )
            )
            unit.session.flush()
            kept += 1
    return kept


def answer(signal: IntegritySignal, *, comment: str | None, seen: int | None = None) -> None:
    """What the person says to it; from then on the centre's manager reads both.

    Raises
    ------
    Invalid
        Without words, or with an identity number in them.
    Overtaken
        When it was answered in another window since `seen`.
    access.Forbidden
        For everybody else.
    """
    current = scope()
    if current is None or current.actor_id is None or current.actor_id != signal.operator_id:
        raise Forbidden("only the person whom it is about answers")
    text = (comment or "").strip()
    problems = []
    if not text:
        problems.append(refusal("comment", "请写一句话", "Please write a sentence", WORDS))
    elif holds_number(text):
        zh = "文中像是有证件号码，请去掉，写检查号即可"
        en = "There seems to be an identity number in it: take it out, the examination number will do"
        problems.append(refusal("comment", zh, en, NAMELESS))
    if problems:
        raise Invalid(problems)
    with change("integrity.answer", seen=seen, root=signal) as unit:
        unit.edit(signal)
        signal.comment, signal.commented_at = text, signal.commented_at or datetime.now(UTC)


def delay_days() -> int:
    """After how many days others than the person may know, answered or not."""
    return int(current_app.config["INTEGRITY_DELAY_DAYS"])


def raised_before() -> datetime:
    """What was raised up to then may be known to others, answered or not."""
    return datetime.now(UTC) - timedelta(days=delay_days())
