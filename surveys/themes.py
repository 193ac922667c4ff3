"""From what residents wrote to what is published of it: themes with counts, and quotes that two people said yes to."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from promises.models import User
from surveys.codebook import BookQuestion, Codebook, Kind
from surveys.disclosure import THRESHOLD
from surveys.hints import KINDS, NEVER_QUOTED, kinds_in
from surveys.models import FreeText, SurveyRound
from surveys.models.themes import FEWEST, Quote, TextReading, Theme

LEFT_OUT = "[…]"
# More than a database holds a number of.
MOST_DIGITS = 9


def text_questions(book: Codebook) -> list[BookQuestion]:
    return [question for question in book.questions if question.kind == Kind.TEXT]


def texts_of(survey_round: SurveyRound, question_key: str) -> list[str]:
    """What was written, in no order. Nobody reads it before the round is counted: until then texts still come in."""
    if survey_round.state != SurveyRound.State.COUNTED:
        raise ValidationError(gettext("Svaren i egna ord läses när omgången är räknad, och tills den är gallrad."))
    rows = FreeText.objects.filter(round=survey_round, question_key=question_key)
    return list(rows.order_by("pk").values_list("text", flat=True))


def parsed(lines: str) -> dict[str, int]:
    """ "Belysning: 31", a theme a line."""
    themes: dict[str, int] = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        title, _colon, count = (part.strip() for part in line.rpartition(":"))
        if not title or not count.isdecimal() or len(count) > MOST_DIGITS:
            raise ValidationError(gettext("Skriv temat, ett kolon och hur många: ”Belysning: 31”. Inte: %s") % line)
        if len(title) > Theme._meta.get_field("title").max_length:  # type: ignore[operator]
            raise ValidationError(gettext("Skriv temat kortare: %s") % title)
        if title in themes:
            raise ValidationError(gettext("Temat står två gånger: %s") % title)
        themes[title] = int(count)
    return themes


def write_themes(survey_round: SurveyRound, question_key: str, themes: dict[str, int]) -> None:
    """Keep the themes of a question as they are now; a theme that keeps its title keeps its quotes."""
    read = len(texts_of(survey_round, question_key))
    for title, count in themes.items():
        if not FEWEST <= count <= read:
            words = {"title": title, "fewest": FEWEST, "read": read}
            raise ValidationError(gettext("%(title)s: skriv ett antal mellan %(fewest)s och %(read)s.") % words)
    with transaction.atomic():
        reading, _made = TextReading.objects.update_or_create(
            round=survey_round, question_key=question_key, defaults={"read": read}
        )
        reading.themes.exclude(title__in=themes).delete()
        for title, count in themes.items():
            reading.themes.update_or_create(title=title, defaults={"count": count})


def propose_quote(theme: Theme, text: str, user: User) -> Quote:
    """The first yes. The words must stand in one of the answers; what is left out is marked."""
    text = text.strip()
    forbidden = sorted(kinds_in(text) & set(NEVER_QUOTED))
    if forbidden:
        raise ValidationError(gettext("Citatet ser ut att innehålla %s. Ta bort det.") % KINDS[forbidden[0]][0])
    reading = theme.reading
    if not any(_stands_in(text, whole) for whole in texts_of(reading.round, reading.question_key)):
        raise ValidationError(gettext("Citatet ska stå ordagrant i ett svar. Det du utelämnar skriver du som […]."))
    if Quote.objects.filter(theme__reading=reading, text=text).exists():
        raise ValidationError(gettext("Citatet är redan föreslaget."))
    quote = Quote(theme=theme, text=text, proposed_by=user)
    quote.full_clean()
    quote.save()
    return quote


def _stands_in(quote: str, whole: str) -> bool:
    place, pieces = 0, [piece.strip() for piece in quote.split(LEFT_OUT)]
    for piece in pieces:
        found = whole.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return any(pieces)


def themes_json(survey_round: SurveyRound, book: Codebook) -> list[dict[str, Any]]:
    """What is published: only of questions that ten or more wrote on, and only quotes that two have said yes to."""
    texts = {question.key: book.text_of(question) for question in text_questions(book)}
    readings = survey_round.text_readings.filter(read__gte=THRESHOLD).prefetch_related("themes__quotes")
    return [
        {
            "key": reading.question_key,
            "question": texts[reading.question_key],
            "read": reading.read,
            "themes": [_theme_json(theme) for theme in reading.themes.all()],
        }
        for reading in readings
        if reading.themes.all()
    ]


def _theme_json(theme: Theme) -> dict[str, Any]:
    quotes = [quote.text for quote in theme.quotes.all() if quote.confirmed_at]
    return {"title": theme.title, "count": theme.count, "quotes": quotes}


def forget_unconfirmed(survey_round: SurveyRound) -> None:
    """With the answers go the quotes that nobody else said yes to: they are copies of what is erased."""
    Quote.objects.filter(theme__reading__round=survey_round, confirmed_at=None).delete()
