"""Guessing is slowed down, and only for who guesses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connection

from promises.tests.make import make_organisation
from tranemo_trygghet.staff_login.guessing import WAIT_AN_HOUR, WAIT_MINUTES
from tranemo_trygghet.staff_login.models import Attempt
from tranemo_trygghet.tests.login import CODE, Person, code_of, enrolled, make_staff, wrong_password

pytestmark = [pytest.mark.django_db, pytest.mark.alike, pytest.mark.real_login]


@pytest.fixture
def officer():
    return make_staff(make_organisation("Polisen"))


def says(response, sentence) -> bool:
    return response.status_code == 200 and str(sentence) in response.content.decode()


@pytest.mark.differs
def test_an_address_has_ten_tries_whichever_accounts_it_tries(officer, clock) -> None:
    for number in range(10):
        assert not says(wrong_password(f"namn-{number}", "192.0.2.66"), WAIT_MINUTES)
    assert says(wrong_password(officer, "192.0.2.66"), WAIT_MINUTES)
    assert says(Person("192.0.2.66").give_password(officer), WAIT_MINUTES)
    clock.shift(10 * 60 + 1)
    assert Person("192.0.2.66").give_password(officer).status_code == 302


def test_an_attacker_cannot_lock_an_officer_out_from_elsewhere(officer) -> None:
    for last in range(60):
        wrong_password(officer, f"198.51.100.{last}", times=4)
    assert Person("192.0.2.1").give_password(officer).status_code == 302


def test_an_attacker_at_the_same_address_cannot_lock_an_officer_out_of_their_own_browser(officer, clock) -> None:
    """Everybody in the town hall has one address."""
    person, key = enrolled(officer, "192.0.2.1")
    person.post("/admin/logout/")
    wrong_password(officer, "192.0.2.1", times=30)
    assert says(Person("192.0.2.1").give_password(officer), WAIT_MINUTES)
    clock.shift(60)
    assert person.give_password(officer).url == CODE
    assert person.give_code(code_of(key)).status_code == 302
    assert person.is_in()


def test_an_account_that_many_addresses_guess_at_slows_each_of_them_down(officer, clock) -> None:
    for last in range(20):
        assert not says(wrong_password(officer, f"198.51.100.{last}"), WAIT_AN_HOUR)
    assert not says(wrong_password(officer, "203.0.113.1", times=3), WAIT_AN_HOUR)
    assert says(wrong_password(officer, "203.0.113.1", times=4), WAIT_AN_HOUR)
    assert Attempt.objects.count() == 23
    clock.shift(3601)
    assert not says(wrong_password(officer, "203.0.113.1"), WAIT_AN_HOUR)


def test_an_unknown_name_is_treated_as_a_known_one() -> None:
    for last in range(20):
        wrong_password("finns-inte", f"198.51.100.{last}")
    assert says(wrong_password("finns-inte", "203.0.113.1", times=4), WAIT_AN_HOUR)


def test_fifty_wrong_codes_a_day_are_enough_from_all_addresses_but_not_for_the_own_browser(officer, clock) -> None:
    person, key = enrolled(officer)
    person.post("/admin/logout/")
    for number in range(50):
        clock.shift(1000)
        thief = Person(f"198.51.100.{number}")
        thief.give_password(officer)
        assert not says(thief.give_code("000000"), WAIT_AN_HOUR)
    thief = Person("203.0.113.1")
    thief.give_password(officer)
    assert says(thief.give_code(code_of(key)), WAIT_AN_HOUR)
    assert person.give_password(officer).url == CODE
    assert person.give_code(code_of(key)).status_code == 302


def test_the_third_wrong_code_after_the_right_password_is_told_to_its_owner_once(officer) -> None:
    enrolled(officer)
    mail.outbox.clear()
    thief = Person("198.51.100.1")
    thief.give_password(officer)
    for number in range(5):
        thief.give_code(f"00000{number}")
    assert [(letter.to, "Fel kod" in letter.subject) for letter in mail.outbox] == [([officer.email], True)]


def test_what_succeeds_is_not_counted(officer, clock) -> None:
    person, key = enrolled(officer)
    for _each in range(15):
        clock.shift(30)
        person.post("/admin/logout/")
        person.give_password(officer)
        assert person.give_code(code_of(key)).status_code == 302
    assert not Attempt.objects.exists()


def test_one_subscribers_ipv6_network_is_one_address(officer) -> None:
    for number in range(10):
        wrong_password("någon", f"2001:db8:1:2::{number:x}")
    assert says(wrong_password("någon", "2001:db8:1:2:ffff::1"), WAIT_MINUTES)
    assert not says(wrong_password("någon annan", "2001:db8:1:3::1"), WAIT_MINUTES)


def test_behind_a_proxy_the_client_is_counted_and_not_what_it_says_of_itself(officer, settings) -> None:
    settings.TRUSTED_PROXIES = 1

    def guess(client: str, said: str):
        person = Person("10.0.0.1")
        person.client.defaults["HTTP_X_FORWARDED_FOR"] = f"{said}, {client}"
        return person.give_password(officer, "fel")

    for number in range(10):
        guess("198.51.100.1", f"203.0.113.{number}")
    assert says(guess("198.51.100.1", "203.0.113.99"), WAIT_MINUTES)
    assert not says(guess("198.51.100.2", "203.0.113.99"), WAIT_MINUTES)


def test_a_forged_cookie_makes_no_browser_known(officer) -> None:
    for number in range(10):
        wrong_password(officer, "198.51.100.1")
        assert number is not None
    forger = Person("198.51.100.1")
    forger.client.cookies["known_browser"] = "eyJhIjoiYiJ9:1abc:forged"
    assert says(forger.give_password(officer), WAIT_MINUTES)


def test_a_browser_known_to_one_account_is_a_stranger_to_another(officer) -> None:
    colleague = make_staff(officer.organisation)
    person, _key = enrolled(officer)
    person.post("/admin/logout/")
    for number in range(10):
        person.give_password(colleague, f"fel-{number}")
    assert says(person.give_password(colleague), WAIT_MINUTES)
    assert person.give_password(officer).status_code == 302


@pytest.mark.differs
def test_what_is_remembered_names_nobody_and_is_forgotten_after_a_day(officer, clock) -> None:
    wrong_password(officer, "198.51.100.1")
    row = str(list(Attempt.objects.values()))
    assert officer.username not in row
    assert "198.51" not in row
    clock.shift(24 * 3600 + 1)
    wrong_password("någon", "192.0.2.9")
    assert Attempt.objects.count() == 1


@pytest.mark.differs
@pytest.mark.django_db(transaction=True)
def test_thirty_guesses_at_once_are_counted_as_thirty(officer) -> None:
    def guess(number: int) -> int:
        try:
            return says(wrong_password(officer, "198.51.100.1"), WAIT_MINUTES)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        refused = sum(pool.map(guess, range(30)))
    assert refused >= 20
    assert Attempt.objects.count() <= 10
