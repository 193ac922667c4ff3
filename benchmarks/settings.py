"""The portal as in operation, on an example database, with a view beside it that does nothing."""

from tranemo_trygghet.settings import *  # noqa: F403 – the portal's own settings are what is measured

# Loaded with DEBUG on, which the example year demands; measured without, since DEBUG records every query.
DEBUG = False
ROOT_URLCONF = "benchmarks.urls"
# No file is asked for here; without a folder WhiteNoise would warn.
WHITENOISE_USE_FINDERS = False
STATIC_ROOT = BASE_DIR / "static"  # noqa: F405
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
