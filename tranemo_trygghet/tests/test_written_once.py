"""Written once, everywhere the same: one number, one sentence and one text, read where each channel tells it."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from html import unescape
from typing import Any

import feedparser
import pytest
from django.test import Client
from icalendar import Calendar

from followups.tests.make import make_deed, make_report
from tranemo_trygghet import picture
from tranemo_trygghet.pages import pictures
from tranemo_trygghet.tests.make import TENTH_OF_MAY, make_portal

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


def text_of(html: str) -> str:
    words = re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.DOTALL))
    return " ".join(unescape(words).split())


def test_page_frame_file_feed_calendar_text_and_picture_say_the_same(client: Client, clock, monkeypatch) -> None:
    clock.move_to(TENTH_OF_MAY)
    portal = make_portal()
    action = portal.promise.actions.get(number=2)
    for day in (3, 17):
        make_deed(action, what="Skolträff", done_on=date(2026, 3, day))
    make_report(portal.promise, "2026-03", summary="Skolorna är med.", text="Två träffar är gjorda.")
    drawn: list[Any] = []
    monkeypatch.setattr(pictures, "picture", lambda *said: drawn.append(said) or picture.picture(*said))

    def get(address: str) -> str:
        return client.get(address).content.decode("utf-8-sig")

    def rows(name: str) -> list[dict[str, Any]]:
        data = json.loads(get(f"/oppna-data/{name}.json"))["rader"]
        table = list(csv.DictReader(io.StringIO(get(f"/oppna-data/{name}.csv"), newline=""), delimiter=";"))
        assert [row["lage"] for row in table] == [row["lage"] for row in data]
        return [row for row in data if row["lofte"] == "2026"]

    # How many months are told: the sentence under the ribbon, and what anybody counts in the file.
    sentence = "2 av 2 månader redovisade. I februari hölls inget möte."
    months = rows("manader")
    told = [row["manad"] for row in months if row["lage"] == "reported"]
    due = [row for row in months if row["lage"] in ("reported", "missing")]
    assert f"{len(told)} av {len(due)} månader" in sentence
    for address in ("/", "/loften/2026/", "/uppfoljningar/", "/inbaddning/2026/", "/inbaddning/aktuellt/"):
        assert sentence in text_of(get(address)), address
    client.get("/bild.png")
    assert drawn[0][2] == sentence
    assert [status.status for status in drawn[0][1]] == [row["lage"] for row in months]

    # How far an action has come: as it stands today, and as it stood when the month was over.
    (today,) = (row for row in rows("atgarder") if row["nummer"] == 2)
    assert (today["antal"], today["malets_antal"]) == (2, 3)
    count = "2 av 3 skolträffar"
    assert today["i_ord"].startswith(count)
    for address in ("/", "/loften/2026/", "/uppfoljningar/2026-03/", "/uppfoljningar/2026-03/text/"):
        assert count in text_of(get(address)), address
    assert count in get("/uppfoljningar/2026-03/rapport.txt")
    (then,) = (row for row in rows("lagen") if (row["manad"], row["nummer"]) == ("2026-03", 2))
    assert (then["antal"], then["malets_antal"], then["lage"]) == (2, 3, today["lage"])

    # What was written.
    (march,) = (row for row in months if row["manad"] == "2026-03")
    assert march["rapport"] == "Skolorna är med."
    for address in ("/", "/inbaddning/2026/", "/uppfoljningar/2026-03/", "/uppfoljningar/2026-03/rapport.txt"):
        assert "Skolorna är med." in text_of(get(address)), address
    for address in ("/flode.atom", "/uppfoljningar/flode.atom", "/loften/2026/flode.atom"):
        entry = next(each for each in feedparser.parse(get(address)).entries if each.title.startswith("Mars 2026"))
        assert "Skolorna är med." in entry.summary, address

    # When we meet.
    (meeting,) = (row for row in json.loads(get("/oppna-data/moten.json"))["rader"] if row["lage"] == "planned")
    events = Calendar.from_ical(get("/moten.ics")).walk("VEVENT")
    moments = {event.start.astimezone(TENTH_OF_MAY.tzinfo).isoformat() for event in events if "STATUS" in event}
    assert meeting["borjar"] in moments
    assert meeting["borjar"] in get("/moten/")

    # What residents said.
    told_round = portal.promise.rounds.exclude(pk=portal.survey_round.pk).get()
    shares = json.loads(get("/oppna-data/enkatresultat.json"))["rader"]
    (share,) = (row for row in shares if row["svar_nyckel"] == "positive" and not row["grupp"])
    result = text_of(get(f"{told_round.get_absolute_url()}resultat/"))
    assert share["andel"].replace("\xa0", " ") in result
    assert f"{share['antal_svar']} " in result
    assert share["andel"].replace("\xa0", " ") in text_of(get("/"))
