"""Standard populations by age, as data with their sources; those of survival stand in `age_standard`.

`checked` says what a table was compared with, apart from the memory it was typed from; None where with
nothing yet. Weights are relative: whoever uses them divides by their sum over the bands used.
"""

from dataclasses import dataclass

import numpy as np

FIVE_YEARS = tuple(range(0, 90, 5))  # lower ends of the bands 0–4 … 80–84, 85 and over


@dataclass(frozen=True)
class StandardPopulation:
    """The weights of one standard, by the lower ends of its age bands; the last band is open."""

    key: str
    ages: tuple[int, ...]
    weights: tuple[float, ...]
    source: str
    checked: str | None = None

    def over(self, first, last=None):
        """Bands and weights from age `first` up to below `last`, which must be ends of bands.

        Returns
        -------
        tuple of ndarray
            Lower ends, shape (n,), and weights that sum to 1, shape (n,).

        Raises
        ------
        ValueError
            If a band would be cut.

        >>> ages, weights = SEGI.over(40)
        >>> int(ages[0]), round(float(weights[0]), 4)
        (40, 0.1875)
        """
        ages, weights = np.asarray(self.ages), np.asarray(self.weights, dtype=float)
        if first not in self.ages or (last is not None and last not in self.ages):
            raise ValueError(f"the bands of {self.key} begin at {', '.join(map(str, self.ages))}")
        used = (ages >= first) if last is None else (ages >= first) & (ages < last)
        return ages[used], weights[used] / weights[used].sum()


SEGI = StandardPopulation(
    "segi",
    FIVE_YEARS,
    (12, 10, 9, 9, 8, 8, 6, 6, 6, 6, 5, 4, 4, 3, 2, 1, 0.5, 0.5),
    "Segi M. Cancer mortality for selected sites in 24 countries. Sendai 1960; "
    "as modified by Doll R et al., Cancer Incidence in Five Continents, UICC 1966",
    "data set stdpop18 of the R package popEpi (world); st_pop of SocEpi (segi_18ag)",
)
WHO = StandardPopulation(
    "who",
    FIVE_YEARS,
    (
        *(8.86, 8.69, 8.60, 8.47, 8.22, 7.93, 7.61, 7.15, 6.59, 6.04, 5.37, 4.55, 3.72, 2.96, 2.21, 1.52),
        *(0.91, 0.635),
    ),
    "Ahmad OB et al. Age standardization of rates: a new WHO standard. "
    "GPE Discussion Paper 31, WHO 2001, average world population 2000–2025",
    "st_pop of the R package SocEpi (who2025_18ag) and a published transcription of the paper's table; "
    "the band 85 and over is 0.44 + 0.15 + 0.04 + 0.005 of the paper's four",
)
EUROPE_1976 = StandardPopulation(
    "europe1976",
    FIVE_YEARS,
    (8, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 6, 5, 4, 3, 2, 1, 1),
    "Waterhouse J et al. Cancer Incidence in Five Continents III, IARC 1976",
    "data set stdpop18 of the R package popEpi (europe)",
)
POPULATIONS = {one.key: one for one in (SEGI, WHO, EUROPE_1976)}
