"""Many at the same moment: real threads, each with a connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from unittest import mock

from django.db import connection, connections

# Seconds. On a busy machine twenty connections at once take longer than a resident would wait for one.
LONGER = {"postgresql": {"connect_timeout": 60}, "sqlite": {"timeout": 60}}


def patiently() -> AbstractContextManager:
    """Wait longer for the database than in operation."""
    return mock.patch.dict(connection.settings_dict["OPTIONS"], LONGER[connection.vendor])


def at_once(work: Callable, jobs: list) -> list:
    """Do all jobs in threads of their own that start together; their results in order."""
    start = threading.Barrier(len(jobs))

    def run(job):
        try:
            start.wait()
            return work(job)
        finally:
            connections.close_all()

    with patiently(), ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))
