"""What readers of aggregates are told of survival: groups of a release, as they were counted and let go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.label import Label
from registry.queries.releases import survival as query
from registry.queries.releases.survival import ALL, KINDS, Members
from registry.queries.releases.tables import STATES
from registry.reports.survival.disclosed import Guarded, said
from registry.reports.survival.method import Refused, Wanted

OF_SITES = Label(
    "请在“部位”中选一个器官（结肠与直肠合为结直肠）：全部部位只按器官分组，更细的部位不公开，否则由两表之差可推知个人。",
    "Choose one organ as the site, colon and rectum together: all sites are divided by organ only, and finer "
    "sites are not shown, or the difference of two tables would tell of few.",
)
NOT_REMEMBERED = Label(
    "此方法的结果未作为发布记住，不对汇总数据使用者开放：相隔几个月的两次结果之差会透露个人。请用总生存或死因别累积发生率。",
    "What this method gives is not remembered as a release, so it is not for readers of aggregates: two "
    "answers months apart would tell of one person. Overall survival and deaths by cause are.",
)


class Unremembered(LookupError):
    """Nobody has asked for this since survival was last counted: `services.releases.survival` lets it go.

    `wanted` is what `release_survival` takes.
    """

    def __init__(self, wanted: tuple[bool, str, str, tuple[str, ...]]) -> None:
        super().__init__(f"not released yet: {wanted}")
        self.wanted = wanted


@dataclass(frozen=True, eq=False)
class Told:
    """The groups as they were counted, for each kind what may be said of each group, and up to which day."""

    groups: list[Members]
    may: list[list[Guarded]]
    until: date


def remembered(wanted: Wanted, selection: Mapping[str, Any], kinds: Sequence[str] = KINDS[:1]) -> Told:
    """The groups of a question as they left.

    Parameters
    ----------
    wanted : Wanted
        Its `by` and `smallest`.
    selection : mapping
        Of `queries.survival.by_days.followed` only site, invasive and role.
    kinds : sequence of str
        Whose tables at risk are needed.

    Raises
    ------
    Unremembered
        If some of it has not left.
    Refused
        For a site, or a division of one, that is not offered.
    """
    site = (selection.get("site") or ALL).strip().casefold()
    invasive = bool(selection.get("invasive", True))
    table = query.table_called(wanted.by, selection.get("role", "detecting"))
    if not query.offered(table, site):
        raise Refused(OF_SITES)
    found = query.remembered(invasive, table, site, kinds, wanted.smallest)
    if found is None:
        raise Unremembered((invasive, table, site, tuple(kinds)))
    may = [
        [said([STATES[letter] for letter in letters[one.group.code]]) for one in found.groups]
        for letters in found.letters
    ]
    return Told(found.groups, may, found.until)
