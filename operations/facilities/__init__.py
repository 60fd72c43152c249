"""Calls to 要配慮者利用施設: whom next, who was told, by whom, and what they said."""
