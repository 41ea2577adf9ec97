"""A backup as a file: opened only when it vouches for itself, taken apart one whole file at a time."""

import errno
import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from broadcaster.care.backup import DATABASE, FORMAT, MANIFEST, Manifest, allowed
from broadcaster.errors import BadInput
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale.system import clause
from broadcaster.store.marker import sync_folder

LARGEST = 1 << 34
"""Bytes that one file of a backup may have: 16 GB."""


class BadBackup(BadInput):
    """The file does not vouch for itself."""

    sentence = N_("{name} is no whole backup ({problem}). Nothing was changed. Copy it again, or use another one.")


def check(file: Path) -> Manifest:
    """Hold every file of a backup against its hash.

    :raises BadBackup: one is missing, too many, or not what it was.
    """
    with opened(file) as (packed, manifest):
        for name, sha256 in manifest.files.items():
            with packed.open(name) as member:
                digest = hashlib.sha256()
                while block := member.read(1 << 20):
                    digest.update(block)
            if digest.hexdigest() != sha256:
                raise BadBackup(name=file, problem=name)
    return manifest


@contextmanager
def opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """The archive and what it says of itself, which its comment vouches for.

    :raises BadBackup: it is no backup, or none of this program's.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            text = packed.read(MANIFEST)
            if packed.comment != f"sha256:{hashlib.sha256(text).hexdigest()}".encode():
                raise BadBackup(name=file, problem=MANIFEST)
            yield packed, _manifest(packed, text, file)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, RuntimeError) as error:
        raise BadBackup(name=file, problem=_("it is cut short, or another kind of file")) from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # it names a place before its own beginning
            raise BadBackup(name=file, problem=_("it is cut short, or another kind of file")) from error
        if error.filename is None or Path(os.fsdecode(error.filename)) != file:
            raise
        raise BadBackup(name=file, problem=clause(error)) from error


def _manifest(packed: zipfile.ZipFile, text: bytes, file: Path) -> Manifest:
    try:
        manifest = Manifest(**json.loads(text))
        names = set(manifest.files)
    except (TypeError, ValueError) as error:
        raise BadBackup(name=file, problem=MANIFEST) from error
    if manifest.format != FORMAT:
        raise BadBackup(name=file, problem=_("a newer program made it"))
    listed = packed.infolist()
    whole = {each.filename for each in listed} == {*names, MANIFEST} and len(listed) == len(names) + 1
    if not whole or DATABASE not in names or not all(allowed(name) for name in names - {DATABASE}):
        raise BadBackup(name=file, problem=MANIFEST)
    if any(each.file_size > LARGEST for each in listed):
        raise BadBackup(name=file, problem=MANIFEST)
    return manifest


def unpack(packed: zipfile.ZipFile, name: str, target: Path) -> None:
    """One file, on the disk; whole or not at all."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with (
            packed.open(name) as source,
            os.fdopen(
                os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600 if name == DATABASE else 0o644), "wb"
            ) as file,
        ):
            shutil.copyfileobj(source, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(target.parent)
