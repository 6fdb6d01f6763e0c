"""What a seat is offered of one kind of act is what it is offered of it among all kinds."""

from __future__ import annotations

import pytest

from foedus import rules
from foedus.rules import _OWNER
from tests.plays import STAGES, staged


@pytest.mark.parametrize("stage", [*STAGES[2:], "eased"])
def test_one_kind_is_offered_as_among_all(stage, tmp_path):
    play = staged("kyiv-2022", stage, tmp_path / "record")
    clauses, state, offered = play.clauses, play.state, set()
    for seat in ("UKR/head", "GBR/head", "POL/duty"):
        for about in (None, "report", "sanctions", "I-1", "R-1", "S-1"):
            every = list(rules.offered(clauses, state, seat, play.at, about))
            offered |= {type(body) for body in every}
            for kind in _OWNER:
                alone = list(rules.offered(clauses, state, seat, play.at, about, frozenset((kind,))))
                assert alone == [body for body in every if type(body) is kind], (kind, seat, about)
    assert len(offered) > 20
    play.close()
