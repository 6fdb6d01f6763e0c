"""Faults and traits of the store on a PostgreSQL server."""

import socket
import threading
import time
from contextlib import contextmanager, suppress
from datetime import timedelta

import psycopg
import pytest

from foedus.errors import Conflict, Malformed, Tampered
from foedus.record.postgres import SHARED, PostgresStore
from foedus.record.record import Record
from foedus.record.store import open_store
from tests.stores import PostgresServer, postgres_server

pytestmark = pytest.mark.postgres

DIGEST = "a" * 64


@pytest.fixture
def store(postgres_address):
    opened = open_store(postgres_address, create=True)
    yield opened
    opened.close()


def add(store, *entries):
    with store.write() as write:
        Record(store, "record.example").append(write, write.at, entries)


@pytest.fixture
def raw(postgres_address):
    """A statement of a program that is not ours."""
    name = postgres_address.partition("?")[0].rpartition("/")[2]

    def execute(sql):
        return postgres_server().execute(f"SET search_path = foedus; {sql}", name)

    return execute


ALL_OTHERS = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid()"


def configure(raw, name, value):
    """A setting of the database, for every connection from now on."""
    change = f"EXECUTE format('ALTER DATABASE %I SET {name} = {value}', current_database())"
    raw(f"DO $$ BEGIN {change}; END $$")


def at_commit(raw, statement):
    """Have the server run `statement` when an entry is committed."""
    raw(
        "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {statement}; RETURN NULL; END $$;"
        " CREATE CONSTRAINT TRIGGER fault AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION fault()"
    )


class Relay:
    """Stands between a store and the server. After `cut`, it passes one COMMIT on and then hangs up."""

    def __init__(self, folder, server):
        self.server, self.cut = server, threading.Event()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / ".s.PGSQL.5432"))
        self.listener.listen()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near = self.listener.accept()[0]
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(self.server)
            hung = threading.Event()
            for direction in ((near, far, True), (far, near, False)):
                threading.Thread(target=self.pass_on, args=(*direction, hung), daemon=True).start()

    def pass_on(self, one, other, from_client, hung):
        with suppress(OSError), one, other:
            while data := one.recv(65_536):
                if hung.is_set():
                    break  # this is the answer: the server has done what it was told
                if from_client and self.cut.is_set() and b"COMMIT" in data:
                    self.cut.clear()
                    hung.set()
                other.sendall(data)
            for end in (one, other):
                end.shutdown(socket.SHUT_RDWR)


# Connections


def test_a_connection_lost_while_idle_is_replaced_in_silence(store, raw):
    add(store, b"first")
    for use in (
        store.size,
        lambda: add(store, b"entry"),
        lambda: store.receive(b"a"),
        lambda: store.wait(0, 1),
    ):
        raw(ALL_OTHERS)
        use()
    assert store.size() == 2


def test_a_connection_lost_in_a_write_records_nothing(store, raw):
    def lose():
        with store.write() as write:
            write.put_blob(DIGEST, b"annex")
            raw(ALL_OTHERS)
            Record(store, "record.example").append(write, write.at, [b"entry"])

    with pytest.raises(Conflict, match="nothing was recorded"):
        lose()
    assert (store.size(), store.get_blob(DIGEST)) == (0, None)
    add(store, b"entry")
    assert store.size() == 1


