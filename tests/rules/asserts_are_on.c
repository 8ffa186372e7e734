/* Asserts hold in the build that the tests run on: a test whose asserts are off proves nothing. */
#include <assert.h>

#ifdef NDEBUG
#error "built with NDEBUG"
#endif

int main(void)
{
    int evaluated = 0;

    assert(++evaluated == 1);
    return evaluated == 1 ? 0 : 1;
}
