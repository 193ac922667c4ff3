"""Letters, reminders and posters: what the printer gets. Codes pass through here once and are kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from promises.signing import digest_of
from promises.wording import full_day, listed
from surveys.codes import normalise
from surveys.forms import telephone
from surveys.models import RoundPlace, SurveyRound
from surveys.result_files import csv_file

COLUMNS = ("kod", "kod_med_bindestreck", "adress", "plats", "textversion")


@dataclass(frozen=True)
class LetterTexts:
    """The words of a letter and of the reminder that follows it with the same code."""

    letter: str
    reminder: str

    @property
    def version(self) -> str:
        """Tells the printer's file and the printed words apart from those of another batch."""
        return digest_of([self.letter, self.reminder])[:6]


@dataclass(frozen=True)
class Letter:
    """One household's letter and reminder: the same code in both."""

    code: str
    address: str
    qr: SafeString


@dataclass(frozen=True)
class Poster:
    """The open link of one place."""

    place: str
    typed_address: str
    qr: SafeString


# --- Addresses ----------------------------------------------------------------------------------------


def survey_address(survey_round: SurveyRound) -> str:
    return settings.SITE_URL + reverse("surveys:answer", args=[survey_round.slug])


def code_address(survey_round: SurveyRound, code: str) -> str:
    """The code in the fragment: the browser keeps it to itself, so that no server and no log ever sees it."""
    return f"{survey_address(survey_round)}#{normalise(code)}"


def place_address(round_place: RoundPlace) -> str:
    return f"{survey_address(round_place.round)}?plats={round_place.place.slug}"


def shown(address: str) -> str:
    """An address as it is printed for somebody who types it."""
    return address.partition("://")[2].rstrip("/")


def qr_code(address: str, title: str) -> SafeString:
    """The address as a drawing that stands in the page itself, so that nothing is fetched or stored."""
    code = segno.make(address, error="m", micro=False)
    # segno escapes the title; the rest is its own path.
    return mark_safe(code.svg_inline(scale=1, border=4, omitsize=True, title=title))  # noqa: S308


# --- Letters ------------------------------------------------------------------------------------------


def default_texts(round_place: RoundPlace, *, one_of_many: bool = False) -> LetterTexts:
    """Words to begin from. They promise what is true of the ballot box, and nothing more."""
    survey_round = round_place.round
    words = {
        "senders": senders(survey_round),
        "place": "{plats}" if one_of_many else round_place.place.name,
        "day": full_day(survey_round.last_day),
        "telephone": telephone(survey_round),
        "privacy": settings.SITE_URL + reverse("privacy"),
    }
    letter = gettext(
        "Hej!\n\n"
        "Hur trygg känner du dig på %(place)s? %(senders)s vill veta. Svaren avgör vad vi gör, och visar om det "
        "hjälper.\n\n"
        "Svara senast %(day)s. Det tar några minuter. Rikta telefonens kamera mot rutan, eller skriv in adressen och "
        "koden.\n\n"
        "Koden kan bara användas en gång. När du har svarat tar vi bort den, och vi sparar inte vem du är. Vad som "
        "skyddar ditt svar, och vad som inte gör det, läser du på %(privacy)s\n\n"
        "Vill du svara på papper, eller undrar du något? Ring %(telephone)s."
    )
    reminder = gettext(
        "Hej igen!\n\n"
        "För en tid sedan fick du ett brev om tryggheten på %(place)s. Har du redan svarat: tack, då är du klar. Vi "
        "kan inte se vilka som har svarat, så påminnelsen går till alla som fick brevet.\n\n"
        "Annars hinner du än. Svara senast %(day)s. Koden är den samma som i det första brevet, och kan bara användas "
        "en gång.\n\n"
        "Vad som skyddar ditt svar, och vad som inte gör det, läser du på %(privacy)s\n\n"
        "Vill du svara på papper, eller undrar du något? Ring %(telephone)s."
    )
    return LetterTexts(letter % words, reminder % words)


def senders(survey_round: SurveyRound) -> str:
    """Who asks: the partners of the round's promise."""
    if survey_round.promise is None:
        return settings.SITE_NAME
    return listed(survey_round.promise.signing_partners())


def mail_merge(round_place: RoundPlace, codes: Sequence[str], texts: LetterTexts) -> bytes:
    """The printer's file: a line a household, whose letter and reminder carry the same code.

    Semicolons and a byte order mark: Swedish Excel opens nothing else as a table with its letters right.
    """
    place = round_place.place.name
    lines = ((normalise(code), code, code_address(round_place.round, code), place, texts.version) for code in codes)
    return csv_file(COLUMNS, lines)


def letters(round_place: RoundPlace, codes: Sequence[str]) -> list[Letter]:
    title = gettext("QR-kod till enkäten")
    addresses = {code: code_address(round_place.round, code) for code in codes}
    return [Letter(code, address, qr_code(address, title)) for code, address in addresses.items()]


# --- Posters ------------------------------------------------------------------------------------------


def posters(survey_round: SurveyRound) -> list[Poster]:
    """One for each place. Whoever types the address chooses the place in the form; the QR code has chosen it."""
    places = survey_round.round_places.select_related("place", "round").order_by("number")
    return [_poster(each) for each in places]


def _poster(round_place: RoundPlace) -> Poster:
    address = place_address(round_place)
    qr = qr_code(address, gettext("QR-kod till %s") % address)
    return Poster(round_place.place.name, shown(survey_address(round_place.round)), qr)
