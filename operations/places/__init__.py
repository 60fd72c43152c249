"""Places during the night: counted, opened, asked after, shown."""
