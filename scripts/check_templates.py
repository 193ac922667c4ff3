"""Compiles every template, so that a misspelt tag is found here and not by a resident; run by `make lint`."""

import os
import sys
from pathlib import Path

import django
from django.template import TemplateSyntaxError
from django.template.loader import get_template

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tranemo_trygghet.settings")
    django.setup()
    names = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*"))
    faults = [fault for name in names if (fault := fault_in(name))]
    print(f"{len(names)} templates compiled, {len(faults)} faulty")
    sys.exit("\n".join(faults) or 0)


def fault_in(name: str) -> str | None:
    try:
        get_template(name)
    except TemplateSyntaxError as error:
        return f"{name}: {error}"
    return None


if __name__ == "__main__":
    main()
