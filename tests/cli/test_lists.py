"""`import` and `sanctions delta`: what would be taken, what is taken once, and what changed."""

from __future__ import annotations

import pytest

from foedus import archive
from foedus.record.store import open_store
from tests.sanctions.lists import made
from tests.verify.test_published import served


@pytest.fixture
def files(tmp_path):
    """Two versions of the UK's list."""
    old, new = tmp_path / "old.xml", tmp_path / "new.xml"
    old.write_bytes(made.UK_XML)
    new.write_bytes(made.UK_XML.replace(b"dd/mm/1958", b"02/03/1958"))
    return old, new


def test_without_a_record_it_says_what_would_be_taken(foedus, files):
    ran = foedus("import", "uk", files[0])
    assert ran.status == 0
    assert "uk of GBR, of 20 August 2026." in ran.out
    assert "3 targets, 1 aliases, 1 weak ones" in ran.out
    told = foedus.json("import", "uk", files[0])
    assert (told["counts"]["targets"], told["skipped"], told["doubts"]) == (3, [], [])


def test_rows_skipped_are_named_in_both_languages(foedus, tmp_path):
    file = tmp_path / "seco.xml"
    file.write_bytes(made.SECO)
    assert "  seco.xml:" in foedus("import", "switzerland", file).out
    assert "900 was removed from the list on 2016-03-01" in foedus("import", "switzerland", file).out
    assert "900 вилучено зі списку 2016-03-01" in foedus("import", "switzerland", file, "--lang", "uk").out


def test_another_list_than_was_named_is_refused(foedus, files):
    ran = foedus("import", "un", files[0])
    assert (ran.status, "is the list uk-xml; one of un was expected" in ran.line) == (2, True)
    ran = foedus("import", "mars", files[0])
    assert (ran.status, "'mars' is no source known" in ran.line) == (2, True)


def test_a_list_is_deposited_once(foedus, exercise, files):
    """The file into the archive, the digest and the counts into the record; the same version again adds nothing."""
    first = foedus("import", "uk", files[0], exercise, "--as", "POL/foreign")
    assert first.status == 0, first.err
    again = foedus.json("import", "uk", files[0], exercise, "--as", "POL/foreign")
    size = foedus.json("status", exercise)["entries"]
    assert again["entry"] == size - 1
    store = open_store(exercise)
    try:
        assert made.UK_XML in [archive.get(store, digest) for digest in archive.digests(store)]
        assert archive.holds(store, again["digest"])
    finally:
        store.close()
    assert foedus("import", "uk", files[1], exercise, "--as", "POL/foreign").status == 0
    old = foedus("import", "uk", files[0], exercise, "--as", "POL/foreign")
    assert old.out.splitlines()[-1].endswith(f"in entry {again['entry']}: nothing is added.")
    assert foedus.json("status", exercise)["entries"] == size + 1
    new = foedus.json("import", "uk", files[1])["digest"]
    told = foedus.json("sanctions", "delta", again["digest"], new, "--record", exercise)
    assert [one["id"] for one in told["amended"]] == ["RUS0001"]
    assert foedus("verify", exercise, "--rules").status == 0


def test_a_delta_of_two_files(foedus, files):
    ran = foedus("sanctions", "delta", *files)
    assert ran.out.splitlines() == [
        "0 added, 0 removed, 1 amended.",
        "~ RUS0001",
        "    Born or founded: - 1958",
        "    Born or founded: + 1958-03-02",
    ]
    assert foedus.json("sanctions", "delta", *files)["amended"][0]["changes"] == [
        {"field": "births", "removed": [{"date": "1958"}], "added": [{"date": "1958-03-02"}]}
    ]


SDN = (
    b'36,"AEROCARIBBEAN",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    b'173,"SMITH, John","individual","CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\x1a'
)
PARTS = {
    "add.csv": b'36,25,-0- ,"Havana","Cuba",-0- \r\n173,26,"1 Quay",-0- ,-0- ,-0- \r\n\x1a',
    "alt.csv": b'36,12,"aka","AERO-CARIBBEAN",-0- \r\n\x1a',
}


def test_a_set_without_its_main_file_is_read_by_its_form(foedus, tmp_path):
    """As the message says that refuses it; an entry that has no name then is told by its id."""
    for day, alt in (("old", PARTS["alt.csv"]), ("new", PARTS["alt.csv"].replace(b"36,12", b"173,12"))):
        (tmp_path / day).mkdir()
        for name, data in {**PARTS, "alt.csv": alt}.items():
            (tmp_path / day / name).write_bytes(data)
    ran = foedus("import", "ofac", tmp_path / "old")
    assert (ran.status, "by --form ofac-csv-parts" in ran.line) == (2, True)
    assert foedus("import", "ofac", tmp_path / "old", "--form", "ofac-csv-parts").status == 0
    ran = foedus("sanctions", "delta", tmp_path / "old", tmp_path / "new", "--form", "ofac-csv-parts")
    assert ran.out.splitlines()[0] == "0 added, 0 removed, 2 amended."
    (tmp_path / "new" / "add.csv").write_bytes(PARTS["add.csv"].replace(b"173,26", b"174,26"))
    (tmp_path / "new" / "alt.csv").write_bytes(PARTS["alt.csv"])
    ran = foedus("sanctions", "delta", tmp_path / "old", tmp_path / "new", "--form", "ofac-csv-parts")
    assert ran.out.splitlines() == ["1 added, 1 removed, 0 amended.", "+ 174", "- 173"]
    ran = foedus("import", "ofac", tmp_path / "old", "--form", "un")
    assert (ran.status, "one file was expected, found 2" in ran.line) == (2, True)


