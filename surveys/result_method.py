"""What a reader must know before believing a result: what is left out and why, and what the numbers cannot say."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext, ngettext

from promises.telling import in_words
from promises.wording import listed, quoted
from surveys.codebook import CountsAs, Kind
from surveys.models import Channel
from surveys.released import Content, snapshots
from surveys.result_words import population_in_words
from surveys.shown import Snapshot


def left_out(content: Content) -> list[str]:
    """A sentence for each thing that a reader could look for and does not find."""
    return [
        *_channel(content),
        *(sentence for snapshot in snapshots(content) for sentence in _withheld(content, snapshot)),
        *_answers_outside_the_scale(content),
        *_own_words(content),
        gettext(
            "Två grupper korsas aldrig, till exempel unga kvinnor på en viss plats: då blir grupperna så små att "
            "enskilda svar kan räknas ut."
        ),
    ]


def _channel(content: Content) -> Iterator[str]:
    channel, reason = content["left_out"]["channel"], content["left_out"]["reason"]
    if channel:
        words = {"channel": Channel(channel).label, "reason": reason}
        yield gettext("Svar genom %(channel)s är inte med: %(reason)s") % words


def _withheld(content: Content, snapshot: Snapshot) -> Iterator[str]:
    """How many questions and groups are not shown; which they are stands where they would have been."""
    who = population_in_words(snapshot.population)
    if snapshot.n is None:
        yield gettext("%(who)s: färre än tio svarade, så ingenting visas.") % {"who": who}
        return
    questions = sum(question.whole.withheld is not None for question in snapshot.questions)
    if questions:
        yield ngettext(
            "%(who)s: %(number)s fråga visas inte, för att för få svarade eller för att svar skulle kunna räknas ut.",
            "%(who)s: %(number)s frågor visas inte, för att för få svarade eller för att svar skulle kunna räknas ut.",
            questions,
        ) % {"who": who, "number": questions}
    breakdowns = [each for question in snapshot.questions for each in question.breakdowns]
    if any(each.withheld or any(group.withheld for group in each.groups) for each in breakdowns):
        yield gettext(
            "%(who)s: grupper med färre än tio svar visas inte, och inte heller de grupper som skulle behövas för "
            "att räkna ut dem. De är markerade med ett streck i tabellerna."
        ) % {"who": who}


def _answers_outside_the_scale(content: Content) -> Iterator[str]:
    counts = CountsAs.LEFT_OUT
    has_no_scale = (Kind.SEVERAL, Kind.NUMBER)
    asked = [each for each in content["questions"] if not each["is_background"] and each["kind"] not in has_no_scale]
    outside = dict.fromkeys(
        in_words(option["text"])
        for question in asked
        for option in question["options"]
        if option["counts_as"] == counts
    )
    if outside:
        yield gettext(
            "Den som svarade %(answers)s, eller hoppade över frågan, räknas inte in i andelarna. Hur många de är "
            "tillsammans går att räkna ut: det är alla som svarade på enkäten utom dem som svarade på frågan."
        ) % {"answers": listed(map(quoted, outside))}


def _without_codes(content: Content) -> Iterator[str]:
    if any(each["population"] == "open" for each in content["populations"]):
        yield gettext(
            "Utan kod kan samma person svara flera gånger. Den öppna länken tar inte emot svar hur fort som helst. Men "
            "vi vet inte vem som svarar, och kan inte ta bort det som är dubbelt."
        )


def _own_words(content: Content) -> Iterator[str]:
    if any(question["kind"] == Kind.TEXT for question in content["questions"]):
        yield gettext("Svar i egna ord visas aldrig som de skrevs. Vi läser dem och sammanfattar vad de handlar om.")


def method(content: Content) -> list[str]:
    """The limits of the numbers, in plain words."""
    return [
        *_without_codes(content),
        gettext(
            "Osäkerheten är ett intervall. Om de som svarade liknar dem som inte svarade rymmer det den verkliga "
            "andelen i 95 fall av 100. Om de inte liknar varandra är felet större, och det kan ingen räkna ut."
        ),
        gettext(
            "En förändring kallar vi säker bara när den är större än vad slumpen förklarar. Det är huvudfrågan vi "
            "prövar så, och den bestämdes innan enkäten öppnade."
        ),
        gettext(
            "Vi jämför bara omgångar som ställde samma fråga, räknad på samma sätt, på samma platser, och bara dem "
            "som svarade med kod."
        ),
        gettext(
            "Andelar är hela procent. Där nästan ingen eller nästan alla svarade lika står ett ungefärligt tal. "
            "Annars kunde någon räkna ut vad en enskild person svarade."
        ),
    ]
