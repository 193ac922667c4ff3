"""The promise itself: its words, its partners and the decisions that move its last day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from promises.addresses import address_of
from promises.models.people import Organisation
from promises.months import Month, Period, periods_between, today
from promises.publishing import PartOfDocument
from promises.signing import SignedDocument, SignedQuerySet, SignOff

if TYPE_CHECKING:
    from promises.models.action import Action


def extensions() -> SignedQuerySet:
    """The published decisions that move a promise's last day."""
    from promises.models.extension import Extension

    return Extension.objects.published()


def lasts_to(day: date) -> Q:
    """The promises that had not ended before `day`, asked so that an index finds them among all that ever were."""
    return Q(ends_on__gte=day) | Q(pk__in=extensions().filter(new_last_day__gte=day).values("promise"))


class PromiseQuerySet(SignedQuerySet):
    def with_last_day(self) -> Self:
        """Annotate `extended_to`: the last day, moved by the published extensions."""
        # A question for each row that is read; a join would sort every promise that there is, with its texts.
        moved = extensions().filter(promise=OuterRef("pk")).order_by("-new_last_day").values("new_last_day")[:1]
        return self.annotate(extended_to=Greatest(Coalesce(Subquery(moved), F("ends_on")), F("ends_on")))

    def in_force_on(self, day: date) -> Self:
        """Published promises whose first and last day, extensions counted, embrace `day`; newest first."""
        return self.lasting_to(day).started_by(day)

    def in_brief(self) -> Self:
        """Without the promise's own words, for pages about what became of it."""
        days = ("starts_on", "ends_on", "followup_months", "report_due_days", "published_at")
        return self.only("title", "slug", "state", *days)

    def at_address(self, slug: str) -> Self:
        return self.filter(slug=slug)

    def newest_first(self) -> Self:
        return self.order_by("-starts_on", "pk")

    def on_page(self, number: int, length: int) -> Self:
        """Those of the numbered page, counted from 1, of so many each; in their order, and still to be joined."""
        first = (number - 1) * length
        return self.filter(pk__in=self.values("pk")[first : first + length])

    def with_partner(self, organisation_id: int | None) -> Self:
        """Promises that the organisation takes part in."""
        # Asked of each promise, newest first, until there are enough: a join would fetch and sort all of them.
        return self.filter(Exists(Partnership.objects.filter(promise=OuterRef("pk"), organisation=organisation_id)))

    def family_of(self, slug: str) -> Self:
        """The published promise with that address, the one before it and those that follow."""
        own = Promise.objects.filter(slug=slug)
        family = Q(slug=slug) | Q(pk__in=own.values("predecessor")) | Q(predecessor__in=own.values("pk"))
        return self.published().with_last_day().filter(family)

    def ended_before(self, day: date) -> Self:
        return self.published().with_last_day().exclude(lasts_to(day)).newest_first()

    def lasting_to(self, day: date) -> Self:
        """Those that had not ended before `day`, the coming ones too."""
        return self.published().with_last_day().filter(lasts_to(day)).newest_first()

    def started_by(self, day: date | OuterRef) -> Self:
        return self.filter(starts_on__lte=day)

    def with_period_in(self, month: Month) -> Self:
        """Those whose days reach into the month: a period of theirs may begin in it."""
        return self.lasting_to(month.first_day).started_by(month.plus(1).first_day - timedelta(days=1))

    def in_force_in(self, year: int) -> Self:
        """Those whose days reach into the year."""
        return self.lasting_to(date(year, 1, 1)).started_by(date(year, 12, 31))

    def reporting_between(self, first_day: date, last_day: date) -> Self:
        """Those of which a report can be due in these days, both included, and not all that ever were."""
        rhythms = self.published().order_by().values_list("followup_months", "report_due_days").distinct()
        can = Q(pk__in=())
        for months, days in rhythms:
            # A promise's last period is over within so many months of its end; its report is due so many days later.
            longest = timedelta(days=31 * months + days)
            can |= Q(followup_months=months, report_due_days=days) & lasts_to(first_day - longest)
        return self.published().with_last_day().filter(can).started_by(last_day).newest_first()

    def starting_after(self, day: date) -> Self:
        return self.published().filter(starts_on__gt=day).order_by("starts_on", "pk")


