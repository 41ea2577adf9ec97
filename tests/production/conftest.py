"""What the tests of the intake share: recordings, a station with one defender, its command line."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from copies_station import NUMBER, TITLE, Copying, open_gates, voice
from intake_station import IntakeStation, register_everybody
from judged import Judge
from phone_files import PhoneFiles
from recordings import Recordings

from broadcaster.config import load_station

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Recordings:
    """One sound in every format."""
    return Recordings(tmp_path_factory.mktemp("recordings"))


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station where everybody is registered with a PIN, a consent, a helpline that answered, and one shipped sample."""
    root = tmp_path_factory.mktemp("furnished")
    shutil.copy(REPOSITORY / "config.toml", root)
    shutil.copytree(REPOSITORY / "schedules", root / "schedules")
    shutil.copytree(REPOSITORY / "episodes" / "001", root / "episodes" / "001")
    register_everybody(load_station(root))
    return root


@pytest.fixture
def intake_station(furnished: Path, tmp_path: Path) -> Iterator[IntakeStation]:
    """A copy of the furnished station; afterwards its staging room is empty, whatever happened."""
    root = tmp_path / "station"
    shutil.copytree(furnished, root)
    at_work = IntakeStation(load_station(root))
    yield at_work
    assert at_work.staged() == []


@pytest.fixture(scope="session")
def phone_files(tmp_path_factory: pytest.TempPathFactory) -> PhoneFiles:
    """One sound in every format that anybody hands over."""
    return PhoneFiles(tmp_path_factory.mktemp("phones"))


@pytest.fixture
def judge(intake_station: IntakeStation, capfd: pytest.CaptureFixture[str]) -> Judge:
    """Brings files to a station and judges what becomes of them."""
    return Judge(intake_station, capfd)


@pytest.fixture(scope="session")
def approved(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station with one approved episode and one that nobody approved."""
    folder = tmp_path_factory.mktemp("copies")
    shutil.copytree(furnished, folder / "station")
    at_work = IntakeStation(load_station(folder / "station"))
    assert at_work.add(voice(folder), NUMBER, "--title", TITLE) == 0
    assert at_work.add(voice(folder, 1), NUMBER + 1) == 0
    open_gates(at_work, NUMBER)
    return folder / "station"


@pytest.fixture
def copying(approved: Path, tmp_path: Path) -> Iterator[Copying]:
    """A copy of that station; afterwards no scratch file is left."""
    shutil.copytree(approved, tmp_path / "station")
    (tmp_path / "outside").mkdir()
    at_work = IntakeStation(load_station(tmp_path / "station"))
    yield Copying(at_work, tmp_path / "outside")
    assert at_work.staged() == []
