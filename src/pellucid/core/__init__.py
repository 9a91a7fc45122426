"""The base of all other rooms: checks of arguments, settings, random streams, atomic files, registries."""