class Promise(SignedDocument):
    """A public commitment that residents can hold the partners to, with a first and a last day."""

    title = models.CharField(_("rubrik"), max_length=200)
    slug = models.SlugField(
        _("adressnamn"), unique=True, help_text=_("Sista delen av sidans adress. Till exempel: 2026")
    )
    starts_on = models.DateField(_("första dag"))
    ends_on = models.DateField(_("sista dag"), help_text=_("Den sista dag som löftet gäller, om det inte förlängs."))
    predecessor = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("följer på"),
        related_name="successors",
        null=True,
        blank=True,
        help_text=_("Löftet som det här tar över efter."),
    )
    lead = models.TextField(_("ingress"))
    background = models.TextField(_("bakgrund"), blank=True)
    situation = models.TextField(_("situationen idag"), blank=True)
    aim = models.TextField(_("det här ska vi åstadkomma tillsammans"), blank=True)
    following = models.TextField(_("följ med i hur det går"), blank=True)
    year_end = models.TextField(_("vid årets slut"), blank=True)
    validity = models.TextField(_("hur länge löftet gäller"), blank=True)
    contact_text = models.TextField(
        _("kontakt enligt löftet"), blank=True, help_text=_("Som det stod. Aktuella kontaktpersoner läggs upp för sig.")
    )
    followup_months = models.PositiveSmallIntegerField(
        _("uppföljning var n:te månad"), default=1, help_text=_("1 är varje månad, 3 varje kvartal.")
    )
    report_due_days = models.PositiveSmallIntegerField(
        _("redovisas senast, dagar efter månaden"),
        default=14,
        help_text=_("Efter så många dagar visas månaden som saknad."),
    )
    partners = models.ManyToManyField(
        Organisation, through="Partnership", verbose_name=_("parter"), related_name="promises"
    )

    # How an address is spelled is no part of what was promised.
    not_frozen = frozenset({"slug"})

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "pk"]
        verbose_name = _("medborgarlöfte")
        verbose_name_plural = _("medborgarlöften")
        # Few promises are in force, and ever more have been.
        indexes = [
            models.Index(fields=["ends_on"], name="promise_by_last_day"),
            models.Index(fields=["-starts_on", "id"], name="promise_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="promise_ends_after_it_starts",
                violation_error_message=_("Löftet kan inte sluta innan det börjar."),
            ),
            models.CheckConstraint(
                condition=Q(followup_months__gte=1, followup_months__lte=12),
                name="promise_is_followed_up_within_a_year",
                violation_error_message=_("Uppföljningen sker minst en gång om året: skriv 1 till 12."),
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("id")),
                name="promise_does_not_follow_itself",
                violation_error_message=_("Ett löfte kan inte följa på sig självt."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("promises:detail", self.slug)

    @property
    def last_day(self) -> date:
        """The last day that the promise holds, moved by the published extensions."""
        if "extended_to" in self.__dict__:
            return self.__dict__["extended_to"]
        moved = [each.new_last_day for each in self.extensions.all() if each.is_published]
        return max([self.ends_on, *moved])

    def is_in_force_on(self, day: date) -> bool:
        return self.is_published and self.starts_on <= day <= self.last_day

    @property
    def is_in_force(self) -> bool:
        return self.is_in_force_on(today())

    def periods(self) -> list[Period]:
        """The periods that are reported on: months, or longer turns, from the first day to the last."""
        return list(periods_between(self.starts_on, self.last_day, self.followup_months))

    @property
    def period_count(self) -> int:
        """How many they are, without making them."""
        return (Month.of(self.last_day).index - Month.of(self.starts_on).index) // self.followup_months + 1

    def report_due_on(self, period: Period) -> date:
        """The last day on which the period's report is in time."""
        return period.end_day - timedelta(days=1) + timedelta(days=self.report_due_days)

    def dropped_actions(self) -> list[Action]:
        """The predecessor's actions that no action of this promise carries on."""
        if self.predecessor is None:
            return []
        carried = {action.previous_id for action in self.actions.all()}
        return [action for action in self.predecessor.actions.all() if action.pk not in carried]

    # --- signing ---

    def signing_partners(self) -> Sequence[Organisation]:
        if self.pk is None:
            return []
        return [each.organisation for each in self.partnerships.select_related("organisation")]

    def content(self) -> dict[str, Any]:
        actions = self.actions.order_by("number").prefetch_related("responsible", "sections")
        names = (
            "title starts_on ends_on predecessor_id lead background situation aim following year_end validity "
            "contact_text followup_months report_due_days"
        )
        return {
            **{name: getattr(self, name) for name in names.split()},
            "partners": [[each.order, each.organisation_id] for each in self.partnerships.order_by("order", "pk")],
            "actions": [action.content() for action in actions],
        }

    def missing_before_ready(self) -> list[str]:
        missing = []
        if not self.partnerships.exists():
            missing.append(str(_("Löftet saknar parter. Lägg till vilka som lovar.")))
        if not self.actions.exists():
            missing.append(str(_("Löftet saknar åtgärder. Lägg till vad ni ska göra.")))
        return missing

    def remarks(self) -> list[str]:
        from promises.checking import remarks

        return remarks(self)


class PromiseSignOff(SignOff):
    document = models.ForeignKey(Promise, models.CASCADE, related_name="sign_offs")


class Partnership(PartOfDocument):
    """One organisation's part in a promise."""

    part_of = "promise"

    promise = models.ForeignKey(Promise, models.CASCADE, verbose_name=_("löfte"), related_name="partnerships")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("organisation"), related_name="partnerships"
    )
    order = models.PositiveSmallIntegerField(_("ordning"), default=1)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("part i löftet")
        verbose_name_plural = _("parter i löftet")
        constraints = [
            models.UniqueConstraint(
                fields=["promise", "organisation"],
                name="partner_once_a_promise",
                violation_error_message=_("Organisationen är redan part i löftet."),
            )
        ]

    def __str__(self) -> str:
        return str(self.organisation)
