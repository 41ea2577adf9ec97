"""What happened, for ever: events and their fold (pure), append, chain."""
