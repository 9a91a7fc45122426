"""How fast the lab's networks train and predict on this machine, and in other libraries beside it.

Read ``benchmark.py`` first: it takes one measurement after another. Each is a ``Task`` for a separate process
(``process.py`` starts it, ``child.py`` runs in it), so that no library and no environment variable affects
the next measurement. ``variants.py`` lists every library configuration that is measured: pellucid
(``ours.py``) and its peers.
"""
