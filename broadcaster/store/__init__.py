"""The one database: its engine and guarantees, its migrations, all tables."""
