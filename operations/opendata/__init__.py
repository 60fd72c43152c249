"""Open data of the city: places, how full they are, closures, alerts, as GeoJSON and as CSV."""
