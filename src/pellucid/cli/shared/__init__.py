"""What several commands share; a file beside this folder is a command, and named after it."""
