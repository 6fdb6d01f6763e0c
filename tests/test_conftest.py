"""The guards of tests/conftest.py, tried on purpose."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import OutsideAddressError, is_local

ROOT = Path(__file__).parent.parent

LEFT_OUT = """
import pytest

def test_skips():
    pytest.skip("no server here")

@pytest.mark.xfail(reason="hoped for")
def test_expects_to_fail():
    assert False

def test_passes():
    pass
"""


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "pl.localhost", "LOCALHOST.", b"127.0.0.9", ""])
def test_this_machine_may_be_reached(host):
    assert is_local(host)


@pytest.mark.parametrize("host", ["192.0.2.1", "10.0.0.1", "example.org", "localhost.example.org", "2001:db8::1", 7])
def test_nothing_else_may(host):
    assert not is_local(host)


def test_a_connection_outside_is_refused_before_it_is_made():
    with socket.socket() as outside, pytest.raises(OutsideAddressError):
        outside.connect(("192.0.2.1", 80))


def test_a_name_outside_is_not_even_looked_up():
    with pytest.raises(OutsideAddressError):
        socket.getaddrinfo("example.org", 80)


def test_a_datagram_outside_is_refused():
    with socket.socket(type=socket.SOCK_DGRAM) as outside, pytest.raises(OutsideAddressError):
        outside.sendto(b"x", ("192.0.2.1", 9))


def test_the_loopback_address_is_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


@pytest.mark.parametrize(("in_ci", "outcome"), [("true", "2 failed, 1 passed"), ("", "1 passed, 1 skipped, 1 xfailed")])
def test_what_is_left_out_fails_in_ci_alone(tmp_path, in_ci, outcome):
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\n")
    (tmp_path / "test_left_out.py").write_text(LEFT_OUT)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--rootdir",
            str(tmp_path),
            "-p",
            "no:cacheprovider",
            str(tmp_path),
        ],
        env={"CI": in_ci, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert outcome in done.stdout, done.stdout + done.stderr


def test_a_file_left_out_at_collection_fails_in_ci(tmp_path):
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\n")
    (tmp_path / "test_whole.py").write_text("import pytest\npytest.skip('absent', allow_module_level=True)\n")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--rootdir",
            str(tmp_path),
            "-p",
            "no:cacheprovider",
            str(tmp_path),
        ],
        env={"CI": "true", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0, done.stdout
    assert "absent" in done.stdout
