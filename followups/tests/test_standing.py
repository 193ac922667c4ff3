"""Today's standing of an action: words, counted deeds, target, and what is late."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from followups.models import ActionUpdate, Deed, FollowUp, Meeting
from followups.standing import ActionStanding, counts_of_year, standings
from followups.tests.make import make_deed, make_meeting, make_report, make_target
from promises.models import Action, ActionKind, Promise, Target
from promises.tests.make import make_action, make_locality, make_place, make_promise, publish
from surveys.counting import close_round
from surveys.tests.make import SWEDEN, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.usefixtures("late_in_the_year")]


@pytest.fixture
def late_in_the_year(clock) -> None:
    clock.move_to(date(2026, 12, 20))


def one_action(kind: str = ActionKind.HOTSPOT, **fields) -> Action:
    promise = make_promise(actions=0, published=False, **fields)
    make_action(promise, number=1, kind=kind)
    return publish(promise).actions.get()


def standing_of(action: Action, day: date = date(2026, 12, 20)) -> ActionStanding:
    return standings(Promise.objects.get(pk=action.promise_id), day)[0]


# --- What the partners say ----------------------------------------------------------------------------


def test_an_action_that_nobody_has_told_of_is_not_started() -> None:
    standing = standing_of(one_action())
    assert (standing.code, standing.label, standing.text) == ("not_started", "Inte påbörjad", "Inget är gjort än.")
    assert standing.said == ""


@pytest.mark.differs
@pytest.mark.parametrize(
    ("said", "label"),
    [("ongoing", "Pågår"), ("done", "Genomförd"), ("cancelled", "Avbruten"), ("not_started", "Inte påbörjad")],
)
def test_the_latest_published_words_decide(said: str, label: str) -> None:
    action = one_action()
    make_report(action.promise, "2026-01", reported="ongoing" if said != "ongoing" else "not_started")
    make_report(action.promise, "2026-02", reported=said)
    make_report(action.promise, "2026-03", reported="ongoing", published=False)
    assert standing_of(action).label == label
    assert standing_of(action).said == said


def test_a_month_without_a_meeting_says_nothing_of_the_actions() -> None:
    action = one_action()
    make_report(action.promise, "2026-01", reported="done")
    make_report(action.promise, "2026-02", kind=FollowUp.Kind.NO_MEETING, no_meeting_reason="Sportlov.")
    assert standing_of(action).code == "done"


def test_a_published_deed_begins_an_action_whatever_is_said() -> None:
    action = one_action()
    make_deed(action)
    assert standing_of(action).code == "not_started"
    make_report(action.promise, "2026-03", reported="not_started")
    assert standing_of(action).code == "ongoing"


# --- What is counted ----------------------------------------------------------------------------------


def test_deeds_count_towards_the_target_when_their_month_is_published() -> None:
    action = one_action()
    make_target(action)
    place = make_place(locality=make_locality("Limmared"))
    make_deed(action, done_on=date(2026, 2, 3))
    make_deed(action, done_on=date(2026, 3, 14), place=place)
    make_report(action.promise, "2026-02")
    assert standing_of(action).text == "1 av 4 trygghetsvandringar, senast 3\xa0februari"
    make_report(action.promise, "2026-03")
    standing = standing_of(action)
    assert standing.text == "2 av 4 trygghetsvandringar, senast 14\xa0mars i Limmared"
    assert (standing.count, standing.target_number) == (2, 4)


@pytest.mark.differs
def test_quantities_add_up_and_deeds_taken_back_do_not_count() -> None:
    action = one_action()
    make_deed(action, quantity=3)
    mistaken = make_deed(action, done_on=date(2026, 3, 20))
    make_report(action.promise, "2026-03")
    mistaken.take_back("Loggad två gånger.")
    assert standing_of(action).text == "3 insatser, senast 14\xa0mars"


def test_one_deed_is_written_in_the_singular_and_another_year_is_named() -> None:
    action = one_action(ends_on=date(2027, 12, 31))
    make_deed(action)
    make_report(action.promise, "2026-03")
    assert standing_of(action).text == "1 insats, senast 14\xa0mars"
    assert standing_of(action, date(2027, 1, 2)).text == "1 insats, senast 14\xa0mars\xa02026"


def test_deeds_of_another_promise_do_not_count() -> None:
    action, other = one_action(), one_action()
    make_deed(other)
    for each in (action, other):
        make_report(each.promise, "2026-03")
    assert standing_of(action).count == 0


def test_held_meetings_count_for_a_meeting_action_alone() -> None:
    promise = make_promise()
    for day in (date(2026, 1, 27), date(2026, 2, 24), date(2025, 12, 16)):
        make_meeting(day)
    make_meeting(date(2026, 3, 24), state=Meeting.State.CANCELLED, cancel_reason="Sjukdom.")
    make_meeting(date(2026, 3, 25), kind=Meeting.Kind.SAMFU)
    assert [each.count for each in standings(promise)] == [0, 0, 0, 0, 2]
    assert standings(promise)[4].text == "2 möten, senast 24\xa0februari"
    assert standings(promise)[4].code == "ongoing"


def test_a_survey_counts_on_the_last_day_that_it_could_be_answered(clock) -> None:
    action = one_action(ActionKind.SURVEY)
    december, new_year = (datetime(2026, 12, 1, tzinfo=SWEDEN), datetime(2027, 1, 1, tzinfo=SWEDEN))
    whole, early, never = (
        make_round(promise=action.promise, opens_at=december, closes_at=new_year) for _survey in range(3)
    )
    clock.move_to(new_year)
    close_round(whole)
    close_round(early, at=datetime(2026, 12, 9, 12, tzinfo=SWEDEN))
    close_round(never, at=datetime(2026, 11, 20, 12, tzinfo=SWEDEN))
    assert standing_of(action, date(2026, 12, 8)).count == 0
    assert standing_of(action, date(2026, 12, 9)).text == "1 undersökning, senast 9\xa0december"
    # It closed as the new year began: the last who answered did so in the old one.
    assert counts_of_year(action.promise, 2026)[action.pk] == (2, None)
    assert counts_of_year(action.promise, 2027)[action.pk] == (0, None)


# --- A rhythm -----------------------------------------------------------------------------------------


def test_a_rhythm_counts_the_latest_turn_that_is_reported() -> None:
    action = one_action()
    make_target(action, number=2, unit="fotpatruller", rhythm=Target.Rhythm.MONTH)
    make_deed(action, done_on=date(2026, 10, 8), quantity=2)
    make_deed(action, done_on=date(2026, 11, 12))
    make_deed(action, done_on=date(2026, 12, 2))
    make_report(action.promise, "2026-10")
    assert standing_of(action).text == "2 av 2 fotpatruller i oktober, senast 8\xa0oktober"
    make_report(action.promise, "2026-11")
    assert standing_of(action).text == "1 av 2 fotpatruller i november, senast 12\xa0november"


def test_a_quarter_names_its_months() -> None:
    action = one_action()
    make_target(action, number=2, unit="träffar", rhythm=Target.Rhythm.QUARTER)
    make_deed(action, done_on=date(2026, 10, 8))
    make_report(action.promise, "2026-10")
    assert standing_of(action).text.startswith("1 av 2 träffar i oktober–december")


def test_a_meeting_action_counts_its_running_turn() -> None:
    action = one_action(ActionKind.MEETING)
    make_target(action, number=1, unit="möten", rhythm=Target.Rhythm.MONTH)
    make_meeting(date(2026, 11, 24))
    assert standing_of(action, date(2026, 11, 30)).text == "1 av 1 möten i november, senast 24\xa0november"
    assert standing_of(action, date(2026, 12, 1)).text.startswith("0 av 1 möten i december")


# --- Late ---------------------------------------------------------------------------------------------


def test_a_due_day_that_has_passed_without_enough_deeds_is_late_the_day_after() -> None:
    action = one_action()
    make_target(action, due_on=date(2026, 6, 1))
    make_deed(action, quantity=3)
    make_report(action.promise, "2026-03")
    assert standing_of(action, date(2026, 6, 1)).code == "ongoing"
    late = standing_of(action, date(2026, 6, 2))
    assert (late.code, late.label, late.behind_since) == ("behind", "Försenad", date(2026, 6, 2))
    assert late.late_note == "Målet var 4 trygghetsvandringar senast 1\xa0juni\xa02026. Det blev 3."


def test_it_is_late_no_more_once_enough_is_done() -> None:
    action = one_action()
    make_target(action, due_on=date(2026, 6, 1))
    make_deed(action, quantity=4, done_on=date(2026, 7, 1))
    make_report(action.promise, "2026-07")
    assert standing_of(action, date(2026, 7, 20)).code == "ongoing"


def test_a_number_for_the_whole_time_is_late_after_the_last_day_never_by_a_share_of_the_year() -> None:
    action = one_action()
    make_target(action)
    assert standing_of(action, date(2026, 12, 31)).code == "not_started"
    assert standing_of(action, date(2027, 1, 1)).code == "behind"


def test_a_last_day_without_a_number_is_met_by_the_word_done() -> None:
    action = one_action()
    make_target(action, number=None, due_on=date(2026, 4, 1))
    make_deed(action)
    make_report(action.promise, "2026-03")
    late = standing_of(action, date(2026, 4, 2))
    assert late.code == "behind"
    assert late.late_note == "Skulle ha varit klart senast 1\xa0april\xa02026."
    make_report(action.promise, "2026-04", reported="done")
    assert standing_of(action, date(2026, 5, 2)).code == "done"


def test_a_whole_turn_without_enough_deeds_is_late_from_the_day_it_has_passed() -> None:
    action = one_action()
    make_target(action, number=2, unit="fotpatruller", rhythm=Target.Rhythm.MONTH, decided_on=date(2026, 9, 1))
    make_deed(action, done_on=date(2026, 9, 8))
    make_report(action.promise, "2026-09")
    assert standing_of(action, date(2026, 9, 30)).code == "ongoing"
    late = standing_of(action, date(2026, 10, 1))
    assert (late.code, late.behind_since) == ("behind", date(2026, 10, 1))
    assert late.late_note == "Målet var 2 fotpatruller i september. Det blev 1."
    assert standing_of(action, date(2026, 12, 1)).behind_since == date(2026, 10, 1)


def test_only_turns_that_begin_after_the_decision_are_judged() -> None:
    action = one_action()
    make_target(action, number=2, unit="fotpatruller", rhythm=Target.Rhythm.MONTH, decided_on=date(2026, 9, 2))
    assert standing_of(action, date(2026, 10, 31)).behind_since is None
    assert standing_of(action, date(2026, 11, 1)).behind_since == date(2026, 11, 1)


def test_a_turn_with_enough_deeds_ends_the_delay() -> None:
    action = one_action()
    make_target(action, number=1, unit="fotpatruller", rhythm=Target.Rhythm.MONTH, decided_on=date(2026, 9, 1))
    make_deed(action, done_on=date(2026, 10, 8))
    make_report(action.promise, "2026-10")
    assert standing_of(action, date(2026, 10, 20)).code == "behind"
    assert standing_of(action, date(2026, 11, 5)).code == "ongoing"


def test_a_deed_that_waits_for_its_report_makes_nothing_late_until_the_report_is() -> None:
    action = one_action()
    make_target(action, number=1, unit="fotpatruller", rhythm=Target.Rhythm.MONTH, decided_on=date(2026, 9, 1))
    make_deed(action, done_on=date(2026, 9, 8))
    assert standing_of(action, date(2026, 10, 14)).behind_since is None
    assert standing_of(action, date(2026, 10, 14)).count == 0
    assert standing_of(action, date(2026, 10, 15)).behind_since == date(2026, 10, 1)


def test_what_is_done_or_given_up_is_not_late() -> None:
    for said in ("done", "cancelled"):
        action = one_action()
        make_target(action, due_on=date(2026, 2, 1))
        make_report(action.promise, "2026-03", reported=said)
        assert standing_of(action).code == said
        assert standing_of(action).late_note == ""


def test_a_turn_that_the_promise_cuts_short_is_no_whole_turn() -> None:
    action = one_action(starts_on=date(2026, 2, 20), ends_on=date(2026, 11, 10))
    monthly = make_target(action, number=1, unit="pass", rhythm=Target.Rhythm.MONTH)
    assert [each.first.number for each in monthly.rhythm_periods()] == [3, 4, 5, 6, 7, 8, 9, 10]
    quarterly = make_target(action, number=1, unit="pass", rhythm=Target.Rhythm.QUARTER)
    assert [each.first.number for each in quarterly.rhythm_periods()] == [2, 5, 8]


def test_a_later_target_replaces_the_earlier_from_its_decision() -> None:
    action = one_action()
    make_target(action, number=4)
    make_target(action, number=6, decided_on=date(2026, 5, 1))
    assert standing_of(action, date(2026, 4, 30)).target_number == 4
    assert standing_of(action, date(2026, 5, 1)).target_number == 6


def test_a_target_that_is_not_signed_does_not_hold() -> None:
    action = one_action()
    Target.objects.create(action=action, number=4, unit="pass", decided_on=date(2026, 1, 1))
    assert standing_of(action).target is None


# --- Kept in the report -------------------------------------------------------------------------------


def test_publishing_keeps_the_standing_with_the_deeds_that_it_publishes() -> None:
    action = one_action()
    make_target(action)
    make_deed(action)
    report = make_report(action.promise, "2026-03")
    update = report.updates.get()
    assert (update.standing_then, update.standing_then_label) == ("ongoing", "Pågår")
    assert (update.count_then, update.target_number_then) == (1, 4)
    assert update.target_then == "4 trygghetsvandringar"


def test_the_kept_standing_stays_when_today_moves_on() -> None:
    action = one_action()
    deed = make_deed(action)
    make_report(action.promise, "2026-03")
    deed.take_back("Fel månad.")
    make_deed(action, quantity=5)
    assert ActionUpdate.objects.get().count_then == 1
    assert standing_of(action).count == 5


def test_a_report_that_comes_late_tells_of_its_own_month() -> None:
    action = one_action()
    make_target(action, decided_on=date(2026, 4, 10))
    make_deed(action)
    make_deed(action, done_on=date(2026, 4, 8))
    make_report(action.promise, "2026-04", reported="done")
    update = make_report(action.promise, "2026-03", reported="ongoing").updates.get()
    assert (update.standing_then, update.count_then, update.target_then) == ("ongoing", 1, "")


def test_queries_are_as_many_for_three_actions_as_for_one() -> None:
    def queries(actions: int) -> int:
        promise = make_promise(actions=0, published=False)
        for number in range(1, actions + 1):
            make_action(promise, number=number, kind=ActionKind.SCHOOL)
        publish(promise)
        place = make_place()
        for action in promise.actions.all():
            make_target(action, rhythm=Target.Rhythm.MONTH)
            for _each in range(actions):
                make_deed(action, place=place)
        make_report(promise, "2026-03")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            for each in standings(Promise.objects.get(pk=promise.pk)):
                assert each.text
                assert each.label
                assert each.late_note is not None
        return len(caught)

    assert queries(1) == queries(3) <= 14


@pytest.mark.differs
def test_deeds_agree_on_what_is_published(clock) -> None:
    action = one_action()
    reported, unreported = make_deed(action), make_deed(action, done_on=date(2026, 4, 1))
    make_report(action.promise, "2026-04", published=False)
    make_report(action.promise, "2026-03")
    clock.shift(60)
    later = make_deed(action)
    for deed, expected in [(reported, True), (unreported, False), (later, True)]:
        assert deed.is_published is expected
        assert Deed.objects.published().filter(pk=deed.pk).exists() is expected
    assert [each for each in (reported, later) if each.is_late_addition] == [later]
    assert list(Deed.objects.logged_late()) == [later]
