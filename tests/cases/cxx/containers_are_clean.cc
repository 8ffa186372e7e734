// A program of containers, strings, exceptions and threads that frees everything has lost nothing.
//
// expect: nothing lost
#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

static std::unordered_map<std::string, int> counts;

static int parse(const std::string &text)
{
    try {
        return std::stoi(text);
    } catch (const std::invalid_argument &) {
        return -1;
    }
}

int main()
{
    std::map<int, std::vector<std::string>> lists;
    std::vector<std::thread> threads;

    for (int i = 0; i < 100; i++)
        lists[i % 7].push_back("a text that is too long for the string itself " +
                               std::to_string(i));
    for (const auto &list : lists)
        counts[list.second.front()] += static_cast<int>(list.second.size());
    for (int i = 0; i < 4; i++)
        threads.emplace_back([i] {
            auto sum = std::make_shared<int>(0);
            for (int j = 0; j < 100; j++)
                *sum += parse(j % 2 != 0 ? "none" : std::to_string(i));
        });
    for (auto &thread : threads)
        thread.join();
    std::printf("%zu\n", counts.size());
    return 0;
}
