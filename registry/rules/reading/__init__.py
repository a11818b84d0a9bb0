"""From words to codes: what rules read from Chinese free text, to be proposed and never taken for granted."""

from registry.rules.reading import gathering, results
from registry.rules.reading.endoscopy import RULES as ENDOSCOPY_RULES
from registry.rules.reading.endoscopy import read_endoscopy
from registry.rules.reading.part import FIELDS, Part, Read
from registry.rules.reading.pathology import RULES as PATHOLOGY_RULES
from registry.rules.reading.pathology import read_pathology
from registry.rules.reading.rule import Rule

__all__ = ["FIELDS", "RULES", "Part", "Read", "Rule", "read_endoscopy", "read_pathology"]

RULES: dict[str, Rule] = {
    rule.key: rule for rule in (*ENDOSCOPY_RULES, *PATHOLOGY_RULES, *results.FOLLOWING, *gathering.FOLLOWING)
}
