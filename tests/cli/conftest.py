"""What the tests of commands share."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.cli.running import Foedus, demo
from tests.stores import postgres_address  # noqa: F401 - a fixture


@pytest.fixture
def foedus(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Foedus:
    return Foedus(capsys, monkeypatch)


@pytest.fixture
def exercise(tmp_path: Path) -> Path:
    return demo(tmp_path / "demo")


@pytest.fixture
def unused_port() -> int:
    """A port of the loopback address that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
