"""The portal in which every address of the back office is tried: two partnerships, each with one of everything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from followups.models import CombinedResult, FollowUp, Reminder
from followups.tests.make import make_deed, make_report, make_target
from promises.models import Extension, Masking, Organisation, Place, Promise, User
from promises.policy import Role
from promises.tests.made_once import made_once
from promises.tests.make import (
    make_contact,
    make_organisation,
    make_place,
    make_promise,
    make_user,
    publish,
    ready,
)
from tranemo_trygghet.staff_login import links
from tranemo_trygghet.tests.make import make_result
from tranemo_trygghet.tests.matrix_cases import (
    Case,
    about,
    app_lists,
    asked_for,
    make_rounds,
    meetings_and_numbers,
    places_and_terms,
    surveys,
)

SWEDEN = ZoneInfo("Europe/Stockholm")
ROLES = [Role.EDITOR, Role.SIGNER, Role.DEPUTY, Role.SURVEYS, Role.ACCOUNTS, Role.READER, Role.TECHNICAL]


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
        "action-published": about(promise.actions.get(number=1), **chosen(make_place())),
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


def chosen(place: Place) -> dict[str, Any]:
    """One more place in the form of an action."""
    prefix = "actionplace_set"
    return {f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-0-place": place.pk, f"{prefix}-0-chosen_on": "2026-05-01"}


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
