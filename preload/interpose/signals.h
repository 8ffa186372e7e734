/*
 * The signal that stops threads, kept out of the program's sight: set by lifecycle.c at start.
 */
#ifndef SEEP_INTERPOSE_SIGNALS_H
#define SEEP_INTERPOSE_SIGNALS_H

/* 0 until the signal is in use. Set once before main. */
extern int signals_ours __attribute__((visibility("hidden")));

#endif
