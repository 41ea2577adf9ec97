"""Loads the program before numpy, as its own commands do: numpy then keeps to one thread."""

import broadcaster  # noqa: F401
