"""What holds for every command: help with an example, JSON, exit status, one line of error, two languages."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
import typer
from typer.main import get_command

import foedus as package
from foedus.cli import INTERRUPTED, run
from foedus.cli.commands import app
from foedus.compact.findings import Finding, MalformedCompact, Phrase
from foedus.errors import Conflict, Malformed, Refused, Tampered

COMMANDS = {
    "demo": "--json",
    "init": "--json",
    "serve": "",
    "act perform": "--json",
    "act new": "--json",
    "act print": "--json",
    "act show": "--json",
    "act enter": "--json",
    "sign": "--json",
    "submit": "--json",
    "key new": "--json",
    "key show": "--json",
    "key passphrase": "--json",
    "key demo": "--json",
    "desk": "",
    "seat enrol": "--json",
    "seat rotate": "--json",
    "seat revoke": "--json",
    "seat list": "--json",
    "seat root": "--json",
    "seat recover": "--json",
    "seat table": "--json",
    "token new": "--json",
    "token list": "--json",
    "token revoke": "--json",
    "mandates": "--json",
    "call-back": "--json",
    "status": "--json",
    "timeline": "--json",
    "verify": "--json",
    "witness": "--json",
    "export": "--json",
    "copy": "--json",
    "backup": "--json",
    "restore": "--json",
    "check": "--json",
    "import": "--json",
    "sanctions delta": "--json",
    "screen": "--json",
    "compact check": "--json",
    "compact schema": "--json",
    "sanctions status": "--json",
    "sanctions conditions": "--json",
    "sanctions calendar": "--json",
    "sanctions matrix": "--json",
    "sanctions target": "--json",
    "sanctions feed": "--json",
    "sanctions catch-up": "--json",
    "sanctions table": "--json",
    "sanctions joins": "--json",
    "sanctions ownership": "--json",
    "commitments totals": "--json",
    "commitments units": "--json",
    "commitments show": "--json",
    "commitments findings": "--json",
    "commitments diff": "--json",
    "commitments shares": "--json",
    "commitments export": "--json",
    "commitments template": "--json",
    "commitments dry-run": "--json",
    "commitments enter": "--json",
    "reparations assets": "--json",
    "reparations ledger": "--json",
    "claims check": "--json",
    "claims totals": "--json",
    "claims distribute": "--json",
    "claims why": "--json",
    "claims diff": "--json",
    "claims salt": "--json",
    "claims fits": "--json",
    "claims erase": "--json",
    "claims duplicates": "--json",
    "claims deposit": "--json",
    "claims decide": "--json",
    "claims dry-run": "--json",
    "claims verify": "--json",
    "alerts run": "--json",
    "alerts status": "--json",
    "alerts test": "--json",
    "alerts confirm": "--json",
    "contacts import": "--json",
    "contacts list": "--json",
    "watchdog": "--json",
    "drill": "--json",
    "no-play": "--json",
    "what-if": "--json",
    "commitments stages": "--json",
    "commitments overdue": "--json",
    "commitments gap": "--json",
    "commitments ledger": "--json",
    "commitments coverage": "--json",
    "commitments calendar": "--json",
    "commitments match": "--json",
}


def leaves(command: Any, path: tuple[str, ...] = ()) -> dict[str, Any]:
    """Every command that does something, by its words."""
    inner = getattr(command, "commands", None)
    if inner is None:
        return {" ".join(path): command}
    found: dict[str, Any] = {}
    for name, each in inner.items():
        found |= leaves(each, (*path, name))
    return found


def test_the_list_of_commands_is_whole():
    assert set(leaves(app())) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_and_json(name):
    command = leaves(app())[name]
    assert command.help
    assert command.epilog.startswith(f"foedus {name}"), "the example in --help shows this command"
    options = {option for parameter in command.params for option in parameter.opts}
    assert "--lang" in options
    assert ("--json" in options) == bool(COMMANDS[name])
    assert all(getattr(parameter, "help", None) for parameter in command.params), "every argument is explained"


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_is_shown(foedus, name):
    ran = foedus(*name.split(), "--help")
    assert ran.status == 0
    assert "Usage: foedus" in ran.out


def test_the_version(foedus):
    assert foedus("--version") == (0, f"foedus {package.__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["frob"], "No such command"),
        (["status"], "Missing argument"),
        (["status", "x", "--frob"], "No such option"),
        (["verify", "x", "--workers", "many"], "Invalid value"),
        (["demo", "--port", "0"], "Invalid value"),
        (["status", "x", "--lang", "tlh"], "language 'tlh'"),
        (["status", "/no/where"], "/no/where"),
        (["verify", "https://[::1"], "https://… is no address of a server"),
    ],
)
def test_wrong_usage_is_malformed_in_one_line(foedus, arguments, says):
    ran = foedus(*arguments)
    assert ran.status == Malformed.exit_status == 2
    assert ran.out == ""
    assert says in ran.line


@pytest.mark.parametrize("json", [(), ("--json",)])
@pytest.mark.parametrize(
    "before",
    [
        ["status"],
        ["compact", "check"],
        ["check"],
        ["key", "passphrase"],
        ["import", "un"],
        ["screen", "x", "--against"],
    ],
)
def test_no_error_repeats_a_password(foedus, before, json):
    ran = foedus(*before, "postgresql://us%40er:s3:kret@127.0.0.1:1/x?password=s3kret", *json)
    assert ran.status != 0
    assert ran.out + ran.err
    assert "kret" not in ran.out + ran.err
    assert "us%40er" not in ran.out + ran.err


def test_an_error_is_data_too_when_asked_for(foedus):
    ran = foedus("status", "/no/where", "--json")
    assert ran.status == 2
    assert ran.data["error"] == "malformed"
    assert "/no/where" in ran.data["message"]
    assert ran.line.startswith("malformed: ")


def test_an_error_is_said_in_the_language_of_the_run(foedus):
    ran = foedus("status", "/no/where", "--json", "--lang", "uk")
    assert ran.status == 2
    assert ran.line.startswith("неправильно: /no/where не містить реєстру")
    assert (ran.data["error"], ran.data["found"]) == ("malformed", {"store": "/no/where"})
    assert ran.data["message"] in ran.line
    assert foedus("status", "x", "--lang", "tlh").line.startswith("malformed: language 'tlh'")


def test_findings_are_said_in_the_language_of_the_run(foedus, tmp_path):
    (tmp_path / "one.yaml").write_text("id: 7\n", "utf-8")
    ran = foedus("compact", "check", tmp_path / "one.yaml", "--lang", "uk")
    assert "знайдено: число 7 (id); очікувалося: ідентифікатор" in ran.out
    ran = foedus("compact", "check", tmp_path / "one.yaml", "--lang", "uk", "--json")
    (found,) = [one for one in ran.data["findings"] if one["path"] == "id"]
    assert (found["line"], found["column"], found["found"]) == (1, 5, "число 7")
    line = foedus("init", tmp_path / "new", "--compact", tmp_path / "one.yaml", "--exercise", "--lang", "uk").line
    assert "`foedus compact check`)" in line
    assert "(і ще " in line


FAULTS = [Finding("f", line, 1, "", Phrase("a"), Phrase("b")) for line in (1, 2, 3)]


def test_each_error_has_its_status():
    assert [kind.exit_status for kind in (Refused, Conflict, Malformed, Tampered)] == [1, 1, 2, 3]


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (Refused("P1", "{what} is not so", what="this"), 1, "refused: this is not so [P1]"),
        (Conflict("somebody else was first"), 1, "conflict: somebody else was first"),
        (Tampered("entry 3: no"), 3, "tampered: entry 3: no"),
        (Malformed("one\ntwo\nthree"), 2, "malformed: one two three"),
        (Malformed("{file} is not there", file="\x1b[2J\u202e"), 2, "malformed: <U+001B>[2J<U+202E> is not there"),
        (
            MalformedCompact(FAULTS),
            2,
            "malformed: f:1:1: found a; expected b (and 2 more: `foedus compact check` shows all)",
        ),
        (MemoryError(), 2, "malformed: there is too little memory for what was to be read"),
        (OSError(28, "No space left on device", "file"), 2, "malformed: file: No space left on device"),
    ],
)
def test_whatever_a_command_raises_is_one_line(foedus, monkeypatch, error, status, line):
    def fails(*args: object, **more: object) -> None:
        raise error

    monkeypatch.setattr("foedus.verify.verify_record", fails)
    ran = foedus("verify", "somewhere")
    assert (ran.status, ran.line) == (status, line)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_is_none_in_utc_is_no_time(foedus, exercise, at):
    assert f"--at '{at}': a time such as" in foedus("status", exercise, "--at", at).line


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_an_answer_that_cannot_be_written_is_an_error(exercise, form):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "foedus", "status", exercise, *form],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "foedus: malformed: the answer cannot be written: No space left on device\n"


def test_letters_that_a_terminal_lacks_are_shown_by_number(exercise):
    done = subprocess.run(
        [sys.executable, "-m", "foedus", "status", exercise, "--lang", "uk"],
        capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("НАВЧАННЯ".encode("ascii", "backslashreplace"))


def test_who_closed_every_output_is_told_by_the_status(exercise):
    for what, status in ((str(exercise), 0), ("/no/where", 2)):
        line = 'exec "$0" -m foedus status "$1" >&- 2>&-'
        assert subprocess.run(["sh", "-c", line, sys.executable, what], timeout=60, check=False).returncode == status


def test_an_interruption_is_said_and_no_trace_is_shown(foedus, monkeypatch):
    def interrupted(*args: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("foedus.verify.verify_record", interrupted)
    assert foedus("verify", "somewhere") == (INTERRUPTED, "", "foedus: stopped\n")


def test_the_language_is_the_terminals_or_the_one_asked_for(foedus, exercise, monkeypatch):
    assert "EXERCISE" in foedus("status", exercise).out
    assert "НАВЧАННЯ" in foedus("status", exercise, "--lang", "uk").out
    assert "НАВЧАННЯ" in foedus("status", exercise, "--lang=uk").out
    monkeypatch.setenv("LANG", "uk_UA.UTF-8")
    assert "НАВЧАННЯ" in foedus("status", exercise).out
    assert "EXERCISE" in foedus("status", exercise, "--lang", "en").out
    assert "Usage" in foedus("--help").out
    assert foedus("verify", "/no/where").line.startswith("неправильно: ")


def command(*arguments: str, **more: Any) -> subprocess.Popen[str]:
    environment = {**os.environ, "LANG": "C.UTF-8"}
    return subprocess.Popen(
        [sys.executable, "-m", "foedus", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, **more,
    )  # fmt: skip


def test_it_runs_as_a_module_and_ends_with_its_status(tmp_path):
    done = command("verify", str(tmp_path / "nothing"))
    out, err = done.communicate(timeout=60)
    assert (done.returncode, out) == (2, "")
    assert err.count("\n") == 1


def test_a_reader_that_has_enough_of_it_is_no_error(exercise):
    done = command("timeline", str(exercise))
    assert done.stdout is not None
    assert done.stderr is not None
    done.stdout.readline()
    done.stdout.close()
    assert done.wait(60) == 0
    assert done.stderr.read() == ""
    done.stderr.close()


def test_input_may_come_from_a_pipe(exercise, tmp_path):
    done = command("sign", "-", "--record", str(exercise), "--as", "POL/duty", stdin=subprocess.PIPE)
    out, err = done.communicate('{"act":"Acknowledge","response":"R-2"}', timeout=60)
    assert (done.returncode, err) == (0, "")
    assert '"payload"' in out


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_a_server_stops_cleanly(exercise, name, unused_port):
    done = command("serve", str(exercise), "--port", str(unused_port), start_new_session=True)
    assert done.stderr is not None
    assert "Serving on" in done.stderr.readline()
    wait_for(unused_port)
    done.send_signal(name)
    out, err = done.communicate(timeout=30)
    assert (done.returncode, out, err.strip()) == (0, "", "")


def wait_for(port: int) -> None:
    import httpx

    for _ in range(200):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/checkpoint", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def test_heavy_parts_are_left_to_the_commands_that_need_them():
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "from foedus.cli.commands import app; app()"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert not loaded & {"litestar", "httpx", "uvicorn", "ruamel.yaml", "psycopg", "nacl", "numpy", "foedus.depositary"}


def test_typer_is_told_everything_by_us():
    assert isinstance(app(), type(get_command(typer.Typer(callback=lambda: None))))
    assert run(["--version"]) == 0


def test_an_act_is_handed_in_to_a_server_and_its_record_verified(foedus, exercise, tmp_path, unused_port):
    url = f"http://localhost:{unused_port}"
    body = tmp_path / "body.json"
    body.write_text('{"act":"AdoptReading","provision":"P10.quorum","text":"' + "0" * 64 + '"}', "utf-8")
    signed, refused = tmp_path / "signed.json", tmp_path / "refused.json"
    assert foedus("sign", body, "--record", exercise, "--as", "POL/head", "--out", refused).status == 0
    form = foedus("act", "new", "ReportIncident", "--record", exercise, "--seat", "UKR/duty").out
    body.write_text(form, "utf-8")
    assert foedus("sign", body, "--record", exercise, "--as", "UKR/duty", "--out", signed).status == 0
    server = command("serve", str(exercise), "--port", str(unused_port), start_new_session=True)
    try:
        wait_for(unused_port)
        before = foedus.json("verify", url)["size"]
        assert foedus("submit", url, signed).status == 0
        again = foedus("submit", url, signed)
        assert (again.status, "already entry" in again.line) == (1, True)
        assert foedus("submit", url, refused).status == 1
        report = foedus.json("verify", url, "--rules")
        assert (report["kind"], report["size"]) == ("server", before + 1)
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)
