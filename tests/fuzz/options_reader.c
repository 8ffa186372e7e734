/*
 * The library's reader of options as one unit: the command has a function text_add() of its own.
 */
#define text_add library_text_add

#include "../../preload/base/text.c"

#include "../../preload/base/options.c"
