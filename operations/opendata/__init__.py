"""Open data of the city: places, how full they are, closures, orders and alerts, in two formats."""
