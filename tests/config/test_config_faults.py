"""Whatever is wrong with config.toml is said at once, with its key and what is expected."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from broadcaster import locale
from broadcaster.config import find_station, load_station
from broadcaster.errors import ConfigurationError

SHIPPED = Path(__file__).parents[2] / "config.toml"
Faults = list[tuple[str, str]]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    spoken = locale.language()
    locale.use("en")
    yield
    locale.use(spoken)


@pytest.fixture
def faults_of(tmp_path: Path) -> Callable[..., Faults]:
    """The (key, problem) of each fault of the shipped file after replacements of text by text."""

    def faults(*replacements: tuple[str, str], extra: str = "") -> Faults:
        text = SHIPPED.read_text(encoding="utf-8")
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / "config.toml").write_text(text + extra, encoding="utf-8")
        with pytest.raises(ConfigurationError) as caught:
            load_station(tmp_path)
        assert {fault.file for fault in caught.value.faults} == {"config.toml"}
        return [(fault.key, fault.problem) for fault in caught.value.faults]

    return faults


def test_every_fault_is_said_at_once_and_in_the_order_of_the_file(faults_of: Callable[..., Faults]) -> None:
    """Every kind of fault at once: each is said, none hides another."""
    found = faults_of(
        ('name = "Defensoras al Parlante"', "name = 3"),
        ('language = "es"', 'language = "fr"'),
        ('timezone = "America/Lima"', 'timezone = "America/Limma"'),
        ("grace_s = 600", "grace_s = -600"),
        ('aliases = ["Mercado Central", ', 'aliases = ["Mercado Central", 7, '),
        ('ubigeo_inei = "150101"', "ubigeo_inei = 150101"),
        ('hours = "06:00-18:00"', 'hours = "6-18"'),
        ("volume = 0.8", "volume = 0.95"),
        ('output = "el-bosque"', 'output = "mercado-central"'),
        ('output = "unicachi"', 'outpt = "unicachi"'),
        ("helpline_verified_days = 90", "helpline_verified_days = 0"),
        ("date = 2020-07-29", 'date = "29 de julio"'),
    )
    assert [key for key, _problem in found] == [
        "station.name",
        "station.language",
        "station.timezone",
        "station.grace_s",
        "markets.mercado-central.aliases[2]",
        "markets.mercado-central.ubigeo_inei",
        "markets.mercado-central.hours",
        "markets.mercado-central.volume",
        "markets.el-bosque.output",
        "markets.unicachi.output",
        "markets.unicachi.outpt",
        "safety.helpline_verified_days",
        "calendar.working[1].date",
    ]


def test_a_fault_says_what_is_expected_and_what_was_found(faults_of: Callable[..., Faults]) -> None:
    """The sentence has expectation, example and the value found."""
    assert faults_of(('hours = "06:00-18:00"', 'hours = "6-18"')) == [
        (
            "markets.mercado-central.hours",
            'expected hours in quotes, from and to, such as "06:00-18:00", but found "6-18"',
        )
    ]


@pytest.mark.parametrize(
    ("wrong", "key", "guess"),
    [
        (('language = "es"', 'lenguage = "es"'), "station.lenguage", "language"),
        (("[mastering]", "[masterin]"), "masterin", "mastering"),
        (('kind = "pulse"', 'kind = "pulso"'), "outputs.mercado-central.kind", "pulse"),
        (('output = "unicachi"', 'output = "unicachy"'), "markets.unicachi.output", "unicachi"),
        (('role = "funds"', 'role = "fund"'), "organisations[3].role", "funds"),
    ],
)
def test_a_near_miss_is_guessed(faults_of: Callable[..., Faults], wrong: tuple[str, str], key: str, guess: str) -> None:
    """A slip of the keyboard is answered with what was probably meant."""
    assert f"did you mean {guess}?" in dict(faults_of(wrong))[key]


def test_an_unknown_key_like_no_other_is_told_which_there_are(faults_of: Callable[..., Faults]) -> None:
    """The keys of that table are listed."""
    found = faults_of(('kind = "pulse"', 'kind = "pulse"\nxyz = 1'))
    assert found == [
        ("outputs.mercado-central.xyz", "is not a key of this file; expected one of kind, sink, card, device")
    ]


def test_two_markets_may_not_share_an_output(faults_of: Callable[..., Faults]) -> None:
    """The second market's key is named, with the first market."""
    found = faults_of(('output = "el-bosque"', 'output = "mercado-central"'))
    assert found == [
        (
            "markets.el-bosque.output",
            "output mercado-central already serves mercado-central; each market needs its own",
        )
    ]


