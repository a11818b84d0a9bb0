"""A centre's own mappings: saved as versions that never change."""

import hashlib
from datetime import UTC, datetime

from registry.access import Permission, demand
from registry.label import Label
from registry.models import SavedMapping
from registry.queries import imports as queries
from registry.rules.problem import Invalid, refusal
from registry.services.here import centre_here
from registry.services.unit import change

NAMED = Label("映射有名称", "A mapping has a name")


def save(*, name: str, source: str, content: str) -> SavedMapping:
    """The newest version of this mapping with this content: the one there is, or a new one.

    Raises `Invalid` without a name or where it is longer than 80 characters.
    """
    scope, name = demand(Permission.IMPORT), name.strip()
    if not name:
        raise Invalid([refusal("name", "请给映射起个名称", "Give the mapping a name", NAMED)])
    if len(name) > 80 or len(source) > 80:
        raise Invalid([refusal("name", "名称最多 80 字", "At most 80 characters", NAMED)])
    digest = hashlib.sha256(content.encode()).hexdigest()
    earlier = queries.versions(name)
    if earlier and earlier[0].digest == digest:
        return earlier[0]
    with change("mapping.save") as unit:
        return unit.add(
            SavedMapping(
                name=name,
                source=source,
                version=earlier[0].version + 1 if earlier else 1,
                content=content,
                digest=digest,
                saved_at=datetime.now(UTC),
                saved_by_id=scope.actor_id,
                centre_id=centre_here(),
            )
        )
