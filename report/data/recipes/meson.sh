#!/bin/sh
# All tests of a build folder of meson under Seep: those that leak fail with status 23.
meson test -C build --print-errorlogs --wrapper 'seep run --'
