"""What staff and the promise say, in other languages than Swedish."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from promises.publishing import PublicQuerySet, ShowsAtOnce

if TYPE_CHECKING:
    from promises.models import User

OTHER_LANGUAGES = [(code, name) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def digest_of_words(text: str) -> str:
    """The same for the same words, however the lines break."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


class TranslationQuerySet(PublicQuerySet):
    def told_in(self, language: str) -> dict[str, tuple[str, bool]]:
        """Every text of the language by the digest of its Swedish, and whether a person has reviewed it."""
        rows = self.filter(language=language).exclude(text="").values_list("digest", "text", "reviewed_at")
        return {digest: (text, reviewed_at is not None) for digest, text, reviewed_at in rows}

    def reviewed(self) -> dict[tuple[str, str], str]:
        """The reviewed texts by (digest of the Swedish, language)."""
        rows = self.exclude(reviewed_at=None).exclude(text="").values_list("digest", "language", "text")
        return {(digest, language): text for digest, language, text in rows}

    def of(self, language: str, source: str) -> TranslationQuerySet:
        return self.filter(language=language, digest=digest_of_words(source))

    def keep(self, language: str, pairs: Iterable[tuple[str, str]]) -> int:
        """Add the translations of Swedish words that have none in the language; how many they were."""
        known = set(self.filter(language=language).values_list("digest", flat=True))
        new = {digest_of_words(source): (source.strip(), text.strip()) for source, text in pairs}
        rows = [
            Translation(language=language, source=source, digest=digest, text=text)
            for digest, (source, text) in new.items()
            if digest not in known
        ]
        if rows:
            self.bulk_create(rows)
        return len(rows)


class Translation(ShowsAtOnce):
    """Swedish words in another language, and who has seen to it that they say the same.

    It belongs to the words, not to a row: the same words are translated and reviewed once, wherever they stand, and
    words that have changed have no translation until somebody makes one. So nothing that was signed is touched.
    """

    # Without choices: another language in the settings needs no migration.
    language = models.CharField(_("språk"), max_length=20)
    source = models.TextField(_("på svenska"))
    digest = models.CharField(max_length=64, editable=False)
    text = models.TextField(_("översättning"))
    reviewed_by = models.ForeignKey(
        "promises.User", models.PROTECT, verbose_name=_("granskad av"), related_name="+", null=True, editable=False
    )
    reviewed_at = models.DateTimeField(_("granskad"), null=True, editable=False)

    objects = TranslationQuerySet.as_manager()

    class Meta:
        ordering = ["language", "pk"]
        verbose_name = _("översättning")
        verbose_name_plural = _("översättningar")
        constraints = [
            models.UniqueConstraint(
                fields=["language", "digest"],
                name="one_translation_a_text_and_language",
                violation_error_message=_("Texten är redan översatt till det språket."),
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_at=None, reviewed_by=None)
                | models.Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="translation_is_reviewed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return Truncator(self.source).words(12)

    def save(self, *args: object, **kwargs: object) -> None:
        if not self.digest:
            self.digest = digest_of_words(self.source)
        super().save(*args, **kwargs)

    @property
    def language_name(self) -> str:
        return dict(OTHER_LANGUAGES).get(self.language, self.language)

    @property
    def is_reviewed(self) -> bool:
        return self.reviewed_at is not None

    def rewrite(self, text: str) -> None:
        """Other words are not what was reviewed."""
        self.text, self.reviewed_by, self.reviewed_at = text.replace("\r\n", "\n").strip(), None, None
        self.save()

    def review(self, user: User) -> None:
        """The user's word that the translation says what the Swedish says."""
        self.reviewed_by, self.reviewed_at = user, timezone.now()
        self.save()

    def renew_digest(self) -> None:
        """Words were masked in it. In the translation they may stand in other letters: none of it is shown again."""
        type(self)._base_manager.filter(pk=self.pk).update(
            text="", digest=f"maskad {self.pk}", reviewed_by=None, reviewed_at=None
        )
