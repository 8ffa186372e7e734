#!/bin/sh
# A test suite in Python: what native parts allocate by malloc is watched, and what the tests start.
# PYTHONMALLOC=malloc in front shows the interpreter's own objects, too.
seep run --output=seep.leak -- python3 -m pytest "$@"
