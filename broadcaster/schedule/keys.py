"""Every key of a season file: what it may be, what it means, what it looks like."""

from broadcaster.config.entries import Key, Rows, Table
from broadcaster.config.kinds import DAY, ID, TEXT, TIME, listing, one_of, whole
from broadcaster.model import EPISODE_NUMBERS

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_EPISODE = whole(EPISODE_NUMBERS[0], EPISODE_NUMBERS[-1])

RULE = Table(
    {
        "weekdays": Key(listing(one_of(*WEEKDAYS), least=1), "Days of the week.", '["wednesday", "friday"]'),
        "times": Key(listing(TIME, least=1), "Local times of the first word.", '["10:00"]'),
        "markets": Key(listing(ID, least=1), "Ids of the markets, as in config.toml.", '["unicachi"]'),
    }
)

EXCEPTION = Table(
    {
        "date": Key(DAY, "The date of the slot.", "2021-07-28"),
        "time": Key(TIME, "The slot's time; absent: every slot of the date. An extra slot needs it.", '"10:00"', None),
        "markets": Key(listing(ID, least=1), "The markets meant; absent: all of the rules.", '["unicachi"]', ()),
        "action": Key(
            one_of("skip", "move", "replace", "extra"),
            "Not to air, to air at another time, to air another episode, or an additional slot.",
            '"skip"',
        ),
        "episode": Key(_EPISODE, "For replace and extra: the episode that airs.", "3", None),
        "to_date": Key(DAY, "For move: the new date; absent: the same.", "2021-07-29", None),
        "to_time": Key(TIME, "For move: the new time; absent: the same.", '"11:00"', None),
        "reason": Key(TEXT, "Why, as the coordination will explain it.", '"El mercado cierra por fiestas"'),
        "amended": Key(DAY, "The day it was decided.", "2021-07-20"),
    }
)

KEYS = Table(
    {
        "name": Key(TEXT, "The season's name, as screens and documents show it.", '"Junio y julio de 2021"'),
        "from": Key(DAY, "First date.", "2021-06-11"),
        "until": Key(DAY, "Last date, included.", "2021-07-30"),
        "first_episode": Key(_EPISODE, "Episode of each market's first slot; the next slot has the next.", "1", 1),
        "order": Key(
            listing(_EPISODE, least=1), "Episode of each slot in turn, instead of counting up.", "[1, 2, 2, 3]", ()
        ),
        "holidays": Key(
            one_of("air", "skip", "shift"),
            "On a public holiday: air all the same, skip the slot, or shift its episode to the next slot.",
            '"air"',
            "air",
        ),
        "skipped_episode": Key(
            one_of("lost", "next_slot"),
            "The episode of a slot that does not air: lost, or carried to the market's next slot.",
            '"lost"',
            "lost",
        ),
        "make_good": Key(
            one_of("by_hand", "same_day"),
            "What was missed or broke off is made good when somebody orders it, or by itself the same day.",
            '"same_day"',
            "by_hand",
        ),
        "rules": Rows(RULE),
        "exceptions": Rows(EXCEPTION),
    }
)
