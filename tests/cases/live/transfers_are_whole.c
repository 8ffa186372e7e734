// A megabyte goes through pipes and sockets in one call, slowly, while dozens of collections are
// made: no count is short, no byte is wrong.
//
// expect: 10 collections
// expect: nobody missed
// expect: nothing lost
#include "live.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>

enum { MEGABYTE = 1 << 20, PIECE = 4096 };

static char *contents; /* set before threads */

/* The other side is a process of its own, without a collection: slow, about a second in all. */
static void other_side(int fd, bool reads)
{
    char *bytes = malloc(MEGABYTE);
    for (long done = 0; done < MEGABYTE;) {
        ssize_t moved = reads ? read(fd, bytes + done, PIECE) : write(fd, contents + done, PIECE);
        if (moved <= 0)
            _exit(3);
        done += moved;
        usleep((useconds_t)live_count(6000, 30000));
    }
    _exit(reads && memcmp(bytes, contents, MEGABYTE) != 0 ? 4 : 0);
}

struct transfer {
    const char *name;
    bool reads; /* the call under test does */
    bool by_socket;
    ssize_t (*function)(int fd, char *bytes);
};

static ssize_t by_writev(int fd, char *bytes)
{
    struct iovec parts[] = {{bytes, 1000}, {bytes + 1000, MEGABYTE - 1000}};
    return writev(fd, parts, 2);
}

static ssize_t by_send(int fd, char *bytes)
{
    return send(fd, bytes, MEGABYTE, 0);
}

static ssize_t by_sendto(int fd, char *bytes)
{
    return sendto(fd, bytes, MEGABYTE, 0, NULL, 0);
}

static ssize_t by_sendmsg(int fd, char *bytes)
{
    struct iovec part = {bytes, MEGABYTE};
    return sendmsg(fd, &(struct msghdr){.msg_iov = &part, .msg_iovlen = 1}, 0);
}

static ssize_t by_recv(int fd, char *bytes)
{
    return recv(fd, bytes, MEGABYTE, MSG_WAITALL);
}

static ssize_t by_recvmsg(int fd, char *bytes)
{
    struct iovec part = {bytes, MEGABYTE};
    return recvmsg(fd, &(struct msghdr){.msg_iov = &part, .msg_iovlen = 1}, MSG_WAITALL);
}

static ssize_t by_write(int fd, char *bytes)
{
    return write(fd, bytes, MEGABYTE);
}

static ssize_t by_fwrite(int fd, char *bytes)
{
    FILE *file = fdopen(dup(fd), "w");
    ssize_t wrote = (ssize_t)fwrite(bytes, 1, MEGABYTE, file);
    return fclose(file) == 0 ? wrote : -1;
}

static ssize_t by_fread(int fd, char *bytes)
{
    FILE *file = fdopen(dup(fd), "r");
    ssize_t got = (ssize_t)fread(bytes, 1, MEGABYTE, file);
    fclose(file);
    return got;
}

static ssize_t by_sendfile(int fd, char *bytes)
{
    FILE *file = tmpfile();
    must(fwrite(bytes, 1, MEGABYTE, file) == MEGABYTE && fflush(file) == 0);
    off_t from = 0;
    ssize_t sent = sendfile(fd, fileno(file), &from, MEGABYTE);
    fclose(file);
    return sent;
}

static ssize_t by_splice(int fd, char *bytes)
{
    FILE *file = tmpfile();
    must(fwrite(bytes, 1, MEGABYTE, file) == MEGABYTE && fflush(file) == 0);
    off_t from = 0;
    ssize_t sent = 0;
    while (sent < MEGABYTE) { /* gives what a pipe has room for; fails when interrupted */
        ssize_t more = splice(fileno(file), &from, fd, NULL, (size_t)(MEGABYTE - sent), 0);
        if (more <= 0)
            break;
        sent += more;
    }
    fclose(file);
    return sent;
}

static const struct transfer transfers[] = {
    {"write pipe", false, false, by_write},   {"write socket", false, true, by_write},
    {"writev pipe", false, false, by_writev}, {"writev socket", false, true, by_writev},
    {"send", false, true, by_send},           {"sendto", false, true, by_sendto},
    {"sendmsg", false, true, by_sendmsg},     {"recv", true, true, by_recv},
    {"recvmsg", true, true, by_recvmsg},      {"fwrite", false, false, by_fwrite},
    {"fread pipe", true, false, by_fread},    {"fread socket", true, true, by_fread},
    {"sendfile", false, true, by_sendfile},   {"splice", false, false, by_splice},
};

enum { TRANSFERS = sizeof transfers / sizeof *transfers };

static int own_ends[TRANSFERS];
static pid_t others[TRANSFERS];

static void *transfer(void *argument)
{
    long i = (long)argument;
    const struct transfer *one = &transfers[i];
    char *bytes = malloc(MEGABYTE);
    if (!one->reads)
        memcpy(bytes, contents, MEGABYTE);
    errno = 0;
    ssize_t moved = one->function(own_ends[i], bytes);
    LIVE_CLAIM(moved == MEGABYTE, "%s: %zd of %d bytes, errno %d", one->name, moved, MEGABYTE,
               errno);
    LIVE_CLAIM(memcmp(bytes, contents, MEGABYTE) == 0 || moved != MEGABYTE, "%s: wrong bytes",
               one->name);
    close(own_ends[i]);
    int status = -1;
    must(waitpid(others[i], &status, 0) == others[i]);
    LIVE_CLAIM(status == 0 || moved != MEGABYTE, "%s: the other side ended with %#x", one->name,
               status);
    free(bytes);
    return NULL;
}

/* Before there are threads: the other sides are forked here. */
static void begin_transfer(long i)
{
    int ends[2]; /* reading, writing */
    must(transfers[i].by_socket ? socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 : pipe(ends) == 0);
    int own = transfers[i].reads ? ends[0] : ends[1];
    int theirs = transfers[i].reads ? ends[1] : ends[0];
    others[i] = fork();
    if (others[i] == 0) {
        close(own);
        for (long j = 0; j < i; j++)
            close(own_ends[j]);
        other_side(theirs, !transfers[i].reads);
    }
    close(theirs);
    own_ends[i] = own;
}

int main(void)
{
    pthread_t threads[TRANSFERS];
    contents = malloc(MEGABYTE);
    for (int i = 0; i < MEGABYTE; i++)
        contents[i] = (char)((unsigned)i * 2654435761u >> 24);
    for (long i = 0; i < TRANSFERS; i++)
        begin_transfer(i);
    pthread_t churn = live_churn_begin();
    for (long i = 0; i < TRANSFERS; i++)
        must(pthread_create(&threads[i], NULL, transfer, (void *)i) == 0);
    for (int i = 0; i < TRANSFERS; i++)
        must(pthread_join(threads[i], NULL) == 0);
    live_churn_end(churn);
    free(contents);
    return live_status();
}
