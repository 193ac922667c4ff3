"""Who follows by e-mail, and the mails that wait to be sent to them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self

from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promises.models import Place

UNCONFIRMED_FOR = timedelta(days=7)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def confirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=False)

    def unconfirmed(self) -> Self:
        return self.filter(confirmed_at__isnull=True)

    def confirmed_before(self, moment: datetime) -> Self:
        return self.filter(confirmed_at__lte=moment)

    def requested_since(self, moment: datetime) -> Self:
        return self.filter(requested_at__gt=moment)

    def of(self, address: str) -> Self:
        return self.filter(address=address)

    def following(self, places: Iterable[Place]) -> Self:
        """Those who follow everything, or at least one of the places."""
        chosen = Subscription.places.through.objects.filter(place__in=[place.pk for place in places])
        return self.filter(Q(everywhere=True) | Q(pk__in=chosen.values("subscription_id")))

    def ask(self, address: str, places: Iterable[Place]) -> Subscription:
        """Note that somebody wants mail to `address`, and put a mail that asks its owner in the outbox.

        The same rows are written whoever already follows, so neither the answer nor its time tells.
        """
        places = list(places)
        with transaction.atomic():
            subscription = self.create(address=address, everywhere=not places)
            through = Subscription.places.through
            through.objects.bulk_create(through(subscription=subscription, place=place) for place in places)
            Mail.objects.create(subscription=subscription)
        return subscription

    def erase(self) -> int:
        """Delete the rows with all that hangs on them. Returns how many there were.

        Their locks are taken first: a run that is just putting mail in the outbox then does so before us or not at all.
        """
        with transaction.atomic():
            keys = [row.pk for row in self.select_for_update().order_by("pk")]
            self.model.objects.filter(pk__in=keys).delete()
        return len(keys)

    def erase_forgotten(self) -> int:
        """Delete the addresses that nobody has confirmed for a week."""
        return self.unconfirmed().filter(requested_at__lte=timezone.now() - UNCONFIRMED_FOR).erase()


class Subscription(models.Model):
    """An e-mail address that somebody wants to follow by: confirmed by its owner, or waiting for that for a week.

    An address has at most one confirmed row. Each time somebody asks there is a new unconfirmed one beside it.
    """

    # Random: the links in the mails name it, and no number is ever used for another person.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    address = models.EmailField(_("e-postadress"), db_index=True)
    everywhere = models.BooleanField(_("följer allt"), default=True)
    places = models.ManyToManyField(Place, verbose_name=_("platser"), related_name="+", blank=True)
    requested_at = models.DateTimeField(_("anmäld"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("bekräftad"), null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("prenumerant")
        verbose_name_plural = _("prenumeranter")
        constraints = [
            models.UniqueConstraint(
                fields=["address"],
                condition=Q(confirmed_at__isnull=False),
                name="subscription_confirmed_once_an_address",
            ),
        ]

    def __str__(self) -> str:
        # Never the address: what is printed ends up in logs.
        return str(_("prenumerant"))

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    def earlier(self) -> Subscription | None:
        """The confirmed subscription that this address already has, other than this one."""
        return Subscription.objects.confirmed().of(self.address).exclude(pk=self.pk).first()

    def follows_the_same_as(self, other: Subscription) -> bool:
        return self.everywhere == other.everywhere and set(self.places.all()) == set(other.places.all())

    def confirm(self) -> None:
        """The owner of the address says yes. Where they follow already, that goes on, with what was chosen now.

        It is the older row that stays, so that the links in the mails that it has sent go on working.
        """
        with transaction.atomic():
            # All rows of the address, always in the same order: two confirmations at once wait for each other.
            rows = {row.pk: row for row in Subscription.objects.of(self.address).select_for_update().order_by("pk")}
            asked, earlier = rows.get(self.pk), self.earlier()
            if asked is None or asked.is_confirmed:
                return
            if earlier is None:
                self.confirmed_at = timezone.now()
                self.save(update_fields=["confirmed_at"])
                return
            earlier.everywhere = self.everywhere
            earlier.save(update_fields=["everywhere"])
            earlier.places.set(self.places.all())
            self.delete()

    def end(self) -> None:
        """The owner wants no more mail: every row with the address is erased."""
        Subscription.objects.of(self.address).erase()


class Kind(models.TextChoices):
    """What there can be news of."""

    REPORT = "report", _("månadsrapport")
    RESULT = "result", _("enkätresultat")
    MEETING = "meeting", _("möte")
    CANCELLED = "cancelled", _("inställt möte")
    MOVED = "moved", _("ändrat möte")


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def with_counts(self) -> Self:
        """With how many mails wait and were given up, asked for the rows that are shown alone."""
        waiting, given_up = (
            rows.filter(announcement=OuterRef("pk")).order_by().values("announcement").annotate(number=Count("pk"))
            for rows in (Mail.objects.waiting(), Mail.objects.given_up())
        )
        counts = {"waiting": waiting.values("number"), "given_up": given_up.values("number")}
        return self.annotate(**{name: Coalesce(Subquery(rows), 0) for name, rows in counts.items()})


class Announcement(models.Model):
    """A published document that mail has been made out about: written once, in the transaction that makes the mails.

    Of a meeting once for each time that it was moved, too.
    """

    kind = models.CharField(_("slag"), max_length=10, choices=Kind)
    document_id = models.PositiveBigIntegerField(_("nummer"))
    # Of a meeting: how often it had been moved by then.
    moves = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    made_at = models.DateTimeField(_("lagt i utkorgen"), default=timezone.now)
    recipients = models.PositiveIntegerField(_("mottagare"), default=0)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("utskick")
        verbose_name_plural = _("utskick")
        indexes = [models.Index(fields=["-made_at", "-id"], name="announcement_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "document_id"], condition=~Q(kind="moved"), name="announcement_once_a_document"
            ),
            models.UniqueConstraint(
                fields=["document_id", "moves"], condition=Q(kind="moved"), name="announcement_once_a_move"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.document_id}"


# A mail that is being sent is nobody else's for so long. Far longer than sending.DEADLINE, so that a run which is
# only slow does not get a second copy made by another; short enough for the mail of a run that was killed.
LEASE = timedelta(minutes=10)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
PAUSE_AFTER_REFUSAL = timedelta(hours=1)
MOST_REFUSALS = 5


class MailQuerySet(models.QuerySet["Mail"]):
    def waiting(self) -> Self:
        return self.filter(given_up_at__isnull=True)

    def given_up(self) -> Self:
        return self.filter(given_up_at__isnull=False)

    def due(self) -> Self:
        """Confirmations first, since somebody sits and waits for them; then the oldest news."""
        first = F("announcement_id").asc(nulls_first=True)
        return self.waiting().filter(due_at__lte=timezone.now()).order_by(first, "due_at", "pk")

    def claim(self) -> Mail | None:
        """Take the next mail, so that no other run sends it; None when none is due.

        The row says that it is due again when the lease is over: a run that is killed loses nothing.
        """
        with transaction.atomic():
            rows = self.due().select_related("subscription", "announcement")
            mail = rows.select_for_update(skip_locked=True, of=("self",)).first()
            if mail is not None:
                mail.due_at = timezone.now() + LEASE
                mail.save(update_fields=["due_at"])
        return mail

    def try_again(self) -> int:
        """Put what was given up back in the outbox, when the fault turned out to be the server's. Returns how many."""
        return self.given_up().update(given_up_at=None, refusals=0, due_at=timezone.now())


