/*
 * Symbols are demangled; nothing from a file reaches a terminal as a control character.
 */
#include "suite.h"

#include "../../../report/render/escape.h"
#include "../../../report/symbolize/object.h"

START_TEST(symbols_are_demangled)
{
    static const struct {
        const char *symbol, *readable;
    } rows[] = {
        {"main", "main"},
        {"_ZN5cache3putEiPKc", "cache::put(int, char const*)"},
        {"_ZN4core3fmt5write17h0123456789abcdefE", "core::fmt::write"},
        {"_RNvCs1234_7mycrate3foo", "mycrate::foo"},
        {"parse.part.0", "parse"},
        {"parse.constprop.1.isra.0", "parse"},
        {"keep.alive", "keep.alive"},
        {"_Zgarbage", "_Zgarbage"},
        {"_ZNSt6vectorIiSaIiEE17_M_realloc_insertIJiEEEvN9__gnu_cxx17__normal_iteratorIPiS1_"
         "EEDpOT_",
         "std::vector<int>::_M_realloc_insert<int>(__gnu_cxx::__normal_iterator<int*, "
         "std::vector<int> >, int&&)"},
        {"_ZNSt3mapINSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEES5_St4lessIS5_ESaISt4pairIK"
         "S5_S5_EEEixEOS5_",
         "std::map<std::string, std::string>::operator[](std::string&&)"},
        {"", ""},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_str_eq(name_readable(&arena, rows[i].symbol), rows[i].readable);
    arena_free(&arena);
}
END_TEST

START_TEST(terminals_get_no_control_characters)
{
    static const struct {
        const char *text, *escaped;
    } rows[] = {
        {"plain ü €", "plain ü €"},
        {"\033[31mred", "\\x1b[31mred"},
        {"a\nb\rc\td\x7f", "a\\x0ab\\x0dc\\x09d\\x7f"},
        {"c1 \xc2\x9b", "c1 \\u{9b}"},
        {"bidi \xe2\x80\xae", "bidi \\u{202e}"},
        {"isolate \xe2\x81\xa6", "isolate \\u{2066}"},
        {"broken \xff\xc3(", "broken \\xff\\xc3("},
        {"overlong \xc0\x9b", "overlong \\xc0\\x9b"},
        {"no character \xef\xbf\xbe", "no character \\u{fffe}"},
        {"cut \xe2\x82", "cut \\xe2\\x82"},
        {NULL, ""},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_str_eq(escape_for_terminal(&arena, rows[i].text), rows[i].escaped);
    arena_free(&arena);
}
END_TEST

START_TEST(json_gets_utf8)
{
    struct arena arena = {0};
    ck_assert_str_eq(escape_to_utf8(&arena, "a\xff\xed\xa0\x80z"),
                     "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz");
    ck_assert_ptr_null(escape_to_utf8(&arena, NULL));
    arena_free(&arena);
}
END_TEST

int main(void)
{
    return claims_run("names_are_made_readable_and_harmless",
                      (const TTest *const[]){symbols_are_demangled,
                                             terminals_get_no_control_characters, json_gets_utf8,
                                             NULL});
}
