"""The alliance's centres and the people who work there."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.access import ALLIANCE_ROLES, Permission, demand, needs, scope
from registry.codes.alliance import CentreKind, CentrePlace, Role
from registry.forms.page import UNSEEN
from registry.label import LANGUAGES, Label
from registry.queries.staff import alliance
from registry.rules.problem import Invalid, Problem, refusal
from registry.services.staff import accounts
from registry.views import sent
from registry.views.words import tell

bp = Blueprint("admin", __name__, url_prefix="/admin")
NOWHERE: Any = object()


def _code(codes: Any, field: str) -> Any:
    try:
        return codes(request.form.get(field, ""))
    except ValueError:
        raise Invalid([refusal(field, "请选择一项", "Choose one", "required")]) from None


def _centre_fields() -> dict[str, Any]:
    region = request.form.get("region", "").strip()
    if region and not (region.isascii() and region.isdigit() and len(region) == 6):
        raise Invalid([refusal("region", "区划代码是 6 位数字", "The region code has 6 digits", "GB/T 2260")])
    return {
        "name_zh": request.form.get("name_zh", "").strip(),
        "name_en": request.form.get("name_en", "").strip() or None,
        "kind": _code(CentreKind, "kind"),
        "place": _code(CentrePlace, "place"),
        "region": region or None,
    }


@bp.route("/centres", methods=["GET", "POST"])
@needs(Permission.ALLIANCE)
def centres() -> ResponseReturnValue:
    """The member hospitals, and a form for one more."""
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            added = accounts.add_centre(code=request.form.get("code", ""), **_centre_fields())
        except Invalid as wrong:
            problems = wrong.problems
        else:
            tell("done", Label("已添加：%(name)s", "Added: %(name)s") % {"name": added.label})
            return redirect(url_for("admin.centres"))
    page = render_template(
        "staff/centres.html", centres=alliance.centres(), staff=alliance.staff_counts(), problems=problems,
        shown=request.form, kinds=_options(CentreKind), standings=_options(CentrePlace),
    )  # fmt: skip
    return page, 422 if problems else 200


@bp.route("/centres/<int:centre_id>", methods=["GET", "POST"])
@needs(Permission.ALLIANCE)
def centre(centre_id: int) -> ResponseReturnValue:
    """One hospital: its name, kind and place in the alliance, and whether it is active."""
    found = alliance.centre(centre_id) or abort(404)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            accounts.change_centre(
                found,
                seen=sent.chosen("version") or UNSEEN,
                active="active" in request.form,
                **_centre_fields(),
            )
        except Invalid as wrong:
            problems = wrong.problems
        else:
            tell("done", Label("已保存。", "Saved."))
            return redirect(url_for("admin.centres"))
    page = render_template(
        "staff/centre.html", centre=found, problems=problems, kinds=_options(CentreKind),
        standings=_options(CentrePlace),
    )  # fmt: skip
    return page, 422 if problems else 200


@bp.route("/users", methods=["GET", "POST"])
@needs(Permission.ALLIANCE, Permission.CENTRE_USERS)
def users() -> ResponseReturnValue:
    """The accounts that the reader looks after, by centre – `at` opens one –, and a form for one more."""
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            added, password = accounts.add_user(
                username=request.form.get("username", ""),
                name=request.form.get("name", ""),
                roles=[_role()],
                language=request.form.get("language", "zh"),
            )
        except Invalid as wrong:
            problems = wrong.problems
        else:
            return render_template("staff/one_time.html", user=added, password=password), 201
    found = alliance.users()
    page = render_template(
        "staff/users.html", groups=_by_place(found), total=len(found), place_asked=request.args.get("at"),
        problems=problems, shown=request.form, languages_offered=LANGUAGES.items(), **_roles_offered(),
    )  # fmt: skip
    return page, 422 if problems else 200


def _by_place(users: Iterable[Any]) -> list[tuple[str, Label, list[Any]]]:
    """The accounts of each place: its code, its name, who works there. Who works at two is at both."""
    current = scope()
    everywhere = current is not None and Permission.ALLIANCE in current.may
    found: dict[tuple[str, Label], list[Any]] = {}
    for user in users:
        for place in dict.fromkeys(held.centre for held in user.appointments) or [NOWHERE]:
            if everywhere or (current and place is not None and place.id in current.centres):
                found.setdefault(_place(place), []).append(user)
    order = sorted(found, key=lambda place: (place[0] == "none", place[0] != "alliance", place[0]))
    return [(*place, found[place]) for place in order]


def _place(place: Any) -> tuple[str, Label]:
    """The code of a centre and its name; the alliance's own staff come first, who has no role last."""
    if place is NOWHERE:
        return "none", Label("没有角色", "Without a role")
    return (place.code, place.label) if place else ("alliance", Label("联盟", "The alliance"))


