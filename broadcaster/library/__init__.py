"""What we may air: episodes on disk; approval, consent, withdrawal as rows."""
