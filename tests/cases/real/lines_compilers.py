"""Compilers, what they make, and builds."""

from lines import Line

LINES = [
    Line("cpp", ["cpp", "main.c"], "x86_64-linux-gnu-cpp-12 cc1", "P"),
    Line("gcc", "gcc -O2 -o main main.c add.c && ./main", "cc1 x86_64-linux-gnu-ld.bfd main", "P", "gcc"),
    Line("gcc-errors", "echo 'int f(void) { return g(; }' >bad.c; gcc -Wall -c bad.c; echo $?; "
         "gcc -flto=2 -O1 -o main main.c add.c && ./main", "cc1 lto1", "P", "gcc"),
    Line("gcc-openmp", "gcc -fopenmp -o omp omp.c && ./omp", "omp", "PT", "gcc"),
    Line("gcc-static-libgcc", "gcc -g -O1 -static-libgcc -o crash crash.c && ./crash; echo $?; "
         "./crash x; echo $?; gcov --version | head -n 1", "crash", "PF", "gcc"),
    Line("g++", "g++ -o throw throw.cc && ./throw", "cc1plus throw", "P", "g++"),
    Line("g++-threads", "g++ -O1 -pthread -o threads threads.cc && ./threads; echo $?", "threads", "PT",
         "g++"),
    Line("clang", "clang -O2 -g -o main main.c add.c && ./main && clang --analyze crash.c", "clang main", "PF",
         "clang"),
    Line("clang-cxx", "clang++ -O1 -pthread -o threads threads.cc && ./threads; echo $?",
         "clang threads", "PTF", "clang++"),
    Line("gfortran", "gfortran -O1 -fno-backtrace -fopenmp -o sum sum.f90 && OMP_NUM_THREADS=3 ./sum; echo $?", "f951 sum",
         "PTF", "gfortran"),
    Line("rustc", "rustc -C debuginfo=0 -o r threads.rs && ./r 2>/dev/null; echo $?", "rustc r", "PTF",
         "rustc"),
    Line("go", "export GOCACHE=$PWD/cache GO111MODULE=off GOFLAGS=-p=2; go build -o g threads.go && ./g; "
         "echo $?; go vet threads.go; gofmt -d threads.go", "x86_64-linux-gnu-gcc-12", "PTF", "go gofmt"),
    Line("javac", ["javac", "-d", "classes", "Hello.java"], "javac", "TF"),
    Line("nasm", "printf 'section .text\\nglobal f\\nf: mov eax, 4\\nret\\n' >f.asm; nasm -f elf64 f.asm && "
         "objdump -d f.o | tail -n 2; nasm -f elf64 small.txt", "nasm", "PF", "nasm objdump"),
    Line("bison", "printf '%%%%\\na: a \"x\" | ;\\n%%%%\\n' >a.y; bison -o a.c a.y && grep -c yy a.c; "
         "printf '%%%%\\nx+ return 1;\\n%%%%\\n' >a.l; flex -o l.c a.l && grep -c yy l.c", "bison flex m4",
         "PF", "bison flex"),
    Line("as-ld", "printf '.globl _start\\n_start: mov $60, %%eax\\nmov $7, %%edi\\nsyscall\\n' >a.s; "
         "as -o a.o a.s && ld -o a a.o && ./a; echo $?; ar rcs a.a a.o && ranlib a.a && ar t a.a; "
         "strip a && size a | tail -n 1", "x86_64-linux-gnu-as x86_64-linux-gnu-ld.bfd", "P", "as"),
    Line("make", ["make", "-s", "-j2"], "make x86_64-linux-gnu-gcc-12 cc1 main", "P"),
    Line("make-jobs", "printf 'all: $(shell seq 60)\\n%%:\\n\\t@x=$@; echo $$((x * 2)) >$@.out\\n' >many.mk; "
         "make -s -j4 -f many.mk && cat *.out | sort -n | tail -n 1; make -f none.mk", "make dash", "P", "make"),
    Line("ninja", "ninja --quiet -j2 && ./main; ninja -n; ninja none", "ninja main", "P", "ninja"),
    Line("cmake", "cmake -S . -B b >out && cmake --build b -j2 >out && b/main && (cd b && ctest -j2 >out; "
         "grep -c Passed out)", "cmake ctest main", "PF", "cmake"),
    Line("meson", "mkdir m; cp main.c add.c m; printf \"project('m', 'c')\\nexecutable('m', 'main.c', "
         "'add.c')\\n\" >m/meson.build; meson setup m/b m >out && ninja -C m/b >out && m/b/m",
         "python3.11 m", "PF", "meson"),
]
