"""The portal as it is in operation, for tests that start its real server.

Static files need no collecting. There is somebody to mail faults to, and mail and cache are kept where a test can look.
"""

import os

from tranemo_trygghet.settings import *  # noqa: F403
from tranemo_trygghet.settings import STORAGES

FOLDER = os.environ["SERVED_FOLDER"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
ADMINS = MANAGERS = [("Någon", "nagon@example.org")]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = f"{FOLDER}/mail"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": f"{FOLDER}/cache"}}
