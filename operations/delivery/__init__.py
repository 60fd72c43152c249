"""Sending: approved alerts are expanded into the outbox and handed to carriers, by any number of
workers on any number of machines.
"""
