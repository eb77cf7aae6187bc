/* Stands between a process and the kernel's calls that change files below one folder.

   seccomp hands every such call to a signal handler, whoever makes it: C, Rust or Python, by way of
   the C library or not. The handler numbers the calls; at the one that is aimed at it kills the
   process, before the call or in the middle of a write, lets the call fail, or waits. Writing to mapped
   memory is no call and is not seen. For Linux on x86-64. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <limits.h>
#include <ucontext.h>
#include <unistd.h>

/* A call that the handler makes itself carries this in its sixth argument, which none of the
   watched calls has, and is let through. */
#define OURS 0x44544C4E

enum { COUNT, KILL, TEAR, FAIL, FAIL_ON, SLOW };
/* Kill before the call; kill when half of a write is written; fail once; fail from then on; let
   each call that waits for the disk take so many milliseconds (`error`) more from then on. */

static char folder[PATH_MAX];
static size_t folder_length;
static int action, error;
static long target;
static atomic_long steps;

static const int watched[] = {
    SYS_write, SYS_pwrite64, SYS_writev, SYS_pwritev, SYS_pwritev2, SYS_fsync, SYS_fdatasync,
    SYS_sync_file_range, SYS_ftruncate, SYS_truncate, SYS_fallocate, SYS_rename, SYS_renameat,
    SYS_renameat2, SYS_link, SYS_linkat, SYS_unlink, SYS_unlinkat, SYS_open, SYS_openat,
    SYS_creat, SYS_mkdir, SYS_mkdirat, SYS_rmdir, SYS_copy_file_range, SYS_sendfile,
};

static long call(long number, const greg_t *registers) {
    register long r10 __asm__("r10") = registers[REG_R10];
    register long r8 __asm__("r8") = registers[REG_R8];
    register long r9 __asm__("r9") = OURS;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(registers[REG_RDI]), "S"(registers[REG_RSI]),
                       "d"(registers[REG_RDX]), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

static int below(const char *path) {
    return strncmp(path, folder, folder_length) == 0 &&
           (path[folder_length] == '/' || path[folder_length] == '\0');
}

static int descriptor_below(long descriptor) {
    char link[40] = "/proc/self/fd/", digits[20], path[PATH_MAX];
    size_t at = strlen(link), n = 0;
    if (descriptor < 0) return 0;
    do digits[n++] = '0' + descriptor % 10; while ((descriptor /= 10) > 0);
    while (n > 0) link[at++] = digits[--n];
    link[at] = '\0';
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = '\0';
    return below(path);
}

static int named_below(long base, long name) {
    const char *path = (const char *)name;
    return path[0] == '/' || base == AT_FDCWD ? below(path) : descriptor_below(base);
}

static int writes(long flags) {
    return (flags & (O_CREAT | O_TRUNC)) != 0;
}

static int concerns_us(long number, const greg_t *r) {
    switch (number) {
    case SYS_open:
        return writes(r[REG_RSI]) && below((const char *)r[REG_RDI]);
    case SYS_openat:
        return writes(r[REG_RDX]) && named_below((int)r[REG_RDI], r[REG_RSI]);
    case SYS_creat: case SYS_truncate: case SYS_rename: case SYS_link: case SYS_unlink:
    case SYS_mkdir: case SYS_rmdir:
        return below((const char *)r[REG_RDI]);
    case SYS_renameat: case SYS_renameat2: case SYS_linkat: case SYS_unlinkat: case SYS_mkdirat:
        return named_below((int)r[REG_RDI], r[REG_RSI]);
    case SYS_copy_file_range:
        return descriptor_below((int)r[REG_RDX]);
    default:
        return descriptor_below((int)r[REG_RDI]);
    }
}

/* What a full disk refuses: deleting and syncing still work there. */
static int takes_space(long number) {
    return number != SYS_unlink && number != SYS_unlinkat && number != SYS_rmdir &&
           number != SYS_fsync && number != SYS_fdatasync;
}

/* What doesn't return before the disk has written: other writes go to memory. */
static int waits(long number) {
    return number == SYS_fsync || number == SYS_fdatasync || number == SYS_sync_file_range;
}

static void wait_ms(long milliseconds) {
    struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) continue;
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static void tear(long number, greg_t *r) {
    struct iovec *parts;
    switch (number) {
    case SYS_write: case SYS_pwrite64:
        r[REG_RDX] /= 2;
        break;
    case SYS_writev: case SYS_pwritev: case SYS_pwritev2:
        parts = (struct iovec *)r[REG_RSI];
        parts[0].iov_len /= 2;
        r[REG_RDX] = 1;
        break;
    default:
        die();
    }
    call(number, r);
    die();
}

static void on_call(int signal, siginfo_t *info, void *context) {
    greg_t *r = ((ucontext_t *)context)->uc_mcontext.gregs;
    long number = info->si_syscall;
    int saved = errno;
    (void)signal;
    if (concerns_us(number, r)) {
        long step = atomic_fetch_add(&steps, 1) + 1;
        int now = target > 0 && step == target;
        if (action == KILL && now) die();
        if (action == TEAR && now) tear(number, r);
        if ((action == FAIL && now) ||
            (action == FAIL_ON && target > 0 && step >= target && takes_space(number))) {
            r[REG_RAX] = -error;
            errno = saved;
            return;
        }
        if (action == SLOW && target > 0 && step >= target && waits(number)) wait_ms(error);
    }
    r[REG_RAX] = call(number, r);
    errno = saved;
}

long faults_steps(void) { return atomic_load(&steps); }

/* Begin to count anew, and do *what* at call *at*: fail it with the error number *with*. */
void faults_aim(int what, long at, int with) {
    atomic_store(&steps, 0);
    action = what;
    error = with;
    target = at;
}

/* Watch what this process and the threads it will start do to files below a folder, until it
   ends. Returns 0 or an error number. */
int faults_watch(const char *below_here) {
    enum { CALLS = sizeof watched / sizeof watched[0] };
    struct sock_filter filter[CALLS + 6];
    struct sigaction handler = {.sa_sigaction = on_call, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_RESTART};
    int at = 0;
    strncpy(folder, below_here, sizeof folder - 1);
    folder_length = strlen(folder);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[5]));
    filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OURS, CALLS + 1, 0);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int i = 0; i < CALLS; i++)
        filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, watched[i], CALLS - i, 0);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
    struct sock_fprog program = {.len = at, .filter = filter};
    if (sigaction(SIGSYS, &handler, NULL) != 0) return errno;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0) return errno;
    return 0;
}
