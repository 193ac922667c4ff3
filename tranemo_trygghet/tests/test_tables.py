"""The cells of tables, which Python writes: as a template would, and as safe."""

from __future__ import annotations

from django.template.loader import render_to_string

WORDS = "<script>alert('&')</script>"
ESCAPED = "&lt;script&gt;alert(&#x27;&amp;&#x27;)&lt;/script&gt;"


def test_every_cell_of_a_table_is_escaped_and_all_but_the_first_of_a_row_are_numbers() -> None:
    table = {"caption": "Svar", "headers": ["Svar", WORDS, "Antal"], "rows": [[WORDS, "1", WORDS]], "table_id": "t"}
    html = render_to_string("components/data_table.html", table)
    heads = f'<th scope="col">Svar</th><th scope="col" class="number">{ESCAPED}</th>'
    assert f'<tr>{heads}<th scope="col" class="number">Antal</th></tr>' in html
    cells = f'<td class="number">1</td><td class="number">{ESCAPED}</td>'
    assert f'<tr><th scope="row">{ESCAPED}</th>{cells}</tr>' in html
    assert "<script" not in html
