"""Who looks at the pages of a module's `small` exercise, and who acts on a copy of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.small_exercise import Reader, Small, console


@pytest.fixture(scope="module")
def looking(small: Small) -> Iterator[Reader]:
    with console(small) as found:
        yield found


@pytest.fixture
def reader(looking: Reader) -> Reader:
    """Who looks on, and sits nowhere."""
    return looking.sits("")


@pytest.fixture
def acting(small: Small, tmp_path) -> Iterator[tuple[Small, Reader]]:
    """A copy of it that a test adds to, and who acts there."""
    own = small.copied(tmp_path / "record")
    with console(own) as found:
        yield own, found.sits("")
    own.depositary.close()
