"""Signing in and out, the set-up of a fresh registry, the lock screen, places, and one's own account."""

from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from registry.access import needs, open_to_all
from registry.label import LANGUAGES, Label
from registry.rules.passwords import PROFILES
from registry.rules.problem import Invalid, Problem, refusal
from registry.services.staff import accounts
from registry.services.staff import sign_in as signing
from registry.views.guard import landing
from registry.views.words import tell

bp = Blueprint("sign_in", __name__)


def local(address: str | None) -> str | None:
    """An address of our own to go back to; None for anything that leads elsewhere."""
    plain = address is not None and address.isprintable() and "\\" not in address
    if plain and address and address.startswith("/") and not address.startswith("//"):
        return address.rstrip("?")
    return None


def _wrong() -> list[Problem]:
    """The same words whether the name, the password or neither was right but the name is locked."""
    minutes, allowed = current_app.config["LOCKOUT_MINUTES"], current_app.config["FAILURES_ALLOWED"]
    return [
        refusal(
            "password",
            f"用户名或密码不对。连错 {allowed} 次后，该用户名锁定 {minutes} 分钟。",
            f"The name or the password is wrong. After {allowed} failures it locks for {minutes} minutes.",
            "sign-in",
        )
    ]


def _carry(cookie: str) -> None:
    """Give the browser a session with nothing from before."""
    session.clear()
    session[signing.COOKIE] = cookie


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to_all
def sign_in() -> ResponseReturnValue:
    """Name and password; the cookie is new."""
    if accounts.none_yet():
        return redirect(url_for("sign_in.setup"))
    back = local(request.values.get("back")) or ""
    problems: list[Problem] = []
    if request.method == "POST":
        username, password = request.form.get("username", ""), request.form.get("password", "")
        if g.seat is not None:
            signing.end(g.seat)
        try:
            user_id = signing.attempt(username, password)
        except signing.Refused:
            problems = _wrong()
        else:
            _carry(signing.enter(user_id))
            several = len(signing.places_of(user_id)) > 1
            return redirect(
                url_for("sign_in.places", back=back or None) if several else back or url_for("sign_in.start")
            )
    elif g.seat is not None and not g.seat.locked:
        return redirect(landing())
    page = render_template("sign_in/form.html", problems=problems, back=back, shown=request.form)
    return page, 401 if problems else 200


@bp.route("/start")
@needs()
def start() -> ResponseReturnValue:
    """To the page that the reader's work begins on."""
    return redirect(landing())


@bp.route("/setup", methods=["GET", "POST"])
@open_to_all
def setup() -> ResponseReturnValue:
    """The first administrator of a fresh registry, by the code printed in the terminal."""
    if not accounts.none_yet():
        return redirect(url_for("sign_in.sign_in"))
    problems: list[Problem] = []
    if request.method == "POST":
        given = {name: request.form.get(name, "") for name in ("username", "name", "password")}
        try:
            if request.form.get("password") != request.form.get("again"):
                raise Invalid([_unlike()])
            user_id = accounts.first_administrator(request.form.get("code", ""), **given)
        except Invalid as wrong:
            problems = wrong.problems
        else:
            _carry(signing.enter(user_id))
            tell("done", Label("管理员账号已建立。下一步：添加成员中心和用户。",
                        "The administrator's account is made. Next: add centres and users."))  # fmt: skip
            return redirect(url_for("admin.centres"))
    page = render_template("sign_in/setup.html", problems=problems, shown=request.form, rule=_password_rule())
    return page, 422 if problems else 200


@bp.route("/lock", methods=["GET", "POST"])
@open_to_all
def lock() -> ResponseReturnValue:
    """The locked screen; opens on the password, and goes back to where one was."""
    if g.seat is None:
        return redirect(url_for("sign_in.sign_in"))
    back = local(request.values.get("back")) or ""
    held, problems = request.form.get("held", ""), []
    if not g.seat.locked:
        return redirect(back or landing())
    if request.method == "POST":
        try:
            signing.unlock(g.seat, request.form.get("password", ""))
        except signing.Refused:
            problems = _wrong()
        else:
            if held and (kept := signing.release(g.seat, held)) is not None:
                path, fields = kept
                fields = [(name, value) for name, value in fields if name != "csrf_token"]
                return render_template("sign_in/held.html", path=local(path) or "/", fields=fields)
            return redirect(back or url_for("sign_in.start"))
    page = render_template("sign_in/lock.html", seat=g.seat, held=held, back=back, problems=problems)
    return page, 401 if problems else 200


@bp.route("/lock/now", methods=["POST"])
@needs()
def lock_now() -> ResponseReturnValue:
    """Lock the screen when leaving the desk."""
    signing.lock(g.seat)
    return redirect(url_for("sign_in.lock", back=local(request.form.get("back")) or None))


@bp.route("/sign-out", methods=["POST"])
@open_to_all
def leave() -> ResponseReturnValue:
    """End the session; its cookie opens nothing any more."""
    if g.seat is not None:
        signing.end(g.seat)
    session.clear()
    tell("done", Label("已退出。", "You are signed out."))
    return redirect(url_for("sign_in.sign_in"))


@bp.route("/places")
@needs()
def places() -> ResponseReturnValue:
    """Where the reader may act: one place at a time."""
    return render_template("sign_in/places.html", seat=g.seat, back=local(request.args.get("back")) or "")


@bp.route("/places", methods=["POST"])
@needs()
def choose() -> ResponseReturnValue:
    """Go on at another place, in a new session."""
    chosen = request.form.get("centre", "")
    try:
        cookie = signing.move(g.seat, int(chosen) if chosen else None)
    except (signing.Refused, ValueError):
        abort(404)
    _carry(cookie)
    return redirect(local(request.form.get("back")) or url_for("sign_in.start"))


@bp.route("/language", methods=["POST"])
@open_to_all
def speak() -> ResponseReturnValue:
    """Read on in the other language; remembered for who is signed in."""
    wanted = request.form.get("language", "")
    if wanted in LANGUAGES:
        session["language"] = wanted
        if g.seat is not None and g.seat.scope is not None and not g.seat.locked:
            accounts.speak(g.seat.user_id, wanted)
    return redirect(local(request.form.get("back")) or url_for("sign_in.start"))


@bp.route("/me")
@needs()
def me() -> ResponseReturnValue:
    """One's own account."""
    return render_template("sign_in/me.html", seat=g.seat, **_password_page([]))


@bp.route("/me/password", methods=["GET", "POST"])
@needs()
def password() -> ResponseReturnValue:
    """Choose a new password: after a one-time one, before anything else."""
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            if request.form.get("password") != request.form.get("again"):
                raise Invalid([_unlike()])
            accounts.choose_password(
                g.seat.user_id,
                current=request.form.get("current", ""),
                password=request.form.get("password", ""),
                keep_session=g.seat.token,
            )
        except Invalid as wrong:
            problems = wrong.problems
        else:
            tell("done", Label("密码已更换，其他登录都已结束。", "Changed; every other session has ended."))
            return redirect(url_for("sign_in.start"))
    page = render_template("sign_in/password.html", seat=g.seat, **_password_page(problems))
    return page, 422 if problems else 200


def _password_page(problems: list[Problem]) -> dict[str, Any]:
    return {"problems": problems, "rule": _password_rule()}


def _password_rule() -> Label:
    return PROFILES[current_app.config["PASSWORD_PROFILE"]]


def _unlike() -> Problem:
    return refusal("again", "两次输入的密码不一样", "The two passwords differ", "again")