def test_two_outputs_may_not_share_a_sink(faults_of: Callable[..., Faults]) -> None:
    """Two names for one loudspeaker are one loudspeaker."""
    (fault,) = faults_of(('sink = "broadcaster-unicachi"', 'sink = "broadcaster-el-bosque"'))
    assert fault[0] == "outputs.unicachi.sink"


CARDS = tuple(
    (f'kind = "pulse"\nsink = "broadcaster-{name}"', 'kind = "alsa"\ncard = "Device"')
    for name in ("unicachi", "el-bosque")
)


def test_two_outputs_may_not_share_a_card_s_device(faults_of: Callable[..., Faults]) -> None:
    """Of one card two devices may serve two markets; one device may not."""
    assert faults_of(*CARDS) == [
        (
            "outputs.unicachi.card",
            "card Device, device 0 is already output el-bosque; each output needs its own",
        )
    ]
    (pulse, alsa), second = CARDS
    other = ('language = "es"', 'language = "qu"')
    assert [key for key, _problem in faults_of((pulse, f"{alsa}\ndevice = 1"), second, other)] == ["station.language"]


@pytest.mark.parametrize(
    ("kind", "given", "wrong"),
    [
        ("alsa", "", {"card": "is missing"}),
        ("alsa", 'sink = "x"', {"card": "is missing", "sink": "does not belong to kind alsa"}),
        ("alsa", "card = 1", {"card": "a sound card's id"}),
        ("alsa", 'card = "1"', {"card": "a sound card's id"}),
        ("pulse", "", {"sink": "is missing"}),
        ("pulse", 'card = "Device"\nsink = "x"', {"card": "does not belong to kind pulse"}),
    ],
)
def test_an_output_has_what_its_kind_needs_and_no_more(
    faults_of: Callable[..., Faults], kind: str, given: str, wrong: dict[str, str]
) -> None:
    """A sink for the sound server, a card's id for ALSA."""
    (pulse, _alsa), _second = CARDS
    found = dict(faults_of((pulse, f'kind = "{kind}"\n{given}')))
    assert set(found) == {f"outputs.unicachi.{key}" for key in wrong}
    assert all(words in found[f"outputs.unicachi.{key}"] for key, words in wrong.items())


@pytest.mark.parametrize("same", ["Mercado Unicachi", "MERCADO UNICACHI", " Mercado Unicachi"])
def test_two_markets_may_not_share_a_name(faults_of: Callable[..., Faults], same: str) -> None:
    """Capitals and blanks at the ends make no other name."""
    (fault,) = faults_of(('aliases = ["Huamantanga", ', f'aliases = ["{same}", '))
    assert fault[0] == "markets.huamantanga.aliases[1]"


def test_a_name_typed_with_loose_accents_is_the_same_name(faults_of: Callable[..., Faults]) -> None:
    """NFD «Línea 100» is NFC «Línea 100»."""
    (fault,) = faults_of(('name = "Chat 100"', 'name = "Li\u0301nea 100"'))
    assert fault == ("helplines.chat-100.name", "Línea 100 is already a name of linea-100; names must differ")


@pytest.mark.parametrize(
    "id_", ["Unicachi", "uni cachi", "unicachí", "-unicachi", "uni/cachi", "..", " unicachi", "u" * 65]
)
def test_an_id_is_lower_case_letters_digits_and_hyphens(faults_of: Callable[..., Faults], id_: str) -> None:
    """Anything else could not go into an airing's name."""
    (fault,) = faults_of(("[markets.unicachi]", f'[markets."{id_}"]'))
    assert "expected an id of lower-case letters" in fault[1]


