"""What may happen to something published: a visible addition, or a visible removal of what must not be public."""

from __future__ import annotations

from typing import Any, Self

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from promises import policy
from promises.digests import Digested, DigestedRows
from promises.models.history import forget_in_the_log
from promises.months import today
from promises.publishing import FreezingQuerySet, Frozen, content_changed, content_withdrawn
from promises.signing import SignedDocument
from promises.words import replaced, stand_in


class CorrectionQuerySet(DigestedRows, FreezingQuerySet):
    def published(self) -> Self:
        return self.all()

    def of(self, document: models.Model) -> Self:
        return self.filter(content_type=ContentType.objects.get_for_model(document), object_id=document.pk)


class Correction(Digested, Frozen):
    """A dated addition to something published, beside the words that it corrects, which stay."""

    digested = ("content_type_id", "object_id", "text", "organisation_id", "made_by_id", "made_at")

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    document = GenericForeignKey()
    text = models.TextField(_("rättelse"))
    organisation = models.ForeignKey("promises.Organisation", models.PROTECT, verbose_name=_("organisation"))
    made_by = models.ForeignKey("promises.User", models.PROTECT, verbose_name=_("skriven av"), related_name="+")
    made_at = models.DateTimeField(_("skriven"), default=timezone.now, editable=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        verbose_name = _("rättelse")
        verbose_name_plural = _("rättelser")
        indexes = [models.Index(fields=["content_type", "object_id"])]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_published(self) -> bool:
        return self.pk is not None

    def after_edit(self) -> None:
        content_changed()


class Masking(models.Model):
    """Words that must not be public, replaced where they stand by "[borttaget, datum, skäl]"; two people decide.

    The words themselves are kept only from the proposal to the confirmation.
    """

    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField()
    row = GenericForeignKey()
    field = models.CharField(_("fält"), max_length=60)
    words = models.TextField(_("ord som ska bort"), blank=True)
    reason = models.CharField(_("skäl"), max_length=200, help_text=_("Visas för alla. Till exempel: personuppgift"))
    proposed_by = models.ForeignKey("promises.User", models.PROTECT, verbose_name=_("föreslagen av"), related_name="+")
    proposed_at = models.DateTimeField(_("föreslagen"), default=timezone.now, editable=False)
    confirmed_by = models.ForeignKey(
        "promises.User", models.PROTECT, verbose_name=_("bekräftad av"), related_name="+", null=True, editable=False
    )
    confirmed_at = models.DateTimeField(_("bekräftad"), null=True, editable=False)
    digest_before = models.CharField(max_length=64, blank=True, editable=False)
    digest_after = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["proposed_at", "pk"]
        verbose_name = _("maskning")
        verbose_name_plural = _("maskningar")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="masking_takes_two_people",
                violation_error_message=_("En annan person än den som föreslog maskningen ska bekräfta den."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None) | Q(confirmed_by__isnull=False, words=""),
                name="masking_keeps_no_words_once_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    def replacement(self) -> str:
        day = date_format(today(), "DATE_FORMAT")
        return __("[borttaget %(day)s: %(reason)s]") % {"day": day, "reason": self.reason}

    def confirm(self, user: Any) -> None:
        """The second person's yes: replace the words for good, and forget them."""
        if user.pk == self.proposed_by_id:
            raise ValidationError(_("En annan person än den som föreslog maskningen ska bekräfta den."))
        policy.require(user, "add", self)
        as_read: Any = self.row
        if not policy.writes_with_the_partners(user, as_read):
            raise PermissionDenied
        with transaction.atomic():
            # As it stands when those who were just writing in it have written.
            row = type(as_read)._base_manager.select_for_update().get(pk=as_read.pk)
            text = getattr(row, self.field)
            if not stand_in(self.words, text):
                raise ValidationError(_("Orden finns inte längre i texten."))
            # Past the freeze on purpose: this is the one removal that it allows.
            rows = type(row)._base_manager.filter(pk=row.pk)
            rows.update(**{self.field: self._masked(text)})
            self._renew_digest(row)
            self._forget_in_the_log(row)
            self.words = ""
            self.confirmed_by, self.confirmed_at = user, timezone.now()
            self.save()
            content_withdrawn()

    def _masked(self, text: Any) -> Any:
        masked = replaced(text, self.words, self.replacement())
        # No room beside what was written: then that goes too, rather than the words staying.
        return masked if self._room is None or len(masked) <= self._room else self.instead()

    @property
    def _room(self) -> int | None:
        model: Any = self.content_type.model_class()
        return model._meta.get_field(self.field).max_length

    def instead(self) -> str:
        """What stands where the whole text was taken, in as many letters as there is room for."""
        return self.replacement()[: self._room]

    def _forget_in_the_log(self, row: Any) -> None:
        """The back office's log calls each row by its words, and keeps what every edit changed."""
        # A long name may be cut off within the words.
        name = str(type(row)._base_manager.get(pk=row.pk))[:200]
        LogEntry.objects.filter(content_type=self.content_type, object_id=str(row.pk)).update(object_repr=name)
        if self.words:
            forget_in_the_log(self.words, self.replacement())

    def _renew_digest(self, row: Any) -> None:
        if hasattr(row, "renew_digest"):
            type(row)._base_manager.get(pk=row.pk).renew_digest()
        while getattr(row, "document", None):
            row = row.document
        if isinstance(row, SignedDocument) and row.is_published:
            fresh = type(row)._base_manager.get(pk=row.pk)
            self.digest_before, self.digest_after = fresh.published_digest, fresh.frozen_digest()
            type(row)._base_manager.filter(pk=row.pk).update(published_digest=self.digest_after)
