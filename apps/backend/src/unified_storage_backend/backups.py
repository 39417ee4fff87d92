"""Copies of a SQLite database, made and put back while the server runs."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from .database import BUSY_MILLISECONDS, Database
from .migrate import NewerDatabase, prepare
from .store.spaces import change_epochs

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class BadBackup(RuntimeError):
    """The copy is damaged, or no copy of this server's data."""


def back_up(database: Path, target: Path) -> None:
    """Copies a database and gives the copy its name when it is checked and on the disk. Raises BadBackup."""
    with _temporary_beside(target) as copy:
        _copy(database, copy)
        _check(copy)
        _sync(copy)
        copy.replace(target)
        _sync(target.parent)


def restore(backup: Path, database: Path) -> Path | None:
    """
    Replaces all data in one step, under new epochs, also below a running server. Of a damaged database the file is
    replaced, and the answer says where the old one is kept. Raises BadBackup; then nothing has changed.
    """
    with _temporary_beside(database) as copy:
        # Epochs change before the data is in place: a crash in between must not leave old data under an old epoch.
        _check(backup)
        _copy(backup, copy)
        _renew(copy)
        try:
            _copy(copy, database)
        except sqlite3.DatabaseError as problem:
            if problem.sqlite_errorcode & 0xFF not in _DAMAGED:
                raise BadBackup(f"{database} cannot be written ({problem}); try again.") from None
            return _replace(database, copy)
    return None


def _replace(database: Path, copy: Path) -> Path:
    """Gives the copy the name of a damaged database. The logs go first: they would be taken for the copy's own."""
    kept = Path(tempfile.mkdtemp(dir=database.absolute().parent, prefix=f"{database.name}.damaged-"))
    for log in (Path(f"{database}-wal"), Path(f"{database}-shm")):
        if log.exists():
            log.replace(kept / log.name)
    shutil.copy2(database, kept / database.name)
    _sync(copy)
    copy.replace(database)
    _sync(database.absolute().parent)
    return kept


def _renew(file: Path) -> None:
    copy = Database(f"sqlite:///{file}")
    try:
        prepare(copy)
        copy.write(change_epochs)
    except NewerDatabase as problem:
        raise BadBackup(str(problem)) from None
    finally:
        copy.close()


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as reader, closing(sqlite3.connect(target)) as writer:
        writer.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        writer.execute("PRAGMA synchronous=FULL")
        reader.backup(writer)


def _check(file: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
            known = connection.execute("SELECT count(*) FROM alembic_version").fetchone()[0]
    except sqlite3.DatabaseError:
        raise BadBackup(f"{file} is damaged or no backup of this server.") from None
    if answer != "ok" or known != 1:
        raise BadBackup(f"{file} is damaged or no backup of this server.")


@contextmanager
def _temporary_beside(path: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=path.absolute().parent, prefix=".backup-") as folder:
        yield Path(folder) / "copy.db"


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
