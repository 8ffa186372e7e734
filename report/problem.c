/*
 * An error on its way to main.c; see problem.h.
 */
#include "problem.h"

#include "render/escape.h"

#include <stdarg.h>
#include <stdio.h>

int problem_set(struct problem *problem, int error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char text[sizeof problem->text];
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct arena scratch = {0};
    snprintf(problem->text, sizeof problem->text, "%s", escape_for_terminal(&scratch, text));
    arena_free(&scratch);
    return error;
}
