/* Call frame programs; see cfi_program.h. Only four columns of the table are kept: the CFA, the
 * frame pointer, the stack pointer and the return address. A rule that needs any other register
 * makes the row odd. */
#include "cfi_program.h"

#include "cfi_x86_64.h"

enum {
    PROGRAM_REMEMBERED_MAX = 8,  /* compilers nest no deeper than 1 */
    PROGRAM_OFFSET_MAX = 1 << 27 /* rows beyond are odd: steps.h packs them */
};

enum program_opcode {
    OP_ADVANCE_LOC = 0x40, /* the operand is in the low six bits of these three */
    OP_OFFSET = 0x80,
    OP_RESTORE = 0xc0,
    OP_NOP = 0x00,
    OP_SET_LOC = 0x01,
    OP_ADVANCE_LOC1 = 0x02,
    OP_ADVANCE_LOC2 = 0x03,
    OP_ADVANCE_LOC4 = 0x04,
    OP_OFFSET_EXTENDED = 0x05,
    OP_RESTORE_EXTENDED = 0x06,
    OP_UNDEFINED = 0x07,
    OP_SAME_VALUE = 0x08,
    OP_REGISTER = 0x09,
    OP_REMEMBER_STATE = 0x0a,
    OP_RESTORE_STATE = 0x0b,
    OP_DEF_CFA = 0x0c,
    OP_DEF_CFA_REGISTER = 0x0d,
    OP_DEF_CFA_OFFSET = 0x0e,
    OP_DEF_CFA_EXPRESSION = 0x0f,
    OP_EXPRESSION = 0x10,
    OP_OFFSET_EXTENDED_SF = 0x11,
    OP_DEF_CFA_SF = 0x12,
    OP_DEF_CFA_OFFSET_SF = 0x13,
    OP_VAL_OFFSET = 0x14,
    OP_VAL_OFFSET_SF = 0x15,
    OP_VAL_EXPRESSION = 0x16,
    OP_GNU_ARGS_SIZE = 0x2e,
    OP_GNU_NEGATIVE_OFFSET_EXTENDED = 0x2f
};

enum { EXPRESSION_DEREF = 0x06, EXPRESSION_BREG0 = 0x70 };

enum rule_kind {
    RULE_UNSPECIFIED,
    RULE_UNDEFINED,
    RULE_SAME,
    RULE_OFFSET,  /* saved at CFA + offset; for the CFA itself: register + offset */
    RULE_ADDRESS, /* saved at register + offset (an expression of one step) */
    RULE_WORD,    /* is the word at register + offset (an expression of two steps) */
    RULE_OTHER
};

struct rule {
    enum rule_kind kind;
    uint32_t reg;
    int64_t offset;
};

struct columns {
    struct rule cfa;
    struct rule fp;
    struct rule sp;
    struct rule ra;
};

struct machine {
    const struct cfi_program *program;
    uintptr_t address; /* that is asked for */
    uintptr_t loc;
    struct columns now;
    struct columns initial;
    struct columns remembered[PROGRAM_REMEMBERED_MAX];
    unsigned remembered_count;
    bool bad;
};

static struct rule *column_of(struct columns *columns, uint64_t reg)
{
    switch (reg) {
    case CFI_REGISTER_FP:
        return &columns->fp;
    case CFI_REGISTER_SP:
        return &columns->sp;
    case CFI_REGISTER_RA:
        return &columns->ra;
    default:
        return NULL;
    }
}

static void column_set(struct machine *m, uint64_t reg, enum rule_kind kind, int64_t offset)
{
    struct rule *rule = column_of(&m->now, reg);
    if (rule != NULL)
        *rule = (struct rule){.kind = kind, .offset = offset};
}

static void column_restore(struct machine *m, uint64_t reg)
{
    struct rule *rule = column_of(&m->now, reg);
    if (rule != NULL)
        *rule = *column_of(&m->initial, reg);
}