def test_a_connection_lost_in_the_commit_leaves_its_fate_unknown(store, raw):
    """Failed: the server ends the connection instead of committing."""
    at_commit(raw, "PERFORM pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(Conflict, match=r"not known.*look for the act's id"):
        add(store, b"entry")
    assert store.size() == 0


def test_a_connection_lost_after_the_commit_leaves_its_fate_unknown(postgres_address, tmp_path_factory):
    """Failed but stored: the server commits, and its answer does not arrive."""
    folder = tmp_path_factory.mktemp("r")
    server = str(postgres_server().folder / ".s.PGSQL.5432")
    relay = Relay(folder, server)
    with relay.listener:
        store = open_store(f"{postgres_address.partition('?')[0]}?host={folder}", create=True)
        add(store, b"first")
        relay.cut.set()
        with pytest.raises(Conflict, match=r"not known.*look for the act's id"):
            add(store, b"second")
        assert list(store.entries(0)) == [b"first", b"second"]
        relay.cut.set()
        with pytest.raises(Conflict, match="not known"):
            store.receive(b"act")
        with store.write() as write:
            assert [each.envelope for each in write.open()] == [b"act"]
        store.close()


def test_a_server_that_is_gone_is_a_conflict_and_a_new_one_is_found():
    server = PostgresServer()
    try:
        store = open_store(server.address(), create=True)
        add(store, b"entry")
        server.execute("ALTER USER postgres PASSWORD 'secret-word'")
        secret = server.address().replace("postgres@", "postgres:secret-word@")
    finally:
        server.stop()
    for use in (
        store.size,
        lambda: store.receive(b"act"),
        lambda: add(store, b"x"),
        lambda: store.wait(0, 1),
    ):
        with pytest.raises(Conflict, match="again"):
            use()
    store.close()
    with pytest.raises(Conflict, match="could not be reached") as gone:
        open_store(secret)
    assert "secret-word" not in str(gone.value)


def test_a_silent_writer_is_put_out(store, postgres_address):
    other = open_store(postgres_address)

    def fall_silent():
        with store.write() as write:
            write.receive(b"never")
            write._connection.execute("SET idle_in_transaction_session_timeout = '50ms'")
            add(other, b"entry")  # waits until the server has ended the other
            write.receive(b"never either")

    with pytest.raises(Conflict, match="nothing was recorded"):
        fall_silent()
    assert other.size() == 1
    with other.write() as write:
        assert write.open() == []
    other.close()


def test_a_writer_put_out_just_before_it_commits_recorded_nothing(store, postgres_address):
    def fall_silent():
        with store.write() as write:
            write.receive(b"never")
            write._connection.execute("SET idle_in_transaction_session_timeout = '50ms'")
            time.sleep(0.3)

    with pytest.raises(Conflict, match="nothing was recorded"):
        fall_silent()


# The server's own faults


@pytest.mark.parametrize("when", ["before", "in"])
def test_a_full_disk_records_nothing_and_says_so(store, raw, when):
    full = "RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'"
    at_commit(raw, full)
    if when == "before":
        raw("DROP TRIGGER fault ON entry")
        raw("CREATE TRIGGER fault BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION fault()")
    with pytest.raises(Conflict, match="disk is full; nothing was recorded"):
        add(store, b"entry")
    assert store.size() == 0
    raw("DROP TRIGGER fault ON entry")
    add(store, b"entry")
    assert store.size() == 1


def test_a_standby_reads_and_takes_nothing(store, postgres_address, raw):
    add(store, b"entry")
    configure(raw, "default_transaction_read_only", "on")
    standby = open_store(postgres_address)
    assert list(standby.entries(0)) == [b"entry"]
    with pytest.raises(Conflict, match=r"read-only.*nothing was recorded"):
        standby.receive(b"act")
    standby.close()


def test_a_damaged_page_is_tampered(store, raw):
    raw(
        "CREATE FUNCTION damaged() RETURNS bytea LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE 'invalid page' USING ERRCODE = 'XX001'; END $$"
    )
    add(store, b"entry")
    raw("ALTER TABLE entry RENAME TO broken")
    raw("CREATE VIEW entry AS SELECT idx, damaged() AS bytes, leaf FROM broken")
    with pytest.raises(Tampered, match="damaged"):
        list(store.entries(0))


def test_a_role_without_rights_is_malformed(store, postgres_address, raw):
    raw("DROP ROLE IF EXISTS onlooker; CREATE ROLE onlooker LOGIN; GRANT USAGE ON SCHEMA foedus TO onlooker")
    raw("GRANT SELECT ON version, head TO onlooker")
    onlooker = open_store(postgres_address.replace("postgres@", "onlooker@"))
    assert onlooker.size() == 0
    with pytest.raises(Malformed, match="permission denied"):
        onlooker.receive(b"act")
    onlooker.close()
    raw("DROP OWNED BY onlooker; DROP ROLE onlooker")


def test_an_address_that_cannot_be_read_is_malformed():
    with pytest.raises(Malformed, match="postgresql://"):
        open_store("postgresql://host:port/record?nonsense=1")


def test_a_record_of_a_later_version_is_malformed(store, postgres_address, raw):
    raw("UPDATE version SET version = 99")
    with pytest.raises(Malformed, match="version 99"):
        open_store(postgres_address)


# What was recorded


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE entry SET bytes = ''",
        "DELETE FROM entry",
        "TRUNCATE entry",
        "UPDATE node SET n = 7",
        "DELETE FROM node",
        "TRUNCATE node",
        "UPDATE head SET size = 0",
        "UPDATE head SET at = 0",
        "UPDATE head SET seen = 0",
        "DELETE FROM head",
        "TRUNCATE head",
        "UPDATE inbox SET at = 0",
        "UPDATE inbox SET envelope = ''",
        "UPDATE inbox SET outcome = 'x'",
        "UPDATE inbox SET outcome = NULL",
        "DELETE FROM inbox",
        "TRUNCATE inbox",
    ],
)
def test_it_is_not_changed(store, raw, sql):
    with store.write() as write:
        write.settle(write.receive(b"act").id, b"{}")
    add(store, *[b"entry"] * 256)
    with pytest.raises(psycopg.errors.RaiseException, match="refused"):
        raw(sql)


