"""What each address of the back office is asked about, where it belongs to no organisation."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.admin.models import CHANGE, LogEntry
from django.utils import timezone

from followups.models import Meeting
from followups.tests.make import make_indicator, make_meeting
from promises.models import InformationPage, Section, Term, Translation
from promises.policy import Role
from promises.tests.make import (
    BORDER,
    make_locality,
    make_organisation,
    make_place,
    make_user,
)
from subscriptions.models import Announcement, Subscription
from surveys.codes import issue_batch
from surveys.counting import close_round
from surveys.models import EarlierSurvey, SurveyRound
from surveys.results import publish_release
from surveys.tests.make import (
    answer,
    ask_only_if,
    close_and_count,
    make_coordinator,
    make_question,
    make_round,
    make_scale,
    make_survey,
)

SWEDEN = ZoneInfo("Europe/Stockholm")


@dataclass
class Case:
    """What an address is asked about: the words in the address, what is asked for, and what is posted."""

    words: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)


def about(row: Any, **body: Any) -> Case:
    """A case of one row: its key in the address."""
    return Case({"object_id": row.pk}, body=body)


def app_lists() -> dict[str, Case]:
    return {
        f"room-{name}": Case({"app_label": name})
        for name in ("promises", "followups", "surveys", "subscriptions", "admin")
    }


def asked_for() -> dict[str, Case]:
    """What no row is named for: a field to complete, a filter that nobody offers, many rows at once, a new row."""
    colleague = {"first_name": "Ny", "last_name": "Ny", "email": "ny@exempel.se", "roles": "reader"}
    municipality = {"name": "Ny", "population": 1, "border": json.dumps(BORDER), "border_source": "påhittad"}
    complete = {"app_label": "followups", "model_name": "deed", "field_name": "place"}
    return {
        "autocomplete-places": Case(query=complete),
        "autocomplete-staff": Case(query=complete | {"field_name": "logged_by"}),
        "spell-out-password": Case(query={"password__startswith": "p"}),
        "spell-out-signer": Case(query={"sign_offs__signed_by__password__startswith": "p"}),
        "spell-out-answer": Case(query={"answers__text__startswith": "1"}),
        "spell-out-draft": Case(query={"text__startswith": "H"}),
        "delete-many": Case(body={"action": "delete_selected", "_selected_action": "1", "post": "yes"}),
        "new-organisation": Case(body={"name": "Ny", "slug": "ny", "short_name": "ny"}),
        "new-contact": Case(body={"name": "Ny", "telephone": "0725-00 00 00"}),
        "new-colleague": Case(body=colleague),
        "new-municipality": Case(body=municipality),
        "new-promise": Case(
            body={"title": "Nytt", "slug": "nytt", "lead": "Vi", "starts_on": "2027-01-01", "ends_on": "2027-12-31"}
        ),
        "new-term": Case(body={"word": "Ny", "slug": "ny", "explanation": "Ny."}),
        "new-translation": Case(body={"language": "en", "source": "Nytt.", "text": "New."}),
        "new-meeting": Case(body={"kind": "tsk", "starts_at_0": "2026-06-01", "starts_at_1": "18:30"}),
        "new-indicator": Case(
            body={"name": "Ny", "slug": "ny", "unit": "stölder", "definition": "Antal.", "source": "påhittad"}
        ),
        "new-scale": Case(body={"name": "Ny"}),
        "new-question": Case(body={"text": "Ny?", "kind": "text"}),
        "new-survey": Case(body={"title": "Ny"}),
        "new-earlier": Case(body={"year": 2018, "title": "Ny", "answers": 100, "source": "påhittad"}),
        "forged": Case(body={"name": "Ny", "title": "Ny", "summary": "Ny", "text": "Ny"}),
        "address-to-erase": Case(body={"address": "foljare@exempel.se"}),
        "help-picture": Case({"name": "startsidan"}),
        "words-to-see": Case(body={"text": "**Fet** text."}),
        "wrong-password": Case(body={"login": "ingen", "password": "fel"}),
        "code": Case(body={"code": "000000"}),
    }


def places_and_terms() -> dict[str, Case]:
    locality, organisation = make_locality("Orten"), make_organisation()
    Section.objects.create(organisation=organisation, name="Sektionen")
    Subscription.objects.create(
        address="foljare@exempel.se", everywhere=True, requested_at=timezone.now(), confirmed_at=timezone.now()
    )
    hidden = Term.objects.create(word="EST", slug="est", explanation="Ett sätt.")
    shown = Term.objects.create(word="TSK", slug="tsk", explanation="Ett sätt.")
    shown.publish()
    where = {"latitude": 57.5, "longitude": 13.3, "source": "påhittad"}
    page = InformationPage.as_delivered(InformationPage.Name.ABOUT)
    page.save()
    announced = Announcement.objects.create(kind="report", document_id=1, made_at=timezone.now())
    return {
        "organisation": about(organisation),
        "municipality": about(locality.municipality),
        "new-locality": Case(body={"name": "Ny", "municipality": locality.municipality_id} | where),
        "new-place": Case(body={"name": "Ny", "slug": "ny", "locality": locality.pk} | where),
        "locality": about(locality),
        "place-hidden": about(make_place(published=False)),
        "place-shown": about(make_place()),
        "term-hidden": about(hidden),
        "term-shown": about(shown),
        "announcement": about(announced),
        "page": about(page, text="Ny text."),
        "translation": about(Translation.objects.create(language="en", source="Vi.", text="We."), text="Us."),
        **log_of(page),
    }


def log_of(page: InformationPage) -> dict[str, Case]:
    """What was done with something that few may see, and with an account."""
    keeper = make_user(make_organisation(), Role.ACCOUNTS)
    log = LogEntry.objects.log_actions
    of_page = log(keeper.pk, [page], CHANGE, change_message="Ändrade.", single_object=True)
    of_account = log(keeper.pk, [keeper], CHANGE, change_message="Ändrade.", single_object=True)
    return {"log-of-page": about(of_page), "log-of-account": about(of_account)}


def meetings_and_numbers() -> dict[str, Case]:
    shown = make_indicator()
    shown.publish()
    earlier = {"year": 2019, "answers": 400, "source": "påhittad"}
    hidden_survey = EarlierSurvey.objects.create(title="Äldre", **earlier)
    shown_survey = EarlierSurvey.objects.create(title="Äldre, visad", **earlier)
    shown_survey.publish()
    return {
        "meeting-planned": about(make_meeting(date(2026, 6, 3), state=Meeting.State.PLANNED)),
        "meeting-held": about(make_meeting(date(2026, 1, 20))),
        "indicator-hidden": about(make_indicator(), rows="2026-02;5"),
        "indicator-shown": about(shown),
        "earlier-hidden": about(hidden_survey),
        "earlier-shown": about(shown_survey),
    }


def surveys() -> dict[str, Case]:
    survey = make_survey([make_question("early", "one"), make_question("late", "one")])
    ask_only_if(survey, "late", "early", ["safe"])
    late, early = survey.items.get(question__key="late"), survey.items.get(question__key="early")
    chosen = early.question.scale.options.get(key="unsafe")
    return {
        "scale-unused": about(make_scale()),
        "question-unused": about(make_question()),
        "survey-unused": about(make_survey([early.question])),
        "condition": Case({"survey_id": survey.pk, "item_id": late.pk}, body={f"item_{early.pk}": chosen.pk}),
    }


def make_rounds() -> dict[str, Case]:
    """One in each of its states on 10 May 2026."""
    open_now = {"opens_at": datetime(2026, 5, 1, tzinfo=SWEDEN), "closes_at": datetime(2026, 6, 1, tzinfo=SWEDEN)}
    told = make_round()
    survey, place = told.survey, told.round_places.get().place
    answer(told, times=12, safety="safe")
    release = publish_release(close_and_count(told), make_coordinator())
    same: dict[str, Any] = {"survey": survey, "places": [place]}
    counted = make_round(**same)
    answer(counted, times=12, safety="safe", texts={"words": "Bättre belysning."})
    close_and_count(counted)
    closed = make_round(**same, paper_until=date(2026, 5, 9))
    close_round(closed)
    planned, going = make_round(**same, locked=False, **open_now), make_round(**same, **open_now)
    batch = issue_batch_of(going)
    asked = survey.items.get(question__key="safety").question
    residents = {"source": "SCB", "counted_on": "2025-12-31", "number_0": "400", "ending": "csv"}
    mended = {"question": "wishes", "before": "Fråga om wishes?", "after": "Frågan om wishes?", "reason": "Stavfel."}
    return {
        "round-planned": about(planned),
        "round-open": about(going, q_safety="1", size=20, **mended),
        "round-closed": about(closed, channel="o", reason="En robot."),
        "round-counted": about(
            counted,
            _publish="1",
            _themes="1",
            themes="Belysning: 3",
            decision="Dnr 2026-1",
            summary="Bra.",
            **residents,
        ),
        "round-told": about(told),
        "batch": Case({"object_id": going.pk, "batch_id": batch}),
        "release": about(release),
        "scale-asked": about(asked.scale),
        "question-asked": about(asked),
        "survey-asked": about(survey),
        "new-round": Case(
            body={
                "survey": survey.pk,
                "title": "Ny",
                "slug": "ny",
                "opens_at_0": "2026-06-01",
                "opens_at_1": "08:00:00",
                "closes_at_0": "2026-07-01",
                "closes_at_1": "00:00:00",
                "takes_open": "on",
            }
        ),
    }


def issue_batch_of(survey_round: SurveyRound) -> int:
    place = survey_round.round_places.get()
    issue_batch(place, 20, make_coordinator())
    return place.invitation_batches.get().pk
