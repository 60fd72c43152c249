"""What can be wrong with a place or a person as given: the message says what to do."""


class CityError(ValueError):
    """A statement about a place or a traveller that cannot be used."""


class BadPosition(CityError):
    """Latitude or longitude is no number, or lies outside its range."""


class OutsideCity(CityError):
    """The position is farther from every street of the city than anyone can be guided."""
