"""axe on page after page, width after width, by day and by night, without asking the same thing twice.

Most of its time goes to the contrast of texts. That depends on a text's colours and place among what lies around it
and not on its words: so a kind of text is judged once in each setting, and a page is asked about the kinds that are
new there. Everything else is asked of every page at every width, and nothing else depends on the theme.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

from conftest import AXE_OPTIONS

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
OF_COLOURS = ["color-contrast", "link-in-text-block"]
Setting = tuple[int, str]

# What a text looks like: its own name, class, letters and colours, and those of all that it stands in.
KINDS = """() => {
  const kinds = new Map([[document, 0]]), hash = text => {
    let sum = 7;
    for (let at = 0; at < text.length; at++) sum = (Math.imul(sum, 31) + text.charCodeAt(at)) | 0;
    return sum;
  };
  for (const each of document.querySelectorAll("*")) {
    const is = getComputedStyle(each);
    kinds.set(each, hash([kinds.get(each.parentNode), each.localName, each.getAttribute("class"), is.color, is.fill,
      is.backgroundColor, is.backgroundImage, is.opacity, is.fontSize, is.fontWeight, is.position, is.textShadow,
      is.filter, is.mixBlendMode, is.textDecorationLine, each.disabled].join()));
  }
  const isText = each => each.matches("input, select, textarea") ||
    [...each.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  window.textsOfKinds = [...kinds].filter(([each]) => each !== document && each.checkVisibility() && isText(each));
  return [...new Set(textsOfKinds.map(([, kind]) => kind))];
}"""
OF_KINDS = """([kinds, options]) => {
  const asked = new Set(kinds), include = textsOfKinds.filter(([, kind]) => asked.has(kind)).map(([each]) => each);
  return axe.run({ include }, options).then(told => told.violations);
}"""
OF_PAGE = "options => axe.run(options).then(told => told.violations)"


class Judge:
    """Remembers which kinds of text are right in which setting."""

    def __init__(self) -> None:
        self.right: dict[Setting, set[int]] = defaultdict(set)

    def of_page(self, page: Page) -> list[str]:
        """What is wrong with it at this width, whatever its colours."""
        options = AXE_OPTIONS | {"rules": {rule: {"enabled": False} for rule in OF_COLOURS}}
        return told(page.evaluate(OF_PAGE, with_axe(page, options)))

    def of_colours(self, page: Page, setting: Setting) -> list[str]:
        new = [kind for kind in page.evaluate(KINDS) if kind not in self.right[setting]]
        if not new:
            return []
        wrong = told(page.evaluate(OF_KINDS, [new, with_axe(page, AXE_OPTIONS | {"runOnly": OF_COLOURS})]))
        if not wrong:
            self.right[setting].update(new)
        return wrong


def with_axe(page: Page, options: dict[str, Any]) -> dict[str, Any]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return options


def told(violations: list[dict[str, Any]]) -> list[str]:
    return [f"{each['id']}: {node['html'][:200]}" for each in violations for node in each["nodes"]]
