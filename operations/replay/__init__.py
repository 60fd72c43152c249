"""What headquarters saw: recorded, looked at afterwards, run again with a change, reported."""
