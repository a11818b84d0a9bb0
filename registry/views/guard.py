"""Before every page: who asks, from where, and whether the page is for them; after it: the headers.

A view says with `@needs` or `@open_to_all` what it demands; one that says nothing is an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue

from registry import keyring
from registry.access import Forbidden, Permission, Scope, act_as, act_as_nobody, open_to_all, scope
from registry.label import LANGUAGES, Label, language
from registry.queries.lists.worklists import to_do
from registry.services.staff import sign_in
from registry.services.values import today
from registry.views import failures, sent

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}
NUMBERS = (Permission.RATES, Permission.BENCHMARK, Permission.AGGREGATE)
SECTIONS: tuple[tuple[str, Label, tuple[Permission, ...]], ...] = (
    ("people.find", Label("录入", "Entry"), (Permission.WRITE,)),
    ("home.home", Label("待办", "To do"), (Permission.WRITE,)),
    ("imports.index", Label("导入", "Import"), (Permission.IMPORT,)),
    ("quality.rates", Label("质量", "Quality"), NUMBERS),
    ("survival.curves", Label("生存", "Survival"), NUMBERS),
    ("casebook.find", Label("病例", "Cases"), (Permission.READ,)),
    ("admin.users", Label("管理", "Admin"), (Permission.ALLIANCE, Permission.CENTRE_USERS)),
    ("trail.show", Label("审计", "Trail"), (Permission.AUDIT,)),
    ("reference.codebook", Label("字典", "Codebook"), ()),
)
# For those who may not open names; who may, finds a case by its person.
UNNAMED = {"casebook.find"}
# Pages that stand under another section than their own blueprint's.
UNDER = {
    **dict.fromkeys(
        ("day", "worklists", "pathology_list", "readings", "doubles", "questions", "inquiries"), "home"
    ),
    **dict.fromkeys(
        (
            *("funnel", "charts", "compared", "indicators", "papers", "card", "alerts", "months"),
            *("releases", "first_table", "data_quality", "again", "integrity"),
        ),
        "quality",
    ),
    "life_tables": "survival",
}
# Where somebody whose password must be changed, or who has no place yet, may still go.
ANYWAY = {
    "sign_in.me",
    "sign_in.places",
    "sign_in.choose",
    "sign_in.password",
    "sign_in.leave",
    "sign_in.speak",
}
# What a page asks by itself: nobody is at the keyboard, so the screen's idle minutes run on.
BY_ITSELF = {"imports.progress"}


class Undeclared(RuntimeError):
    """A view does not say what it needs."""


@dataclass(frozen=True)
class Section:
    """One entry of the row under the bar."""

    label: Label
    address: str
    here: bool
    count: int | None = None


class CookieInterface(SecureCookieSessionInterface):
    """Cookies that only travel encrypted, except on this machine itself: see docs/decisions."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return bool(app.config["SESSION_COOKIE_SECURE"]) and not on_this_machine()


def on_this_machine() -> bool:
    """Whether the browser talks to this very computer, with nothing in between."""
    if request.is_secure or request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        return False
    try:
        near = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return near and urlsplit(f"//{request.host}").hostname in LOOPBACK_NAMES


