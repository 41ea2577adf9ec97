"""The many recordings of ``broadcaster episode add``: from tables to a table of what became of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from broadcaster.cli.context import Desk
from broadcaster.cli.episode_shown import see
from broadcaster.cli.show import progress, say, show_json, table
from broadcaster.errors import BadInput
from broadcaster.locale import gettext as _
from broadcaster.locale import mark as N_
from broadcaster.locale import ngettext
from broadcaster.locale.shown import shown
from broadcaster.model import Severity

if TYPE_CHECKING:
    from broadcaster.config import Station
    from broadcaster.production.batch import Answer
    from broadcaster.production.metadata import Candidate, Defaults

TABLES = ("episodes.csv", "episodes.toml", "episodios.csv", "episodios.toml")
"""Names under which a folder's own table is found."""


class SomeRefused(BadInput):
    """Of many recordings, not all were admitted; the table says which and why."""

    sentence = N_(
        "{refused} of {all} recordings were not admitted; the table says why. Correct them and add them again."
    )


@dataclass(frozen=True)
class Asked:
    """What is to be added, as it was typed."""

    paths: Sequence[Path]
    folders: Sequence[Path]
    metadata: Path | None

    @property
    def one(self) -> bool:
        """A single recording, described by the command's own options."""
        return len(self.paths) == 1 and not self.folders and self.metadata is None and not self.paths[0].is_dir()

    @property
    def nothing(self) -> bool:
        return not (self.paths or self.folders or self.metadata)


def admit_many(desk: Desk, station: "Station", asked: Asked, said: "Defaults", *, in_json: bool) -> None:
    """Check all, admit what is good, show what became of each. Raises :class:`SomeRefused` when one was not admitted."""
    from broadcaster.production.batch import admit, checked  # noqa: PLC0415  numpy is heavy

    candidates, faults = _gathered(asked, said)
    with desk.open_journal() as journal:
        checked(candidates, faults, station, journal)
        with progress(_("Listening to {count} recordings and levelling them").format(count=len(candidates))) as moved:
            answers = admit(station, journal, candidates, moved)
    _show(desk, answers, in_json=in_json)
    refused = sum(answer.refusal is not None for answer in answers)
    if refused:
        raise SomeRefused(refused=refused, all=len(answers))


def _gathered(asked: Asked, said: "Defaults") -> tuple[list["Candidate"], list[str]]:
    """Candidates of all tables, and every fault on the way to them."""
    from broadcaster.production.metadata import read_candidates  # noqa: PLC0415  it brings production with it

    files = [path for path in asked.paths if not path.is_dir()]
    tables, faults = _tables([*asked.folders, *(path for path in asked.paths if path.is_dir())], asked.metadata)
    if files and asked.metadata is None:
        faults.append(_("for several recordings --metadata must name a table with their numbers and titles"))
    candidates: list[Candidate] = []
    for each in tables:
        found, wrong = read_candidates(each, said)
        candidates += found
        faults += wrong
    if files and asked.metadata is not None:
        candidates = list(_chosen(candidates, files, asked.metadata, faults))
    if not candidates and not faults:
        faults.append(_("the table lists no recording"))
    return candidates, faults


def _tables(folders: Sequence[Path], metadata: Path | None) -> tuple[list[Path], list[str]]:
    """The tables to read; and folders that have none, as faults."""
    tables, faults = [] if metadata is None else [metadata], []
    for folder in folders:
        own = [folder / name for name in TABLES if (folder / name).is_file()]
        if own:
            tables.append(own[0])
        elif metadata is None:
            faults.append(
                _("there is no {table} in the folder {folder}").format(table=TABLES[0], folder=shown(str(folder)))
            )
    return tables, faults


def _chosen(
    candidates: Sequence["Candidate"], files: Sequence[Path], metadata: Path, faults: list[str]
) -> Iterator["Candidate"]:
    """The candidates whose recordings were named; what the table does not list is a fault."""
    listed = {candidate.source.resolve(): candidate for candidate in candidates}
    for file in files:
        candidate = listed.get(file.resolve())
        if candidate is None:
            faults.append(
                _("{name} is not in the table {table}").format(name=shown(file.name), table=shown(metadata.name))
            )
        else:
            yield candidate


def _show(desk: Desk, answers: Sequence["Answer"], *, in_json: bool) -> None:
    if in_json:
        show_json([_as_json(desk, answer) for answer in answers])
        return
    table(
        _("Recordings"),
        (_("recording"), _("episode"), _("LUFS"), _("what became of it")),
        [_row(desk, answer) for answer in answers],
    )
    admitted = sum(answer.refusal is None for answer in answers)
    say(
        ngettext("{count} recording was admitted.", "{count} recordings were admitted.", admitted).format(
            count=admitted
        )
    )


def _as_json(desk: Desk, answer: "Answer") -> dict[str, object]:
    name = answer.candidate.source.name
    if answer.refusal is not None:
        return {"file": name, "refused": answer.refusal}
    return {"file": name, "refused": None, **see(desk, answer.candidate.said.number)}


def _row(desk: Desk, answer: "Answer") -> tuple[str, str, str, str]:
    name, number = shown(answer.candidate.source.name), answer.candidate.said.number
    if answer.refusal is not None:
        return name, "—", "—", answer.refusal
    seen = see(desk, number)
    warnings = sum(finding.severity is Severity.WARN for finding in seen["findings"])
    told = ngettext("admitted, {count} warning", "admitted, {count} warnings", warnings).format(count=warnings)
    return name, str(number), f"{seen['master']['integrated_lufs']:.1f}", told if warnings else _("admitted")
