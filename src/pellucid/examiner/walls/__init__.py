"""What stands between a student's process and the rest of the machine, as far as the machine can enforce it.

Start reading in ``walls.py``. No kept Python library offers Landlock, and those for seccomp need a C library
that few machines have, so the kernel is asked directly.
"""
