"""Demo keys of an exercise: one secret from which every seat's key is derived. Never used for a live record."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from foedus.errors import Malformed, Refused
from foedus.record.key_file import write_key
from foedus.record.keys import SeedKey, SigningKey
from foedus.state import State

FILE = "exercise-secret"


class ExerciseKeys:
    """The keys of all seats of one exercise, held by the server because everything in it is invented."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def create(cls, folder: Path) -> ExerciseKeys:
        """A fresh secret in `folder`, readable by its owner only. Raises Malformed when there is one already."""
        secret = secrets.token_bytes(32)
        try:
            file = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise Malformed(
                "{path} exists: an exercise was built here; choose another folder", path=folder / FILE
            ) from None
        with os.fdopen(file, "w") as out:
            out.write(secret.hex() + "\n")
        return cls(secret)

    @classmethod
    def open(cls, folder: Path, state: State) -> ExerciseKeys | None:
        """The secret of the exercise in `folder`, None where there is none. Raises Refused for a live record."""
        path = folder / FILE
        if not path.exists():
            return None
        if state.parties.record is not None and not state.parties.record.exercise:
            raise Refused("record/exercise", "a live record holds no demo keys: remove {file}", file=str(path))
        try:
            return cls(bytes.fromhex(path.read_text().strip()))
        except ValueError:
            raise Malformed("{path}: 64 hexadecimal digits expected", path=path) from None

    @property
    def depositary_seed(self) -> bytes:
        """The seed of the depositary's key."""
        return self._seed_of("depositary")

    def key_of(self, seat: str) -> SigningKey:
        """The private key of a seat."""
        return SeedKey(self._seed_of(seat))

    def witness_seed(self, seat: str) -> bytes:
        """The seed of a witness's key: a cosignature is no act, and is made from the seed."""
        return self._seed_of(seat)

    def write_key(self, seat: str, path: Path) -> None:
        """Put the demo key of a seat into a key file of its own, without a passphrase. Raises as `write_key` does."""
        write_key(path, seat, self._seed_of(seat), None)

    def public_of(self, seat: str) -> str:
        """The public key of a seat, hex."""
        return self.key_of(seat).public.hex()

    def _seed_of(self, seat: str) -> bytes:
        return hmac.digest(self._secret, f"foedus exercise seat {seat}".encode(), "sha256")
