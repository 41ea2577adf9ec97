"""An airing's message survives a telephone, and a letter copied wrong or a message of somebody else's does not pass."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster import locale
from broadcaster.hub.message import LENGTH, OPENS_WHATSAPP, Code, Message, can_be_told, codes_in, is_whole, understood
from broadcaster.hub.message_refusals import NewerMessage, NotWhole, OfNoMarket
from broadcaster.journal.dailycode import ALPHABET
from broadcaster.model import REASONS, AiringId, MarketId, Outcome, Reason

LIMA = ZoneInfo("America/Lima")
UNICACHI = MarketId("unicachi")
MARKETS = (MarketId("mercado-central"), MarketId("el-bosque"), UNICACHI, MarketId("huamantanga"))
DUE = datetime(2021, 6, 18, 10, 0, tzinfo=LIMA)
SECRET = bytes(range(32))


def message(
    airing: str = "2021-06-18T10:00/unicachi",
    due: datetime = DUE,
    outcome: Outcome = Outcome.PLAYED,
    reason: Reason = Reason.ON_TIME,
) -> Message:
    return Message(AiringId(airing), UNICACHI, due, outcome, reason, "K7F3-9QXM", "Mercado Unicachi").sealed(SECRET)


def read(text: str) -> list[Message]:
    return [understood(code, MARKETS, LIMA) for code in codes_in(text)]


def same(one: Message, other: Message) -> bool:
    """All that a code carries."""
    return (one.airing, one.market, one.due, one.outcome, one.reason, one.code, one.seal) == (
        *(other.airing, other.market, other.due, other.outcome, other.reason, other.code, other.seal),
    )


def test_it_is_short_and_says_market_day_outcome_reason_and_the_record_s_code() -> None:
    locale.use("es")
    text = message(outcome=Outcome.MISSED, reason=Reason.POWER_LOSS).text
    for words in (
        "Mercado Unicachi",
        "viernes 18 de junio de 2021, 10:00 a. m.",
        "no emitida",
        "corte de luz",
        "K7F3-9QXM",
    ):
        assert words in text
    assert len(text) < 180
    assert re.fullmatch(rf"EM1(-[{ALPHABET}]{{5}}){{7}}", text.splitlines()[-1])


@pytest.mark.parametrize(("outcome", "reason"), [(o, r) for o in Outcome for r in Reason if r in REASONS[o]])
def test_every_outcome_and_reason_comes_back(outcome: Outcome, reason: Reason) -> None:
    sent = message(outcome=outcome, reason=reason)
    [got] = read(sent.text)
    assert same(sent, got)


def test_a_make_good_comes_back_with_its_own_minute() -> None:
    sent = message("makegood/2/2021-06-18T10:00/unicachi", datetime(2021, 7, 20, 16, 35, tzinfo=LIMA))
    [got] = read(sent.text)
    assert same(sent, got)


def test_the_second_pass_of_a_repeated_hour_is_another_airing() -> None:
    zone = ZoneInfo("America/Santiago")
    due = datetime(2022, 4, 2, 23, 30, tzinfo=zone, fold=1)
    sent = Message(AiringId("2022-04-02T23:30Z1/unicachi"), UNICACHI, due, Outcome.PLAYED, Reason.LATE, "K7F3-9QXM")
    [got] = [understood(code, MARKETS, zone) for code in codes_in(sent.text)]
    assert same(sent, got)
    assert got.due.utcoffset() == due.utcoffset()


def test_a_sound_by_hand_is_no_airing_and_has_no_message() -> None:
    assert not can_be_told(AiringId("manual/2021-06-18T10:23:05/unicachi"))
    assert can_be_told(AiringId("makegood/15/2021-06-18T10:00/unicachi"))


WAYS: Mapping[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "the code alone": lambda text: text.splitlines()[-1],
    "small letters": str.lower,
    "title case": str.title,
    "a line break after every word": lambda text: text.replace(" ", "\n").replace("-", "-\n"),
    "a line break anywhere": lambda text: "\n".join(text[at : at + 7] for at in range(0, len(text), 7)),
    "no strokes": lambda text: text.replace("-", ""),
    "long strokes": lambda text: text.replace("-", "—"),
    "spaces": lambda text: text.replace("-", "  "),
    "quoted": lambda text: "\n".join(f"> {line}" for line in text.splitlines()),
    "in quotes": lambda text: f"«{text}»",
    "bold and italic": lambda text: f"*_{text}_*",
    "forwarded": lambda text: f"[10:12, 18/6/2021] Puesto 12: Reenviado\n{text}",
    "from an iPhone": lambda text: f"\u200e[18/6/21, 10:12:05 a.\u202fm.] Puesto 12: \u200e{text}",
    "words behind": lambda text: f"{text}\nSaludos, buen día. Mañana avisamos 2 veces más.",
    "words right behind": lambda text: f"{text} gracias",
    "the link": lambda text: OPENS_WHATSAPP + text.replace(" ", "%20").replace("\n", "%0A").replace(":", "%3A"),
    "without breaks": lambda text: text.replace("\n", " "),
    "full width": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "taken for what it looks like": lambda text: text.replace("8", "B").replace("5", "S").replace("2", "Z"),
}


@pytest.mark.parametrize("way", WAYS)
def test_it_survives_what_telephones_do_to_it(way: str) -> None:
    locale.use("es")
    sent = message(outcome=Outcome.MISSED, reason=Reason.NO_AUDIO_DEVICE)
    [got] = read(WAYS[way](sent.text))
    assert same(sent, got)


def test_its_link_opens_whatsapp_with_the_very_text() -> None:
    locale.use("es")
    sent = message()
    assert sent.link.startswith("https://wa.me/?text=")
    assert unquote(sent.link.removeprefix("https://wa.me/?text=")) == sent.text
    assert " " not in sent.link


def test_several_in_one_paste_are_each_read_also_beside_one_that_is_cut_short() -> None:
    texts = [message(f"2021-06-{day}T10:00/unicachi", DUE.replace(day=day)).text for day in (16, 18, 23)]
    assert [each.due.day for each in read("\n".join(texts))] == [16, 18, 23]
    cut = texts[0][:-12]
    codes = codes_in(f"{cut}\n{texts[1]}")
    assert [is_whole(code.letters) for code in codes] == [False, True]


def test_no_letter_can_be_another_and_no_two_neighbours_can_change_places() -> None:
    letters = message().letters
    for at in range(LENGTH):
        for other in ALPHABET.replace(letters[at], ""):
            assert not is_whole(letters[:at] + other + letters[at + 1 :])
        turned = letters[:at] + letters[at : at + 2][::-1] + letters[at + 2 :]
        assert turned == letters or not is_whole(turned)


def test_one_cut_short_or_mistyped_is_refused_in_a_sentence_that_names_it() -> None:
    locale.use("en")
    text = message().text
    for wrong in (text[:-1], text[:-8] + "O" + text[-7:], text.replace("EM1-", "EM1-7")):
        [code] = codes_in(wrong)
        with pytest.raises(NotWhole) as refused:
            understood(code, MARKETS, LIMA)
        assert "EM1-" in str(refused.value)


def test_one_of_a_newer_program_and_one_of_an_unknown_market_are_refused() -> None:
    [code] = codes_in(message().text)
    with pytest.raises(NewerMessage):
        understood(Code(2, code.letters), MARKETS, LIMA)
    with pytest.raises(OfNoMarket):
        understood(code, MARKETS[:2], LIMA)


def test_its_seal_needs_the_secret_and_covers_every_fact() -> None:
    sent = message()
    [got] = read(sent.text)
    assert got.sealed(SECRET).seal == got.seal
    assert got.sealed(SECRET[::-1]).seal != got.seal
    others = (
        message("2021-06-16T10:00/unicachi", DUE.replace(day=16)),
        message(due=DUE.replace(minute=1)),
        message(reason=Reason.LATE),
        message(outcome=Outcome.MISSED, reason=Reason.POWER_LOSS),
    )
    assert len({sent.seal, *(other.seal for other in others)}) == 5


def test_text_without_a_message_holds_none() -> None:
    for text in ("", "Buenos días, señora.", "EMISIÓN 10:00", "REM1 XXXX", "tem 12 horas", "2021-06-18T10:00/unicachi"):
        assert codes_in(text) == []


@given(st.text(max_size=400))
def test_no_text_whatever_is_taken_for_a_message_or_breaks_the_reader(text: str) -> None:
    assert not any(is_whole(code.letters) for code in codes_in(text))


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2099, 12, 31, 23, 59)),  # noqa: DTZ001  local minutes
    st.sampled_from(MARKETS),
)
def test_any_minute_at_any_market_comes_back(minute: datetime, market: MarketId) -> None:
    due = minute.replace(second=0, microsecond=0, tzinfo=LIMA)
    sent = Message(
        AiringId(f"{due:%Y-%m-%dT%H:%M}/{market}"), market, due, Outcome.PARTIAL, Reason.AUDIO_LOST, "2345-6789"
    )
    [got] = read(sent.text)
    assert (got.airing, got.due, got.market) == (sent.airing, due, market)
