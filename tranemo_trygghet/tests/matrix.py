"""The portal in which every address of the back office is tried: two partnerships, each with one of everything."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.admin.models import CHANGE, LogEntry
from django.utils import timezone

from followups.models import CombinedResult, FollowUp, Meeting, Reminder
from followups.tests.make import make_deed, make_indicator, make_meeting, make_report, make_target
from promises.models import Extension, InformationPage, Masking, Organisation, Promise, Section, Term, Translation, User
from promises.policy import Role
from promises.tests.made_once import made_once
from promises.tests.make import (
    BORDER,
    make_contact,
    make_locality,
    make_organisation,
    make_place,
    make_promise,
    make_user,
    publish,
    ready,
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
from tranemo_trygghet.staff_login import links
from tranemo_trygghet.tests.make import make_result

SWEDEN = ZoneInfo("Europe/Stockholm")
ROLES = [Role.EDITOR, Role.SIGNER, Role.DEPUTY, Role.SURVEYS, Role.ACCOUNTS, Role.READER, Role.TECHNICAL]


# --- The cases ----------------------------------------------------------------------------------------


@dataclass
class Case:
    """What an address is asked about: the words in the address, what is asked for, and what is posted."""

    words: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)


@dataclass
class Side:
    """One partnership: its organisation's people, a person a role, and what belongs to it."""

    organisation: Organisation
    people: dict[str, User]
    cases: dict[str, Case] = field(default_factory=dict)


@dataclass
class World:
    own: Side
    other: Side
    shared: dict[str, Case]

    def case(self, name: str, *, is_own: bool) -> Case:
        side = self.own if is_own else self.other
        return side.cases.get(name) or self.shared[name]

    def has_owner(self, name: str) -> bool:
        return name in self.own.cases


def about(row: Any, **body: Any) -> Case:
    """A case of one row: its key in the address."""
    return Case({"object_id": row.pk}, body=body)


@made_once()
def make_world() -> World:
    rounds = make_rounds()
    own, other = make_side("Polisen"), make_side("Bostadsbolaget")
    shared = {
        "-": Case(),
        "no-such-page": Case({"url": "finns/inte"}),
        **app_lists(),
        **asked_for(),
        **places_and_terms(),
        **meetings_and_numbers(),
        **surveys(),
        **rounds,
    }
    return World(own, other, shared)


# --- What belongs to a partnership --------------------------------------------------------------------


def make_side(name: str) -> Side:
    organisation, partner = make_organisation(name), make_organisation(f"{name}s partner")
    people = {str(role): make_user(organisation, role) for role in ROLES}
    people["inactive"] = make_user(organisation, *ROLES, is_active=False)
    side = Side(organisation, people)
    promise = make_promise(
        partners=[organisation, partner], actions=2, starts_on=date(2024, 1, 1), ends_on=date(2026, 12, 31)
    )
    side.cases |= promises_of(promise, [organisation, partner])
    side.cases |= decisions_of(promise)
    side.cases |= reports_of(promise, side)
    side.cases |= results_of(promise)
    side.cases |= people_of(side)
    return side


def promises_of(promise: Promise, partners: list[Organisation]) -> dict[str, Case]:
    draft = make_promise(partners=partners, actions=1, published=False)
    waiting = ready(make_promise(partners=partners, actions=1, published=False))
    fresh = make_promise(partners=partners, actions=1, starts_on=date(2025, 1, 1), ends_on=date(2026, 6, 30))
    return {
        "promise-draft": about(draft),
        "promise-ready": about(waiting),
        "promise-published": about(promise, starts_on="2027-01-01", text="Det blev fel."),
        "action-draft": about(draft.actions.get()),
        "action-published": about(promise.actions.get(number=1)),
        "month-to-begin": Case({"promise_id": fresh.pk, "month": "2026-04"}),
        "year-to-begin": Case({"promise_id": fresh.pk, "year": 2025}),
        "new-action": Case(
            body={"promise": draft.pk, "number": 9, "title": "Ny", "slug": "ny", "text": "Ny text.", "kind": "meeting"}
        ),
        "new-target": Case(
            body={"action": promise.actions.first().pk, "number": 4, "unit": "vandringar", "decided_on": "2026-05-01"}
        ),
        "new-extension": Case(
            body={"promise": fresh.pk, "new_last_day": "2027-06-01", "decided_on": "2026-05-01", "reason": "Mer tid."}
        ),
    }


