"""Fetching the files of a dataset: cache, sources, downloads through pooch, unpacking.

Read in this order: ``downloads.py`` (what is fetched), ``obtaining.py`` (cache first, then each source),
``sources.py`` (the kinds of places), ``retrieving.py`` (the web, through pooch), ``packages.py`` (pip, npm,
apt-get), ``unpacking.py``, ``streams.py`` (counting and comparing bytes), ``cache.py``.
"""
