"""Safe decoding in a limited child, PCM blocks, loudness and correlation arithmetic."""

import os

# The matrices of this room are small: numpy's pool of threads would spin on both cores of a small machine and hold their
# memory, for nothing. It is read once, when numpy is first imported; a person's own setting stands.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
