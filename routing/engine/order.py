"""In which order junctions are contracted: nested dissection, separators by inertial flow.

Schild, Sommer, "On Balanced Separators in Road Networks", 2015; computed by RoutingKit's
routingkit-cch.
"""

import numpy as np

from routing.roads import Ints, RoadGraph


def contraction_order(roads: RoadGraph) -> Ints:
    """(N,) junctions, the first to be contracted first."""
    import routingkit_cch

    x, y = roads.junction_xy.T
    # Inertial flow needs no more of the positions than their order along lines: metres serve.
    order = routingkit_cch.compute_order_inertial(
        roads.junction_count, roads.tail.tolist(), roads.head.tolist(), y.tolist(), x.tolist()
    )
    return np.asarray(order, dtype=np.int32)
