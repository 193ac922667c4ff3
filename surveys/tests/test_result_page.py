"""The published result as page, chart, table and files: the same cell says the same everywhere."""

import csv
import io
import json
import re
import zipfile
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection, transaction

from promises.tests.make import make_place
from surveys import result_files, results
from surveys.models import EarlierShare, EarlierSurvey
from surveys.result_page import result_page
from surveys.tests.make import OPENS, answer, close_and_count, make_coordinator, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


def publish(*, places=2, by=make_coordinator, channel="c", **fields):
    """A result with two places, two genders, one question of each kind; 40 answers a place."""
    survey_round = make_round(places=places, **fields)
    for place in survey_round.round_places.all():
        for number in range(40):
            answer(
                survey_round,
                place=place.number,
                channel=channel,
                safety=("very_safe", "safe", "unsafe", "very_unsafe")[number % 4 if place.number == 1 else number % 3],
                gender="woman" if number % 2 else "man",
                wishes=["light", "police"] if number % 3 else ["adults"],
                grade=str(number % 10 + 1),
            )
    close_and_count(survey_round)
    return results.publish_release(survey_round, by())


@pytest.fixture(scope="module")
def _published(django_db_setup, django_db_blocker):
    """Making forty answers a place takes seconds: one content for every test that only reads it."""
    with django_db_blocker.unblock(), transaction.atomic():
        release = publish()
        transaction.set_rollback(True)
        return release


@pytest.fixture
def release(_published):
    return _published


def page_of(client, release):
    response = client.get(release.round.result_url)
    assert response.status_code == 200
    return response.content.decode()


def words_in(html):
    text = re.sub(r"<[^>]+>", " ", html).replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+([.,)])", r"\1", re.sub(r"\s+", " ", text))


def of_everybody(release):
    """Question and answer → the text of its share, from the file's rows."""
    return {(row.fraga, row.svar): row.andel for row in result_files.rows(release) if row.svar and not row.uppdelning}


# --- the same everywhere ---


def test_page_chart_table_and_every_file_say_the_same_of_the_same_cell(release):
    in_file = of_everybody(release)
    csv_rows = read_csv(release)
    json_rows = json.loads(result_files.as_json(release))["rader"]
    xlsx_rows = read_xlsx(release)
    assert (
        [row["andel"] for row in csv_rows] == [row["andel"] for row in json_rows] == [row["andel"] for row in xlsx_rows]
    )
    page = result_page(release)["first"]
    seen = 0
    for question in [page.main, *page.questions]:
        table = {row[0]: row[1] for row in question.table.rows}
        assert table == {answer: text for (asked, answer), text in in_file.items() if asked == question.text}
        for share in question.chart:
            assert table[share.label] == share.text
            seen += 1
    assert seen >= 10


def test_groups_say_the_same_in_table_and_file(release):
    in_file = {
        (row.fraga, row.uppdelning, row.grupp, row.svar): row.andel for row in result_files.rows(release) if row.svar
    }
    page = result_page(release)["first"]
    compared = 0
    for question in [page.main, *page.questions]:
        for table in question.breakdowns:
            for group, _size, *shares in table.rows:
                for answered, text in zip(table.headers[2:], shares, strict=True):
                    assert text == in_file.get((question.text, table.caption, group, answered), "–")
                    compared += 1
    assert compared > 20


def test_a_file_is_the_same_bytes_each_time(release):
    for make in (result_files.as_csv, result_files.as_xlsx, result_files.as_json):
        assert make(release) == make(release)


# --- the files ---


