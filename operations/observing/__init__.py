"""Reports from the field: taken in, held against each other, decided on."""
