"""Basics for all other folders: checks of arguments, settings, random streams, atomic files, registries."""
