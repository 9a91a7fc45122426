"""Worlds whose truth is known, to see whether intervals and tests keep their promises."""
