"""One copy: a zip file with a table a file, and a list that says what it must hold, to the last byte."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from django.db import models

from surveys.models import InvitationBatch
from tranemo_trygghet.backup.tables import Line, as_text, field_names

SUFFIX = ".backup"
FORMAT = 1


class DamagedError(Exception):
    """The copy is not what was written. Its words are for who restores."""


@dataclass(frozen=True)
class Copy:
    """A finished copy. Nothing is believed of it before `verify()`."""

    path: Path

    @cached_property
    def contents(self) -> dict[str, Any]:
        """The list: format, when it was taken, migrations, and a digest and a number of rows for each table."""
        try:
            with zipfile.ZipFile(self.path) as file:
                text, seal = file.read("contents.json"), file.read("contents.sha256").decode()
            contents = json.loads(text)
        except Exception as fault:  # whatever the zip, its compression or the disk says
            raise DamagedError(f"Kopian går inte att läsa: {self.path.name}") from fault
        if hashlib.sha256(text).hexdigest() != seal or contents.get("format") != FORMAT:
            raise DamagedError(f"Kopians innehållsförteckning är skadad: {self.path.name}")
        return dict(contents)

    @property
    def taken_at(self) -> datetime:
        return datetime.fromisoformat(self.contents["taken_at"])

    def verify(self) -> None:
        """Read every byte. DamagedError names the first table that is not as it was written."""
        for label, told in self.contents["tables"].items():
            sha, count = hashlib.sha256(), 0
            try:
                with self._open(label) as lines:
                    for line in lines:
                        sha.update(line)
                        count += 1
            except Exception as fault:  # whatever the zip, its compression or the disk says
                raise DamagedError(f"Kopian är skadad i tabellen {label}.") from fault
            if [sha.hexdigest(), count] != [told["sha256"], told["rows"]]:
                raise DamagedError(f"Kopian är skadad i tabellen {label}.")

    def rows(self, model: type[models.Model]) -> Iterator[Line]:
        """The rows in the order of the model's fields today, as JSON has them. The table may be unknown to the copy."""
        told = self.contents["tables"].get(model._meta.label_lower)
        if told is None:
            return
        places = [told["fields"].index(name) for name in field_names(model)]
        with self._open(model._meta.label_lower) as lines:
            for line in lines:
                row = json.loads(line)
                yield [row[place] for place in places]

    def answers_by_round(self) -> dict[int, int]:
        return {int(number): count for number, count in self.contents["answers"].items()}

    @cached_property
    def batches(self) -> frozenset[int]:
        """The keys of the batches of codes that the copy knows."""
        place = field_names(InvitationBatch).index("id")
        return frozenset(row[place] for row in self.rows(InvitationBatch))

    def _open(self, label: str) -> IO[bytes]:
        return zipfile.ZipFile(self.path).open(f"{label}.jsonl")


class Writing:
    """A copy under way: whole under its own name when it is done, and nothing at all if it is not."""

    def __init__(self, folder: Path, taken_at: datetime) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        stamp = taken_at.astimezone(UTC).strftime("%Y-%m-%dT%H%M%S.%fZ")
        self.path = folder / f"trygghet-{stamp}{SUFFIX}"
        self._draft = self.path.with_suffix(".draft")
        # It holds addresses of followers and secrets of staff: its owner's alone, from the first byte.
        handle = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._raw = os.fdopen(handle, "wb")
        self._file = zipfile.ZipFile(self._raw, "w", zipfile.ZIP_DEFLATED)
        self.contents: dict[str, Any] = {"format": FORMAT, "taken_at": taken_at.isoformat(), "tables": {}}

    def __enter__(self) -> Writing:
        return self

    def table(self, model: type[models.Model], rows: Iterable[Line]) -> None:
        label, sha, count = model._meta.label_lower, hashlib.sha256(), 0
        with self._file.open(f"{label}.jsonl", "w", force_zip64=True) as raw, io.BufferedWriter(raw) as file:
            for row in rows:
                line = as_text(row).encode() + b"\n"
                sha.update(line)
                file.write(line)
                count += 1
        told = {"rows": count, "sha256": sha.hexdigest(), "fields": field_names(model)}
        self.contents["tables"][label] = told

    def finish(self) -> Copy:
        text = json.dumps(self.contents, sort_keys=True, indent=1).encode()
        self._file.writestr("contents.json", text)
        self._file.writestr("contents.sha256", hashlib.sha256(text).hexdigest())
        self._file.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        self._raw.close()
        os.replace(self._draft, self.path)
        return Copy(self.path)

    def __exit__(self, *fault: object) -> None:
        with suppress(OSError, ValueError):  # a full disk; or it is finished
            self._file.close()
        self._raw.close()
        self._draft.unlink(missing_ok=True)


def copies_in(folder: Path) -> list[Copy]:
    """The oldest first. The name tells when, so that none has to be opened."""
    return [Copy(path) for path in sorted(folder.glob(f"*{SUFFIX}"))]
