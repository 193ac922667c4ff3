"""That the check of the language finds what it is there to find, wherever a person's words are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import swedish
from scripts.swedish import Text


@pytest.fixture
def written(tmp_path: Path, monkeypatch):
    """Writes a file in a portal of its own, and says which words of it are misspelt."""
    monkeypatch.setattr(swedish, "ROOT", tmp_path)

    def written(name: str, source: str) -> list[str]:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(source)
        readers = (swedish.python_texts, swedish.template_texts, swedish.content_texts, swedish.documents)
        texts = [text for reader in readers for text in reader()]
        return [fault.split()[1] for fault in swedish.misspelt(texts)]

    monkeypatch.setattr(swedish, "OWN_WORDS", tmp_path / "words.txt")
    (tmp_path / "words.txt").write_text("SAMFU\n")
    return written


FAULTS = {
    "surveys/plain.py": 'def f():\n    """This, på trygghhet, is for engineers."""\n    return _("Vi felstavrar")',
    "surveys/unmarked.py": 'TEXT = "på felstavrar"',
    "surveys/plural.py": 'ngettext("%s plats", "%s felstavrar", n)',
    "templates/tag.html": "<p title=\"{% translate 'Vi felstavrar' %}\">{# trygghhet #}</p>",
    "templates/block.html": "{% blocktranslate with n=trygghhet %}Vi {{ trygghhet }} felstavrar{% endblocktranslate %}",
    "templates/bare.txt": "{% if trygghhet %}Vi <b>felstavrar</b>{% endif %}",
    "promises/content.toml": 'slug = "trygghhet"\ntext = "Vi felstavrar"',
    "docs/page.md": "Vi felstavrar.\n\n    trygghhet -a\n\n```\ntrygghhet\n```\n\nSe `trygghhet`, [det](trygghhet.md).",
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_misspelt_word_is_found_where_people_read_and_not_elsewhere(written, name: str) -> None:
    assert written(name, FAULTS[name]) == ["felstavrar"]


def test_words_that_swedish_puts_together_are_right_and_so_are_our_own(written) -> None:
    assert (
        written("docs/page.md", "Trygghetsvandringar, enkätomgången, gallringsbeslutens, medborgarlöftets och SAMFU.")
        == []
    )


def test_a_sentence_is_long_when_it_must_be_read_twice() -> None:
    template = swedish.ROOT / "templates" / "page.html"
    enough = " ".join(["ord"] * swedish.MOST_WORDS)
    assert list(swedish.long_sentences([Text(template, 1, f"{enough}. {enough}! {enough}")])) == []
    assert len(list(swedish.long_sentences([Text(template, 1, f"Kort. {enough} till.")]))) == 1


def test_our_own_words_stand_in_the_order_of_the_alphabet(monkeypatch) -> None:
    for words, faults in ((["axe", "Digg", "nginx"], 0), (["nginx", "axe"], 1), (["axe", "axe"], 1)):
        monkeypatch.setattr(swedish, "own_words", lambda words=words: words)
        assert len(list(swedish.out_of_order())) == faults
