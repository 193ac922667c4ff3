"""Links by mail with which somebody chooses a password: one for who is invited, one for who has forgotten theirs.

A link holds for some days and works once: it is signed together with the account's present password, so choosing a
new one ends it, and so does a newer link to somebody who has none.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac

from promises.models import User
from tranemo_trygghet.staff_login import second_factor

logger = logging.getLogger(__name__)
POSTMAN = "postman"


@dataclass(frozen=True)
class Link:
    name: str
    holds_for: timedelta
    url_name: str

    @property
    def salt(self) -> str:
        return f"tranemo_trygghet.staff_login.links.{self.name}"

    def address(self, user: User) -> str:
        token = signing.dumps({"user": user.pk, "state": state_of(user)}, salt=self.salt)
        return settings.SITE_URL + reverse(self.url_name, args=[token])

    def reader(self, token: str) -> User | None:
        """Whom the link was sent to, if it still holds."""
        try:
            told = signing.loads(token, salt=self.salt, max_age=self.holds_for)
        except signing.BadSignature:
            return None
        user = User.objects.filter(pk=told["user"], is_active=True).first()
        return user if user and told["state"] == state_of(user) else None

    def send(self, user: User) -> bool:
        """Mail the link. False if the mail server did not take it."""
        context = {"user": user, "link": self.address(user), "site_name": settings.SITE_NAME}
        return deliver(f"account/email/{self.name}", user.email, context)

    def send_unseen(self, user: User) -> None:
        """Mail the link beside the answer: else how long that takes would tell who has an account."""
        threading.Thread(target=self.send, args=[user], name=POSTMAN).start()


INVITATION = Link("invitation", timedelta(days=7), "staff_invitation")
FORGOTTEN = Link("forgotten", timedelta(hours=1), "staff_new_password")
KINDS = {each.name: each for each in (INVITATION, FORGOTTEN)}


def state_of(user: User) -> str:
    """What changes when the link is used. Of somebody without a password it changes with every `renew`."""
    return salted_hmac(Link.__qualname__, f"{user.password} {user.email}", algorithm="sha256").hexdigest()[:32]


def renew(user: User) -> bool:
    """End a colleague's login altogether and mail a link to begin anew: a lost telephone, a forgotten password.

    The password goes with the telephone, so that who knows the one and claims to have lost the other gains nothing
    without the colleague's mail as well; and every session ends with it.
    """
    end_login(user)
    return INVITATION.send(user)


@transaction.atomic
def end_login(user: User) -> None:
    second_factor.take_away(user)
    user.set_unusable_password()
    user.save(update_fields=["password"])


def choose(link: Link, token: str, password: str) -> User | None:
    """Give the link's reader the password. None if it was used in the meantime."""
    with transaction.atomic():
        told = link.reader(token)
        user = User.objects.select_for_update().get(pk=told.pk) if told else None
        if user is None or link.reader(token) is None:
            return None
        user.set_password(password)
        user.save(update_fields=["password"])
    return user


def tell_moved(old_email: str, user: User) -> None:
    """Tell the old address that links go to another one from now on: nobody takes over an account unseen."""
    deliver("account/email/moved", old_email, {"user": user, "site_name": settings.SITE_NAME})


def deliver(template: str, email: str, context: dict[str, object]) -> bool:
    subject = render_to_string(f"{template}_subject.txt", context).strip()
    body = render_to_string(f"{template}_message.txt", context).strip()
    try:
        send_mail(subject, body + "\n", None, [email])
    except (SMTPException, OSError):
        logger.exception("The mail server did not take a letter about login.")
        return False
    return True