def read_csv(release):
    data = result_files.as_csv(release)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def read_xlsx(release):
    """Sheet one, read by hand: the format is a zip of XML."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(result_files.as_xlsx(release))) as book:
        texts = [
            "".join(each.itertext())
            for each in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314
        ]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314
    assert not list(sheet.iter(f"{space}f")), "no cell is a formula"
    lines = []
    for line in sheet.iter(f"{space}row"):
        cells = {}
        for cell in line:
            value = cell.findtext(f"{space}v")
            column = re.match("[A-Z]+", cell.get("r")).group()
            cells[column] = texts[int(value)] if cell.get("t") == "s" else value
        lines.append(cells)
    head, *rest = lines
    return [{name: line.get(column, "") for column, name in head.items()} for line in rest]


def test_words_that_look_like_a_formula_are_words_in_every_file(release):
    release.content["questions"][0]["text"] = '=HYPERLINK("http://evil.example")'
    try:
        assert read_csv(release)[-1]["fraga"] != ""
        csv_texts = {row["fraga"] for row in read_csv(release)}
        assert '\'=HYPERLINK("http://evil.example")' in csv_texts
        assert not any(text.startswith("=") for text in csv_texts)
        assert '=HYPERLINK("http://evil.example")' in {row["fraga"] for row in read_xlsx(release)}
    finally:
        release.content["questions"][0]["text"] = "Hur trygg känner du dig på platsen när det är mörkt?"


def test_every_column_is_described(release):
    assert list(result_files.columns()) == result_files.NAMES
    assert json.loads(result_files.as_json(release))["kolumner"].keys() == set(result_files.NAMES)


def test_the_files_lie_under_the_result_and_hold_nothing_before_it_is_published(client, clock):
    survey_round = make_round()
    answer(survey_round, times=12, channel="c", safety="safe")
    close_and_count(survey_round)
    addresses = [f"/enkater/{survey_round.slug}/resultat/data.{ending}" for ending in ("csv", "xlsx", "json")]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    results.publish_release(survey_round, make_coordinator())
    responses = [client.get(address) for address in addresses]
    assert [response.status_code for response in responses] == [200, 200, 200]
    assert all("attachment" in response["Content-Disposition"] for response in responses)
    assert all(response["Cache-Control"].startswith("public, max-age=1,") for response in responses)


def test_numbers_of_the_open_link_and_of_the_codes_are_never_in_the_same_row(release):
    assert {row.svarsvag for row in result_files.rows(release)} == {"Svar med kod"}


# --- the page ---


def test_each_question_is_shown_once_to_those_who_look(client, clock):
    release = publish(places=1)
    html = page_of(client, release)
    for question in release.content["questions"]:
        if question["kind"] == "text" or question["is_background"]:
            continue
        seen = re.sub(r'<(\w+) class="[^"]*visually-hidden[^"]*">.*?</\1>', "", html, flags=re.DOTALL)
        seen = re.sub(r"<svg.*?</svg>", "", seen, flags=re.DOTALL)
        assert words_in(seen).count(question["text"]) == 1, question["text"]


def test_the_answer_is_said_in_the_options_own_words_with_its_doubt(client, clock):
    words = words_in(page_of(client, publish(places=1)))
    assert "50 % svarade ”Mycket trygg” eller ”Ganska trygg”." in words
    assert "troligen mellan 35 och 65 %" in words
    assert "positiva" not in words.replace("de positiva svaren tillsammans", "")


def test_only_answers_outside_a_scale_are_said_to_be_counted_in_no_share(client, clock):
    release = publish()
    page = client.get(f"{release.round.get_absolute_url()}resultat/").content.decode()
    assert "Den som svarade ”Brukar inte vara där”, eller hoppade över frågan, räknas inte in i andelarna." in page


def test_what_is_left_out_is_said_with_its_reason(client, clock):
    words = words_in(page_of(client, publish(places=1)))
    assert "”Brukar inte vara där”" in words
    assert "Svar i egna ord visas aldrig som de skrevs." in words


def test_a_self_selected_result_says_so_beside_the_answer_and_has_no_response_rate(client, clock):
    words = words_in(page_of(client, publish(places=1, channel="o")))
    assert "Självvalda svar" in words
    assert "kan vara räknad två gånger" in words
    assert "inbjudna" not in words.split("Räkna själv")[0]


def test_earlier_versions_are_listed_with_their_reasons(client, clock):
    release = publish(places=1)
    for reason in ("Sammanfattningen var fel.", "Sammanfattningen var fortfarande fel."):
        results.publish_release(release.round, make_coordinator(), reason=reason)
    words = words_in(page_of(client, release))
    assert "Skäl till den här versionen: Sammanfattningen var fortfarande fel." in words
    assert "Version 2" in words
    assert "Version 1" in words
    assert "Sammanfattningen var fel." in words


def test_what_is_said_of_a_result_is_read_as_markdown_on_its_page_as_in_mail_and_feeds(client, clock):
    release = publish(places=1)
    results.publish_release(release.round, make_coordinator(), "Det är **ljusare** <b>nu</b>.", reason="Ord.")
    assert "<p>Det är <strong>ljusare</strong> &lt;b&gt;nu&lt;/b&gt;.</p>" in page_of(client, release)


def test_surveys_from_before_the_portal_are_shown_as_history_and_never_compared(client, clock):
    survey = EarlierSurvey.objects.create(
        year=2022, title="Trygghetsundersökning", answers=223, source="Kommunen", published_at=OPENS
    )
    EarlierShare.objects.create(survey=survey, label="Mycket trygg", percent="23.3")
    release = publish(places=1)
    words = words_in(page_of(client, release))
    assert "Annan fråga, annat urval" in words
    assert "23,3 %" in words
    assert "23.3" not in json.dumps(release.content)


# --- the same question before ---


def rounds_of_the_same_question(*, later_places=None):
    places = [make_place()]
    for weeks in (60, 30):
        publish(places=places, opens_at=OPENS - timedelta(weeks=weeks))
    return publish(places=later_places or places)


def test_all_earlier_rounds_of_the_same_question_stand_in_the_trend_with_their_intervals(client, clock):
    release = rounds_of_the_same_question()
    assert len(release.content["earlier_rounds"]) == 2
    trend = result_page(release)["first"].main.trend
    assert [each.text.replace("\N{NO-BREAK SPACE}", " ") for each in trend] == ["50 %"] * 3
    assert all(each.low < each.value < each.high for each in trend)
    assert "Siffrorna omgång för omgång" in page_of(client, release)


def test_rounds_at_other_places_are_in_no_trend(clock):
    release = rounds_of_the_same_question(later_places=[make_place()])
    assert release.content["earlier_rounds"] == []
    assert result_page(release)["first"].main.trend == []


def test_a_round_that_counts_an_answer_otherwise_did_not_ask_the_same(clock):
    place = [make_place()]
    first = publish(places=place, opens_at=OPENS - timedelta(weeks=30))
    questions = first.content["questions"]
    questions[0]["definition"] = "another way of counting"
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE surveys_resultrelease SET content = %s WHERE id = %s", [json.dumps(first.content), first.pk]
        )
    second = publish(places=place)
    assert second.content["earlier_rounds"] == []
