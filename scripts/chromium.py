"""How Chromium is started, for the tests and for the pictures."""

OPTIONS = [
    # Chromium calls home without these.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Containers have a small /dev/shm.
    "--disable-dev-shm-usage",
]
