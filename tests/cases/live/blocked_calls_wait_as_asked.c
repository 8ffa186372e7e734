// A collection neither interrupts a blocking call nor makes it longer or shorter: each call here is
// blocked for a second while dozens of collections are made, and gives what it was asked for.
//
// run: timeouts
// expect: 15 collections
// expect: nobody missed
// expect: nothing lost
// run: files
// expect: 15 collections
// expect: nobody missed
// expect: nothing lost
// run: ipc
// expect: 15 collections
// expect: nobody missed
// expect: nothing lost
// run: signals
// expect: 15 collections
// expect: nobody missed
// expect: nothing lost
// run: aio
// expect: 15 collections
// expect: nobody missed
// expect: nothing lost
#include "live.h"

#include <aio.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <threads.h>

#define WAIT_MS ((long)live_count(1000, 10000))

typedef void release_function(long argument);

/* A blocking call is released by another thread when the time has come. */
struct release {
    release_function *function;
    long argument;
};

static void *release_later(void *argument)
{
    struct release *release = argument;
    struct timespec rest = {WAIT_MS / 1000, WAIT_MS % 1000 * 1000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &rest, &rest) != 0)
        continue;
    release->function(release->argument);
    free(release);
    return NULL;
}

static void after_wait(release_function *function, long argument)
{
    pthread_t thread;
    struct release *release = malloc(sizeof *release);
    must(release != NULL);
    *release = (struct release){function, argument};
    must(pthread_create(&thread, NULL, release_later, release) == 0);
    pthread_detach(thread);
}

static void write_byte(long fd)
{
    must(write((int)fd, "x", 1) == 1);
}

static void write_and_close(long fd)
{
    must(write((int)fd, "x", 1) == 1 && close((int)fd) == 0);
}

/* The reading end of a pipe that gets a byte when the time has come. */
static int late_pipe(void)
{
    int ends[2];
    must(pipe(ends) == 0);
    after_wait(write_byte, ends[1]);
    return ends[0];
}

static int late_socket(void)
{
    int ends[2];
    must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    after_wait(write_byte, ends[1]);
    return ends[0];
}

static struct timespec wait_time(void)
{
    return (struct timespec){WAIT_MS / 1000, WAIT_MS % 1000 * 1000000};
}

static struct timespec wait_until(clockid_t clock)
{
    struct timespec until;
    clock_gettime(clock, &until);
    long ns = until.tv_nsec + WAIT_MS % 1000 * 1000000;
    return (struct timespec){until.tv_sec + WAIT_MS / 1000 + ns / 1000000000, ns % 1000000000};
}

/* Each returns what it got, and says what it wants. */
#define CALL(name) static long call_##name(void)

static void open_fifo_late(long name);

