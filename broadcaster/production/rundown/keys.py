"""Every key of a ``rundown.toml``: what it may be, what it means, what it looks like."""

from broadcaster.config.entries import Key, Rows, Table
from broadcaster.config.kinds import FLAG, ID, TEXT, listing, matching, number, one_of, whole
from broadcaster.locale import mark as N_
from broadcaster.model import EPISODE_NUMBERS, PartRole

LONGEST_FADE_S = 20.0
"""Of a fade or a crossfade; what is worked on at a time follows from it."""
INSIDE = matching(N_("the name of a file beside the rundown"), r"(?!/)(?!(?:.*/)?\.\.?(?:/|$))[^\\\x00]{1,200}")
_MOMENT = number(0, 86_400)
_FADE = number(0, LONGEST_FADE_S)

PART = Table(
    {
        "role": Key(one_of(*PartRole), "What it is in the episode.", '"greeting"'),
        "file": Key(INSIDE, "Its recording, beside the rundown.", '"saludo.m4a"', None),
        "part": Key(ID, "Instead of a file: the id of a shared part.", '"linea-100"', None),
        "from_s": Key(_MOMENT, "Second of the recording at which it begins.", "0.5", 0.0),
        "to_s": Key(_MOMENT, "Second of the recording at which it ends; absent: its end.", "42.0", None),
        "gain_db": Key(number(-24, 12), "Louder or softer than the others, dB; absent: exactly as loud.", "-2.0", None),
        "fade_in_s": Key(_FADE, "How long it takes to come in; absent: 0.008, of a bed 1.", "1.0", None),
        "fade_out_s": Key(_FADE, "How long it takes to go out; absent: 0.008, of a bed 2.", "2.0", None),
        "crossfade_s": Key(_FADE, "How long it overlaps with the next part, instead of a pause.", "1.5", None),
        "pause_after_s": Key(
            number(0, 30), "Silence after it; absent: 0.4, none after the last part or with a crossfade.", "0.8", None
        ),
        "under": Key(
            whole(1, 99), "Of a bed: under how many of the parts that follow; absent: up to the next bed.", "2", None
        ),
        "level_lu": Key(
            number(-40, 0), "Of a bed: how much softer than the voices it is in their pauses.", "-8.0", None
        ),
        "duck_db": Key(
            number(0, 40), "Of a bed: how much further it goes down under a voice; absent: 12.", "12.0", None
        ),
        "attack_s": Key(
            number(0.01, 5), "Of a bed: how long before a voice it begins to go down; absent: 0.3.", "0.3", None
        ),
        "release_s": Key(number(0.05, 10), "Of a bed: how long it takes to come up again; absent: 1.", "1.0", None),
    }
)

KEYS = Table(
    {
        "number": Key(whole(EPISODE_NUMBERS[0], EPISODE_NUMBERS[-1]), "Number of the episode.", "5"),
        "title": Key(TEXT, "The title; it never becomes part of a file's name or a log.", '"Mi barrio me escucha"'),
        "defenders": Key(listing(TEXT, least=1), "Codes of the defenders who made it.", '["d-07"]'),
        "consents": Key(
            listing(TEXT), "References of the consents of all its recognisable voices.", '["C-2021-014"]', ()
        ),
        "helplines": Key(listing(ID), "Helplines it names, by their ids in config.toml.", '["linea-100"]', ()),
        "sample": Key(FLAG, "Made up to try the program: never airs under run.", "false", default=False),
        "opening": Key(FLAG, "Whether the station's chime and ident open it.", "true", default=True),
        "parts": Rows(PART),
    }
)
"""The document."""

OF_A_BED = ("under", "level_lu", "duck_db", "attack_s", "release_s")
NOT_OF_A_BED = ("gain_db", "crossfade_s", "pause_after_s")
