"""What came of it, as tables: months, standings of the day, deeds, meetings, readings, verdicts and corrections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from followups.models import (
    ActionUpdate,
    CombinedResult,
    CombinedResultSignOff,
    Deed,
    Indicator,
    Meeting,
    Reading,
    Verdict,
)
from followups.reading import months_of
from promises.models import Correction
from promises.months import Month
from tranemo_trygghet.open_data.of_promises import ACTION, ACTION_NUMBER, ADDRESS, PROMISE, published
from tranemo_trygghet.open_data.tables import (
    DAY,
    MOMENT,
    TEXT,
    WHOLE,
    YES_NO,
    Column,
    Group,
    Table,
    Value,
    iso_day,
    iso_moment,
    joined,
    whole_address,
)

Rows = Iterator[Sequence[Value]]

MONTH = Column("manad", TEXT, _("Månaden, som 2026-03. Av en längre period den första."))


def month_rows() -> Rows:
    for months in months_of(list(published())):
        for status in months.ribbon:
            report = status.report
            yield (
                *(months.promise.slug, status.period.first.iso, status.period.months),
                *(status.status, status.status_label, iso_day(status.due_on), joined(status.awaited)),
                *(status.has_survey, status.has_meeting, iso_moment(report.published_at) if report else None),
                joined(each.organisation for each in report.sign_offs.all()) if report else None,
                *((report.summary, report.no_meeting_reason) if report else (None, None)),
                whole_address(status.url) if status.url else None,
            )


def standing_rows() -> Rows:
    updates = ActionUpdate.objects.published().select_related("action__promise", "followup")
    for each in updates.order_by("action__promise", "followup__first_day", "action__number"):
        if each.standing_then:
            yield (
                *(each.action.promise.slug, Month.of(each.followup.first_day).iso),
                *(each.action.number, each.action.slug, each.standing_then, each.standing_then_label),
                *(each.count_then, each.target_number_then, each.target_then, each.text, each.is_unchanged),
                whole_address(each.followup.get_absolute_url()),
            )


def deed_rows() -> Rows:
    late = set(Deed.objects.published().logged_late().values_list("pk", flat=True))
    deeds = Deed.objects.published().newest_first().select_related("action__promise", "organisation", "place")
    for each in deeds:
        place = each.public_place
        yield (
            *(each.pk, each.action.promise.slug, each.action.number, each.action.slug, each.what),
            *(iso_day(each.done_on), place.slug if place else None, each.quantity, each.participants),
            *(joined(each.audience_names), each.organisation.name, iso_moment(each.logged_at), each.pk in late),
            *(iso_day(each.taken_back_on), each.taken_back_reason),
        )


def meeting_rows() -> Rows:
    for each in Meeting.objects.published().select_related("place").order_by("starts_at", "pk"):
        place = each.public_place
        yield (
            *(each.pk, each.get_kind_display(), str(each), iso_moment(each.starts_at), iso_moment(each.ends_at)),
            *(each.venue, place.slug if place else None, each.state, each.get_state_display()),
            *(each.cancel_reason, each.summary, whole_address(each.get_absolute_url())),
        )


def reading_rows() -> Rows:
    readings = Reading.objects.filter(indicator__in=Indicator.objects.published()).select_related("indicator")
    for each in readings.order_by("indicator__name", "first_day"):
        of = each.indicator
        about = of.unit, of.definition, of.source, of.caution
        yield of.slug, of.name, Month.of(each.first_day).iso, each.value, *about


def result_rows() -> Rows:
    signed = Prefetch("sign_offs", CombinedResultSignOff.objects.select_related("organisation"))
    for each in CombinedResult.objects.published().select_related("promise").prefetch_related(signed):
        yield (
            *(each.promise.slug, each.year, each.summary, each.way_forward, iso_moment(each.published_at)),
            joined(sign_off.organisation for sign_off in each.sign_offs.all()),
            whole_address(each.get_absolute_url()),
        )


def verdict_rows() -> Rows:
    verdicts = Verdict.objects.published().select_related("result__promise", "action")
    for each in verdicts.order_by("-result__year", "result__promise", "action__number"):
        yield (
            *(each.result.promise.slug, each.result.year, each.action.number, each.action.slug),
            *(each.verdict, each.get_verdict_display(), each.count_then, each.target_then, each.why, each.continues),
        )


def correction_rows() -> Rows:
    for each in Correction.objects.published().select_related("organisation").prefetch_related("document"):
        document: Any = each.document
        if getattr(document, "is_published", False):
            address = getattr(document, "get_absolute_url", None)
            yield (
                *(iso_moment(each.made_at), each.organisation.name, str(document._meta.verbose_name), str(document)),
                *(each.text, whole_address(address()) if address else None),
            )


FOLLOWUPS = Group(
    "uppfoljning",
    _("Det som blev av det"),
    (
        Table(
            "manader",
            _("Månader"),
            _("Varje månad som ska redovisas, också de som saknas, och rapporten om den finns."),
            (
                PROMISE,
                MONTH,
                Column("antal_manader", WHOLE, _("Hur många månader perioden är.")),
                Column("lage", TEXT, _("Läget i dag som kod. Ordet står i nästa kolumn.")),
                Column("lage_i_ord", TEXT, _("Läget i dag som det står på sidan.")),
                Column("senast", DAY, _("Sista dagen för rapporten.")),
                Column("vantar_pa", TEXT, _("Vems rapport eller godkännande som saknas, med | emellan.")),
                Column("enkat", YES_NO, _("Om en enkät är öppen någon gång i perioden.")),
                Column("mote", YES_NO, _("Om det är möte i perioden.")),
                Column("publicerad", MOMENT, _("När rapporten publicerades. Tom om den saknas.")),
                Column("godkand_av", TEXT, _("Parterna som har godkänt rapporten, med | emellan.")),
                Column("rapport", TEXT, _("Rapportens text i Markdown.")),
                Column("varfor_inget_mote", TEXT, _("Varför det inte var något möte, i Markdown.")),
                ADDRESS,
            ),
            month_rows,
        ),
        Table(
            "lagen",
            _("Lägen månad för månad"),
            _("Hur varje åtgärd stod i varje publicerad rapport, som det sparades då."),
            (
                PROMISE,
                MONTH,
                ACTION_NUMBER,
                ACTION,
                Column("lage", TEXT, _("Läget då som kod. Ordet står i nästa kolumn.")),
                Column("lage_i_ord", TEXT, _("Läget då, i ord.")),
                Column("antal", WHOLE, _("Hur många insatser som var räknade då.")),
                Column("malets_antal", WHOLE, _("Hur många målet var då. Tomt utan ett mål i antal.")),
                Column("mal", TEXT, _("Målet då, i ord.")),
                Column("text", TEXT, _("Vad rapporten säger om åtgärden, i Markdown.")),
                Column("oforandrat", YES_NO, _("Om rapporten säger att inget har ändrats.")),
                ADDRESS,
            ),
            standing_rows,
        ),
        Table(
            "insatser",
            _("Insatser"),
            _("Det som är gjort i de redovisade månaderna. Återtagna insatser står kvar."),
            (
                Column("insats", WHOLE, _("Insatsens nummer.")),
                PROMISE,
                ACTION_NUMBER,
                ACTION,
                Column("vad", TEXT, _("Vad som gjordes.")),
                Column("datum", DAY, _("Dagen då det gjordes.")),
                Column("plats", TEXT, _("Platsens adressnamn, om insatsen gäller en utvald plats.")),
                Column("antal", WHOLE, _("Hur många gånger insatsen räknas.")),
                Column("deltagare", WHOLE, _("Hur många som deltog. Tomt om det inte är känt.")),
                Column("malgrupper", TEXT, _("För vilka, med | emellan.")),
                Column("gjord_av", TEXT, _("Parten som gjorde det.")),
                Column("loggad", MOMENT, _("När insatsen skrevs in.")),
                Column("tillagd_efter_rapporten", YES_NO, _("Om den skrevs in efter att månadens rapport kom.")),
                Column("atertagen", DAY, _("Dagen då insatsen togs tillbaka. Tom om den står fast.")),
                Column("varfor_atertagen", TEXT, _("Varför insatsen togs tillbaka.")),
            ),
            deed_rows,
        ),
        Table(
            "moten",
            _("Möten"),
            _("Öppna möten med invånare."),
            (
                Column("mote", WHOLE, _("Mötets nummer.")),
                Column("slag", TEXT, _("Vad för slags möte.")),
                Column("rubrik", TEXT, _("Mötets rubrik.")),
                Column("borjar", MOMENT, _("När mötet börjar.")),
                Column("slutar", MOMENT, _("När mötet slutar, om det är bestämt.")),
                Column("lokal", TEXT, _("Var mötet är.")),
                Column("plats", TEXT, _("Den utvalda plats som mötet gäller: dess adressnamn.")),
                Column("lage", TEXT, _("Läget som kod. Ordet står i nästa kolumn.")),
                Column("lage_i_ord", TEXT, _("Läget i ord.")),
                Column("varfor_installt", TEXT, _("Varför mötet är inställt.")),
                Column("vad_som_kom_fram", TEXT, _("Vad som kom fram på mötet.")),
                ADDRESS,
            ),
            meeting_rows,
        ),
        Table(
            "matvarden",
            _("Mätvärden"),
            _("Tal över tid, som anmälda brott, med definition och källa."),
            (
                Column("indikator", TEXT, _("Indikatorns adressnamn.")),
                Column("namn", TEXT, _("Indikatorns namn.")),
                MONTH,
                Column("varde", WHOLE, _("Månadens värde.")),
                Column("enhet", TEXT, _("Vad som räknas.")),
                Column("definition", TEXT, _("Hur det räknas.")),
                Column("kalla", TEXT, _("Var talen kommer från.")),
                Column("att_tanka_pa", TEXT, _("Vad talen inte säger.")),
            ),
            reading_rows,
        ),
        Table(
            "arsresultat",
            _("Sammanlagda resultat"),
            _("Parternas svar vid årets slut. Vad det blev av varje åtgärd står i Omdömen vid årets slut."),
            (
                PROMISE,
                Column("ar", WHOLE, _("Året.")),
                Column("sammanfattning", TEXT, _("Hur året blev, i Markdown.")),
                Column("vag_vidare", TEXT, _("Hur arbetet går vidare, i Markdown.")),
                Column("publicerat", MOMENT, _("När resultatet publicerades.")),
                Column("godkant_av", TEXT, _("Parterna som har godkänt det, med | emellan.")),
                ADDRESS,
            ),
            result_rows,
        ),
        Table(
            "omdomen",
            _("Omdömen vid årets slut"),
            _("Vad det blev av varje åtgärd, varför och hur det fortsätter."),
            (
                PROMISE,
                Column("ar", WHOLE, _("Året.")),
                ACTION_NUMBER,
                ACTION,
                Column("omdome", TEXT, _("Omdömet som kod. Ordet står i nästa kolumn.")),
                Column("omdome_i_ord", TEXT, _("Omdömet i ord.")),
                Column("antal", WHOLE, _("Hur många insatser som var räknade.")),
                Column("mal", TEXT, _("Målet då, i ord.")),
                Column("varfor", TEXT, _("Varför det blev så.")),
                Column("fortsatter", TEXT, _("Hur det fortsätter.")),
            ),
            verdict_rows,
        ),
        Table(
            "rattelser",
            _("Rättelser"),
            _("Daterade tillägg till det som är publicerat. Det som rättas står kvar som det var."),
            (
                Column("skriven", MOMENT, _("När rättelsen skrevs.")),
                Column("av", TEXT, _("Parten som skrev den.")),
                Column("slag", TEXT, _("Vad som rättas: löfte, månadsrapport och så vidare.")),
                Column("namn", TEXT, _("Vilket löfte, vilken månad och så vidare.")),
                Column("text", TEXT, _("Rättelsen i Markdown.")),
                ADDRESS,
            ),
            correction_rows,
        ),
    ),
)
