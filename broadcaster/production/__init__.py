"""A recording becomes a master: probe, mastering, findings."""