/* clang-format off */
CALL(poll_timeout) { return poll(NULL, 0, (int)WAIT_MS); }
CALL(ppoll_timeout) { struct timespec t = wait_time(); return ppoll(NULL, 0, &t, NULL); }
CALL(select_timeout) { struct timeval t = {WAIT_MS / 1000, 0}; return select(0, NULL, NULL, NULL, &t); }
CALL(pselect_timeout) { struct timespec t = wait_time(); return pselect(0, NULL, NULL, NULL, &t, NULL); }
CALL(epoll_timeout) { struct epoll_event e; return epoll_wait(epoll_create1(0), &e, 1, (int)WAIT_MS); }
CALL(epoll_pwait_timeout) { struct epoll_event e; return epoll_pwait(epoll_create1(0), &e, 1, (int)WAIT_MS, NULL); }
CALL(epoll_pwait2_timeout) { struct epoll_event e; struct timespec t = wait_time(); return epoll_pwait2(epoll_create1(0), &e, 1, &t, NULL); }
CALL(nanosleep) { struct timespec t = wait_time(); return nanosleep(&t, NULL); }
CALL(nanosleep_rest) { struct timespec t = wait_time(); return nanosleep(&t, &t); }
CALL(clock_nanosleep) { struct timespec t = wait_time(); return clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL); }
CALL(clock_nanosleep_until) { struct timespec t = wait_until(CLOCK_REALTIME); return clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &t, NULL); }
CALL(sleep) { return sleep((unsigned)WAIT_MS / 1000); }
CALL(usleep) { return usleep((useconds_t)WAIT_MS * 1000); }
CALL(thrd_sleep) { struct timespec t = wait_time(); return thrd_sleep(&t, NULL); }
CALL(sem_timedwait) { sem_t s; sem_init(&s, 0, 0); struct timespec t = wait_until(CLOCK_REALTIME); long r = sem_timedwait(&s, &t); return r == -1 && errno == ETIMEDOUT ? 0 : -1; }
CALL(sem_clockwait) { sem_t s; sem_init(&s, 0, 0); struct timespec t = wait_until(CLOCK_MONOTONIC); long r = sem_clockwait(&s, CLOCK_MONOTONIC, &t); return r == -1 && errno == ETIMEDOUT ? 0 : -1; }
CALL(recv_timeout) { int e[2]; char c; struct timeval t = {WAIT_MS / 1000, 0}; must(socketpair(AF_UNIX, SOCK_STREAM, 0, e) == 0);
    setsockopt(e[0], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t); return recv(e[0], &c, 1, 0) == -1 && errno == EAGAIN ? 0 : -1; }
CALL(cond_timedwait) { pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; pthread_cond_t c = PTHREAD_COND_INITIALIZER; struct timespec t = wait_until(CLOCK_REALTIME);
    pthread_mutex_lock(&m); return pthread_cond_timedwait(&c, &m, &t) == ETIMEDOUT ? 0 : -1; }
CALL(aio_timeout) { static struct aiocb a; char *c = calloc(1, 1); int e[2]; must(pipe(e) == 0); a = (struct aiocb){.aio_fildes = e[0], .aio_buf = c, .aio_nbytes = 1};
    const struct aiocb *list[] = {&a}; struct timespec t = wait_time(); must(aio_read(&a) == 0); long r = aio_suspend(list, 1, &t) == -1 && errno == EAGAIN ? 0 : -1;
    must(write(e[1], "x", 1) == 1); while (aio_error(&a) == EINPROGRESS) usleep(1000); free(c); return r; }

CALL(poll) { struct pollfd f = {late_pipe(), POLLIN, 0}; return poll(&f, 1, -1) - 1; }
CALL(ppoll) { struct pollfd f = {late_pipe(), POLLIN, 0}; return ppoll(&f, 1, NULL, NULL) - 1; }
CALL(select) { int fd = late_pipe(); fd_set s; FD_ZERO(&s); FD_SET(fd, &s); return select(fd + 1, &s, NULL, NULL, NULL) - 1; }
CALL(epoll_wait) { int e = epoll_create1(0); struct epoll_event event = {.events = EPOLLIN}; epoll_ctl(e, EPOLL_CTL_ADD, late_pipe(), &event); return epoll_wait(e, &event, 1, -1) - 1; }
CALL(read) { char c[4]; return read(late_pipe(), c, sizeof c) - 1; }
CALL(readv) { char c[4]; struct iovec v = {c, sizeof c}; return readv(late_pipe(), &v, 1) - 1; }
CALL(recv) { char c[4]; return recv(late_socket(), c, sizeof c, 0) - 1; }
CALL(recvfrom) { char c[4]; return recvfrom(late_socket(), c, sizeof c, 0, NULL, NULL) - 1; }
CALL(recvmsg) { char c[4]; struct iovec v = {c, sizeof c}; struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1}; return recvmsg(late_socket(), &m, 0) - 1; }
CALL(recvmmsg) { char c[4]; struct iovec v = {c, sizeof c}; struct mmsghdr m = {.msg_hdr = {.msg_iov = &v, .msg_iovlen = 1}}; return recvmmsg(late_socket(), &m, 1, 0, NULL) - 1; }
CALL(fgetc) { FILE *file = fdopen(late_pipe(), "r"); long c = fgetc(file); fclose(file); return c - 'x'; }
CALL(getline) { int e[2]; char *line = NULL; size_t room = 0; must(pipe(e) == 0); after_wait(write_and_close, e[1]);
    FILE *file = fdopen(e[0], "r"); long n = getline(&line, &room, file); free(line); fclose(file); return n - 1; }
