"""Finds the programs that give a second opinion in tests, Spin on the explorer and hledger on the ledger; as root on
Debian or Ubuntu it installs missing ones.

It changes nothing where they and a C compiler are found, where the user is not root, or where there is no apt-get:
there it says how to get them. With CI=true a missing part is a failure. Nothing that runs needs any of them.
"""

from __future__ import annotations

import os
import shutil
import sys

from tools.chromium import install

HOW = (
    "No Spin on PATH, no C compiler for what it writes, or no hledger. Debian, Ubuntu: apt-get install spin gcc "
    "libc6-dev hledger."
)


def find() -> tuple[str, str] | None:
    """The paths of Spin and of a C compiler, or None."""
    spin, compiler = shutil.which("spin"), shutil.which("gcc") or shutil.which("cc")
    return (spin, compiler) if spin and compiler else None


def hledger() -> str | None:
    """The path of hledger, or None."""
    return shutil.which("hledger")


def main() -> int:
    missing = [*([] if find() else ["spin", "gcc", "libc6-dev"]), *([] if hledger() else ["hledger"])]
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        print(f"Installing {', '.join(missing)} for second opinions in tests", flush=True)
        install(*missing)
    found, ledger = find(), hledger()
    if found is None or ledger is None:
        print(HOW, file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 0
    print(f"The explorer is compared with {found[0]}, the ledger with {ledger}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
