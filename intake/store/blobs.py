"""Raw mails by the SHA-256 of their bytes: `ab/cd/<sha256>`, durable before anyone is told."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from intake.errors import BlobMissing, StorageError

_THREADS = 8


class BlobStore:
    """A folder of content-addressed files. Safe for threads and for several processes.

    A name is only ever given to a whole, synced file, so a name that exists is never rewritten
    unless its size differs (a disk that lost what it promised).
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = Path(root)
        # Folders whose own names are synced: at most 65,536.
        self._durable: set[Path] = set()
        with self._storage_errors():
            if not self.root.is_dir():
                self.root.mkdir(parents=True, exist_ok=True)
                _sync_folder(self.root.parent)

    def put(self, data: bytes) -> str:
        """Keeps `data`; its SHA-256 in hex. Durable on return. Raises StorageError."""
        return self.put_many((data,))[0]

    def put_many(self, blobs: Iterable[bytes]) -> list[str]:
        """Keeps all, in order. Each folder is synced once, so a batch costs less than its sum."""
        some = list(blobs)
        with self._storage_errors(), _hands(len(some)) as each:
            names = list(each(_sha256, some))
            written = each(self._write, [self.path(name) for name in names], some)
            folders = dict.fromkeys(folder for folders in written for folder in folders)
            for _ in each(_sync_folder, list(folders)):
                pass
            self._durable.update(self.path(name).parent for name in names)
        return names

    def get(self, sha256: str) -> bytes:
        """The bytes. Raises BlobMissing when they are gone, StorageError when unreadable."""
        with self._storage_errors():
            try:
                return self.path(sha256).read_bytes()
            except FileNotFoundError:
                raise BlobMissing(f"{self.path(sha256)} is missing") from None

    def exists(self, sha256: str) -> bool:
        """Whether the bytes are here."""
        return self.path(sha256).is_file()

    def path(self, sha256: str) -> Path:
        """Where the bytes of `sha256` are, or would be."""
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def check_writable(self) -> int:
        """Writes and removes a small file; the free bytes. Raises StorageError."""
        with self._storage_errors():
            probe = self._temporary(self.root, "probe")
            try:
                _write_synced(probe, b"intake")
            finally:
                probe.unlink(missing_ok=True)
            return shutil.disk_usage(self.root).free

    def _write(self, path: Path, data: bytes) -> list[Path]:
        """Writes one blob; the folders whose entries must be synced before it counts."""
        folder = path.parent
        with suppress(FileNotFoundError):
            if path.stat().st_size == len(data):
                # It may be another thread's, renamed a moment ago and not synced yet.
                return self._unsynced(folder)
        if not folder.is_dir():
            # New, or taken away under us: what we knew about its name is void.
            self._durable.discard(folder)
            folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._temporary(folder, path.name)
        try:
            _write_synced(unfinished, data)
            unfinished.replace(path)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise
        return self._unsynced(folder)

    def _unsynced(self, folder: Path) -> list[Path]:
        """`folder`, and those above it while we do not know that its own name is durable."""
        return [folder] if folder in self._durable else [folder, folder.parent, self.root]

    @staticmethod
    def _temporary(folder: Path, name: str) -> Path:
        return folder / f".{name[:16]}.{os.getpid()}.{threading.get_ident()}.part"

    @contextmanager
    def _storage_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageError(self._describe(error)) from error

    def _describe(self, error: OSError) -> str:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return f"storage.dir {self.root} is full{self._free_space()}"
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            return f"storage.dir {self.root} cannot be written ({error.strerror})"
        return f"storage.dir {self.root}: {error.strerror or error}{self._free_space()}"

    def _free_space(self) -> str:
        with suppress(OSError):
            return f", {shutil.disk_usage(self.root).free:,} bytes are free"
        return ""


@contextmanager
def _hands(pieces: int) -> Iterator[Callable[..., Iterator[Any]]]:
    """`map`, by several threads where there is enough to do.

    A disk that is asked for many syncs at once answers them together: twice the mails a second.
    """
    if pieces <= 2:
        yield map
        return
    with ThreadPoolExecutor(min(pieces, _THREADS)) as pool:
        yield pool.map


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _write_synced(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
