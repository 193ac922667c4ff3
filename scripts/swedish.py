"""Is all that a person reads right and plain Swedish? Spelling by Hunspell, and no long sentences; run by `make lint`.

A word that is right and that the dictionary does not know goes into scripts/words.txt, in its place in the alphabet.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from hunspell import Hunspell

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("promises", "surveys", "followups", "subscriptions", "tranemo_trygghet")
DICTIONARY = Path(sys.prefix) / "share" / "hunspell"
OWN_WORDS = Path(__file__).with_name("words.txt")
MOST_WORDS = 22  # in a sentence: a fifteen-year-old does not have to read it twice

TRANSLATED = {"_", "__", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
# What stands within a text and is no word of it: marks of the format, addresses, file names, code, numbers with units.
NO_WORD = re.compile(
    r"%\(\w+\)[sd]|%[sd]|\{[^{}\n]*\}|`[^`]*`|\w+://\S+|[\w.+-]+@[\w.-]+|manage\.py \w+|\b[\w-]+\.\w[\w./-]*"
    r"|(?<!\w)/[\w/<>-]+/?|--[\w-]+|\b\d+\w*|\w*_\w*|\[a-z[^]]*\]"
)
WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
IN_TAG = re.compile(r"""(?:translate|_\()\s*(?:"([^"]*)"|'([^']*)')""")
BLOCK = re.compile(r"\{% blocktrans\w*[^%]*%\}(.*?)\{% endblocktrans\w* %\}", re.DOTALL)
NOT_READ = re.compile(r"\{#.*?#\}|\{% block (?:bodyclass|coltype|main_class) %\}.*?\{% endblock %\}", re.DOTALL)
INLINE_MARKUP = re.compile(r"</?(?:a|b|em|i|small|span|strong|time)\b[^>]*>")


@dataclass(frozen=True)
class Text:
    """Something that a person reads, and where it is written."""

    file: Path
    line: int
    words: str

    @property
    def place(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}"


def main() -> None:
    found = [text for source in (python_texts, template_texts, content_texts, documents) for text in source()]
    faults = [*misspelt(found), *long_sentences(found), *out_of_order()]
    print(f"{len(found)} Swedish texts read, {len(faults)} faulty")
    sys.exit("\n".join(faults) or 0)


# --- What is read -------------------------------------------------------------------------------------


def python_texts() -> Iterator[Text]:
    """What is marked for translation, and every other string that is plainly Swedish, of all but the tests."""
    for path in files(ROOMS, "*.py"):
        if {"tests", "migrations"} & set(path.parts):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in without_docstrings(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TRANSLATED:
                yield from (Text(path, node.lineno, string(each)) for each in node.args)
            elif re.search("[åäöÅÄÖ].* | .*[åäöÅÄÖ]", string(node)):
                yield Text(path, getattr(node, "lineno", 1), string(node))


def without_docstrings(tree: ast.Module) -> Iterator[ast.AST]:
    lone = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr) and string(each.value)}
    return (each for each in ast.walk(tree) if id(each) not in lone)


def string(node: ast.AST) -> str:
    """The string that is written there, if it is one."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def template_texts() -> Iterator[Text]:
    for path in files(("templates",), "*.*"):
        source = NOT_READ.sub("", path.read_text(encoding="utf-8"))
        for words in [*BLOCK.findall(source), *(one or other for one, other in IN_TAG.findall(source))]:
            yield Text(path, line_of(words, source), without_markup(words))
        rest = re.sub(
            r"\{%.*?%\}|\{\{.*?\}\}|<(script|style|svg)\b.*?</\1>", " ", BLOCK.sub("", source), flags=re.DOTALL
        )
        for words in re.split(r"<[^>]*>", INLINE_MARKUP.sub("", rest)):
            if words.strip():
                yield Text(path, line_of(words, source), unescape(words))


def without_markup(words: str) -> str:
    return re.sub(r"<[^>]*>|\{[{%].*?[%}]\}", " ", unescape(words)).replace("\xad", "")


def is_swedish(path: Path) -> bool:
    """Translations are in other languages, but for the easy Swedish."""
    return "translations" not in path.parts or "sv-x-lattlast" in str(path)


def content_texts() -> Iterator[Text]:
    """What an empty portal is filled with: the promise, the questions, the words of the trade, the pages of text."""
    for path in filter(is_swedish, files(ROOMS, "*.toml")):
        source = path.read_text(encoding="utf-8")
        for words in sentences_in(tomllib.loads(source)):
            yield Text(path, line_of(words.strip(), source), words)


def sentences_in(value: Any) -> Iterator[str]:
    """The strings that are more than a key."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from sentences_in(each)
    elif isinstance(value, str) and " " in value:
        yield value


def documents() -> Iterator[Text]:
    """The documents for those who run the portal, and the pages of text; what English there is says so in its name."""
    for path in filter(is_swedish, [*files(("docs",), "*.md"), *files(ROOMS, "*.md")]):
        source = path.read_text(encoding="utf-8")
        prose = re.sub(r"^```.*?^```|^ {4}.*?$|<[^>\n]*>", "", source, flags=re.DOTALL | re.MULTILINE)
        for words in re.sub(r"\]\([^)]*\)", "]", prose).split("\n\n"):
            yield Text(path, line_of(words[:40], source), words)


def files(folders: Iterable[str], pattern: str) -> Iterator[Path]:
    return (path for folder in folders for path in sorted((ROOT / folder).rglob(pattern)))


def line_of(words: str, source: str) -> int:
    return source[: source.find(words)].count("\n") + 1


# --- What is asked ------------------------------------------------------------------------------------


def misspelt(texts: Iterable[Text]) -> Iterator[str]:
    own = set(own_words())
    first_seen = {word: text for text in reversed(list(texts)) for word in words_of(text.words)}
    for word, text in sorted(first_seen.items()):
        if not {word, word.lower()} & own and not speller().spell(word):
            yield f"{text.place}: {word} är felstavat, eller saknas i {OWN_WORDS.relative_to(ROOT)}"


@cache
def speller() -> Hunspell:
    return Hunspell("sv_SE", hunspell_data_dir=str(DICTIONARY))


def words_of(text: str) -> list[str]:
    """The words of a text; abbreviations in capitals are explained elsewhere."""
    return [word for word in WORD.findall(NO_WORD.sub(" ", text)) if len(word) > 1 and not word.isupper()]


def long_sentences(texts: Iterable[Text]) -> Iterator[str]:
    """Sentences of the interface that are too long; what the partners promised, and what engineers read, may be."""
    for text in texts:
        if text.file.suffix != ".toml" and "docs" not in text.file.parts:
            for sentence in re.split(r"[.!?:](?=\s|$|\*)|\n\n", text.words):
                if (length := len(sentence.split())) > MOST_WORDS:
                    yield f"{text.place}: {length} ord i en mening: {' '.join(sentence.split())}"


def own_words() -> list[str]:
    return OWN_WORDS.read_text(encoding="utf-8").split()


def out_of_order() -> Iterator[str]:
    words = own_words()
    if words != sorted(set(words), key=alphabetical):
        yield f"{OWN_WORDS.relative_to(ROOT)}: orden står inte i bokstavsordning, eller något står två gånger"


def alphabetical(word: str) -> tuple[str, str]:
    return word.lower(), word


if __name__ == "__main__":
    main()
