"""The methods of survival that there are, in the order in which they are offered."""

from registry.reports import competing, cox, kaplan_meier, net_survival_method
from registry.reports.survival_method import Method

_OFFERED = (
    kaplan_meier.METHOD,
    competing.METHOD,
    cox.METHOD,
    net_survival_method.POHAR_PERME,
    net_survival_method.EDERER2,
)
METHODS: dict[str, Method] = {method.key: method for method in _OFFERED}
