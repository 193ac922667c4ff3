"""What residents said, as tables. Every number is read from the published, frozen results, as the pages read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from promises.models import Promise
from surveys import wording
from surveys.models import EarlierSurvey, ResultRelease, SurveyRound
from surveys.released import share_from_json
from surveys.result_files import Row, columns, rows
from surveys.result_page import result_page
from tranemo_trygghet.open_data.of_promises import ADDRESS, PROMISE
from tranemo_trygghet.open_data.tables import (
    MOMENT,
    NUMBER,
    TEXT,
    WHOLE,
    Column,
    Group,
    Table,
    Value,
    iso_moment,
    joined,
    whole_address,
)

Rows = Iterator[Sequence[Value]]

ROUND = Column("omgang", TEXT, _("Omgångens adressnamn, som i dess webbadress."))
KINDS = {"int": WHOLE, "float": NUMBER, "str": TEXT}


def releases() -> Iterator[ResultRelease]:
    """The result that holds of each round, newest round first."""
    for survey_round in SurveyRound.objects.with_result().newest_first().prefetch_related("releases__round"):
        yield max(survey_round.releases.all(), key=lambda each: each.number)


def round_rows() -> Rows:
    told = {release.round_id: release for release in releases()}
    public_promises: dict[int | None, str] = dict(Promise.objects.published().values_list("pk", "slug"))
    for each in SurveyRound.objects.published().newest_first().with_places_and_results():
        release = told.get(each.pk)
        yield (
            *(each.slug, each.title, public_promises.get(each.promise_id), iso_moment(each.opens_at)),
            *(iso_moment(each.closes_at), joined(row.place.slug for row in each.round_places.all())),
            *((release.number, iso_moment(release.published_at), release.summary) if release else (None, None, None)),
            release.reason if release else None,
            whole_address(each.result_url or each.get_absolute_url()),
        )


def share_rows() -> Rows:
    for release in releases():
        for row in rows(release):
            yield tuple(getattr(row, field.name) for field in fields(Row))


def share_columns() -> tuple[Column, ...]:
    """The same columns, in the same order, as the files of each result."""
    meaning = lazy(lambda name: columns()[name], str)
    kinds = ((each.name, KINDS[str(each.type).partition(" ")[0]]) for each in fields(Row))
    return tuple(Column(name, kind, meaning(name)) for name, kind in kinds)


def change_rows() -> Rows:
    for release in releases():
        comparison = release.content["comparison"] or {}
        for group, words in zip(comparison.get("groups", []), result_page(release)["changes"], strict=True):
            before, after = share_from_json(group["before"]), share_from_json(group["after"])
            yield (
                *(release.content["slug"], comparison["slug"], group["label"]),
                *(wording.per_cent(before), before.low, before.high, before.n),
                *(wording.per_cent(after), after.low, after.high, after.n),
                *(group["low"], group["high"], words["sentence"]),
            )


def theme_rows() -> Rows:
    for release in releases():
        for question in release.content.get("themes", []):
            for theme in question["themes"]:
                about = question["question"], question["read"]
                yield release.content["slug"], *about, theme["title"], theme["count"], joined(theme["quotes"])


def earlier_rows() -> Rows:
    for each in EarlierSurvey.objects.published().with_shares():
        for share in each.shares.all():
            per_cent = float(share.percent) if share.percent is not None else None
            yield each.year, each.title, each.answers, share.label, per_cent, share.in_words, each.source, each.note


SURVEYS = Group(
    "enkater",
    _("Det som invånarna har svarat"),
    (
        Table(
            "enkater",
            _("Enkätomgångar"),
            _("När vilken enkät ställdes, och vad den handlade om."),
            (
                ROUND,
                Column("rubrik", TEXT, _("Omgångens rubrik.")),
                PROMISE,
                Column("oppnar", MOMENT, _("När det börjar gå att svara.")),
                Column("stanger", MOMENT, _("När det slutar gå att svara på webben.")),
                Column("platser", TEXT, _("Platserna som den gäller: deras adressnamn, med | emellan.")),
                Column("resultatets_version", WHOLE, _("Vilken version av resultatet som gäller. Tom utan resultat.")),
                Column("resultat_publicerat", MOMENT, _("När versionen publicerades.")),
                Column("sammanfattning", TEXT, _("Resultatet i ord, i Markdown.")),
                Column("skal_till_ny_version", TEXT, _("Varför resultatet har rättats.")),
                ADDRESS,
            ),
            round_rows,
        ),
        Table(
            "enkatresultat",
            _("Enkätresultat"),
            _("Varje publicerat tal ur enkäterna. Grupper med färre än tio svar visas inte."),
            share_columns(),
            share_rows,
        ),
        Table(
            "enkatforandringar",
            _("Förändringar mellan omgångar"),
            _("Huvudfrågan i en omgång jämförd med en tidigare, med Newcombes intervall för skillnaden."),
            (
                ROUND,
                Column("jamford_med", TEXT, _("Den tidigare omgångens adressnamn.")),
                Column("grupp", TEXT, _("Platsen som raden gäller. Tom för alla som svarade med kod.")),
                Column("fore", TEXT, _("Andelen i den tidigare omgången, som den står på sidan.")),
                Column("fore_fran", WHOLE, _("Dess nedre gräns i procent.")),
                Column("fore_till", WHOLE, _("Dess övre gräns i procent.")),
                Column("fore_antal_svar", WHOLE, _("Hur många den är en andel av.")),
                Column("efter", TEXT, _("Andelen i den senare omgången.")),
                Column("efter_fran", WHOLE, _("Dess nedre gräns i procent.")),
                Column("efter_till", WHOLE, _("Dess övre gräns i procent.")),
                Column("efter_antal_svar", WHOLE, _("Hur många den är en andel av.")),
                Column("skillnad_fran", WHOLE, _("Skillnadens nedre gräns i procentenheter, 95 procents säkerhet.")),
                Column("skillnad_till", WHOLE, _("Skillnadens övre gräns i procentenheter.")),
                Column("i_ord", TEXT, _("Skillnaden i ord, och om den är större än slumpen.")),
            ),
            change_rows,
        ),
        Table(
            "enkatteman",
            _("Teman i svar med egna ord"),
            _("Vad flera har skrivit om, sammanfattat av den som läste, och citat som två personer har godkänt."),
            (
                ROUND,
                Column("fraga", TEXT, _("Frågan.")),
                Column("lasta", WHOLE, _("Hur många svar som lästes.")),
                Column("tema", TEXT, _("Temat.")),
                Column("antal", WHOLE, _("Hur många av dem som handlade om temat.")),
                Column("citat", TEXT, _("Godkända citat, med | emellan.")),
            ),
            theme_rows,
        ),
        Table(
            "tidigare-enkater",
            _("Tidigare enkäter"),
            _("Enkäter från tiden före portalen, som de redovisades då. De kan inte jämföras rakt av med de nya."),
            (
                Column("ar", WHOLE, _("Året.")),
                Column("rubrik", TEXT, _("Enkätens rubrik.")),
                Column("antal_svar", WHOLE, _("Hur många som svarade.")),
                Column("svar", TEXT, _("Svaret.")),
                Column("procent", NUMBER, _("Andelen som redovisades. Tom om den bara angavs i ord.")),
                Column("i_ord", TEXT, _("Andelen i ord, om inget tal angavs.")),
                Column("kalla", TEXT, _("Var uppgiften kommer från.")),
                Column("forbehall", TEXT, _("Vad man ska tänka på.")),
            ),
            earlier_rows,
        ),
    ),
)
