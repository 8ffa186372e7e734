/* A plugin that throws through several frames, catches, and loses one block. */
#include <cstdlib>
#include <stdexcept>
#include <string>

extern "C" __attribute__((noinline)) void plugin_lose(void)
{
    void *block = std::calloc(1, 40);
    __asm__ volatile("" : : "r"(block) : "memory");
}

static __attribute__((noinline)) void check(int number)
{
    std::string text = "a text that is too long for the string itself: " + std::to_string(number);
    if (number % 2 != 0)
        throw std::runtime_error(text);
}

extern "C" int plugin_work(int number)
{
    try {
        check(number);
        if (number == 10)
            plugin_lose();
    } catch (const std::runtime_error &) {
        return 1;
    }
    return 0;
}
