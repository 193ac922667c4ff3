"""The walks to other tables are the proof that ranges hold; so each of their steps is checked, by plain addition."""

import random
from collections.abc import Iterator

import pytest

from surveys.alternatives import Column, Table, block, render, windows
from surveys.shown import ShownShare, is_end, last_low

ROWS = [frozenset({place}) for place in range(4)] + [frozenset({0, 1})]


def dice_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311


def make_columns(dice: random.Random, most: int, groups: int) -> tuple[Column, list[Column]]:
    """Everybody and the groups that they are in; the last group is what is left and not shown."""
    tables = []
    for _ in range(groups):
        n = dice.randint(10, 60)
        if most == 1:
            chosen = dice.choices(range(4), [1, 9, 5, 1], k=n)
            tables.append((n, [chosen.count(option) for option in range(4)]))
        else:
            tables.append((n, [n, *(dice.choice((0, 1, n // 3, n)) for _ in range(3))]))
    rows = ROWS if most == 1 else ROWS[:4]
    columns = [Column(counts, n, rows, range(len(rows)), (), most) for n, counts in tables[:-1]]
    columns.append(Column(tables[-1][1], tables[-1][0], rows, (), (), most))
    total = [sum(counts[option] for _, counts in tables) for option in range(4)]
    return Column(total, sum(n for n, _ in tables), rows, range(len(rows)), (), most), columns


def divided(dice: random.Random, whole: Column) -> list[Column]:
    """The same people in two other groups."""
    first = [sum(dice.random() < 0.6 for _ in range(count)) for count in whole.truth]
    second = [count - taken for count, taken in zip(whole.truth, first, strict=True)]
    return [Column(counts, sum(counts), whole.rows, range(len(whole.rows))) for counts in (first, second)]


def protected_tables() -> Iterator[Table]:
    for seed in range(60):
        dice = dice_of(seed)
        whole, groups = make_columns(dice, most=dice.choice((1, 4)), groups=dice.randint(2, 5))
        table = Table(whole, dice)
        assert table.protect_whole()
        if table.add(groups):
            if whole.most_choices == 1:
                table.add(divided(dice, whole))
            yield table


def fits_what_is_shown(column: Column) -> bool:
    return all(
        least <= column.value(row) <= most for row in column.spans for least, most in [column.share(row).counts()]
    )


def has_as_many_people(column: Column) -> bool:
    if column.most_choices == 1:
        return sum(column.counts) == column.n and min(column.counts) >= 0
    fits = all(0 <= count <= column.n for count in column.counts)
    return fits and column.n <= sum(column.counts) <= column.most_choices * column.n


def test_every_step_of_every_walk_is_a_table_that_fits_all_that_is_shown() -> None:
    tables = list(protected_tables())
    assert len(tables) >= 40
    assert sum(len(table.breakdowns) == 2 for table in tables) >= 15
    for table in tables:
        columns = [table.whole, *(column for groups in table.breakdowns for column in groups)]
        for walk in table.walks:
            for (joined, left), parts in walk:
                for column, people, _ in parts:
                    column.counts[joined] += people
                    if left is not None:
                        column.counts[left] -= people
                assert all(fits_what_is_shown(column) and has_as_many_people(column) for column in columns)
                for groups in table.breakdowns:
                    added = [sum(column.counts[option] for column in groups) for option in range(4)]
                    assert added == table.whole.counts
            for column in columns:
                column.go_back()


def test_every_end_has_been_walked_through_three_counts() -> None:
    for table in protected_tables():
        for column in (table.whole, *table.breakdowns[0]):
            for row in column.ends():
                assert len(column.reached[row]) >= 3


@pytest.mark.parametrize("n", [10, 20, 41, 70, 100, 101, 223, 1000])
def test_every_end_belongs_to_a_block_of_three_or_more_that_hold_together(n: int) -> None:
    for count in range(n + 1):
        if not is_end(count, n):
            continue
        first, last = block(count, n)
        assert first <= count <= last
        assert last - first >= 2
        assert {block(other, n) for other in range(first, last + 1)} == {(first, last)}
        for low, high in windows(count, n):
            assert low <= count <= high
            assert high - low >= 2
            assert all(is_end(other, n) for other in range(low, high + 1))


def test_a_span_is_shown_so_that_all_its_counts_stay_possible() -> None:
    for n in (10, 33, 90, 223):
        for fewest in range(n + 1):
            for most in range(fewest, n + 1):
                share = render("a", (fewest, most), n)
                if share is None:
                    assert fewest <= last_low(n)
                    assert n - most <= last_low(n)
                else:
                    least, greatest = share.counts()
                    assert least <= fewest <= most <= greatest


def test_what_could_be_anything_is_not_shown() -> None:
    assert render("a", (0, 20), 20) is None
    assert render("a", (-1, 2), 20) is None
    assert render("a", (0, 2), 20) == ShownShare("a", 20, 0, 20)


def test_a_breakdown_that_cannot_be_kept_leaves_nothing_behind() -> None:
    """All ten of one group are of one mind, and nobody else can be of the other: what they said is known elsewhere."""
    rows = [frozenset({0}), frozenset({1})]
    whole = Column([20, 10], 30, rows, range(2))
    table = Table(whole, dice_of(1))
    assert table.protect_whole()
    assert not table.add([Column([10, 0], 10, rows, range(2)), Column([10, 10], 20, rows, (), fixed_rows={0, 1})])
    assert (whole.spans, table.breakdowns, table.walks) == ({0: (20, 20), 1: (10, 10)}, [], [])
    assert whole.counts == [20, 10]
