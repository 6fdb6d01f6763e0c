"""A damaged list is never taken for a shorter one: it is refused with its line, or what was not taken is counted."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.errors import Malformed
from foedus.sanctions import lists
from foedus.sanctions.lists import dates, markup
from tests.sanctions.lists import made

SMALL_UN = b"""<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST dateGenerated="2025-11-20T23:00:09.067Z">
  <INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>ERIC</FIRST_NAME>
    <UN_LIST_TYPE>DRC</UN_LIST_TYPE><REFERENCE_NUMBER>CDi.001</REFERENCE_NUMBER><LISTED_ON>2012-12-31</LISTED_ON>
    <COMMENTS1/><INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Ericson</ALIAS_NAME></INDIVIDUAL_ALIAS>
  </INDIVIDUAL></INDIVIDUALS>
  <ENTITIES><ENTITY><DATAID>2</DATAID><FIRST_NAME>ADF</FIRST_NAME><UN_LIST_TYPE>DRC</UN_LIST_TYPE>
    <REFERENCE_NUMBER>CDe.001</REFERENCE_NUMBER><LISTED_ON>2014-06-30</LISTED_ON></ENTITY></ENTITIES>
</CONSOLIDATED_LIST>
"""
OFAC = {
    "sdn.csv": b'36,"AEROCARIBBEAN",-0- ,"CUBA] [SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Passport A123 (Cuba)."\r\n'
    b'173,"SMITH, John","individual","CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 17 Jan 1941; alt. DOB circa 1942."'
    b"\r\n\x1a",
    "add.csv": b'36,25,-0- ,"Havana","Cuba",-0- \r\n173,26,-0- ,-0- ,-0- ,-0- \r\n\x1a',
    "alt.csv": b'36,12,"aka","AERO-CARIBBEAN",-0- \r\n\x1a',
    "sdn_comments.csv": b"\x1a",
}
WHOLE = {
    "un": SMALL_UN, "uk-xml": made.UK_XML, "uk-csv": made.uk_csv(made.UK_ROWS), "seco": made.SECO, "nsdc": made.NSDC,
    "canada": made.CANADA, "ftm": made.FTM,
}  # fmt: skip


@pytest.mark.parametrize("form", WHOLE)
def test_every_form_is_known_by_what_stands_in_it(form):
    assert lists.read(WHOLE[form]).format == form
    assert lists.read(b"\xef\xbb\xbf" + WHOLE[form]).digest == lists.read(WHOLE[form]).digest


@pytest.mark.parametrize("form", WHOLE)
@given(data=st.data())
def test_a_list_cut_short_anywhere_is_refused_or_says_what_it_lost(form, data):
    """Lines of text can be cut between two rows; then nothing can tell, but nothing else is lost either."""
    whole = WHOLE[form]
    cut = whole[: data.draw(st.integers(0, len(whole.rstrip()) - 1))]
    between_rows = form in ("uk-csv", "ftm") and whole[len(cut) - 1 : len(cut) + 1].count(b"\n") == 1
    try:
        read = lists.read(cut)
    except Malformed:
        return
    assert between_rows or read.doubts
    assert {one.id for one in read.targets} <= {one.id for one in lists.read(whole).targets}


@given(st.sampled_from(sorted(OFAC)), st.data())
def test_a_set_of_ofac_cut_short_anywhere_is_refused_or_doubted(name, data):
    whole = OFAC[name]
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    try:
        read = lists.read(OFAC | {name: cut})
    except Malformed:
        return
    assert name in {one.file for one in (*read.doubts, *read.skipped)}


@pytest.mark.parametrize("form", WHOLE)
def test_another_encoding_is_refused_with_its_line(form):
    text = WHOLE[form].decode().replace("\n", "\n\n", 1)
    name = re.search("[А-яé]", text) or re.search("[a-z]{5}", text)
    assert name is not None
    text = text[: name.start()] + "é" + text[name.start() + 1 :]
    with pytest.raises(Malformed, match=rf"line {text.count(chr(10), 0, name.start()) + 1}: the byte 0xe9 is no UTF-8"):
        lists.read(text.encode("latin-1", "ignore"))
    with pytest.raises(Malformed, match="'Ã©' is 'é' encoded twice"):
        lists.read(text.replace("é", "Ã©").encode())
    with pytest.raises(Malformed, match="line 1: the byte 0xff is no UTF-8"):
        lists.read(text.encode("utf-16"))


def test_ten_to_the_ninth_laughs_are_refused_before_the_first():
    laughs = b'<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">]>'
    with pytest.raises(Malformed, match=r"line 1: a document type \(lolz\)"):
        lists.read(SMALL_UN.replace(b"\n", laughs + b"\n", 1).replace(b"ERIC", b"&lol2;"))
    outside = b'<!DOCTYPE x SYSTEM "file:///etc/passwd">'
    with pytest.raises(Malformed, match=r"a document type \(x\)"):
        lists.read(SMALL_UN.replace(b"\n", outside + b"\n", 1))


def test_what_is_nested_or_long_without_end_is_refused(monkeypatch):
    long = b"<COMMENTS1>" + b"a" * (markup.MAX_TEXT + 1) + b"</COMMENTS1>"
    with pytest.raises(Malformed, match="more than 1048576 characters in one element"):
        lists.read(SMALL_UN.replace(b"<COMMENTS1/>", long))
    monkeypatch.setattr(markup, "MAX_DEPTH", 3)
    with pytest.raises(Malformed, match="more than 3 elements within each other"):
        lists.read(SMALL_UN)
    monkeypatch.undo()
    monkeypatch.setattr(markup, "MAX_CHILDREN", 5)
    with pytest.raises(Malformed, match="more than 5 elements in one entry"):
        lists.read(SMALL_UN)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"ALIAS_NAME>", b"AKA_NAME>", "line 5: found <AKA_NAME> in <INDIVIDUAL_ALIAS>, expected"),
        (b"<FIRST_NAME>ERIC</FIRST_NAME>", b"", "line 3: <INDIVIDUAL> has no <FIRST_NAME>"),
        (b"CDe.001", b"CDi.001", "line 7: CDi.001 stands there a second time, first in line 3"),
        (b"CONSOLIDATED_LIST", b"OTHER_LIST", "none of the lists known"),
    ],
)
def test_another_shape_of_the_un_list_is_refused_with_its_line(old, new, said):
    with pytest.raises(Malformed, match=re.escape(said)):
        lists.read(SMALL_UN.replace(old, new))


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "alt.csv",
            b'36,12,"aka"',
            b'36,"aka",12',
            "alt.csv, line 1: the alias type '12'; aka, fka or nka was expected",
        ),
        ("alt.csv", b'36,12,"aka",', b"36,12,", "alt.csv, line 1: 4 cells beginning with '36'; 5"),
        ("sdn.csv", b'"individual"', b'"person"', "sdn.csv, line 2: the type 'person'"),
        ("sdn.csv", b"173,", b"36,", "sdn.csv, line 2: entry 36 stands there a second time"),
        ("sdn.csv", b'36,"AERO', b'"AERO', "sdn.csv, line 1: 11 cells beginning with 'AEROCARIBBEAN'"),
        ("sdn.csv", b'36,"AEROCARIBBEAN"', b'"AEROCARIBBEAN",36', "sdn.csv, line 1: 12 cells beginning with 'AERO"),
    ],
)
def test_another_shape_of_the_set_of_ofac_is_refused_with_its_line(name, old, new, said):
    assert old in OFAC[name]
    with pytest.raises(Malformed, match=re.escape(said)):
        lists.read(OFAC | {name: OFAC[name].replace(old, new)})


def test_rows_of_no_entry_are_skipped_and_named():
    read = lists.read(OFAC | {"alt.csv": b'99,1,"aka","NOBODY",-0- \r\n' + OFAC["alt.csv"]})
    assert [(one.file, one.line, str(one.what)) for one in read.skipped] == [
        ("alt.csv", 1, "it belongs to entry 99, which the main file does not have")
    ]


def test_another_column_of_the_uk_list_is_refused_or_named():
    with pytest.raises(Malformed, match="line 2: the column 'Name 6' is missing"):
        lists.read(made.uk_csv(made.UK_ROWS, [one for one in made.UK_HEADER if one != "Name 6"]))
    read = lists.read(made.uk_csv(made.UK_ROWS, (*made.UK_HEADER, "Star sign")))
    assert [str(one.what) for one in read.doubts] == ["the column 'Star sign' is not known and was not read"]


def test_an_element_not_known_of_a_list_without_schema_is_counted_and_named():
    read = lists.read(made.UK_XML.replace(b"<Websites>", b"<Shares><Share>1</Share></Shares><Websites>"))
    assert [str(one.what) for one in read.doubts] == [
        "<Shares> in <Designation> is not known and was not read, 1 times"
    ]
    assert read.digest == lists.read(made.UK_XML).digest


@pytest.mark.parametrize("order", ["9999-99-99", "1" * 5000, "3%", "x"])
def test_a_part_of_a_name_in_no_order_is_refused_with_its_line(order):
    assert made.SECO.count(b'order="1"')
    with pytest.raises(Malformed, match=r"line \d+: the order .* of a part of a name; a number was expected"):
        lists.read(made.SECO.replace(b'order="1"', f'order="{order}"'.encode(), 1))


def test_an_empty_list_is_no_list():
    for empty in (b"", b"[]", b"<Designations/>", b"<CONSOLIDATED_LIST/>", b"null"):
        with pytest.raises(Malformed):
            lists.read(empty)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("12 Jan 1982", "1982-01-12"), ("Jan 1982", "1982-01"), ("1982", "1982"), ("01/03/1958", "1958-03-01"),
        ("dd/mm/1945", "1945"), ("00/00/1975", "1975"), ("1960 to 1965", "1960/1965"),
        ("2012-12-31+01:00", "2012-12-31"),
        ("12 January 1982", "1982-01-12"), ("24-Jun-2026", "2026-06-24"), ("31/02/1958", None), ("unknown", None),
        ("12 Foo 1982", None), ("1965 to 1960", None),
    ],
)  # fmt: skip
def test_a_date_is_read_as_far_as_it_is_known_and_never_guessed(text, known):
    assert dates.iso(text) == known
