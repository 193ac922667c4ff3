"""Codes are easy to type, hard to guess, and known to the portal only as hashes."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from promises.clients import client_address, client_network
from surveys import codes
from surveys.models import Invitation, InvitationBatch, WrongCodes
from surveys.tests.make import answer, make_codes, make_coordinator, make_round

pytestmark = pytest.mark.django_db


def test_a_code_has_ten_characters_of_which_none_looks_like_another():
    assert codes.LENGTH >= 10
    assert all(len(set(alike) & set(codes.ALPHABET)) < 2 for alike in ["0OQ", "1IL", "2Z", "5S", "6G", "8B", "UV"])
    code = make_codes(make_round(), 1)[0]
    assert len(code) == codes.LENGTH + 1
    assert code[codes.GROUP] == "-"


def test_spaces_hyphens_and_small_letters_do_not_matter_when_a_code_is_typed():
    survey_round = make_round()
    assert codes.code_hash(survey_round, " acdef ghjkm") == codes.code_hash(survey_round, "ACDEF-GHJKM")


def test_a_code_is_stored_as_a_hash_whose_key_is_not_in_the_database(settings):
    survey_round = make_round()
    code = make_codes(survey_round, 1)[0]
    stored = Invitation.objects.get().code_hash
    assert stored == codes.code_hash(survey_round, code)
    settings.CODE_PEPPER = "en annan hemlighet"
    assert stored != codes.code_hash(survey_round, code)


def test_a_code_is_good_in_one_round_only():
    first, second = make_round(), make_round()
    assert codes.code_hash(first, "ACDEF-GHJKM") != codes.code_hash(second, "ACDEF-GHJKM")


def test_a_batch_can_be_replaced_while_none_of_it_is_used():
    survey_round = make_round()
    old = make_codes(survey_round, 3)
    new = codes.replace_batch(InvitationBatch.objects.get(), make_coordinator())
    assert len(new) == 3
    assert not set(old) & set(new)
    assert set(Invitation.objects.values_list("pk", flat=True)) == {codes.code_hash(survey_round, each) for each in new}
    assert InvitationBatch.objects.get().size == 3, "the letters that went wrong are not counted among those sent"


def test_a_batch_of_which_a_code_is_used_is_not_replaced():
    survey_round = make_round()
    old = make_codes(survey_round, 3)
    answer(survey_round, channel="c", code=old[0], safety="unsafe")
    with pytest.raises(ValidationError, match="En kod i bunten är använd"):
        codes.replace_batch(InvitationBatch.objects.get(), make_coordinator())
    assert Invitation.objects.count() == 2


@pytest.mark.parametrize("fields", [{"locked": False}, {"takes_codes": False}])
def test_codes_are_issued_only_for_a_locked_round_that_takes_them(fields):
    with pytest.raises(ValidationError):
        make_codes(make_round(**fields), 3)


# --- guessing ---


def test_only_the_address_that_guesses_is_slowed_down(clock):
    for _ in range(codes.WRONG_CODES_AN_HOUR):
        assert codes.may_try("192.0.2.1")
        codes.note_wrong_code("192.0.2.1")
    assert not codes.may_try("192.0.2.1")
    assert codes.may_try("192.0.2.2")


def test_the_next_hour_begins_anew_and_forgets_the_last(clock):
    for _ in range(codes.WRONG_CODES_AN_HOUR):
        codes.note_wrong_code("192.0.2.1")
    clock.shift(timedelta(hours=1))
    assert codes.may_try("192.0.2.1")
    codes.note_wrong_code("192.0.2.9")
    assert WrongCodes.objects.count() == 1


def test_the_address_itself_is_not_stored(clock):
    codes.note_wrong_code("192.0.2.1")
    assert "192.0.2.1" not in str(WrongCodes.objects.values_list())


def test_many_wrong_codes_from_everywhere_alarm_staff_and_shut_nobody_out(clock):
    for number in range(codes.ALARMING_WRONG_CODES_AN_HOUR):
        codes.note_wrong_code(f"192.0.2.{number}")
    assert codes.is_somebody_guessing()
    assert codes.may_try("198.51.100.7")


# --- the address ---


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "made up, 203.0.113.9", "203.0.113.9"),
        (2, "made up, 203.0.113.9, 198.51.100.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_the_address_is_what_our_own_proxies_say(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        # As a server that listens for both kinds writes the old kind: not one network of everybody.
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_an_ipv6_subscriber_is_counted_as_one_whatever_address_they_take(address, network):
    assert client_network(RequestFactory().get("/", REMOTE_ADDR=address)) == network
