/*
 * Runs the tests of one program of tests/unit/, which are its claims.
 */
#ifndef SEEP_TESTS_CLAIMS_H
#define SEEP_TESTS_CLAIMS_H

#include <check.h>

/* Runs the tests up to a NULL; returns the status for main. */
static inline int claims_run(const char *name, const TTest *const tests[])
{
    Suite *suite = suite_create(name);
    TCase *claims = tcase_create(name);
    tcase_set_timeout(claims, 300);
    for (size_t i = 0; tests[i] != NULL; i++)
        tcase_add_test(claims, tests[i]);
    suite_add_tcase(suite, claims);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

#endif
