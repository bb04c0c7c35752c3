"""What each system call may fail with: the ERRORS sections of the manual's section 2, and what disks and network drives add (EIO, ESTALE,
EDQUOT, ENOSPC, EROFS). Left out are:
  EFAULT         only a wrong pointer does that
  ENOENT, ENOTDIR, ENAMETOOLONG
                 of something of ours that is there: they mean that it is not, and no program can see through that
  for ever       EINTR: no system interrupts every call; EAGAIN of a terminal: it takes something some time, or hangs up
"""
import errno

PATH = ['EACCES', 'EIO', 'ELOOP', 'ENAMETOOLONG', 'ENOENT', 'ENOMEM', 'ENOTDIR', 'ESTALE']
MAKE = PATH + ['EDQUOT', 'EEXIST', 'ENOSPC', 'EPERM', 'EROFS']
SYNC = ['EBADF', 'EDQUOT', 'EINTR', 'EINVAL', 'EIO', 'ENOSPC', 'EROFS', 'ESTALE']
STAT = ['EACCES', 'EBADF', 'EINVAL', 'EIO', 'ELOOP', 'ENAMETOOLONG', 'ENOENT', 'ENOMEM', 'ENOSYS', 'ENOTDIR', 'EOVERFLOW', 'ESTALE']
OPEN = ['EACCES', 'EBUSY', 'EDQUOT', 'EEXIST', 'EFBIG', 'EINTR', 'EINVAL', 'EIO', 'EISDIR', 'ELOOP', 'EMFILE', 'ENAMETOOLONG', 'ENFILE',
        'ENODEV', 'ENOENT', 'ENOMEM', 'ENOSPC', 'ENOTDIR', 'ENXIO', 'EOPNOTSUPP', 'EOVERFLOW', 'EPERM', 'EROFS', 'ESTALE', 'ETXTBSY']
READ = ['EAGAIN', 'EBADF', 'EINTR', 'EINVAL', 'EIO', 'EISDIR', 'ESTALE']
WRITE = ['EAGAIN', 'EBADF', 'EDQUOT', 'EFBIG', 'EINTR', 'EINVAL', 'EIO', 'ENOSPC', 'EPERM', 'EPIPE', 'EROFS', 'ESTALE']
RENAME = MAKE + ['EBUSY', 'EINVAL', 'EISDIR', 'EMLINK', 'EXDEV']
LINK = MAKE + ['EBADF', 'EMLINK', 'EOPNOTSUPP', 'EXDEV']
UNLINK = PATH + ['EBUSY', 'EISDIR', 'EPERM', 'EROFS']
RIGHTS = PATH + ['EBADF', 'EINVAL', 'EOPNOTSUPP', 'EPERM', 'EROFS']
ATTRIBUTE = ['EDQUOT', 'EEXIST', 'EIO', 'ENODATA', 'ENOENT', 'ENOSPC', 'ENOSYS', 'EOPNOTSUPP', 'EPERM', 'ERANGE', 'EROFS']
POLL = ['EINTR', 'EINVAL', 'ENOMEM']

