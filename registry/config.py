"""Every setting, its default and why; instance/settings.py and then REGISTRY_<NAME> overrule it."""

import os
from pathlib import Path
from typing import Any

DEFAULTS: dict[str, Any] = {
    # One file beside the code until the alliance gives a PostgreSQL address.
    "DATABASE": None,
    # Master, index and audit keys. Back this file up apart from the database; without it no name opens.
    "KEYS": None,
    # Heads of the audit chain, one a day. Put it where the database's administrator cannot write.
    "AUDIT_HEADS": None,
    # What the terminal speaks; on pages each reader chooses.
    "LANGUAGE": "zh",
    # Every page says so, and sign-ins are printed in the terminal.
    "DEMO": False,
    # Plain HTTP on an intranet is a decision somebody takes: then cookies lose Secure and a banner says why.
    "INSECURE_HTTP": False,
    # A shared computer: the screen locks after this many idle minutes, the session ends after so many hours.
    "LOCK_MINUTES": 15,
    "SESSION_HOURS": 12,
    # Five wrong passwords lock the name for half an hour (parts-and-trust: ASVS 6.3.1).
    "FAILURES_ALLOWED": 5,
    "LOCKOUT_MINUTES": 30,
    # mlps3: 10 characters of three kinds (GB/T 22239 8.1.4.1); asvs5: 12 characters of any kind.
    "PASSWORD_PROFILE": "mlps3",
    "DRAFT_DAYS": 7,
    # An uploaded file, and the rows that came back, name people: kept sealed, and gone after so many days.
    "IMPORT_FILE_DAYS": 14,
    # 100,000 rows with findings and reports as text are about 60 MB; every other form stays below 32 MB.
    "IMPORT_MEGABYTES": 100,
    # A run whose worker has said nothing for so long was killed; the next worker goes on with it.
    "IMPORT_LEASE_SECONDS": 60,
    # What stands out in somebody's records is theirs to read and answer for so long, before the house knows.
    "INTEGRITY_DELAY_DAYS": 14,
    # The sets of indicators shown unless others are asked for, by key, e.g. "NHC-2022,ALLIANCE,ASGE-2024".
    "INDICATOR_SETS": "",
    # No count below this leaves the alliance's own staff.
    "SMALLEST_CELL": 8,
    # A reader of aggregates who asks for what nobody asked for before waits so long for the page itself; then
    # a page says that it is being made ready. None: until it is there.
    "RELEASE_PATIENCE_SECONDS": 3,
    "MAX_CONTENT_LENGTH": 32 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
}


def settings(instance: Path, given: dict[str, Any] | None = None) -> dict[str, Any]:
    """The settings of one application: defaults, instance/settings.py, environment, then `given`."""
    found = dict(DEFAULTS)
    local = instance / "settings.py"
    if local.exists():
        namespace: dict[str, Any] = {}
        exec(compile(local.read_text("utf-8"), str(local), "exec"), namespace)  # noqa: S102
        found.update({name: value for name, value in namespace.items() if name.isupper()})
    for name, default in DEFAULTS.items():
        if (value := os.environ.get(f"REGISTRY_{name}")) is not None:
            found[name] = _like(default, value)
    found.update(given or {})
    place = Path(found["DATABASE_DIRECTORY"]) if found.get("DATABASE_DIRECTORY") else instance
    found["DATABASE"] = found["DATABASE"] or f"sqlite:///{place / 'registry.sqlite'}"
    stem = "demo" if found["DEMO"] else "registry"
    found["KEYS"] = Path(found["KEYS"] or place / f"{stem}.keys.json")
    found["AUDIT_HEADS"] = Path(found["AUDIT_HEADS"] or place / f"{stem}.heads")
    found["SQLALCHEMY_DATABASE_URI"] = found["DATABASE"]
    # An error message never carries what was written: it may name somebody.
    # The registry has more statements than SQLAlchemy keeps by itself; compiling one takes 10 to 20 ms.
    engine: dict[str, Any] = {"hide_parameters": True, "query_cache_size": 2000}
    if not str(found["DATABASE"]).startswith("sqlite"):
        engine |= {"isolation_level": "READ COMMITTED", "pool_pre_ping": True}
    found["SQLALCHEMY_ENGINE_OPTIONS"] = engine
    found["SESSION_COOKIE_NAME"] = "registry"
    found["SESSION_COOKIE_HTTPONLY"] = True
    found["SESSION_COOKIE_SAMESITE"] = "Lax"
    found["SESSION_COOKIE_SECURE"] = not found["INSECURE_HTTP"]
    found["WTF_CSRF_TIME_LIMIT"] = None
    return found


def _like(default: Any, value: str) -> Any:
    if isinstance(default, bool):
        return value.strip().lower() in ("1", "true", "yes", "on")
    if isinstance(default, int):
        return int(value)
    return value
