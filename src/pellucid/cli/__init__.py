"""The command line: one small file a command, which asks the floors below and prints what they say."""
