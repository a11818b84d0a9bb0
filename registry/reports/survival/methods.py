"""The methods of survival that there are, in the order in which they are offered."""

from registry.reports.survival import competing, cox, kaplan_meier, net_method
from registry.reports.survival.method import Method

_OFFERED = (
    kaplan_meier.METHOD,
    competing.METHOD,
    cox.METHOD,
    net_method.POHAR_PERME,
    net_method.EDERER2,
)
METHODS: dict[str, Method] = {method.key: method for method in _OFFERED}
