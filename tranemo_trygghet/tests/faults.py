"""The portal with a fault where a test wants it: `portal()` is what gunicorn runs, the header X-Fault says where.

Each says in its own words all that it was given: the worst that a library could do.
"""

from __future__ import annotations

import pkgutil
import threading
from collections.abc import Callable, Iterable
from typing import Any
from unittest.mock import patch

FAULTS = {
    "before the form is made": "surveys.views._place_of_the_link",
    "when it is checked": "surveys.forms.ResponseForm._visible_answers",
    "when the address is looked up": "surveys.codes.may_try",
    "when the choices become a row": "surveys.codebook.Codebook.encode",
    "when the round is looked at": "surveys.ballot_box._require_open",
    "when the code has been used up": "surveys.ballot_box._use_up",
    "when the answer has been stored": "surveys.ballot_box._rows_of_text",
    "when a wrong code is counted": "surveys.codes.note_wrong_code",
    "when the page is made": "surveys.views.render",
}
request = threading.local()


def with_fault(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
    def works_and_fails(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        if request.fault == name:
            raise RuntimeError(f"{request.told} {args!r} {kwargs!r}") from KeyError(request.told)
        return result

    return works_and_fails


def portal() -> Callable[..., Iterable[bytes]]:
    from tranemo_trygghet.wsgi import application

    for name, target in FAULTS.items():
        patch(target, with_fault(name, pkgutil.resolve_name(target))).start()

    def faulty(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request.fault, request.told = environ.get("HTTP_X_FAULT", ""), environ.get("HTTP_X_TOLD", "")
        return application(environ, start_response)

    return faulty
