"""What the portal is built of: locked, without known faults, with licences that go with ours."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from scripts import supply

ROOT = Path(__file__).resolve().parents[2]
LOCKS = [supply.RUN, supply.DEVELOP]
# The first version without a fault that concerns us, and which. Raise a floor here and in pyproject.toml together.
FLOORS = {
    "django": ("5.2.19", "several faults in caching, CVE-2025-64459 (SQL by _connector)"),
    "gunicorn": ("23.0", "CVE-2024-1135, CVE-2024-6827: two requests made of one"),
    "cryptography": ("44.0.1", "CVE-2024-12797 in the OpenSSL that it brings"),
    "sqlparse": ("0.5.0", "CVE-2024-4340: recursion without end"),
    "brotli": ("1.2.0", "CVE-2025-6176: a small file that unpacks to all memory"),
    "pillow": ("11.3.0", "CVE-2024-28219, CVE-2025-48379: writing past a buffer"),
    "fonttools": ("4.60.2", "CVE-2025-66034: files written where a font says"),
    "weasyprint": ("68.0", "CVE-2025-68616: fetching what it was told not to"),
}


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in re.findall(r"\d+", version))


@pytest.mark.parametrize("file", LOCKS)
def test_every_package_is_locked_with_its_hashes_and_no_host_is_named(file: str) -> None:
    packages = supply.locked(file)
    assert len(packages) > 20
    for package in packages:
        assert package.hashes, package.name
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in package.hashes), package.name
    for line in (ROOT / file).read_text().splitlines():
        assert re.match(r"[a-z0-9._-]+==|\s+--hash=sha256:|\s+#", line), line
        assert "://" not in line, line


def test_what_runs_is_locked_alike_for_those_who_develop() -> None:
    run = {(each.name, each.version) for each in supply.locked(supply.RUN)}
    assert run <= {(each.name, each.version) for each in supply.locked(supply.DEVELOP)}


def test_no_locked_version_has_a_fault_that_we_know_of() -> None:
    for file in LOCKS:
        for package in supply.locked(file):
            floor, reason = FLOORS.get(package.name, ("0", ""))
            assert numbers(package.version) >= numbers(floor), f"{package.name} {package.version}: {reason}"


def test_no_version_that_is_allowed_has_a_fault_that_we_know_of() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    for line in asked:
        name, lowest = re.fullmatch(r"([a-z0-9-]+)(?:\[.*\])?>=([0-9.]+).*", line).groups()
        assert numbers(lowest) >= numbers(FLOORS.get(name, ("0", ""))[0]), line


def test_floors_are_of_packages_that_we_have() -> None:
    assert set(FLOORS) <= {each.name for each in supply.locked(supply.RUN)}


def test_every_licence_is_known_and_goes_with_ours() -> None:
    assert supply.faults() == []
    for _name, path, _licence in supply.BROUGHT:
        assert (ROOT / path).exists()


@pytest.mark.parametrize(
    ("licence", "goes"),
    [("MIT", True), ("MIT OR AGPL-3.0", True), ("MIT AND AGPL-3.0", False), ("GPL-3.0-or-later", False), ("", False)],
)
def test_of_alternative_licences_one_is_enough_and_of_several_all_must_go(licence: str, goes: bool) -> None:
    assert supply.is_allowed(licence, supply.COMPATIBLE) is goes


def test_the_bill_of_materials_names_all_that_runs_and_who_asked_for_it() -> None:
    bill = supply.bill()
    named = {each["bom-ref"] for each in bill["components"]}
    assert named >= {f"pkg:pypi/{each.name}@{each.version}" for each in supply.locked(supply.RUN)}
    reached, waiting = set(), ["tranemo-trygghet"]
    asked_for = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
    while waiting:
        for each in asked_for[waiting.pop()]:
            if each not in reached:
                reached.add(each)
                waiting.append(each)
    assert reached == {each for each in named if each.startswith("pkg:")}
    assert all(each["licenses"][0]["expression"] for each in bill["components"])
