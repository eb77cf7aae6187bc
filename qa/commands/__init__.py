"""What the subcommands of `dateline` do, a module each, and what they print."""
