"""gunicorn for the portal: `gunicorn --config deploy/gunicorn.conf.py tranemo_trygghet.wsgi`."""

import os

# Only this machine's own proxy may reach it; a socket that systemd opens wins over this.
bind = os.environ.get("BIND", "127.0.0.1:8000")

# Twenty clients that send a byte a second stop four threads for everybody; they do not stop thirty-two. Two processes,
# so that one that is restarted leaves the other. Threads, since a request waits for the database and not the processor.
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "16"))

# Seconds. A worker that has not been heard of for so long is started anew; requests under way get thirty to end.
timeout = 30
graceful_timeout = 30
# Longer than the proxy keeps an idle line, or it would now and then send a request on one that we have just closed.
keepalive = 75

# A fault that leaks a little memory a request costs nothing: processes start afresh now and then; never both at once.
max_requests = 20_000
max_requests_jitter = 2_000

# An access log holds residents' addresses, and when each one was on the page of a survey: there is none. Errors go to
# the journal, and hold neither addresses nor what was posted.
accesslog = None
errorlog = "-"
loglevel = "warning"

# The size of what is read before Django looks at it. The longest address of ours is far shorter.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

# Workers tell that they live by touching a file; on a disk that is slow they would seem dead.
worker_tmp_dir = "/dev/shm"  # noqa: S108  (gunicorn opens it for itself alone)

# No control socket: several portals may run on one machine, and nobody uses it.
control_socket_disable = True

# X-Forwarded-Proto is believed from this machine alone. Whose X-Forwarded-For is believed is TRUSTED_PROXIES' matter.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")