/* Operands are products of numbers from the file: multiplied without sign, so that they wrap. */
static int64_t scaled(const struct machine *m, uint64_t factor)
{
    return (int64_t)(factor * (uint64_t)m->program->data_align);
}

/* An expression block: `breg N` is an address, `breg N, deref` a word; others are odd. */
static struct rule expression_read(struct cfi_bytes *in)
{
    struct rule rule = {.kind = RULE_OTHER};
    uint64_t length = cfi_bytes_uleb(in);
    struct cfi_bytes block = *in;
    cfi_bytes_skip(in, length);
    if (in->bad)
        return rule;
    block.end = in->at;
    uint64_t opcode = cfi_bytes_fixed(&block, 1);
    if (opcode < EXPRESSION_BREG0 || opcode >= EXPRESSION_BREG0 + 32)
        return rule;
    rule.reg = (uint32_t)(opcode - EXPRESSION_BREG0);
    rule.offset = cfi_bytes_sleb(&block);
    if (block.bad)
        return rule;
    if (block.at == block.end)
        rule.kind = RULE_ADDRESS;
    else if (cfi_bytes_fixed(&block, 1) == EXPRESSION_DEREF && block.at == block.end)
        rule.kind = RULE_WORD;
    return rule;
}

static void run_expression(struct machine *m, struct cfi_bytes *in, bool is_value)
{
    struct rule *column = column_of(&m->now, cfi_bytes_uleb(in));
    struct rule rule = expression_read(in);
    if (is_value)
        rule.kind = RULE_OTHER;
    if (column != NULL)
        *column = rule;
}

static void run_def_cfa(struct machine *m, uint64_t reg, int64_t offset)
{
    m->now.cfa = (struct rule){
        .kind = RULE_OFFSET, .reg = reg > 255 ? 255 : (uint32_t)reg, .offset = offset};
}

/* Instructions that define the CFA or keep and bring back columns. Returns false for others. */
static bool run_frame(struct machine *m, struct cfi_bytes *in, unsigned opcode)
{
    uint64_t reg;
    switch (opcode) {
    case OP_REMEMBER_STATE:
        if (m->remembered_count == PROGRAM_REMEMBERED_MAX)
            m->bad = true;
        else
            m->remembered[m->remembered_count++] = m->now;
        return true;
    case OP_RESTORE_STATE:
        if (m->remembered_count == 0)
            m->bad = true;
        else
            m->now = m->remembered[--m->remembered_count];
        return true;
    case OP_DEF_CFA:
        reg = cfi_bytes_uleb(in);
        run_def_cfa(m, reg, (int64_t)cfi_bytes_uleb(in));
        return true;
    case OP_DEF_CFA_SF:
        reg = cfi_bytes_uleb(in);
        run_def_cfa(m, reg, scaled(m, (uint64_t)cfi_bytes_sleb(in)));
        return true;
    case OP_DEF_CFA_REGISTER:
        run_def_cfa(m, cfi_bytes_uleb(in), m->now.cfa.offset);
        return true;
    case OP_DEF_CFA_OFFSET:
        run_def_cfa(m, m->now.cfa.reg, (int64_t)cfi_bytes_uleb(in));
        return true;
    case OP_DEF_CFA_OFFSET_SF:
        run_def_cfa(m, m->now.cfa.reg, scaled(m, (uint64_t)cfi_bytes_sleb(in)));
        return true;
    case OP_DEF_CFA_EXPRESSION:
        m->now.cfa = expression_read(in);
        return true;
    default:
        return false;
    }
}

