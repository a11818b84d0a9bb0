"""What a browser sent, before any page looks at it: too much, or what no record can hold, goes no further."""

from flask import Flask, Request, abort, current_app, request
from werkzeug.routing import IntegerConverter

LARGEST = 2**31 - 1  # of a PostgreSQL integer, in which every id is kept
MOST_FIELDS = 5_000
MOST_ROWS = 300  # a case with 99 lesions, each sampled, has 200


class SentRequest(Request):
    """A request that may be larger than others where a file is uploaded, and nowhere else."""

    @property
    def max_content_length(self) -> int | None:
        if self.endpoint == "imports.upload":
            return (int(current_app.config["IMPORT_MEGABYTES"]) + 1) * 1024 * 1024
        return super().max_content_length

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value


class RecordId(IntegerConverter):
    """A whole number in an address; one that no record can have is no page."""

    def __init__(self, map: object, **options: int) -> None:
        super().__init__(map, **{"max": LARGEST, **options})  # type: ignore[arg-type]


def check() -> None:
    """Refuse forms that would keep the server busy, and NUL, which PostgreSQL cannot store."""
    if len(request.form) > MOST_FIELDS or len({name.rpartition("-")[0] for name in request.form}) > MOST_ROWS:
        abort(413)
    for given in (request.args, request.form):
        if any("\0" in text for name, value in given.items(multi=True) for text in (name, value)):
            abort(400)


def whole(name: str, *, least: int = 0) -> int | None:
    """A whole number of the address that a record could have; None for anything else."""
    given = request.args.get(name, type=int)
    return given if given is not None and least <= given <= LARGEST else None


def chosen(name: str) -> int | None:
    """A record's id in a form; None for anything that no record can have."""
    given = request.form.get(name, type=int)
    return given if given is not None and 0 <= given <= LARGEST else None


def join(app: Flask) -> None:
    app.request_class = SentRequest
    app.url_map.converters["int"] = RecordId
