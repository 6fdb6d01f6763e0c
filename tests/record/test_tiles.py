"""Tiles and bundles: their names, their bytes, and which of them a log of a size has."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from foedus.errors import Malformed
from foedus.record.tiles import (
    MAX_ENTRY_BYTES,
    Tile,
    bundle_path,
    decode_bundle,
    decode_tile,
    encode_bundle,
    encode_tile,
    new_tiles,
    parse_tile_path,
    tile_path,
    tile_width,
)

tiles = st.builds(
    Tile,
    st.none() | st.integers(0, 63),
    st.integers(0, 2**63 - 1) | st.integers(0, 2000),
    st.integers(1, 256),
)
edges = st.sampled_from([0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000, 131_072])


@given(tiles)
@example(Tile(None, 0, 1))
@example(Tile(63, 2**63 - 1, 256))
def test_a_tile_survives_its_path(tile):
    assert parse_tile_path(tile.path()) == tile


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (tile_path(0, 0, 1), "tile/0/000.p/1"),
        (tile_path(0, 1_234_067), "tile/0/x001/x234/067"),
        (tile_path(2, 999, 255), "tile/2/999.p/255"),
        (tile_path(63, 1000), "tile/63/x001/000"),
        (bundle_path(273, 112), "tile/entries/273.p/112"),
        (bundle_path(0), "tile/entries/000"),
    ],
)
def test_paths_are_those_of_the_specification(path, expected):
    assert path == expected


@pytest.mark.parametrize(
    ("level", "n", "width"), [(0, 0, 0), (0, 0, 257), (64, 0, 256), (-1, 0, 1), (0, -1, 1), (0, 2**63, 1)]
)
def test_tiles_that_do_not_exist_have_no_path(level, n, width):
    with pytest.raises(Malformed):
        tile_path(level, n, width)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/x001",
        "tile/0/001/002",
        "tile/00/000",
        "tile/64/000",
        "tile/0/\u0660\u0660\u0660",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/000\n",
        "tile/8/0/000",
        "tile/entries/x001/x234/x067",
        "tile/data/000",
        "tile/0/x009/x999/x999/x999/x999/x999/999",
        "tile/0/" + "x001/" * 7 + "001",
    ],
)
def test_paths_with_a_second_spelling_or_none(path):
    with pytest.raises(Malformed):
        parse_tile_path(path)


@given(st.text(st.sampled_from("tile/entries.p0123x"), max_size=30))
def test_parsing_a_path_raises_malformed_and_nothing_else(text):
    for path in (text, f"tile/{text}", f"tile/0/{text}"):
        try:
            tile = parse_tile_path(path)
        except Malformed:
            continue
        assert tile.path() == path


def test_the_tiles_of_the_specification_s_examples():
    by_level: dict[int | None, list[int]] = {}
    for tile in new_tiles(0, 70_000):
        by_level.setdefault(tile.level, []).append(tile.width)
    assert by_level == {None: [256] * 273 + [112], 0: [256] * 273 + [112], 1: [256, 17], 2: [1]}
    assert [tile.path() for tile in new_tiles(0, 256)] == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]
    assert list(new_tiles(0, 0)) == []


@given(edges | st.integers(0, 2000), edges | st.integers(0, 2000))
def test_what_is_published_step_by_step_is_what_the_whole_needs(first, second):
    old, new = sorted((first, second))
    published = set(new_tiles(0, old)) | set(new_tiles(old, new))
    assert set(new_tiles(0, new)) <= published
    for tile in new_tiles(old, new):
        assert tile.width == tile_width(new, tile.level, tile.n) > 0
        assert tile.width > tile_width(old, tile.level, tile.n)  # nothing is published twice


@given(edges, st.sampled_from([None, 0, 1, 2, 3]), st.integers(0, 600))
def test_a_width_is_that_of_the_specification(size, level, n):
    count = size // 256 ** (level or 0)
    width = 256 if n < count // 256 else count % 256 if n == count // 256 else 0
    assert tile_width(size, level, n) == width


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=8))
def test_a_tile_survives_its_bytes(hashes):
    assert decode_tile(encode_tile(hashes), len(hashes)) == hashes
    for width in (len(hashes) - 1, len(hashes) + 1):
        with pytest.raises(Malformed):
            decode_tile(encode_tile(hashes), width)


@pytest.mark.parametrize("hashes", [[], [bytes(32)] * 257, [b"short"]])
def test_what_is_no_tile(hashes):
    with pytest.raises(Malformed):
        encode_tile(hashes)


def test_a_full_tile_and_nothing_less_decodes_without_a_width():
    assert len(decode_tile(bytes(8192))) == 256
    for length in (0, 32, 8160, 8191, 8224):
        with pytest.raises(Malformed):
            decode_tile(bytes(length))


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=8))
def test_a_bundle_survives_its_bytes(entries):
    data = encode_bundle(entries)
    assert decode_bundle(data, len(entries)) == entries
    for cut in (data[:-1], data + b"\0", data + b"\0\0"):
        with pytest.raises(Malformed):
            decode_bundle(cut, len(entries))
    for width in (0, len(entries) - 1, len(entries) + 1):
        with pytest.raises(Malformed):
            decode_bundle(data, width)


def test_a_bundle_that_was_cut_off_says_how_much_of_it_is_whole():
    data = encode_bundle([b"first", b"second"])
    with pytest.raises(Malformed, match="bundle: 1 entries in 7 of 14 bytes found, 2 in all expected"):
        decode_bundle(data[:-1], 2)


def test_the_largest_bundle_and_nothing_above():
    data = encode_bundle([b"x" * MAX_ENTRY_BYTES] * 256)
    assert len(decode_bundle(data)) == 256
    for entries in ([], [b""] * 257, [b"x" * (MAX_ENTRY_BYTES + 1)]):
        with pytest.raises(Malformed):
            encode_bundle(entries)
    with pytest.raises(Malformed):
        decode_bundle(bytes(2 * 257), 257)


@given(st.binary(max_size=60), st.integers(0, 300))
def test_decoding_a_bundle_raises_malformed_and_nothing_else(data, width):
    try:
        entries = decode_bundle(data, width)
    except Malformed:
        return
    assert encode_bundle(entries) == data
