"""E-mail addresses, in the one form in which they are stored and compared."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext

LONGEST = 254  # RFC 5321, with its angle brackets taken away
LONGEST_LOCAL_PART = 64
# Plain local parts. Quoted ones may hold spaces and control characters; nobody has such an address.
LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)


# No "localhost", which Django lets through.
is_address = EmailValidator(allowlist=[])


def normalise(text: str) -> str:
    """Small letters, and a domain with å ä ö as mail servers write it. ValidationError, in Swedish, if it is none."""
    text = text.strip()
    if len(text) > LONGEST:
        raise too_long()
    local, _at, domain = text.rpartition("@")
    if not LOCAL_PART.fullmatch(local) or len(local) > LONGEST_LOCAL_PART or domain.startswith("["):
        raise no_address()
    try:
        address = f"{local}@{domain.encode('idna').decode()}".lower()
        is_address(address)
    except (UnicodeError, ValidationError) as fault:
        raise no_address() from fault
    if len(address) > LONGEST:
        raise too_long()
    return address


def no_address() -> ValidationError:
    return ValidationError(gettext("Skriv en e-postadress, till exempel namn@exempel.se."))


def too_long() -> ValidationError:
    return ValidationError(gettext("Adressen är för lång. Den får vara högst %s tecken.") % LONGEST)
