"""The panel: what people would rather look at than type.

::

    a browser ─▶ serving     the socket; slow and greedy connections
                    │
                 gate        is this request meant for us? whose is it, in which language? what every answer carries
                    │
                 app         the table of routes: each has its door
                    │
                 doors       who may come in; was the form really sent from our own page?
                    │
                 stall, office, library   the pages      (desk: what they need of the station)
                    │
                 pages       a template and its facts → a page

A process of its own, beside the daemon's (``companion``) or alone. It reads the record, and what people order goes to the
daemon as the command line's orders do: ending it, or breaking it, never touches an airing.
"""
