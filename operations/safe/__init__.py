"""安否: who said that they are safe, and who may find them."""
