"""One row of a list of centres, accounts or source codes: what it comes to, by the rules of the forms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.access import ALLIANCE_ROLES, Permission, governs, scope
from registry.codes.alliance import CentreKind, CentrePlace, Role
from registry.codes.code_set import CodeSet
from registry.label import LANGUAGES, Label
from registry.models import Centre, User
from registry.queries.staff import alliance
from registry.rules.problem import Problem, refusal
from registry.services.staff import accounts, source_codes

LIST = Label("名单各行与逐个录入的规则相同", "Rows of a list obey the rules of the forms")
SHEETS = ("centres", "users", "codes")
YES = {"是", "在用", "yes", "y", "1", "true", "active"}
NO = {"否", "停用", "no", "n", "0", "false", "closed"}
_REGION = 6


@dataclass(frozen=True)
class Entry:
    """One row of a list: the sheet it stands on, its line there, and its cells by field."""

    sheet: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return (self.cells.get(name) or "").strip()


@dataclass
class Judged:
    """A row and what it comes to: "new", "updated", "unchanged", or "refused" with problems by field."""

    entry: Entry
    fate: str = "unchanged"
    problems: list[Problem] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)


def judge(entries: Iterable[Entry]) -> list[Judged]:
    """What each row would come to, in the order centres, users, codes; writes nothing."""
    rows = sorted(entries, key=lambda entry: (SHEETS.index(entry.sheet), entry.line))
    known = _Known()
    return [known.judge(entry) for entry in rows]


class _Known:
    """What is stored, and what earlier rows of the same list will have stored."""

    def __init__(self) -> None:
        current = scope()
        self.everywhere = current is not None and Permission.ALLIANCE in current.may
        self.own = current.centre_id if current else None
        self.centres: dict[str, Centre | None] = {one.code: one for one in alliance.centres()}
        self.users: dict[str, User | None] = {one.username: one for one in alliance.users()}
        self.seen: set[tuple[str, ...]] = set()
        self.new: set[str] = set()

    def judge(self, entry: Entry) -> Judged:
        row = Judged(entry)
        {"centres": self.centre, "users": self.user, "codes": self.code}[entry.sheet](row)
        if row.problems:
            row.fate = "refused"
        return row

    def centre(self, row: Judged) -> None:
        if not self.everywhere:
            _say(row, "code", "只有联盟管理员管理中心", "Only the alliance's administrator changes centres")
            return
        code = row.entry["code"]
        if self._twice(row, "centres", code):
            return
        values = row.values = {
            "code": code,
            "name_zh": row.entry["name_zh"],
            "name_en": row.entry["name_en"] or None,
            "kind": _code(row, "kind", CentreKind),
            "place": _code(row, "place", CentrePlace),
            "region": row.entry["region"] or None,
            "active": _yes(row, "active"),
        }
        _needed(row, "code", 20)
        _needed(row, "name_zh", 80)
        if len(row.entry["name_en"]) > 80:
            _say(row, "name_en", "英文名称最多 80 字", "The English name has at most 80 signs")
        region = values["region"]
        if region and not (region.isascii() and region.isdigit() and len(region) == _REGION):
            _say(row, "region", "区划代码是 6 位数字", "The region code has 6 digits")
        stored = self.centres.get(code)
        row.fate = "new" if stored is None else _compared(stored, values)
        if not row.problems:
            self.centres.setdefault(code, None)

    def user(self, row: Judged) -> None:
        entry, username = row.entry, row.entry["username"].casefold()
        role, language = _code(row, "role", Role), _language(row)
        row.values = {
            "username": username, "name": entry["name"], "role": role, "language": language,
            "active": _yes(row, "active"), "centre": self._centre(row, role),
        }  # fmt: skip
        _needed(row, "username", 40)
        _needed(row, "name", 40)
        if any(sign.isspace() for sign in username):
            _say(row, "username", "用户名不含空格", "A user name has no spaces")
        if self._twice(row, "users", username, str(role), row.values["centre"] or ""):
            return
        stored = self.users.get(username)
        if stored is None:
            if username not in self.new and accounts.find_user(username) is not None:
                zh, en = "这个用户名已有人使用，不在您管理的范围", "Somebody elsewhere has this name"
                _say(row, "username", zh, en)
            row.fate = "new"
            if not row.problems:
                self.new.add(username)
        else:
            self._change(row, stored)

    def _change(self, row: Judged, stored: User) -> None:
        """A row about an account that there is: a role more, another name, closed or open."""
        values, current = row.values, scope()
        held = {(one.role, one.centre.code if one.centre else None) for one in stored.appointments}
        differs = _compared(stored, {name: values[name] for name in ("name", "language", "active")})
        if (values["role"], values["centre"]) not in held:
            differs = "updated"
        row.fate = differs
        if differs == "updated" and not governs(current, stored):
            zh, en = "这个账号由联盟管理员修改", "The alliance's administrator changes this account"
            _say(row, "username", zh, en)
        if values["active"] is False and current is not None and current.actor_id == stored.id:
            _say(row, "active", "不能停用自己的账号", "Nobody closes the own account")

    def code(self, row: Judged) -> None:
        entry = row.entry
        kind = source_codes.parsed(entry["kind"])
        if kind is None:
            _say(row, "kind", "类别应为：医师、设备、科室", "The kind is doctor, device or department")
        row.values = {
            "centre": self._centre(row, None), "kind": kind, "code": entry["code"],
            "meaning": entry["meaning"] or None, "username": entry["username"].casefold() or None,
            "active": _yes(row, "active"),
        }  # fmt: skip
        _needed(row, "code", 80)
        if len(entry["meaning"]) > 80:
            _say(row, "meaning", "最多 80 字", "At most 80 signs")
        username = row.values["username"]
        if username and username not in self.users and username not in self.new:
            _say(
                row,
                "username",
                "没有这个用户，请先加在用户表",
                "There is no such user: add them to the users",
            )
        if self._twice(row, "codes", row.values["centre"] or "", str(kind), entry["code"]):
            return
        if not row.problems:
            row.fate = source_codes.compared(self.centres.get(row.values["centre"]), row.values)

    def _centre(self, row: Judged, role: Role | None) -> str | None:
        """The code of the centre that a row means: the own one for a manager, none for alliance roles."""
        told = row.entry["centre"]
        if role in ALLIANCE_ROLES:
            if not self.everywhere:
                _say(row, "role", "联盟角色由联盟管理员给", "The alliance's administrator gives this role")
            elif told:
                _say(row, "centre", "联盟角色不填机构代码", "A role of the alliance has no centre")
            return None
        own = next((code for code, one in self.centres.items() if one and one.id == self.own), None)
        if not told and not self.everywhere:
            return own
        if not told or told not in self.centres:
            _say(row, "centre", "没有这个机构代码", "There is no centre of this code")
        elif not self.everywhere and told != own:
            _say(row, "centre", "只能管理本中心", "Only the own centre may be changed")
        return told or None

    def _twice(self, row: Judged, *key: str) -> bool:
        if key in self.seen:
            _say(row, "row", "与前面的行重复", "The same as an earlier row")
            return True
        self.seen.add(key)
        return False


def _say(row: Judged, name: str, zh: str, en: str) -> None:
    row.problems.append(refusal(name, zh, en, LIST))


def _needed(row: Judged, name: str, longest: int) -> None:
    if not 0 < len(row.entry[name]) <= longest:
        _say(row, name, f"请填写，最多 {longest} 字", f"Needed, at most {longest} signs")


def _code(row: Judged, name: str, codes: type[CodeSet]) -> Any:
    try:
        return codes.parse(row.entry[name])
    except ValueError:
        zh = "、".join(member.label.zh for member in codes)
        en = ", ".join(member.label.en for member in codes)
        _say(row, name, f"应为：{zh}", f"One of: {en}")
        return None


def _language(row: Judged) -> str | None:
    told = row.entry["language"].casefold()
    named = {word.casefold(): code for code, words in LANGUAGES.items() for word in (code, words)}
    if told and told not in named:
        _say(row, "language", "应为：中文、English", "One of: 中文, English")
    return named.get(told)


def _yes(row: Judged, name: str) -> bool | None:
    told = row.entry[name].casefold()
    if told and told not in YES | NO:
        _say(row, name, "应为：是、否", "Yes or no")
    return None if not told else told in YES


def _compared(stored: Any, values: Mapping[str, Any]) -> str:
    """Whether what a row says differs from what is stored; what it leaves empty does not."""
    told = {name: value for name, value in values.items() if value is not None and name != "code"}
    return "updated" if any(getattr(stored, name) != value for name, value in told.items()) else "unchanged"
