"""A questionnaire asked at some places in some weeks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Min, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from promises.addresses import address_of
from promises.digests import Digested, DigestedRows
from promises.models import Place, Promise
from promises.months import swedish_day
from promises.publishing import FreezingQuerySet, Frozen, PartOfDocument, ShowsAtOnce, content_changed
from promises.wording import full_day
from surveys.codebook import Codebook, problems, read_once
from surveys.compiling import compile_codebook
from surveys.models.questions import Question, Survey, freeze_questions


class Channel(models.TextChoices):
    """How an answer came: one person one code, anybody with the link, or a paper form without a code."""

    CODE = "c", _("kod")
    OPEN = "o", _("öppen länk")
    PAPER = "p", _("papper")


class RoundQuerySet(DigestedRows, FreezingQuerySet):
    def published(self) -> Self:
        return self.exclude(state=SurveyRound.State.DRAFT)

    def at_address(self, slug: str) -> Self:
        return self.filter(slug=slug)

    def open_at(self, now: datetime) -> Self:
        """Rounds that take answers on the web at `now`."""
        return self.filter(state=SurveyRound.State.LOCKED, opens_at__lte=now, closes_at__gt=now)

    def not_open_at(self, now: datetime) -> Self:
        """Published rounds that take no answers on the web at `now`, without their codebooks."""
        return self.published().exclude(pk__in=self.open_at(now).values("pk")).defer("codebook").with_result_known()

    def closing_from(self, moment: datetime) -> Self:
        return self.filter(closes_at__gte=moment)

    def closed_before(self, moment: datetime) -> Self:
        return self.filter(closes_at__lt=moment)

    def ended_at(self, now: datetime) -> Self:
        """Rounds whose time on the web is over at `now`, but that nobody has closed."""
        return self.filter(state=SurveyRound.State.LOCKED, closes_at__lte=now)

    def next_turn(self, now: datetime) -> datetime | None:
        """When the clock next opens or closes a round."""
        opens, closes = Min("opens_at", filter=Q(opens_at__gt=now)), Min("closes_at", filter=Q(closes_at__gt=now))
        moments = self.filter(state=SurveyRound.State.LOCKED).aggregate(opens=opens, closes=closes).values()
        return min((moment for moment in moments if moment), default=None)

    def with_answers_left(self) -> Self:
        """Rounds that take answers, or that hold them still uncounted."""
        return self.filter(state__in=[SurveyRound.State.LOCKED, SurveyRound.State.CLOSED])

    def with_result(self) -> Self:
        """Rounds that have a published result."""
        return self.published().filter(releases__isnull=False).distinct()

    def newest_told(self) -> Self:
        """Rounds that have a published result, the newest result first; without their codebooks."""
        return self.published().with_result_known().exclude(told_at=None).order_by("-told_at", "pk").defer("codebook")

    def told(self, *more: str) -> Self:
        """Without their codebooks, and what else no page shows that only leads to them."""
        return self.only("promise", "title", "slug", "opens_at", "closes_at", "state", "closed_at", *more)

    def newest_first(self) -> Self:
        return self.order_by("-opens_at", "pk")

    def with_result_known(self) -> Self:
        """With `told_at`, when its newest result was published, for pages that lead to it and show nothing of it."""
        same = self.model._default_manager.filter(pk=models.OuterRef("pk")).order_by("-releases__published_at")
        return self.annotate(told_at=models.Subquery(same.values("releases__published_at")[:1]))

    def with_places_and_results(self) -> Self:
        places = models.Prefetch("round_places", RoundPlace.objects.select_related("place"))
        return self.prefetch_related(places, "releases")


class SurveyRound(Digested, Frozen):
    """A questionnaire asked at some places in some weeks. Locking it freezes its codebook; time opens it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Utkast")
        LOCKED = "locked", _("Låst")
        CLOSED = "closed", _("Stängd")
        COUNTED = "counted", _("Räknad")
        ERASED = "erased", _("Räknad och gallrad")

    # The verbs below move a locked round on; everything that was decided before it opened stays.
    not_frozen = frozenset(
        {
            "state",
            "codebook",
            "closed_at",
            "counted_at",
            "erased_at",
            "answers_at_shuffle",
            "left_out",
            "left_out_reason",
            "digest",
        }
    )
    # Staff alone see it, and it changes with every tenth answer.
    not_shown = frozenset({"answers_at_shuffle"})
    digested = (
        *("survey_id", "promise_id", "title", "slug", "opens_at", "closes_at", "paper_until", "takes_codes"),
        *("takes_open", "main_question_id", "baseline_id", "disposal_decision", "codebook"),
        *("left_out", "left_out_reason"),
    )
    frozen_message = _("Enkätomgången är låst. Det som bestämdes innan den öppnade kan inte ändras.")

    survey = models.ForeignKey(Survey, models.PROTECT, verbose_name=_("enkät"), related_name="rounds")
    promise = models.ForeignKey(
        Promise, models.PROTECT, verbose_name=_("löfte"), related_name="rounds", null=True, blank=True
    )
    title = models.CharField(_("rubrik"), max_length=200)
    slug = models.SlugField(_("adressnamn"), unique=True)
    places = models.ManyToManyField(
        Place, through="RoundPlace", verbose_name=_("platser"), related_name="rounds", blank=True
    )
    opens_at = models.DateTimeField(_("öppnar"))
    closes_at = models.DateTimeField(_("stänger på webben"))
    paper_until = models.DateField(_("pappersenkäter matas in till och med"), null=True, blank=True)
    takes_codes = models.BooleanField(_("kod i brev"), default=True)
    takes_open = models.BooleanField(_("öppen länk"), default=False)
    main_question = models.ForeignKey(
        Question, models.PROTECT, verbose_name=_("huvudfråga"), related_name="+", null=True, blank=True
    )
    baseline = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("jämförs med"), related_name="followers", null=True, blank=True
    )
    disposal_decision = models.CharField(
        _("gallringsbeslut"), max_length=60, blank=True, help_text=_("Beslutets nummer. Behövs innan omgången låses.")
    )
    state = models.CharField(_("läge"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    codebook = models.JSONField(_("kodbok"), null=True, editable=False)
    closed_at = models.DateTimeField(_("stängd"), null=True, editable=False)
    counted_at = models.DateTimeField(_("räknad"), null=True, editable=False)
    erased_at = models.DateTimeField(_("gallrad"), null=True, editable=False)
    answers_at_shuffle = models.PositiveIntegerField(_("svar vid senaste blandningen"), default=0, editable=False)
    left_out = models.CharField(_("utelämnad kanal"), max_length=1, choices=Channel, blank=True, editable=False)
    left_out_reason = models.TextField(_("varför kanalen är utelämnad"), blank=True, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_at", "pk"]
        verbose_name = _("enkätomgång")
        verbose_name_plural = _("enkätomgångar")
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="round_closes_after_it_opens",
                violation_error_message=_("Enkäten kan inte stänga innan den öppnar."),
            ),
            models.CheckConstraint(
                condition=Q(takes_codes=True) | Q(takes_open=True),
                name="round_has_a_channel",
                violation_error_message=_("Välj minst ett sätt att svara: kod i brev eller öppen länk."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(codebook__isnull=False),
                name="round_is_locked_with_its_codebook",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(disposal_decision=""),
                name="round_is_locked_with_a_disposal_decision",
                violation_error_message=_("Ange gallringsbeslutets nummer innan omgången låses."),
            ),
            models.CheckConstraint(
                condition=Q(left_out="") | ~Q(left_out_reason=""),
                name="round_says_why_a_channel_is_left_out",
                violation_error_message=_("Skriv varför kanalen utelämnas."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("surveys:answer", self.slug)

    # --- standing ---

    @property
    def is_published(self) -> bool:
        return self.state != self.State.DRAFT

    @property
    def is_open(self) -> bool:
        now = timezone.now()
        return self.state == self.State.LOCKED and self.opens_at <= now < self.closes_at

    @property
    def is_coming(self) -> bool:
        return self.state == self.State.LOCKED and timezone.now() < self.opens_at

    @property
    def has_ended(self) -> bool:
        """Whether the web takes no more answers."""
        closed_by_clock = self.state == self.State.LOCKED and timezone.now() >= self.closes_at
        return closed_by_clock or self.state in (self.State.CLOSED, self.State.COUNTED, self.State.ERASED)

    @property
    def is_counted(self) -> bool:
        return self.state in (self.State.COUNTED, self.State.ERASED)

    @property
    def last_day(self) -> date:
        """The last Swedish day that it took answers: a round that closes at midnight was open the day before."""
        closed_at = min(self.closed_at or self.closes_at, self.closes_at)
        return swedish_day(closed_at - timedelta(seconds=1))

    @property
    def was_asked(self) -> bool:
        """Whether it has taken answers or will: staff may close a round before it opens, if something is wrong."""
        return self.opens_at < (self.closed_at or self.closes_at)

    @property
    def changed(self) -> list[date | None]:
        """When what is told of it so far began, ended and, on rows that know their result, was made known."""
        opened = None if self.is_coming else self.opens_at
        ended = self.last_day + timedelta(days=1) if self.has_ended else None
        return [opened, ended, self.__dict__.get("told_at")]

    @property
    def when(self) -> str:
        """In words, when it can be answered."""
        last_day = full_day(self.last_day)
        if self.is_coming:
            return gettext("Öppnar %(day)s") % {"day": full_day(swedish_day(self.opens_at))}
        if self.is_open:
            return gettext("Öppen till och med %(day)s") % {"day": last_day}
        return gettext("Stängde %(day)s") % {"day": last_day}

    @property
    def place_names(self) -> str:
        return ", ".join(each.place.name for each in self.round_places.all())

    @property
    def minutes(self) -> int:
        """About how long it takes to answer: nine seconds a question."""
        return max(1, round(len((self.codebook or {}).get("questions", [])) * 9 / 60))

    @property
    def result_url(self) -> str:
        """Where the result is, once it has been published."""
        has_result = self.__dict__["told_at"] if "told_at" in self.__dict__ else self.releases.all()
        return address_of("surveys:result", self.slug) if has_result else ""

    @property
    def book(self) -> Codebook:
        """The frozen codebook; of a draft, what it would be if it were locked now."""
        if not self.is_published:
            return compile_codebook(self)
        return read_once(self.pk, self.digest, lambda: self.codebook or {})

    # --- verbs ---

    def missing_before_lock(self) -> list[str]:
        """Swedish sentences about what must be decided before the round can be locked."""
        checks = [
            (self.disposal_decision, _("Ange gallringsbeslutets nummer.")),
            (self.survey.items.exists(), _("Enkäten saknar frågor.")),
            (self.round_places.exists(), _("Välj minst en plats.")),
            (self.main_question_id, _("Välj omgångens huvudfråga.")),
            (
                not self.main_question_id or self.survey.items.filter(question=self.main_question_id).exists(),
                _("Huvudfrågan finns inte i enkäten."),
            ),
            (
                not self.main_question or (self.main_question.scale_id and not self.main_question.is_background),
                _("Huvudfrågan behöver svarsalternativ, och är ingen bakgrundsfråga."),
            ),
        ]
        return [str(message) for fine, message in checks if not fine]

    def lock(self) -> None:
        """Freeze the codebook, and with it the questions, and show the round; the clock opens and closes it."""
        with transaction.atomic():
            stored = SurveyRound.objects.select_for_update().get(pk=self.pk)
            if stored.is_published:
                raise ValidationError(_("Omgången är redan låst."))
            missing, book = stored.missing_before_lock(), compile_codebook(stored)
            if missing or (missing := problems(book)):
                raise ValidationError(missing)
            freeze_questions(stored.survey)
            stored.codebook, stored.state = book.to_json(), self.State.LOCKED
            stored.save(update_fields=["codebook", "state"])
        self.refresh_from_db()

    def after_edit(self) -> None:
        if self.is_published:
            content_changed()


class RoundPlace(PartOfDocument):
    """A place in a round, the number that stands for it in the answers, and how many were invited there.

    It freezes with its round: a number that meant another place would move every answer that was given there.
    """

    part_of = "round"
    frozen_message = SurveyRound.frozen_message

    round = models.ForeignKey(SurveyRound, models.CASCADE, verbose_name=_("omgång"), related_name="round_places")
    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("plats"), related_name="round_places")
    number = models.PositiveSmallIntegerField(_("nummer"))
    invited = models.PositiveIntegerField(_("antal inbjudna"), null=True, blank=True)

    class Meta:
        ordering = ["round", "number"]
        verbose_name = _("plats i omgången")
        verbose_name_plural = _("platser i omgången")
        constraints = [
            models.UniqueConstraint(fields=["round", "place"], name="place_once_a_round"),
            models.UniqueConstraint(fields=["round", "number"], name="place_number_once_a_round"),
            models.CheckConstraint(condition=Q(number__gte=1), name="place_number_starts_at_one"),
        ]

    def __str__(self) -> str:
        return str(self.place)


class SpellingCorrection(ShowsAtOnce):
    """A mended spelling in a question that is being asked, with its reason; shown beside the result."""

    round = models.ForeignKey(
        SurveyRound, models.PROTECT, verbose_name=_("omgång"), related_name="spelling_corrections"
    )
    question_key = models.CharField(_("fråga"), max_length=40)
    before = models.CharField(_("stod"), max_length=300)
    after = models.CharField(_("står nu"), max_length=300)
    reason = models.CharField(_("skäl"), max_length=200)
    made_by = models.ForeignKey("promises.User", models.PROTECT, verbose_name=_("rättad av"), related_name="+")
    made_on = models.DateField(_("rättad den"))

    class Meta:
        ordering = ["made_on", "pk"]
        verbose_name = _("stavningsrättelse")
        verbose_name_plural = _("stavningsrättelser")

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"

    def clean(self) -> None:
        if self.before == self.after:
            raise ValidationError(_("Rättelsen ändrar ingenting."))
