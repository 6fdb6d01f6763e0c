"""What holds for every test: no address but this machine's is reached, and in CI nothing is left out.

The guard sees the sockets of this process. A server or a browser that a test starts is told by that test to
stay on the loopback address; `chromium` below gives the arguments for it.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Generator, Iterator

import pytest
from hypothesis import settings

from tools.chromium import HOW, find

# How long an example takes is for bench/ to say: on a busy machine a law holds just as well.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

IN_CI = os.environ.get("CI") == "true"

# The browser looks up nothing outside: without these it asks its maker's servers at every start.
CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
)


class OutsideAddressError(RuntimeError):
    """A test tried to reach an address that is not this machine's."""


def is_local(host: object) -> bool:
    """Whether `host`, as given to a socket call, can only mean this machine."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host == "":
        return True
    if not isinstance(host, str):
        return False
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.split("%", 1)[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def guard(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook: refuses to reach or look up anything but this machine. Unix sockets name no host."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if not isinstance(address, tuple) or not address:
            return
        host = address[0]
    else:
        return
    if not is_local(host):
        raise OutsideAddressError(f"{event} to {host!r}: tests reach only this machine")


sys.addaudithook(guard)


def left_out(report: pytest.TestReport | pytest.CollectReport) -> None:
    """In CI a skip, or a failure somebody expected, is a failure: it says that something was not proven."""
    if IN_CI and report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else getattr(report, "wasxfail", "")
        report.outcome = "failed"
        report.longrepr = f"left out, which CI=true does not allow: {reason}"
        if hasattr(report, "wasxfail"):
            del report.wasxfail


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    left_out(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    left_out(report)
    return report


@pytest.fixture(scope="session")
def chromium() -> dict[str, object]:
    """For Playwright's `chromium.launch(**chromium)`: the path, and arguments that keep it at home."""
    path = find()
    if path is None:
        pytest.skip(HOW)
    return {"executable_path": path, "args": list(CHROMIUM_ARGS)}


# Files that take seconds each: `make check` leaves them to `make test`, so that it stays under a minute.
LONG = (
    "tests/alerts/", "tests/check/", "tests/claims/", "tests/desk/", "tests/drills/", "tests/sanctions/lists/",
    "tests/screening/", "tests/test_cluster.py", "tests/test_deposited.py", "tests/test_in_law.py",
    "tests/test_kept_index.py", "tests/test_rescreening.py", "tests/test_supposing.py",
    "tests/cli/", "tests/documents/", "tests/keyring/", "tests/verify/", "tests/web/", "tests/compact/test_damage.py",
    "tests/compact/test_digest.py", "tests/record/test_store_faults.py", "tests/record/test_store_turns.py",
    "tests/test_backup.py", "tests/test_backup_faults.py", "tests/test_clauses_matter.py",
    "tests/test_depositary.py", "tests/test_depositary_faults.py",
    "tests/test_exercise.py", "tests/test_laws.py", "tests/test_limits.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is long is marked slow."""
    for item in items:
        if item.nodeid.startswith(LONG):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing is kept in the home of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
        yield
