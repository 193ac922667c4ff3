"""What has been erased since the copies were taken, so that no restore brings it back: a note in a file beside them.

The note is made anew every few minutes, from the database alone: nobody who erases has to remember it. Addresses and
names stand in it as keyed hashes. Each entry has its moment, and goes when every copy from before it has expired.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from promises.models import Masking, User
from promises.models.history import forget_in_the_log
from subscriptions.models import Subscription
from surveys.models import FreeText, Invitation, Response, SurveyRound, Tally
from surveys.themes import forget_unconfirmed
from tranemo_trygghet.backup.tables import as_text, read, write

NAME = "erased.json"
STAMPS = ("closed_at", "counted_at", "erased_at")


class WrongKeyError(Exception):
    """The note was made with another SECRET_KEY: no address in it would be known again."""


def keyed(kind: str, value: str) -> str:
    return salted_hmac(f"tranemo_trygghet.backup.{kind}", value, algorithm="sha256").hexdigest()[:32]


@dataclass(frozen=True)
class Note:
    """The file's content: who follows and works here now, and what has gone, each with its moment."""

    noted_at: datetime
    content: dict[str, Any]

    @classmethod
    def read(cls, folder: Path) -> Note | None:
        try:
            content = json.loads((folder / NAME).read_text())
        except FileNotFoundError:
            return None
        if content["key"] != keyed("key", "check"):
            raise WrongKeyError("SECRET_KEY är en annan än när kopiorna togs. Sätt den gamla innan du återställer.")
        return cls(datetime.fromisoformat(content["noted_at"]), content)

    def write(self, folder: Path) -> None:
        draft = folder / f"{NAME}.{os.getpid()}.draft"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(json.dumps(self.content))
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, folder / NAME)


# --- noting ---


