"""When a page last changed: said on every page, by what stands on it and never by the clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from followups.models import Meeting
from promises.models import Contact
from promises.months import swedish_day
from promises.publishing import content_changed, content_changed_at
from promises.wording import newest_day
from tranemo_trygghet.tests.make import SWEDEN, TENTH_OF_MAY, load_example, make_portal
from tranemo_trygghet.tests.test_page_store_addresses import swedish_addresses

pytestmark = pytest.mark.django_db


def last_change(client: Client, address: str) -> str:
    """The sentence at the foot of the page."""
    before, _found, after = client.get(address).content.decode().partition('class="meta updated">')
    return after.partition("</p>")[0].replace("\xa0", " ") if before else ""


def test_every_page_says_when_it_last_changed_and_a_day_without_news_does_not_move_it(clock, client: Client) -> None:
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    pages = [each for each in swedish_addresses(portal) if is_page(client, each)]
    said = {address: last_change(client, address) for address in pages}
    assert len(pages) > 20
    assert {address: words for address, words in said.items() if "ändrades senast" not in words} == {}
    clock.move_to(TENTH_OF_MAY + timedelta(hours=30))
    assert {address: last_change(client, address) for address in pages} == said


def is_page(client: Client, address: str) -> bool:
    if address.endswith("/pdf/"):  # a file, which takes a second to make
        return False
    answer = client.get(address)
    return answer["Content-Type"].startswith("text/html") and b'id="innehall"' in answer.content


def test_a_missing_month_changed_on_the_day_after_its_report_was_due(clock, client: Client) -> None:
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    (march,) = [each for each in portal.promise.periods() if each.first.iso == "2026-03"]
    due_on = portal.promise.report_due_on(march)
    assert last_change(client, "/uppfoljningar/2026-03/") == (
        f"Sidan ändrades senast {newest_day(due_on + timedelta(days=1))}.".replace("\xa0", " ")
    )


def test_a_page_changes_when_what_it_shows_does_and_others_do_not(clock, client: Client) -> None:
    clock.move_to(TENTH_OF_MAY)
    make_portal()
    promises = last_change(client, "/loften/")
    clock.move_to(TENTH_OF_MAY + timedelta(days=2))
    meeting = Meeting.objects.published().coming().first() or Meeting.objects.published().first()
    meeting.venue = "Biblioteket"
    meeting.save()
    assert last_change(client, "/moten/") == "Sidan ändrades senast 12 maj 2026."
    assert last_change(client, "/ordlista/") == "Något på webbplatsen ändrades senast 12 maj 2026."
    assert last_change(client, "/loften/") == promises


def test_a_page_changes_with_the_place_and_the_contact_that_it_tells_of(clock, client: Client) -> None:
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    pages = ["/", "/loften/2026/", "/om/", portal.place.get_absolute_url(), "/platser/", "/moten/"]
    before = {each: last_change(client, each) for each in pages}
    clock.move_to(TENTH_OF_MAY + timedelta(days=2))
    contact, reason = Contact.objects.get(), portal.place.reasons.get()
    for row in (contact, portal.place, reason):
        row.save()
    assert {each: last_change(client, each) for each in pages} == before
    contact.telephone = "0325-57 60 00"
    contact.save(update_fields=["telephone"])
    moved = {each for each in pages if last_change(client, each) != before[each]}
    assert moved == {"/", "/loften/2026/", "/om/"}
    assert last_change(client, "/om/") == "Sidan ändrades senast 12 maj 2026."
    for number, row in enumerate((portal.place, reason), start=3):
        clock.move_to(TENTH_OF_MAY + timedelta(days=number))
        field = "description" if row == portal.place else "text"
        setattr(row, field, "Nu är det ljust.")
        row.save()
        assert last_change(client, "/platser/") == f"Sidan ändrades senast {10 + number} maj 2026."
        assert last_change(client, portal.place.get_absolute_url()) == last_change(client, "/platser/")


def test_the_newest_of_dates_and_moments_is_a_swedish_day() -> None:
    late = datetime(2026, 3, 5, 23, 30, tzinfo=SWEDEN)
    assert newest_day(date(2026, 3, 4), None, late).replace("\xa0", " ") == "5 mars 2026"
    assert newest_day(None) == newest_day() == ""


def test_nothing_has_changed_before_anything_has_been_shown(clock) -> None:
    assert content_changed_at() is None
    content_changed()
    assert abs(content_changed_at() - datetime.now(tz=SWEDEN)) < timedelta(seconds=5)


def test_the_meetings_of_the_example_year_were_told_of_on_their_days_and_not_when_it_was_made(settings) -> None:
    settings.DEBUG = True
    load_example()
    changed = Meeting.objects.published().values_list("changed_at", flat=True)
    assert len({swedish_day(each) for each in changed}) == len(changed) > 1
