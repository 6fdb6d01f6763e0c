"""Finds the ssh-agent and the software token (SoftHSM2) that the tests of keys use; as root on Debian or Ubuntu it
installs missing ones.

Where the user is not root, or where there is no apt-get, it says how to get them. With CI=true a missing one is a
failure.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tools.chromium import install

SSH = ("ssh-agent", "ssh-add", "ssh-keygen")
SOFTHSM = "softhsm2-util"
FOLDERS = (
    "/usr/lib/softhsm",
    "/usr/lib64/softhsm",
    "/usr/lib64/pkcs11",
    "/usr/local/lib/softhsm",
    "/opt/homebrew/lib/softhsm",
)
HOW = (
    "No ssh-agent or no SoftHSM2 here, and the tests of keys need both. Debian, Ubuntu: apt-get install "
    "openssh-client softhsm2. Fedora: dnf install openssh-clients softhsm. macOS: brew install softhsm."
)


def has_agent() -> bool:
    """Whether OpenSSH's agent and its tools are on PATH."""
    return all(shutil.which(name) for name in SSH)


def softhsm_library() -> Path | None:
    """The library of the software token, when it and its tool are there."""
    found = [path for folder in FOLDERS if (path := Path(folder) / "libsofthsm2.so").is_file()]
    return found[0] if found and shutil.which(SOFTHSM) else None


def main() -> int:
    missing = [*([] if has_agent() else ["openssh-client"]), *([] if softhsm_library() else ["softhsm2"])]
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        print(f"Installing {' and '.join(missing)} for the tests of keys (a few MB)", flush=True)
        install(*missing)
    if not (has_agent() and softhsm_library()):
        print(HOW, file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 0
    print(f"Tests of keys use {shutil.which('ssh-agent')} and {softhsm_library()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
