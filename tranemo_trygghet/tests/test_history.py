"""Who changed what and when: told with its differences, written by nobody, and rid of what must not be in it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.test import Client

from followups.tests.make import make_deed, make_report
from followups.tests.test_admin_month import form_of, logged_in
from promises import masking
from promises.history import ADDED, REMOVED, SAME, pieces
from promises.models import Difference, Organisation, Promise, User
from promises.policy import Role
from promises.tests.backoffice import fields_of, text_of
from promises.tests.make import make_contact, make_organisation, make_promise, make_user
from subscriptions.tests.make import make_subscription
from surveys.tests.backoffice import address
from surveys.tests.make import answer, close_and_count, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.usefixtures("clock")]

LOG = "/admin/admin/logentry/"


@pytest.fixture
def partners() -> list[Organisation]:
    return [make_organisation("Polisen"), make_organisation("Tranemo kommun")]


@pytest.fixture
def promise(partners: list[Organisation]) -> Promise:
    return make_promise(partners=partners, actions=2)


@pytest.fixture
def officer(partners: list[Organisation]) -> User:
    return make_user(partners[0], first_name="Eva", last_name="Ek", title="kommunpolis")


def everything_logged() -> str:
    entries = LogEntry.objects.values_list("object_repr", "change_message")
    changes = Difference.objects.values_list("part", "field", "before", "after")
    return " ".join(str(each) for row in [*entries, *changes] for each in row) + " ".join(
        each.get_change_message() for each in LogEntry.objects.all()
    )


# --- What is told -------------------------------------------------------------------------------------


def test_an_edit_is_told_with_the_words_that_went_and_those_that_came(promise: Promise, officer: User) -> None:
    report = make_report(promise, "2026-03", published=False, summary="Vi såg två trasiga lampor vid skolan.")
    client = logged_in(officer)
    client.post(
        f"/admin/followups/followup/{report.pk}/change/",
        form_of(report, summary="Vi såg tre trasiga lampor vid skolan.", **{"updates-1-reported": "done"}),
    )
    page = text_of(client.get(f"/admin/followups/followup/{report.pk}/history/"))
    assert "16 mars 2026" in page
    assert "Eva Ek, kommunpolis" in page
    assert '<del><span class="visually-hidden">Borttaget: </span>två </del>' in page
    assert '<ins><span class="visually-hidden">Tillagt: </span>tre </ins>' in page
    assert "Läge för en åtgärd" in page
    assert "Genomförd" in page
    assert "ongoing" not in page


def test_values_are_told_as_they_are_read_on_the_page(officer: User) -> None:
    contact = make_contact(officer.organisation, name="Kim")
    client = logged_in(officer)
    change = f"/admin/promises/contact/{contact.pk}/change/"
    client.post(change, fields_of(client.get(change), "name") | {"starts_on": "2026-04-01", "title": "kommunpolis"})
    told = {each.field: (each.before, each.after) for each in Difference.objects.all()}
    assert told == {"Titel": ("", "kommunpolis"), "Från och med": ("", "1 april 2026")}


def test_saving_without_a_change_tells_of_none(officer: User) -> None:
    contact = make_contact(officer.organisation)
    client = logged_in(officer)
    change = f"/admin/promises/contact/{contact.pk}/change/"
    client.post(change, fields_of(client.get(change), "name"))
    assert not Difference.objects.exists()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("en två tre", "en tre", [(SAME, "en "), (REMOVED, "två "), (SAME, "tre")]),
        ("", "nytt", [(ADDED, "nytt")]),
        ("samma", "samma", [(SAME, "samma")]),
        (
            "ord " * 100 + "sist",
            "ord " * 100 + "sista",
            [(SAME, "… " + "ord " * 12), (REMOVED, "sist"), (ADDED, "sista")],
        ),
    ],
)
def test_a_difference_is_words_kept_removed_and_added(before: str, after: str, expected: list[Any]) -> None:
    assert pieces(before, after) == expected


def test_what_is_done_to_a_report_is_in_the_log(promise: Promise, partners: list[Organisation], officer: User) -> None:
    client = logged_in(officer)
    client.post(f"/admin/followups/followup/borja/{promise.pk}/2026-03/")
    report = promise.followups.get()
    lines = {f"updates-{number}-text": "Gjort." for number in range(2)}
    client.post(f"/admin/followups/followup/{report.pk}/change/", form_of(report, summary="Allt.", _ready="1", **lines))
    for user in (officer, make_user(partners[1])):
        sign = f"/admin/followups/followup/{report.pk}/godkann/"
        person = logged_in(user)
        person.post(sign, fields_of(person.get(sign), "digest"))
    page = text_of(client.get(LOG))
    for deed in ("Började skriva rapporten", "Skickade för godkännande", "Godkände för Polisen", "Tranemo kommun"):
        assert deed in page


# --- Who may read it, and that nobody writes it -------------------------------------------------------


@pytest.mark.differs
def test_the_log_shows_each_only_what_they_may_see(promise: Promise, officer: User) -> None:
    keeper = make_user(officer.organisation, Role.ACCOUNTS)
    page = logged_in(keeper)
    change = f"/admin/promises/user/{officer.pk}/change/"
    page.post(change, fields_of(page.get(change), "email") | {"email": "eva@exempel.se", "title": "polis"})
    logged_in(officer).post(f"/admin/followups/followup/borja/{promise.pk}/2026-03/")
    assert ("Började skriva" in text_of(page.get(LOG)), change in text_of(page.get(LOG))) == (False, True)
    page = logged_in(officer)
    assert ("Började skriva" in text_of(page.get(LOG)), change in text_of(page.get(LOG))) == (True, False)


def test_no_form_and_no_address_writes_in_the_log(promise: Promise, officer: User) -> None:
    everything = make_user(officer.organisation, *Role.values)
    client = logged_in(everything)
    client.post(f"/admin/followups/followup/borja/{promise.pk}/2026-03/")
    entry = LogEntry.objects.get()
    forged = {"action": "delete_selected", "_selected_action": entry.pk, "post": "yes", "object_repr": "Annat"}
    for path in (LOG, f"{LOG}{entry.pk}/change/", f"{LOG}{entry.pk}/delete/", f"{LOG}add/"):
        client.post(path, forged)
    again = LogEntry.objects.get()
    assert (again.object_repr, again.user) == (entry.object_repr, everything)


# --- What must not be in it ---------------------------------------------------------------------------


def test_no_answer_no_code_and_no_residents_address_is_in_the_log(officer: User) -> None:
    """Each is put in through the back office by somebody with every role, in words that stand nowhere else."""
    client = logged_in(make_user(officer.organisation, *Role.values))
    survey_round = make_round(paper_until=None)
    codes = client.get(address(survey_round, "codes"))
    made = client.post(address(survey_round, "codes"), fields_of(codes, "letter") | {"size": "3"}).content.decode()
    entry = address(survey_round, "entry")
    client.post(entry, fields_of(client.get(entry), "kod") | {"q_safety": "2", "q_words": "Kanariefågel", "kod": ""})
    answer(survey_round, times=12, safety="safe", texts={"words": "Kanariefågel på torget"})
    close_and_count(survey_round)
    words = f"{address(survey_round, 'free_text')}?fraga=words"
    client.post(words, {"_themes": "1", "themes": "Belysning: 3"})
    theme = fields_of(client.get(words), "theme")
    client.post(words, theme | {"_quote": "1", "theme": theme_of(survey_round), "text": "Kanariefågel på torget"})
    make_subscription("kanarie@exempel.se")
    client.post("/admin/subscriptions/announcement/radera/", {"address": "kanarie@exempel.se"})
    logged = everything_logged()
    for deed in ("Skapade 3 koder", "Skrev teman", "Föreslog ett citat", "Raderade en adress"):
        assert deed in logged
    written = [line.split(";")[0].strip('"') for line in made.splitlines()[1:] if line]
    assert len(written) >= 3
    for canary in ("anarie", *(code for code in written if len(code) > 8)):
        assert canary not in logged


def theme_of(survey_round: Any) -> int:
    return survey_round.text_readings.get().themes.get().pk


@pytest.mark.differs
def test_masked_words_leave_the_history_too(promise: Promise, partners: list[Organisation], officer: User) -> None:
    name = "Åke Öst"
    client = logged_in(officer)
    deed = make_deed(promise.actions.first(), what="Samtal", logged_by=officer, organisation=officer.organisation)
    change = f"/admin/followups/deed/{deed.pk}/change/"
    client.post(change, fields_of(client.get(change), "what") | {"what": f"Samtal med {name}"})
    report = make_report(promise, "2026-03", published=False)
    line = form_of(report, **{"updates-0-text": f"{name} frågade."})
    client.post(f"/admin/followups/followup/{report.pk}/change/", line)
    assert name in everything_logged()
    keys = [each.key for each in masking.find(name)]
    for proposed in masking.propose(officer, name, "personuppgift", keys):
        proposed.confirm(make_user(partners[1]))
    assert name not in everything_logged()
    assert "personuppgift" in everything_logged()


def test_words_that_stand_in_the_history_alone_can_be_masked(promise: Promise, partners: list[Organisation]) -> None:
    name, officer = "Åke Öst", make_user(partners[0])
    report = make_report(promise, "2026-03", published=False, summary=f"{name} såg oss.")
    change = f"/admin/followups/followup/{report.pk}/change/"
    logged_in(officer).post(change, form_of(report, summary="Någon såg oss."))
    (hit,) = masking.find(name)
    assert hit.kind.startswith("ändring")
    stranger = make_user(make_organisation())
    with pytest.raises(PermissionDenied):
        masking.propose(stranger, name, "personuppgift", [hit.key])
    masking.confirm(masking.propose(officer, name, "personuppgift", [hit.key])[0], make_user(partners[1]))
    assert name not in everything_logged()


def test_the_history_page_is_read_with_as_many_queries_for_three_edits_as_for_one(
    officer: User, django_assert_max_num_queries: Any
) -> None:
    contact = make_contact(officer.organisation)
    client: Client = logged_in(officer)
    change = f"/admin/promises/contact/{contact.pk}/change/"
    for title in ("a", "b", "c"):
        client.post(change, fields_of(client.get(change), "name") | {"title": title, "name": title})
    with django_assert_max_num_queries(12):
        assert text_of(client.get(f"/admin/promises/contact/{contact.pk}/history/")).count("<ins>") == 6