CALL(open_fifo) { char name[64]; snprintf(name, sizeof name, "fifo.%d", gettid()); must(mkfifo(name, 0600) == 0); char *kept = strdup(name); must(kept != NULL);
    after_wait(open_fifo_late, (long)kept); long r = open(name, O_RDONLY); unlink(name); free(kept); return r < 0 ? -1 : 0; }
/* clang-format on */

static void open_fifo_late(long name)
{
    must(open((const char *)name, O_WRONLY) >= 0);
}

/* A server's address, and a client that comes late. */
static struct sockaddr_in server_address;

static void connect_late(long unused)
{
    (void)unused;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    must(connect(fd, (struct sockaddr *)&server_address, sizeof server_address) == 0);
}

static int listen_here(int backlog)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t bytes = sizeof address;
    must(bind(fd, (struct sockaddr *)&address, bytes) == 0 && listen(fd, backlog) == 0);
    must(getsockname(fd, (struct sockaddr *)&address, &bytes) == 0);
    server_address = address;
    return fd;
}

static pthread_mutex_t server_mutex = PTHREAD_MUTEX_INITIALIZER;

static int listen_for_late_client(void)
{
    pthread_mutex_lock(&server_mutex);
    static int fd = -1;
    if (fd < 0)
        fd = listen_here(16);
    after_wait(connect_late, 0);
    pthread_mutex_unlock(&server_mutex);
    return fd;
}

CALL(accept)
{
    return accept(listen_for_late_client(), NULL, NULL) >= 0 ? 0 : -1;
}

CALL(accept4)
{
    return accept4(listen_for_late_client(), NULL, NULL, 0) >= 0 ? 0 : -1;
}

static void accept_one(long fd)
{
    must(accept((int)fd, NULL, NULL) >= 0);
}

/* A socket whose queue is full makes connect wait. */
CALL(connect)
{
    static struct sockaddr_un_like {
        sa_family_t family;
        char path[100];
    } address = {AF_UNIX, ""};
    int server = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.path + 1, sizeof address.path - 1, "seep-live.%d", getpid());
    socklen_t bytes = (socklen_t)(sizeof(sa_family_t) + 1 + strlen(address.path + 1));
    must(bind(server, (void *)&address, bytes) == 0 && listen(server, 0) == 0);
    must(connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&address, bytes) == 0);
    after_wait(accept_one, server);
    return connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&address, bytes);
}

static void drain(long fd)
{
    char bytes[4096];
    for (long left = 1 << 20; left > 0;)
        left -= read((int)fd, bytes, sizeof bytes);
}

/* A megabyte: most of it goes when the reader comes. */
CALL(write)
{
    int ends[2];
    char *megabyte = calloc(1, 1 << 20);
    must(pipe(ends) == 0);
    after_wait(drain, ends[0]);
    long wrote = write(ends[1], megabyte, 1 << 20);
    free(megabyte);
    return wrote - (1 << 20);
}

CALL(writev)
{
    int ends[2];
    char *megabyte = calloc(1, 1 << 20);
    struct iovec parts[] = {{megabyte, 1 << 19}, {megabyte + (1 << 19), 1 << 19}};
    must(pipe(ends) == 0);
    after_wait(drain, ends[0]);
    long wrote = writev(ends[1], parts, 2);
    free(megabyte);
    return wrote - (1 << 20);
}

