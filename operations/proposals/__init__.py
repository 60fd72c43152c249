"""A level is proposed by one person and set when another approves."""
