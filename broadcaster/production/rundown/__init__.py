"""An episode put together from its parts, as its ``rundown.toml`` orders them.

::

    rundown.toml ─▶ reading ─▶ checking ─▶ levelling ─▶ joining ─▶ ducking ─▶ building ─▶ intake
                    (keys)     (files on   (decoded,    (one voice  (beds      (one wav,    (as any
                                disk)       as loud      track)      under it)  put on       recording)
                                            as each                             record)
                                            other)

Every step keeps its sound on the disk and holds seconds of it in memory, whatever the length of the episode.
``docs/rundowns.md`` says why it is done so and what every key means.
"""
