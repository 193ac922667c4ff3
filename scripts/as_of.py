"""Runs a Python module as if it were another day: `python -m scripts.as_of 2026-11-05T10:00+01:00 gunicorn …`."""

import runpy
import sys

import time_machine


def main() -> None:
    moment, module, *words = sys.argv[1:]
    time_machine.travel(moment).start()
    sys.argv = [module, *words]
    sys.path.insert(0, "")
    if module.endswith(".py"):
        runpy.run_path(module, run_name="__main__")
    else:
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
