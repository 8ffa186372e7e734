/*
 * JUnit XML, for the test pages of CI: a test case a finding, which fails when it is lost or
 * growing; one a reason, which is an error when it makes the run inconclusive; and one that passes
 * when there is nothing of both.
 */
#include "phrase.h"
#include "renderer.h"

#include "../aggregate/aggregate.h"
#include "escape.h"

#include <errno.h>
#include <libxml/xmlwriter.h>

struct junit {
    xmlTextWriterPtr writer;
    struct arena *arena;
};

/* UTF-8, and without what XML cannot hold. */
static const xmlChar *junit_text(const struct junit *junit, const char *text)
{
    return BAD_CAST escape_for_terminal(junit->arena, text);
}

static void junit_begin_case(const struct junit *junit, const char *of, const char *name)
{
    xmlTextWriterStartElement(junit->writer, BAD_CAST "testcase");
    xmlTextWriterWriteAttribute(junit->writer, BAD_CAST "classname", junit_text(junit, of));
    xmlTextWriterWriteAttribute(junit->writer, BAD_CAST "name", junit_text(junit, name));
}

static bool finding_fails(const struct finding *finding)
{
    return finding->kind == LEAKFILE_KIND_LOST || finding->kind == LEAKFILE_KIND_GROWING;
}

static void junit_write_finding(const struct junit *junit, const struct finding *finding)
{
    const char *phrase = phrase_for_finding(junit->arena, finding);
    junit_begin_case(junit, finding->program,
                     arena_print(junit->arena, "%s [%s]", phrase, finding->id));
    bool fails = finding_fails(finding);
    xmlTextWriterStartElement(junit->writer, BAD_CAST(fails ? "failure" : "system-out"));
    if (fails) {
        xmlTextWriterWriteAttribute(junit->writer, BAD_CAST "message", junit_text(junit, phrase));
        xmlTextWriterWriteAttribute(junit->writer, BAD_CAST "type",
                                    BAD_CAST phrase_for_kind(finding->kind));
    }
    for (size_t i = 0; i < finding->path.count; i++) {
        const char *frame = phrase_for_frame(junit->arena, &finding->path.frames[i]);
        xmlTextWriterWriteString(junit->writer,
                                 junit_text(junit, arena_print(junit->arena, "#%zu %s", i, frame)));
        xmlTextWriterWriteString(junit->writer, BAD_CAST "\n");
    }
    xmlTextWriterEndElement(junit->writer);
    xmlTextWriterEndElement(junit->writer);
}

static void junit_write_reason(const struct junit *junit, const struct told_reason *told)
{
    const char *words = reason_find_words(told->reason.code)->words;
    const char *whole = told->reason.text[0] == '\0'
                            ? words
                            : arena_print(junit->arena, "%s (%s)", words, told->reason.text);
    junit_begin_case(junit, told->process == NULL ? "seep" : told->process->program, whole);
    if (told->run_inconclusive) {
        xmlTextWriterStartElement(junit->writer, BAD_CAST "error");
        xmlTextWriterWriteAttribute(junit->writer, BAD_CAST "message", junit_text(junit, whole));
        xmlTextWriterWriteAttribute(junit->writer, BAD_CAST "type", BAD_CAST "inconclusive");
        xmlTextWriterEndElement(junit->writer);
    }
    xmlTextWriterEndElement(junit->writer);
}

static void junit_write_suite(const struct junit *junit, const struct report *report)
{
    size_t tests = 0;
    size_t failures = 0;
    size_t errors = 0;
    for (size_t i = 0; i < report->findings.count; i++) {
        const struct finding *finding = report->findings.items[i];
        tests += finding_counts(finding);
        failures += finding_counts(finding) && finding_fails(finding);
    }
    for (size_t i = 0; i < report->reasons.count; i++)
        errors += report->reasons.items[i].run_inconclusive;
    tests += report->reasons.count;
    xmlTextWriterStartElement(junit->writer, BAD_CAST "testsuite");
    xmlTextWriterWriteAttribute(junit->writer, BAD_CAST "name", BAD_CAST "seep");
    xmlTextWriterWriteFormatAttribute(junit->writer, BAD_CAST "tests", "%zu",
                                      tests == 0 ? 1 : tests);
    xmlTextWriterWriteFormatAttribute(junit->writer, BAD_CAST "failures", "%zu", failures);
    xmlTextWriterWriteFormatAttribute(junit->writer, BAD_CAST "errors", "%zu", errors);
    for (size_t i = 0; i < report->findings.count; i++)
        if (finding_counts(report->findings.items[i]))
            junit_write_finding(junit, report->findings.items[i]);
    for (size_t i = 0; i < report->reasons.count; i++)
        junit_write_reason(junit, &report->reasons.items[i]);
    if (tests == 0) {
        junit_begin_case(junit, "seep", "no leaks");
        xmlTextWriterEndElement(junit->writer);
    }
    xmlTextWriterEndElement(junit->writer);
}

static int junit_write(const struct report *report, FILE *stream, bool colour)
{
    (void)colour;
    struct arena scratch = {0};
    xmlBufferPtr buffer = xmlBufferCreate();
    struct junit junit = {buffer == NULL ? NULL : xmlNewTextWriterMemory(buffer, 0), &scratch};
    bool made = junit.writer != NULL;
    if (made) {
        xmlTextWriterSetIndent(junit.writer, 1);
        xmlTextWriterStartDocument(junit.writer, NULL, "UTF-8", NULL);
        xmlTextWriterStartElement(junit.writer, BAD_CAST "testsuites");
        junit_write_suite(&junit, report);
        xmlTextWriterEndDocument(junit.writer);
        xmlFreeTextWriter(junit.writer);
        fputs((const char *)xmlBufferContent(buffer), stream);
    }
    xmlBufferFree(buffer);
    xmlCleanupParser();
    arena_free(&scratch);
    return made ? 0 : -ENOMEM;
}

const struct renderer renderer_junit = {"junit", "JUnit XML", junit_write};
