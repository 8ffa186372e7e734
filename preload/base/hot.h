/*
 * Words that every call of malloc or free reads and that hardly ever change lie together, in two
 * cache lines of their own: between two calls most programs drive out all that is not theirs.
 * tests/rules/hot_words_lie_together.py looks where the linker put them.
 */
#ifndef SEEP_BASE_HOT_H
#define SEEP_BASE_HOT_H

#define HOT __attribute__((section("seep_hot"), visibility("hidden")))

#endif
