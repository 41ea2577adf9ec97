"""A setting changed by the program: only that value differs, and the file is the old one or the new one, whole."""

import difflib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadcaster import locale
from broadcaster.config import load_station
from broadcaster.config.edit import SettingNotKept, set_value, set_values
from broadcaster.errors import ConfigurationError
from broadcaster.model import MarketId

SHIPPED = Path(__file__).parents[2] / "config.toml"
KEY = "markets.el-bosque.volume"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    spoken = locale.language()
    locale.use("en")
    yield
    locale.use(spoken)


@pytest.fixture
def station(tmp_path: Path) -> Path:
    shutil.copy(SHIPPED, tmp_path)
    return tmp_path


def lines(before: str, after: str) -> list[str]:
    """What differs, as a patch shows it."""
    shown = difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), n=0)
    return [line for line in shown if not line.startswith(("---", "+++", "@@"))]


def test_one_value_changes_and_every_comment_stays(station: Path) -> None:
    before = SHIPPED.read_text(encoding="utf-8")
    new = set_value(station, KEY, 0.55)
    assert new.markets[MarketId("el-bosque")].volume == 0.55
    assert new == load_station(station)
    changed = lines(before, (station / "config.toml").read_text(encoding="utf-8"))
    assert [line.split() for line in changed] == [
        ["-volume", "=", "0.8", "#", "unconfirmed"],
        ["+volume", "=", "0.55", "#", "unconfirmed"],
    ]


def test_windows_line_ends_and_marks_stay(station: Path) -> None:
    path = station / "config.toml"
    windows = b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(windows)
    set_value(station, KEY, 0.5)
    found = path.read_bytes()
    assert found.startswith(b"\xef\xbb\xbf")
    assert found.count(b"\r\n") == found.count(b"\n") == windows.count(b"\n")


def test_tables_that_are_missing_are_made(station: Path) -> None:
    new = set_values(
        station,
        {"outputs.nueva.kind": "pulse", "outputs.nueva.sink": "alsa_output.usb", "markets.unicachi.output": "nueva"},
    )
    assert new.outputs["nueva"].sink == "alsa_output.usb"
    assert load_station(station).markets[MarketId("unicachi")].output == "nueva"
    before, after = SHIPPED.read_text(encoding="utf-8"), (station / "config.toml").read_text(encoding="utf-8")
    assert [line for line in lines(before, after) if line.startswith("-")] == ['-output = "unicachi"\n']


def test_a_key_that_was_left_out_is_added_to_its_table(station: Path) -> None:
    path = station / "config.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("volume = 0.8                # unconfirmed\n", ""), "utf-8"
    )
    assert set_value(station, KEY, 0.4).markets[MarketId("el-bosque")].volume == 0.4
    assert load_station(station).markets[MarketId("unicachi")].volume == 0.8


@pytest.mark.parametrize(
    ("key", "value"), [(KEY, 0.95), (KEY, "loud"), ("markets.nowhere.volume", 0.5), ("station.x", 1)]
)
def test_what_would_be_wrong_is_refused_with_its_key_and_changes_nothing(station: Path, key: str, value: float) -> None:
    with pytest.raises(ConfigurationError, match=key.rsplit(".", 1)[0]) as refusal:
        set_value(station, key, value)
    assert refusal.value.exit_code == 78
    assert (station / "config.toml").read_bytes() == SHIPPED.read_bytes()


def test_a_file_that_is_wrong_already_is_left_alone(station: Path) -> None:
    path = station / "config.toml"
    for broken in ("[station\n", SHIPPED.read_text(encoding="utf-8").replace("grace_s = 600", "grace_s = -1")):
        path.write_text(broken, encoding="utf-8")
        with pytest.raises(ConfigurationError):
            set_value(station, KEY, 0.5)
        assert path.read_text(encoding="utf-8") == broken


def test_a_value_where_a_table_should_be_is_no_traceback(station: Path) -> None:
    with pytest.raises(ConfigurationError):
        set_value(station, "station.name.x", "y")


def test_mode_owner_and_link_stay(station: Path) -> None:
    real = station / "elsewhere.toml"
    (station / "config.toml").rename(real)
    (station / "config.toml").symlink_to(real)
    real.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(real, 12345, 12345)
    owner = real.stat()
    set_value(station, KEY, 0.5)
    assert (station / "config.toml").is_symlink()
    found = real.stat()
    assert (found.st_mode, found.st_uid, found.st_gid) == (owner.st_mode, owner.st_uid, owner.st_gid)


LIMITED = """
import resource, signal, sys
from pathlib import Path
from broadcaster.config.edit import set_value
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
sys.dont_write_bytecode = True
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
set_value(Path(sys.argv[1]), sys.argv[2], 0.5)
"""


def test_a_file_that_cannot_be_written_stays_whole_and_leaves_nothing_beside_it(station: Path) -> None:
    """A limit on the size of files stands for a full disk: the write ends after 100 bytes."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(station), KEY], capture_output=True, text=True, check=False
    )
    assert "SettingNotKept" in done.stderr
    assert (station / "config.toml").read_bytes() == SHIPPED.read_bytes()
    assert [path.name for path in station.iterdir()] == ["config.toml"]


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        set_value(tmp_path / "nowhere", KEY, 0.5)


def test_the_sentence_of_a_full_disk_names_the_file_and_what_to_do() -> None:
    said = str(SettingNotKept(path="config.toml", problem="no space is left on the disk"))
    assert "config.toml" in said
    assert "coordinator" in said