def admit() -> ResponseReturnValue | None:
    """Open the scope and the key ring of who asks, and turn away who may not see this page."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and not hasattr(view, "needs"):
        raise Undeclared(f"the view {request.endpoint} does not say what it needs")
    if request.endpoint == "static":
        return None
    sent.check()
    seat = sign_in.find(session.get(sign_in.COOKIE))
    g.seat = seat
    _speak(seat)
    if seat is None or seat.locked or seat.scope is None:
        act_as_nobody()
    else:
        act_as(seat.scope)
    if view is None or view.needs is None:
        return None
    if seat is None:
        return _ask_to_sign_in()
    if seat.locked:
        return _ask_to_unlock(seat)
    if request.endpoint not in ANYWAY:
        if seat.provisional:
            return redirect(url_for("sign_in.password"))
        if seat.scope is None:
            return redirect(url_for("sign_in.places"))
    if request.endpoint not in BY_ITSELF:
        sign_in.touch(seat)
    if view.needs and not any(permission in seat.scope.may for permission in view.needs if seat.scope):
        if request.endpoint == "home.home":
            return redirect(landing())
        raise Forbidden(f"{request.endpoint} is not for this role")
    return None


def _speak(seat: sign_in.Seat | None) -> None:
    wanted = seat.language if seat else session.get("language")
    language.set(wanted or request.accept_languages.best_match([*LANGUAGES, "zh-CN"], "zh")[:2])


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.method in ("GET", "HEAD") and not failures.wants_json():
        return redirect(url_for("sign_in.sign_in", back=request.path))
    return failures.page(401)


def _ask_to_unlock(seat: sign_in.Seat) -> ResponseReturnValue:
    if failures.wants_json():
        return failures.page(423)
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("sign_in.lock", back=request.path))
    held = sign_in.hold(seat, request.full_path, [*request.form.items(multi=True)])
    return render_template("sign_in/lock.html", seat=seat, held=held, back="", problems=[]), 423


def landing() -> str:
    """The page that somebody's work begins on."""
    addresses = [section.address for section in _sections({})]
    home = _address("home.home") if may("write") else None
    return home if home in addresses else next(iter(addresses), url_for("sign_in.me"))


def _address(endpoint: str) -> str | None:
    return url_for(endpoint) if endpoint in current_app.view_functions else None


def sections() -> list[Section]:
    """The sections that the reader's role can use, in their order, with what is to be done in them."""
    current = scope()
    counted = current is not None and Permission.WRITE in current.may and not g.get("failed")
    return _sections({"home.home": to_do(today=today())} if counted else {})


def _sections(counts: Mapping[str, int]) -> list[Section]:
    current = scope()
    if current is None:
        return []
    found = []
    for endpoint, label, needed in SECTIONS:
        if endpoint in UNNAMED and Permission.IDENTIFY in current.may:
            continue
        if (address := _address(endpoint)) and (not needed or any(one in current.may for one in needed)):
            at = _under(current)
            found.append(Section(label, address, at == endpoint.partition(".")[0], counts.get(endpoint)))
    return found


def _under(current: Scope) -> str | None:
    """The section of this page; what both sides read stands with a reviewer's own pages."""
    at = UNDER.get(request.blueprint or "", request.blueprint)
    return "quality" if at == "home" and Permission.WRITE not in current.may else at


def may(permission: str) -> bool:
    """Whether the reader holds a permission, by its name."""
    current = scope()
    return current is not None and Permission(permission) in current.may


def words() -> dict[str, Any]:
    """What every template knows of the reader."""
    seat: sign_in.Seat | None = g.get("seat")
    current = scope()
    return {
        "scope": current,
        "place": seat.place.label if seat and seat.place and current else None,
        "actor_name": seat.name if seat else None,
        "may": may,
        "sections": sections,
        "demo": current_app.config["DEMO"],
        "insecure": current_app.config["INSECURE_HTTP"],
        "lock_minutes": current_app.config["LOCK_MINUTES"],
    }


def finish(response: Response) -> Response:
    """Put the security headers on every answer; nothing but static files may be stored."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "public, max-age=86400"
    else:
        response.headers["Cache-Control"] = "no-store"
    if not current_app.config["INSECURE_HTTP"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def leave_nothing_open(_error: BaseException | None = None) -> None:
    """Close the key ring when the request ends: the next one on this thread is somebody else's."""
    keyring.use(None)
    language.set("zh")


def join(app: Flask) -> None:
    """Stand before and behind every page."""
    app.session_interface = CookieInterface()
    open_to_all(app.view_functions["static"])
    app.before_request(admit)
    app.after_request(finish)
    app.teardown_request(leave_nothing_open)
    app.context_processor(words)
