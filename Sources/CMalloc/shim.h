/* glibc's own functions for its heap, which its Swift module leaves out. */
#include <malloc.h>
