"""Keys in an ssh-agent: a real one signs acts; one that lies, mumbles or goes away makes no signature."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import Conflict, FoedusError, Malformed, Tampered
from foedus.keyring import agent as agent_module
from foedus.keyring import known, open_key, public_key
from foedus.record.envelope import ACT_TYPE, sign_envelope, verify_signatures
from foedus.record.keys import SeedKey, key_id, verify
from tests.keyring.agents import Agent, answering, framed, running
from tools.key_places import HOW, has_agent


@pytest.fixture
def agent(monkeypatch):
    if not has_agent():
        pytest.skip(HOW)
    with running() as started:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(started.path))
        yield started


def ask(what):
    raise AssertionError(f"a passphrase of {what} was asked for")


# --- OpenSSH's own --------------------------------------------------------------------------------------------


def test_a_key_in_the_agent_signs_by_comment_and_by_fingerprint(agent: Agent):
    fingerprint = agent.add("POL/head of delegation")
    agent.add("another")
    key = open_key("agent:POL/head of delegation", ask)
    assert open_key(f"agent:{fingerprint}", ask).public == key.public
    for message in (b"", b"message", b"x" * 40_000):
        assert verify(key.public, message, key.sign(message))
    envelope = sign_envelope(b"{}", ACT_TYPE, [key])
    verify_signatures(envelope, {key_id(key.public): key.public})


def test_its_public_part_is_known_without_signing(agent: Agent):
    fingerprint = agent.add("duty")
    found = known("agent:duty")
    assert (found.name, found.locked) == ("duty", False)
    assert public_key("agent:duty") == found.public
    assert repr(open_key("agent:duty", ask)) == f"OutsideKey({key_id(found.public)}, agent:{fingerprint})"


def test_keys_of_other_kinds_are_passed_over(agent: Agent):
    agent.add("duty", "-t", "ecdsa")
    with pytest.raises(Malformed, match=r"0 such keys, exactly one expected; Ed25519 keys in the agent: —"):
        open_key("agent:duty", ask)
    agent.add("duty")
    assert len(open_key("agent:duty", ask).public) == 32


def test_a_name_that_fits_two_keys_or_none_is_not_guessed(agent: Agent):
    one, two = agent.add("duty"), agent.add("duty")
    with pytest.raises(Malformed, match="2 such keys") as several:
        open_key("agent:duty", ask)
    assert one in str(several.value)
    assert two in str(several.value)
    with pytest.raises(Malformed, match="0 such keys"):
        open_key("agent:", ask)
    assert open_key(f"agent:{two}", ask).public != open_key(f"agent:{one}", ask).public


def test_an_agent_that_goes_away_in_the_middle_is_a_conflict(agent: Agent):
    agent.add("duty")
    key = open_key("agent:duty", ask)
    agent.end()
    with pytest.raises(Conflict, match="nothing was signed"):
        key.sign(b"message")


def test_an_agent_that_is_locked_or_lost_the_key_declines(agent: Agent):
    agent.add("duty")
    key = open_key("agent:duty", ask)
    agent.run("ssh-add", "-q", "-D")
    with pytest.raises(Conflict, match="declined"):
        key.sign(b"message")


def test_without_an_agent_it_is_said_how_to_get_one(monkeypatch, tmp_path):
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    with pytest.raises(Malformed, match="SSH_AUTH_SOCK names no ssh-agent"):
        open_key("agent:duty", ask)
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "none"))
    with pytest.raises(Conflict, match="No such file"):
        open_key("agent:duty", ask)


# --- others ---------------------------------------------------------------------------------------------------

OWN, OTHER = SeedKey(bytes(range(32))), SeedKey(bytes(32))
BLOB = framed(b"ssh-ed25519", OWN.public)
LISTED = framed(b"\x0c" + (1).to_bytes(4, "big") + framed(BLOB, b"duty"))


def signed(signature: bytes, kind: bytes = b"ssh-ed25519") -> bytes:
    return framed(b"\x0e" + framed(framed(kind, signature)))


def message_of(request: bytes) -> bytes:
    """What an agent was asked to sign: after the kind, the key's blob and the message's length."""
    return request[1 + len(framed(BLOB)) + 4 : -4]


def answers(monkeypatch, sign, listed=LISTED):
    """What `open_key` and then `sign` give with an agent whose answer to a request to sign is `sign(request)`."""
    with answering(lambda request: listed if request == b"\x0b" else sign(request)) as path:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(path))
        return open_key("agent:duty", ask).sign(b"an act")


def test_an_honest_answer_is_taken(monkeypatch):
    assert answers(monkeypatch, lambda request: signed(OWN.sign(message_of(request)))) == OWN.sign(b"an act")


LIES = {
    "another key's": lambda request: signed(OTHER.sign(message_of(request))),
    "over another act": lambda _: signed(OWN.sign(b"another act")),
    "of zeros": lambda _: signed(bytes(64)),
}


@pytest.mark.parametrize("name", LIES)
def test_a_signature_of_another_key_or_act_is_tampering(monkeypatch, name):
    with pytest.raises(Tampered, match=f"asked to sign with key {key_id(OWN.public)}.*nothing was signed"):
        answers(monkeypatch, LIES[name])


MUMBLED = {
    "a short signature": (signed(bytes(63)), Malformed),
    "another kind of signature": (signed(bytes(64), b"ssh-rsa"), Malformed),
    "a refusal": (framed(b"\x05"), Conflict),
    "another answer": (framed(b"\x06"), Malformed),
    "nothing": (framed(b""), Malformed),
    "an answer cut off within": (framed(b"\x0e\x00\x00"), Malformed),
    "an answer of 4 GiB": (b"\xff\xff\xff\xff", Malformed),
    "half an answer": (b"\x00\x00\x00\x09\x0e", Conflict),
    "silence": (b"", Conflict),
}


@pytest.mark.parametrize("name", MUMBLED)
def test_what_is_no_answer_signs_nothing(monkeypatch, name):
    answer, error = MUMBLED[name]
    with pytest.raises(error):
        answers(monkeypatch, lambda _: answer)


@pytest.mark.parametrize(
    "listed",
    [
        framed(b"\x0c\xff\xff\xff\xff"),
        framed(b"\x0c" + (1).to_bytes(4, "big") + framed(framed(b"ssh-ed25519", bytes(31)), b"duty")),
        framed(b"\x0c" + (1).to_bytes(4, "big") + framed(framed(b"ssh-ed25519", bytes(32)), b"duty")),
        framed(b"\x0c" + (1).to_bytes(4, "big") + framed(b"\x00", b"duty")),
        framed(b"\x0e"),
    ],
)
def test_a_list_that_cannot_be_is_malformed(monkeypatch, listed):
    with pytest.raises(Malformed):
        answers(monkeypatch, lambda _: b"", listed)


@given(st.binary(max_size=80))
def test_any_bytes_at_all_are_an_error_of_ours(data):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agent_module, "_asked", lambda *_: data)
        patch.setenv("SSH_AUTH_SOCK", "/nowhere")
        with pytest.raises(FoedusError):
            open_key("agent:duty", ask)


def test_an_agent_that_never_answers_is_waited_for_no_longer_than_said(monkeypatch):
    monkeypatch.setattr(agent_module, "TIMEOUT_SECONDS", 0.2)
    done = threading.Event()

    def silent(_request: bytes) -> bytes:
        done.wait(timeout=10)
        return b""

    with answering(silent) as path:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(path))
        with pytest.raises(Conflict, match="timed out"):
            open_key("agent:duty", ask)
        done.set()


def test_the_commands_enrol_and_sign_with_it(agent: Agent, tmp_path, capsys):
    from foedus.cli import run

    agent.add("POL head")
    record = str(tmp_path / "live")
    assert run(["init", record, "--compact", "kyiv-2022", "--head", "POL/head=agent:POL head"]) == 0
    assert run(["key", "show", "agent:POL head"]) == 0
    agent.add("POL duty")
    assert run(["seat", "enrol", record, "POL/duty", "--public", "agent:POL duty", "--key", "agent:POL head"]) == 0
    assert run(["seat", "revoke", record, "POL/duty", "--key", "agent:POL duty"]) == 1, "duty may not"
    assert "Poland, duty desk may not perform" in capsys.readouterr().err
    agent.end()
    assert run(["seat", "revoke", record, "POL/duty", "--key", "agent:POL head"]) == 1
    assert "conflict" in capsys.readouterr().err