CALL(send)
{
    int ends[2];
    char *megabyte = calloc(1, 1 << 20);
    must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    after_wait(drain, ends[0]);
    long sent = send(ends[1], megabyte, 1 << 20, 0);
    free(megabyte);
    return sent - (1 << 20);
}

static void unlock_file(long fd)
{
    must(flock((int)fd, LOCK_UN) == 0);
}

CALL(flock)
{
    char name[] = "lock.XXXXXX";
    int held = mkstemp(name);
    must(flock(held, LOCK_EX) == 0);
    after_wait(unlock_file, held);
    return flock(open(name, O_RDWR), LOCK_EX);
}

static void unlock_open_file(long fd)
{
    struct flock whole = {.l_type = F_UNLCK};
    must(fcntl((int)fd, F_OFD_SETLK, &whole) == 0);
}

CALL(fcntl_own)
{
    char name[] = "lock.XXXXXX";
    int held = mkstemp(name);
    struct flock whole = {.l_type = F_WRLCK};
    must(fcntl(held, F_OFD_SETLK, &whole) == 0);
    after_wait(unlock_open_file, held);
    return fcntl(open(name, O_RDWR), F_OFD_SETLKW, &whole);
}

/* A lock of another process. */
static long wait_for_lock(bool by_lockf)
{
    char name[] = "lock.XXXXXX";
    int fd = mkstemp(name);
    struct flock whole = {.l_type = F_WRLCK};
    int ready[2];
    char byte;
    must(pipe(ready) == 0);
    pid_t child = fork();
    if (child == 0) {
        must(fcntl(open(name, O_RDWR), F_SETLK, &whole) == 0);
        must(write(ready[1], "x", 1) == 1);
        usleep((useconds_t)WAIT_MS * 1000);
        _exit(0);
    }
    must(read(ready[0], &byte, 1) == 1);
    long result = by_lockf ? lockf(fd, F_LOCK, 0) : fcntl(fd, F_SETLKW, &whole);
    must(waitpid(child, NULL, 0) == child);
    return result;
}

CALL(fcntl_lock)
{
    return wait_for_lock(false);
}

CALL(lockf)
{
    return wait_for_lock(true);
}

static pid_t late_child(void)
{
    pid_t child = fork();
    if (child == 0) {
        usleep((useconds_t)WAIT_MS * 1000);
        _exit(7);
    }
    return child;
}

CALL(waitpid)
{
    int status;
    pid_t child = late_child();
    return waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7 ? 0 : -1;
}

CALL(wait4)
{
    int status;
    pid_t child = late_child();
    return wait4(child, &status, __WALL, NULL) == child && WEXITSTATUS(status) == 7 ? 0 : -1;
}

CALL(waitid)
{
    siginfo_t info;
    pid_t child = late_child();
    return waitid(P_PID, (id_t)child, &info, WEXITED) == 0 && info.si_status == 7 ? 0 : -1;
}

static void post(long semaphore)
{
    sem_post((sem_t *)semaphore);
}

CALL(sem_wait)
{
    sem_t semaphore;
    sem_init(&semaphore, 0, 0);
    after_wait(post, (long)&semaphore);
    return sem_wait(&semaphore);
}

static void raise_set(long set)
{
    struct sembuf up = {0, 1, 0};
    must(semop((int)set, &up, 1) == 0);
}

CALL(semop)
{
    int set = semget(IPC_PRIVATE, 1, 0600);
    struct sembuf down = {0, -1, 0};
    after_wait(raise_set, set);
    long result = semop(set, &down, 1);
    semctl(set, 0, IPC_RMID);
    return result;
}

CALL(semtimedop)
{
    int set = semget(IPC_PRIVATE, 1, 0600);
    struct sembuf down = {0, -1, 0};
    struct timespec time = wait_time();
    long result = semtimedop(set, &down, 1, &time);
    int error = errno;
    semctl(set, 0, IPC_RMID);
    return result == -1 && error == EAGAIN ? 0 : -1;
}

