"""django-survey-and-report 1.5, in an environment of its own, asking what our survey asks."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.processes import Server, gunicorn
from benchmarks.visitors import request

PACKAGES = ("django-survey-and-report==1.5", "django-bootstrap-form", "django>=5.2,<5.3", "gunicorn")
ADDRESS = "/survey/1/"

SETTINGS = """
SECRET_KEY = "benchmark"
DEBUG = False
ALLOWED_HOSTS = ["localhost"]
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.messages", "django.contrib.staticfiles", "bootstrapform", "survey"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware", "django.contrib.messages.middleware.MessageMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {
    "context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages"]}}]
ROOT_URLCONF = "urls"
STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
CHOICES_SEPARATOR = "|"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "other.sqlite3", "OPTIONS": {
    "transaction_mode": "IMMEDIATE", "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"}}}
"""
URLS = """
from django.urls import include, path
urlpatterns = [path("survey/", include("survey.urls")), path("accounts/", include("django.contrib.auth.urls"))]
"""
FILL = """
import json, sys, django
django.setup()
from survey.models import Category, Question, Survey
survey = Survey.objects.create(name="Survey", description="", need_logged_user=False, display_method=0)
category = Category.objects.create(name="All", survey=survey, order=1)
for number, (text, options) in enumerate(json.load(open("questions.json"))):
    Question.objects.create(survey=survey, category=category, order=number, required=False, text=text, type="radio",
        choices="|".join(option.replace(",", " ").replace("|", " ") for option in options))
"""


@contextmanager
def served(folder: Path, questions: list[list[object]]) -> Iterator[Server]:
    folder.mkdir()
    files = {"settings.py": SETTINGS, "urls.py": URLS, "fill.py": FILL, "questions.json": json.dumps(questions)}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    python = str(folder / "env" / "bin" / "python")
    quiet = ["--quiet", "--quiet", "--disable-pip-version-check", "--no-input"]
    subprocess.run([python, "-m", "pip", "install", *quiet, *PACKAGES], check=True)
    environment = {"DJANGO_SETTINGS_MODULE": "settings", "PATH": "/usr/bin:/bin", "PYTHONPATH": str(folder)}
    for command in (["-m", "django", "migrate", "--verbosity", "0"], ["fill.py"]):
        subprocess.run([python, *command], check=True, cwd=folder, env=environment)
    application = "django.core.wsgi:get_wsgi_application()"
    with gunicorn(application, environment, python=python, folder=folder) as server:
        yield server


async def answer(server: Server) -> bool:
    """Its form, with the cookies and the token that it gives, and then the answers."""
    page = await request(server.port, ADDRESS)
    form = page.body.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    chosen: dict[str, str] = {}
    for name, value in re.findall(r'type="radio" name="(question_\d+)" value="([^"]+)"', form):
        chosen.setdefault(name, value)
    fields = {"csrfmiddlewaretoken": token[1] if token else "", **chosen}
    done = await request(server.port, ADDRESS, body=urlencode(fields).encode(), cookies=page.cookies)
    return bool(chosen) and done.status == 302
