"""The pages that say what went wrong, what is safe and what to do now; and a log that names nobody."""

import logging
import traceback

from flask import Flask, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from registry.access import Forbidden
from registry.label import Label
from registry.reports.first_table import Unasked
from registry.reports.rates.released import Unreleased
from registry.reports.survival.remembered import Unremembered
from registry.rules.problem import Invalid
from registry.services.releases.first_table import release_first_table
from registry.services.releases.making import release
from registry.services.releases.survival import release_survival
from registry.services.unit import Overtaken

NOTHING = Label("什么都没有改动。", "Nothing was changed.")
# Code → what happened, what is safe, what to do now.
WORDS = {
    400: (
        Label("请求不完整", "The request was incomplete"),
        NOTHING,
        Label(
            "可能是页面开得太久。请返回上一页，刷新后再试一次；草稿还在。",
            "The page may have been open too long. Go back, reload and try once more; your draft is kept.",
        ),
    ),
    401: (
        Label("登录已结束", "You are signed out"),
        NOTHING,
        Label("请重新登录；草稿还在。", "Please sign in again; your draft is kept."),
    ),
    403: (
        Label("您的角色不能看这一页", "This page is not for your role"),
        NOTHING,
        Label(
            "若工作需要，请向本中心管理员申请，或换一个工作地点。",
            "If your work needs it, ask your centre's manager, or change to another place.",
        ),
    ),
    404: (
        Label("没有这一页", "There is no such page"),
        Label("记录可能在别的中心，或已移走。", "The record may be another centre's, or may have moved."),
        Label("请从上方查找，或回到首页。", "Search above, or go to the start page."),
    ),
    405: (
        Label("不能这样打开这一页", "This page is not opened this way"),
        NOTHING,
        Label("请回到首页再试。", "Start again from the start page."),
    ),
    409: (
        Label("这份记录刚被别人改过", "Somebody else has just changed this record"),
        Label("您的改动没有保存，别人的改动还在。", "Your change was not saved; theirs is kept."),
        Label("请打开记录，看过之后再改。", "Open the record, read it, then change it."),
    ),
    410: (
        Label("这一页已经失效", "This page has expired"),
        NOTHING,
        Label("请重新申请。", "Please ask for it again."),
    ),
    413: (
        Label("内容太大", "This is too large"),
        NOTHING,
        Label("请分成几份再送。", "Send it in smaller parts."),
    ),
    422: (
        Label("内容有矛盾，没有保存", "The values contradict each other and were not saved"),
        NOTHING,
        Label("请返回上一页，核对后再保存。", "Go back, check them and save again."),
    ),
    423: (
        Label("屏幕已锁定", "The screen is locked"),
        Label("草稿还在。", "Your draft is kept."),
        Label("请输入密码解锁。", "Give your password to open it."),
    ),
    429: (
        Label("请求太多", "Too many requests"),
        NOTHING,
        Label("请稍等一会儿再试。", "Wait a little and try again."),
    ),
    500: (
        Label("系统出错了", "Something went wrong here"),
        Label(
            "已保存的记录都完好；这一次的改动没有保存。", "What was saved is safe; this change was not saved."
        ),
        Label(
            "请再试一次；若仍不行，请告诉管理员时间和正在做的事。",
            "Try once more; if it fails again, tell the administrator when it was and what you were doing.",
        ),
    ),
}


def wants_json() -> bool:
    """Whether a script asks, not somebody who reads."""
    return request.is_json or request.accept_mimetypes.best == "application/json"


def page(code: int) -> ResponseReturnValue:
    """Title, what is safe, what to do: as a page, or as JSON for a script; the database is left alone."""
    g.failed = True
    title, safe, next_step = WORDS.get(code, WORDS[500 if code >= 500 else 400])
    if wants_json():
        return jsonify(status=code, title=str(title), safe=str(safe), next=str(next_step)), code
    return render_template("failure.html", code=code, title=title, safe=safe, next_step=next_step), code


def _of_http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    return error.get_response() if code < 400 else page(code)


def _released_now(asked: Unreleased) -> ResponseReturnValue:
    """The first who asks for something lets it go; then the page is made again, with it."""
    for year, keys, part in asked.wanted:
        release(year, keys, part)
    try:
        return current_app.ensure_sync(current_app.view_functions[str(request.endpoint)])(
            **(request.view_args or {})
        )
    except Unreleased as more:  # a page of several questions lacks one after the other
        if more.wanted == asked.wanted:
            raise
        return _released_now(more)


def _remembered_now(asked: Unremembered) -> ResponseReturnValue:
    """As `_released_now`, for survival; what does not leave even then is nobody's page."""
    release_survival(*asked.wanted)
    return current_app.ensure_sync(current_app.view_functions[str(request.endpoint)])(
        **(request.view_args or {})
    )


def _table_now(asked: Unasked) -> ResponseReturnValue:
    """As `_released_now`, for the first table."""
    release_first_table(asked.year)
    return current_app.ensure_sync(current_app.view_functions[str(request.endpoint)])(
        **(request.view_args or {})
    )


class NamesNobody(logging.Filter):
    """Keeps what an exception says out of the log: it may quote a value. Type and place remain."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            record.exc_text = "".join(traceback.format_tb(trace)) + kind.__name__
            record.exc_info = None
        return True


def join(app: Flask) -> None:
    """Answer every failure with a page of our own."""
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Forbidden, lambda _: page(403))
    app.register_error_handler(Unreleased, _released_now)
    app.register_error_handler(Unremembered, _remembered_now)
    app.register_error_handler(Unasked, _table_now)
    app.register_error_handler(Overtaken, lambda _: page(409))
    app.register_error_handler(Invalid, lambda _: page(422))
    app.logger.addFilter(NamesNobody())
