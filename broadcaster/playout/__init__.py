"""The plan becomes sound: cueing (pure), player, speaker, witness, daemon."""
