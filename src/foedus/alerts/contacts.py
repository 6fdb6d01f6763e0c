"""Who holds a seat and how they are reached: personal data, kept outside the record, encrypted, for one record alone.

A list names the record it is for and whether that is an exercise; opened for another it is refused, so that a drill and
a live record never share one. It is sealed with PyNaCl's SecretBox (XSalsa20-Poly1305) under a key file of its own.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from foedus.errors import Malformed, Refused
from foedus.record.files import new_file, write_whole
from foedus.record.key_file import read_private
from foedus.record.keys import decode_base64, encode_base64

ChannelKind = Literal["mail", "webhook", "matrix", "sms", "apprise"]
KINDS: tuple[ChannelKind, ...] = ("mail", "webhook", "matrix", "sms", "apprise")
KEY_MARK = "foedus-box-1"
MAX_LIST_BYTES = 16 * 2**20
# A code is typed by hand at night: no letter or digit in it is taken for another.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_SIGNS = 8


class Channel(Struct, frozen=True):
    """One way to a person."""

    kind: ChannelKind
    address: str


class Person(Struct, frozen=True):
    """Who holds a seat now. `pin`: stretched, never as it was given. `channels`: the preferred one first. `calls`:
    numbers at which they are called back, over which nothing is sent.
    """

    id: str
    seat: str
    name: str
    language: str
    pin: str
    channels: tuple[Channel, ...]
    calls: tuple[str, ...] = ()

    @property
    def party(self) -> str:
        """Whose seat it is."""
        return self.seat.partition("/")[0]


class Contacts(Struct, frozen=True):
    """The list of one record."""

    origin: str
    exercise: bool
    people: tuple[Person, ...] = ()

    def of(self, seat: str) -> tuple[Person, ...]:
        """Who holds a seat."""
        return tuple(one for one in self.people if one.seat == seat)

    def person(self, id_: str) -> Person | None:
        """A person by id; None when the list has them no more."""
        return next((one for one in self.people if one.id == id_), None)


def person_id(seat: str, name: str) -> str:
    """The same person on the same seat has the same id in every list."""
    return hashlib.sha256(f"{seat}\n{name}".encode()).hexdigest()[:12]


def stretched(pin: str, salt: str) -> str:
    """What is kept of a PIN: scrypt, so that whoever has the list opened learns none at once."""
    return hashlib.scrypt(pin.encode(), salt=salt.encode(), n=2**14, r=8, p=1, dklen=32).hex()


def fits(person: Person, pin: str) -> bool:
    """Whether it is the person's PIN."""
    return hmac.compare_digest(person.pin, stretched(pin, person.id))


class Sealed:
    """A list of contacts in its file, and the key that opens it."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._key = key

    @classmethod
    def open(cls, path: Path, key_file: Path, *, create: bool = False) -> Sealed:
        """With `create`, a key that is not there yet is made. Raises Malformed or Refused as `read_private` does."""
        if create and not key_file.exists():
            with new_file(key_file) as file:
                file.write(f"{KEY_MARK} {encode_base64(secrets.token_bytes(SecretBox.KEY_SIZE))}\n".encode())
        if not key_file.exists() and not path.exists():
            raise Malformed("{path}: no contacts are here yet: `foedus contacts import` takes a list", path=path)
        words = read_private(key_file, 256).decode("ascii", "replace").split()
        if len(words) != 2 or words[0] != KEY_MARK:
            raise Malformed(
                "{path}: no key of contacts; one line '{mark} <key>' expected", path=key_file, mark=KEY_MARK
            )
        key = decode_base64(words[1])
        if len(key) != SecretBox.KEY_SIZE:
            raise Malformed(
                "{path}: no key of contacts; one line '{mark} <key>' expected", path=key_file, mark=KEY_MARK
            )
        return cls(path, key)

    def read(self, origin: str, exercise: bool) -> Contacts:
        """The list; an empty one where there is none yet. Raises Refused when it is another record's or was changed."""
        if not self.path.exists():
            return Contacts(origin, exercise)
        try:
            data = SecretBox(self._key).decrypt(read_private(self.path, MAX_LIST_BYTES))
            found = msgspec.json.decode(data, type=Contacts)
        except (CryptoError, msgspec.MsgspecError, ValueError):
            raise Refused(
                "alerts/contacts", "{path}: this key does not open it, or it was changed", path=self.path
            ) from None
        if (found.origin, found.exercise) != (origin, exercise):
            raise Refused(
                "alerts/contacts",
                "{path} has the contacts of {found}; this record is {expected}: a drill and a live record share none",
                path=self.path, found=found.origin, expected=origin,
            )  # fmt: skip
        return found

    def write(self, contacts: Contacts) -> None:
        """Replace the list, whole or not at all."""
        write_whole(self.path, bytes(SecretBox(self._key).encrypt(msgspec.json.encode(contacts))))

    def code(self, message: str, person: str, channel: str) -> str:
        """The code by which this person proves to have read this message on this channel: `4T7K9QXM`."""
        sum_ = hmac.digest(self._key, f"code {message} {person} {channel}".encode(), "sha256")
        return "".join(_SIGNS[byte % len(_SIGNS)] for byte in sum_[:_CODE_SIGNS])


def merged(contacts: Contacts, people: tuple[Person, ...]) -> Contacts:
    """The list with these people; who is in both is as they now are."""
    new = {one.id for one in people}
    kept = tuple(one for one in contacts.people if one.id not in new)
    return Contacts(
        contacts.origin, contacts.exercise, tuple(sorted((*kept, *people), key=lambda one: (one.seat, one.name)))
    )
