"""What the portal is built of: its libraries' licences (`make licences`) and a bill of materials (`make sbom`).

Both are read from the locked files and from what the installed packages say of themselves, so that they are never old.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RUN, DEVELOP = "requirements.txt", "requirements-dev.txt"

# May be part of a work under EUPL-1.2: they ask for no more than their own text, or only for changes to themselves.
PERMISSIVE = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC", "MIT", "MIT-0"]
WEAK_COPYLEFT = ["LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "MPL-1.1", "MPL-2.0", "EUPL-1.2"]
COMPATIBLE = frozenset([*PERMISSIVE, "MIT-CMU", "OFL-1.1", "PSF-2.0", "Zlib", *WEAK_COPYLEFT])
# Tools that are run beside the portal and are no part of it may have these too.
FOR_TOOLS = COMPATIBLE | {"GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later"}

# What packages write where an SPDX identifier should stand.
MEANS = {
    "apache 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd license": "BSD-3-Clause",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
}
# Looked up in the packages' own files: they say it in many words, in none, or are installed on other systems only.
LOOKED_UP = {
    "axe-playwright-python": "MIT AND MPL-2.0",  # MPL is axe-core's
    "brotlicffi": "MIT",
    "chunspell": "MPL-1.1 OR GPL-2.0-or-later",
    "colorama": "BSD-3-Clause",
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "pyphen": "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1",
    "pytest-django": "BSD-3-Clause",
    "qrcode": "BSD-3-Clause",
    "scipy": "BSD-3-Clause",
}
# What lies in the repository itself and was made by others.
BROUGHT = [("Schibsted Grotesk", "static/fonts/schibsted-grotesk-700.woff2", "OFL-1.1")]


@dataclass
class Package:
    """A locked package, with those that asked for it."""

    name: str
    version: str
    hashes: list[str] = field(default_factory=list)
    wanted_by: list[str] = field(default_factory=list)

    @property
    def licence(self) -> str:
        return LOOKED_UP.get(self.name) or said_licence(self.name)


def locked(file: str) -> list[Package]:
    """The packages of a locked file. A package may stand there in several versions, each for its systems."""
    found: list[Package] = []
    for line in (ROOT / file).read_text().splitlines():
        if begins := re.match(r"([a-z0-9._-]+)==([^ ;\\]+)", line):
            found.append(Package(begins[1], begins[2]))
        elif hashed := re.match(r"\s+--hash=(\S+)", line):
            found[-1].hashes.append(hashed[1])
        elif via := re.match(r"\s+# +(?:via +)?(?!via$)([a-z0-9._-]+)", line):
            found[-1].wanted_by.append(via[1])
    return found


def said_licence(name: str) -> str:
    """What the installed package says, as SPDX writes it; nothing if it says nothing that we know."""
    try:
        told = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
    classifiers = [each.split(" :: ")[-1] for each in told.get_all("Classifier") or [] if each.startswith("License ::")]
    for said in [told["License-Expression"], told["License"], *classifiers]:
        meant = MEANS.get((said or "").lower(), said)
        if meant and identifiers(meant) <= FOR_TOOLS:
            return meant
    return ""


def identifiers(expression: str) -> set[str]:
    return set(re.split(r" (?:AND|OR) ", expression.replace("(", "").replace(")", "")))


def is_allowed(expression: str, allowed: frozenset[str]) -> bool:
    """Of alternatives one is enough; of what holds together, all."""
    return any(set(each.split(" AND ")) <= allowed for each in expression.split(" OR "))


def faults() -> list[str]:
    """Packages whose licence is not known, or does not go with ours."""
    is_run = {each.name for each in locked(RUN)}
    return [
        f"{each.name}: {each.licence or 'licence unknown'}"
        for each in locked(DEVELOP)
        if not is_allowed(each.licence, COMPATIBLE if each.name in is_run else FOR_TOOLS)
    ]


def licences() -> Iterator[str]:
    is_run = {each.name for each in locked(RUN)}
    for title, wanted in (("Part of the portal:", True), ("Tools, which are no part of it:", False)):
        yield title
        for each in locked(DEVELOP):
            if (each.name in is_run) == wanted:
                yield f"  {each.name} {each.version}: {each.licence or '?'}"
    yield "In the repository:"
    for name, path, licence in BROUGHT:
        yield f"  {name} ({path}): {licence}"


# --- the bill of materials ---


def bill() -> dict[str, Any]:
    """CycloneDX 1.6 of what runs: every library, its licence, and who asked for it."""
    packages = locked(RUN)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
            "component": {"type": "application", "bom-ref": "tranemo-trygghet", "name": "tranemo-trygghet"}
            | {"version": own_version(), "licenses": [{"expression": "EUPL-1.2"}]},
        },
        "components": [component(each) for each in packages] + [brought(*each) for each in BROUGHT],
        "dependencies": [
            {"ref": name, "dependsOn": sorted(purl(each) for each in packages if wanted in each.wanted_by)}
            for name, wanted in [("tranemo-trygghet", "tranemo-trygghet"), *((purl(p), p.name) for p in packages)]
        ],
    }


def own_version() -> str:
    found = re.search(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    return found[1] if found else ""


def purl(package: Package) -> str:
    return f"pkg:pypi/{package.name}@{package.version}"


def component(package: Package) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": purl(package),
        "name": package.name,
        "version": package.version,
        "purl": purl(package),
        "licenses": [{"expression": package.licence}],
    }


def brought(name: str, path: str, licence: str) -> dict[str, Any]:
    return {"type": "file", "bom-ref": path, "name": f"{name} ({path})", "licenses": [{"expression": licence}]}


def main() -> None:
    if sys.argv[1:] == ["sbom"]:
        print(json.dumps(bill(), indent=2))
        return
    print("\n".join(licences()))
    if found := faults():
        sys.exit("These do not go with EUPL-1.2, or do not say:\n  " + "\n  ".join(found))


if __name__ == "__main__":
    main()
