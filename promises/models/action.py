"""What a promise is made of: its actions, and who does them, with whom and where."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from promises.models.people import Organisation, Section
from promises.models.places import Place
from promises.models.promise import Promise
from promises.months import today
from promises.publishing import PartOfDocument, PartQuerySet, ShowsAtOnce


class ActionKind(models.TextChoices):
    """What sort of deed an action is made of; held meetings and closed rounds count by themselves."""

    SURVEY = "survey", _("trygghetsundersökning")
    SCHOOL = "school", _("skolinsats")
    SITUATION = "situation", _("lägesbild")
    HOTSPOT = "hotspot", _("HotSpot-insats")
    MEETING = "meeting", _("möte")
    OTHER = "other", _("annan insats")


class ActionQuerySet(PartQuerySet):
    def told_with(self, promise: Promise) -> Self:
        """The promise's own, those of the promise before it, and those that its own carry on."""
        carried = Action.objects.filter(promise=promise).values("previous")
        return self.filter(Q(promise__in=[promise.pk, promise.predecessor_id or promise.pk]) | Q(pk__in=carried))


class Action(PartOfDocument):
    """One line of "Det här ska vi göra"."""

    said: str | None  # on the rows of a record alone: the partners' latest published words

    class Change(models.TextChoices):
        NEW = "new", _("ny")
        KEPT = "kept", _("oförändrad")
        CHANGED = "changed", _("ändrad")

    part_of = "promise"

    promise = models.ForeignKey(Promise, models.CASCADE, verbose_name=_("löfte"), related_name="actions")
    number = models.PositiveSmallIntegerField(_("nummer"))
    slug = models.SlugField(_("adressnamn"))
    title = models.CharField(
        _("kort rubrik"), max_length=100, help_text=_("Till exempel: Trygghetsundersökningar på utvalda platser")
    )
    text = models.TextField(_("åtgärden som den lovades"))
    kind = models.CharField(
        _("slag"),
        max_length=10,
        choices=ActionKind,
        default=ActionKind.OTHER,
        help_text=_("Insatser av det här slaget räknas. Hållna möten och avslutade enkäter räknas av sig själva."),
    )
    previous = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("fortsätter"), related_name="continuations", null=True, blank=True
    )
    change = models.CharField(_("jämfört med förra löftet"), max_length=10, choices=Change, default=Change.NEW)
    responsible = models.ManyToManyField(
        Organisation,
        through="ActionOrganisation",
        verbose_name=_("ansvariga"),
        related_name="actions",
        blank=True,
    )
    sections = models.ManyToManyField(
        Section, through="ActionSection", verbose_name=_("sektioner"), related_name="actions", blank=True
    )
    places = models.ManyToManyField(
        Place, through="ActionPlace", verbose_name=_("platser"), related_name="actions", blank=True
    )

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["promise", "number"]
        verbose_name = _("åtgärd")
        verbose_name_plural = _("åtgärder")
        constraints = [
            models.UniqueConstraint(
                fields=["promise", "number"],
                name="action_number_once_a_promise",
                violation_error_message=_("Numret är taget."),
            ),
            models.UniqueConstraint(
                fields=["promise", "slug"],
                name="action_slug_once_a_promise",
                violation_error_message=_("Adressnamnet är taget."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def get_absolute_url(self) -> str:
        return f"{self.promise.get_absolute_url()}#{self.slug}"

    def content(self) -> dict[str, Any]:
        names = "number slug title text kind previous_id change"
        return {
            **{name: getattr(self, name) for name in names.split()},
            "responsible": sorted(each.pk for each in self.responsible.all()),
            "sections": sorted(each.pk for each in self.sections.all()),
        }


class PartOfActionQuerySet(PartQuerySet):
    def published(self) -> Self:
        return self.filter(action__promise__in=Promise.objects.published())


class PartOfAction(PartOfDocument):
    """A link from an action that was signed with it."""

    part_of = "action"

    objects = PartOfActionQuerySet.as_manager()

    class Meta:
        abstract = True


class ActionOrganisation(PartOfAction):
    """An organisation that answers for an action."""

    action = models.ForeignKey(Action, models.CASCADE)
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("organisation"))

    class Meta:
        verbose_name = _("ansvarig")
        verbose_name_plural = _("ansvariga")
        constraints = [models.UniqueConstraint(fields=["action", "organisation"], name="organisation_once_an_action")]

    def __str__(self) -> str:
        return str(self.organisation)


class ActionSection(PartOfAction):
    """A section that answers for an action."""

    action = models.ForeignKey(Action, models.CASCADE)
    section = models.ForeignKey(Section, models.PROTECT, verbose_name=_("sektion"))

    class Meta:
        verbose_name = _("sektion")
        verbose_name_plural = _("sektioner")
        constraints = [models.UniqueConstraint(fields=["action", "section"], name="section_once_an_action")]

    def __str__(self) -> str:
        return str(self.section)


class ActionPlace(ShowsAtOnce):
    """A place where an action is done. Places are chosen during the promise's time, so this is not frozen."""

    action = models.ForeignKey(Action, models.CASCADE, verbose_name=_("åtgärd"))
    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("plats"))
    chosen_on = models.DateField(_("vald den"), default=today)

    class Meta:
        ordering = ["chosen_on", "pk"]
        verbose_name = _("vald plats")
        verbose_name_plural = _("valda platser")
        constraints = [models.UniqueConstraint(fields=["action", "place"], name="place_once_an_action")]

    def __str__(self) -> str:
        return str(self.place)
