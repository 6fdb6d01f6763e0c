"""Lists of contacts: taken whole or not at all, sealed, for one record alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.alerts.contact_files import _EXPECTED, read_contacts
from foedus.alerts.contacts import Channel, Contacts, Sealed, fits, merged
from foedus.errors import Malformed, Refused
from foedus.words import translator
from foedus.words.failures import say_because

SEATS = {"POL/duty", "POL/head", "GBR/duty"}
HEAD = "seat,name,channel,address,language,pin\n"
GOOD = HEAD + "POL/duty,Ewa,mail,ewa@pl.example,uk,482913\nPOL/duty,Ewa,sms,+48601234567,uk,482913\n"


def read(text: str, name: str = "people.csv"):
    return read_contacts(Path(name), text.encode(), SEATS)


def test_one_row_for_each_way_the_preferred_one_first():
    (ewa,) = read(GOOD)
    assert (ewa.seat, ewa.name, ewa.language) == ("POL/duty", "Ewa", "uk")
    assert ewa.channels == (Channel("mail", "ewa@pl.example"), Channel("sms", "+48601234567"))
    assert fits(ewa, "482913")
    assert not fits(ewa, "482914")
    assert "482913" not in repr(ewa)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("POL/cook,Ewa,mail,ewa@pl.example,uk,482913", "seat"),
        ("POL/duty,,mail,ewa@pl.example,uk,482913", "name"),
        ("POL/duty,Ewa,pigeon,ewa,uk,482913", "channel"),
        ("POL/duty,Ewa,mail,ewa at pl.example,uk,482913", "address"),
        ("POL/duty,Ewa,mail,a@b\tBcc: c@d,uk,482913", "address"),
        ("POL/duty,Ewa,sms,601234567,uk,482913", "address"),
        ("POL/duty,Ewa,webhook,http://pl.example/hook,uk,482913", "address"),
        ("POL/duty,Ewa,webhook,https://user:pw@pl.example/hook,uk,482913", "address"),
        ("POL/duty,Ewa,matrix,@ewa:pl.example,uk,482913", "address"),
        ("POL/duty,Ewa,mail,ewa@pl.example,pl,482913", "language"),
        ("POL/duty,Ewa,mail,ewa@pl.example,uk,12", "pin"),
        ("POL/duty,Ewa,mail,ewa@pl.example,uk,482914\nPOL/duty,Ewa,sms,+48601234567,uk,482913", "pin"),
        ("POL/duty,Ewa,mail,ewa@pl.example,uk,482913\nPOL/duty,Ewa,mail,ewa@pl.example,uk,482913", "address"),
    ],
)
def test_every_fault_is_named_by_row_and_column(row, column):
    with pytest.raises(Malformed) as caught:
        read(f"{HEAD}GBR/duty,Ann,mail,ann@uk.example,en,111111\n{row}\n")
    lines = len(row.splitlines())
    assert (caught.value.found["row"], caught.value.found["column"]) == (2 + lines, column)
    assert f"expected {_EXPECTED[column]}" in str(caught.value)
    assert say_because(translator("uk"), caught.value).count("потрібно") == 1
    assert "482914" not in str(caught.value)


@pytest.mark.parametrize("text", ["", HEAD, "seat,name\n", HEAD + "POL/duty,Ewa\n", HEAD + '"POL/duty,Ewa\n'])
def test_what_is_no_list_is_refused(text):
    with pytest.raises(Malformed):
        read(text)
    with pytest.raises(Malformed, match="UTF-8"):
        read_contacts(Path("people.csv"), b"\xff\xfe", SEATS)


def test_vcards_are_read():
    card = (
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ewa\\, duty officer\r\nX-FOEDUS-SEAT:POL/duty\r\nX-FOEDUS-PIN:482913\r\n"
        "LANG:uk\r\nTEL;TYPE=cell:+48 601 234 567\r\nEMAIL;PREF=1:ewa@pl.\r\n example\r\nEND:VCARD\r\n"
    )
    (ewa,) = read(card, "people.vcf")
    assert ewa.name == "Ewa, duty officer"
    assert ewa.channels == (Channel("sms", "+48601234567"), Channel("mail", "ewa@pl.example"))
    with pytest.raises(Malformed, match="column seat"):
        read(card.replace("X-FOEDUS-SEAT:POL/duty\r\n", ""), "people.vcf")


def test_the_list_is_sealed_and_for_one_record(tmp_path):
    sealed = Sealed.open(tmp_path / "c.sealed", tmp_path / "c.key", create=True)
    assert sealed.read("a.example/one", False) == Contacts("a.example/one", False)
    sealed.write(Contacts("a.example/one", False, read(GOOD)))
    data = (tmp_path / "c.sealed").read_bytes()
    assert b"Ewa" not in data
    assert b"pl.example" not in data
    assert (tmp_path / "c.key").stat().st_mode & 0o777 == 0o600
    assert sealed.read("a.example/one", False).of("POL/duty")[0].name == "Ewa"
    for origin, exercise in (("a.example/two", False), ("a.example/one", True)):
        with pytest.raises(Refused, match="share none"):
            sealed.read(origin, exercise)
    other = Sealed.open(tmp_path / "c.sealed", tmp_path / "other.key", create=True)
    with pytest.raises(Refused, match="does not open it"):
        other.read("a.example/one", False)
    (tmp_path / "c.sealed").write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(Refused, match="was changed"):
        sealed.read("a.example/one", False)
    (tmp_path / "c.key").chmod(0o644)
    with pytest.raises(Refused, match="chmod 600"):
        Sealed.open(tmp_path / "c.sealed", tmp_path / "c.key")


def test_a_later_import_replaces_the_same_person_only():
    first = Contacts("a", True, read(GOOD + "POL/head,Jan,mail,jan@pl.example,en,111111\n"))
    after = merged(first, read(HEAD + "POL/duty,Ewa,mail,new@pl.example,uk,999999\n"))
    assert [one.name for one in after.people] == ["Ewa", "Jan"]
    assert after.of("POL/duty")[0].channels == (Channel("mail", "new@pl.example"),)


def test_codes_belong_to_one_person_one_message_and_one_channel(tmp_path):
    sealed = Sealed.open(tmp_path / "c.sealed", tmp_path / "c.key", create=True)
    codes = {sealed.code(m, p, c) for m in ("1.0", "1.1") for p in ("a", "b") for c in ("mail:x", "sms:y")}
    assert len(codes) == 8
    assert sealed.code("1.0", "a", "mail:x") in codes
