"""The entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tranemo_trygghet.settings")
application = get_wsgi_application()

from tranemo_trygghet.checks import refuse_example_year  # noqa: E402  (needs the apps)

refuse_example_year()
