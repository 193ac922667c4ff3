"""The browser tests' own guard is tried here: what goes wrong in Chromium must not pass unseen."""

import pytest

FAULTS = {
    "an error in a script": ("setTimeout(() => { throw new Error('planted') })", "planted"),
    "an error on the console": ("console.error('planted')", "planted"),
    "a style that the policy forbids": ("document.body.setAttribute('style', 'color: red')", "Content Security Policy"),
    "a missing file": ("fetch('/static/missing.css')", "404"),
    "a request to another host": ("location = 'http://127.0.0.2:9/'", "another host"),
}


@pytest.mark.parametrize(("script", "sign"), FAULTS.values(), ids=FAULTS)
def test_the_guard_sees(page, browser_faults, script, sign):
    page.goto("/om/")
    page.evaluate(f"() => {{ {script} }}")
    assert is_seen(sign, page, browser_faults)
    page.wait_for_timeout(100)  # one fault may be told twice
    browser_faults.clear()


def is_seen(sign, page, faults, patience=50):
    while not any(sign in fault for fault in faults):
        if patience == 0:
            return False
        page.wait_for_timeout(100)
        patience -= 1
    return True


@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_is_as_wide_as_the_test_says(page, width):
    assert page.evaluate("innerWidth") == width


@pytest.mark.parametrize("javascript", [False])
def test_a_page_without_script_runs_none(page):
    page.set_content("<noscript><p>utan skript</p></noscript>")
    assert page.get_by_text("utan skript").is_visible()
