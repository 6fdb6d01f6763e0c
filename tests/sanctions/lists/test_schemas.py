"""What importers take for the shape of a list is what its publisher's schema says, and documents after it are read whole."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.sanctions import lists
from foedus.sanctions.lists import eu, ofac_shape, ofac_xml, un
from tests.sanctions.lists.schema import document, needs_lists, shape

pytestmark = needs_lists
SEEDS = st.integers(0, 2**32)


def known(found: dict[str, str]) -> dict[str, set[str]]:
    return {element: set(parts.split()) for element, parts in found.items()}


def test_the_eu_shape_is_the_schema():
    assert known(eu.SHAPE) == shape("fsf_schema_1_1.xsd", "export")


def test_the_older_ofac_shape_is_the_schema():
    assert known(ofac_xml.SHAPE) == shape("consolidated.xsd", "sdnList")


def test_the_un_shape_is_the_schema_and_what_its_files_have_beyond_it():
    schema, ours = shape("sc-sanctions.xsd", "CONSOLIDATED_LIST"), known(un.SHAPE)
    beyond = {element: parts - schema[element] for element, parts in ours.items()}
    assert schema == {element: parts - beyond[element] for element, parts in ours.items()}
    assert {element: parts for element, parts in beyond.items() if parts} == {
        "ENTITY_ALIAS": {"NOTE"},
        "INDIVIDUAL_PLACE_OF_BIRTH": {"STREET", "ZIP_CODE"},
    }


def test_the_advanced_ofac_shape_has_all_of_the_schema():
    schema, ours = shape("sdn_advanced.xsd", "Sanctions"), known(ofac_shape.SHAPE)
    assert not {element: parts - ours.get(element, set()) for element, parts in schema.items() if parts - ours[element]}
    assert ours.keys() == schema.keys()


@given(SEEDS)
@settings(max_examples=25)
def test_a_document_of_the_eu_schema_is_read_whole(seed):
    data = document("fsf_schema_1_1.xsd", "export", seed).replace(b'euReferenceNumber="', b'euReferenceNumber="EU.')
    rows = list(ElementTree.fromstring(data))
    if not rows:
        return
    read = lists.read(data)
    assert (read.list, len(read.targets), read.skipped, read.doubts) == ("eu-fsf", len(rows), (), ())
    whole = {one.get("wholeName", "").strip() for row in rows for one in row if one.tag.endswith("nameAlias")} - {""}
    assert whole <= {name.text for one in read.targets for name in one.names}
    numbers = {one.get("number", "").strip() for row in rows for one in row if one.tag.endswith("identification")} - {
        ""
    }
    assert numbers <= {each.number for one in read.targets for each in one.identifiers}


@given(SEEDS)
@settings(max_examples=25)
def test_a_document_of_the_older_ofac_schema_is_read_whole(seed):
    root = ElementTree.fromstring(document("consolidated.xsd", "sdnList", seed, most=3))
    space = "{http://tempuri.org/consolidated.xsd}"
    rows = root.findall(f"{space}sdnEntry")
    if not rows:
        return
    for number, row in enumerate(rows):
        row.find(f"{space}uid").text = str(number)
        row.find(f"{space}sdnType").text = ("Individual", "Entity", "Vessel", "Aircraft")[number % 4]
    stated = root.find(f"{space}publshInformation/{space}Record_Count")
    if stated is not None:
        stated.text = str(len(rows))
    read = lists.read(ElementTree.tostring(root))
    assert (len(read.targets), read.skipped) == (len(rows), ())
    said = {one.text.strip() for one in root.iter(f"{space}idNumber") if one.text}
    assert said <= {each.number for one in read.targets for each in one.identifiers}


@given(SEEDS)
@settings(max_examples=25)
def test_a_document_of_the_un_schema_is_read_whole(seed):
    root = ElementTree.fromstring(document("sc-sanctions.xsd", "CONSOLIDATED_LIST", seed, most=2))
    rows = [one for group in root for one in group]
    read = lists.read(ElementTree.tostring(root))
    assert (read.list, len(read.targets), read.skipped) == ("un-consolidated", len(rows), ())
    aliases = {one.text.strip() for one in root.iter("ALIAS_NAME") if one.text}
    assert aliases <= {name.text for one in read.targets for name in one.names}
