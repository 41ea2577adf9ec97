"""What the operating system's errors say, in words for people and in their language."""

import errno
from collections.abc import Mapping

from broadcaster.locale import gettext
from broadcaster.locale import mark as N_

CLAUSES: Mapping[int, str] = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EACCES: N_("this user has no permission for it"),
    errno.EPERM: N_("this user has no permission for it"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("part of its path is no folder"),
    errno.EEXIST: N_("something of that name is there already"),
    errno.ENAMETOOLONG: N_("its name is too long"),
    errno.ELOOP: N_("it is a link to another file"),
    errno.ENOSPC: N_("no space is left on the disk"),
    errno.EDQUOT: N_("no space is left on the disk"),
    errno.EROFS: N_("the disk can only be read"),
    errno.EIO: N_("the disk does not answer"),
    errno.EADDRINUSE: N_("another program uses it"),
    errno.EADDRNOTAVAIL: N_("this computer has no such address"),
    errno.EMFILE: N_("too many files are open"),
}


def clause(error: OSError) -> str:
    """The error as a clause without capital or full stop; the system's own words where we have none."""
    known = CLAUSES.get(error.errno or 0)
    return gettext(known) if known else error.strerror or type(error).__name__
