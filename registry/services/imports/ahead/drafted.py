"""Cases of a batch by person, and what it would write if nobody in it were known: ready before anybody is
looked up.

In a first reading that is nearly all of it. Whoever turns out to be known is left out again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from registry.rules.problem import Invalid
from registry.services.imports.ahead import persons
from registry.services.imports.ahead.bulk import Writer
from registry.services.imports.ahead.persons import Known, Met
from registry.services.imports.ahead.prepared import Prepared
from registry.services.imports.ahead.returning import comes_again
from registry.services.imports.ahead.rows import Block


@dataclass
class Groups:
    """New persons with their cases, known ones who come again, and the cases that need more than rows."""

    met: Met
    people: dict[Known, list[Prepared]] = field(default_factory=dict)
    again: dict[Known, list[Prepared]] = field(default_factory=dict)
    later: list[Prepared] = field(default_factory=list)

    def take(self, one: Prepared) -> None:
        """Put a case where it belongs; Invalid where it contradicts what is on record."""
        known = persons.whose(one.sound, one.number, self.met)
        cases = self.people.get(known) if known is not None else None
        if known is None and one.simple:
            self.people[self.met.add(one.sound, one.number)] = [one]
        elif known is not None and cases and one.follows(cases[0]) and not persons.adds(one.sound, known):
            cases.append(one)
        elif known is not None and comes_again(one, known):
            self.again.setdefault(known, []).append(one)
        else:
            self.later.append(one)


@dataclass(frozen=True)
class Draft:
    """Rows of new persons, and how many cases each of them has."""

    sizes: list[int]
    block: Block


def draft(batch: Sequence[Prepared], writer: Writer, dialect: str) -> tuple[Draft, list[int | None]]:
    """The rows of a batch's persons as if none were on record; and for each case which of them has it.

    Left out is who has no record number: one is made of an id that is not known here.
    """
    groups, places = Groups(Met()), dict[str, int]()
    for place, one in enumerate(batch):
        if one.key_digest in places:
            continue
        places[one.key_digest] = place
        try:
            groups.take(one)
        except Invalid:
            continue  # the writer, who knows who is on record, judges it and says why
    whose: list[int | None] = [None] * len(batch)
    sizes: list[int] = []
    for cases in groups.people.values():
        if cases[0].number is None:
            continue
        for one in cases:
            whose[places[one.key_digest]] = len(sizes)
        writer.person(cases)
        sizes.append(len(cases))
    return Draft(sizes, writer.rows.block(dialect)), whose
