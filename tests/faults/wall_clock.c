/* The wall clock of a process, moved by the seconds that the file $WALL_CLOCK holds; all other clocks stay as they are.
   To be preloaded. libfaketime moves the deadlines of sleeps on the monotonic clock as well, which then fail. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long moved(void) {
    char text[32] = "";
    const char *file = getenv("WALL_CLOCK");
    int handle = file ? open(file, O_RDONLY | O_CLOEXEC) : -1;
    if (handle < 0) return 0;
    ssize_t size = read(handle, text, sizeof text - 1);
    close(handle);
    return size > 0 ? atol(text) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(clock, at);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) at->tv_sec += moved();
    return failed;
}

int gettimeofday(struct timeval *at, void *zone) {
    struct timespec now;
    (void)zone;
    int failed = clock_gettime(CLOCK_REALTIME, &now);
    at->tv_sec = now.tv_sec;
    at->tv_usec = now.tv_nsec / 1000;
    return failed;
}

time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}

/* The kernel, whose clock does not jump here, is told a deadline on its own clock. */
int sem_timedwait(sem_t *semaphore, const struct timespec *until) {
    static int (*real)(sem_t *, const struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "sem_timedwait");
    struct timespec kernels = {until->tv_sec - moved(), until->tv_nsec};
    return real(semaphore, &kernels);
}
