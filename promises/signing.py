"""Who has said yes to exactly this text: one digest, one sign-off a partner, and the last one publishes."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from promises import policy
from promises.months import swedish_day
from promises.publishing import FreezingQuerySet, Frozen, content_changed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from promises.models import Organisation, User


class SigningError(ValidationError):
    """A signature, or the step towards it, could not be taken; the message says why in Swedish."""


def digest_of(content: Any) -> str:
    """SHA-256, in hexadecimal, of `content` as JSON with sorted keys and no spaces."""
    text = json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class State(models.TextChoices):
    DRAFT = "draft", _("Utkast")
    READY = "ready", _("Klar för godkännande")
    PUBLISHED = "published", _("Publicerad")


class SignedQuerySet(FreezingQuerySet):
    def published(self) -> Self:
        return self.filter(state=State.PUBLISHED)

    def ready(self) -> Self:
        """Those that wait for signatures. None of them has been published: an index finds them by that."""
        return self.filter(state=State.READY, published_at=None)

    def tampered(self) -> list[Any]:
        """The published rows that no longer are what was published, however they were changed."""
        rows: Iterable[Any] = self.published()
        return [row for row in rows if row.frozen_digest() != row.published_digest]


class SignedDocument(Frozen):
    """A text that goes from draft to ready to signed by every partner; the last signature publishes it.

    A subclass has a model of sign-offs with the related name `sign_offs`, and says what its `content()` is.
    """

    sign_offs: Any

    state = models.CharField(_("läge"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    published_at = models.DateTimeField(_("publicerad"), null=True, blank=True, editable=False)
    published_digest = models.CharField(_("kontrollsumma"), max_length=64, blank=True, editable=False)

    objects = SignedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_ready(self) -> bool:
        return self.state == State.READY

    # --- what a subclass says ---

    def signing_partners(self) -> Sequence[Organisation]:
        """The organisations whose signatures are needed, in the order of the promise."""
        raise NotImplementedError

    def content(self) -> dict[str, Any]:
        """All that a partner says yes to, its parts included, as values that JSON can hold."""
        raise NotImplementedError

    def snapshot(self) -> dict[str, Any]:
        """What publishing stores besides the content, such as the standing of the day."""
        return {}

    def take_snapshot(self) -> None:
        """Store what `snapshot()` returns; called once, when the document is published."""

    def missing_before_ready(self) -> list[str]:
        """Swedish sentences about what must be written before the document can be signed."""
        return []

    def remarks(self) -> list[str]:
        """Swedish sentences about what a reviewer would ask; they warn, and stop nothing."""
        return []

    # --- digests ---

    def digest(self) -> str:
        return digest_of([self._meta.label_lower, self.pk, self.content()])

    def frozen_digest(self) -> str:
        """Of what publishing froze: the content, the standing of the day, and who signed."""
        signatures = [each.content() for each in sorted(self.sign_offs.all(), key=lambda each: each.organisation_id)]
        return digest_of([self._meta.label_lower, self.pk, self.content(), self.snapshot(), signatures])

    # --- signatures ---

    def valid_sign_offs(self) -> list[Any]:
        """The signatures that are to exactly this text. After publishing, all that published it."""
        sign_offs = list(self.sign_offs.all())
        if self.is_published or not sign_offs:
            return sign_offs
        digest = self.digest()
        return [each for each in sign_offs if each.digest == digest]

    def awaited_partners(self) -> list[Organisation]:
        """The partners who have not signed this text yet, in the order of the promise."""
        if self.is_published:
            return []
        signed = {each.organisation_id for each in self.valid_sign_offs()}
        return [partner for partner in self.signing_partners() if partner.pk not in signed]

    def after_edit(self) -> None:
        """An edit withdraws every signature to the earlier text."""
        if self.pk and not self.is_published and self.sign_offs.exists():
            fresh = type(self)._base_manager.get(pk=self.pk)
            fresh.sign_offs.exclude(digest=fresh.digest()).delete()
        # Of a draft too: the public sees whose text or signature a late report awaits.
        content_changed()

    # --- verbs ---

    def mark_ready(self, user: User) -> None:
        """Send the draft to the partners for signature."""
        with transaction.atomic():
            document = self._locked()
            policy.require(user, "change", document)
            if not document.is_draft:
                raise SigningError(_("Texten är redan skickad för godkännande."))
            if missing := document.missing_before_ready():
                raise SigningError(missing)
            document.state = State.READY
            document.save(update_fields=["state"])
        self.state = document.state

    def back_to_draft(self, user: User) -> None:
        """Take the text back from signature in order to go on writing."""
        with transaction.atomic():
            document = self._locked()
            policy.require(user, "change", document)
            if not document.is_ready:
                raise SigningError(_("Bara en text som väntar på godkännande kan tas tillbaka."))
            document.sign_offs.all().delete()
            document.state = State.DRAFT
            document.save(update_fields=["state"])
        self.state = document.state

    def sign(self, user: User, digest: str) -> None:
        """Say yes, for the user's organisation, to the text whose digest the user has seen.

        Raises SigningError if the text is not ready, or has changed since it was read; PermissionDenied if the
        user may not sign for a partner. The last partner's signature publishes.
        """
        with transaction.atomic():
            document = self._locked()
            policy.require(user, "sign", document)
            partners = {partner.pk for partner in document.signing_partners()}
            if user.organisation_id not in partners:
                raise SigningError(_("Din organisation är inte part i löftet och kan inte godkänna."))
            if not document.is_ready:
                raise SigningError(_("Texten är inte skickad för godkännande."))
            if document.digest() != digest:
                raise SigningError(_("Texten har ändrats sedan du läste den. Läs den igen och godkänn sedan."))
            document.sign_offs.update_or_create(
                organisation_id=user.organisation_id,
                defaults={
                    "signed_by": user,
                    "signed_by_name": user.name_and_title,
                    "as_deputy": policy.signs_as_deputy(user),
                    "signed_at": timezone.now(),
                    "digest": digest,
                },
            )
            content_changed()
            if partners <= set(document.sign_offs.filter(digest=digest).values_list("organisation_id", flat=True)):
                document._publish()
        self.refresh_from_db()

    def _locked(self) -> Self:
        return type(self)._base_manager.select_for_update().get(pk=self.pk)

    def _publish(self) -> None:
        """Freeze and show: reached by the last signature alone."""
        self.take_snapshot()
        self.published_at = timezone.now()
        self.published_digest = self.frozen_digest()
        self.state = State.PUBLISHED
        self.save(update_fields=["state", "published_at", "published_digest"])


class SignOff(models.Model):
    """One partner's yes to exactly this text. A subclass adds `document`, with related_name="sign_offs"."""

    organisation = models.ForeignKey("promises.Organisation", models.PROTECT, verbose_name=_("organisation"))
    signed_by = models.ForeignKey("promises.User", models.PROTECT, verbose_name=_("godkänd av"), related_name="+")
    # Kept as it was that day: people marry, move and leave.
    signed_by_name = models.CharField(_("namn och titel"), max_length=200)
    as_deputy = models.BooleanField(_("som ställföreträdare"), default=False)
    signed_at = models.DateTimeField(_("godkänd"))
    digest = models.CharField(_("kontrollsumma"), max_length=64)

    class Meta:
        abstract = True
        ordering = ["signed_at"]
        verbose_name = _("godkännande")
        verbose_name_plural = _("godkännanden")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "organisation"],
                name="%(app_label)s_%(class)s_once_a_partner",
                violation_error_message=_("Organisationen har redan godkänt texten."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.signed_by_name}"

    # What stands under the document.

    @property
    def name(self) -> str:
        return self.signed_by_name

    @property
    def role(self) -> str:
        return str(_("ställföreträdare")) if self.as_deputy else ""

    @property
    def signed_on(self) -> date:
        return swedish_day(self.signed_at)

    def content(self) -> list[Any]:
        return [self.organisation_id, self.signed_by_id, self.signed_by_name, self.as_deputy, self.digest]
