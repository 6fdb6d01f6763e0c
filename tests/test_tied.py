"""What a process began ends with it, also when it is killed and can tell nobody."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time

import pytest

PARENT = """
import subprocess, sys, time
from foedus import tied
child = tied.begin([sys.executable, "-c", sys.argv[1]])
print("begun", flush=True)
sys.stdin.read()
child.terminate()
child.communicate()
"""
CHILD = """
import socket, time
from foedus import tied
tied.tie()
with socket.create_connection(("127.0.0.1", {port})):
    time.sleep(60)
"""


@pytest.mark.parametrize("killed", [True, False])
def test_a_process_ends_with_the_one_that_began_it(killed):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        child = CHILD.format(port=server.getsockname()[1])
        with subprocess.Popen(
            [sys.executable, "-c", PARENT, child], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as parent:
            connection, _ = server.accept()
            with connection:
                connection.settimeout(0.3)
                with pytest.raises(TimeoutError):  # it goes on while whoever began it does
                    connection.recv(1)
                began = time.monotonic()
                if killed:
                    parent.send_signal(signal.SIGKILL)
                else:
                    assert parent.stdin is not None
                    parent.stdin.close()
                connection.settimeout(30)
                assert connection.recv(1) == b""  # closed: it has ended
    assert time.monotonic() - began < 30
