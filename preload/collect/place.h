/*
 * Where to mark: in a snapshot, or in place with the world stopped.
 *
 * place_choose runs in the thread that collects, before the stop; it reads /proc and the memory
 * cgroup with raw system calls.
 */
#ifndef SEEP_COLLECT_PLACE_H
#define SEEP_COLLECT_PLACE_H

enum place {
    PLACE_SNAPSHOT,
    PLACE_HERE,     /* the program keeps memory from its children: only here all can be read */
    PLACE_HERE_SAID /* no process should be cloned now, and the report says so: it would be the
                       first of a new pid namespace and break the program's own fork, or the memory
                       cgroup has little room left for copies, or a stopped thread would have to
                       answer for the clone (userfaultfd) */
};

enum place place_choose(void);

#endif
