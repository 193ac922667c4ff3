"""What the portal stores about people, why, and for how long: one list, which a test compares with every table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import time

from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from subscriptions.models import Asking, Subscription
from surveys.models import WrongCodes
from tranemo_trygghet.staff_login.guessing import KEPT_FOR
from tranemo_trygghet.staff_login.models import Attempt


@dataclass(frozen=True)
class Stored:
    """Some tables that are about the same people, for the same reason and time."""

    tables: tuple[str, ...]
    who: object
    what: object
    until: object


STORED = (
    Stored(
        ("surveys.response", "surveys.freetext"),
        _("de som svarar på enkäter"),
        _("svaren, utan namn, adress, kod eller tid"),
        _("tills omgången är räknad och gallras enligt sitt gallringsbeslut"),
    ),
    Stored(
        ("surveys.invitation",),
        _("de som har fått ett brev med en kod"),
        _("oanvända koder som kontrollsummor; inte vem som har fått vilken"),
        _("tills koden används eller omgången gallras"),
    ),
    Stored(
        ("surveys.wrongcodes", "subscriptions.asking"),
        _("de som skriver fel kod eller ber om mejl"),
        _("antal försök från en nätadress, som bara finns som kontrollsumma"),
        _("en timme"),
    ),
    Stored(
        ("subscriptions.subscription", "subscriptions.subscription_places", "subscriptions.mail"),
        _("de som följer med mejl"),
        _("e-postadress, vad de följer och när de bekräftade; mejl som väntar"),
        _("tills de avslutar; obekräftade adresser en vecka"),
    ),
    Stored(
        ("promises.contact",),
        _("kontaktpersoner"),
        _("namn, titel, telefon och e-post, som visas för alla"),
        _("tills de tas bort"),
    ),
    Stored(
        (
            "promises.user", "promises.rolegrant", "promises.user_groups", "promises.user_user_permissions",
            "mfa.authenticator", "account.emailaddress", "account.emailconfirmation",
        ),
        _("medarbetare"),
        _("namn, e-post, roll och inloggning"),
        _("så länge något som de har godkänt är publicerat; kontot stängs när de slutar"),
    ),
    Stored(
        ("sessions.session", "staff_login.attempt"),
        _("medarbetare som loggar in"),
        _("inloggningen; misslyckade försök, utan namn och nätadress"),
        _("en halvtimme efter senaste sidan; försök ett dygn"),
    ),
    Stored(
        (
            "promises.promisesignoff", "promises.targetsignoff", "promises.extensionsignoff", "promises.correction",
            "promises.masking", "promises.informationpage", "promises.earliertext", "promises.translation",
            "followups.followupsignoff", "followups.combinedresultsignoff", "followups.reminder",
            "surveys.invitationbatch", "surveys.spellingcorrection", "surveys.resultrelease", "surveys.quote",
            "followups.deed", "admin.logentry", "promises.difference",
        ),
        _("medarbetare som har skrivit, godkänt eller ändrat"),
        _("vem som gjorde vad och när"),
        _("lika länge som det som de skrev eller godkände"),
    ),
)  # fmt: skip


def remove_expired_sessions() -> int:
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]


def remove_old_counts() -> int:
    hour = int(time()) // 3600
    return sum(model.objects.filter(hour__lt=hour).delete()[0] for model in (WrongCodes, Asking))


def remove_old_attempts() -> int:
    return Attempt.objects.older_than(KEPT_FOR).delete()[0]


# What has a time of its own, and the function that removes it when the time is out. What staff decide to erase is not
# among them: that is done by a decision, in the back office.
CLEANED: dict[str, Callable[[], int]] = {
    "inloggningar": remove_expired_sessions,
    "räkningar av försök": remove_old_counts,
    "misslyckade inloggningar": remove_old_attempts,
    "obekräftade adresser": lambda: Subscription.objects.erase_forgotten(),
}
