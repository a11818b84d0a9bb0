"""The person examined, beside the one that a grouping may need: who is followed, and until when.

What happened to somebody after an examination is known only as far as lists of deaths or cancers were
linked; an indicator of missed cancer counts nobody beyond that day.
"""

from typing import Any

from sqlalchemy.orm import aliased

from registry import models

WATCHED: Any = aliased(models.Person, name="watched")
