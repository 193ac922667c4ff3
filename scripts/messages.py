"""Gathers the texts of the public pages into locale/, and compiles what is translated: `make messages`.

Swedish is written in code and templates. What only staff see is left out: the lists below say what.
Written with Babel, so that neither this nor the portal needs GNU gettext; the compiled files are committed.
"""

from __future__ import annotations

import ast
import io
import os
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
# Django's names of the folders, and Babel's of the languages.
LANGUAGES = {"en": "en", "uk": "uk", "ar": "ar", "sv_X-lattlast": "sv"}
# Where easy Swedish has no text of its own the Swedish stands. So long a sentence must have one.
EASY, LONG = "sv_X-lattlast", 14  # words

ROOMS = ("promises", "surveys", "followups", "subscriptions", "tranemo_trygghet")
# Whoever reads the open data reads its columns, and those are Swedish words. The code to paste, the frame and the text
# of a report are for the authorities' own sites.
IN_SWEDISH_ALONE = (
    *("site/open_data.html", "site/_table.html", "components/copy_box.html", "followups/month_to_copy.html"),
    *("site/embedding.html", "site/embed.html", "site/_embedded_promise.html"),
)
STAFF_TEMPLATES = (
    "admin/",
    "account/",
    "mfa/",
    "followups/mail/",
    "subscriptions/mail/",
    "style_guide.html",
    *IN_SWEDISH_ALONE,
)
# Folders and modules whose words reach the back office, the console or the mail alone.
STAFF_FOLDERS = {
    "admin",
    "management",
    "migrations",
    "staff_login",
    "backup",
    "example",
    "tests",
    "page_store",
    "open_data",
}
STAFF_MODULES = {
    "promises/checking.py", "promises/following.py", "promises/history.py", "promises/masking.py", "promises/policy.py",
    "promises/publishing.py", "promises/signing.py", "promises/models/people.py",
    "promises/models/afterwards.py", "promises/models/translation.py",
    "surveys/codes.py", "surveys/hints.py", "surveys/letters.py", "surveys/paper.py", "surveys/planning.py",
    "surveys/questionnaire.py", "surveys/results.py", "surveys/counting.py", "surveys/spelling.py", "surveys/themes.py",
    "surveys/models/answers.py", "surveys/models/questions.py", "surveys/models/results.py", "surveys/models/themes.py",
    "followups/facts.py", "followups/feeds.py", "followups/ics.py", "followups/indicator_import.py",
    "followups/news.py", "followups/prefill.py",
    "followups/preview.py", "followups/reminders.py",
    "followups/report_text.py", "followups/year_end.py", "followups/models/reminder.py",
    "subscriptions/admin.py", "subscriptions/letters.py", "subscriptions/news.py", "subscriptions/sending.py",
    "tranemo_trygghet/admin_site.py", "tranemo_trygghet/backoffice.py", "tranemo_trygghet/checks.py",
    "tranemo_trygghet/templatetags/lists.py", "tranemo_trygghet/pages/embedding.py",
    "tranemo_trygghet/pages/pictures.py",
    "tranemo_trygghet/pages/style_guide.py",
}  # fmt: skip
MARKS = {"_", "__", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
# A model's names and refusals are for the back office.
STAFF_KEYWORDS = {"verbose_name", "verbose_name_plural", "help_text", "violation_error_message", "frozen_message"}

# A text, or its forms for one and for many.
Message = str | tuple[str, str]


def in_python(source: str, *, is_models: bool = False) -> Iterator[Message]:
    """The marked texts of a module, without the names of models, fields and constraints, and their refusals."""
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Call) and called(node).rpartition(".")[2] in MARKS:
            yield from texts_of(node)
        children = [child for child in ast.iter_child_nodes(node) if not is_for_staff(child, node)]
        waiting += [child for child in children if not (is_models and refuses(child))]


