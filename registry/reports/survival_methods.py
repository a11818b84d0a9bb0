"""The methods of survival that there are, in the order in which they are offered."""

from registry.reports import kaplan_meier
from registry.reports.survival_method import Method

METHODS: dict[str, Method] = {method.key: method for method in (kaplan_meier.METHOD,)}
