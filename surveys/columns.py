"""Counting the answers of fixed width: all of them in one text, every question a column, every option a row of bits.

Bits are what makes it fast. The number of those who answered both this and that is how many ones two long integers
have in common, and a machine counts a million of those in some hundredths of a millisecond. Making the bits is what
takes time: every eighth respondent of a column is translated to one bit of a byte, and the eight are laid together.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from surveys.codebook import CHOSEN, UNANSWERED, BookQuestion, Codebook, Kind

# (place, channel, group question, group option, question, option)
Cell = tuple[int, str, str, str, str, str]
BITS = range(8)  # of a byte


class Columns:
    """The answers of one place and channel: who gave which, as bits, one a respondent."""

    def __init__(self, book: Codebook, text: str) -> None:
        self.book = book
        self.text = text.encode("ascii")
        self.number = len(text) // book.width if book.width else 0
        self.everybody = (1 << self.number) - 1
        self._columns: dict[int, list[bytes]] = {}

    def who_answered(self, question: BookQuestion) -> int:
        return self.everybody ^ self._who_has(question.position, UNANSWERED)

    def who_chose(self, question: BookQuestion) -> dict[str, int]:
        """By the option's key."""
        if question.kind == Kind.SEVERAL:
            places = enumerate(question.options, start=question.position)
            return {option.key: self._who_has(position, CHOSEN) for position, option in places}
        symbols = {option.key: question.symbol(option.key) for option in question.options}
        return {key: self._who_has(question.position, symbol) for key, symbol in symbols.items()}

    def _who_has(self, position: int, symbol: str) -> int:
        who = 0
        for eighth, to_bit in zip(self._column(position), tables_for(symbol), strict=True):
            who |= int.from_bytes(eighth.translate(to_bit), "little")
        return who

    def _column(self, position: int) -> list[bytes]:
        """What stands at the position, of every eighth respondent from the first, from the second and so on."""
        if position not in self._columns:
            width = self.book.width
            self._columns[position] = [self.text[position + bit * width :: len(BITS) * width] for bit in BITS]
        return self._columns[position]


@cache
def tables_for(symbol: str) -> list[bytes]:
    """For `bytes.translate`: the symbol becomes one bit, a table each, and everything else nought."""
    return [bytes(1 << bit if letter == ord(symbol) else 0 for letter in range(256)) for bit in BITS]


def count_cells(book: Codebook, place: int, channel: str, text: str) -> dict[Cell, int]:
    """The tallies of some answers of one place and channel: for everybody, and for each background answer by itself."""
    columns = Columns(book, text)
    questions = [each for each in book.questions if each.kind != Kind.TEXT]
    chosen = {each.key: {"": columns.who_answered(each)} | columns.who_chose(each) for each in questions}
    cells: dict[Cell, int] = {(place, channel, "", "", "", ""): columns.number}
    for question, option, who in each_option(chosen, questions):
        cells[place, channel, "", "", question, option] = who.bit_count()
    # A sensitive question is never counted by background, so that no one can ask for it.
    by_group = [each for each in questions if not each.is_background and not each.is_sensitive]
    for background in book.background():
        for group in background.options:
            members = chosen[background.key][group.key]
            cells[place, channel, background.key, group.key, "", ""] = members.bit_count()
            for question, option, who in each_option(chosen, by_group):
                cells[place, channel, background.key, group.key, question, option] = (members & who).bit_count()
    return cells


def each_option(chosen: dict[str, dict[str, int]], questions: Iterable[BookQuestion]) -> Iterable[tuple[str, str, int]]:
    return ((each.key, option, who) for each in questions for option, who in chosen[each.key].items())
