"""A closed month from which a sample was drawn, one case entered again and three waiting; two signals."""

from datetime import timedelta

from registry.codes.integrity import IntegrityKind
from registry.label import Label
from registry.queries.review import integrity as asked
from registry.queries.review import reabstraction as queries
from registry.reports.papers.periods import days_of, last_full
from registry.rules.integrity import Look, Signal
from registry.services.review import integrity, reabstraction
from registry.services.values import today

MONTH = last_full("monthly", today())


def before_closing(book, person):
    """Four examinations of the month that is going to be closed."""
    day = days_of("monthly", MONTH)[0]
    for number in range(4):
        facts = {"caecum_reached": True, "withdrawal_min": 7, "bbps_total": 7, "sedation": "none"}
        book.examine(person, f"{day + timedelta(number)}", kind="colonoscopy", number=f"JC-{number}", **facts)


def entered_again(acting, alliance):
    """Ids of a case that waits and of one that was entered and differs; signals are kept beside them."""
    first, last = days_of("monthly", MONTH)
    said = Label("60 次中 45 次为 6 分钟：P < 0.001。", "Of 60 withdrawals, 45 took 6 minutes: P < 0.001.")
    who = alliance.user("endoscopist", "city")
    with acting("quality_reviewer", None):
        reabstraction.draw(MONTH, share=100, seed="every page")
        done = queries.waiting()[0]
        reabstraction.enter(queries.one(done), values={"caecum_reached": False, "withdrawal_min": 5.0})
        waiting = queries.waiting()[0]
        integrity.raise_signals(
            Signal(kind, alliance.city.id, who, first, last, 45, 60, 0.0001, Look.STANDS_OUT, said)
            for kind in (IntegrityKind.SIX_MINUTES, IntegrityKind.LATE_ENTRY)
        )
    with acting("endoscopist", "city"):
        integrity.answer(asked.own()[0], comment="timer")
    return [waiting, done]