def note(folder: Path) -> Note:
    """Look at the database now, and add what has gone since the last time."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    before, now = Note.read(folder), timezone.now()
    oldest = now - timedelta(days=settings.BACKUP_DAYS + 1)
    addresses = Subscription.objects.confirmed().values_list("address", flat=True)
    names = User.objects.filter(is_active=True).values_list("username", flat=True)
    made = Note(
        now,
        {
            "key": keyed("key", "check"),
            "noted_at": now.isoformat(),
            **gone_from("followers", addresses, before, now, oldest),
            **gone_from("staff", names, before, now, oldest),
            "rounds": [erased_round(each) for each in SurveyRound.objects.filter(erased_at__gt=oldest)],
            "masked": [masked_text(each) for each in Masking.objects.filter(confirmed_at__gt=oldest)],
        },
    )
    made.write(folder)
    return made


def gone_from(kind: str, values: Iterable[str], before: Note | None, now: datetime, oldest: datetime) -> dict[str, Any]:
    """Who is here, and who has gone; whoever has come back since has not gone."""
    here = {keyed(kind, each) for each in values}
    gone = dict(before.content[f"{kind}_gone"]) if before else {}
    for each in set(before.content[kind] if before else ()) - here:
        gone[each] = now.isoformat()
    kept = {each: at for each, at in gone.items() if each not in here and at > oldest.isoformat()}
    return {kind: sorted(here), f"{kind}_gone": kept}


def erased_round(survey_round: SurveyRound) -> dict[str, Any]:
    """The tallies too: a copy from before the counting holds none, and the answers are not to be counted again."""
    stamps = {name: getattr(survey_round, name).isoformat() for name in STAMPS}
    rows = [json.loads(as_text(row)) for row in read(Tally, "default") if row[1] == survey_round.pk]
    return {"id": survey_round.pk, "slug": survey_round.slug, "tallies": rows} | stamps


def masked_text(masking: Masking) -> dict[str, Any]:
    """What the text is now. Of a row that was deleted afterwards, what would stand in its place: a copy may hold it."""
    row, model = masking.row, masking.content_type.model_class()
    at = masking.confirmed_at.isoformat() if masking.confirmed_at else ""
    return {
        "id": masking.pk,
        "at": at,
        "model": model._meta.label_lower if model else "",
        "row": masking.object_id,
        "field": masking.field,
        "text": getattr(row, masking.field) if row else masking.instead(),
    }


# --- erasing again ---


def erase_again(found: Note, taken_at: datetime, until: datetime) -> list[str]:
    """Erase in the restored database what was erased after the copy and before `until`. Returns it in words.

    In the transaction that restores: nobody sees the copy as it was.
    """
    content = found.content

    def is_since(at: str) -> bool:
        return taken_at < datetime.fromisoformat(at) <= until

    followers = _each_gone(content["followers_gone"], is_since)
    staff = _each_gone(content["staff_gone"], is_since)
    ended = _end_subscriptions(followers)
    closed = _close_accounts(staff)
    rounds = [_erase_round(each) for each in content["rounds"] if is_since(each["erased_at"])]
    masked = [_mask(each) for each in content["masked"] if is_since(each["at"])]
    return [
        f"{ended} avslutade prenumerationer borttagna igen",
        f"{closed} avslutade konton stängda igen",
        f"{sum(rounds)} gallrade enkätomgångar gallrade igen",
        f"{sum(masked)} maskade texter maskade igen",
    ]


def _each_gone(gone: dict[str, str], is_since: Callable[[str], bool]) -> set[str]:
    return {each for each, at in gone.items() if is_since(at)}


def _end_subscriptions(gone: set[str]) -> int:
    rows = Subscription.objects.values_list("pk", "address")
    keys = [pk for pk, address in rows if keyed("followers", address) in gone]
    return Subscription.objects.filter(pk__in=keys).erase()


def _close_accounts(gone: set[str]) -> int:
    rows = User.objects.filter(is_active=True).values_list("pk", "username")
    keys = [pk for pk, username in rows if keyed("staff", username) in gone]
    # Past what keeps an organisation from closing its last keeper: whoever took over may not be in the copy.
    return QuerySet(User).filter(pk__in=keys).update(is_active=False)


def _erase_round(told: dict[str, Any]) -> bool:
    """Past the model's verbs: the copy may hold the round as it was long before it could be erased."""
    mine = SurveyRound.objects.filter(pk=told["id"], slug=told["slug"])
    if not mine.exclude(state=SurveyRound.State.ERASED).exists():
        return False
    Response.objects.filter(round=told["id"]).delete()
    FreeText.objects.filter(round=told["id"]).delete()
    for survey_round in mine:
        forget_unconfirmed(survey_round)
    Invitation.objects.filter(batch__round_place__round=told["id"]).delete()
    Tally.objects.filter(round=told["id"]).delete()
    # Numbers of their own: others may have taken theirs in the copy.
    write(Tally, ([None, *row[1:]] for row in told["tallies"]), "default")
    stamps = {name: datetime.fromisoformat(told[name]) for name in STAMPS}
    mine.update(state=SurveyRound.State.ERASED, answers_at_shuffle=0, **stamps)
    return True


def _mask(told: dict[str, Any]) -> bool:
    model: Any = apps.get_model(told["model"])
    rows = model._base_manager.filter(pk=told["row"])
    row = rows.first()
    if row is None or getattr(row, told["field"]) == told["text"]:
        return False
    if isinstance(told["text"], str) and (gone := _masked_words(getattr(row, told["field"]), told["text"])):
        forget_in_the_log(*gone)
    rows.update(**{told["field"]: told["text"]})
    # The proposal holds the words themselves.
    Masking.objects.filter(pk=told["id"]).delete()
    again = Masking(row=row)
    again._renew_digest(row)
    again._forget_in_the_log(row)
    return True


def _masked_words(before: str, after: str) -> tuple[str, str] | None:
    """The words that were taken from a text, and what was put in their place: where the two begin to differ.

    The note of what was erased does not hold the words; the copy does, in the text and in the log of edits.
    """
    begin = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))))
    put_there, bracket, rest = after[begin:].partition("]")
    end = before.find(rest[:20], begin) if rest else len(before)
    # Where somebody has also written in the text since, its words are not to be told apart.
    if not put_there.startswith("[") or not bracket or end <= begin:
        return None
    return before[begin:end], put_there + bracket
