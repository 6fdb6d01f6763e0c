"""What a party's page says of keys: those that were revoked, and the one that is kept offline."""

from __future__ import annotations

from foedus.parties.acts import DepositRootKey, EnrolSeat, RevokeSeat
from foedus.parties.state import key_id
from foedus.record.keys import SeedKey, public_of
from foedus.signing import countersign
from tests.web.live_record import Live, console


def test_a_party_page_says_whether_a_root_key_is_deposited(tmp_path):
    live = Live(tmp_path)
    second, root = bytes([1]) * 32, public_of(bytes([2]) * 32).hex()
    with console(live.depositary) as client:
        assert "has deposited no root key" in client.get("/parties/POL").text
        assert client.get("/api/parties/POL").json().get("root_key") is None
        live.depositary.perform(live.envelope("POL/head", EnrolSeat("POL", "foreign", public_of(second).hex())))
        signed = live.envelope("POL/head", DepositRootKey(root))
        live.depositary.perform(countersign(signed, SeedKey(second)))
        assert client.get("/api/parties/POL").json()["root_key"] == root
        for lang in ("en", "uk"):
            text = client.get(f"/parties/POL?lang={lang}").text
            assert key_id(root) in text
            assert "has deposited no root key" not in text
    live.depositary.close()


def test_a_revoked_key_is_shown_as_revoked(tmp_path):
    live = Live(tmp_path)
    live.depositary.perform(live.enrol("POL", "duty"))
    live.depositary.perform(live.envelope("POL/head", RevokeSeat("POL/duty")))
    with console(live.depositary) as client:
        seats = client.get("/api/parties/POL").json()["seats"]
        assert "revoked" in next(seat for seat in seats if seat["id"] == "POL/duty")
        assert "Revoked" in client.get("/parties/POL").text
        assert "Відкликано" in client.get("/parties/POL?lang=uk").text
    live.depositary.close()
