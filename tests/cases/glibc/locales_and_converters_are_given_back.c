// A locale and a converter that were given back have lost nothing; a locale that was not is lost.
//
// run: given-back
// expect: nothing lost
// run: not
// expect: lost 328 bytes in 1 block, in make_locale
#include "claim.h"

#include <iconv.h>
#include <locale.h>

static OWN_FRAME locale_t make_locale(void)
{
    locale_t made = newlocale(LC_ALL_MASK, "C.UTF-8", NULL);
    must(made != NULL);
    return made;
}

static OWN_FRAME void convert(void)
{
    iconv_t converter = iconv_open("UTF-16", "UTF-8");
    must(converter != (iconv_t)-1);
    iconv_close(converter);
}

int main(int argc, char **argv)
{
    locale_t made = make_locale();

    convert();
    uselocale(made);
    uselocale(LC_GLOBAL_LOCALE);
    if (is_run(argc, argv, "given-back"))
        freelocale(made);
    made = NULL;
    scrub();
    return 0;
}
