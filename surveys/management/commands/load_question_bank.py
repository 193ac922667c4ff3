"""Loads the question bank and the surveys from before the portal. Running it twice changes nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from promises.models import Translation
from surveys.models import AnswerOption, EarlierShare, EarlierSurvey, Question, Scale


class Command(BaseCommand):
    help = "Läser in frågebanken. Frågor som redan finns lämnas orörda."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        bank = tomllib.loads(files("surveys.content").joinpath("question_bank.toml").read_text(encoding="utf-8"))
        for scale in bank["scales"]:
            load_scale(scale)
        load_translations(bank)
        new = sum(load_question(question) for question in bank["questions"])
        for survey in bank["earlier"]:
            load_earlier_survey(survey)
        if options["verbosity"]:
            self.stdout.write(f"Läste in {new} nya frågor. Frågebanken har {Question.objects.count()}.")


def load_translations(bank: dict[str, Any]) -> None:
    """What a machine has made of the bank, for staff to review. Easy Swedish asks in the same words as Swedish."""
    swedish = {each["key"]: each["text"] for each in bank["questions"]}
    for path in files("surveys.content").joinpath("translations").iterdir():
        translated = tomllib.loads(path.read_text(encoding="utf-8"))
        Translation.objects.keep(path.name.removesuffix(".toml"), pairs_of(swedish, translated))


def pairs_of(swedish: dict[str, str], translated: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Also with the word for the place filled in, as results have it."""
    for key, text in translated["questions"].items():
        yield swedish[key], text
        yield swedish[key].replace("{plats}", "platsen"), text.replace("{plats}", translated["place"])
    yield from translated["options"].items()
    yield from translated["labels"].items()


def load_scale(content: dict[str, Any]) -> None:
    scale, made = Scale.objects.get_or_create(key=content["key"], defaults={"name": content["name"]})
    if not made:
        return
    for order, (key, text, counts_as, *together) in enumerate(content["options"], start=1):
        AnswerOption.objects.create(
            scale=scale, key=key, text=text, counts_as=counts_as, order=order, reported_with="".join(together)
        )


def load_question(content: dict[str, Any]) -> bool:
    """Whether the question is new."""
    fields = {name: value for name, value in content.items() if name not in ("number", "key", "scale")}
    if "scale" in content:
        fields["scale"] = Scale.objects.get(key=content["scale"])
    _question, made = Question.objects.get_or_create(key=content["key"], version=1, defaults=fields)
    return made


def load_earlier_survey(content: dict[str, Any]) -> None:
    shares = content.pop("shares")
    survey, made = EarlierSurvey.objects.get_or_create(year=content["year"], title=content["title"], defaults=content)
    if not made:
        return
    for order, share in enumerate(shares, start=1):
        percent = Decimal(share["percent"]) if "percent" in share else None
        EarlierShare.objects.create(
            survey=survey, label=share["label"], percent=percent, in_words=share.get("in_words", ""), order=order
        )
    survey.publish()