@pytest.mark.parametrize("code", ["15014", "1501422", "15O142", "150142a", ""])
def test_an_ubigeo_has_six_digits(faults_of: Callable[..., Faults], code: str) -> None:
    """Five or seven digits, or a letter O, are refused."""
    assert [key for key, _ in faults_of(('"150142"', f'"{code}"'))] == ["markets.unicachi.ubigeo_inei"]


@pytest.mark.parametrize(
    "hours", ["06:00", "6:00-18:00", "06:00-06:00", "25:00-26:00", "06:00–18:00", "24:00-06:00", "-"]
)
def test_hours_are_two_times_of_day(faults_of: Callable[..., Faults], hours: str) -> None:
    """Anything that is not HH:MM-HH:MM, or lasts no time, is refused."""
    assert [key for key, _ in faults_of(('"06:00-18:00"', f'"{hours}"'))] == ["markets.mercado-central.hours"]


def test_quiet_hours_may_not_cover_the_market_day(faults_of: Callable[..., Faults]) -> None:
    """A market that could never sound is a fault, not a silent market."""
    (fault,) = faults_of(('quiet = ["20:00-08:00"]', 'quiet = ["00:00-12:00", "12:00-24:00"]'))
    assert fault[0] == "markets.mercado-central.quiet"


@pytest.mark.parametrize("volume", ["nan", "inf", "-0.1", "1.1", "true", '"0.8"'])
def test_a_volume_is_a_number_from_nothing_to_all(faults_of: Callable[..., Faults], volume: str) -> None:
    """Not-a-number is not a number."""
    assert [key for key, _ in faults_of(("volume = 0.8", f"volume = {volume}"))] == ["markets.mercado-central.volume"]


def test_a_volume_above_the_cap_is_refused(faults_of: Callable[..., Faults]) -> None:
    """The cap is the market's permission, the volume our choice within it."""
    found = faults_of(("volume_cap = 0.9", "volume_cap = 0.5"))
    assert found == [("markets.mercado-central.volume", "0.8 is above volume_cap, 0.5; lower it")]


def test_a_helpline_cannot_end_before_it_begins(faults_of: Callable[..., Faults]) -> None:
    """valid_to before valid_from is refused."""
    wrong = 'name = "Chat 100"\nvalid_from = 2021-06-01\nvalid_to = 2021-05-31'
    assert [key for key, _ in faults_of(('name = "Chat 100"', wrong))] == ["helplines.chat-100.valid_to"]


def test_a_date_with_a_time_is_not_a_date(faults_of: Callable[..., Faults]) -> None:
    """A moment where a day is expected is refused."""
    found = faults_of(("date = 2020-07-29", "date = 2020-07-29T00:00:00"))
    assert [key for key, _ in found] == ["calendar.working[1].date"]


def test_a_day_cannot_be_worked_and_a_holiday(faults_of: Callable[..., Faults]) -> None:
    """Two decrees about one day contradict each other."""
    extra = '\n[[calendar.holidays]]\ndate = 2020-07-29\nnote = "DS"\n'
    found = faults_of(("\n[mastering]", f"{extra}\n[mastering]"))
    assert [key for key, _ in found] == ["calendar.holidays[1].date"]


def test_missing_tables_name_each_key_they_need(tmp_path: Path) -> None:
    """An empty file is told everything it lacks."""
    (tmp_path / "config.toml").write_text("")
    with pytest.raises(ConfigurationError) as caught:
        load_station(tmp_path)
    assert [fault.key for fault in caught.value.faults] == ["station.name", "station.timezone", "outputs", "markets"]


