// A C++ program whose call paths have frames of many forms: alloca, realigned stacks, exceptions,
// signal handlers on either stack, a coroutine, longjmp, threads, forked children. Argument:
// rounds. Prints one number.
#include <alloca.h>
#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <future>
#include <map>
#include <regex>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <ucontext.h>
#include <unistd.h>
#include <vector>

namespace
{

struct alignas(64) Wide {
    double numbers[16];
};

volatile int sink;
ucontext_t home;
ucontext_t coroutine;
char coroutine_stack[65536];

__attribute__((noinline)) void *leaf(size_t bytes)
{
    void *block = malloc(bytes);
    asm volatile("" ::"r"(block));
    return block;
}

__attribute__((noinline)) int realigned(int n)
{
    Wide wide;
    memset(&wide, n, sizeof wide);
    asm volatile("" ::"r"(&wide));
    free(leaf(size_t(n) + 1));
    return int(wide.numbers[0]) + n;
}

__attribute__((noinline)) int with_alloca(int n)
{
    char *room = static_cast<char *>(alloca(size_t(n) * 16 + 1));
    room[0] = 1;
    asm volatile("" ::"r"(room));
    free(leaf(size_t(n)));
    return realigned(n) + room[0];
}

__attribute__((noinline)) int realigned_with_alloca(int n)
{
    Wide wide;
    char *room = static_cast<char *>(alloca(size_t(n) * 24 + 1));
    asm volatile("" ::"r"(&wide), "r"(room));
    return with_alloca(n) + (n > 3 ? realigned_with_alloca(n - 3) : 0);
}

// Allocates while an exception passes through its frame.
struct Unwound {
    int depth;
    ~Unwound()
    {
        realigned_with_alloca(depth % 4);
    }
};

__attribute__((noinline)) void throw_from(int depth)
{
    Wide wide;
    Unwound unwound = {depth};
    asm volatile("" ::"r"(&wide), "r"(&unwound));
    if (depth == 0)
        throw std::string("a string that is too long for the small one");
    throw_from(depth - 1);
    asm volatile("");
}

// Of each thread: where a longjmp goes to, and whether the handler is to make one.
thread_local sigjmp_buf landing;
thread_local volatile sig_atomic_t may_jump;

void on_signal(int)
{
    free(leaf(3));
    realigned_with_alloca(4);
    if (may_jump != 0)
        siglongjmp(landing, 1);
}

__attribute__((noinline)) void jump_from(int depth)
{
    char *room = static_cast<char *>(alloca(size_t(depth) * 32 + 1));
    asm volatile("" ::"r"(room));
    realigned(depth);
    if (depth > 0)
        jump_from(depth - 1);
    else if (may_jump != 0)
        pthread_kill(pthread_self(), SIGUSR2);
    else
        siglongjmp(landing, 1);
    asm volatile("");
}

__attribute__((noinline)) void land(int depth, bool by_handler)
{
    may_jump = by_handler;
    if (sigsetjmp(landing, 1) == 0)
        jump_from(depth);
    may_jump = 0;
    realigned_with_alloca(depth);
}

void run_coroutine()
{
    for (;;) {
        realigned_with_alloca(5);
        swapcontext(&coroutine, &home);
    }
}

void use_library()
{
    std::map<std::string, std::vector<int>> map;
    for (int i = 0; i < 20; i++)
        map[std::to_string(i * 1000003) + " with some padding"].push_back(i);
    std::regex pattern("(a|b)*c[d-f]+");
    sink += std::regex_match("ababcdef", pattern);
    std::function<int(int)> down = [&](int n) {
        return n > 0 ? down(n - 1) + realigned(n) : int(map.size());
    };
    sink += down(5);
}

void run_round(int round)
{
    realigned_with_alloca(round % 20);
    try {
        throw_from(round % 9);
    } catch (std::string &text) {
        sink += int(text.size());
    }
    raise(SIGUSR1);
    raise(SIGUSR2);
    swapcontext(&home, &coroutine);
    land(round % 7, false);
    land(round % 7, true);
    use_library();
}

// The child goes on with what its parent's thread knows, and ends as a program does.
void fork_and_run(int rounds)
{
    pid_t pid = fork();
    if (pid == 0) {
        for (int i = 0; i < rounds; i++)
            run_round(i);
        exit(0);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    if (status != 0)
        exit(1);
}

void run_thread(int rounds)
{
    for (int i = 0; i < rounds; i++) {
        realigned_with_alloca(i % 13);
        land(i % 5, i % 2 == 0);
        auto later = std::async(std::launch::deferred, [] { return std::string(100, 'x'); });
        later.get();
        pthread_kill(pthread_self(), SIGUSR2);
    }
}

void set_up()
{
    stack_t other = {};
    other.ss_size = 65536;
    other.ss_sp = malloc(other.ss_size);
    sigaltstack(&other, nullptr);
    struct sigaction action = {};
    action.sa_handler = on_signal;
    sigaction(SIGUSR2, &action, nullptr);
    action.sa_flags = SA_ONSTACK;
    sigaction(SIGUSR1, &action, nullptr);
    getcontext(&coroutine);
    coroutine.uc_stack.ss_sp = coroutine_stack;
    coroutine.uc_stack.ss_size = sizeof coroutine_stack;
    makecontext(&coroutine, run_coroutine, 0);
}

} // namespace

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 50;
    set_up();
    for (int i = 0; i < rounds; i++) {
        run_round(i);
        if (i % 40 == 0)
            fork_and_run(10);
    }
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++)
        threads.emplace_back(run_thread, rounds);
    fork_and_run(10);
    for (auto &thread : threads)
        thread.join();
    printf("%d\n", sink);
    return 0;
}
