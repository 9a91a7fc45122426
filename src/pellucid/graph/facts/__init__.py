"""Facts about networks, each computed by a visitor of the graph: a table of rules by kind of operation.

A layer class is known by its ``kind`` or ``family`` of operation. One without a rule, such as a user-defined
layer, raises :class:`~pellucid.errors.UnknownOperationError`.
"""
