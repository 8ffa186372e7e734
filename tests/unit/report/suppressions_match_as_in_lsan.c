/*
 * Patterns of suppressions match parts of a text, with * and anchors.
 */
#include "suite.h"

#include "../../../report/gate/suppressions.h"

START_TEST(patterns)
{
    static const struct {
        const char *pattern, *text;
        bool matches;
    } rows[] = {
        {"leak", "a_leak_here", true},
        {"leak", "lea", false},
        {"^leak", "leak_here", true},
        {"^leak", "a_leak", false},
        {"leak$", "a_leak", true},
        {"leak$", "leaky", false},
        {"^leak$", "leak", true},
        {"^leak$", "leak2", false},
        {"^leak$", "aleak", false},
        {"a*c", "xabbcx", true},
        {"a*c", "cba", false},
        {"^a*c$", "abc", true},
        {"^a*c$", "abcd", false},
        {"^a*c$", "ac", true},
        {"aba*ba$", "aba", false},
        {"aba*ba$", "ababa", true},
        {"*", "", true},
        {"^$", "", true},
        {"^$", "x", false},
        {"libX11.so*", "/usr/lib/libX11.so.6", true},
        {"", "anything", true},
        {"**b", "ab", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(suppression_matches(rows[i].pattern, rows[i].text) == rows[i].matches,
                      "%s on %s", rows[i].pattern, rows[i].text);
}
END_TEST

int main(void)
{
    return claims_run("suppressions_match_as_in_lsan", (const TTest *const[]){patterns, NULL});
}