/* Instructions that set the rule of one register. Returns false for others. */
static bool run_register(struct machine *m, struct cfi_bytes *in, unsigned opcode)
{
    uint64_t reg;
    switch (opcode) {
    case OP_OFFSET_EXTENDED:
        reg = cfi_bytes_uleb(in);
        column_set(m, reg, RULE_OFFSET, scaled(m, cfi_bytes_uleb(in)));
        return true;
    case OP_OFFSET_EXTENDED_SF:
        reg = cfi_bytes_uleb(in);
        column_set(m, reg, RULE_OFFSET, scaled(m, (uint64_t)cfi_bytes_sleb(in)));
        return true;
    case OP_GNU_NEGATIVE_OFFSET_EXTENDED:
        reg = cfi_bytes_uleb(in);
        column_set(m, reg, RULE_OFFSET, scaled(m, 0 - cfi_bytes_uleb(in)));
        return true;
    case OP_VAL_OFFSET:
    case OP_VAL_OFFSET_SF:
    case OP_REGISTER:
        reg = cfi_bytes_uleb(in);
        cfi_bytes_uleb(in); /* signed or not, it has the same length */
        column_set(m, reg, RULE_OTHER, 0);
        return true;
    case OP_RESTORE_EXTENDED:
        column_restore(m, cfi_bytes_uleb(in));
        return true;
    case OP_UNDEFINED:
        column_set(m, cfi_bytes_uleb(in), RULE_UNDEFINED, 0);
        return true;
    case OP_SAME_VALUE:
        column_set(m, cfi_bytes_uleb(in), RULE_SAME, 0);
        return true;
    case OP_EXPRESSION:
    case OP_VAL_EXPRESSION:
        run_expression(m, in, opcode == OP_VAL_EXPRESSION);
        return true;
    default:
        return false;
    }
}

/* Runs one instruction; `loc` moves where it says so. */
static void run_one(struct machine *m, struct cfi_bytes *in)
{
    unsigned opcode = (unsigned)cfi_bytes_fixed(in, 1);
    unsigned operand = opcode & 0x3f;
    uint64_t align = m->program->code_align;
    switch (opcode & 0xc0) {
    case OP_ADVANCE_LOC:
        m->loc += operand * align;
        return;
    case OP_OFFSET:
        column_set(m, operand, RULE_OFFSET, scaled(m, cfi_bytes_uleb(in)));
        return;
    case OP_RESTORE:
        column_restore(m, operand);
        return;
    default:
        break;
    }
    switch (opcode) {
    case OP_NOP:
        return;
    case OP_GNU_ARGS_SIZE:
        cfi_bytes_uleb(in); /* matters to who lands in the frame, not to who walks past */
        return;
    case OP_SET_LOC:
        m->loc = cfi_bytes_pointer(in, m->program->pointer_encoding, m->program->data);
        return;
    case OP_ADVANCE_LOC1:
        m->loc += cfi_bytes_fixed(in, 1) * align;
        return;
    case OP_ADVANCE_LOC2:
        m->loc += cfi_bytes_fixed(in, 2) * align;
        return;
    case OP_ADVANCE_LOC4:
        m->loc += cfi_bytes_fixed(in, 4) * align;
        return;
    default:
        if (!run_frame(m, in, opcode) && !run_register(m, in, opcode))
            m->bad = true;
    }
}

/* Runs what nearly all of long programs consists of, as run_one would, up to the first other
 * instruction: moves, and with operands of one byte offsets of the CFA and of columns that are not
 * kept. A large function has hundreds of them: in cc1 they were a fifth of what new call paths
 * cost.
 */
static void run_short(struct machine *m, struct cfi_bytes *in)
{
    const unsigned char *at = (const unsigned char *)in->at;
    const unsigned char *last = (const unsigned char *)in->end - 1; /* an operand may be there */
    while (at < last && m->loc <= m->address) {
        unsigned operand = *at & 0x3f;
        if ((*at & 0xc0) == OP_ADVANCE_LOC) {
            m->loc += operand * m->program->code_align;
            at++;
        } else if (at[1] >= 0x80) {
            break;
        } else if (*at == OP_DEF_CFA_OFFSET) {
            m->now.cfa.kind = RULE_OFFSET;
            m->now.cfa.offset = at[1];
            at += 2;
        } else if ((*at & 0xc0) == OP_OFFSET && column_of(&m->now, operand) == NULL) {
            at += 2;
        } else {
            break;
        }
    }
    in->at = (uintptr_t)at;
}

