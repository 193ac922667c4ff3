"""What was promised, as tables: promises, actions with their standing today, targets, places and words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from followups.standing import standings
from promises.models import Action, Extension, Partnership, Place, PlaceReason, Promise, Target, Term
from promises.publishing import if_published
from tranemo_trygghet.open_data.tables import (
    DAY,
    MOMENT,
    NUMBER,
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

PROMISE = Column("lofte", TEXT, _("Löftets adressnamn, som i dess webbadress."))
ACTION_NUMBER = Column("nummer", WHOLE, _("Åtgärdens nummer i löftet."))
ACTION = Column("atgard", TEXT, _("Åtgärdens adressnamn. Unikt i löftet."))
ADDRESS = Column("webbadress", TEXT, _("Sidan som visar samma sak."))


def published() -> QuerySet[Promise]:
    partners = Prefetch("partnerships", Partnership.objects.select_related("organisation"))
    return Promise.objects.published().newest_first().with_last_day().prefetch_related(partners)


def promise_rows() -> Rows:
    for each in published().select_related("predecessor"):
        before = if_published(each.predecessor)
        yield (
            *(each.slug, each.title, iso_day(each.starts_on), iso_day(each.last_day), iso_day(each.ends_on)),
            *(joined(part.organisation for part in each.partnerships.all()), before.slug if before else None),
            *(each.followup_months, each.report_due_days, iso_moment(each.published_at)),
            *(each.lead, each.background, each.situation, each.aim, each.following, each.year_end, each.validity),
            whole_address(each.get_absolute_url()),
        )


def extension_rows() -> Rows:
    for each in Extension.objects.published().filter(promise__in=Promise.objects.published()).select_related("promise"):
        days = iso_day(each.new_last_day), iso_day(each.decided_on)
        yield each.promise.slug, *days, each.reason, iso_moment(each.published_at)


def action_rows() -> Rows:
    actions = Action.objects.order_by("number").select_related("previous__promise")
    actions = actions.prefetch_related("responsible", "sections", Prefetch("places", Place.objects.published()))
    for promise in published().prefetch_related(Prefetch("actions", actions)):
        for standing in standings(promise):
            each = standing.action
            yield (
                *(promise.slug, each.number, each.slug, each.title, each.text, each.get_kind_display()),
                *(joined(each.responsible.all()), joined(each.sections.all())),
                *(joined(place.slug for place in each.places.all()), carried_on(each), each.get_change_display()),
                *(standing.code, standing.label, standing.count, standing.target_number, standing.text),
                *(iso_day(standing.behind_since) if standing.late_note else None, standing.late_note),
                whole_address(f"{promise.get_absolute_url()}#{each.slug}"),
            )


def carried_on(action: Action) -> str | None:
    before = action.previous
    return f"{before.promise.slug}#{before.slug}" if before and before.promise.is_published else None


def target_rows() -> Rows:
    targets = Target.objects.published().filter(action__promise__in=Promise.objects.published())
    for each in targets.select_related("action__promise").order_by("action__promise", "action__number", "decided_on"):
        yield (
            *(each.action.promise.slug, each.action.number, each.action.slug, str(each)),
            *(each.number, each.unit, each.rhythm, iso_day(each.due_on), iso_day(each.decided_on)),
            *(each.reason, iso_moment(each.published_at)),
        )


def place_rows() -> Rows:
    for each in Place.objects.published().select_related("locality"):
        where = each.locality.name, each.latitude, each.longitude
        yield each.slug, each.name, *where, each.description, each.is_hotspot, whole_address(each.get_absolute_url())


def reason_rows() -> Rows:
    reasons = PlaceReason.objects.filter(place__in=Place.objects.published()).select_related("place")
    for each in reasons.order_by("place__name", "noted_on", "pk"):
        yield each.place.slug, iso_day(each.noted_on), each.source, each.get_source_display(), each.text


def term_rows() -> Rows:
    for each in Term.objects.published():
        yield each.word, each.spelled_out, each.explanation, whole_address(each.get_absolute_url())


PROMISES = Group(
    "loften",
    _("Det som lovades"),
    (
        Table(
            "loften",
            _("Löften"),
            _("Varje medborgarlöfte, ord för ord."),
            (
                PROMISE,
                Column("rubrik", TEXT, _("Löftets rubrik.")),
                Column("forsta_dag", DAY, _("Första dagen som löftet gäller.")),
                Column("sista_dag", DAY, _("Sista dagen, med förlängningar.")),
                Column("sista_dag_fran_borjan", DAY, _("Sista dagen som den bestämdes från början.")),
                Column("parter", TEXT, _("Vilka som lovar, med | emellan.")),
                Column("foljer_pa", TEXT, _("Löftet före: dess adressnamn.")),
                Column("redovisas_var_manad", WHOLE, _("Hur många månader varje rapport gäller.")),
                Column("redovisas_inom_dagar", WHOLE, _("Så många dagar efter perioden ska rapporten ha kommit.")),
                Column("publicerat", MOMENT, _("När löftet publicerades.")),
                Column("ingress", TEXT, _("Löftets inledning.")),
                Column("bakgrund", TEXT, _("Löftets text om bakgrunden.")),
                Column("situation", TEXT, _("Löftets text om läget när det gavs.")),
                Column("avsikt", TEXT, _("Löftets text om vad parterna ska åstadkomma.")),
                Column("uppfoljning", TEXT, _("Löftets text om hur det följs upp.")),
                Column("vid_arets_slut", TEXT, _("Löftets text om vad som görs vid årets slut.")),
                Column("giltighet", TEXT, _("Löftets text om hur länge det gäller.")),
                ADDRESS,
            ),
            promise_rows,
        ),
        Table(
            "forlangningar",
            _("Förlängningar"),
            _("Beslut som har flyttat ett löftes sista dag."),
            (
                PROMISE,
                Column("ny_sista_dag", DAY, _("Sista dagen efter beslutet.")),
                Column("beslutad", DAY, _("Dagen för beslutet.")),
                Column("skal", TEXT, _("Varför löftet förlängdes.")),
                Column("publicerad", MOMENT, _("När beslutet publicerades.")),
            ),
            extension_rows,
        ),
        Table(
            "atgarder",
            _("Åtgärder och hur de står i dag"),
            _("Varje åtgärd som den lovades, och läget just nu. Hur det stod förut står i Lägen månad för månad."),
            (
                PROMISE,
                ACTION_NUMBER,
                ACTION,
                Column("rubrik", TEXT, _("Åtgärdens korta rubrik.")),
                Column("text", TEXT, _("Åtgärden som den lovades.")),
                Column("slag", TEXT, _("Vad för slags insats som räknas.")),
                Column("ansvariga", TEXT, _("Vilka parter som ansvarar, med | emellan.")),
                Column("sektioner", TEXT, _("Vilka sektioner som ansvarar, med | emellan.")),
                Column("platser", TEXT, _("Platserna där den görs: deras adressnamn, med | emellan.")),
                Column("fortsatter", TEXT, _("Åtgärden i löftet före som den fortsätter: löfte#åtgärd.")),
                Column("jamfort_med_forra", TEXT, _("Ny, oförändrad eller ändrad sedan löftet före.")),
                Column("lage", TEXT, _("Läget i dag som kod. Ordet står i nästa kolumn.")),
                Column("lage_i_ord", TEXT, _("Läget i dag som det står på sidan.")),
                Column("antal", WHOLE, _("Hur många insatser som är räknade, i målets period om det har en.")),
                Column("malets_antal", WHOLE, _("Hur många målet är. Tomt utan ett mål i antal.")),
                Column("i_ord", TEXT, _("Räkningen som den står på sidan.")),
                Column("forsenad_sedan", DAY, _("Dagen då åtgärden blev försenad. Tom om den inte är det.")),
                Column("varfor_forsenad", TEXT, _("Vad som saknas. Tomt om åtgärden inte är försenad.")),
                ADDRESS,
            ),
            action_rows,
        ),
        Table(
            "mal",
            _("Mål"),
            _("Daterade beslut om vad som räknas som att hålla en åtgärd. Ett senare ersätter ett tidigare."),
            (
                PROMISE,
                ACTION_NUMBER,
                ACTION,
                Column("i_ord", TEXT, _("Målet i ord.")),
                Column("antal", WHOLE, _("Hur många. Tomt om målet bara är en sista dag.")),
                Column("enhet", TEXT, _("Vad som räknas.")),
                Column("var_manad", WHOLE, _("Hur många månader målet upprepas med. Tomt om det gäller hela tiden.")),
                Column("senast", DAY, _("Sista dagen för målet, om det har en.")),
                Column("beslutat", DAY, _("Dagen för beslutet.")),
                Column("skal", TEXT, _("Varför målet sattes.")),
                Column("publicerat", MOMENT, _("När målet publicerades.")),
            ),
            target_rows,
        ),
        Table(
            "platser",
            _("Platser"),
            _("De utvalda platserna."),
            (
                Column("plats", TEXT, _("Platsens adressnamn, som i dess webbadress.")),
                Column("namn", TEXT, _("Platsens namn.")),
                Column("ort", TEXT, _("Orten som den ligger i.")),
                Column("latitud", NUMBER, _("Latitud i WGS 84.")),
                Column("longitud", NUMBER, _("Longitud i WGS 84.")),
                Column("beskrivning", TEXT, _("Platsen i ett par meningar.")),
                Column("hotspot", YES_NO, _("Om polisen arbetar där enligt HotSpotsmetoden.")),
                ADDRESS,
            ),
            place_rows,
        ),
        Table(
            "skal-till-platser",
            _("Skäl till platserna"),
            _("Hur det kom fram att platserna är otrygga."),
            (
                Column("plats", TEXT, _("Platsens adressnamn.")),
                Column("datum", DAY, _("När det kom fram.")),
                Column("kalla", TEXT, _("Genom vad, som kod. Ordet står i nästa kolumn.")),
                Column("kalla_i_ord", TEXT, _("Genom vad, i ord.")),
                Column("text", TEXT, _("Vad som kom fram.")),
            ),
            reason_rows,
        ),
        Table(
            "ordforklaringar",
            _("Ordförklaringar"),
            _("Orden i ordlistan."),
            (
                Column("ord", TEXT, _("Ordet.")),
                Column("utskrivet", TEXT, _("Förkortningen utskriven.")),
                Column("forklaring", TEXT, _("Vad det betyder.")),
                ADDRESS,
            ),
            term_rows,
        ),
    ),
)
