"""The page on which staff read what residents wrote, in a real browser: usable by everybody, with and without hints."""

import pytest

from promises.tests.backoffice import logged_in
from surveys.tests.backoffice import address
from surveys.tests.make import answer, close_and_count, make_coordinator, make_round
from surveys.themes import propose_quote, write_themes


@pytest.fixture
def survey_round(transactional_db):
    """Twelve texts, one of which tells of somebody, with themes and a quote that waits for its second yes."""
    survey_round = make_round(places=1)
    for number in range(11):
        answer(survey_round, safety="safe", texts={"words": f"Det är mörkt vid bron, tycker vi på {number}:an."})
    answer(survey_round, safety="safe", texts={"words": "Ring Anna på 070-123 45 67 eller anna@exempel.se."})
    close_and_count(survey_round)
    write_themes(survey_round, "words", {"Belysning": 11})
    theme = survey_round.text_readings.get().themes.get()
    propose_quote(theme, "Det är mörkt vid bron", make_coordinator())
    return survey_round


@pytest.mark.parametrize("width", [390])
def test_the_page_for_reading_what_was_written_is_accessible(page, live_server, survey_round, assert_accessible):
    session = logged_in(make_coordinator()).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(address(survey_round, "free_text"))
    assert page.get_by_role("button", name="Säg ja till citatet").is_visible()
    assert page.locator("mark").count() >= 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert_accessible(page)
