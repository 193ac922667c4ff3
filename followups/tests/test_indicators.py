"""Readings from a file: all of it or nothing, and a Swedish sentence for each fault."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from followups.indicator_import import import_readings, text_of
from followups.indicators import year_of
from followups.models import Indicator, Reading
from followups.tests.make import make_indicator
from followups.tests.test_admin_month import logged_in
from promises.models import User
from promises.policy import Role
from promises.tests.make import make_organisation, make_promise, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.usefixtures("clock")]


@pytest.fixture
def indicator() -> Indicator:
    return make_indicator(unit="anmälda stölder")


@pytest.fixture
def user() -> User:
    return make_user(make_organisation())


def values(indicator: Indicator) -> dict[str, int]:
    return {f"{each.first_day:%Y-%m}": each.value for each in indicator.readings.all()}


@pytest.mark.parametrize(
    "text",
    [
        "2026-01;14\n2026-02;1200\n",
        "månad;värde\r\n2026-01;14\r\n\r\n2026-02;1 200\r\n",
        "2026-01\t14\n2026-02\t1200",
        "2026-01-01,14\n2026-02-01,1200",
        '"2026-01";"14"\n"2026-02";"1\u00a0200";;',
        text_of("\ufeffMånad;Antal\n2026-01;14\n2026-02;1200".encode()),
        text_of("Månad;Antal\n2026-01;14\n2026-02;1200".encode("cp1252")),
    ],
)
def test_files_as_people_have_them_are_read(indicator: Indicator, user: User, text: str) -> None:
    assert import_readings(indicator, text, user).added == 2
    assert values(indicator) == {"2026-01": 14, "2026-02": 1200}


@pytest.mark.differs
@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("januari;3", "Rad 2: ”januari” är ingen månad. Skriv år och månad så här: 2026-01."),
        ("2026-13;3", "Rad 2: ”2026-13” är ingen månad."),
        ("2026-01-15;3", "Rad 2: ”2026-01-15” är ingen månad."),
        ("2026-02;tre", "Rad 2: ”tre” är inget antal. Skriv ett heltal med siffror."),
        ("2026-02;-3", "Rad 2: ”-3” är inget antal."),
        ("2026-02;3,5", "Rad 2: ”3,5” är inget antal."),
        ("2026-02;99999999999", "Rad 2: ”99999999999” är inget antal."),
        ("2026-02;٣", "Rad 2: ”٣” är inget antal."),
        ('2026-02;=HYPERLINK("http://x")', "Rad 2: ”=HYPERLINK("),
        ("=1+1;3", "Rad 2: ”=1+1” är ingen månad."),
        ("2026-02", "Rad 2: ska ha två kolumner"),
        ("2026-02;3;4", "Rad 2: ska ha två kolumner"),
        ("2026-04;3", "Rad 2: april 2026 har inte börjat än."),
        ("2026-01;3", "Rad 2: januari 2026 finns redan längre upp i filen."),
    ],
)
def test_a_bad_row_is_told_by_its_number_and_nothing_is_taken(
    indicator: Indicator, user: User, row: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        import_readings(indicator, f"2026-01;14\n{row}\n", user)
    assert [each.startswith(sentence) for each in refused.value.messages] == [True], refused.value.messages
    assert values(indicator) == {}


def test_every_fault_is_told_but_not_a_thousand(indicator: Indicator, user: User) -> None:
    with pytest.raises(ValidationError) as refused:
        import_readings(indicator, "x;y\n" * 30, user)
    assert len(refused.value.messages) == 21
    assert refused.value.messages[-1] == "Och 40 fel till."
    with pytest.raises(ValidationError, match="inga rader"):
        import_readings(indicator, "\n;\n", user)
    with pytest.raises(ValidationError, match="för stor"):
        import_readings(indicator, "2026-01;1\n" * 20_000, user)


@pytest.mark.differs
def test_another_value_for_a_month_is_replaced_only_if_asked_for(indicator: Indicator, user: User) -> None:
    Reading.objects.create(indicator=indicator, first_day=date(2026, 1, 1), value=14)
    import_readings(indicator, "2026-01;14", user)
    with pytest.raises(ValidationError, match=r"har redan värdet 14\. Kryssa i ”Ersätt” om det ska bli 15\."):
        import_readings(indicator, "2026-01;15\n2026-02;9", user)
    assert values(indicator) == {"2026-01": 14}
    done = import_readings(indicator, "2026-01;15\n2026-02;9", user, replace=True)
    assert (done.added, done.replaced) == (1, 1)
    assert values(indicator) == {"2026-01": 15, "2026-02": 9}


def test_a_file_in_the_back_office(indicator: Indicator, user: User) -> None:
    client = logged_in(user)
    address = reverse("admin:followups_indicator_import", args=[indicator.pk])
    change = reverse("admin:followups_indicator_change", args=[indicator.pk])
    assert address in client.get(change).content.decode()
    bad = SimpleUploadedFile("stölder.csv", b"2026-01;14\n<script>;1\n")
    page = client.post(address, {"file": bad}).content.decode()
    assert "Ingenting är inläst." in page
    assert "Rad 2: ”&lt;script&gt;” är ingen månad." in page
    assert values(indicator) == {}
    assert "Välj en fil, eller klistra in raderna." in client.post(address, {}).content.decode()
    good = SimpleUploadedFile("stölder.csv", b"2026-01;14\n2026-02;9\n")
    assert client.post(address, {"file": good}).url == change
    assert client.post(address, {"rows": "2026-02;8", "replace": "on"}).url == change
    assert values(indicator) == {"2026-01": 14, "2026-02": 8}


def test_who_only_reads_imports_nothing(indicator: Indicator) -> None:
    reader = make_user(make_organisation(), Role.READER)
    address = reverse("admin:followups_indicator_import", args=[indicator.pk])
    assert logged_in(reader).post(address, {"rows": "2026-01;14"}).status_code == 403
    with pytest.raises(PermissionDenied):
        import_readings(indicator, "2026-01;14", reader)


def test_only_months_read_in_both_years_are_compared(indicator: Indicator) -> None:
    for day, value in [(date(2025, 1, 1), 5), (date(2025, 5, 1), 50), (date(2026, 1, 1), 4), (date(2026, 2, 1), 9)]:
        Reading.objects.create(indicator=indicator, first_day=day, value=value)
    assert year_of(indicator, 2026).sentence == "4 anmälda stölder i januari 2026. Samma månader 2025: 5."
    assert year_of(indicator, 2025).sentence == "55 anmälda stölder i januari och maj 2025."
    assert year_of(indicator, 2025).rows[0] == ["januari", "5", "–"]


def test_the_promise_shows_the_latest_year_that_was_read_beside_the_year_before(client, clock) -> None:
    promise = make_promise(actions=1, starts_on=date(2025, 1, 1), ends_on=date(2026, 12, 31))
    address = promise.get_absolute_url()
    indicator = make_indicator(name="Anmälda stölder")
    for day, value in ((date(2024, 2, 1), 31), (date(2025, 2, 1), 22)):
        indicator.readings.create(first_day=day, value=value)
    assert "Anmälda stölder" not in client.get(address).content.decode(), "it is a draft"
    indicator.publish()
    page = client.get(address).content.decode()
    assert "Antal anmälda brott är inte antal brott." in page
    assert "22 anmälda stölder i februari 2025. Samma månader 2024: 31." in page
    indicator.readings.create(first_day=date(2026, 2, 1), value=19)
    page = client.get(address).content.decode()
    assert "19 anmälda stölder i februari 2026. Samma månader 2025: 22." in page
    assert page.count("Samma månader") == 2, "in words, and said of the drawing"
    later = make_promise(actions=1, starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))
    assert "Anmälda stölder" not in client.get(later.get_absolute_url()).content.decode()
