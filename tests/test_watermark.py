"""A record that was put back to an older copy does not start, and says why."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from foedus.cli.put_back import whole
from foedus.cli.session import session
from foedus.compact.findings import Phrase
from foedus.depositary import Depositary
from foedus.desk.listening import app_of
from foedus.desk.rounds import Rounds
from foedus.errors import Conflict, Malformed, Tampered
from foedus.logs import log_key
from foedus.record.checkpoint import Checkpoint, sign_checkpoint
from foedus.watermark import Watermark, held_by, not_put_back, usual_place
from tests.desk.publisher import SEED
from tests.desk.witnesses import console, cosigner, more, played, served
from tests.plays import Play


@pytest.fixture
def play(tmp_path: Path) -> Play:
    return played(tmp_path)


def mark_of(play: Play, folder: Path) -> Watermark:
    return Watermark(folder / "kept" / "mark", log_key(play.state))


def put_back(play: Play, to: Path) -> Depositary:
    """The older copy in the place of the record, as its depositary would open it."""
    play.close()
    shutil.rmtree(play.address)
    shutil.copytree(to, play.address)
    return play.open()


def test_a_cosigned_checkpoint_raises_the_mark_and_a_rollback_below_it_is_refused(tmp_path: Path, play: Play) -> None:
    mark = mark_of(play, tmp_path)
    play.depositary.checkpoint()
    shutil.copytree(play.address, tmp_path / "backup")
    more(play, 3)
    size, root = play.state.size, play.depositary.record.root()
    with console(play, watermark=mark) as server:
        assert mark.read() is None
        Rounds(cosigner(tmp_path / "w", play, "XHA", server)).once()
    found = mark.read()
    assert found is not None
    assert (found.size, found.root) == (size, root)
    mark.check(play.depositary.record)
    older = put_back(play, tmp_path / "backup")
    with pytest.raises(Tampered, match=f"has {size - 3} entries; .* {size} were signed and cosigned.*foedus copy"):
        mark.check(older.record)
    with pytest.raises(Tampered, match="put back to an older copy"):
        whole(older, str(play.address), mark.path, ())
    more(play, 5)  # it went on from there: as long again, and another history
    with pytest.raises(Tampered, match="another history"):
        whole(older, str(play.address), mark.path, ())
    play.close()


def test_a_witness_that_is_asked_shows_the_rollback(tmp_path: Path, play: Play) -> None:
    shutil.copytree(play.address, tmp_path / "backup")
    more(play)
    with console(play) as server:
        witness = cosigner(tmp_path / "w", play, "XHA", server)
        Rounds(witness).once()
    with served(app_of(witness)) as remote:
        known = held_by(remote, play.state)
    assert known is not None
    not_put_back(play.depositary.record, known, Phrase("it"))
    older = put_back(play, tmp_path / "backup")
    with pytest.raises(Tampered, match="put back to an older copy"):
        not_put_back(older.record, known, Phrase("it"))
    play.close()


def test_the_mark_only_rises(tmp_path: Path, play: Play) -> None:
    mark = mark_of(play, tmp_path)
    key = log_key(play.state)
    for size in (5, 3, 5, 4):
        mark.raise_to(sign_checkpoint(Checkpoint(key.name, size, bytes([size]) * 32), SEED))
        found = mark.read()
        assert found is not None
        assert found.size == 5


def test_a_mark_of_another_record_is_named(tmp_path: Path, play: Play) -> None:
    mark = mark_of(play, tmp_path)
    mark.path.parent.mkdir()
    for data in (b"", b"rubbish", sign_checkpoint(Checkpoint("other.example", 1, bytes(32)), SEED)):
        mark.path.write_bytes(data)
        with pytest.raises(Tampered, match="no mark of the record"):
            mark.check(play.depositary.record)


def test_a_place_that_cannot_be_written(tmp_path: Path, play: Play) -> None:
    (tmp_path / "kept").write_bytes(b"a file where a folder was to be")
    mark = mark_of(play, tmp_path)
    with pytest.raises(Conflict, match="cannot be written"):
        mark.raise_to(play.depositary.checkpoint())
    with pytest.raises(Malformed, match="cannot be kept"):
        whole(play.depositary, str(play.address), mark.path, ())


def test_a_place_within_the_record_is_refused(play: Play) -> None:
    with pytest.raises(Malformed, match="restored together"):
        whole(play.depositary, str(play.address), Path(play.address) / "mark", ())


def test_an_exercise_keeps_no_mark_of_its_own_accord(
    tmp_path: Path, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert whole(play.depositary, str(play.address), None, ()) is None
    place = usual_place(log_key(play.state))
    assert place.is_relative_to(tmp_path / "state")
    assert place.suffix == ".watermark"


def test_a_witness_that_is_away_keeps_nobody_from_starting(
    tmp_path: Path, play: Play, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for language, said in (("en", "Not asked: http://127.0.0.1:9 could not be"), ("uk", "9: немає зв’язку")):
        monkeypatch.setattr(session, "language", language)
        assert whole(play.depositary, str(play.address), tmp_path / "mark", ["http://127.0.0.1:9"]) is not None
        assert said in capsys.readouterr().err
