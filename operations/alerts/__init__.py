"""What headquarters does with an alert: draft, check, submit, approve, stop, look at."""
