"""Two persons made one, and two again.

What is clinical or the person's own goes to the person who is kept, and so do the other's enrolments,
still sealed under the key they were sealed with. The other stays as an empty shell. Before and after,
every row of both is pictured; the differences are kept with the merge, and un-merging puts them back.
A merge moves records and changes none: no version moves, and whoever has a form open may save it.
"""

from registry.services.people.merging.joining import merge
from registry.services.people.merging.parting import recorded_since, unmerge
from registry.services.people.merging.pictures import Since

__all__ = ["Since", "merge", "recorded_since", "unmerge"]
