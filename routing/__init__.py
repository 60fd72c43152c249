"""How to get there: road graph, weights, evacuation field, way, verdict, guidance."""