def test_an_entry_that_is_missing_is_tampered(store, raw):
    add(store, *[b"entry"] * 10)
    raw("DROP TRIGGER entry_stays ON entry")
    raw("DELETE FROM entry WHERE idx = 4")
    with pytest.raises(Tampered, match="entries"):
        list(store.entries(0))


# Sessions


def test_a_commit_is_on_disk_though_the_server_is_set_to_lose_it(store, postgres_address, raw):
    configure(raw, "synchronous_commit", "off")
    again = PostgresStore(postgres_address)
    assert again._server.rows("SHOW synchronous_commit") == [("on",)]
    again.close()
    configure(raw, "synchronous_commit", "remote_apply")
    again = PostgresStore(postgres_address)
    assert again._server.rows("SHOW synchronous_commit") == [("remote_apply",)]
    again.close()


def test_a_write_sees_what_was_committed_while_it_waited(postgres_address, raw):
    """Also where the server makes every transaction repeatable: its view must not be older than the lock."""
    configure(raw, "default_transaction_isolation", "serializable")
    first, second = open_store(postgres_address, create=True), open_store(postgres_address)
    sizes = []

    def wait_and_append():
        with second.write() as write:
            sizes.append(write.size)
            Record(second, "record.example").append(write, write.at, [b"second"])

    thread = threading.Thread(target=wait_and_append)
    with first.write() as write:
        thread.start()
        time.sleep(0.1)
        Record(first, "record.example").append(write, write.at, [b"first"])
    thread.join()
    assert sizes == [1]
    assert list(first.entries(0)) == [b"first", b"second"]
    first.close()
    second.close()


def test_receipts_do_not_wait_for_one_another_but_for_a_write(store, postgres_address):
    """Shared among themselves; what a Write has seen of time nobody goes behind."""
    other = open_store(postgres_address)

    @contextmanager
    def receiving():
        with psycopg.connect(postgres_address, autocommit=False) as connection:
            connection.execute(SHARED)
            yield

    with receiving():
        assert other.receive(b"act").envelope == b"act"
        with pytest.raises(Conflict, match="too long"), store.write(timeout=0.05):
            raise AssertionError("a write while a receipt is in the making")
    thread_times = []
    with store.write() as write:
        thread = threading.Thread(target=lambda: thread_times.append(other.receive(b"late").at))
        thread.start()
        time.sleep(0.1)
        assert thread_times == []
        at = write.at
    thread.join()
    assert thread_times[0] - at > timedelta(0)
    other.close()
