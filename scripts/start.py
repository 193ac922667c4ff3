"""What `make run` does once the environment stands: settings, database, promise, example year, server.

Each step looks first and does only what is missing, so the second start is quick and loses nothing.
"""

import os
import secrets
import signal
import socket
import sys
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECRETS = ("SECRET_KEY=", "CODE_PEPPER=")
# Without look-alikes: the password is read from a screen and typed.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def main() -> None:
    port = int(os.environ.get("PORT", "8000"))
    refuse_a_taken_port(port)
    write_settings(ROOT / ".env")
    if "PORT" in os.environ:
        # Forms are accepted from SITE_URL alone, so it must name the port that is served.
        os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
    os.environ["DEMO_PASSWORD"] = remembered_password(ROOT / "var" / "exempelkonton.txt")
    prepare_database()
    print_how_to_log_in()
    serve(port)


def refuse_a_taken_port(port: int) -> None:
    with socket.socket() as probe:
        # As the server does: a port that was just let go of is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            sys.exit(f"Port {port} är upptagen. Välj en annan: PORT={port + 1} make run")


def write_settings(path: Path) -> None:
    """Makes `.env` of the example the first time, with secrets of its own."""
    if path.exists():
        return
    lines = (ROOT / ".env.example").read_text().splitlines()
    write_private(path, "".join(f"{line}{make_secret() if line in SECRETS else ''}\n" for line in lines))


def make_secret() -> str:
    return secrets.token_urlsafe(48)


def remembered_password(path: Path) -> str:
    """The example accounts' password: settled at the first start, kept to be printed at every later one."""
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        write_private(path, os.environ.get("DEMO_PASSWORD") or make_password())
    return path.read_text()


def make_password() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def write_private(path: Path, text: str) -> None:
    """Writes a new file that its owner alone can read, whole or not at all."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.rename(path)


def prepare_database() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tranemo_trygghet.settings")
    django.setup()

    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, connections
    from django.db.migrations.executor import MigrationExecutor

    from tranemo_trygghet.example import has_example_data

    if not settings.DEBUG:
        sys.exit("make run visar portalen med ett påhittat exempelår. Det kräver DEBUG=on i .env.")
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Bygger databasen.", flush=True)
        call_command("migrate", verbosity=0)
    if not has_example_data():
        print("Läser in medborgarlöftet och exempelåret.", flush=True)
        call_command("load_example", stdout=StringIO())
    connections.close_all()


def print_how_to_log_in() -> None:
    from django.conf import settings

    print(
        f"\nTranemo trygghet finns nu på {settings.SITE_URL}/\n"
        f"Logga in på {settings.SITE_URL}/admin/ som polis, kommun eller admin. "
        f"Lösenord: {os.environ['DEMO_PASSWORD']}\n"
        "Avsluta med Ctrl-C. Allt finns kvar till nästa gång.\n",
        flush=True,
    )


def serve(port: int) -> None:
    """Answers until Ctrl-C, in this process, where all of the portal is loaded already."""
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):
        def load_config(self) -> None:
            self.cfg.set("bind", f"127.0.0.1:{port}")
            self.cfg.set("threads", 8)
            self.cfg.set("loglevel", "warning")
            self.cfg.set("control_socket_disable", True)
            # A terminal's Ctrl-C reaches the worker too; told twice to stop, by us as well, it can hang.
            self.cfg.set("post_worker_init", lambda worker: signal.signal(signal.SIGINT, signal.SIG_IGN))

        def load(self) -> object:
            from tranemo_trygghet.wsgi import application

            return application

    Server().run()


if __name__ == "__main__":
    main()
