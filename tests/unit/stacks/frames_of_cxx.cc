// A C++ program whose call paths have frames of many forms: alloca, realigned stacks, exceptions,
// signal handlers on either stack, coroutines, threads. Argument: rounds. Prints one number.
#include <alloca.h>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <future>
#include <map>
#include <regex>
#include <string>
#include <thread>
#include <ucontext.h>
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

__attribute__((noinline)) void throw_from(int depth)
{
    Wide wide;
    asm volatile("" ::"r"(&wide));
    if (depth == 0)
        throw std::string("a string that is too long for the small one");
    throw_from(depth - 1);
    asm volatile("");
}

void on_signal(int)
{
    free(leaf(3));
    realigned_with_alloca(4);
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
    use_library();
}

void run_thread(int rounds)
{
    for (int i = 0; i < rounds; i++) {
        realigned_with_alloca(i % 13);
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
    for (int i = 0; i < rounds; i++)
        run_round(i);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++)
        threads.emplace_back(run_thread, rounds);
    for (auto &thread : threads)
        thread.join();
    printf("%d\n", sink);
    return 0;
}