TABLE = {
    'open': OPEN, 'openat': OPEN, 'openat2': OPEN + ['EAGAIN', 'ENOSYS'], 'creat': OPEN,
    'read': READ, 'readv': READ, 'pread64': READ + ['ENXIO', 'EOVERFLOW', 'ESPIPE'],
    'write': WRITE, 'writev': WRITE, 'pwrite64': WRITE + ['ENXIO', 'EOVERFLOW', 'ESPIPE'],
    'fsync': SYNC, 'fdatasync': SYNC, 'sync_file_range': SYNC,
    'close': ['EBADF', 'EDQUOT', 'EINTR', 'EIO', 'ENOSPC'],
    'rename': RENAME, 'renameat': RENAME, 'renameat2': RENAME + ['ENOSYS'],
    'link': LINK, 'linkat': LINK, 'symlink': MAKE, 'symlinkat': MAKE,
    'unlink': UNLINK, 'unlinkat': UNLINK, 'rmdir': UNLINK + ['ENOTEMPTY'],
    'mkdir': MAKE + ['EINVAL', 'EMLINK'], 'mkdirat': MAKE + ['EINVAL', 'EMLINK'],
    'stat': STAT, 'lstat': STAT, 'fstat': STAT, 'newfstatat': STAT, 'statx': STAT, 'statfs': STAT + ['EINTR'], 'fstatfs': STAT + ['EINTR'],
    'access': PATH + ['EINVAL', 'EPERM', 'EROFS', 'ETXTBSY'], 'faccessat': PATH + ['EINVAL', 'EPERM', 'EROFS', 'ETXTBSY'],
    'faccessat2': PATH + ['EINVAL', 'ENOSYS', 'EPERM', 'EROFS', 'ETXTBSY'],
    'readlink': PATH + ['EINVAL'], 'readlinkat': PATH + ['EINVAL'],
    'lseek': ['EBADF', 'EINVAL', 'ENXIO', 'EOVERFLOW', 'ESPIPE'],
    'truncate': RIGHTS + ['EFBIG', 'EINTR', 'EISDIR', 'ETXTBSY'], 'ftruncate': ['EBADF', 'EFBIG', 'EINTR', 'EINVAL', 'EIO', 'EPERM', 'EROFS'],
    'fallocate': WRITE + ['EOPNOTSUPP', 'ENODEV'],
    'chmod': RIGHTS, 'fchmod': RIGHTS, 'fchmodat': RIGHTS, 'chown': RIGHTS, 'fchown': RIGHTS, 'fchownat': RIGHTS,
    'fcntl': ['EACCES', 'EAGAIN', 'EBADF', 'EBUSY', 'EDEADLK', 'EINTR', 'EINVAL', 'EIO', 'EMFILE', 'ENOLCK', 'EPERM'],
    'flock': ['EBADF', 'EINTR', 'EINVAL', 'ENOLCK', 'EAGAIN'],
    'getxattr': ATTRIBUTE, 'lgetxattr': ATTRIBUTE, 'fgetxattr': ATTRIBUTE, 'listxattr': ATTRIBUTE, 'llistxattr': ATTRIBUTE,
    'flistxattr': ATTRIBUTE, 'setxattr': ATTRIBUTE, 'fsetxattr': ATTRIBUTE,
    'getdents64': ['EBADF', 'EINVAL', 'EIO', 'ENOENT', 'ENOTDIR'], 'utimensat': RIGHTS,
    'getcwd': ['EACCES', 'ENAMETOOLONG', 'ENOENT', 'ENOMEM', 'ERANGE'],
    'mmap': ['EACCES', 'EAGAIN', 'EBADF', 'EINVAL', 'ENFILE', 'ENODEV', 'ENOMEM', 'EOVERFLOW', 'EPERM', 'ETXTBSY'],
    'mremap': ['EAGAIN', 'EINVAL', 'ENOMEM'], 'munmap': ['EINVAL', 'ENOMEM'], 'mprotect': ['EACCES', 'ENOMEM'], 'brk': ['ENOMEM'],
    'madvise': ['EAGAIN', 'EINVAL', 'EIO', 'ENOMEM'],
    'futex': [],  # a wait may be interrupted; ours only wake others, and the C library rightly aborts if that fails
    'ioctl': ['EBADF', 'EINVAL', 'EIO', 'ENOTTY'],
    'poll': POLL, 'ppoll': POLL, 'select': POLL + ['EBADF'], 'pselect6': POLL + ['EBADF'],
    'getrandom': ['EAGAIN', 'EINTR', 'EINVAL', 'ENOSYS'],
    'pipe': ['EMFILE', 'ENFILE'], 'pipe2': ['EINVAL', 'EMFILE', 'ENFILE'], 'dup': ['EBADF', 'EMFILE'], 'dup2': ['EBADF', 'EBUSY', 'EINTR'],
    'nanosleep': ['EINTR', 'EINVAL'], 'clock_nanosleep': ['EINTR', 'EINVAL'], 'sigaltstack': ['EINVAL', 'ENOMEM', 'EPERM'],
    'uname': ['EPERM'], 'sysinfo': ['EPERM'],
    'socket': ['EACCES', 'EAFNOSUPPORT', 'EINVAL', 'EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EPROTONOSUPPORT'],
    'connect': ['EACCES', 'EAGAIN', 'ECONNREFUSED', 'EINTR', 'ENOENT', 'ETIMEDOUT'],
    'sendto': ['EAGAIN', 'ECONNRESET', 'EINTR', 'ENOBUFS', 'EPIPE'], 'recvmsg': ['EAGAIN', 'ECONNREFUSED', 'EINTR', 'ENOMEM'],
    'rt_sigaction': ['EINVAL'], 'prlimit64': ['EINVAL', 'EPERM'], 'prctl': ['EACCES', 'EINVAL', 'ENOSYS', 'EPERM'],
    'kill': ['EPERM', 'ESRCH'], 'tgkill': ['EPERM', 'ESRCH'], 'setitimer': ['EINVAL'], 'timer_settime': ['EINVAL'],
    # these cannot fail
    'getpid': [], 'gettid': [], 'getppid': [], 'getuid': [], 'geteuid': [], 'getgid': [], 'getegid': [], 'exit_group': [], 'umask': [],
    'alarm': [], 'rt_sigprocmask': [], 'time': [], 'clock_gettime': [], 'gettimeofday': [],
}
ABSENT = {'ENOENT', 'ENOTDIR', 'ENAMETOOLONG'}
LOOKING = {'stat', 'lstat', 'newfstatat', 'statx', 'access', 'faccessat', 'faccessat2', 'open', 'openat', 'openat2', 'readlink', 'readlinkat'}
# Calls that may do their work and report a failure all the same (network drives; a signal at the wrong moment, but for a write, which
# is interrupted before its first byte or not at all).
LATE = {'rename', 'renameat', 'renameat2', 'link', 'linkat', 'unlink', 'unlinkat', 'mkdir', 'close', 'fsync', 'fdatasync', 'write', 'fchmod'}


def errors_of(name, subject, makes_new=False):
    """Numbers that this call may fail with. KeyError: the table does not know the call, which must not pass for `none`."""
    for word in TABLE[name]:
        if word in ABSENT and subject == 'ours' and name in LOOKING and not makes_new:
            continue
        yield word, getattr(errno, word)


def may_last(word, subject):
    return word != 'EINTR' and (word, subject) != ('EAGAIN', 'terminal')
