"""The codes of the posted letters: written once to the printer's file, stored only as keyed hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext

from promises.clients import count_one_more
from promises.models import User
from promises.months import today
from surveys.models import Invitation, InvitationBatch, RoundPlace, SurveyRound, WrongCodes

# No 0 and O, 1, I and L, 2 and Z, 5 and S, 6 and G, 8 and B, U and V: a code is read from paper and typed.
ALPHABET = "3479ACDEFGHJKMNPQRTWXY"
LENGTH = 10  # with a thousand letters out, one guess in 26 thousand million is right
GROUP = 5

WRONG_CODES_AN_HOUR = 20
ALARMING_WRONG_CODES_AN_HOUR = 200
# As SQL: every answer with a code asks it, and making the question would cost ten times the answer.
TRIED = "SELECT count FROM surveys_wrongcodes WHERE address_hash = %s"


def make_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """ABCDE-FGHJK, as it stands in the letter."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def normalise(text: str) -> str:
    """What was typed, without the spaces, hyphens and small letters that do not matter."""
    return "".join(each for each in text.upper() if each.isalnum())


def code_hash(survey_round: SurveyRound, text: str) -> str:
    """The code's keyed hash in this round. The key lies outside the database, so a copy of it gives no code away."""
    return keyed(f"code:{survey_round.pk}:{normalise(text)}")


def keyed(text: str) -> str:
    """A digest that only somebody with this installation's secret can compute."""
    # "surrogatepass": whatever was posted gets a hash, and with it the same answer as every other wrong code.
    return hmac.new(settings.CODE_PEPPER.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


# --- batches ---


def issue_batch(round_place: RoundPlace, size: int, made_by: User) -> list[str]:
    """New codes for the printer's file. They are returned this once; only their hashes are kept."""
    survey_round = round_place.round
    _require_codes_can_be_issued(survey_round)
    codes: set[str] = set()
    while len(codes) < size:
        codes.add(make_code())
    with transaction.atomic():
        batch = InvitationBatch.objects.create(round_place=round_place, size=size, made_on=today(), made_by=made_by)
        # Sorted by hash: the order of the rows says nothing of the order in the printer's file.
        hashes = sorted(code_hash(survey_round, code) for code in codes)
        Invitation.objects.bulk_create([Invitation(code_hash=each, batch=batch) for each in hashes], batch_size=1000)
    return [grouped(code) for code in codes]


def replace_batch(batch: InvitationBatch, made_by: User) -> list[str]:
    """New codes in place of a batch that went wrong in print; refused once one of its codes has been used."""
    with transaction.atomic():
        deleted, _per_model = Invitation.objects.filter(batch=batch).delete()
        if deleted != batch.size:
            raise ValidationError(gettext("En kod i bunten är använd. Då kan bunten inte bytas ut."))
        round_place, size = batch.round_place, batch.size
        batch.delete()
        return issue_batch(round_place, size, made_by)


def _require_codes_can_be_issued(survey_round: SurveyRound) -> None:
    if not survey_round.takes_codes:
        raise ValidationError(gettext("Omgången tar inte emot svar med kod."))
    if survey_round.state != SurveyRound.State.LOCKED:
        raise ValidationError(gettext("Koder kan skrivas ut när omgången är låst och innan den stängs."))


# --- guessing ---


def may_try(address: str) -> bool:
    """Whether this address has not tried too many wrong codes in this hour. Nobody else is shut out by them."""
    with connection.cursor() as cursor:
        cursor.execute(TRIED, [_bucket(address)])
        tried = cursor.fetchone()
    return tried is None or tried[0] < WRONG_CODES_AN_HOUR


def note_wrong_code(address: str) -> None:
    """Count a wrong code against its address. Never call it in the transaction that stores an answer."""
    bucket, hour = _bucket(address), _hour()
    WrongCodes.objects.filter(hour__lt=hour).delete()
    count_one_more(WrongCodes(address_hash=bucket, hour=hour))


def is_somebody_guessing() -> bool:
    """Whether staff should look: so many wrong codes in this hour, from everywhere, that it is no slip of the hand."""
    total = WrongCodes.objects.filter(hour=_hour()).aggregate(total=Sum("count"))["total"]
    return (total or 0) >= ALARMING_WRONG_CODES_AN_HOUR


def _bucket(address: str) -> str:
    return keyed(f"address:{_hour()}:{address}")


def _hour() -> int:
    return int(time.time()) // 3600
