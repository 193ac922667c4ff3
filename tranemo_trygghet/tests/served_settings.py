"""The portal as it is in operation, for tests that start its real server; only static files need no collecting."""

from tranemo_trygghet.settings import *  # noqa: F403
from tranemo_trygghet.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
