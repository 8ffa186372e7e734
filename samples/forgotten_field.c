// A destructor frees the object and one of its fields, and forgets the other.
//
// The report shows one finding: 3 titles of 32 bytes that book_new() allocated. The books
// themselves and their authors are freed.
//
// expect: lost 96 bytes in 3 blocks, in book_new
#include <stdio.h>
#include <stdlib.h>

struct book {
    char *title;
    char *author;
};

static struct book *book_new(int number)
{
    struct book *book = malloc(sizeof *book);
    if (book == NULL)
        abort();
    book->title = malloc(32);
    book->author = malloc(40);
    if (book->title == NULL || book->author == NULL)
        abort();
    snprintf(book->title, 32, "title %d", number);
    snprintf(book->author, 40, "author %d", number);
    return book;
}

static void book_free(struct book *book)
{
    free(book->author); // and the title?
    free(book);
}

int main(void)
{
    for (int number = 1; number <= 3; number++) {
        struct book *book = book_new(number);
        printf("%s by %s\n", book->title, book->author);
        book_free(book);
    }
    return 0;
}
