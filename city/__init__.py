"""Who and where: areas, positions and metres, the traveller, daylight."""
