"""Files that a person hands in: each read in a process of its own that can reach nothing else.

``reader`` is the one door. It keeps a warm process (``worker``), which forks for each file one that is
confined (``confine``) to a folder with that file alone, under ``limits``; of what comes back only plain data
is taken (``answer``). What runs there are the ``tasks``: ``kinds`` looks whether a file is what its name is,
``shapes`` opens it with the one driver of that kind, ``unpacking`` takes shapes out of a zip, ``workbook``
judges a workbook's size before ``cells`` are read. ``vectors``, ``sheets`` and ``grids`` are what the rest of
the project calls.

What a table in such a file means is one engine for all kinds: ``tables`` find the headings that a kind
declares and read its rows, ``values`` read cells as people write them, ``verdicts`` say what each row would
do.
"""