class Mail(models.Model):
    """A mail that waits to be sent to one address; deleted when the server has taken it.

    About a published document or, without an announcement, the question whether the owner wants to follow.
    """

    # Random, and a part of the Message-ID: a mail that has to be sent twice is the same mail to who receives it.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="mails")
    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="mails", null=True, blank=True)
    due_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveIntegerField(default=0)
    refusals = models.PositiveSmallIntegerField(default=0)
    # The number alone: a server's words hold the address.
    last_code = models.PositiveSmallIntegerField(null=True)
    given_up_at = models.DateTimeField(null=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mejl i utkorgen")
        verbose_name_plural = _("mejl i utkorgen")
        constraints = [
            models.UniqueConstraint(fields=["subscription", "announcement"], name="mail_once_a_document"),
            models.UniqueConstraint(
                fields=["subscription"], condition=Q(announcement=None), name="mail_asks_once_a_subscription"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(given_up_at=None), name="mail_due")]

    def __str__(self) -> str:
        return str(self.pk)

    def sent(self) -> None:
        """The server has taken it."""
        self.delete()

    def release(self) -> None:
        """Give it back untried: no server could be reached."""
        self.due_at = timezone.now()
        self._keep()

    def postpone(self, code: int | None = None) -> None:
        """The server could not take it now: try again, ever more seldom, but never give up."""
        self.tries += 1
        self.last_code = code
        self.due_at = timezone.now() + min(FIRST_PAUSE * 2 ** min(self.tries - 1, 10), LONGEST_PAUSE)
        self._keep()

    def refused(self, code: int | None = None) -> None:
        """The server says that it will never take it: try some more times over a day, then give up, on record."""
        self.tries += 1
        self.refusals += 1
        self.last_code = code
        self.due_at = timezone.now() + PAUSE_AFTER_REFUSAL * 2 ** (self.refusals - 1)
        if self.refusals >= MOST_REFUSALS:
            self.given_up_at = timezone.now()
        self._keep()

    def _keep(self) -> None:
        # An update by filter: somebody may have unsubscribed meanwhile, and then there is no row, and none is made.
        names = ("tries", "refusals", "last_code", "due_at", "given_up_at")
        Mail.objects.filter(pk=self.pk).update(**{name: getattr(self, name) for name in names})


class Asking(models.Model):
    """How many times one client has asked to follow in this hour. The client's address is keyed and never readable."""

    client_hash = models.CharField(max_length=64, primary_key=True)
    hour = models.PositiveIntegerField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("försök")
        verbose_name_plural = _("försök")

    def __str__(self) -> str:
        return str(self.count)
