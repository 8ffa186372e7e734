// LeakSanitizer's leak checks end a program that leaks; here they look and tell, as often as they
// are called, and the program goes on.
//
// run: lose
// expect: lost 40 bytes in 1 block, in make_block
// run: hold
// expect: nothing lost
#include "claim.h"

int __lsan_do_recoverable_leak_check(void) __attribute__((weak));
void __lsan_do_leak_check(void) __attribute__((weak));

void *held;

int main(int argc, char **argv)
{
    bool loses = is_run(argc, argv, "lose");

    held = make_block(40);
    if (loses)
        held = NULL;
    scrub();
    for (int i = 0; i < 3; i++) {
        if (__lsan_do_leak_check != NULL)
            __lsan_do_leak_check();
        bool told = loses;
        if (__lsan_do_recoverable_leak_check != NULL)
            told = __lsan_do_recoverable_leak_check() != 0;
        printf("%d\n", told == loses);
    }
    return 0;
}
