"""Finds the Chromium that the browser tests drive; as root on Debian or Ubuntu it installs a missing one.

It downloads no browser of its own and changes nothing where a browser is found, where the user is not root,
or where there is no apt-get: there it says how to get one. With CI=true a missing browser is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# Chromium without windows comes first: the same pages, the same rules, for a fifth of the time of a page.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
HOW = (
    "No Chromium on PATH, and the browser tests need one. Debian: apt-get install chromium-headless-shell. "
    "Ubuntu: apt-get install chromium. "
    "Fedora: dnf install chromium. macOS: brew install --cask google-chrome."
)


def find() -> str | None:
    """The path of a Chromium or Chrome, or None."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    return str(MAC) if MAC.exists() else None


def install(*packages: str) -> None:
    """Install packages of Debian. Raises CalledProcessError when apt-get refuses."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (("update",), ("install", "-y", "--no-install-recommends", *packages)):
        subprocess.run(["apt-get", "-qq", *step], check=True, env=quiet, stdout=subprocess.DEVNULL)


def main() -> int:
    path = find()
    if path is None and shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Debian's Chromium for the browser tests (350 MB)", flush=True)
        try:
            install(SHELL)
        except subprocess.CalledProcessError:  # Ubuntu has the whole browser only
            install("chromium")
        path = find()
    if path is None:
        print(HOW, file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 0
    print(f"Browser tests use {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