def decisions_of(promise: Promise) -> dict[str, Case]:
    first, second = promise.actions.all()
    decided = {"number": 3, "unit": "skolbesök", "decided_on": date(2026, 1, 1)}
    moved = {"promise": promise, "decided_on": date(2026, 5, 1), "reason": "Mer tid."}
    return {
        "target-draft": about(first.targets.create(**decided)),
        "target-ready": about(ready(first.targets.create(**decided))),
        "target-published": about(make_target(second), text="Det blev fel."),
        "extension-draft": about(Extension.objects.create(new_last_day=date(2027, 3, 1), **moved)),
        "extension-ready": about(ready(Extension.objects.create(new_last_day=date(2027, 4, 1), **moved))),
        "extension-published": about(
            publish(Extension.objects.create(new_last_day=date(2027, 1, 31), **moved)), text="Det blev fel."
        ),
    }


def reports_of(promise: Promise, side: Side) -> dict[str, Case]:
    told = make_report(promise, "2026-01", summary="Kalle Ek såg oss.")
    waiting = ready(make_report(promise, "2026-03", published=False))
    draft = make_report(promise, "2026-04", published=False)
    action, own = promise.actions.get(number=1), {"organisation": side.organisation}
    in_january = make_deed(action, done_on=date(2026, 1, 9), **own)
    in_april = make_deed(action, done_on=date(2026, 4, 9), **own)
    done = {"what": "Fotpatrull", "done_on": "2026-04-20", "action": action.pk, "quantity": 1}
    return {
        "report-draft": about(draft),
        "report-ready": about(waiting),
        "report-published": about(told, text="Det blev fel."),
        "deed-unreported": about(in_april),
        "deed-reported": about(in_january, reason="Loggad två gånger."),
        "new-deed": Case(body=done),
        "new-deeds": Case(body={f"form-0-{name}": value for name, value in done.items()}),
        "words-to-mask": Case(
            body={
                "words": "Kalle Ek",
                "reason": "personuppgift",
                "row": f"followups.followup:{told.pk}:summary",
                "propose": "1",
            }
        ),
        "masking-proposed": about(make_masking(told, side)),
        "reminder": about(make_reminder(promise, side)),
    }


def make_masking(report: FollowUp, side: Side) -> Masking:
    return Masking.objects.create(
        row=report, field="summary", words="Kalle Ek", reason="personuppgift", proposed_by=make_user(side.organisation)
    )


def make_reminder(promise: Promise, side: Side) -> Reminder:
    return Reminder.objects.create(
        promise=promise,
        first_day=date(2026, 3, 1),
        occasion=Reminder.Occasion.AFTER,
        errand=Reminder.Errand.WRITE,
        user=side.people["editor"],
        taken_at=timezone.now(),
    )


def results_of(promise: Promise) -> dict[str, Case]:
    told = make_result(promise)
    waiting = CombinedResult.objects.create(promise=promise, year=2025, summary="Bra.", way_forward="Vi fortsätter.")
    for action in promise.actions.all():
        waiting.verdicts.create(action=action, verdict="done", why="Gjort.", continues="Mer.")
    draft = CombinedResult.objects.create(promise=promise, year=2026, summary="Bra.", way_forward="Mer.")
    return {
        "result-draft": about(draft),
        "result-ready": about(ready(waiting)),
        "result-published": about(told, text="Det blev fel."),
    }


def people_of(side: Side) -> dict[str, Case]:
    colleague = make_user(side.organisation, Role.EDITOR, email=f"kollega-{side.organisation.pk}@exempel.se")
    link = links.INVITATION.address(colleague).removesuffix("/").rpartition("/")[2]
    forgotten = links.FORGOTTEN.address(colleague).removesuffix("/").rpartition("/")[2]
    chosen = {"new_password1": "hackspett-i-granskog", "new_password2": "hackspett-i-granskog"}
    return {
        "contact": about(make_contact(side.organisation)),
        "colleague": about(colleague),
        "invitation": Case({"token": link}, body=chosen),
        "forgotten": Case({"token": forgotten}, body=chosen),
    }


# --- What belongs to nobody ---------------------------------------------------------------------------


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
