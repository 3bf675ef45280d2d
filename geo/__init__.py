"""Pure analysis: frames in, frames out. No screen, no database; the network only in ``fetch``."""
