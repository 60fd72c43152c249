"""The JMA's telegrams in: kept, shown, and turned into suggestions to a person."""
