"""Rules become a plan: season files, calendar, plan (pure but for reading files)."""
