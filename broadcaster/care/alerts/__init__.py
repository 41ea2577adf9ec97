"""Who is not at the box is told what somebody must do something about, by whatever way the station has chosen.

::

    rows, what does not answer ─▶ due (pure) ─▶ words ─▶ outbox (on disk) ─▶ a child that sends ─▶ the network

The airings never wait for any of it: what is sent is sent by a process of its own, with a deadline. What is told names
causes, markets' codes, moments and counts; never a title, a person or an address.
"""