@bp.route("/users/<int:user_id>")
@needs(Permission.ALLIANCE, Permission.CENTRE_USERS)
def user(user_id: int) -> ResponseReturnValue:
    """One account: its roles, and what can be done with it."""
    found = _user(user_id)
    return render_template(
        "staff/user.html", user=found, governed=alliance.governed(found), **_roles_offered()
    )


@bp.route("/users/<int:user_id>/appoint", methods=["POST"])
@needs(Permission.ALLIANCE, Permission.CENTRE_USERS)
def appoint(user_id: int) -> ResponseReturnValue:
    """Give a role at a centre, or across the alliance."""
    found = _user(user_id)
    role, centre_id = _role()
    if any(held.role is role and held.centre_id == centre_id for held in found.appointments):
        tell("due", Label("已经有这个角色。", "They have this role already."))
    else:
        accounts.appoint(found, role, centre_id)
        tell("done", Label("角色已给，下次登录起生效。", "Given; in force from the next sign-in."))
    return redirect(url_for("admin.user", user_id=user_id))


@bp.route("/appointments/<int:appointment_id>/end", methods=["POST"])
@needs(Permission.ALLIANCE, Permission.CENTRE_USERS)
def dismiss(appointment_id: int) -> ResponseReturnValue:
    """Take a role away."""
    found = alliance.appointment(appointment_id) or abort(404)
    accounts.dismiss(found)
    tell("done", Label("角色已取消，其登录已结束。", "Taken away; their sessions have ended."))
    return redirect(url_for("admin.users"))


@bp.route("/users/<int:user_id>/reset", methods=["POST"])
@needs(Permission.ALLIANCE, Permission.CENTRE_USERS)
def reset(user_id: int) -> ResponseReturnValue:
    """A one-time password for somebody who lost theirs; shown once."""
    found = _user(user_id)
    return render_template("staff/one_time.html", user=found, password=accounts.reset_password(found))


@bp.route("/users/<int:user_id>/active", methods=["POST"])
@needs(Permission.ALLIANCE, Permission.CENTRE_USERS)
def active(user_id: int) -> ResponseReturnValue:
    """Close an account, or open it again."""
    found = _user(user_id)
    if request.form.get("active") == "no":
        accounts.close_account(found)
        tell("done", Label("账号已停用，其登录已结束。", "Closed; their sessions have ended."))
    else:
        accounts.open_account(found)
        tell("done", Label("账号已启用。", "Open again."))
    return redirect(url_for("admin.user", user_id=user_id))


def _user(user_id: int) -> Any:
    return alliance.user(user_id) or abort(404)


def _role() -> tuple[Role, int | None]:
    """The role asked for, at the reader's own centre, a chosen one, or across the alliance."""
    role = _code(Role, "role")
    current = scope()
    if role in ALLIANCE_ROLES:
        demand(Permission.ALLIANCE)
        return role, None
    if current is not None and Permission.ALLIANCE not in current.may:
        return role, current.centre_id
    chosen = sent.chosen("centre")
    if chosen is None or alliance.centre(chosen) is None:
        raise Invalid([refusal("centre", "请选择中心", "Choose a centre", "required")])
    return role, chosen


def _roles_offered() -> dict[str, Any]:
    current = scope()
    everywhere = current is not None and Permission.ALLIANCE in current.may
    return {
        "roles": [(role.code, role.label) for role in Role if everywhere or role not in ALLIANCE_ROLES],
        "centres": [(one.id, one.label) for one in alliance.centres(active_only=True)] if everywhere else [],
    }


def _options(codes: Any) -> list[tuple[str, Label]]:
    return [(code.code, code.label) for code in codes]
