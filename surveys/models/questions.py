"""What is asked: scales defined once, questions with stable keys and versions, questionnaires that ask them."""

from __future__ import annotations

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.months import today
from promises.publishing import FreezingQuerySet, Frozen, PartOfDocument, ShowsAtOnce
from surveys import codebook

ASKED_IS_FROZEN = _("Frågan har ställts till invånare och kan inte ändras. Gör en ny version av den.")
KEY = RegexValidator(r"^[a-z][a-z0-9_]{0,39}$", _("Använd små bokstäver a–z, siffror och understreck."))


class AskedQuerySet(FreezingQuerySet):
    def published(self) -> Self:
        return self.filter(asked_on__isnull=False)


class Asked(Frozen):
    """Freezes once it has been asked in a round that is locked."""

    frozen_message = ASKED_IS_FROZEN

    asked_on = models.DateField(_("ställd första gången"), null=True, blank=True, editable=False)

    objects = AskedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_published(self) -> bool:
        return self.asked_on is not None


class Scale(Asked):
    """The options that one or many questions are answered with, in order."""

    key = models.CharField(_("nyckel"), max_length=40, unique=True, validators=[KEY])
    name = models.CharField(_("namn"), max_length=100, help_text=_("Till exempel: Mycket trygg till mycket otrygg"))

    class Meta:
        ordering = ["name"]
        verbose_name = _("svarsskala")
        verbose_name_plural = _("svarsskalor")

    def __str__(self) -> str:
        return self.name


class AnswerOption(PartOfDocument):
    """One thing that a resident can answer, and how it counts."""

    CountsAs = codebook.CountsAs

    part_of = "scale"
    frozen_message = ASKED_IS_FROZEN

    scale = models.ForeignKey(Scale, models.CASCADE, verbose_name=_("svarsskala"), related_name="options")
    key = models.CharField(_("nyckel"), max_length=40, validators=[KEY])
    text = models.CharField(_("svarsalternativ"), max_length=200)
    counts_as = models.CharField(_("räknas som"), max_length=1, choices=CountsAs, default=CountsAs.LEFT_OUT)
    order = models.PositiveSmallIntegerField(_("ordning"))
    is_exclusive = models.BooleanField(
        _("kan inte väljas med andra"), default=False, help_text=_("Till exempel: Vill inte svara")
    )
    reported_with = models.CharField(
        _("redovisas ihop med"),
        max_length=40,
        blank=True,
        validators=[KEY],
        help_text=_("Små grupper med samma ord här blir en grupp i resultatet. Bestäms innan enkäten öppnar."),
    )

    class Meta:
        ordering = ["scale", "order"]
        verbose_name = _("svarsalternativ")
        verbose_name_plural = _("svarsalternativ")
        constraints = [
            models.UniqueConstraint(fields=["scale", "key"], name="option_key_once_a_scale"),
            models.UniqueConstraint(fields=["scale", "order"], name="option_order_once_a_scale"),
        ]

    def __str__(self) -> str:
        return self.text


