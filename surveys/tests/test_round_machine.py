"""A round's whole life in any order that Hypothesis can think of: nothing is lost, nothing counts twice."""

from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from surveys.ballot_box import BallotError, RefusedCodeError, RoundNotOpenError, shuffle
from surveys.counting import close_round, count_round, erase_round
from surveys.models import Invitation, Response, Tally
from surveys.tests.make import AFTER, CLOSES, answer, make_codes, make_round

pytestmark = pytest.mark.django_db

CHOICES = st.sampled_from(["very_safe", "safe", "unsafe", "very_unsafe", "never_there"])


class RoundMachine(RuleBasedStateMachine):
    """What is true of the round is kept here as plain Python, and compared after every step."""

    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.round = make_round(paper_until="2026-04-10")
        self.state = "locked"
        self.unused, self.used = [], []
        self.stored = Counter()

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    # --- steps ---

    @precondition(lambda self: self.state == "locked")
    @rule(size=st.integers(1, 4))
    def issue(self, size):
        self.unused += make_codes(self.round, size)

    @precondition(lambda self: self.unused)
    @rule(choice=CHOICES)
    def answer_with_a_code(self, choice):
        code = self.unused[-1]
        if self.state != "locked":
            return self.refused(RoundNotOpenError, channel="c", code=code, safety=choice)
        answer(self.round, channel="c", code=self.unused.pop(), safety=choice)
        self.used.append(code)
        self.stored["c", choice] += 1
        return None

    @rule(choice=CHOICES, channel=st.sampled_from(["o", "p"]))
    def answer_without_a_code(self, choice, channel):
        takes = {"o": ("locked",), "p": ("locked", "closed")}[channel]
        if self.state not in takes:
            return self.refused(RoundNotOpenError, channel=channel, safety=choice)
        answer(self.round, channel=channel, safety=choice)
        self.stored[channel, choice] += 1
        return None

    @precondition(lambda self: self.used)
    @rule(choice=CHOICES)
    def replay(self, choice):
        kind = RefusedCodeError if self.state == "locked" else RoundNotOpenError
        self.refused(kind, channel="c", code=self.used[-1], safety=choice)

    @precondition(lambda self: self.state != "erased")
    @rule()
    def shuffle(self):
        shuffle(self.round)

    @rule()
    def close(self):
        self.moves("locked", "closed", close_round, at=CLOSES)

    @rule()
    def count(self):
        self.moves("closed", "counted", count_round, at=AFTER)

    @rule()
    def erase(self):
        self.moves("counted", "erased", erase_round, at=AFTER)

    # --- helpers ---

    def refused(self, kind, **fields):
        with pytest.raises(kind) as refusal:
            answer(self.round, **fields)
        assert isinstance(refusal.value, BallotError)

    def moves(self, before, after, verb, **fields):
        if self.state == before:
            verb(self.round, **fields)
            self.state = after
        else:
            with pytest.raises(ValidationError):
                verb(self.round, **fields)

    # --- what holds after every step ---

    @invariant()
    def the_round_is_where_it_should_be(self):
        self.round.refresh_from_db()
        assert self.round.state == self.state

    @invariant()
    def every_answer_that_was_taken_is_stored_once_until_it_is_erased(self):
        book = self.round.book
        rows = Response.objects.values_list("channel", "answers")
        found = Counter((channel, book.decode(answers)["safety"]) for channel, answers in rows)
        assert found == (Counter() if self.state == "erased" else self.stored)

    @invariant()
    def as_many_codes_are_left_as_have_not_been_used(self):
        assert Invitation.objects.count() == (0 if self.state == "erased" else len(self.unused))

    @invariant()
    def the_tallies_are_the_answers_once_they_are_counted(self):
        tallies = Tally.objects.filter(question="safety", group_question="").exclude(option="")
        counted = Counter({(each.channel, each.option): each.count for each in tallies})
        assert counted == (self.stored if self.state in ("counted", "erased") else Counter())


def test_a_round_loses_nothing_and_counts_nothing_twice_in_whatever_order_things_happen():
    run_state_machine_as_test(RoundMachine, settings=settings(max_examples=25, stateful_step_count=20, deadline=None))
