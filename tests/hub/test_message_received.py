"""A message is provisional at the office, whatever it says, until the market's own record comes by the stick."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from stick_stations import LIMA, MONDAY, Place

from broadcaster import locale
from broadcaster.care.checks import State as Look
from broadcaster.care.look_boxes import boxes, messages
from broadcaster.care.sight import Sight
from broadcaster.errors import BadInput
from broadcaster.hub import message_refusals as refusals
from broadcaster.hub.fellows import fellows_of
from broadcaster.hub.keys import keys_of
from broadcaster.hub.message import UNSEALED, Message, codes_in
from broadcaster.hub.receiving import Received, State, open_claims, receive, settled
from broadcaster.hub.telling import message_of
from broadcaster.journal.events import BoxPaired, Ended, LeaseGiven, MakeGoodOrdered, Promise, make_good_id
from broadcaster.journal.messages import claims_at
from broadcaster.journal.reading import read
from broadcaster.model import AiringId, EpisodeNumber, MarketId, Outcome, Reason, Seconds
from broadcaster.reports.gathering import summary_of
from broadcaster.reports.merging import FOR_SUMMARY
from broadcaster.reports.summary import Line, Period, Summary
from broadcaster.reports.summing import summarise
from broadcaster.schedule.load import load_plan

FRIDAY = date(2021, 6, 18)
AIRING = AiringId("2021-06-18T10:00/unicachi")
UNICACHI = MarketId("unicachi")
SATURDAY = MONDAY + timedelta(days=5)
PLAYED, MISSED = (Outcome.PLAYED, Reason.ON_TIME), (Outcome.MISSED, Reason.POWER_LOSS)


def over(*places: Place) -> None:
    """It is Saturday everywhere."""
    for place in places:
        place.clock.utc = SATURDAY


def take_in(office: Place, text: str) -> Received:
    planned = {airing.id: airing.due for airing in load_plan(office.station).airings}
    [code] = codes_in(text)
    with office.journal() as journal:
        return receive(office.station, journal, planned, code, "uid:1000")


def forged(box: Place, office: Place, **changed: object) -> str:
    """What somebody sends who sits at the market's computer itself, and writes what she likes."""
    with box.journal() as journal:
        card = fellows_of(journal).office
        assert card is not None
        secret = keys_of(box.station).shared_with(card)
    return replace(message_of(box.station), **changed).sealed(secret).text  # type: ignore[arg-type]


def june(office: Place) -> Summary:
    rows = read(office.station.database, kinds=FOR_SUMMARY, everyone=True)
    plan, made = load_plan(office.station).airings, office.clock.utc.astimezone(LIMA)
    return summarise([rows], plan, office.station.markets, Period(date(2021, 6, 1), date(2021, 6, 30)), made)


def line(summary: Summary) -> Line:
    return next(line for line in summary.lines if line.airing == AIRING)


@pytest.fixture
def played(box: Place, office: Place) -> str:
    """The message about an airing of Friday that sounded at the market; it is Saturday."""
    box.clock.utc = datetime(2021, 6, 18, 15, 1, tzinfo=MONDAY.tzinfo)
    box.play(FRIDAY, 3)
    over(box, office)
    return message_of(box.station).text


def test_what_a_message_says_is_provisional_and_counts_as_nothing(office: Place, played: str) -> None:
    before = june(office)
    got = take_in(office, played)
    assert (got.airing, got.state, got.kept, got.proved) == (AIRING, State.PROVISIONAL, True, True)
    assert (got.outcome, got.reason) == PLAYED
    after = june(office)
    assert replace(after.total, reported={}) == replace(before.total, reported={})
    assert after.total.played == 0
    assert after.total.reported[Outcome.PLAYED] == 1
    told = line(after)
    assert (told.provisional, told.outcome, told.fulfilled) == (True, None, False)
    assert told.reported is not None
    assert (told.reported.outcome, told.reported.proved) == (Outcome.PLAYED, True)


def test_what_is_kept_beside_the_record_for_quick_reports_knows_of_messages_too(
    office: Place, box: Place, stick: Path, played: str
) -> None:
    def quick() -> Summary:
        made = office.clock.utc.astimezone(LIMA)
        return summary_of(office.station, Period(date(2021, 6, 1), date(2021, 6, 30)), made)

    assert quick().total == june(office).total
    take_in(office, forged(box, office, outcome=Outcome.MISSED, reason=Reason.POWER_LOSS))
    assert quick().total == june(office).total
    assert quick().total.reported[Outcome.MISSED] == 1
    box.export(stick)
    office.take(stick)
    assert quick().total == june(office).total
    assert quick().total.reported_otherwise == 1
    assert line(quick()).reported == line(june(office)).reported


