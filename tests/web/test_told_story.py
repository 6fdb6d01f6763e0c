"""A story that a check found, played as an exercise: its pages say what it is, and claim no attack of history."""

from __future__ import annotations

import pytest
from litestar.testing import TestClient

from foedus.check.situation import chosen
from foedus.check.verdicts import verdict
from foedus.compact.loader import load
from foedus.exercise.script import note_of
from foedus.exercise.told import replayed
from foedus.web.app import create_app

HERE = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """The console over Istanbul's story: all join, and the state that attacked declines after all."""
    compact = load("istanbul-2022")
    (guarantee,) = [one for one in compact.guarantees if one.id == "aggressor"]
    found = verdict(compact, guarantee, chosen(compact, 3), lambda done, total: None)
    depositary = replayed(tmp_path_factory.mktemp("story") / "played", found)
    note = note_of(depositary)
    assert note is not None
    assert note.guarantee == "aggressor"
    with TestClient(create_app(depositary, base_url=HERE), base_url=HERE) as client:
        yield client
    depositary.close()


@pytest.mark.parametrize(
    ("lang", "band", "outcome"),
    [
        (
            "en",
            "Plays what a check found of “The aggressor cannot prevent a decision”.",
            "is not carried: China and United Kingdom joined, and more was needed.",
        ),
        ("uk", "Відтворює те, що перевірка знайшла щодо «Агресор не може завадити рішенню».", "не ухвалено"),
    ],
)
def test_its_pages_say_what_is_played_and_why_nothing_was_carried(client, lang, band, outcome):
    shown = client.get(f"/response/R-1?lang={lang}").text
    assert band in shown
    assert outcome in shown
    for untrue in ("0001", "Figures of the attack", "drawn by lot", "nobody joined", "no measure was joined"):
        assert untrue not in shown
    home = client.get(f"/?lang={lang}").text
    assert "the time to decide still runs" not in home
    assert "0001" not in home
