"""Safe decoding in a limited child, PCM blocks, loudness and correlation arithmetic."""
