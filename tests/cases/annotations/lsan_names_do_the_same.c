// expect: lost 100 bytes in 1 block, in lose_plain
/* Programs that are annotated for LeakSanitizer need no change. */
#include "claim.h"

int __lsan_do_recoverable_leak_check(void) __attribute__((weak));
void __lsan_ignore_object(const void *block) __attribute__((weak));
void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

static hidden_pointer kept[3];

static OWN_FRAME void lose_plain(void)
{
    kept[0] = hide(opaque(calloc(1, 100)));
}

static OWN_FRAME void lose_ignored(void)
{
    kept[1] = hide(make_block(200));
    __lsan_ignore_object(reveal(kept[1]));
}

static OWN_FRAME void lose_disabled(void)
{
    __lsan_disable();
    kept[2] = hide(make_block(400));
    __lsan_enable();
}

static int found(int without)
{
    scrub();
    return __lsan_do_recoverable_leak_check != NULL ? __lsan_do_recoverable_leak_check() : without;
}

int main(void)
{
    if (__lsan_ignore_object != NULL) {
        lose_ignored();
        lose_disabled();
    }
    printf("%d\n", found(0));
    lose_plain();
    printf("%d\n", found(1));
    return 0;
}
