"""A person at the login pages: what they type, and the app in their telephone."""

from __future__ import annotations

import re
import threading
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client

from promises.models import User
from promises.tests.make import make_user
from tranemo_trygghet.staff_login.links import POSTMAN

PASSWORD = "mycket-hemligt-1234"
LOGIN = "/admin/login/"
CODE = "/admin/konto/kod/"
PHONE = "/admin/konto/telefon/"
CHANGE_PHONE = "/admin/konto/byt-telefon/"


def make_staff(organisation: Any, *roles: str, **fields: Any) -> User:
    """Somebody with a password and an address."""
    user = make_user(organisation, *roles, **fields)
    user.set_password(PASSWORD)
    user.email = user.email or f"{user.username}@tranemo.example"
    user.save()
    return user


class Person:
    """A browser of its own, at an address of its own."""

    def __init__(self, address: str = "192.0.2.1") -> None:
        self.client = Client(HTTP_ORIGIN="http://testserver", REMOTE_ADDR=address)

    def get(self, url: str, **query: Any) -> Any:
        return self.client.get(url, query)

    def post(self, url: str, **data: Any) -> Any:
        answer = self.client.post(url, data)
        wait_for_the_postman()
        return answer

    def give_password(self, user: User | str, password: str = PASSWORD, **data: Any) -> Any:
        name = user if isinstance(user, str) else user.username
        return self.post(LOGIN, login=name, password=password, **data)

    def give_code(self, code: str) -> Any:
        return self.post(CODE, code=code)

    def add_phone(self, page: str = PHONE) -> str:
        """Does as the page says: reads the key, types the code that it gives. Returns the key."""
        key = re.sub(r"\s", "", re.search(r'class="secret">([^<]+)<', self.get(page).content.decode())[1])
        response = self.post(page, code=code_of(key))
        assert response.status_code == 302, response.content.decode()
        return key

    def is_in(self) -> bool:
        return self.get("/admin/").status_code == 200


def wait_for_the_postman() -> None:
    for each in threading.enumerate():
        if each.name == POSTMAN:
            each.join()


def code_of(key: str, steps: int = 0) -> str:
    """What the app shows; `steps` half minutes from now."""
    return format_hotp_value(hotp_value(key, int(time.time()) // 30 + steps))


def enrolled(user: User, address: str = "192.0.2.1") -> tuple[Person, str]:
    """Somebody who has logged in for the first time and added a telephone, and the key in it."""
    person = Person(address)
    person.give_password(user)
    return person, person.add_phone()


def recovery_codes(user: User) -> list[str]:
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


def link_in_mail(number: int = -1) -> str:
    """The path of the only link in a letter."""
    links = re.findall(r"http://testserver(\S+)", mail.outbox[number].body)
    assert len(links) == 1
    return links[0]


def wrong_password(user: User | str, address: str, times: int = 1) -> Any:
    """The last answer to a stranger who guesses."""
    stranger = Person(address)
    return [stranger.give_password(user, f"fel-{number}") for number in range(times)][-1]
