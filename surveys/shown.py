"""What is shown of a round's answers: the frozen snapshot that page, chart, table, file and API all read.

Nothing here knows a count. A share is a whole per cent, or a range of them where the exact one would tell too much
(disclosure.py decides which), and every interval and verdict is computed from what is shown. So nothing made from a
snapshot can say more than the snapshot does, and any reader can compute it again.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import product
from typing import Any, Self

from surveys.statistics import Interval, Share, newcombe, smallest_detectable_change, wilson

# The ends of a share are shown as ranges, and wide enough to hold at least three possible counts.
END_BOUNDS = (5, 10, 20, 25)
WIDER_BOUNDS = (30, 40, 50, 60, 75, 90)
KEPT_APART = 3


def percent(count: int, n: int) -> int:
    """Whole per cent, halves upwards."""
    return (200 * count + n) // (2 * n)


def end_bound(n: int) -> int:
    """The smallest of 5, 10, 20, 25 % that holds the counts 0, 1 and 2 of n."""
    return next((bound for bound in END_BOUNDS if bound * n > 100 * (KEPT_APART - 1)), END_BOUNDS[-1])


def last_low(n: int) -> int:
    """The highest count that still belongs to the low end of n; the top end mirrors it."""
    return (end_bound(n) * n - 1) // 100


def is_end(count: int, n: int) -> bool:
    """Whether so few, or so many, chose something that their exact number is not shown."""
    return min(count, n - count) <= last_low(n)


class Withheld(StrEnum):
    """Why something is not shown. wording.py has the sentences."""

    TOO_FEW = "too_few"
    SMALL_GROUP = "small_group"
    SENSITIVE = "sensitive"
    DERIVABLE = "derivable"


class Verdict(StrEnum):
    """What a comparison comes to."""

    LARGER_THAN_CHANCE = "larger_than_chance"
    MAY_BE_CHANCE = "may_be_chance"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class ShownShare:
    """The share of a group that chose an option, or a sum of options such as "trygg", in whole per cent.

    low == high: that per cent. low == 0: under high. high == 100: over low. Otherwise from low to high.
    """

    key: str
    n: int
    low: int
    high: int

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    @property
    def is_below(self) -> bool:
        return self.low == 0

    @property
    def is_above(self) -> bool:
        return self.high == 100

    def counts(self) -> tuple[int, int]:
        """The fewest and the most who may have chosen it, for somebody who sees only this and knows our rules."""
        n, ends = self.n, last_low(self.n)
        if self.is_below:
            return 0, (self.high * n - 1) // 100
        if self.is_above:
            return self.low * n // 100 + 1, n
        fewest = -((n - 2 * self.low * n) // 200)  # the first count that rounds to low: (low - 0.5) %, upwards
        most = ((2 * self.high + 1) * n - 1) // 200
        return max(fewest, ends + 1), min(most, n - ends - 1)

    def _ends_of_range(self) -> tuple[Share, Share]:
        """The shares at the range's ends; one and the same if the share is exact."""
        low, high = (Share((2 * bound * self.n + 100) // 200, self.n) for bound in (self.low, self.high))
        return low, high

    def interval(self) -> Interval:
        """The Wilson interval of what is shown; of a range, from the lowest end to the highest.

        With up to a hundred answers a whole per cent is one count, and this is that count's own interval. With more,
        it is the interval of the rounded share: at most half a point from the exact one.
        """
        low, high = self._ends_of_range()
        return Interval(wilson(low.count, low.n).low, wilson(high.count, high.n).high)

    def change_to(self, after: Self) -> Interval:
        """The Newcombe interval for the change; for ranges, whatever their true values are."""
        changes = [newcombe(*pair) for pair in product(self._ends_of_range(), after._ends_of_range())]
        return Interval(min(change.low for change in changes), max(change.high for change in changes))

    def verdict_on(self, after: Self) -> Verdict:
        """Whether the change is larger than chance explains.

        From what is shown, not from the counts: a verdict from the counts could tell counts apart that are shown alike.
        """
        if self.change_to(after).excludes_zero:
            return Verdict.LARGER_THAN_CHANCE
        if smallest_detectable_change(self.n, after.n) > SEEN_AT_BEST:
            return Verdict.TOO_FEW
        return Verdict.MAY_BE_CHANCE


# Where not even a change of thirty points could be told from none, "may be chance" would sound like a finding.
SEEN_AT_BEST = 0.305


@dataclass(frozen=True)
class ShownGroup:
    """One group of respondents to a question: everybody, a place, an age. n and shares are empty if withheld."""

    key: str
    label: str
    n: int | None = None
    shares: tuple[ShownShare, ...] = ()
    withheld: Withheld | None = None

    def share(self, key: str) -> ShownShare | None:
        return next((share for share in self.shares if share.key == key), None)


@dataclass(frozen=True)
class ShownBreakdown:
    """The same question by place, or by one background question."""

    key: str
    label: str
    groups: tuple[ShownGroup, ...] = ()
    withheld: Withheld | None = None

    def shown_groups(self) -> tuple[ShownGroup, ...]:
        return tuple(group for group in self.groups if group.withheld is None)


@dataclass(frozen=True)
class ShownQuestion:
    """What is shown of one question: everybody's answers, then by group."""

    key: str
    whole: ShownGroup
    breakdowns: tuple[ShownBreakdown, ...] = ()

    def breakdown(self, key: str) -> ShownBreakdown | None:
        return next((breakdown for breakdown in self.breakdowns if breakdown.key == key), None)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(data["key"], _group(data["whole"]), tuple(map(_breakdown, data["breakdowns"])))


@dataclass(frozen=True)
class Snapshot:
    """All that is shown of one population: those who answered a round in one way. Two ways are never added up."""

    population: str
    n: int | None
    who_answered: tuple[ShownBreakdown, ...] = ()
    questions: tuple[ShownQuestion, ...] = ()

    def question(self, key: str) -> ShownQuestion | None:
        return next((question for question in self.questions if question.key == key), None)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            data["population"],
            data["n"],
            tuple(map(_breakdown, data["who_answered"])),
            tuple(map(ShownQuestion.from_json, data["questions"])),
        )


def _withheld(word: str | None) -> Withheld | None:
    return None if word is None else Withheld(word)


def _group(data: Mapping[str, Any]) -> ShownGroup:
    shares = tuple(ShownShare(**share) for share in data["shares"])
    return ShownGroup(data["key"], data["label"], data["n"], shares, _withheld(data["withheld"]))


def _breakdown(data: Mapping[str, Any]) -> ShownBreakdown:
    groups = tuple(map(_group, data["groups"]))
    return ShownBreakdown(data["key"], data["label"], groups, _withheld(data["withheld"]))
