"""Stories played as exercises: each a record of its own in a folder of this machine, served on a port of its own.

Only for who sits at this machine: the exercise answers on the loopback alone, and ends with the console that began it.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from foedus import tied
from foedus.check.apart import Job
from foedus.web.check_runs import DRAFT_STATES, MEGABYTES, Files, apart, put
from foedus.web.checks import new_id

MOST: Final = 3
_SECONDS: Final = 60


class Play:
    """One story. `url`: where its exercise answers, once it does; `failed`: it came to nothing."""

    def __init__(self, title: str) -> None:
        self.id, self.title = new_id(), title
        self.url, self.failed, self.problem = "", False, {"en": "", "uk": ""}
        self.folder = Path(tempfile.mkdtemp(prefix="foedus-play-"))
        self.process: subprocess.Popen[bytes] | None = None
        self.over = False

    def end(self) -> None:
        """End its process and remove its folder."""
        self.over = True
        process = self.process
        if process is not None and process.poll() is None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)
            process.kill()
            process.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)


class Plays:
    """The stories of one console that are played."""

    def __init__(self) -> None:
        self._plays: OrderedDict[str, Play] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, id_: str) -> Play | None:
        """A story by its id."""
        return self._plays.get(id_)

    def begin(self, title: str, source: str, files: Files, guarantee: str, guarantors: int) -> Play:
        """Play the story of a guarantee of a text among so many guarantors; the oldest exercise makes room."""
        play, ended = Play(title), []
        with self._lock:
            self._plays[play.id] = play
            while len(self._plays) > MOST:
                ended.append(self._plays.popitem(last=False)[1])
        for one in ended:
            one.end()
        job = Job(
            source, str(play.folder), states=DRAFT_STATES, seconds=_SECONDS, megabytes=MEGABYTES,
            play=str(play.folder / "record"), guarantee=guarantee, guarantors=guarantors,
        )  # fmt: skip
        put(play.folder / source, files)
        threading.Thread(target=_play, args=(play, job), name="story", daemon=True).start()
        return play

    def forget(self) -> None:
        """End them all."""
        with self._lock:
            plays = list(self._plays.values())
            self._plays.clear()
        for play in plays:
            play.end()


def _play(play: Play, job: Job) -> None:
    try:
        with apart() as process:
            play.process = process
            said, _ = process.communicate(msgspec.json.encode(job) + b"\n", timeout=10 * _SECONDS)
        lines = [msgspec.json.decode(line) for line in said.splitlines()]
        problem = next((one for one in lines if one["kind"] == "failed"), None)
        if problem is not None:
            play.problem = {"en": problem.get("en", ""), "uk": problem.get("uk", "")}
        if not any(one["kind"] == "played" for one in lines) or play.over:
            play.failed = True
            return
        play.url = _served(play)
    except (OSError, subprocess.TimeoutExpired, msgspec.MsgspecError):
        play.failed = True
    finally:
        play.failed = play.failed or not play.url
        if play.over:
            play.end()


def _served(play: Play) -> str:
    """Where the exercise answers; empty where it does not within its time."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-P", "-m", "foedus", "serve", str(play.folder / "record"), "--port", str(port)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    play.process = tied.begin(command, env)
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end and play.process.poll() is None and not play.over:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/api/healthz", headers={"Host": f"localhost:{port}"})
            if connection.getresponse().read():
                return f"http://localhost:{port}/"
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    return ""
