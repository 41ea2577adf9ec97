"""The first three screens of ``broadcaster setup``: which markets, which output for each, how loud."""

from collections.abc import Sequence
from dataclasses import replace

from broadcaster.cli import dialogue
from broadcaster.cli.dialogue import ask, ask_numbers, tell
from broadcaster.cli.setup_answers import Answers, as_output, candidates, louder, softer, volume_now
from broadcaster.cli.setup_room import Room, heading, hour
from broadcaster.cli.show import progress
from broadcaster.locale import gettext as _
from broadcaster.model import Evidence, Market, Output, Reason
from broadcaster.playout.orders import MarketHeld
from broadcaster.playout.speaker import Found, SoundServerUnavailable
from broadcaster.playout.tryout import as_if
from broadcaster.reasons import sentence


def which_markets(room: Room, answers: Answers) -> Answers:
    """Most computers serve one."""
    markets = list(room.station.markets)
    heading(1, _("Which market does this computer serve?"))
    for number, id_ in enumerate(markets, start=1):
        market = room.station.markets[id_]
        tell(f"  {number}. {market.name} ({market.district})")
    present = [markets.index(market) + 1 for market in answers.markets if market in markets]
    question = _("Type its number and press Enter. If it serves several, type all their numbers: 1,3.")
    chosen = ask_numbers(question, len(markets), present)
    return replace(answers, markets=tuple(markets[number - 1] for number in chosen))


def which_output(room: Room, market: Market, answers: Answers) -> Answers:
    """Each output in turn, until she hears the test in the market; nothing sounds before she says so."""
    heading(2, _("The loudspeaker of {market}").format(market=market.name))
    if not _may_sound(room, market):
        return answers.put_off(market.id)
    while True:
        found = _look(room, market, answers)
        if found:
            heard = _try_each(room, market, found, volume_now(market, answers))
            if heard is not None:
                return answers.heard(market, heard)
        else:
            tell(sentence(Reason.NO_AUDIO_DEVICE), "yellow")
        if ask(_("Look for it once more, or another day?"), (dialogue.LOOK, dialogue.LATER)) == dialogue.LATER:
            return answers.put_off(market.id)


def _look(room: Room, market: Market, answers: Answers) -> list[Found]:
    try:
        return candidates(room.station, market, answers, room.outputs())
    except SoundServerUnavailable as problem:
        tell(str(problem), "yellow")
        return []


def _may_sound(room: Room, market: Market) -> bool:
    """Whether a test may be heard now: in the market's silent hours only if she insists; it goes on record anyway."""
    if market.id in room.held:
        tell(str(MarketHeld(market=market.id)), "yellow")
        ask(_("Its loudspeaker waits until then."), (dialogue.LATER,))
        return False
    now = room.local_time()
    if market.may_sound(now.time()):
        return True
    tell(
        _("It is {time}: at this hour {market} is closed or must be silent.").format(
            time=hour(now), market=market.name
        ),
        "yellow",
    )
    return ask(_("Play the test all the same? It goes on record."), (dialogue.NO, dialogue.YES)) == dialogue.YES


def _try_each(room: Room, market: Market, found: Sequence[Found], volume: float) -> Found | None:
    tell(_("This computer has these sound outputs:"))
    for number, each in enumerate(found, start=1):
        tell(f"  {number}. {each.description}")
    tell(
        "\n"
        + _(
            "A chime and a sentence will sound, about ten seconds. "
            "Switch the amplifier on, not too loud, and listen in the market."
        )
    )
    for each in found:
        question = _("Play the test on «{output}»?").format(output=each.description)
        if ask(question, (dialogue.GO_ON, dialogue.NO)) == dialogue.NO:
            continue
        if _is_heard(room, market, as_output(each, market), volume):
            return each
    tell("\n" + _("It was heard on no output. Check the speaker's cable and the amplifier."), "yellow")
    return None


def _is_heard(room: Room, market: Market, output: Output, volume: float) -> bool:
    while True:
        _sound(room, market, output, volume)
        question = _("Was it heard at the loudspeaker of {market}?").format(market=market.name)
        answer = ask(question, (dialogue.AGAIN, dialogue.YES, dialogue.NO))
        if answer != dialogue.AGAIN:
            return answer == dialogue.YES


def _sound(room: Room, market: Market, output: Output, volume: float) -> None:
    """Play the test, and say what the computer itself noticed."""
    with progress(_("Listen …")) as moved:
        tested = room.sound(as_if(room.station, market, output, volume), market, moved)
    if tested.reason is not None:
        tell(sentence(tested.reason), "yellow")
    elif tested.evidence is Evidence.MONITOR:
        tell(_("The sound left the computer."), "green")


def how_loud(room: Room, market: Market, answers: Answers) -> Answers:
    """Again and again, a step louder or softer, until she finds it right; never above what the market allows."""
    heading(3, _("The volume at {market}").format(market=market.name))
    tell(_("The most that this market allows is {cap}.").format(cap=percent(market.volume_cap)))
    volume = volume_now(market, answers)
    plays = market.id not in answers.volumes  # who comes back to this screen is not startled
    while True:
        if plays:
            tell("\n" + _("It sounds at {volume}.").format(volume=percent(volume)))
            _sound(room, market, answers.outputs[market.id], volume)
        answer = ask(_("How was it in the market?"), (dialogue.GOOD, dialogue.LOUDER, dialogue.SOFTER, dialogue.AGAIN))
        if answer == dialogue.GOOD:
            return answers.at_volume(market.id, volume)
        wanted = _moved(volume, market.volume_cap, answer)
        plays = wanted != volume or answer == dialogue.AGAIN
        if not plays:
            tell(_("It goes no further here. Turn the amplifier itself."), "yellow")
        volume = wanted


def _moved(volume: float, cap: float, answer: str) -> float:
    if answer == dialogue.LOUDER:
        return louder(volume, cap)
    return softer(volume, cap) if answer == dialogue.SOFTER else volume


def percent(volume: float) -> str:
    """A volume as people say it."""
    return _("{percent} %").format(percent=round(volume * 100))