struct message {
    long type;
    char text[4096];
};

static void send_message(long queue)
{
    struct message message = {1, "x"};
    must(msgsnd((int)queue, &message, 1, 0) == 0);
}

CALL(msgrcv)
{
    int queue = msgget(IPC_PRIVATE, 0600);
    struct message message;
    after_wait(send_message, queue);
    long got = msgrcv(queue, &message, sizeof message.text, 0, 0);
    msgctl(queue, IPC_RMID, NULL);
    return got - 1;
}

static void receive_message(long queue)
{
    struct message message;
    must(msgrcv((int)queue, &message, sizeof message.text, 0, 0) >= 0);
}

CALL(msgsnd)
{
    int queue = msgget(IPC_PRIVATE, 0600);
    static struct message message = {1, ""};
    while (msgsnd(queue, &message, sizeof message.text, IPC_NOWAIT) == 0)
        continue;
    after_wait(receive_message, queue);
    long result = msgsnd(queue, &message, sizeof message.text, 0);
    msgctl(queue, IPC_RMID, NULL);
    return result;
}

static mqd_t make_queue(void)
{
    char name[64];
    struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 8};
    snprintf(name, sizeof name, "/seep-live.%d", gettid());
    mqd_t queue = mq_open(name, O_RDWR | O_CREAT, 0600, &attributes);
    mq_unlink(name);
    return queue;
}

static void send_to_queue(long queue)
{
    must(mq_send((mqd_t)queue, "x", 1, 0) == 0);
}

CALL(mq_receive)
{
    char text[8];
    mqd_t queue = make_queue();
    if (queue == (mqd_t)-1) {
        usleep((useconds_t)WAIT_MS * 1000);
        return 0; /* no message queues here */
    }
    after_wait(send_to_queue, queue);
    return mq_receive(queue, text, sizeof text, NULL) - 1;
}

CALL(mq_timedreceive)
{
    char text[8];
    mqd_t queue = make_queue();
    struct timespec until = wait_until(CLOCK_REALTIME);
    if (queue == (mqd_t)-1) {
        usleep((useconds_t)WAIT_MS * 1000);
        return 0;
    }
    return mq_timedreceive(queue, text, sizeof text, NULL, &until) == -1 && errno == ETIMEDOUT ? 0
                                                                                               : -1;
}

/* Signals that the program itself sends to the thread. */
static void signal_thread(long thread)
{
    must(pthread_kill((pthread_t)thread, SIGUSR1) == 0);
}

static void catch_it(int number)
{
    (void)number;
}

CALL(pause)
{
    after_wait(signal_thread, (long)pthread_self());
    return pause() == -1 && errno == EINTR ? 0 : -1;
}

CALL(sigsuspend)
{
    sigset_t set;
    sigfillset(&set);
    sigdelset(&set, SIGUSR1);
    after_wait(signal_thread, (long)pthread_self());
    return sigsuspend(&set) == -1 && errno == EINTR ? 0 : -1;
}

static sigset_t block_all(void)
{
    sigset_t set;
    sigfillset(&set);
    must(pthread_sigmask(SIG_SETMASK, &set, NULL) == 0);
    return set;
}

CALL(sigwait)
{
    sigset_t set = block_all();
    int number;
    after_wait(signal_thread, (long)pthread_self());
    return sigwait(&set, &number) == 0 && number == SIGUSR1 ? 0 : -1;
}

CALL(sigwaitinfo)
{
    sigset_t set = block_all();
    after_wait(signal_thread, (long)pthread_self());
    return sigwaitinfo(&set, NULL) - SIGUSR1;
}

CALL(sigtimedwait)
{
    sigset_t set = block_all();
    struct timespec time = wait_time();
    return sigtimedwait(&set, NULL, &time) == -1 && errno == EAGAIN ? 0 : -1;
}

CALL(ppoll_all_blocked)
{
    sigset_t set = block_all();
    struct timespec time = wait_time();
    return ppoll(NULL, 0, &time, &set);
}

