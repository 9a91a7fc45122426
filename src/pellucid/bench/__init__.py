"""How fast the lab's networks train and predict on this machine, and in other libraries beside it.

Read ``benching.py`` first: it asks for one measurement after another. Each is a ``Task`` that goes to a
process of its own (``process.py`` starts it, ``child.py`` is what runs there), so that neither what one
library leaves behind nor a variable of the environment touches the next. ``variants.py`` has the names of all
that can be measured: pellucid (``ours.py``) and its peers, in their best honest form.
"""
