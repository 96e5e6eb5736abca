/* Disks that fail, for a process that is started with this library before the others (LD_PRELOAD).
 *
 * EG_TORTURE_DISK names a file of 6 bytes, which may be changed at any time: milliseconds that each fsync takes; 1 where
 * fsync fails with EIO; 1 where nothing more can be written (ENOSPC); 1 where a write takes half of its bytes; 1 where a
 * read fails with EIO; and the number of writes, the last of them by half, after which the disk is full (0: none).
 * Files alone are meant: neither the log on 1 and 2, nor sockets, nor that file. `cargo eg torture` and tests of journal and outbox
 * use it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static volatile unsigned char *told;
static struct stat teller, memory;

__attribute__((constructor)) static void look(void)
{
    const char *path = getenv("EG_TORTURE_DISK");
    stat("/dev/shm", &memory);
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *at = file < 0 ? MAP_FAILED : mmap(NULL, 6, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (file >= 0) {
        fstat(file, &teller);
        close(file);
    }
    if (at != MAP_FAILED)
        told = at;
}

static int says(int what)
{
    return told ? told[what] : 0;
}

/* Memory is no disk. */
static int is_memory(int fd)
{
    struct stat seen;
    return fstat(fd, &seen) == 0 && seen.st_dev == memory.st_dev;
}

static int is_file(int fd)
{
    struct stat seen;
    if (fd <= 2 || fstat(fd, &seen) != 0 || !S_ISREG(seen.st_mode))
        return 0;
    if (is_memory(fd))
        return 0;
    return seen.st_ino != teller.st_ino || seen.st_dev != teller.st_dev;
}

static int sync_as_told(int fd, const char *name)
{
    int slow = is_memory(fd) ? 0 : says(0);
    if (slow) {
        struct timespec wait = {0, slow * 1000000L};
        nanosleep(&wait, NULL);
    }
    if (says(1) && !is_memory(fd)) {
        errno = EIO;
        return -1;
    }
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    return real(fd);
}

int fsync(int fd)
{
    return sync_as_told(fd, "fsync");
}

int fdatasync(int fd)
{
    return sync_as_told(fd, "fdatasync");
}

/* Bytes that a write may take; -1: none. */
static ssize_t room(int fd, size_t length)
{
    if (!(says(2) || says(3) || says(5)) || !is_file(fd))
        return (ssize_t)length;
    if (says(2)) {
        errno = ENOSPC;
        return -1;
    }
    int last = says(5) == 1;
    if (says(5))
        told[5]--;
    if (last)
        told[2] = 1;
    return (last || says(3)) && length > 1 ? (ssize_t)(length / 2) : (ssize_t)length;
}

static int unreadable(int fd)
{
    if (!says(4) || !is_file(fd))
        return 0;
    errno = EIO;
    return 1;
}

ssize_t read(int fd, void *bytes, size_t length)
{
    static ssize_t (*real)(int, void *, size_t);
    if (!real)
        real = (ssize_t (*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");
    return unreadable(fd) ? -1 : real(fd, bytes, length);
}

ssize_t pread64(int fd, void *bytes, size_t length, off64_t at)
{
    static ssize_t (*real)(int, void *, size_t, off64_t);
    if (!real)
        real = (ssize_t (*)(int, void *, size_t, off64_t))dlsym(RTLD_NEXT, "pread64");
    return unreadable(fd) ? -1 : real(fd, bytes, length, at);
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    static ssize_t (*real)(int, const void *, size_t);
    if (!real)
        real = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    ssize_t some = room(fd, length);
    return some < 0 ? -1 : real(fd, bytes, (size_t)some);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at)
{
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    if (!real)
        real = (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    ssize_t some = room(fd, length);
    return some < 0 ? -1 : real(fd, bytes, (size_t)some, at);
}
