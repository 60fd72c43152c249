"""What headquarters sees, as one plain document."""
