/* The functions of glibc for its heap, which the Swift module Glibc lacks. */
#include <malloc.h>
