"""How the database came to its layout: one file a step, each run once, none ever changed."""
