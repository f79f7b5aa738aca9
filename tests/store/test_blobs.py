"""Bytes are whole, durable and found again; a full or read-only disk is said so."""

from __future__ import annotations

import hashlib
import shutil
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import BlobMissing, StorageError
from intake.store.blobs import BlobStore
from tests.servers.small_disk import mounted


@given(st.lists(st.binary(max_size=2000), max_size=8))
def test_whatever_is_put_is_got(tmp_path_factory: pytest.TempPathFactory, blobs: list[bytes]):
    store = BlobStore(tmp_path_factory.mktemp("blobs"))
    names = store.put_many(blobs)
    assert names == [hashlib.sha256(blob).hexdigest() for blob in blobs]
    assert [store.get(name) for name in names] == blobs


def test_the_place_is_named_after_the_bytes(tmp_path: Path) -> None:
    name = BlobStore(tmp_path).put(b"mail")
    assert (tmp_path / name[:2] / name[2:4] / name).read_bytes() == b"mail"
    assert BlobStore(tmp_path).exists(name)


def test_the_same_bytes_are_written_once(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    path = store.path(store.put(b"mail"))
    before = path.stat()
    store.put(b"mail")
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_file_that_lost_bytes_is_written_again(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    name = store.put(b"mail")
    store.path(name).write_bytes(b"ma")
    store.put(b"mail")
    assert store.get(name) == b"mail"


def test_a_folder_that_was_taken_away_is_made_again(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    shutil.rmtree(store.path(store.put(b"mail")).parent.parent)
    assert store.get(store.put(b"mail")) == b"mail"


def test_missing_bytes_have_an_error_of_their_own(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    assert not store.exists("0" * 64)
    with pytest.raises(BlobMissing, match="0000"):
        store.get("0" * 64)


def test_many_threads_may_put_the_same_bytes(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    trouble: list[Exception] = []

    def put() -> None:
        try:
            store.put_many([b"%d" % n for n in range(30)])
        except Exception as error:
            trouble.append(error)

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 30
    assert not [path for path in files if path.name.endswith(".part")]


def test_a_full_disk_keeps_what_was_promised_and_leaves_no_rubbish(tmp_path: Path) -> None:
    with mounted(tmp_path, 2_000_000) as disk:
        store = BlobStore(tmp_path)
        kept = store.put(b"k" * 100_000)
        disk.fill(leave_bytes=300_000)
        with pytest.raises(StorageError, match="is full"):
            store.put(b"m" * 500_000)
        assert store.get(kept) == b"k" * 100_000
        assert not list(tmp_path.rglob("*.part"))
        disk.make_room()
        assert store.get(store.put(b"m" * 500_000)) == b"m" * 500_000


def test_a_read_only_disk(tmp_path: Path) -> None:
    with mounted(tmp_path, 2_000_000) as disk:
        store = BlobStore(tmp_path)
        kept = store.put(b"mail")
        disk.read_only()
        for work in (lambda: store.put(b"other"), store.check_writable):
            with pytest.raises(StorageError, match="cannot be written"):
                work()
        assert store.get(kept) == b"mail"


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("in the way")
    with pytest.raises(StorageError):
        BlobStore(tmp_path / "blobs")


def test_check_writable_tells_the_free_space_and_leaves_nothing(tmp_path: Path) -> None:
    assert BlobStore(tmp_path).check_writable() > 0
    assert list(tmp_path.iterdir()) == []