def test_the_same_message_again_changes_nothing(office: Place, played: str) -> None:
    take_in(office, played)
    rows = office.rows()
    again = take_in(office, played.lower())
    assert (again.state, again.kept) == (State.PROVISIONAL, False)
    assert office.rows() == rows


def test_the_stick_confirms_it_and_from_then_on_it_is_played(
    office: Place, box: Place, stick: Path, played: str
) -> None:
    take_in(office, played)
    were_open = open_claims(office.station)
    assert were_open == {AIRING}
    box.export(stick)
    office.take(stick)
    [told] = settled(office.station, were_open)
    assert told.state is State.CONFIRMED
    assert open_claims(office.station) == frozenset()
    total = june(office).total
    assert (total.played, sum(total.reported.values()), total.reported_otherwise) == (1, 0, 0)
    assert line(june(office)).outcome is Outcome.PLAYED


def test_after_the_stick_a_message_that_agrees_is_not_even_written_down(
    office: Place, box: Place, stick: Path, played: str
) -> None:
    box.export(stick)
    office.take(stick)
    rows = office.rows()
    got = take_in(office, played)
    assert (got.state, got.kept) == (State.CONFIRMED, False)
    assert office.rows() == rows


def test_where_record_and_message_differ_the_record_counts_and_everybody_is_told(
    office: Place, box: Place, stick: Path, played: str
) -> None:
    take_in(office, forged(box, office, outcome=Outcome.MISSED, reason=Reason.POWER_LOSS))
    were_open = open_claims(office.station)
    box.export(stick)
    office.take(stick)
    [told] = settled(office.station, were_open)
    assert (told.state, (told.outcome, told.reason), told.recorded) == (State.DIFFERS, MISSED, PLAYED)
    summary = june(office)
    assert (summary.total.played, summary.total.reported_otherwise) == (1, 1)
    assert line(summary).reported_otherwise
    claims = list(claims_at(office.station.database).values())
    [check] = messages(office.station, claims, office.clock.utc)
    assert (check.state, check.subject) == (Look.WARN, "unicachi")
    assert not list(messages(office.station, [], office.clock.utc))
    month_later = office.clock.utc + timedelta(days=31)
    assert [each.state for each in messages(office.station, claims, month_later)] == [Look.OK]


def test_a_record_whose_code_is_not_the_message_s_was_changed_since(
    office: Place, box: Place, stick: Path, played: str
) -> None:
    take_in(office, forged(box, office, code="2345-6789"))
    were_open = open_claims(office.station)
    box.export(stick)
    office.take(stick)
    [told] = settled(office.station, were_open)
    assert told.state is State.CODE_DIFFERS


def test_a_second_message_that_says_something_else_is_kept_beside_the_first_and_told(
    office: Place, box: Place, played: str
) -> None:
    take_in(office, played)
    got = take_in(office, forged(box, office, outcome=Outcome.MISSED, reason=Reason.POWER_LOSS))
    assert (got.kept, got.before) == (True, PLAYED)
    assert june(office).total.reported[Outcome.MISSED] == 1
    assert june(office).total.reported[Outcome.PLAYED] == 0


def test_a_make_good_is_told_too(office: Place, box: Place, played: str) -> None:
    due = datetime(2021, 6, 18, 16, 30, tzinfo=LIMA)
    name = make_good_id(AIRING, 1)
    promise = Promise(name, UNICACHI, due, EpisodeNumber(3), Seconds(600.0))
    box.write(
        MakeGoodOrdered(AIRING, promise, "uid:1000"),
        Ended(name, UNICACHI, due, *PLAYED, EpisodeNumber(3), 1, played_s=Seconds(20.0), make_good_of=AIRING),
    )
    got = take_in(office, message_of(box.station).text)
    assert (got.airing, got.due, got.state) == (name, due, State.PROVISIONAL)


def test_without_a_pairing_nobody_can_tell_who_made_it_and_it_says_so(tmp_path: Path) -> None:
    office, box = Place.office(tmp_path / "office", episodes=()), Place.new(tmp_path / "box", serves="unicachi")
    over(box, office)
    box.play(FRIDAY, 3)
    assert message_of(box.station).seal == UNSEALED
    got = take_in(office, message_of(box.station).text)
    assert (got.state, got.proved) == (State.PROVISIONAL, False)
    told = line(june(office)).reported
    assert told is not None
    assert not told.proved


