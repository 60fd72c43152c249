"""Who registers to be told: by page or LINE, confirmed by what only they get, left by one tap."""
