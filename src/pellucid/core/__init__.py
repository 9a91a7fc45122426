"""What everything else may use: checks of arguments, random streams, atomic files, registries."""
