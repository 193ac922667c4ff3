"""The portal as it is in operation, with its static files collected and compressed, for tests that weigh them."""

import os

from tranemo_trygghet.settings import STORAGES as AS_IN_OPERATION
from tranemo_trygghet.tests.served_settings import *  # noqa: F403

STATIC_ROOT = f"{os.environ['SERVED_FOLDER']}/static"
STORAGES = AS_IN_OPERATION | {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
