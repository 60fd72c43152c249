"""What it costs to come from every junction to every place, on today's weights.

Two engines behind one interface (`costs.Engine`): `hierarchy` is a customisable contraction
hierarchy (Dibbelt, Strasser, Wagner, 2014) in the order `order`, of which `skeleton` depends on the
streets alone; `plain` is scipy's Dijkstra, the other one's oracle and stand-in.
"""
