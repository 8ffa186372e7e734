package main

// #include <stdlib.h>
// #include <string.h>
// static char *copy(const char *text) { return strdup(text); }
import "C"

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"unsafe"
)

func main() {
	var all sync.WaitGroup
	sums := make([]int, 8)
	for n := range sums {
		all.Add(1)
		go func(n int) {
			defer all.Done()
			for i := 0; i < 500; i++ {
				text := C.CString(fmt.Sprint("word ", i*n))
				again := C.copy(text)
				sums[n] += int(C.strlen(again))
				C.free(unsafe.Pointer(text))
				C.free(unsafe.Pointer(again))
			}
		}(n)
	}
	all.Wait()
	runtime.GC()
	fmt.Println(sums)
	os.Exit(6)
}
