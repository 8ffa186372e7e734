/*
 * The step table; see steps.h.
 *
 * An entry is one word, so that it is read and written whole: the address in the upper 47 bits and
 * below them the number of its rule. Programs have many call sites and few rules (CPython 300 in
 * 20,000 sites), so the rules lie in a set of their own, in which a rule's place is its number.
 */
#include "steps.h"

#include "../base/pages.h"
#include "modules.h"

enum {
    STEPS_BITS_FIRST = 12,
    STEPS_BITS_LAST = 20,
    STEPS_PROBES = 8,
    RULES_BITS = 14,
    RULES_PROBES = 64,
    RULE_NUMBER_BITS = 17 /* what an address of 47 bits leaves in a word */
};

struct steps_table {
    uint64_t bits; /* the table has 1 << bits words */
    uint64_t words[];
};

/* Replaced by a larger one by whoever holds steps_changing. An outgrown table stays mapped, since
 * another thread may be reading it: all of them together are smaller than the one in use. */
static struct steps_table *steps_table;
static uint32_t steps_changing;       /* atomic: 1 while a thread replaces or empties the table */
static uint32_t steps_used;           /* atomic */
static uint32_t steps_generation = 1; /* atomic: of the modules that the table is about */
static uint64_t *steps_rules;         /* set once; words only go from 0 to a rule, atomically */

static uint64_t steps_hash(uint64_t key, unsigned bits)
{
    return key * 0x9E3779B97F4A7C15u >> (64 - bits);
}

static struct steps_table *table_map(uint64_t bits)
{
    struct steps_table *table = pages_map(sizeof *table + (sizeof table->words[0] << bits));
    if (table != NULL)
        table->bits = bits;
    return table;
}

bool steps_start(void)
{
    if (steps_rules == NULL)
        steps_rules = pages_map(sizeof *steps_rules << RULES_BITS);
    if (steps_table == NULL)
        steps_table = table_map(STEPS_BITS_FIRST);
    return steps_rules != NULL && steps_table != NULL;
}

static steps_rule rule_of(const struct cfi_row *row)
{
    const uint64_t mask = (1u << STEPS_OFFSET_BITS) - 1;
    return ((uint64_t)row->kind + 1) | (uint64_t)row->cfa << STEPS_CFA_SHIFT |
           (uint64_t)row->fp << STEPS_FP_SHIFT |
           ((uint64_t)row->cfa_offset & mask) << STEPS_CFA_OFFSET_SHIFT |
           ((uint64_t)row->fp_offset & mask) << STEPS_FP_OFFSET_SHIFT;
}

/* The number of `rule`, or -1 when there is no place for it near where it belongs. */
static int rule_number(steps_rule rule)
{
    uint64_t at = steps_hash(rule, RULES_BITS);
    for (unsigned i = 0; i < RULES_PROBES; i++, at = (at + 1) & ((1u << RULES_BITS) - 1)) {
        uint64_t there = 0;
        if (__atomic_compare_exchange_n(&steps_rules[at], &there, rule, false, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED) ||
            there == rule)
            return (int)at;
    }
    return -1;
}

/* Puts the word into one of the places where it is looked for; a full row loses its first. */
static bool table_put(struct steps_table *table, uint64_t word)
{
    uint64_t mask = (1ull << table->bits) - 1;
    uint64_t first = steps_hash(word >> RULE_NUMBER_BITS, (unsigned)table->bits);
    for (unsigned i = 0; i < STEPS_PROBES; i++) {
        uint64_t there = 0;
        uint64_t *at = &table->words[(first + i) & mask];
        if (__atomic_compare_exchange_n(at, &there, word, false, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED))
            return true;
        if (there == word)
            return false;
    }
    __atomic_store_n(&table->words[first], word, __ATOMIC_RELEASE);
    return false;
}

/* Gives way to a table of four times the size. Entries that other threads put into the old one
 * meanwhile are lost and found again. */
static void table_grow(struct steps_table *old)
{
    if (old->bits >= STEPS_BITS_LAST || __atomic_exchange_n(&steps_changing, 1, __ATOMIC_ACQUIRE))
        return;
    struct steps_table *larger = NULL;
    if (__atomic_load_n(&steps_table, __ATOMIC_RELAXED) == old)
        larger = table_map(old->bits + 2);
    if (larger != NULL) {
        for (uint64_t i = 0; i < 1ull << old->bits; i++) {
            uint64_t word = __atomic_load_n(&old->words[i], __ATOMIC_ACQUIRE);
            if (word != 0)
                table_put(larger, word);
        }
        __atomic_store_n(&steps_table, larger, __ATOMIC_RELEASE);
    }
    __atomic_store_n(&steps_changing, 0, __ATOMIC_RELEASE);
}

steps_rule steps_find_alone(uintptr_t address)
{
    struct cfi_row row = cfi_find(address);
    return rule_of(&row);
}

static __attribute__((noinline)) steps_rule steps_find_slow(uintptr_t address)
{
    struct cfi_row row = cfi_find(address);
    steps_rule rule = rule_of(&row);
    if (!row.is_lasting || address >> (64 - RULE_NUMBER_BITS) != 0)
        return rule;
    int number = rule_number(rule);
    if (number < 0)
        return rule;
    struct steps_table *table = __atomic_load_n(&steps_table, __ATOMIC_ACQUIRE);
    if (table_put(table, address << RULE_NUMBER_BITS | (uint64_t)number) &&
        __atomic_add_fetch(&steps_used, 1, __ATOMIC_RELAXED) > 1u << (table->bits - 1))
        table_grow(table);
    return rule;
}

steps_rule steps_find(uintptr_t address)
{
    const struct steps_table *table = __atomic_load_n(&steps_table, __ATOMIC_ACQUIRE);
    uint64_t mask = (1ull << table->bits) - 1;
    uint64_t at = steps_hash(address, (unsigned)table->bits);
    for (unsigned i = 0; i < STEPS_PROBES; i++, at = (at + 1) & mask) {
        uint64_t word = __atomic_load_n(&table->words[at], __ATOMIC_ACQUIRE);
        if (word >> RULE_NUMBER_BITS == address)
            return __atomic_load_n(&steps_rules[word & ((1u << RULES_BITS) - 1)], __ATOMIC_RELAXED);
        if (word == 0)
            break;
    }
    return steps_find_slow(address);
}

/* The generation is told when the table is empty, not before: another thread would take what is
 * left of a module that went for the one that lies there now. What a thread adds meanwhile is true,
 * since a walk through a module keeps it loaded. */
bool steps_are_current(void)
{
    uint32_t current = modules_generation();
    if (__builtin_expect(__atomic_load_n(&steps_generation, __ATOMIC_ACQUIRE) == current, 1))
        return true;
    if (!modules_generation_is_settled(current) ||
        __atomic_exchange_n(&steps_changing, 1, __ATOMIC_ACQUIRE) != 0)
        return false;
    struct steps_table *table = __atomic_load_n(&steps_table, __ATOMIC_ACQUIRE);
    for (uint64_t i = 0; i < 1ull << table->bits; i++)
        __atomic_store_n(&table->words[i], 0, __ATOMIC_RELAXED);
    __atomic_store_n(&steps_used, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&steps_generation, current, __ATOMIC_RELEASE);
    __atomic_store_n(&steps_changing, 0, __ATOMIC_RELEASE);
    return true;
}

void steps_forked(void)
{
    __atomic_store_n(&steps_changing, 0, __ATOMIC_RELAXED);
}

uint32_t steps_count(void)
{
    return __atomic_load_n(&steps_used, __ATOMIC_RELAXED);
}
