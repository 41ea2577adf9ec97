"""``broadcaster bundle``, as people type it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from stick_stations import Place


def told(place: Place, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "broadcaster", "--station", str(place.root), "--language", "en", "bundle", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def asked(place: Place, *words: str) -> Any:
    done = told(place, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_way_from_two_strangers_to_a_market_that_plays(stick: Path, tmp_path: Path) -> None:
    office = Place.office(tmp_path / "office", episodes=(1,))
    box = Place.new(tmp_path / "box", serves="unicachi")
    invited = asked(office, "export", "--to", str(stick), "--market", "unicachi")
    done = told(box, "import", str(stick))
    assert (done.returncode, "--code" in done.stderr) == (64, True)
    met = asked(box, "import", str(stick), "--code", invited["code"])["done"][0]
    assert "known here now" in told(office, "import", str(stick), "--code", met["code"]).stdout
    written = asked(office, "export", "--to", str(stick), "--market", "unicachi")
    assert (written["files"], written["copied"], written["until"]) == (2, 2, "2021-08-06")
    taken = told(box, "import", str(stick))
    assert "06/08/2021" in taken.stdout
    assert "bring it back" in taken.stdout
    office.take(stick)
    standing = asked(office, "status")["boxes"]
    assert [(each["market"], each["lease"], each["unconfirmed"]) for each in standing] == [
        ("unicachi", "2021-08-06", 0)
    ]


def test_a_lease_is_renewed_by_a_code_that_is_typed_as_it_was_read_out(office: Place, box: Place) -> None:
    code = asked(office, "code", "--market", "unicachi", "--until", "2099-09-01")["code"]
    assert "01/09/2099" in told(box, "renew", *code.split()).stdout


def test_a_market_is_named_as_people_name_it_and_a_day_that_is_past_makes_no_code(office: Place) -> None:
    assert asked(office, "code", "--market", "Mercado Unicachi")["code"]
    nowhere = told(office, "code", "--market", "nowhere")
    assert (nowhere.returncode, "huamantanga" in nowhere.stderr) == (64, True)
    past = told(office, "code", "--market", "unicachi", "--until", "2021-09-01")
    assert (past.returncode, len(past.stderr.strip().splitlines())) == (64, 1)


def test_what_is_refused_says_so_in_a_sentence_and_by_its_exit_code(office: Place, box: Place, stick: Path) -> None:
    assert told(office, "export", "--to", str(stick)).returncode == 64
    assert told(office, "export", "--to", str(stick), "--market", "nowhere").returncode == 64
    done = told(box, "import", str(stick))
    assert done.returncode == 65
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_stick_without_room_is_told_and_keeps_what_it_had(office: Place, stick: Path) -> None:
    alone = ["unshare", "--mount", "--map-root-user", "--user", "sh", "-ec"]
    export = (
        f"{sys.executable} -m broadcaster --station {office.root} --language en bundle export --to {stick} --market"
    )
    steps = f"mount -t tmpfs -o size=600k none {stick}; {export} el-bosque; {export} unicachi; ls -R {stick}"
    done = subprocess.run([*alone, steps], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 74
    assert "MB are needed" in done.stderr
