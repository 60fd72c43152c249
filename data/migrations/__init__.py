"""Alembic migrations, run by `nigemichi migrate`."""
