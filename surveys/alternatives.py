"""Other answers that what is shown could have come from: the proof that a range is not undone.

Every number that is shown of a question is a sum of the same unknown counts: options add up to the group, groups add
up to everybody. So hiding one count is of no use if the others give it away. For each count that must not be known (an
end: almost nobody, almost everybody) this module walks from the true table to others, one person's answer at a time,
until the count has taken at least three values, while everything shown stays as it is. Where a share stands in the
way, it is widened to a range that lets the walk pass. Each table on the way is a witness: whatever an attacker
computes from what is shown, by hand or by integer programming, cannot rule it out.

That leaves somebody who also knows these rules and repeats them for every table. Two things are done about that.
Widening adds up, so that a share that stands in for two others has room for both at once, and its range is the same
whichever of their values are the true ones. And what could equally well be widened is chosen by a secret order.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from surveys.shown import END_BOUNDS, KEPT_APART, WIDER_BOUNDS, ShownShare, end_bound, is_end, last_low, percent

Row = frozenset[int]  # an option, or options that are also shown as one sum, by position
Pair = tuple[int, int | None]  # who moves from the second option to the first; None where several may be chosen
Span = tuple[int, int]

# What widening costs, so that the cheapest step is the one that spoils least.
WIDEN_SHARE, WIDEN_SUM, LEAN_ON_END, CROSS_INTO_END, WIDEN_END = 1, 10, 3, 8, 20


def block(count: int, n: int) -> Span:
    """The low or high counts that lie together with this one: at least three, more where three do not go evenly up."""
    low = min(count, n - count)
    blocks = max((last_low(n) + 1) // KEPT_APART, 1)
    number = min(low // KEPT_APART, blocks - 1)
    first = number * KEPT_APART
    last = last_low(n) if number == blocks - 1 else first + KEPT_APART - 1
    return (first, last) if count == low else (n - last, n - first)


def windows(count: int, n: int) -> Iterator[Span]:
    """The counts that could stay possible for an end, the best choice first: its block, then any three in its end."""
    yield block(count, n)
    low, last = min(count, n - count), max(last_low(n), KEPT_APART - 1)
    for first in range(max(low - KEPT_APART + 1, 0), min(low, last - KEPT_APART + 1) + 1):
        final = first + KEPT_APART - 1
        yield (first, final) if count == low else (n - final, n - first)


def render(key: str, span: Span, n: int) -> ShownShare | None:
    """The share that is shown when all counts of the span must stay possible; None if that would be anything at all."""
    fewest, most = span
    touches_bottom, touches_top = fewest <= last_low(n), n - most <= last_low(n)
    if fewest < 0 or most > n or (touches_bottom and touches_top):
        return None
    if touches_bottom:
        return ShownShare(key, n, 0, _bound_over(most, n))
    if touches_top:
        return ShownShare(key, n, 100 - _bound_over(n - fewest, n), 100)
    return ShownShare(key, n, percent(fewest, n), percent(most, n))


def _bound_over(count: int, n: int) -> int:
    bounds = (*END_BOUNDS, *WIDER_BOUNDS)
    return next((bound for bound in bounds if bound >= end_bound(n) and bound * n > 100 * count), 99)


class Column:
    """A group of respondents in a question's table: its counts, and the spans that are shown of them.

    The people who are left when the shown groups are taken from everybody are a column too: nothing is shown of it,
    and what can be subtracted must be as safe as what is printed.
    """

    def __init__(
        self,
        counts: Sequence[int],
        n: int,
        rows: Sequence[Row],
        shown_rows: Iterable[int] = (),
        fixed_rows: Iterable[int] = (),
        most_choices: int = 1,
    ) -> None:
        """fixed_rows: sums that are known exactly from elsewhere. most_choices: how many options one may choose."""
        self.n = n
        self.rows = rows
        self.fixed_rows = frozenset(fixed_rows)
        self.most_choices = most_choices
        self.truth = tuple(counts)
        self.counts = list(counts)  # as they are after the steps walked so far
        self.true_values = tuple(sum(counts[option] for option in row) for row in rows)
        self.spans = {row: (self.true_values[row], self.true_values[row]) for row in shown_rows}
        self.reached = [{value} for value in self.true_values]
        self.is_settled = False  # its shares are not widened any more

    def share(self, row: int, key: str = "") -> ShownShare:
        share = render(key, self.spans[row], self.n)
        assert share is not None, "a span that cannot be shown was let in"  # noqa: S101
        return share

    def value(self, row: int) -> int:
        return sum(self.counts[option] for option in self.rows[row])

    def ends(self) -> list[int]:
        """The rows whose exact count must not be known."""
        return [row for row in range(len(self.rows)) if row not in self.fixed_rows and self._must_be_kept(row)]

    def _must_be_kept(self, row: int) -> bool:
        value = self.true_values[row]
        # Of what is not shown, only "nobody" and "everybody" would tell about a person.
        return is_end(value, self.n) if row in self.spans else min(value, self.n - value) < KEPT_APART

    def price(self, pair: Pair, people: int, adds_up: bool) -> int | None:
        """What it costs to let people (1 or -1) move; None if they cannot."""
        if not self._has_room(pair, people):
            return None
        prices = [self._price_of(row, span) for row, span in self._new_spans(pair, people, adds_up)]
        return _total(prices)

    def step(self, pair: Pair, people: int, adds_up: bool) -> None:
        """Let people move, and widen what is shown so that it still fits."""
        self.spans.update(list(self._new_spans(pair, people, adds_up)))
        joined, left = pair
        self.counts[joined] += people
        if left is not None:
            self.counts[left] -= people
        for row, values in enumerate(self.reached):
            values.add(self.value(row))

    def go_back(self) -> None:
        self.counts = list(self.truth)

    def _has_room(self, pair: Pair, people: int) -> bool:
        joined, left = pair
        if any((joined in self.rows[row]) != (left in self.rows[row]) for row in self.fixed_rows):
            return False
        if not 0 <= self.counts[joined] + people <= self.n:
            return False
        if left is not None:
            return 0 <= self.counts[left] - people <= self.n
        return self.n <= sum(self.counts) + people <= self.most_choices * self.n

    def _new_spans(self, pair: Pair, people: int, adds_up: bool) -> Iterator[tuple[int, Span]]:
        changes = {row: people * ((pair[0] in self.rows[row]) - (pair[1] in self.rows[row])) for row in self.spans}
        # A sum that is an end itself bounds all its options together: they need no room each.
        is_bounded = any(change and len(self.rows[row]) > 1 and self._is_end(row) for row, change in changes.items())
        for row, change in changes.items():
            fewest, most = self.spans[row]
            if adds_up and change and not is_bounded and not self._is_end(row):
                yield row, (fewest + min(change, 0), most + max(change, 0))
            elif change:
                value = self.value(row) + change
                yield row, (min(fewest, value), max(most, value))

    def _is_end(self, row: int) -> bool:
        return is_end(self.true_values[row], self.n)

    def _price_of(self, row: int, span: Span) -> int | None:
        before, after = self.share(row), render("", span, self.n)
        if after is None or (self.is_settled and after != before):
            return None
        is_sum = len(self.rows[row]) > 1
        if after == before:
            return LEAN_ON_END if self._is_end(row) and not is_sum else 0
        if self._is_end(row):
            return WIDEN_END
        if (after.is_below, after.is_above) != (before.is_below, before.is_above):
            return CROSS_INTO_END
        return WIDEN_SUM if is_sum else WIDEN_SHARE


Part = tuple[Column, int, bool]  # a group, how many of it move (1 or -1), and whether its widening adds up
Step = tuple[Pair, tuple[Part, ...]]  # one answer changed, or exchanged between groups; everything shown still fits

State = tuple[list[tuple[Column, dict[int, Span], list[set[int]]]], list[Sequence[Step]]]


class Table:
    """One question's counts: everybody in the first column, then the groups of each breakdown, which share them out."""

    def __init__(self, whole: Column, secret: random.Random) -> None:
        self.whole = whole
        self.breakdowns: list[list[Column]] = []
        self.walks: list[Sequence[Step]] = []
        options = len(whole.truth)
        pairs: list[Pair] = [(joined, left) for joined, left in product(range(options), repeat=2) if joined != left]
        if whole.most_choices > 1:
            pairs += [(option, None) for option in range(options)]
        secret.shuffle(pairs)
        self.pairs = sorted(pairs, key=lambda pair: pair[1] is not None)

    def protect_whole(self) -> bool:
        """Find a walk for every end among everybody's answers. Its shares are settled from then on."""
        done = self._protect(self.whole, None)
        self.whole.is_settled = True
        return done

    def add(self, groups: list[Column]) -> bool:
        """Show a breakdown too, if every end can still be kept; if not, nothing has changed."""
        state, older = self._state(), list(self.walks)
        self.breakdowns.append(groups)
        is_kept = all(self._protect(column, groups) for column in groups)
        if is_kept and all(self._repeat(walk, groups) for walk in older):
            return True
        self.breakdowns.pop()
        self._restore(state)
        return False

    def _protect(self, column: Column, siblings: list[Column] | None) -> bool:
        return all(self._free(column, row, siblings) for row in column.ends())

    def _free(self, column: Column, row: int, siblings: list[Column] | None) -> bool:
        """Walk to both ends of the first window that can be walked through, unless others have been there already."""
        for window in windows(column.true_values[row], column.n):
            if set(range(window[0], window[1] + 1)) <= column.reached[row]:
                return True
            state = self._state()
            if all(self._walk(column, row, siblings, goal) for goal in window):
                return True
            self._restore(state)
        return False

    def _walk(self, column: Column, row: int, siblings: list[Column] | None, goal: int) -> bool:
        walk: list[Step] = []
        while column.value(row) != goal:
            people = 1 if column.value(row) < goal else -1
            step = _cheapest(self._steps(column, row, siblings, people))
            if step is None:
                break
            _take(step)
            walk.append(step)
        arrived = column.value(row) == goal
        self._go_back()
        self.walks.append(walk)
        return arrived

    def _steps(self, column: Column, row: int, siblings: list[Column] | None, people: int) -> Iterator[Step]:
        """The ways to change a row of a column by one: in exchange with a sibling, or with everybody."""
        for pair in self.pairs:
            if pair[0] not in column.rows[row] or pair[1] in column.rows[row]:
                continue
            own = (column, people, True)
            for other in siblings or ():
                if other is not column:
                    yield pair, (own, (other, -people, True))
            others = [groups for groups in self.breakdowns if groups is not siblings]
            carriers = [_carrier(pair, groups, people) for groups in others]
            if None not in carriers:
                carried = [part for part in carriers if part is not None]
                whole = [] if siblings is None else [(self.whole, people, False)]
                yield pair, (own, *whole, *carried)

    def _repeat(self, walk: Sequence[Step], groups: list[Column]) -> bool:
        """Walk again with a new breakdown in the table: whatever changes everybody's counts must change a group's."""
        repeated: list[Step] = []
        for pair, parts in walk:
            people = next((people for column, people, _ in parts if column is self.whole), 0)
            carrier = _carrier(pair, groups, people) if people else None
            if people and carrier is None:
                break
            if carrier:
                _take((pair, (carrier,)))
            repeated.append((pair, (*parts, carrier) if carrier else parts))
        self._go_back()
        self.walks[self.walks.index(walk)] = repeated
        return len(repeated) == len(walk)

    def _columns(self) -> Iterator[Column]:
        yield self.whole
        for groups in self.breakdowns:
            yield from groups

    def _go_back(self) -> None:
        for column in self._columns():
            column.go_back()

    def _state(self) -> State:
        spans = [(column, dict(column.spans), [set(values) for values in column.reached]) for column in self._columns()]
        return spans, list(self.walks)

    def _restore(self, state: State) -> None:
        columns, self.walks = state
        for column, spans, reached in columns:
            column.spans, column.reached = spans, reached


def _carrier(pair: Pair, groups: Iterable[Column], people: int) -> Part | None:
    """The group of a breakdown that pays least for changing as everybody does."""
    step = _cheapest((pair, ((column, people, False),)) for column in groups)
    return None if step is None else step[1][0]


def _take(step: Step) -> None:
    pair, parts = step
    for column, people, adds_up in parts:
        column.step(pair, people, adds_up)


def _cheapest(steps: Iterable[Step]) -> Step | None:
    best, lowest = None, None
    for pair, parts in steps:
        price = _total(column.price(pair, people, adds_up) for column, people, adds_up in parts)
        if price is not None and (lowest is None or price < lowest):
            best, lowest = (pair, parts), price
    return best


def _total(prices: Iterable[int | None]) -> int | None:
    total = 0
    for price in prices:
        if price is None:
            return None
        total += price
    return total
