"""Takes the pictures in docs/bilder of a portal with the example year, so that they stay true: `make pictures`."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from scripts.chromium import OPTIONS

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "bilder"
PORT = int(os.environ.get("PORT", "8099"))
# On the same day each time, so that a picture changes when the portal does.
AS_OF = ["-m", "scripts.as_of", "2026-11-05T10:00+01:00"]
PASSWORD = "bara-för-bilderna"  # noqa: S105 – of a database that is thrown away
SERVER = [
    *["gunicorn", "tranemo_trygghet.wsgi", "--bind", f"127.0.0.1:{PORT}"],
    *["--threads", "4", "--log-level", "warning", "--no-control-socket"],
]
# Every page, on a phone; those in WIDE on a screen too, and those in DARK at night.
PAGES = {
    "start": "/",
    "loften": "/loften/",
    "loftet": "/loften/exempel/",
    "manaderna": "/uppfoljningar/",
    "manaden": "/uppfoljningar/{month}/",
    "manad-som-saknas": "/uppfoljningar/2026-05/",
    "manad-utan-mote": "/uppfoljningar/2026-07/",
    "platserna": "/platser/",
    "platsen": "/platser/resecentrum/",
    "enkaterna": "/enkater/",
    "enkaten": "/enkater/hosten/",
    "tack": "/enkater/hosten/tack/",
    "resultatet": "/enkater/efter-ett-halvar/resultat/",
    "motena": "/moten/",
    "folj": "/folj/",
    "folj-via-mejl": "/folj/mejl/",
    "ordlistan": "/ordlista/",
    "sok": "/sok/?q=trygg",
    "oppna-data": "/oppna-data/",
    "om": "/om/",
    "tillganglighet": "/tillganglighet/",
    "personuppgifter": "/personuppgifter/",
    "kakor": "/kakor/",
    "arabiska": "/ar/",
}
WIDE = ("start", "loftet", "manaden", "platserna", "platsen", "resultatet")
DARK = ("start", "resultatet")
COLOURS = 32  # enough for type and flat colour, in a fifth of the bytes
# Of the back office, for docs/handbok.md: on a phone, as far as its screen goes.
STAFF_PAGES = {
    "startsidan": "/admin/",
    "insatser": "/admin/followups/deed/flera/",
    "konton": "/admin/promises/user/",
}
# The front page on a phone beside the front page on a screen.
BOTH = """<body style="margin:0;padding:40px;background:#d9d4c5;display:flex;gap:40px;align-items:flex-start">
<img src="{wide}" width="900"><img src="{narrow}" width="390"></body>"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "DEBUG": "on",
            "DATABASE_URL": f"sqlite:///{folder}/bilder.sqlite3",
            "SITE_URL": f"http://localhost:{PORT}",
            "PAGE_STORE": "off",
            "DEMO_PASSWORD": PASSWORD,
        }
        environment = os.environ | settings
        for command in ("migrate", "load_example"):
            subprocess.run(
                [sys.executable, *AS_OF, "manage.py", command, "-v", "0"], cwd=ROOT, env=environment, check=True
            )
        server = subprocess.Popen([sys.executable, *AS_OF, *SERVER], cwd=ROOT, env=environment)
        try:
            wait_for(f"http://localhost:{PORT}/healthz")
            take_all(Path(folder))
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait_for(address: str) -> None:
    for _second in range(60):
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 – our own server
            return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(1)
    sys.exit("The portal did not start.")


def take_all(folder: Path) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS, chromium_sandbox=False)
        front = {width: folder / f"front-{width}.png" for width in (390, 1280)}
        for width, file in front.items():
            take(browser, "/", width, file, full_page=False)
        put_together(browser, front[1280], front[390])
        month = last_month(browser)
        for name, path in PAGES.items():
            take_page(browser, name, path.format(month=month))
        take_for_the_handbook(browser)
        browser.close()


def take_page(browser: Browser, name: str, path: str) -> None:
    folder = PICTURES / "sidor"
    folder.mkdir(exist_ok=True)
    looks = [(390, "light"), *[(1280, "light")] * (name in WIDE), *[(390, "dark")] * (name in DARK)]
    for width, theme in looks:
        file = folder / f"{name}-{width}{'-mork' if theme == 'dark' else ''}.png"
        take(browser, path, width, file, theme=theme)
        picture = Image.open(file).convert("RGB")
        picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(file, optimize=True)


def take_for_the_handbook(browser: Browser) -> None:
    """What a member of staff sees, from the start page through a month to who changed what."""
    folder = PICTURES / "handbok"
    folder.mkdir(exist_ok=True)
    context = browser.new_context(
        base_url=f"http://localhost:{PORT}", viewport={"width": 390, "height": 844}, locale="sv-SE"
    )
    page = context.new_page()
    page.goto("/admin/")
    page.fill("[name=login]", "polis")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector(".rooms")
    for name, path in STAFF_PAGES.items():
        page.goto(path)
        page.screenshot(path=folder / f"{name}.png")
    page.goto("/admin/")
    page.click("text=/Skriv rapporten|Fortsätt skriva/ >> nth=0")
    page.wait_for_selector("#id_summary")
    page.fill("#id_summary", "Vi har gått kvällspatrull vid resecentrum och träffat föräldrar på Tranängskolan.")
    page.screenshot(path=folder / "manaden.png")
    page.click("text=Spara och skicka för godkännande")
    page.wait_for_load_state()
    page.screenshot(path=folder / "godkann.png")
    address = page.url.removesuffix("godkann/").removesuffix("change/")
    page.goto(f"{address}history/")
    page.screenshot(path=folder / "historiken.png")
    page.goto("/admin/surveys/surveyround/")
    with page.expect_navigation():
        page.click("#result_list .field-title a >> nth=0")
    page.screenshot(path=folder / "omgangen.png")
    context.close()


def take(
    browser: Browser,
    path: str,
    width: int,
    file: Path,
    *,
    full_page: bool = True,
    theme: str = "light",
) -> None:
    size = {"width": width, "height": 844 if width == 390 else 900}
    look: Any = {"viewport": size, "locale": "sv-SE", "color_scheme": theme}
    page = browser.new_page(**look)
    page.goto(f"http://localhost:{PORT}{path}")
    page.screenshot(path=file, full_page=full_page)
    page.close()


def put_together(browser: Browser, wide: Path, narrow: Path) -> None:
    page = browser.new_page(viewport={"width": 1410, "height": 924})
    page.set_content("<p></p>")
    html = PICTURES / "startsida.html"
    html.write_text(BOTH.format(wide=wide.as_uri(), narrow=narrow.as_uri()))
    page.goto(html.as_uri())
    page.screenshot(path=PICTURES / "startsida.png")
    html.unlink()
    page.close()


def last_month(browser: Browser) -> str:
    """The latest month with a report, as the front page links to it."""
    page = browser.new_page()
    page.goto(f"http://localhost:{PORT}/")
    link = page.get_attribute("main a[href^='/uppfoljningar/2']:has-text('Läs hela')", "href") or ""
    page.close()
    return link.strip("/").split("/")[-1]


if __name__ == "__main__":
    main()
