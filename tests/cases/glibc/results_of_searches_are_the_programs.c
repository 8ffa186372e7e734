// What glob, regcomp, scandir, getaddrinfo, getifaddrs, wordexp and the like give must be given
// back: then nothing is lost.
//
// run: glob given-back
// expect: nothing lost
// run: regcomp given-back
// expect: nothing lost
// run: scandir given-back
// expect: nothing lost
// run: getaddrinfo given-back
// expect: nothing lost
// run: getifaddrs given-back
// expect: nothing lost
// run: wordexp given-back
// expect: nothing lost
// run: glob
// expect: lost 16 bytes in 1 block, indirect 5 bytes in 1 block, in search
// run: getaddrinfo
// expect: lost 64 bytes in 1 block, in search
// run: scandir
// expect: lost 80 bytes in 1 block, indirect 24 bytes in 1 block, in search
#include "claim.h"

#include <dirent.h>
#include <glob.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <regex.h>
#include <wordexp.h>

static int is_this(const struct dirent *entry)
{
    return strcmp(entry->d_name, "self") == 0;
}

static OWN_FRAME void search(const char *how, bool gives_back)
{
    if (strcmp(how, "glob") == 0) {
        glob_t found = {0};
        must(glob("/de[v]", GLOB_NOSORT, NULL, &found) == 0 && found.gl_pathc == 1);
        if (gives_back)
            globfree(&found);
    }
    if (strcmp(how, "regcomp") == 0) {
        regex_t pattern;
        must(regcomp(&pattern, "^(a|b)*c[d-f]+$", REG_EXTENDED) == 0);
        must(regexec(&pattern, "ababcde", 0, NULL, 0) == 0);
        if (gives_back)
            regfree(&pattern);
    }
    if (strcmp(how, "scandir") == 0) {
        struct dirent **names = NULL;
        must(scandir("/proc", &names, is_this, alphasort) == 1);
        if (gives_back) {
            free(names[0]);
            free(names);
        }
    }
    if (strcmp(how, "getaddrinfo") == 0) {
        struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
        struct addrinfo *found = NULL;
        must(getaddrinfo("127.0.0.1", "80", &hints, &found) == 0);
        if (gives_back)
            freeaddrinfo(found);
    }
    if (strcmp(how, "getifaddrs") == 0) {
        struct ifaddrs *found = NULL;
        must(getifaddrs(&found) == 0);
        if (gives_back)
            freeifaddrs(found);
    }
    if (strcmp(how, "wordexp") == 0) {
        wordexp_t found;
        must(wordexp("one two$HOME", &found, 0) == 0 && found.we_wordc == 2);
        if (gives_back)
            wordfree(&found);
    }
}

int main(int argc, char **argv)
{
    must(argc >= 2);
    search(argv[1], argc == 3);
    scrub();
    return 0;
}
