"""Pages of the compact, the parties and the record: whole in both languages, the same as data, true of any past."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from litestar.testing import TestClient

from foedus.compact import model
from foedus.exercise import build
from foedus.verify import read_keys, verify_proof_file
from foedus.web.pages import clause_words
from foedus.words import translator
from tests.web.live_record import Live, console

PAGES = (
    "/compact",
    "/compact/provisions/P10.convene",
    "/compact/agreements",
    "/compact/agreements/ukr-gbr-2024",
    "/compact/horizon",
    "/parties",
    "/parties/acts",
    "/parties/UKR",
    "/parties/EUE",
    "/record",
    "/record/0",
    "/record/checkpoint",
)
OURS = re.compile(r"/(compact|parties|record)(/[A-Za-z0-9./-]+)?(?<!\.txt)(?<!\.json)(?<!\.tlog-proof)")
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SVG = {"path", "rect", "circle", "line"}


class Reader(HTMLParser):
    """Reads a page as a browser would: its links, its ids, what is styled or run in place, whether tags close."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.headings: list[int] = []
        self.faults: list[str] = []
        self.lang = ""
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if tag == "a" and named.get("href"):
            self.links.append(named["href"])
        if "id" in named:
            self.ids.append(named["id"])
        if "style" in named or any(name.startswith("on") for name in named):
            self.faults.append(f"<{tag}> is styled or run in place: {attrs}")
        if tag == "script" and not named.get("src"):
            self.faults.append("a script in place")
        if tag == "html":
            self.lang = named.get("lang", "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID | SVG:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID | SVG:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in VOID | SVG:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        self.text.append(data)


def read(response):
    assert response.status_code == 200, f"{response.url}: {response.text[:300]}"
    reader = Reader()
    reader.feed(response.text)
    assert not reader.faults, f"{response.url}: {reader.faults[:3]}"
    assert not reader.open, f"{response.url}: {reader.open}"
    return reader


@pytest.fixture(scope="module")
def exercise(tmp_path_factory):
    depositary = build(tmp_path_factory.mktemp("pages") / "exercise", seed=5)
    yield depositary
    depositary.close()


@pytest.fixture(scope="module")
def served(exercise):
    with console(exercise) as client:
        yield client


@pytest.fixture
def asked(served):
    """A reader who comes for the first time: the console remembers no language."""
    served.cookies.clear()
    return served


@pytest.fixture
def live(tmp_path):
    record = Live(tmp_path / "live")
    yield record
    record.depositary.close()


# --- every page ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "uk"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_in_both_languages(asked, path, lang):
    page = read(asked.get(path, params={"lang": lang}))
    assert page.lang == lang
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert len(page.ids) == len(set(page.ids)), "an id stands twice"
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids, f"{path}: {link} leads nowhere"


@pytest.mark.parametrize("path", PAGES)
def test_the_same_view_is_data_at_the_same_address(asked, path):
    shown = asked.get(path, params={"format": "json"}).json()
    assert shown["size"] > 0
    by_header = asked.get(path, headers={"accept": "application/json"}).json()
    assert {**by_header, "at": 0, "known": 0} == {**shown, "at": 0, "known": 0}
    for name, rows in shown["tables"].items():
        table = list(csv.reader(io.StringIO(asked.get(path, params={"format": "csv", "table": name}).text)))
        assert len(table) == len(rows) + 1
        assert not rows or table[0] == list(rows[0])


def test_every_link_of_these_pages_leads_somewhere(asked):
    """From the three tables of contents, two steps far; everything that is ours and can be read."""
    seen: set[str] = set()
    frontier = ["/compact", "/parties", "/record", "/compact/horizon", "/parties/acts", "/record/checkpoint"]
    for step in range(2):
        found: set[str] = set()
        for path in frontier:
            page = read(asked.get(path))
            here = {urljoin(path, link).partition("#")[0] for link in page.links if not link.startswith("http")}
            found |= {link for link in here if link.startswith("/") and "format=" not in link and "lang=" not in link}
        frontier = sorted(found - seen)
        if step == 0:
            frontier = [link for link in frontier if OURS.fullmatch(link)][:120]
            continue
        failed = [link for link in frontier if asked.get(link).status_code >= 400]
        assert not failed, failed[:10]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_shows_the_past(asked, exercise, path):
    opened = exercise.state.response.responses["R-2"].place.at
    at = (opened - timedelta(days=3)).isoformat().replace("+00:00", "Z")
    past = asked.get(path, params={"at": at, "format": "json"})
    assert past.status_code == 200
    assert past.json()["at"] == at
    page = asked.get(path, params={"at": at}).text
    assert 'class="asof"' in page
    assert f"at={at[:4]}" in page, "links keep the moment"


# --- the compact --------------------------------------------------------------------------------------------------


def test_every_provision_has_its_page_with_source_and_what_operates(asked, exercise):
    for provision in exercise.clauses.provisions:
        text = asked.get(f"/compact/provisions/{provision.id}").text
        assert provision.title.en.replace("'", "&#39;")[:20] in text
        assert f"src-{'adopted' if 'src-adopted' in text else provision.source.kind}" in text
        assert text.count("<li>") >= len(provision.operates)


def test_every_operator_of_the_language_has_its_words():
    kinds = set(model.Clause.__args__)
    assert set(clause_words._SAYS) == kinds


def test_every_instrument_has_its_page_with_every_source(asked, exercise):
    for agreement in exercise.clauses.compact.agreements:
        text = asked.get(f"/compact/agreements/{agreement.id}").text
        for status in agreement.parties:
            for ref in status.source.ref:
                assert f'href="#source-{ref}"' in text
                assert f'id="source-{ref}"' in text


def test_filters_of_the_compact_stand_in_the_address(asked, exercise):
    every = asked.get("/compact?format=json").json()["tables"]["provisions"]
    adopted = asked.get("/compact?source=adopted&format=json").json()["tables"]["provisions"]
    assert [one for one in every if one["source"] == "adopted"] == adopted
    both = asked.get("/compact?source=text&force=legal&effect=operates&format=json").json()["tables"]["provisions"]
    assert both
    assert all((one["source"], one["force"]) == ("text", "legal") and one["operates"] for one in both)


def test_what_was_adopted_is_interpretation_before(asked, exercise):
    adopted = asked.get("/compact?source=adopted&format=json").json()["tables"]["provisions"]
    assert adopted, "the exercise adopts readings"
    first = exercise.state.parties.record.place.at.isoformat().replace("+00:00", "Z")
    before = asked.get(f"/compact?format=json&at={first}").json()["tables"]["provisions"]
    kinds = {one["provision"]: one["source"] for one in before}
    assert {kinds[one["provision"]] for one in adopted} == {"interpretation"}


def test_a_provision_names_where_it_had_effect(asked):
    shown = asked.get("/compact/provisions/P10.convene?format=json").json()["tables"]["effects"]
    assert any("R-2" in one["said"] for one in shown)
    for one in shown:
        assert asked.get(one["where"]).status_code == 200


def test_the_horizon_adds_the_term_to_the_day_of_signature(asked):
    rows = asked.get("/compact/horizon?format=json").json()["tables"]["horizon"]
    by_id = {row["instrument"]: row for row in rows}
    assert by_id["ukr-gbr-2024"]["lapses"] == "2034-01-12"
    assert by_id["vilnius-2023"]["lapses"] is None, "what has no term is given none"
    days = [row["lapses"] for row in rows if row["lapses"]]
    assert days == sorted(days)
    drawn = asked.get("/compact/horizon").text
    assert drawn.count('<rect class="span') == len([day for day in days if int(day[:4]) < 2045])


# --- parties ------------------------------------------------------------------------------------------------------


def test_named_is_not_party(live):
    with console(live.depositary) as client:
        rows = client.get("/parties?format=json").json()["tables"]["parties"]
        assert {row["standing"] for row in rows} == {"named"}
        assert {row["seats"] for row in rows} == {0, 1}
        live.depositary.perform(live.signing("EST", "core"))
        signed = client.get("/parties?standing=party&format=json").json()["tables"]["parties"]
        assert [row["party"] for row in signed] == ["EST"]


# --- the record ---------------------------------------------------------------------------------------------------


def test_the_list_turns_its_pages_without_a_gap(asked, exercise):
    numbers = []
    page = 1
    while True:
        rows = asked.get(f"/record?page={page}&format=json").json()
        numbers += [row["entry"] for row in rows["tables"]["entries"]]
        if page == rows["view"]["pages"]:
            break
        page += 1
    assert numbers == list(range(exercise.state.size - 1, -1, -1))


def test_the_list_is_filtered_in_its_address(asked):
    rows = asked.get("/record?act=Activate&party=UKR&format=json").json()["tables"]["entries"]
    assert rows
    assert {(row["act"], row["party"]) for row in rows} == {("Activate", "UKR")}
    between = asked.get("/record?from=10&to=12&format=json").json()["tables"]["entries"]
    assert [row["entry"] for row in between] == [12, 11, 10]
    page = read(asked.get("/record?act=Activate"))
    assert page.lang == "en"
    assert asked.get("/record?act=Activate").text.count('value="Activate" selected') == 1


def test_what_the_page_promises_the_command_says(asked, exercise, tmp_path):
    """The files are downloaded from the page, verified offline, and the sentences compared with those promised."""
    number = exercise.state.response.responses["R-2"].place.entry
    page = asked.get(f"/record/{number}")
    links = [link for link in read(page).links if re.search(r"\.tlog-proof$|keys\.txt$", link)]
    assert len(links) == 2
    for link in links:
        response = asked.get(link)
        assert "attachment" in response.headers["content-disposition"]
        (tmp_path / link.rpartition("/")[2]).write_bytes(response.content)
    report = verify_proof_file(tmp_path / f"entry-{number}.tlog-proof", None, read_keys(tmp_path / "keys.txt"))
    words = translator("en")
    promised = page.text.replace("&#39;", "'").replace("&#43;", "+")
    for said in (*report.proved, *report.not_proved):
        assert said.say(words) in promised
    assert f"foedus verify entry-{number}.tlog-proof --keys keys.txt" in promised


def test_a_changed_entry_is_said_not_to_fit(asked, exercise, monkeypatch):
    from foedus.web import reading

    original = next(iter(exercise.record.entries(7, 8)))
    changed = original.replace(b'"rules":1', b'"rules":2')
    assert changed != original
    monkeypatch.setattr(reading, "recorded", lambda page, number: reading.Recorded(number, changed))
    monkeypatch.setattr("foedus.web.pages.record.recorded", lambda page, number: reading.Recorded(number, changed))
    text = asked.get("/record/7").text
    assert "This entry does not fit" in text
    assert "box-green" not in text.partition("What was signed")[0]


def test_a_changed_statement_shows_whose_signature_does_not_fit(asked, exercise, monkeypatch):
    import base64

    import msgspec

    from foedus.web import reading

    data = msgspec.json.decode(next(iter(exercise.record.entries(50, 51))))
    payload = base64.b64decode(data["act"]["payload"])
    data["act"]["payload"] = base64.b64encode(payload.replace(b'"v":1', b'"v":1 ') + b" ").decode()
    changed = msgspec.json.encode(data)
    monkeypatch.setattr("foedus.web.pages.record.recorded", lambda page, number: reading.Recorded(number, changed))
    text = asked.get("/record/50").text
    assert "does not fit these bytes" in text


def test_the_check_knows_a_key_that_counted_only_later(live):
    from foedus.documents.signatures import in_force

    live.depositary.perform(live.enrol("POL", "duty"))
    seat = live.depositary.state.parties.seats["POL/duty"]
    assert not in_force(seat, 0, seat.place.entry)
    assert in_force(seat, 0, seat.place.entry + 1)


def test_a_correction_leads_from_the_entry_it_corrects(asked, exercise):
    corrected = [one for one in exercise.state.response.incidents.values() if len(one.reports) > 1]
    assert corrected, "the exercise corrects a report"
    first, later = corrected[0].place.entry, corrected[0].reports[1].place.entry
    text = asked.get(f"/record/{first}").text
    assert f'href="/record/{later}"' in text
    assert "corrected the figures" in text


def test_an_erased_attachment_keeps_its_line(live):
    import msgspec

    from tests.web.live_record import OPEN

    envelope, digest, sent = live.evidence("POL", b"photograph", OPEN)
    body = b'{"envelope":%b,"attachments":%b}' % (envelope, msgspec.json.encode([sent]))
    with console(live.depositary) as client:
        client.post("/api/acts", content=body)
        assert "Present" in client.get("/record/1").text
        live.depositary.store.erase_blob(digest)
        text = client.get("/record/1").text
        assert "Not held here: erased, or never fetched" in text
        assert digest[:8] in text
        assert "Checked on this server: complete and unchanged" in text


def test_words_of_others_are_never_markup(live):
    """Codes that parties choose stand in sentences; none of them may become a tag."""
    with console(live.depositary) as client:
        assert isinstance(client, TestClient)
        for path in ("/record?party=%3Cscript%3E", "/parties/%3Cscript%3Ealert(1)", "/compact/provisions/%3Cb%3E"):
            assert "<script>alert" not in client.get(path).text
