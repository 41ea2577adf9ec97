"""From what a person answered to what is written into config.toml."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.cli.setup_answers import Answers, candidates, changes, louder, present, softer, volume_now
from broadcaster.config import Station, load_station
from broadcaster.config.edit import set_value, set_values
from broadcaster.model import Market, MarketId, Seconds, alsa_pcm
from broadcaster.playout.speaker import Found

SHIPPED = Path(__file__).parents[2]
MARKETS = tuple(MarketId(name) for name in ("mercado-central", "el-bosque", "unicachi", "huamantanga"))
CENTRAL, BOSQUE, UNICACHI, HUAMANTANGA = MARKETS


@pytest.fixture
def station(tmp_path: Path) -> Station:
    shutil.copy(SHIPPED / "config.toml", tmp_path)
    return load_station(tmp_path)


def sink(name: str) -> Found:
    return Found(name, f"Salida {name}", Seconds(0.0), 1.0, muted=False)


def card(name: str, device: int = 0) -> Found:
    return Found(alsa_pcm(name, device), name, Seconds(0.0), None, None, kind="alsa", card=name, device=device)


def market(station: Station, id_: MarketId) -> Market:
    return station.markets[id_]


def lines(station: Station) -> list[str]:
    return (station.root / "config.toml").read_text(encoding="utf-8").splitlines()


def kept(station: Station, answers: Answers) -> Station:
    return set_values(station.root, changes(station, answers), confirmed=True)


def test_what_she_heard_is_written_and_every_remark_of_others_stays(station: Station) -> None:
    before = lines(station)
    answers = Answers(markets=(UNICACHI,)).heard(market(station, UNICACHI), sink("usb")).at_volume(UNICACHI, 0.6)
    new = kept(station, answers)
    assert new.serves == (UNICACHI,)
    assert new.outputs["unicachi"].sink == "usb"
    assert new.markets[UNICACHI].volume == 0.6
    after = lines(station)
    assert len(after) == len(before)
    assert [line.split("#")[0].strip() for line in after if line not in before] == [
        'serves = ["unicachi"]',
        'sink = "usb"',
        "volume = 0.6",
    ]


def test_a_card_takes_the_place_of_a_sink_and_back(station: Station) -> None:
    here = market(station, UNICACHI)
    new = kept(station, Answers(markets=(UNICACHI,)).heard(here, card("Device", 1)))
    assert (new.outputs["unicachi"].card, new.outputs["unicachi"].device) == ("Device", 1)
    back = kept(new, Answers(markets=(UNICACHI,)).heard(here, sink("usb")))
    assert (back.outputs["unicachi"].kind, back.outputs["unicachi"].sink, back.outputs["unicachi"].card) == (
        "pulse",
        "usb",
        "",
    )


def test_answers_for_a_market_that_was_given_up_are_not_written(station: Station) -> None:
    answers = Answers(markets=(UNICACHI,)).heard(market(station, BOSQUE), sink("usb")).at_volume(BOSQUE, 0.1)
    assert changes(station, answers) == {"station.serves": ["unicachi"]}


def test_what_was_put_off_stays_as_it_was(station: Station) -> None:
    here = market(station, UNICACHI)
    answers = Answers(markets=(UNICACHI,)).heard(here, sink("usb")).at_volume(UNICACHI, 0.6).put_off(UNICACHI)
    assert changes(station, answers) == {"station.serves": ["unicachi"]}


@given(
    served=st.lists(st.sampled_from(MARKETS), min_size=1, unique=True),
    heard=st.permutations([f"broadcaster-{id_}" for id_ in MARKETS] + ["usb", "hdmi"]),
)
def test_whatever_outputs_were_heard_no_two_markets_share_one(served: list[MarketId], heard: list[str]) -> None:
    station = load_station(SHIPPED)
    answers = Answers(markets=tuple(served))
    for id_, name in zip(served, heard, strict=False):
        answers = answers.heard(market(station, id_), sink(name))
    values = changes(station, answers)
    sinks = {id_: values.get(f"outputs.{id_}.sink", output.sink) for id_, output in station.outputs.items()}
    assert len(set(sinks.values())) == len(sinks)
    assert [sinks[station.markets[id_].output] for id_ in served] == heard[: len(served)]


def test_the_output_of_today_is_tried_first_and_none_where_another_market_was_heard(station: Station) -> None:
    there = [sink("hdmi"), sink("usb"), sink("broadcaster-unicachi")]
    answers = Answers(markets=(BOSQUE, UNICACHI)).heard(market(station, BOSQUE), sink("hdmi"))
    found = candidates(station, market(station, UNICACHI), answers, there)
    assert [each.sink for each in found] == ["broadcaster-unicachi", "usb"]
    assert candidates(station, market(station, BOSQUE), answers, there)[0].sink == "hdmi"


def test_a_second_time_begins_with_what_was_answered_the_first(station: Station) -> None:
    assert present(station).markets == ()
    assert present(set_value(station.root, "station.serves", ["el-bosque"])).markets == (BOSQUE,)


def test_volume_goes_by_steps_up_to_the_markets_limit_and_never_down_to_silence(station: Station) -> None:
    assert volume_now(market(station, UNICACHI), Answers()) == 0.8
    assert [louder(0.7, 0.9), louder(0.8, 0.9), louder(0.9, 0.9), louder(0.8, 0.85)] == [0.8, 0.9, 0.9, 0.85]
    assert [softer(0.3, 0.9), softer(0.15, 0.9), softer(0.1, 0.9), softer(0.1, 0.05)] == [0.2, 0.1, 0.1, 0.05]
