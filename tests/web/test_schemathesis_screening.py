"""Whatever is asked of the addresses of screening, within their description or outside it: no fault of ours, and only
what they describe.
"""

from __future__ import annotations

import socket
import threading

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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

from foedus.searched import OfFiles, Searched
from foedus.web.openapi import described
from foedus.web.server import Server
from foedus.web.yente.routes import HANDLERS, alone
from tests.web.listed import write_list
from tests.web.live_record import HERE

pytestmark = pytest.mark.slow

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
SCHEMA = schemathesis.openapi.from_dict(described(HANDLERS, HERE))
OPERATIONS = [result.ok() for result in SCHEMA.get_all_operations() if isinstance(result, Ok)]
LOOSE = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
ODD = [
    "",
    " ",
    "\u0000",
    "\u202eniçeS",
    "Ігор Сечін",
    "سلمان",
    "金正恩",
    "🚢🚢",
    "of the and",
    "Igor\u200bSechin",
    "Sесhіn",
    "a" * 10_000,
]


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """The address of a server on this machine, and connections to it that are kept."""
    searched = Searched(OfFiles([write_list(tmp_path_factory.mktemp("asked") / "list.jsonl")]))
    searched.keep_up()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Server(alone(searched), "127.0.0.1", 0)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="server")
        thread.start()
        with requests.Session() as session:
            yield {"base_url": f"http://127.0.0.1:{listening.getsockname()[1]}", "session": session}
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_nothing_asked_of_screening_is_a_fault_of_ours(asked, operation, mode):
    @LOOSE
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        case.call_and_validate(checks=CHECKS, **asked)

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE
        schemas = [one.definition["schema"] for one in operation.iter_parameters()]
        assert all(one["type"] == "string" and "enum" not in one for one in schemas), "any text is a text"


@given(
    names=st.lists(st.text() | st.sampled_from(ODD), min_size=1, max_size=4),
    schema=st.sampled_from(["Person", "Thing", "?"]),
)
@settings(LOOSE, max_examples=60)
def test_no_name_is_a_fault_of_ours(asked, names, schema):
    """Empty, endless, control, mixed, right to left, emoji: matched, or told what is wrong with it."""
    base, session = asked["base_url"], asked["session"]
    sent = {"queries": {"good": {"schema": "Person", "properties": {"name": ["Igor Sechin"]}},
                        "odd": {"schema": schema, "properties": {"name": names}}}}  # fmt: skip
    told = session.post(f"{base}/match/default", json=sent).json()["responses"]
    assert told["good"]["results"][0]["match"], "the others are answered"
    assert told["odd"]["status"] == 200 or told["odd"]["detail"]
    for path, name in (("search/default", "q"), ("v2/search", "name")):
        answered = session.get(f"{base}/{path}", params={name: names[0]})
        assert answered.status_code in (200, 400), answered.text
        assert answered.status_code == 200 or answered.json()["detail"]