Make = Callable[[Place, Place], str]


def _unsealed(box: Place, office: Place) -> str:
    return replace(message_of(box.station), seal=UNSEALED).text


def _of_another(box: Place, office: Place) -> str:
    return message_of(box.station).sealed(bytes(32)).text


def _to_come(box: Place, office: Place) -> str:
    office.clock.utc = MONDAY
    return message_of(box.station).text


def _never_promised(box: Place, office: Place) -> str:
    due = datetime(2021, 6, 18, 11, 7, tzinfo=LIMA)
    return forged(box, office, airing=AiringId("2021-06-18T11:07/unicachi"), due=due)


def _by_another_program(box: Place, office: Place) -> str:
    return message_of(box.station).text.replace("EM1", "EM2")


def _mistyped(box: Place, office: Place) -> str:
    text = message_of(box.station).text
    return text[:-1] + ("4" if text[-1] == "3" else "3")


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (_unsealed, refusals.Forged),
        (_of_another, refusals.Forged),
        (_to_come, refusals.NotDueYet),
        (_never_promised, refusals.NoSuchPromise),
        (_by_another_program, refusals.NewerMessage),
        (_mistyped, refusals.NotWhole),
    ],
)
def test_what_is_refused_says_so_in_a_sentence_and_changes_nothing(
    office: Place, box: Place, played: str, make: Make, why: type[BadInput]
) -> None:
    text = make(box, office)
    rows = office.rows()
    with pytest.raises(why) as refused:
        take_in(office, text)
    for language in locale.LANGUAGES:
        locale.use(language)
        assert "{" not in str(refused.value)
        assert "\n" not in str(refused.value)
    assert office.rows() == rows


def test_a_message_that_the_record_has_overtaken_is_refused(
    office: Place, box: Place, stick: Path, played: str
) -> None:
    wednesday = datetime(2021, 6, 16, 10, 0, tzinfo=LIMA)
    text = forged(box, office, airing=AiringId("2021-06-16T10:00/unicachi"), due=wednesday)
    box.export(stick)
    office.take(stick)
    with pytest.raises(refusals.RecordKnowsBetter) as refused:
        take_in(office, text)
    locale.use("es")
    assert "18/06/2021" in str(refused.value)


def test_the_newest_that_ended_here_is_told_unless_another_is_named(box: Place, office: Place, played: str) -> None:
    box.play(date(2021, 6, 16), 2)
    assert message_of(box.station).airing == "2021-06-16T10:00/unicachi"
    assert message_of(box.station, AIRING).airing == AIRING
    with pytest.raises(refusals.NothingToTell):
        message_of(box.station, AiringId("2021-06-11T10:00/unicachi"))
    with pytest.raises(refusals.NothingToTell):
        message_of(box.station, market=MarketId("el-bosque"))


def test_where_nothing_ended_there_is_nothing_to_tell_and_nothing_is_made(tmp_path: Path) -> None:
    new = Place.new(tmp_path / "new")
    with pytest.raises(refusals.NothingEnded):
        message_of(new.station)
    assert not (new.root / "data").exists()


def test_no_title_and_no_code_of_a_person_is_in_a_message(office: Place, box: Place, played: str) -> None:
    sent = message_of(box.station)
    for private in ("d-07", "episode", "episodio"):
        assert private not in sent.text.lower()
    assert isinstance(sent, Message)


def test_the_office_is_told_five_days_before_a_market_falls_silent_while_airings_go_on(
    office: Place, box: Place
) -> None:
    node = box.node

    def told(until: date) -> list[str]:
        with office.journal() as journal:
            journal.append(LeaseGiven(node, until))
            rows = journal.rows(kinds=(BoxPaired, LeaseGiven))
        return [check.subject for check in boxes(Sight(office.station, office.clock.utc), rows)]

    today = office.clock.utc.astimezone(LIMA).date()
    assert told(today + timedelta(days=6)) == []
    assert told(today + timedelta(days=5)) == ["unicachi"]
    assert told(today - timedelta(days=1)) == ["unicachi"]
    office.clock.utc = datetime(2021, 8, 2, 15, tzinfo=MONDAY.tzinfo)
    assert told(date(2021, 8, 6)) == []  # the season is over: there is nothing to be silent about
