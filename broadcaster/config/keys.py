"""Every key of ``config.toml``: what it may be, what it means, what it looks like."""

from datetime import time

from broadcaster.config.entries import Key, Named, Rows, Table
from broadcaster.config.kinds import (
    CARD,
    COUNTRY,
    DATABASE,
    DAY,
    FLAG,
    HOURS,
    HOURS_OR_NOTHING,
    ID,
    OPENING,
    SINK,
    TEXT,
    TEXT_OR_NOTHING,
    TIME_OR_NOTHING,
    UBIGEO,
    ZONE,
    listing,
    number,
    one_of,
    whole,
)
from broadcaster.locale import LANGUAGES
from broadcaster.model import Hours, Profile

FILE = "config.toml"

STATION = Table(
    {
        "name": Key(TEXT, "The station's name, as screens and documents show it.", '"Defensoras al Parlante"'),
        "language": Key(one_of(*LANGUAGES), "Language of screens and documents.", '"es"', "es"),
        "timezone": Key(ZONE, "Time zone of every time of day in the station's files.", '"America/Lima"'),
        "serves": Key(
            listing(ID), "Ids of the markets that `run` serves on this computer; all when empty.", '["unicachi"]', ()
        ),
        "grace_s": Key(number(0, 3600), "How late an airing may still start, in seconds.", "600.0", 600.0),
        "database": Key(
            DATABASE,
            "Address of the database; a relative sqlite path starts at the station's folder.",
            '"sqlite:///data/broadcaster.db"',
            "sqlite:///data/broadcaster.db",
        ),
    }
)

OUTPUT = Table(
    {
        "kind": Key(
            one_of("pulse", "alsa"),
            "How the sound leaves: pulse, by a sink of PulseAudio or PipeWire; alsa, by a sound card without a server.",
            '"pulse"',
            "pulse",
        ),
        "sink": Key(SINK, "For pulse, required: the sink's stable name on the sound server.", '"mercado-1"', None),
        "card": Key(CARD, "For alsa, required: the card's id, in brackets in /proc/asound/cards.", '"Device"', None),
        "device": Key(whole(0, 31), "For alsa: which of the card's devices.", "0", 0),
    }
)

MARKET = Table(
    {
        "name": Key(TEXT, "The market's name, as screens and documents show it.", '"Mercado Unicachi"'),
        "aliases": Key(listing(TEXT), "Other names people use for it.", '["Unicachi"]', ()),
        "district": Key(TEXT, "The district it stands in.", '"Villa El Salvador"'),
        "ubigeo_inei": Key(UBIGEO, "INEI code of the district (not RENIEC's).", '"150142"'),
        "output": Key(ID, "Id of the output that serves it; no other market may use it.", '"unicachi"'),
        "hours": Key(HOURS, "When the market is open; nothing sounds outside.", '"06:00-18:00"'),
        "quiet": Key(
            listing(HOURS),
            "When loudspeakers must be silent, whatever the market's hours.",
            '["20:00-08:00"]',
            (Hours(time(20), time(8)),),
        ),
        "volume": Key(number(0, 1), "Volume of the program's own sound; at most volume_cap.", "0.8", 0.8),
        "volume_cap": Key(number(0, 1), "The most the market allows.", "0.9", 0.9),
        "authorisation": Key(
            TEXT_OR_NOTHING, "Number of the permit to use the loudspeakers; empty when none is on record.", '""', ""
        ),
        "chime": Key(
            OPENING,
            "Shared part that sounds here before every episode; chime: the program's own; empty: none.",
            '"chime"',
            "",
        ),
        "ident": Key(OPENING, "Shared part that follows it, before the episode; empty: none.", '"careta-unicachi"', ""),
    }
)

ORGANISATION = Table(
    {
        "name": Key(TEXT, "The organisation's name, as documents print it.", '"OIM Perú"'),
        "role": Key(one_of("implements", "reports", "funds"), "What it does in the programme.", '"implements"'),
    }
)

HELPLINE = Table(
    {
        "name": Key(TEXT, "The helpline's name.", '"Línea 100"'),
        "number": Key(TEXT_OR_NOTHING, "What to dial; empty when it is a place.", '"100"', ""),
        "hours": Key(TEXT_OR_NOTHING, "When somebody answers; empty when unconfirmed.", '"24 horas"', ""),
        "languages": Key(listing(TEXT), "Languages spoken, as two-letter codes.", '["es", "qu", "ay"]', ()),
        "cost": Key(TEXT_OR_NOTHING, "What a call costs; empty when unconfirmed.", '"gratuita"', ""),
        "valid_from": Key(DAY, "First day it is valid.", "2021-01-01", None),
        "valid_to": Key(DAY, "Last day it is valid.", "2025-12-31", None),
        "verified_on": Key(
            DAY,
            "Day somebody called it and was answered; `helpline verify` puts later days on record.",
            "2021-06-01",
            None,
        ),
        "wrong": Key(FLAG, "Known to be wrong: an episode that says it may not air.", "false", default=False),
    }
)

SAFETY = Table(
    {
        "helpline_verified_days": Key(
            whole(1, 3650),
            "For how many days a call to a helpline counts; then it airs flagged for 14 days more, then not.",
            "90",
            90,
        ),
    }
)

DECREE = Table(
    {
        "date": Key(DAY, "The day.", "2020-07-29"),
        "note": Key(TEXT, "The norm that says so.", '"DU 081-2020"'),
    }
)