class Question(Asked):
    """One question, with a stable key; a new wording is a new version. The question bank is these."""

    Kind = codebook.Kind

    class Mark(models.TextChoices):
        VERIFIED = "V", _("ordalydelse och skala ur en publicerad källa")
        CONCEPT = "C", _("mäter något etablerat, med egna ord")
        OWN = "E", _("egen")

    key = models.CharField(_("nyckel"), max_length=40, validators=[KEY])
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    text = models.CharField(_("fråga"), max_length=300, help_text=_("Skriv {plats} där platsens namn ska stå."))
    help_text = models.CharField(_("hjälptext"), max_length=300, blank=True)
    kind = models.CharField(_("slag"), max_length=10, choices=Kind)
    scale = models.ForeignKey(
        Scale, models.PROTECT, verbose_name=_("svarsskala"), related_name="questions", null=True, blank=True
    )
    max_choices = models.PositiveSmallIntegerField(_("högst antal svar"), null=True, blank=True)
    low_label = models.CharField(_("1 betyder"), max_length=60, blank=True)
    high_label = models.CharField(_("10 betyder"), max_length=60, blank=True)
    is_background = models.BooleanField(_("bakgrundsfråga"), default=False)
    is_sensitive = models.BooleanField(
        _("känslig"), default=False, help_text=_("Redovisas aldrig uppdelad på bakgrund.")
    )
    mark = models.CharField(_("märkning"), max_length=1, choices=Mark, default=Mark.OWN)
    source = models.CharField(_("källa"), max_length=300, blank=True)
    note = models.CharField(_("användning"), max_length=300, blank=True)

    class Meta:
        ordering = ["key", "version"]
        verbose_name = _("fråga")
        verbose_name_plural = _("frågor")
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version"],
                name="question_version_once_a_key",
                violation_error_message=_("Den versionen av frågan finns redan."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["number", "text"], scale=None)
                | Q(kind__in=["one", "several", "scale"], scale__isnull=False),
                name="question_has_the_scale_of_its_kind",
                violation_error_message=_("Frågor med svarsalternativ behöver en svarsskala; andra har ingen."),
            ),
            models.CheckConstraint(
                condition=Q(max_choices=None) | Q(kind="several", max_choices__gte=1),
                name="question_maximum_is_for_several",
                violation_error_message=_("Ett högsta antal svar hör till frågor med flera svar."),
            ),
            models.CheckConstraint(
                condition=Q(is_background=False) | Q(kind="one"),
                name="question_background_has_one_answer",
                violation_error_message=_("En bakgrundsfråga har ett svar."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def options(self) -> list[AnswerOption]:
        return list(self.scale.options.all()) if self.scale else []


class Survey(ShowsAtOnce):
    """A questionnaire: questions in order, to be asked in one round or in many."""

    title = models.CharField(_("rubrik"), max_length=200)
    introduction = models.TextField(_("inledning"), blank=True, help_text=_("Varför ni frågar, i två meningar."))
    questions = models.ManyToManyField(
        Question, through="SurveyQuestion", verbose_name=_("frågor"), related_name="surveys"
    )

    class Meta:
        ordering = ["title"]
        verbose_name = _("enkät")
        verbose_name_plural = _("enkäter")

    def __str__(self) -> str:
        return self.title


class SurveyQuestion(models.Model):
    """A question's place in a questionnaire, and when it is asked."""

    survey = models.ForeignKey(Survey, models.CASCADE, verbose_name=_("enkät"), related_name="items")
    question = models.ForeignKey(Question, models.PROTECT, verbose_name=_("fråga"), related_name="items")
    order = models.PositiveSmallIntegerField(_("ordning"))
    is_required = models.BooleanField(_("måste besvaras"), default=False)
    show_if = models.ForeignKey(
        "self",
        # Not PROTECT: a questionnaire is deleted with all its questions, those that others depend on too.
        models.RESTRICT,
        verbose_name=_("visas bara om"),
        related_name="dependents",
        null=True,
        blank=True,
        help_text=_("En tidigare fråga i enkäten."),
    )
    show_if_options = models.ManyToManyField(
        AnswerOption, verbose_name=_("besvarats med något av"), related_name="+", blank=True
    )

    class Meta:
        ordering = ["survey", "order"]
        verbose_name = _("fråga i enkäten")
        verbose_name_plural = _("frågor i enkäten")
        constraints = [
            models.UniqueConstraint(fields=["survey", "question"], name="question_once_a_survey"),
            models.UniqueConstraint(
                fields=["survey", "order"],
                name="question_order_once_a_survey",
                violation_error_message=_("Två frågor kan inte ha samma plats i ordningen."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.question}"

    def clean(self) -> None:
        """A condition looks back, to a question with options, so it cannot go in circles."""
        if self.show_if is None:
            return
        if self.show_if.survey_id != self.survey_id or self.show_if.order >= self.order:
            raise ValidationError({"show_if": _("Villkoret ska gälla en fråga som kommer tidigare i samma enkät.")})
        if self.show_if.question.scale_id is None:
            raise ValidationError({"show_if": _("Villkoret ska gälla en fråga med svarsalternativ.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.clean()
        super().save(*args, **kwargs)


def freeze_questions(survey: Survey) -> None:
    """A question that has been asked stays as it is; a new wording is a new version."""
    asked = Question.objects.filter(items__survey=survey)
    scales = Scale.objects.filter(questions__in=asked, asked_on=None)
    # Their keys first: the filters no longer find the rows once they are marked.
    scale_keys = list(scales.values_list("pk", flat=True))
    question_keys = list(asked.filter(asked_on=None).values_list("pk", flat=True))
    Scale.objects.filter(pk__in=scale_keys).update(asked_on=today())
    Question.objects.filter(pk__in=question_keys).update(asked_on=today())