@pytest.mark.parametrize(
    "text",
    [
        "station = 1",
        "markets = []",
        "outputs = []\nmarkets = 1",
        "organisations = 1",
        "[organisations]",
        "calendar = 1",
    ],
)
def test_a_value_in_the_place_of_a_table_is_a_fault_and_no_crash(tmp_path: Path, text: str) -> None:
    """Whatever stands where tables should, faults are said."""
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load_station(tmp_path)
    assert text.split(maxsplit=1)[0].strip("[]") in {fault.key for fault in caught.value.faults}


def test_text_that_is_not_toml_is_told_with_its_line(faults_of: Callable[..., Faults]) -> None:
    """Line and column of the first slip; the rest cannot be judged."""
    ((key, problem),) = faults_of(('name = "Mercado Unicachi"', 'name = "Mercado Unicachi'))
    line = SHIPPED.read_text(encoding="utf-8").splitlines().index('name = "Mercado Unicachi"') + 1
    assert key == ""
    assert problem.startswith(f"line {line}, column ")


def test_a_code_given_twice_is_told_with_its_line(faults_of: Callable[..., Faults]) -> None:
    """Two tables of one name are no TOML."""
    ((_key, problem),) = faults_of(extra='\n[helplines.cem]\nname = "Otra"\n')
    assert problem.startswith("line ")


def test_a_file_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    """Latin-1 from an old editor is not UTF-8."""
    (tmp_path / "config.toml").write_bytes('[station]\nname = "Línea"\n'.encode("latin-1"))
    with pytest.raises(ConfigurationError) as caught:
        load_station(tmp_path)
    assert "line 2 is not UTF-8" in caught.value.faults[0].problem


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    """Windows editors put one in front."""
    (tmp_path / "config.toml").write_bytes(b"\xef\xbb\xbf" + SHIPPED.read_bytes())
    assert len(load_station(tmp_path).markets) == 4


def test_the_error_lists_every_fault_with_its_file(tmp_path: Path) -> None:
    """What a person reads has one line a fault, and exit code 78."""
    shutil.copy(SHIPPED, tmp_path)
    text = (tmp_path / "config.toml").read_text().replace("grace_s = 600", "grace_s = -1").replace('"PE"', '"Peru"')
    (tmp_path / "config.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load_station(tmp_path)
    assert caught.value.exit_code == 78
    lines = str(caught.value).splitlines()[1:]
    assert [line.split(": expected")[0].strip() for line in lines] == [
        "config.toml: station.grace_s",
        "config.toml: calendar.country",
    ]


def test_the_station_is_the_nearest_folder_upwards(tmp_path: Path) -> None:
    """Inside episodes/ the station is found; where there is none, the fault says where was looked."""
    shutil.copy(SHIPPED, tmp_path)
    inside = tmp_path / "episodes" / "003"
    inside.mkdir(parents=True)
    assert find_station(inside) == tmp_path.resolve()
    (tmp_path / "config.toml").unlink()
    with pytest.raises(ConfigurationError) as caught:
        find_station(inside)
    assert str(inside) in caught.value.faults[0].problem


@pytest.mark.parametrize(
    "address",
    [
        "mysql://x/y",
        "postgresql://x/",
        "postgresql+psycopg://x/y",
        "sqlite://",
        "sqlite:///:memory:",
        "data/broadcaster.db",
        "",
    ],
)
def test_a_record_that_would_not_last_is_refused(faults_of: Callable[..., Faults], address: str) -> None:
    """A sqlite file or a PostgreSQL database holds the record; that nothing else does is one fault here, not the end of every
    command."""
    found = faults_of(('"sqlite:///data/broadcaster.db"', f'"{address}"'))
    assert [key for key, _ in found] == ["station.database"]


def test_a_station_in_a_folder_of_any_name_keeps_its_record_there(tmp_path: Path) -> None:
    """A «?» or «%» in the folder's name does not end the database's address."""
    from sqlalchemy import make_url  # noqa: PLC0415  slow, and this test alone needs it

    folder = tmp_path / "¿qué? 100%25 ñandú"
    folder.mkdir()
    shutil.copy(SHIPPED, folder)
    assert make_url(load_station(folder).database).database == str(folder / "data" / "broadcaster.db")
