#!/usr/bin/python3
"""Every door out of the restricted mode is tried by one who came in by `--restricted DIR`. Whatever is tried, the program runs nothing
but the listed printer's command, writes nothing outside of its directory, and what lies there is as it was: strace (where it may) and a
shim look at every call."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import doors
from place import setUpModule, tearDownModule
import tap

for _case in doors.CASES:
    globals()[_case.__name__] = type(_case.__name__, (_case,), {'by_option': True, '__module__': __name__})
del _case


class Control(doors.Control):
    pass

if __name__ == '__main__':
    tap.main()
