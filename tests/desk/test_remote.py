"""A server that is asked over HTTP: who stops waits for no answer."""

from __future__ import annotations

import socket
import threading

import pytest

from foedus.errors import Conflict
from foedus.remote import Remote


def test_who_closes_gives_up_an_answer_that_is_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        remote = Remote(f"http://127.0.0.1:{silent.getsockname()[1]}")
        ended: list[Conflict] = []

        def ask() -> None:
            with pytest.raises(Conflict) as found:
                remote.get("api/checkpoint", 100)
            ended.append(found.value)

        waiting = threading.Thread(target=ask)
        waiting.start()
        connection, _ = silent.accept()
        assert connection.recv(1000).startswith(b"GET /api/checkpoint")
        remote.close()
        waiting.join(timeout=5)
        assert [error for error in ended if "could not be reached" in str(error)], "it is told at once"
        connection.close()
