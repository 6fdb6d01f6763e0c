"""Files of others are exactly what vendor.toml says, carry their licences, and load nothing from elsewhere."""

import re

import pytest

from tools.vendor import FOLDER, MismatchError, altered, expect, listed, sha256

FILES = [file for package in listed() for file in package["file"]]
NAMES = [file["name"] for file in FILES]


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_a_file_has_the_digest_that_is_written_down(file):
    assert sha256((FOLDER / file["name"]).read_bytes()) == file["sha256"]


def test_nothing_lies_there_that_is_not_listed():
    found = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert found == {*NAMES, "vendor.toml"}


@pytest.mark.parametrize("package", listed(), ids=lambda package: package["name"])
def test_a_package_comes_with_its_licence_and_an_exact_version(package):
    assert package["licence"] in {"MIT", "0BSD"}
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert any(file["name"].endswith(".LICENSE.txt") for file in package["file"])


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith((".css", ".js"))])
def test_no_file_names_an_outside_address_to_load_from(name):
    text = (FOLDER / name).read_text("utf-8")
    assert not re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", text, re.IGNORECASE)
    assert not re.findall(r"@import|sourceMappingURL|importScripts|@font-face", text)
    loads = re.findall(r"url\(\s*['\"]?([^)'\"]*)", text)
    assert not [address for address in loads if not address.startswith("data:")]


def test_the_typeface_and_the_arms_of_gov_uk_are_gone():
    text = (FOLDER / "govuk-frontend.min.css").read_text("utf-8")
    assert not re.findall(r"GDS|crest|crown|woff", text, re.IGNORECASE)
    assert 'font-family:system-ui,-apple-system,"Segoe UI"' in text


def test_a_changed_package_is_refused_with_both_digests():
    with pytest.raises(MismatchError, match=r"x\.js: sha256 is .*, vendor\.toml says 00"):
        expect("00", b"changed", "x.js")


def test_an_alteration_that_finds_less_than_it_expects_is_refused():
    with pytest.raises(MismatchError, match="found 0 times"):
        altered(b"body{}", "without GOV.UK's typeface and arms")
