"""Facts about networks, each worked out by a visitor of the graph: a table of rules by kind of operation.

A layer class is known by the ``kind`` or the ``family`` of operation that it names. One without a rule, such
as a layer of the user's own, is an :class:`~pellucid.errors.UnknownOperationError`.
"""
