/* Invented findings; see few_findings.h. */
#include "few_findings.h"

#include <stdio.h>

static const struct module modules[] = {
    {.id = 0, .path = "/usr/bin/program"},
    {.id = 1, .path = "/usr/lib/x86_64-linux-gnu/libc.so.6"},
    {.id = 2, .path = "/usr/lib/libleaky.so.1"},
};

static const struct frame paths[][3] = {
    {{.module = &modules[1], .function = "strdup"},
     {.module = &modules[0], .function = "name_copy", .file = "/src/name.c", .line = 3},
     {.module = &modules[0], .function = "main"}},
    {{.module = &modules[2], .offset = 0x1234},
     {.module = &modules[0], .function = "run", .file = "main.c"},
     {.module = &modules[0], .offset = 0x42}},
    {{.pc = 0x555}, {.module = &modules[2], .function = "std::vector<int>::push_back(int&&)"}},
    {{.module = &modules[0], .function = "main", .inlined = true}},
};
static const size_t depths[] = {3, 3, 2, 1};

struct report *few_findings(struct model *model)
{
    struct report *report = arena_alloc(&model->arena, sizeof *report);
    report->model = model;
    for (uint32_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct finding *finding = arena_alloc(&model->arena, sizeof *finding);
        struct path *whole = arena_alloc(&model->arena, sizeof *whole);
        snprintf(finding->id, sizeof finding->id, "%016u", (unsigned)(i / 2));
        finding->program = i < 2 ? "program" : "other";
        finding->kind = i;
        finding->bytes = 100 * (i + 1);
        finding->blocks = i + 1;
        whole->frames = arena_alloc(&model->arena, sizeof paths[i]);
        for (size_t j = 0; j < depths[i]; j++)
            whole->frames[j] = paths[i][j];
        whole->count = depths[i];
        finding->whole = whole;
        finding->path = *whole;
        *VEC_ADD(&model->arena, &report->findings) = finding;
    }
    return report;
}