def test_the_day_of_a_list_is_its_own(foedus, exercise, files, tmp_path):
    """What is said of a list that is only read, or against what it states, is refused and not passed over."""
    ran = foedus("import", "uk", files[0], exercise, "--as", "POL/foreign", "--as-of", "2026-01-01")
    assert (ran.status, "the list states 2026-08-20 itself" in ran.line) == (2, True)
    for option in (("--as-of", "2026-08-20"), ("--legal-basis", "act-1"), ("--publisher", "GBR"), ("--list", "uk")):
        ran = foedus("import", "uk", files[0], *option)
        assert (ran.status, "name the record too" in ran.line) == (2, True)
    ran = foedus("import", "uk", files[0], exercise, "--as", "POL/foreign", "--as-of", "yesterday")
    assert (ran.status, "a day such as 2026-08-03 was expected" in ran.line) == (2, True)


def test_a_list_is_read_from_its_address(foedus, files):
    for name, data in {**PARTS, "sdn.csv": SDN, "sdn_comments.csv": b"\x1a"}.items():
        (files[0].parent / name).write_bytes(data)
    with served(files[0].parent) as url:
        assert foedus.json("import", "uk", f"{url}/new.xml") == foedus.json("import", "uk", files[1])
        said = foedus("sanctions", "delta", f"{url}/old.xml", files[1]).out
        assert said.startswith("0 added, 0 removed, 1 amended.")
        assert foedus.json("import", "ofac", f"{url}/alt.csv")["counts"]["targets"] == 2
        ran = foedus("import", "uk", f"{url}/nowhere.xml")
        assert (ran.status, ran.line.endswith(f"404 File not found' for url '{url}/nowhere.xml'; try again")) == (
            1,
            True,
        )


def test_a_list_that_says_not_whose_it_is_is_deposited_under_the_name_it_is_given(foedus, exercise, tmp_path, files):
    """Two lists of FollowTheMoney are two, and their entries can be listed by their ids."""
    file, into = tmp_path / "entities.ftm.json", (exercise, "--as", "POL/foreign")
    file.write_bytes(made.FTM)
    for options in ((), ("--publisher", "GBR"), ("--publisher", "GBR", "--list", "A b")):
        ran = foedus("import", "ftm", file, *into, *options)
        assert (ran.status, "does not say whose list it is" in ran.line) == (2, True)
    ran = foedus("import", "ftm", file, *into, "--publisher", "GBR", "--list", "owners")
    assert (ran.status, "A version of the list owners of" in ran.out) == (0, True)
    assert foedus("import", "ftm", file, *into, "--publisher", "GBR", "--list", "others").status == 0
    assert "nothing is added" in foedus("import", "ftm", file, *into, "--publisher", "GBR", "--list", "owners").out
    proposed = foedus.json("sanctions", "joins", "--record", exercise)["joins"]
    assert {"others:p1", "owners:p1"} in [{one["one"], one["other"]} for one in proposed]
    ran = foedus("import", "uk", files[0], *into, "--publisher", "FRA", "--list", "uk-2")
    assert (ran.status, "this is the list uk of GBR" in ran.line) == (2, True)


@pytest.mark.parametrize("address", ["https://[", "http://a..b/list.xml"])
def test_what_is_no_address_is_told_in_a_line(foedus, address):
    ran = foedus("import", "un", address)
    assert (ran.status, "is no address" in ran.line) == (2, True)


def test_a_digest_needs_the_record_that_has_it(foedus, files):
    ran = foedus("sanctions", "delta", "0" * 64, files[0])
    assert (ran.status, "name the record that has it with --record" in ran.line) == (2, True)


def test_a_backup_has_the_archive(foedus, exercise, files, tmp_path):
    assert foedus("import", "uk", files[0], exercise, "--as", "POL/foreign").status == 0
    assert foedus("backup", exercise, "--to", tmp_path / "kept.backup").status == 0
    assert foedus("restore", tmp_path / "kept.backup", "--to", tmp_path / "again").status == 0
    store = open_store(tmp_path / "again")
    try:
        assert made.UK_XML in [archive.get(store, digest) for digest in archive.digests(store)]
    finally:
        store.close()
