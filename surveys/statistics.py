"""What counts say, and how sure they are: Wilson, Newcombe and Mann-Whitney, from counts alone.

There is no finite population correction, although a round may reach a large part of a small place. The correction
presumes that those who answered are a random part of everybody; with nonresponse they are not, and it would only make
the intervals narrower than what is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import erfc, sqrt

Z_95 = 1.959963984540054


@dataclass(frozen=True)
class Share:
    """How many of n chose something."""

    count: int
    n: int

    def __post_init__(self) -> None:
        if self.n < 1 or not 0 <= self.count <= self.n:
            raise ValueError(f"{self.count} of {self.n} is no share")

    @property
    def value(self) -> float:
        return self.count / self.n


@dataclass(frozen=True)
class Interval:
    """From low to high, as parts of one; a difference may be negative."""

    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class MannWhitney:
    """u counts the pairs in which the second group's answer comes earlier on the scale, ties as a half."""

    u: float
    z: float
    p: float


@lru_cache(maxsize=4096)
def wilson(count: int, n: int, z: float = Z_95) -> Interval:
    """The score interval for a share. E. B. Wilson (1927), JASA 22:209–212, without continuity correction."""
    share = Share(count, n).value
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # At the ends the formula is exactly 0 or 1, floating point is not.
    return Interval(0.0 if count == 0 else middle - half, 1.0 if count == n else middle + half)


def newcombe(before: Share, after: Share, z: float = Z_95) -> Interval:
    """The interval for the change from before to after, two independent samples.

    R. G. Newcombe (1998), Statistics in Medicine 17:873–890, method 10: hybrid score, no continuity correction.
    """
    first, second = wilson(before.count, before.n, z), wilson(after.count, after.n, z)
    change = after.value - before.value
    return Interval(
        change - sqrt((after.value - second.low) ** 2 + (first.high - before.value) ** 2),
        change + sqrt((second.high - after.value) ** 2 + (before.value - first.low) ** 2),
    )


def mann_whitney(counts_a: Sequence[int], counts_b: Sequence[int]) -> MannWhitney:
    """Whether two groups answer differently on an ordered scale, from how many chose each step.

    Two-sided normal approximation, corrected for ties and for continuity: H. B. Mann and D. R. Whitney (1947),
    Annals of Mathematical Statistics 18:50–60; ties as in E. L. Lehmann (1975), Nonparametrics, section 1.4.
    """
    n_a, n_b = sum(counts_a), sum(counts_b)
    if n_a == 0 or n_b == 0 or len(counts_a) != len(counts_b):
        raise ValueError("both groups need answers on the same scale")
    u, b_before = 0.0, 0
    for a, b in zip(counts_a, counts_b, strict=True):
        u += a * (b_before + b / 2)
        b_before += b
    n = n_a + n_b
    ties = sum((a + b) ** 3 - (a + b) for a, b in zip(counts_a, counts_b, strict=True))
    variance = n_a * n_b / 12 * (n + 1 - ties / (n * (n - 1)))
    if variance <= 0:
        return MannWhitney(u, 0.0, 1.0)
    distance = u - n_a * n_b / 2
    z = max(abs(distance) - 0.5, 0.0) / sqrt(variance)
    return MannWhitney(u, z if distance > 0 else -z, erfc(z / sqrt(2)))


@lru_cache(maxsize=256)
def smallest_detectable_change(n_before: int, n_after: int, share: float = 0.5) -> float:
    """The smallest rise from share that a Newcombe 95 % interval can tell from none, as a part of one.

    Help when a round is planned: with 50 answers in each round a change below 20 points will drown in chance.
    Infinite if not even everybody would be enough.
    """
    before = Share(round(share * n_before), n_before)
    for count in range(n_after + 1):
        after = Share(count, n_after)
        if newcombe(before, after).low > 0:
            return after.value - before.value
    return float("inf")
