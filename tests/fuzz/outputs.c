/*
 * Text, folded stacks, JSON, SARIF and JUnit are well-formed; see outputs.h.
 */
#include "outputs.h"

#include "../../report/render/renderer.h"

#include <assert.h>
#include <jansson.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

/* The output in malloc'ed memory; `*length` as the stream had it. */
static char *output_of(const struct report *report, const char *format, bool colour, size_t *length)
{
    char *text = NULL;
    FILE *stream = open_memstream(&text, length);
    assert(stream != NULL);
    int error = renderer_find(format)->write(report, stream, colour);
    assert(error == 0);
    fclose(stream);
    assert(strlen(text) == *length); /* a zero byte is no text */
    return text;
}

/* The length of one character of UTF-8 that a terminal shows; 0 where there is none. */
static size_t character_shown(const unsigned char *at)
{
    if (at[0] >= 0x20 && at[0] < 0x7f)
        return 1;
    if (at[0] == 0xc2)
        return at[1] >= 0xa0 && at[1] <= 0xbf ? 2 : 0; /* U+0080 to U+009F control a terminal */
    size_t length = at[0] >= 0xc3 && at[0] <= 0xdf   ? 2
                    : at[0] >= 0xe0 && at[0] <= 0xef ? 3
                    : at[0] >= 0xf0 && at[0] <= 0xf4 ? 4
                                                     : 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

static void check_text(const struct report *report)
{
    size_t length;
    char *text = output_of(report, "text", false, &length);
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0';) {
        size_t shown = *at == '\n' ? 1 : character_shown(at);
        assert(shown != 0);
        at += shown;
    }
    assert(length > 0 && text[length - 1] == '\n');
    free(text);
    free(output_of(report, "text", true, &length));
}

/* A line for each finding that counts: `name;name… bytes`. */
static void check_folded(const struct report *report)
{
    size_t length;
    char *text = output_of(report, "folded", false, &length);
    char *line = text;
    for (size_t i = 0; i < report->findings.count; i++) {
        const struct finding *finding = report->findings.items[i];
        if (!finding_counts(finding))
            continue;
        char *end = strchr(line, '\n');
        assert(end != NULL);
        *end = '\0';
        char *number = strrchr(line, ' ');
        assert(number != NULL && number > line);
        assert(number[1] != '\0' && strspn(number + 1, "0123456789") == strlen(number + 1));
        size_t fields = 0;
        for (const char *at = line; *at != '\0'; at++)
            fields += *at == ';';
        assert(fields == finding->path.count);
        line = end + 1;
    }
    assert(*line == '\0');
    free(text);
}

static void check_json(const struct report *report, const char *format)
{
    size_t length;
    json_error_t wrong;
    char *text = output_of(report, format, false, &length);
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &wrong);
    assert(json_is_object(root));
    size_t counted = 0;
    for (size_t i = 0; i < report->findings.count; i++)
        counted += finding_counts(report->findings.items[i]);
    const json_t *findings =
        strcmp(format, "json") == 0
            ? json_object_get(root, "findings")
            : json_object_get(json_array_get(json_object_get(root, "runs"), 0), "results");
    assert(json_is_array(findings));
    assert(json_array_size(findings) ==
           (strcmp(format, "json") == 0 ? counted : report->findings.count));
    json_decref(root);
    free(text);
}

static void check_junit(const struct report *report)
{
    size_t length;
    char *text = output_of(report, "junit", false, &length);
    xmlDocPtr document =
        xmlReadMemory(text, (int)length, "junit.xml", NULL,
                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_HUGE);
    assert(document != NULL);
    xmlFreeDoc(document);
    free(text);
}

void outputs_check(const struct report *report)
{
    check_text(report);
    check_folded(report);
    check_json(report, "json");
    check_json(report, "sarif");
    check_junit(report);
}