def is_for_staff(child: ast.AST, parent: ast.AST) -> bool:
    if isinstance(parent, ast.Call) and called(parent).startswith("models."):
        is_name = child is next(iter(parent.args), None)
        return is_name or (isinstance(child, ast.keyword) and child.arg in STAFF_KEYWORDS)
    if isinstance(child, ast.Assign):
        return any(isinstance(name, ast.Name) and name.id in STAFF_KEYWORDS for name in child.targets)
    return False


def refuses(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name in ("clean", "missing_before_lock", "missing_before_ready")


def called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def texts_of(node: ast.Call) -> Iterator[Message]:
    words = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if words:
        yield (words[0], words[1]) if called(node).startswith("ngettext") else words[0]


def in_template(source: str) -> Iterator[Message]:
    """The marked texts of a template: Django writes it as calls, with everything else blanked."""
    from django.utils.translation.template import templatize

    literal = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
    for found in re.finditer(rf"(?:\b(n)?gettext|_)\({literal}(?:,\s*{literal})?", templatize(source)):
        one, many = (ast.literal_eval(each) if each else "" for each in found.group(2, 3))
        yield (one, many) if found[1] else one


def sources() -> Iterator[tuple[Path, Iterator[Message]]]:
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.is_file() and not path.relative_to(ROOT / "templates").as_posix().startswith(STAFF_TEMPLATES):
            yield path, in_template(path.read_text(encoding="utf-8"))
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            parts = path.relative_to(ROOT)
            if not STAFF_FOLDERS & set(parts.parts) and parts.as_posix() not in STAFF_MODULES:
                is_models = "models" in (*parts.parts, parts.stem)
                yield path, in_python(path.read_text(encoding="utf-8"), is_models=is_models)


@cache
def gathered() -> dict[Message, list[str]]:
    """Every text of the public pages, and the files that it stands in."""
    found: dict[Message, list[str]] = {}
    for path, messages in sources():
        for message in messages:
            places = found.setdefault(message, [])
            if (place := path.relative_to(ROOT).as_posix()) not in places:
                places.append(place)
    return found


# --- the catalogs ---


def folder(name: str) -> Path:
    return LOCALE / name / "LC_MESSAGES"


def stored(name: str) -> Catalog:
    path = folder(name) / "django.po"
    if not path.exists():
        return Catalog(locale=LANGUAGES[name], charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGES[name])


def updated(name: str) -> Catalog:
    """The stored translations of the texts that there are now; those of texts that are gone wait at the end."""
    old = stored(name)
    new = Catalog(locale=LANGUAGES[name], charset="utf-8", header_comment=f"# {name}: made by make messages.")
    new.creation_date, new.revision_date = old.creation_date, old.revision_date
    for message, files in gathered().items():
        known = old.get(message) or old.obsolete.get(one_of(message))
        new.add(message, known.string if known else None, locations=[(file, 0) for file in files])
    for each in [*old, *old.obsolete.values()]:
        if each.id and each.id not in new and any(strings(each.string)):
            new.obsolete[one_of(each.id)] = each
    return new


def one_of(message: str | Sequence[str]) -> str:
    return message if isinstance(message, str) else message[0]


def strings(string: str | Sequence[str] | None) -> tuple[str, ...]:
    return (string or "",) if string is None or isinstance(string, str) else tuple(string)


def missing(name: str, catalog: Catalog) -> list[str | Sequence[str]]:
    """The texts that the language still needs."""
    left = [each.id for each in catalog if each.id and not all(strings(each.string))]
    return [each for each in left if name != EASY or len(one_of(each).split()) >= LONG]


def compiled(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tranemo_trygghet.settings")
    left = 0
    for name in LANGUAGES:
        catalog = updated(name)
        folder(name).mkdir(parents=True, exist_ok=True)
        with (folder(name) / "django.po").open("wb") as file:
            write_po(file, catalog, width=0, include_lineno=False)
        (folder(name) / "django.mo").write_bytes(compiled(stored(name)))
        for message in (awaited := missing(name, catalog)):
            print(f"{name}: {one_of(message)}")
        left += len(awaited)
    print(f"{len(gathered())} texts; {left} translations are missing.")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