/* Runs up to the instruction that moves behind the address asked for. */
static void run(struct machine *m, struct cfi_bytes in)
{
    while (!m->bad && in.at < in.end && m->loc <= m->address) {
        uintptr_t before = in.at;
        run_short(m, &in);
        if (in.at != before)
            continue;
        run_one(m, &in);
        if (in.bad)
            m->bad = true;
    }
}

static bool rule_is(const struct rule *rule, enum rule_kind kind, uint32_t reg)
{
    return rule->kind == kind && rule->reg == reg && rule->offset > -PROGRAM_OFFSET_MAX &&
           rule->offset < PROGRAM_OFFSET_MAX;
}

/* The registers lie where the kernel put them, and nothing else is said. */
static bool columns_are_signal(const struct columns *c)
{
    return rule_is(&c->cfa, RULE_WORD, CFI_REGISTER_SP) && c->cfa.offset == CFI_SIGNAL_SP &&
           rule_is(&c->ra, RULE_ADDRESS, CFI_REGISTER_SP) && c->ra.offset == CFI_SIGNAL_PC &&
           rule_is(&c->fp, RULE_ADDRESS, CFI_REGISTER_SP) && c->fp.offset == CFI_SIGNAL_FP;
}

static bool row_set_cfa(struct cfi_row *row, const struct rule *cfa)
{
    if (rule_is(cfa, RULE_OFFSET, CFI_REGISTER_SP))
        row->cfa = CFI_CFA_SP;
    else if (rule_is(cfa, RULE_OFFSET, CFI_REGISTER_FP))
        row->cfa = CFI_CFA_FP;
    else if (rule_is(cfa, RULE_WORD, CFI_REGISTER_FP))
        row->cfa = CFI_CFA_AT_FP;
    else
        return false;
    row->cfa_offset = (int32_t)cfa->offset;
    return true;
}

static bool row_set_fp(struct cfi_row *row, const struct rule *fp)
{
    row->fp_offset = (int32_t)fp->offset;
    if (fp->kind == RULE_UNSPECIFIED || fp->kind == RULE_SAME || fp->kind == RULE_UNDEFINED)
        row->fp = CFI_FP_SAME;
    else if (rule_is(fp, RULE_OFFSET, 0))
        row->fp = CFI_FP_AT_CFA;
    else if (rule_is(fp, RULE_ADDRESS, CFI_REGISTER_FP))
        row->fp = CFI_FP_AT_FP;
    else
        return false;
    return true;
}

static struct cfi_row row_of(const struct columns *columns, bool is_signal)
{
    struct cfi_row row = {.kind = CFI_ODD, .is_lasting = true};
    bool plain = !is_signal && columns->sp.kind == RULE_UNSPECIFIED &&
                 rule_is(&columns->ra, RULE_OFFSET, 0) && columns->ra.offset == CFI_RA_OFFSET;
    if (columns->ra.kind == RULE_UNDEFINED)
        row.kind = CFI_END;
    else if (columns->ra.kind == RULE_UNSPECIFIED || columns->cfa.kind == RULE_UNSPECIFIED)
        row.kind = CFI_NONE;
    else if (is_signal && columns_are_signal(columns))
        row.kind = CFI_SIGNAL;
    else if (plain && row_set_cfa(&row, &columns->cfa) && row_set_fp(&row, &columns->fp))
        row.kind = CFI_PLAIN;
    return row;
}

struct cfi_row cfi_program_run(const struct cfi_program *program, uintptr_t address)
{
    struct machine m;
    m.program = program;
    m.address = address;
    m.loc = 0; /* so that the initial instructions all run */
    m.remembered_count = 0;
    m.bad = false;
    memset(&m.now, 0, sizeof m.now);
    memset(&m.initial, 0, sizeof m.initial);
    run(&m, program->initial);
    m.initial = m.now;
    m.loc = program->pc_begin;
    run(&m, program->body);
    if (m.bad)
        return (struct cfi_row){.kind = CFI_NONE, .is_lasting = true};
    return row_of(&m.now, program->is_signal);
}
