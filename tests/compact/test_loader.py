"""A malformed file is refused whole, with every fault at its line and column; a good one is one compact.

In the table, `§` marks the place where the finding must point; it is taken out before the file is read.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from foedus.compact.findings import MalformedCompact
from foedus.compact.loader import bundled, bundled_titles, load
from foedus.compact.model import canonical, from_canonical
from foedus.errors import Malformed
from tests.compact.files import SMALL, faults, loaded


def line(start: str) -> str:
    """The line of the small compact that begins so."""
    (one,) = [line for line in SMALL.splitlines() if line.strip().startswith(start)]
    return one


RUNS = line("- {op: quorum")
CLOCK = line("- {op: clock")
DECISION = line("- {op: decision")
MEASURE = line("- {op: measure")
GROUP = line("- {id: core")
SIGNED = line("- {party: AAA")
BACK = "\n          - {{op: snapback, returning: [relief], when: {}}}"
LISTS = "\n          - {{op: regime, id: r1, issuer: AAA, restrictions: [trade], {}}}"
WATCHED = "\n          - {{op: witnessing, role: head, at_least: {}}}"
GAP = "source: {kind: interpretation}\n        operates"

# What is wrong, what stands in SMALL, what stands there instead, and the beginning of what is found.
SHAPE = [
    ("misspelt key", "short_title:", "§short_titel:", "the unknown key 'short_titel'"),
    ("key of another clause", "mode: vote,", "mode: vote, §within: PT1H,", "the unknown key 'within'"),
    ("missing key", "title: {en: Part, uk: Частина}", "title: §{en: Part}", "no key 'uk'"),
    ("missing op", "{op: roll, groups: [core]}", "§{groups: [core]}", "no key 'op'"),
    ("unknown op", "op: roll,", "op: §rol,", "'rol'"),
    ("op is a list", "op: roll,", "op: §[roll],", "a list"),
    ("clause is a word", "{op: roll, groups: [core]}", "§roll", "'roll'"),
    ("word outside a closed set", "force: political", "force: §politcal", "'politcal'"),
    ("number for a word", "id: P.words", "id: §7", "the number 7"),
    ("float for a word", 'amount: "12.50"', "amount: §12.50", "the number 12.50"),
    ("truth for a word", "en: Words only.", "en: §true", "true"),
    ("word for a number", "signatures: 2", "signatures: §two", "'two'"),
    ("quoted number", "signatures: 2", "signatures: §'2'", "'2'"),
    ("float for a number", "signatures: 2", "signatures: §2.0", "the number 2.0"),
    ("number out of bounds", "signatures: 2", "signatures: §9", "the number 9"),
    ("hexadecimal", "signatures: 2", "signatures: §0x2", "the number 0x2"),
    ("number of a thousand digits", "signatures: 2", "signatures: §" + "2" * 5000, "the number 222"),
    ("yes of YAML 1.1", "signed_by_states: true", "signed_by_states: §yes", "'yes'"),
    ("quoted truth", "signed_by_states: true", "signed_by_states: §'true'", "'true'"),
    ("other format", "format: 1", "format: §2", "the number 2"),
    ("quoted format", "format: 1", "format: §'1'", "'1'"),
    ("no such day", "dated: 2030-01-31", "dated: §2030-02-31", "'2030-02-31'"),
    ("date with slashes", "dated: 2030-01-31", "dated: §31/01/2030", "'31/01/2030'"),
    ("date without hyphens", "dated: 2030-01-31", "dated: §20300131", "the number 20300131"),
    ("decimal fraction", "at_least: 2/3", "at_least: §0.66", "the number 0.66"),
    ("whole as a fraction", "at_least: 2/3", "at_least: §1", "the number 1"),
    ("fraction of nothing", "at_least: 2/3", "at_least: §2/0", "'2/0'"),
    ("fraction in words", "at_least: 2/3", "at_least: §two thirds", "'two thirds'"),
    ("duration in words", "within: PT48H", "within: §48 hours", "'48 hours'"),
    ("duration in weeks", "within: PT48H", "within: §P1W", "'P1W'"),
    ("duration of nothing", "within: PT48H", "within: §PT0H", "'PT0H'"),
    ("duration as a number", "within: PT48H", "within: §48", "the number 48"),
    ("duration of other digits", "within: PT48H", "within: §PT٤٨H", "'PT٤٨H'"),
    ("duration with a line break", "within: PT48H", 'within: §"PT48H\\n"', "'PT48H\\n'"),
    ("endless duration", "within: PT48H", "within: §P101Y", "'P101Y'"),
    ("id with a blank", "id: P.words", "id: §P words", "'P words'"),
    ("id with a line break", "id: P.words", 'id: §"P.words\\n"', "'P.words\\n'"),
    ("id of a bad character", "{id: head,", "{id: §голова,", "'голова'"),
    ("endless id", "id: P.words", "id: §" + "x" * 65, "'xxx"),
    ("nothing", "nature: {en: A test., uk: Перевірка.}", "nature: §~", "nothing"),
    ("nothing for an option", "consulted: 2030-02-01", "consulted: §null", "nothing"),
    ("list for a value", "zone: Europe/Oslo", "zone: §[Europe/Oslo]", "a list"),
    ("mapping for a value", "zone: Europe/Oslo", "zone: §{name: Europe/Oslo}", "a mapping"),
    ("value for a list", "kinds: [threat]", "kinds: §threat", "'threat'"),
    ("value for a mapping", "name: {en: Aland, uk: Аланд}", "name: §Aland", "'Aland'"),
    ("list for a table", "values: {AAA: 1, BBB: 2}", "values: §[1, 2]", "a list"),
    ("empty text", "en: Words only.", "en: §''", "an empty text"),
    ("endless text", "en: Words only.", "en: §" + "word " * 801, "a text of 4004 characters"),
    ("comma in a text", "en: Words only.", "en: Words, §and more.", "the unknown key 'and more.'"),
]  # fmt: skip

YAML = [
    ("key twice", "id: small", "id: small\n§id: large", "the key 'id' a second time"),
    ("anchor", "[threat], opens", "§&t [threat], opens", "the anchor &t"),
    ("alias", "uk: Беланд", "uk: §*t", "the alias *t"),
    ("tag", "id: small", "id: §!!str small", "the tag tag:yaml.org,2002:str"),
    ("own tag", "sources:", "sources: §!include", "the tag !include"),
    ("second document", "agreements:", "§---\nagreements:", "a second document"),
    ("directive", "format: 1", "%YAML 1.1\n§---\nformat: 1", "a % directive"),
    ("list as a key", "id: small", "? §[a, b]\n: x\nid: small", "a list or mapping as a key"),
    ("tab", "    provisions:", "§\tprovisions:", "a tab"),
    ("merge key", "{id: field, ", "{§<<: {id: field}, ", "the unknown key '<<'"),
    ("text turned round", "en: Words only.", "en: Words §\u202eonly.", "the character U+202E"),
    ("bell", "en: Words only.", "en: Words §\x07 only.", "the character U+0007"),
    ("separator that few see", "en: Words only.", "en: Words§\u2028only.", "the character U+2028"),
    ("space of no width", "en: Words only.", "en: Words§\u200b only.", "the character U+200B"),
    ("hyphen that few see", "en: Words only.", "en: Wo§\u00adrds only.", "the character U+00AD"),
    ("letter without a form", "en: Words only.", "en: Words§\u3164only.", "the character U+3164"),
    ("escaped joiner", "en: Words only.", 'en: §"Words\\u2060 only."', "an escape for U+2060"),
    ("letter that looks alike", "en: Words only.", "en: §W\u043erds only.", "the word 'W\u043erds', of Latin letters"),
    ("escaped letter that looks alike", "en: Words only.", 'en: §"W\\u043erds"', "the word 'W\u043erds', of"),
    ("escaped surrogate", "en: Words only.", 'en: §"\\ud800"', "an escape for U+D800"),
    ("escaped nothing", "en: Words only.", 'en: §"\\0"', "an escape for U+0000"),
    ("too deep", "kinds: [threat]", "kinds: " + "[" * 25 + "§[", "more than 32 levels"),
    ("colon in a text", "en: Words only.", "en: Words§: only.", "what YAML cannot read"),
]  # fmt: skip

MEANING = [
    ("source of nothing", "ref: [S1], verified", "ref: [§S2], verified", "'S2', which names nothing"),
    ("role of nothing", "roles: [head]}], sig", "roles: [§haed]}], sig", "'haed', which names nothing"),
    ("group of nothing", "{group: core, roles", "{group: §cores, roles", "'cores', which names nothing"),
    ("act of nothing", "act: Activate", "act: §Activated", "'Activated', which names nothing"),
    ("place of nothing", "codes: [field]", "codes: [field, §sea]", "'sea', which names nothing"),
    ("outsider of nothing", "outsiders: [OUT]", "outsiders: [§BBB]", "'BBB', which names nothing"),
    ("outsider on the roll", "op: roll, groups: [core]", "op: roll, groups: [§OUT]", "'OUT', which names"),
    ("party of nothing", "protected: AAA", "protected: §AAB", "'AAB', which names nothing"),
    ("weights of nothing", "by: sizes", "by: §size", "'size', which names nothing"),
    ("weight of nobody", "BBB: 2}", "CCC: §2}", "'CCC', which names nothing"),
    ("provision of nothing", "lapse: [P.words]", "lapse: [§P.word]", "'P.word', which names nothing"),
    ("provision read by an agreement", "provision: P.words", "provision: §P", "'P', which names nothing"),
    ("organisation of nothing", "organisation: club", "organisation: §clubs", "'clubs', which names"),
    ("party of an agreement", "{party: AAA, st", "{party: §OUT, st", "'OUT', which names nothing"),
    ("named twice", "kinds: [threat]", "kinds: §[threat, threat]", "'threat' twice"),
    ("id twice", "id: P.runs", "id: §P.words", "'P.words' a second time"),
    ("group and party of one id", "  - id: BBB", "  - id: §core", "'core', which is the id of a group"),
    ("outsider that is a party", "{id: OUT,", "{id: §AAA,", "'AAA', which is the id of a party"),
    ("word that every compact has", GROUP, GROUP + "\n" + GROUP.replace("core", "§parties"), "'parties', w"),
    ("instrument of one id", "id: small", "id: §pact", "the id of an agreement too"),
    ("call that starts no clock", "act: Activate", "act: §CallMeeting", "'CallMeeting', of which nothing"),
    ("vote that no clause has", "act: Activate", "act: §ProposeEstablishment", "'ProposeEstablishment', of which"),
    ("words that no clause lets in", "act: Activate", "act: §EnterTranscript", "'EnterTranscript', of which"),
    ("role that means a root key", "{id: head,", "{id: §root,", "'root', which means the key"),
    ("root for another act", "by: [{group: core, roles: [head]", "by: [§{group: core, roles: [root]", "'Activate' p"),
    ("seat that recovers", "act: Activate, by: [{", "act: RecoverSeat, by: [§{", "seats that may recover seats"),
    ("no operator", "rule: {share: {more_than: 1/2}}", "rule: §{}", "no operator"),
    ("two operators", "{consent: [BBB]}", "§{consent: [BBB], no_objection: core}", "consent and no_"),
    ("empty rule", "{consent: [BBB]}", "{consent: §[]}", "an empty list"),
    ("empty clause", "kinds: [threat]", "kinds: §[]", "an empty list"),
    ("no bound", "{more_than: 1/2}", "§{of: roll}", "no bound"),
    ("two bounds", "{more_than: 1/2}", "§{more_than: 1/2, at_least: 1/2}", "two bounds"),
    ("share above the whole", "at_least: 2/3", "at_least: §4/3", "4/3"),
    ("share of nothing", "at_least: 2/3", "at_least: §0/3", "0/1"),
    ("more than the whole", "more_than: 1/2", "more_than: §2/2", "1/1"),
    ("vote without a rule", DECISION, "          - §{op: decision, mode: vote}", "a vote without a rule"),
    ("rule without a vote", "mode: vote, rule: ", "mode: opt_in, rule: §", "a rule for opt_in"),
    ("binding all who did not join", DECISION, DECISION[:33] + "opt_in, binds: §roll}", "'roll' for opt_in"),
    ("immediate without a time", "[AAA], within: PT6H", "[AAA]", "an immediate measure without"),
    ("two quorums", RUNS, RUNS + "\n" + RUNS.replace("{op", "§{op"), "a second clause for: quorum"),
    ("two clocks of a step", CLOCK, CLOCK + "\n" + CLOCK.replace("{op", "§{op"), "a second clause for:"),
    ("extension without a clock", CLOCK, "", "an extension without a clock"),
    ("outsiders above all", RUNS, RUNS + WATCHED.format("2, operator: AAA, outside_at_least: §3"), "3 outside"),
    ("more witnesses than parties", RUNS, RUNS + WATCHED.format("§3, operator: AAA"), "3 witnesses"),
    ("nobody outside", RUNS, RUNS + WATCHED.format("2, operator: parties, outside_at_least: §1"), "1 witnesses"),
    ("fewer outside", RUNS, RUNS + WATCHED.format("2, operator: core, outside_at_least: §2"), "2 witnesses"),
    ("server run by whom a request names", RUNS, RUNS + WATCHED.format("1, operator: §addressed"), "'addressed'"),
    ("notice without a time", RUNS, RUNS + BACK.replace("{{op", "§{{op").format("notice"), "a snapback on notice wi"),
    ("both ways back", RUNS, RUNS + BACK.format("renewed_aggression, sunset: §2030-01-01"), "'sunset' for renewed"),
    ("rule of no renewal", RUNS, RUNS + LISTS.format("rule: §{consent: [AAA]}"), "a rule of renewal"),
    ("day of few years", RUNS, RUNS + LISTS.format('renewed_on: §["02-29"]'), "'02-29'"),
    ("issuer of nothing", RUNS, RUNS + LISTS.replace("AAA", "§AAZ").format("plan: {en: x, uk: x}"), "'AAZ', which"),
    ("easing in vain", "act: Activate", "act: §ProposeEasing", "'ProposeEasing', of which"),
    ("coalition that meets", CLOCK, CLOCK.replace("decide", "convene").replace("coal", "§coal"), "'coal"),
    ("meeting that waits for itself", "step: decide, within", "step: convene, within", "'convened'"),
    ("measure twice", MEASURE, MEASURE.replace("m1", "m2") + "\n" + MEASURE.replace("m1", "§m2"), "'m2' a"),
    ("no time zone", "zone: Europe/Oslo", "zone: §Europe/Olso", "'Europe/Olso'"),
    ("no time zone but a path", "zone: Europe/Oslo", "zone: §../../etc/passwd", "'../../etc/passwd'"),
    ("adopted by none", GAP, GAP.replace("{kind: interpretation", "§{kind: adopted, on: 2030-01-01"), "an a"),
    ("adopted never", GAP, GAP.replace("{kind: interpretation", "§{kind: adopted, by: [AAA]"), "an adopted"),
    ("text adopted", GAP, GAP.replace("interpretation", "§text, by: [AAA]"), "'text' with `by` or `on`"),
    ("address that runs", '"https://example.org/s1"', "§'javascript:alert(1)'", "'javascript:alert(1)'"),
    ("blank text", "en: Words only.", "en: §' '", "blanks only"),
    ("union with a head", "groups: []", "groups: []\n    part_of: [BBB]", "the union 'BBB' with heads: 1"),
    ("amount in words", '"12.50"', "§'12,50'", "'12,50'"),
    ("no currency", "currency: EUR", "currency: §euro", "'euro'"),
    ("party twice in a pact", SIGNED, SIGNED + "\n" + SIGNED.replace("signed", "ratified"), "'AAA' twice"),
]  # fmt: skip


def test_the_small_compact_loads(tmp_path):
    compact = loaded(tmp_path, SMALL)
    assert compact.id == "small"
    assert from_canonical(canonical(compact)) == compact


@pytest.mark.parametrize(("what", "old", "new", "found"), SHAPE + YAML + MEANING, ids=lambda one: str(one)[:24])
def test_a_fault_is_found_where_it_stands(tmp_path, what, old, new, found):
    assert SMALL.count(old) == 1, f"{what}: {old!r} must stand once in the small compact"
    text = SMALL.replace(old, new)
    before, mark, _ = text.partition("§")
    findings = faults(tmp_path, text.replace("§", "")).findings
    fitting = [one for one in findings if one.found.startswith(found)]
    assert fitting, f"{what}: {[one.one_line() for one in findings]}"
    if mark:
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        assert (line, column) in {(one.line, one.column) for one in fitting}, fitting
    assert all(one.file == "compact.yaml" and one.expected for one in findings)


def test_every_fault_of_a_file_is_told_at_once(tmp_path):
    """Faults of every pass in one file: none hides another, and the lines are those an editor jumps to."""
    text = (
        SMALL.replace("id: small", "id: a small one")
        .replace("short_title:", "short_titel:")
        .replace("signatures: 2", "signatures: 9")
        .replace("codes: [field]", "codes: [sea]")
        .replace("zone: Europe/Oslo", "zone: Oslo")
        .replace("at_least: 2/3", "at_least: 3/2")
        .replace("provision: P.words", "provision: P.word")
    )
    assert str(faults(tmp_path, text)).splitlines() == EVERY


EVERY = [
    "compact.yaml:1:1: found no key 'short_title'; expected a mapping with en, uk",
    (
        "compact.yaml:2:5: found 'a small one' in id; expected an identifier (letters, digits, '.', '_', '-';"
        " at most 64, first a letter or digit)"
    ),
    ("compact.yaml:4:1: found the unknown key 'short_titel'; expected a key of the model; did you mean 'short_title'?"),
    "compact.yaml:25:11: found 'Oslo' in parties[1].zone; expected an IANA time zone as Europe/Kyiv",
    (
        "compact.yaml:51:89: found the number 9 in parts[0].provisions[1].operates[0].signatures;"
        " expected a whole number from 1 to 4"
    ),
    (
        "compact.yaml:53:37: found 'sea', which names nothing in"
        " parts[0].provisions[1].operates[2].codes[0]; expected a place"
    ),
    (
        "compact.yaml:58:77: found 3/2 in parts[0].provisions[1].operates[7].rule.weight.at_least;"
        " expected more than 0, at most 1/1"
    ),
    (
        "compact.yaml:72:21: found 'P.word', which names nothing in"
        " agreements[0].corresponds[0].provision; expected a provision; did you mean 'P.words'?"
    ),
]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("roles:", "rolls:"),
        ("  - {id: head, name", "  - {id: 7, name"),
        ("  - {id: core, tier: true,", "  - {id: core, tier: maybe,"),
        ("  - {id: field, name: {en: Field, uk: Поле}}", "  - field"),
        ("  S1: {url", "  S1: {uri"),
        ("op: clock,", "op: clocks,"),
        ("      - id: P.words\n", "      - ident: P.words\n"),
    ],
)
def test_what_could_not_be_read_is_not_missed_a_second_time(tmp_path, old, new):
    findings = faults(tmp_path, SMALL.replace(old, new)).findings
    assert not [one for one in findings if "names nothing" in one.found or "without a clock" in one.found]


def test_what_yaml_1_1_would_have_spoilt_is_only_text(tmp_path):
    text = SMALL.replace("id: BBB", "id: NO").replace("BBB", "NO").replace("en: Words only.", "en: off")
    compact = loaded(tmp_path, text.replace("en: All of it.", "en: 12:30:45"))
    assert compact.parties[1].id == "NO"
    assert [one.text.en for one in compact.parts[0].provisions] == ["off", "12:30:45"]


@pytest.mark.parametrize("data", [b"", b"# nothing\n", b"---\n", b"[]", b"text", b"\xef\xbb\xbf"])
def test_a_file_without_a_mapping_is_no_compact(tmp_path, data):
    (one,) = faults(tmp_path, data).findings
    assert one.found in ("an empty file", "nothing", "a list", "'text'")


def test_a_byte_that_is_not_utf_8_is_found(tmp_path):
    data = SMALL.encode().replace("Поле".encode(), "Поле".encode("cp1251"))
    (one,) = faults(tmp_path, data).findings
    assert one.line == SMALL[: SMALL.index("Поле")].count("\n") + 1
    assert one.found == "the byte 0xcf, which is not UTF-8"


def test_a_byte_order_mark_and_other_line_ends_are_no_fault(tmp_path):
    compact = loaded(tmp_path, "\ufeff" + SMALL.replace("\n", "\r\n"))
    assert compact == loaded(tmp_path, SMALL)


def test_a_file_of_more_than_4_mib_is_not_read(tmp_path):
    (one,) = faults(tmp_path, SMALL + "#" * (4 * 1024 * 1024)).findings
    assert "bytes" in one.found


def test_a_bomb_of_aliases_is_refused_without_being_unfolded(tmp_path):
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40))]
    findings = faults(tmp_path, "\n".join(lines)).findings
    assert sum(one.found.startswith("the alias") for one in findings) == 39 * 9


def test_a_path_that_leads_nowhere_is_told_with_what_there_is(tmp_path):
    for nowhere in ("kyiv-2202", str(tmp_path / "none"), "\0", "x" * 5000):
        with pytest.raises(MalformedCompact) as caught:
            load(nowhere)
        assert caught.value.findings[0].remedy
    with pytest.raises(Malformed, match="did you mean 'kyiv-2022'"):
        load("kyiv-2202")


def test_a_folder_leaves_no_agreement_unread(tmp_path):
    (tmp_path / "agreements").mkdir()
    (tmp_path / "compact.yaml").write_text(SMALL)
    (tmp_path / "agreements/pact.yml").write_text("id: pact")
    with pytest.raises(MalformedCompact, match=r"agreements/pact\.yml:1:1: found a file that"):
        load(tmp_path)
    (tmp_path / "agreements/pact.yml").unlink()
    (tmp_path / "compact.yaml").unlink()
    with pytest.raises(MalformedCompact, match=r"compact\.yaml:1:1: found no such file"):
        load(tmp_path)


def test_faults_of_all_files_are_told_together(tmp_path):
    (tmp_path / "agreements").mkdir()
    pact = SMALL.split("agreements:\n")[1].replace("\n    ", "\n").removeprefix("  - ")
    (tmp_path / "compact.yaml").write_text(SMALL.replace("zone: Europe/Oslo", "zone: Oslo"))
    (tmp_path / "agreements/a.yaml").write_text(pact.replace("id: pact", "id: other").replace("EUR", "eur"))
    (tmp_path / "agreements/b.yaml").write_text(pact)
    (tmp_path / "agreements/c.yaml").write_text("{")
    with pytest.raises(MalformedCompact) as caught:
        load(tmp_path)
    found = [(Path(one.file).name, one.line) for one in caught.value.findings]
    assert found == [("c.yaml", 1)], "while a file cannot be read, what it names is not missed"
    (tmp_path / "agreements/c.yaml").unlink()
    with pytest.raises(MalformedCompact) as caught:
        load(tmp_path)
    told = [(Path(one.file).name, one.found) for one in caught.value.findings]
    assert told == [("a.yaml", "'eur'"), ("b.yaml", "'pact' a second time"), ("compact.yaml", "'Oslo'")]


@pytest.mark.parametrize("name", sorted(bundled()))
def test_a_title_read_by_itself_is_that_of_the_whole(name):
    assert bundled_titles()[name] == load(name).short_title


@pytest.mark.parametrize("name", sorted(bundled()))
def test_every_bundled_text_loads(name):
    compact = load(name)
    assert compact.id == name
    assert from_canonical(canonical(compact)) == compact