struct call {
    const char *run;
    const char *name;
    long (*function)(void);
};

#define TIMEOUT(name)                                                                              \
    {                                                                                              \
        "timeouts", #name, call_##name                                                             \
    }
#define FILES(name)                                                                                \
    {                                                                                              \
        "files", #name, call_##name                                                                \
    }
#define IPC(name)                                                                                  \
    {                                                                                              \
        "ipc", #name, call_##name                                                                  \
    }
#define SIGNALS(name)                                                                              \
    {                                                                                              \
        "signals", #name, call_##name                                                              \
    }

static const struct call calls[] = {
    TIMEOUT(poll_timeout),
    TIMEOUT(ppoll_timeout),
    TIMEOUT(select_timeout),
    TIMEOUT(pselect_timeout),
    TIMEOUT(epoll_timeout),
    TIMEOUT(epoll_pwait_timeout),
    TIMEOUT(nanosleep),
    TIMEOUT(epoll_pwait2_timeout),
    TIMEOUT(nanosleep_rest),
    TIMEOUT(clock_nanosleep),
    TIMEOUT(clock_nanosleep_until),
    TIMEOUT(sleep),
    TIMEOUT(usleep),
    TIMEOUT(thrd_sleep),
    TIMEOUT(sem_timedwait),
    TIMEOUT(sem_clockwait),
    TIMEOUT(recv_timeout),
    TIMEOUT(cond_timedwait),
    {"aio", "aio_timeout", call_aio_timeout},
    FILES(poll),
    FILES(ppoll),
    FILES(select),
    FILES(epoll_wait),
    FILES(read),
    FILES(readv),
    FILES(recv),
    FILES(recvfrom),
    FILES(recvmsg),
    FILES(recvmmsg),
    FILES(fgetc),
    FILES(getline),
    FILES(open_fifo),
    FILES(accept),
    FILES(accept4),
    FILES(connect),
    FILES(write),
    FILES(writev),
    FILES(send),
    IPC(flock),
    IPC(fcntl_own),
    IPC(fcntl_lock),
    IPC(lockf),
    IPC(waitpid),
    IPC(wait4),
    IPC(waitid),
    IPC(sem_wait),
    IPC(semop),
    IPC(semtimedop),
    IPC(msgrcv),
    IPC(msgsnd),
    IPC(mq_receive),
    IPC(mq_timedreceive),
    SIGNALS(pause),
    SIGNALS(sigsuspend),
    SIGNALS(sigwait),
    SIGNALS(sigwaitinfo),
    SIGNALS(sigtimedwait),
    SIGNALS(ppoll_all_blocked),
};

static void *make_call(void *argument)
{
    const struct call *call = argument;
    double begun = live_now_ms();
    errno = 0;
    long result = call->function();
    int error = errno;
    double took = live_now_ms() - begun;
    LIVE_CLAIM(result == 0, "%s: %ld, errno %d", call->name, result, error);
    LIVE_CLAIM(took > (double)WAIT_MS - 20 && took < (double)WAIT_MS + 8000, "%s: %.0f ms",
               call->name, took);
    return NULL;
}

enum { CALLS = sizeof calls / sizeof *calls };

int main(int argc, char **argv)
{
    pthread_t threads[CALLS];
    struct sigaction action = {.sa_handler = catch_it};
    must(argc == 2 && sigaction(SIGUSR1, &action, NULL) == 0);
    pthread_t churn = live_churn_begin();
    for (int i = 0; i < CALLS; i++)
        if (is_run(argc, argv, calls[i].run))
            must(pthread_create(&threads[i], NULL, make_call, (void *)(uintptr_t)&calls[i]) == 0);
    for (int i = 0; i < CALLS; i++)
        if (is_run(argc, argv, calls[i].run))
            must(pthread_join(threads[i], NULL) == 0);
    live_churn_end(churn);
    return live_status();
}