BLACKOUT = Table(
    {
        "date": Key(DAY, "A day on which nothing airs, whatever the season says.", "2021-06-06"),
        "note": Key(TEXT, "Why.", '"Elecciones: ley seca y silencio"'),
    }
)

CALENDAR = Table(
    {
        "country": Key(COUNTRY, "Whose public holidays, by ISO 3166 code.", '"PE"', "PE"),
        "working": Rows(DECREE),
        "holidays": Rows(DECREE),
        "blackouts": Rows(BLACKOUT),
    }
)

MASTERING = Table(
    {
        "loudness_lufs": Key(number(-40, -10), "Loudness of a master (mono), LUFS.", "-19.0", -19.0),
        "true_peak_dbtp": Key(number(-9, 0), "Highest true peak of a master, dBTP.", "-1.5", -1.5),
        "max_drive_db": Key(number(0, 20), "The most the limiter may take off a peak, dB.", "8.0", 8.0),
        "profile": Key(
            one_of(*Profile),
            "What masters are made for: `speech`, or `horn` for horn loudspeakers in noise; `episode add --profile` for one.",
            '"speech"',
            "speech",
        ),
        "horn_loudness_lufs": Key(number(-40, -10), "Loudness of a master for horns, LUFS.", "-16.0", -16.0),
        "horn_high_pass_hz": Key(number(60, 400), "Below it a horn gets nothing, Hz.", "200.0", 200.0),
        "lead_in_s": Key(number(0, 10), "Silence before the first word, which players may swallow.", "3.0", 3.0),
        "tail_s": Key(number(0, 10), "Silence after the last word.", "1.0", 1.0),
    }
)

INTAKE = Table(
    {
        "max_duration_s": Key(number(1, 86_400), "The longest recording accepted, in seconds.", "14400.0", 14_400.0),
        "max_file_bytes": Key(
            whole(1, 100_000_000_000), "The largest file accepted, in bytes.", "3000000000", 3_000_000_000
        ),
        "keep_originals_days": Key(
            whole(0, 3650), "How many days an original is kept after its episode was approved.", "30", 30
        ),
        "keep_withdrawn_days": Key(
            whole(0, 3650), "How many days withdrawn audio stays on the disk when nobody removes it before.", "30", 30
        ),
        "shortest_s": Key(
            number(0, 86_400),
            "How long an episode is at least, in seconds; a shorter one is remarked upon.",
            "60.0",
            60.0,
        ),
        "longest_s": Key(
            number(1, 86_400),
            "How long an episode is at most, in seconds; a longer one is remarked upon.",
            "1800.0",
            1_800.0,
        ),
    }
)

RUNDOWN = Table(
    {
        "chime": Key(
            OPENING, "Shared part that opens every built episode; chime: the program's own; empty: none.", '"chime"', ""
        ),
        "ident": Key(
            OPENING, "Shared part that follows the chime in every built episode; empty: none.", '"careta"', ""
        ),
    }
)

COPIES = Table(
    {
        "picture": Key(
            TEXT_OR_NOTHING,
            "Picture behind a video for Facebook, PNG or JPEG, from the station's folder; empty: the program's own.",
            '"imagen.png"',
            "",
        ),
    }
)

CARE = Table(
    {
        "evening_check": Key(
            TIME_OR_NOTHING,
            "When, on the evening before an airing, the running program looks whether all is ready; empty: never.",
            '"19:00"',
            time(19),
        ),
    }
)

ALERTS = Table(
    {
        "night": Key(
            HOURS_OR_NOTHING,
            "Hours in which no alert is sent; it is sent when they are over. Empty: none.",
            '"21:00-06:00"',
            None,
        ),
    }
)

DOCUMENTS = Table(
    {
        "place": Key(TEXT_OR_NOTHING, "Where documents are dated; empty: written by hand.", '"Lima"', ""),
        "agreement": Key(
            TEXT_OR_NOTHING,
            "The agreement or plan that documents refer to; empty: written by hand.",
            '"Convenio N.° 012-2021"',
            "",
        ),
        "objective": Key(
            TEXT_OR_NOTHING,
            "The project's objective, for the donor's report; empty: written by hand.",
            '"Prevenir la violencia contra las mujeres en cuatro mercados de Lima"',
            "",
        ),
        "baseline": Key(
            TEXT_OR_NOTHING,
            "Airings before the project began, for the donor's report; empty: written by hand.",
            '"0"',
            "",
        ),
        "contact": Key(
            TEXT_OR_NOTHING,
            "Whom an inspector or a neighbour may call, printed on the schedule: an office and a telephone, never a "
            "person's name; empty: written by hand.",
            '"Coordinación del programa, teléfono 000 000 000"',
            "",
        ),
        "acknowledgement": Key(
            TEXT_OR_NOTHING,
            "The sentence of thanks that a donor asks for; empty: none is printed.",
            '"Con el apoyo de PRM (Departamento de Estado de los Estados Unidos)"',
            "",
        ),
    }
)

KEYS = Table(
    {
        "station": STATION,
        "outputs": Named(OUTPUT),
        "markets": Named(MARKET),
        "organisations": Rows(ORGANISATION),
        "helplines": Named(HELPLINE, required=False),
        "safety": SAFETY,
        "calendar": CALENDAR,
        "mastering": MASTERING,
        "intake": INTAKE,
        "rundown": RUNDOWN,
        "copies": COPIES,
        "care": CARE,
        "alerts": ALERTS,
        "documents": DOCUMENTS,
    },
    retired=frozenset({"approvers"}),  # people are registered by `broadcaster person`, on record
)
