"""What keeps other sites out, and what every answer carries."""

from __future__ import annotations

import pytest

from foedus.web.security import HEADERS
from tests.web.small_exercise import Small, console, words


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    made = Small(tmp_path_factory.mktemp("guard") / "record")
    made.activate()
    yield made
    made.depositary.close()


@pytest.fixture(scope="module")
def looking(small):
    with console(small) as found:
        yield found


@pytest.fixture
def reader(looking):
    return looking.sits("POL/duty")


@pytest.mark.parametrize(
    "path", ["/", "/response/R-1", "/static/foedus.css", "/nothing", "/?at=never", "/response/R-9"]
)
def test_every_answer_carries_the_headers(reader, path):
    answer = reader.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": "http://127.0.0.1:8000"}, True),
        ({"origin": "https://elsewhere.example"}, False),
        ({"origin": "null"}, False),
        ({}, False),
    ],
)
def test_a_form_sent_by_another_site_changes_nothing(reader, small, headers, allowed):
    size = small.depositary.state.size
    answer = reader.client.post("/seat", data={"seat": "GBR/duty"}, headers=headers, follow_redirects=False)
    assert answer.status_code == (303 if allowed else 403)
    assert ("set-cookie" in answer.headers) is allowed
    assert small.depositary.state.size == size


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "[::2]", ""])
def test_the_console_answers_under_its_own_names_only(reader, host):
    assert reader.get("/", host=host).status_code in (400, 421)


def test_the_cookie_holds_seat_and_language_and_is_sent_to_this_site_only(reader):
    answer = reader.client.post(
        "/seat", data={"seat": "GBR/duty"}, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False
    )
    cookie = answer.headers["set-cookie"]
    assert cookie.replace('"', "").startswith("foedus=en:GBR/duty;")
    assert "httponly" in cookie.lower()
    assert "samesite=strict" in cookie.lower()


@pytest.mark.parametrize(
    "back", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "response"]
)
def test_a_form_sends_nobody_elsewhere(reader, back):
    answer = reader.client.post(
        "/seat", data={"seat": "", "back": back}, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False
    )
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/vendor", "/static//etc/passwd", "/static/nothing.css"],
)
def test_nothing_but_static_files_is_served_as_such(reader, path):
    assert reader.get(path).status_code == 404


def test_a_seat_that_does_not_exist_is_no_seat(reader):
    answer = reader.post("/seat", {"seat": "POL/emperor"})
    assert answer.status_code == 400
    assert "there is no seat" in words(answer)
    assert "You look on" in reader.sits("POL/emperor").words("/")


@pytest.mark.parametrize("lang", ["en", "uk"])
@pytest.mark.parametrize(
    ("path", "status"),
    [("/nothing", 404), ("/response/R-9", 404), ("/?at=never", 400), ("/?format=xml", 400), ("/?at=2100-01-01", 400)],
)
def test_failures_have_one_page_in_the_readers_language(reader, path, status, lang):
    answer = reader.sits("POL/duty", lang).get(path)
    assert answer.status_code == status
    assert f'lang="{lang}"' in answer.text
    assert answer.text.count("<h1") == 1
    assert "Traceback" not in answer.text


def test_a_fault_of_ours_is_told_without_its_inside(small, monkeypatch):
    monkeypatch.setattr("foedus.web.pages.home.running.running", lambda page, most: 1 / 0)
    with console(small) as reader:  # which has not answered this before
        answer = reader.get("/")
    assert answer.status_code == 500
    assert "The console failed" in words(answer)
    assert "division" not in answer.text
    assert "Zero" not in answer.text


def test_a_way_that_a_page_does_not_know(reader):
    assert reader.client.delete("/", headers={"sec-fetch-site": "same-origin"}).status_code == 405
