"""Who may do what, on which model, for whose organisation. Models are named by label, so that this lies below them all.

A person has roles, and belongs to one organisation; what belongs to an organisation is touched by its own people only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from promises.models import User


class Role(models.TextChoices):
    EDITOR = "editor", _("redaktör")
    SIGNER = "signer", _("godkännare")
    DEPUTY = "deputy", _("ställföreträdande godkännare")
    SURVEYS = "surveys", _("enkätansvarig")
    ACCOUNTS = "accounts", _("kontoansvarig")
    READER = "reader", _("läsare")
    TECHNICAL = "technical", _("teknisk administratör")


VIEW = frozenset({"view"})
WRITE = frozenset({"view", "add", "change"})
WRITE_AND_DELETE = WRITE | {"delete"}
SIGN = frozenset({"view", "sign"})

# What the partners write together: texts, months, meetings. Deleting is for what was never shown.
SHARED_TEXTS = {
    "promises.promise": WRITE_AND_DELETE,
    "promises.partnership": WRITE_AND_DELETE,
    "promises.action": WRITE_AND_DELETE,
    "promises.actionorganisation": WRITE_AND_DELETE,
    "promises.actionsection": WRITE_AND_DELETE,
    "promises.actionplace": WRITE_AND_DELETE,
    "promises.target": WRITE_AND_DELETE,
    "promises.extension": WRITE_AND_DELETE,
    "promises.place": WRITE,
    "promises.placereason": WRITE_AND_DELETE,
    "promises.term": WRITE_AND_DELETE,
    "promises.translation": WRITE,
    "promises.informationpage": frozenset({"view", "change"}),
    "promises.earliertext": VIEW,
    "promises.correction": frozenset({"view", "add"}),
    "promises.masking": frozenset({"view", "add"}),
    "followups.followup": WRITE_AND_DELETE,
    "followups.actionupdate": WRITE_AND_DELETE,
    "followups.combinedresult": WRITE_AND_DELETE,
    "followups.verdict": WRITE_AND_DELETE,
    "followups.meeting": WRITE,
    "followups.deed": WRITE_AND_DELETE,
    "followups.indicator": WRITE,
    "followups.reading": WRITE_AND_DELETE,
}
REFERENCE = {
    "promises.organisation": VIEW,
    "promises.section": VIEW,
    "promises.locality": VIEW,
    "promises.municipality": VIEW,
    "promises.contact": WRITE,
}
SURVEYS = {
    "surveys.scale": WRITE_AND_DELETE,
    "surveys.answeroption": WRITE_AND_DELETE,
    "surveys.question": WRITE_AND_DELETE,
    "surveys.survey": WRITE_AND_DELETE,
    "surveys.surveyquestion": WRITE_AND_DELETE,
    "surveys.surveyround": WRITE_AND_DELETE,
    "surveys.roundplace": WRITE_AND_DELETE,
    "surveys.spellingcorrection": frozenset({"view", "add"}),
    "surveys.earliersurvey": WRITE_AND_DELETE,
    "surveys.earliershare": WRITE_AND_DELETE,
    "surveys.resultrelease": VIEW,
}
# The log of the mails that remind staff.
REMINDERS = {"followups.reminder": VIEW}
# Who follows by e-mail: numbers, and erasing on request. No page shows an address.
FOLLOWERS = {"subscriptions.announcement": VIEW, "subscriptions.subscription": frozenset({"delete"})}
# Who did what, and when: of what the role may see.
LOG = {"admin.logentry": VIEW}
SIGNED = ("promises.promise", "promises.target", "promises.extension", "followups.followup", "followups.combinedresult")

# What no role may see or touch by any route: surveys.response, .freetext, .invitation, .tally are in no list.
GRANTS: dict[str, dict[str, frozenset[str]]] = {
    Role.EDITOR: SHARED_TEXTS | REFERENCE | REMINDERS | FOLLOWERS | LOG | dict.fromkeys(SURVEYS, VIEW),
    Role.SIGNER: LOG | dict.fromkeys(SIGNED, SIGN),
    Role.DEPUTY: LOG | dict.fromkeys(SIGNED, SIGN),
    Role.SURVEYS: SURVEYS
    | LOG
    | dict.fromkeys(REFERENCE, VIEW)
    | {"promises.place": VIEW, "promises.promise": VIEW, "promises.translation": WRITE},
    Role.ACCOUNTS: LOG
    | {"promises.user": WRITE, "promises.rolegrant": WRITE_AND_DELETE, "promises.organisation": VIEW},
    Role.READER: dict.fromkeys(
        [*SHARED_TEXTS, *REFERENCE, *REMINDERS, *SURVEYS, *LOG, "subscriptions.announcement"], VIEW
    ),
    Role.TECHNICAL: LOG
    | {
        "promises.user": VIEW,
        "promises.rolegrant": VIEW,
        "promises.organisation": WRITE,
        "promises.section": WRITE_AND_DELETE,
        "promises.municipality": WRITE,
        "promises.locality": WRITE_AND_DELETE,
    },
}

# Belong to one organisation, named by the attribute: nobody else's people change them.
OWNED = {
    "followups.deed": "organisation_id",
    "promises.contact": "organisation_id",
    "promises.user": "organisation_id",
    "promises.rolegrant": "user.organisation_id",
}


def may(user: Any, verb: str, label: str) -> bool:
    """Whether any of the user's roles allows `verb` (view, add, change, delete, sign) on the model `label`."""
    if not user.is_active or user.is_anonymous:
        return False
    return any(verb in GRANTS[role].get(label, ()) for role in user.roles)


def may_touch(user: Any, verb: str, row: models.Model) -> bool:
    """Whether the user may do `verb` to this very row.

    What another organisation owns may only be viewed, and so may what only the partners of a promise write.
    Whose signature counts is said by signing, with a sentence.
    """
    label = row._meta.label_lower
    if not may(user, verb, label):
        return False
    if verb == "view":
        return True
    if label in OWNED:
        return user.organisation_id is not None and owner_of(row) == user.organisation_id
    return verb == "sign" or writes_with_the_partners(user, row)


def writes_with_the_partners(user: Any, row: Any) -> bool:
    """Whether the row is no text of a promise's partners, or the user's organisation is one of them."""
    while hasattr(row, "document"):
        row = row.document
    try:
        partners = {each.pk for each in row.signing_partners()} if hasattr(row, "signing_partners") else set()
    except ObjectDoesNotExist:  # a new row that belongs to nothing yet
        return True
    return not partners or user.organisation_id in partners


def owner_of(row: models.Model) -> int | None:
    """The key of the organisation that the row belongs to, or None if it is shared."""
    value: Any = row
    path = OWNED.get(row._meta.label_lower)
    if path is None:
        return None
    for name in path.split("."):
        value = getattr(value, name)
    return value


def require(user: User, verb: str, row: models.Model) -> None:
    """Raise PermissionDenied unless the user may do `verb` to the row."""
    if not may_touch(user, verb, row):
        raise PermissionDenied


def signs_as_deputy(user: User) -> bool:
    return Role.SIGNER not in user.roles
