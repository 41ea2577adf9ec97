"""Which sound cards there are, by what the kernel says of them, and which of the ways out of a machine are offered."""

import asyncio
import json
from pathlib import Path

import pytest

from broadcaster.model import Output, alsa_pcm
from broadcaster.playout.alsa import card_outputs, find_card, read_cards
from broadcaster.playout.outputs import MachineSpeakers, offered
from broadcaster.playout.speaker import SoundServerUnavailable, read_sinks

CARDS = """\
 0 [PCH            ]: HDA-Intel - HDA Intel PCH
                      HDA Intel PCH at 0xf7f10000 irq 31
 1 [Device         ]: USB-Audio - USB Audio Device
                      C-Media Electronics Inc. USB Audio Device at usb-0000:00:14.0-2, full speed
 2 [Webcam         ]: USB-Audio - HD Webcam
                      HD Webcam at usb-0000:00:14.0-3, high speed
"""
DEVICES = """\
00-00: ALC887-VD Analog : ALC887-VD Analog : playback 1 : capture 1
00-03: HDMI 0 : HDMI 0 : playback 1
01-00: USB Audio : USB Audio : playback 1 : capture 1
02-00: USB Audio : USB Audio : capture 1
"""
NO_SERVER = {"PULSE_SERVER": "unix:/nowhere"}


def asound(folder: Path, cards: str = CARDS, devices: str = DEVICES) -> Path:
    """What the kernel shows as ``/proc/asound``."""
    folder.mkdir(exist_ok=True)
    (folder / "cards").write_text(cards, encoding="utf-8")
    (folder / "pcm").write_text(devices, encoding="utf-8")
    return folder


def card(name: str, device: int = 0) -> Output:
    return Output("x", "alsa", alsa_pcm(name, device), card=name, device=device)


def test_the_devices_that_can_play_are_known_by_their_card_s_id() -> None:
    assert [(each.card, each.device, each.description) for each in read_cards(CARDS, DEVICES)] == [
        ("PCH", 0, "HDA Intel PCH, ALC887-VD Analog"),
        ("PCH", 3, "HDA Intel PCH, HDMI 0"),
        ("Device", 0, "USB Audio Device, USB Audio"),
    ]


@pytest.mark.parametrize("listing", ["", "--- no soundcards ---\n", "\x00\n[]: -\n 7\n"])
def test_where_there_is_no_card_none_is_found(tmp_path: Path, listing: str) -> None:
    assert card_outputs(asound(tmp_path, listing, listing)) == []
    assert card_outputs(tmp_path / "nowhere") == []


def test_a_card_keeps_its_name_when_its_number_changes(tmp_path: Path) -> None:
    moved = asound(tmp_path, CARDS.replace(" 1 [Device", " 5 [Device"), DEVICES.replace("01-00", "05-00"))
    found = find_card(card("Device"), moved)
    assert found is not None
    assert (found.number, found.pcm) == (5, "plughw:CARD=Device,DEV=0")


@pytest.mark.parametrize("absent", [card("Webcam"), card("Device", 1), card("Other"), card("1")])
def test_what_cannot_play_or_is_not_there_is_not_found(tmp_path: Path, absent: Output) -> None:
    speakers = MachineSpeakers(NO_SERVER, asound=asound(tmp_path))
    assert asyncio.run(speakers.find(absent)) is None
    assert asyncio.run(speakers.find(card("Device"))) is not None


def test_a_card_that_is_pulled_out_is_gone_at_the_next_look(tmp_path: Path) -> None:
    speakers = MachineSpeakers(NO_SERVER, asound=asound(tmp_path))
    assert asyncio.run(speakers.find(card("Device"))) is not None
    asound(tmp_path, CARDS.replace(" 1 [Device", " 1 [Another"))
    assert asyncio.run(speakers.find(card("Device"))) is None


def test_without_a_sound_server_the_cards_are_offered(tmp_path: Path) -> None:
    offered = asyncio.run(MachineSpeakers(NO_SERVER, asound=asound(tmp_path)).every_output())
    assert [(each.kind, each.card, each.device, each.volume, each.muted) for each in offered] == [
        ("alsa", "PCH", 0, None, None),
        ("alsa", "PCH", 3, None, None),
        ("alsa", "Device", 0, None, None),
    ]


def test_a_card_that_the_sound_server_holds_is_offered_once_as_its_sink() -> None:
    listing = json.dumps([{"name": "alsa_output.usb", "properties": {"alsa.card": "1"}}, {"name": "null"}])
    names = [each.sink for each in offered(read_sinks(listing), read_cards(CARDS, DEVICES))]
    assert names == ["alsa_output.usb", "null", "plughw:CARD=PCH,DEV=0", "plughw:CARD=PCH,DEV=3"]


def test_with_neither_server_nor_card_it_is_said_that_the_server_does_not_answer(tmp_path: Path) -> None:
    with pytest.raises(SoundServerUnavailable):
        asyncio.run(MachineSpeakers(NO_SERVER, asound=tmp_path).every_output())
