"""In words: when survival starts, and until when somebody counts as observed."""

from registry.label import Label
from registry.queries.survival import by_days as query


def start_and_end(invasive: bool) -> tuple[Label, Label]:
    """When survival starts, and until when somebody counts as observed."""
    if invasive:
        start = Label(
            "首次证实浸润癌的组织取材日；登记病例无组织记录者用发病日期",
            "The day the tissue was taken that first proved invasive cancer; the incidence date of "
            "registered cases without it",
        )
    else:
        start = Label(
            "首次证实高级别瘤变或原位癌的组织取材日",
            "The day the tissue was taken that first proved high-grade neoplasia or Tis",
        )
    first, last, some_without = query.death_lists()
    if last is None:
        return start, Label("末次确知存活日（无死因库比对）", "Last known alive; no death list was linked")
    days = {"first": first, "last": last}
    if not some_without and first == last:
        return start, Label(
            "死因库比对截止日 %(last)s", "The closing date of the linked death list, %(last)s"
        ) % days
    return start, Label(
        "有死因库比对者至比对截止日（%(first)s 至 %(last)s），其余至末次确知存活日",
        "The closing date of the death list where one was linked (%(first)s to %(last)s), last known alive "
        "otherwise",
    ) % days
