// A class owns a member by a plain pointer and has no destructor.
//
// The report shows one finding: the pixels, 2 arrays of 400 bytes from Picture::Picture(). The
// pictures themselves are held by unique_ptr and freed. `operator new` and malloc are trimmed from
// the call path.
//
// expect: lost 800 bytes in 2 blocks, in Picture::Picture
#include <cstdio>
#include <memory>

class Picture
{
  public:
    explicit Picture(int colour) : pixels_(new int[100])
    {
        for (int i = 0; i < 100; i++)
            pixels_[i] = colour;
    }
    int sum() const
    {
        int sum = 0;
        for (int i = 0; i < 100; i++)
            sum += pixels_[i];
        return sum;
    }

  private:
    int *pixels_; // nobody deletes it
};

int main()
{
    for (int colour = 1; colour <= 2; colour++) {
        auto picture = std::make_unique<Picture>(colour);
        std::printf("%d\n", picture->sum());
    }
    return 0;
}
