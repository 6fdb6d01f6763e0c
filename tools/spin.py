"""Finds Spin, which gives a second opinion on the explorer in tests; as root on Debian or Ubuntu it installs it.

It changes nothing where Spin and a C compiler are found, where the user is not root, or where there is no apt-get:
there it says how to get them. With CI=true a missing part is a failure. Nothing that runs needs either.
"""

from __future__ import annotations

import os
import shutil
import sys

from tools.chromium import install

HOW = "No Spin on PATH, or no C compiler for what it writes. Debian, Ubuntu: apt-get install spin gcc libc6-dev."


def find() -> tuple[str, str] | None:
    """The paths of Spin and of a C compiler, or None."""
    spin, compiler = shutil.which("spin"), shutil.which("gcc") or shutil.which("cc")
    return (spin, compiler) if spin and compiler else None


def main() -> int:
    found = find()
    if found is None and shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Debian's Spin for the second opinion on the explorer", flush=True)
        install("spin", "gcc", "libc6-dev")
        found = find()
    if found is None:
        print(HOW, file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 0
    print(f"The explorer is compared with {found[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
