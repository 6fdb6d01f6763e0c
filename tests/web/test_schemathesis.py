"""Whatever is asked of the API, within its description or outside it: no fault of ours, and only what it describes.

Asked over loopback, of a live record behind tokens.
"""

from __future__ import annotations

import socket
import threading

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from foedus.web import api, tokens
from foedus.web.access import OPEN_PATHS, Access
from foedus.web.app import create_app
from foedus.web.limits import Buckets, Rate
from foedus.web.openapi import described
from foedus.web.server import Server
from tests.web.live_record import HERE, START, Live, bearer

GENEROUS = Rate(per_second=1e6, burst=1e6)

pytestmark = pytest.mark.slow

# That a well-formed envelope is accepted is not asked: it is refused for its signatures, as it must be.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    record = Live(tmp_path_factory.mktemp("described") / "live")
    for party in ("POL", "EST"):
        record.depositary.perform(record.enrol(party))
    yield record
    record.depositary.close()


@pytest.fixture(scope="module")
def token(live):
    return tokens.issue(live.depositary.store, "POL", "desk", START)


SCHEMA = schemathesis.openapi.from_dict(described(api.handlers, HERE))
OPERATIONS = [result.ok() for result in SCHEMA.get_all_operations() if isinstance(result, Ok)]


def named(operation):
    """A case by its address."""
    return f"{operation.method} {operation.path}"


LOOSE = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def asked(live):
    """The address of a server on this machine, and connections to it that are kept."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        app = create_app(live.depositary, base_url=address)
        app.state["access"] = Access(Buckets(GENEROUS), Buckets(GENEROUS), Buckets(GENEROUS))
        server = Server(app, "127.0.0.1", 0)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="server")
        thread.start()
        with requests.Session() as session:
            yield {"base_url": address, "session": session}
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_nothing_asked_of_the_api_is_a_fault_of_ours(asked, token, operation, mode):
    @LOOSE
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        case.call_and_validate(checks=CHECKS, headers=bearer(token), **asked)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE
        assert not list(operation.iter_parameters()), "only what takes nothing cannot be asked wrongly"


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.method == "get"], ids=named)
def test_a_record_behind_tokens_answers_nobody_else(asked, token, operation):
    @settings(LOOSE, max_examples=5)
    @given(case=operation.as_strategy())
    def ask(case):
        response = case.call(headers=bearer("guess"), **asked)
        if operation.path not in OPEN_PATHS:
            assert response.status_code in (401, 404), "an address that cannot be read is no address"
        assert "example.org/live" not in response.text

    ask()
