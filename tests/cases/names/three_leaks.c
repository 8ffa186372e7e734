/*
 * A program of some sixty lines with three known leaks, among blocks that it frees or keeps. The
 * comments `leak:` give the finding that ends in that line: bytes, blocks, bytes and blocks that
 * hang on it. names.py reads them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct account {
    struct account *next;
    char *owner;
    long balance;
};

static struct account *accounts;
char *banner;

static struct account *open_account(const char *owner)
{
    struct account *account = calloc(1, sizeof *account); /* leak: 24 1 9 1 */

    account->owner = malloc(strlen(owner) + 1);
    strcpy(account->owner, owner);
    account->next = accounts;
    accounts = account;
    return account;
}

static void close_last_account(void)
{
    struct account *account = accounts;

    accounts = account->next;
    account->next = NULL; /* neither it nor its owner is freed */
}

static void set_banner(const char *text)
{
    banner = malloc(64); /* leak: 64 1 0 0 */
    snprintf(banner, 64, "%s", text);
}

static long interest(const struct account *account)
{
    long *table = malloc(10 * sizeof *table); /* leak: 240 3 0 0 */

    for (int year = 0; year < 10; year++)
        table[year] = account->balance * year / 100;
    return table[9];
}

int main(void)
{
    static const char *const owners[] = {"Ada", "Barbara", "Grace-Hu"};

    for (int i = 0; i < 3; i++)
        open_account(owners[i])->balance = 1000 * (i + 1);
    for (struct account *account = accounts; account != NULL; account = account->next)
        printf("%s %ld\n", account->owner, interest(account));
    close_last_account();
    set_banner("welcome");
    set_banner("good bye");
    puts(banner);
    return 0;
}
