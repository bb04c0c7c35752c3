"""Runs the program under the shim, on a directory of its own, many times over.

A Job says what is run on which files and what goes wrong meanwhile; run() does it in the directory that belongs to this process and
returns a Result, which holds all that can be told of it afterwards. all_of() spreads work over the processors.
"""
import concurrent.futures
import contextlib
import ctypes
import dataclasses
import fcntl
import functools
import multiprocessing
import os
import random
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..'))
import tap

SHIM = os.path.join(tap.BUILD, 'faults', 'shim.so')
FORMS = os.path.join(HERE, 'forms')
LONG = bool(os.environ.get('LONG'))  # make check-faults LONG=1: all of it, for hours; the errors and the allocations alone take a quarter of an hour
BRIEF = bool(os.environ.get('BRIEF')) and not LONG  # make test, which has more to do: a part of what check-faults does
LIMIT = 20.0  # seconds that the program may take to answer, on a busy machine; longer is a failure
SHIM_FAILED = 99
PR_CAPBSET_DROP, ROOTS_RIGHTS = 24, (1, 2, 3)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER
NOTES = re.compile(rb'Enter [^\x1b]{1,30}PgUp PgDn ')  # on the page that tells what is to be known before going on


@dataclasses.dataclass(frozen=True)
class Job:
    """argv: behind the program's name; `{file}` becomes the workbook's path. keys: a screen, fed one item after another, each as
    soon as the program waits for it; None: a command. files: the directory before, {name: bytes}, links as ('link', other name).
    """
    argv: tuple
    keys: tuple = None
    files: tuple = ()
    fault: str = None
    log: bool = False
    trace: bool = False
    shim: bool = True
    env: tuple = ()
    hang_up_after: int = None  # the line drops when that many items of `keys` were taken
    kill_after: tuple = None   # SIGKILL so many seconds after that item of `keys` was typed, whatever it does then: (item, seconds)
    limit_file: int = None     # RLIMIT_FSIZE; it holds for the log, too
    read_only: bool = False    # the workbook's directory may not be written, by root neither
    program: str = None        # None: the program under test
    patience: float = LIMIT    # seconds after which the program takes no more keys, and the line drops


@dataclasses.dataclass
class Result:
    job: Job
    code: int                 # exit status, -N: killed by signal N
    out: bytes                # of a screen: all that was drawn; of a command: what it said
    said: str                 # of a command: standard error; of a screen: what stands behind the screen that was given back
    files: dict               # the directory afterwards
    modes: dict
    steps: list = None        # how much of `out` was there when the program waited for item i, and at the end
    ends: list = None         # how many bytes were typed when item i was
    events: list = None       # of the log, [(word, first, second, path, to or bytes)]
    calls: list = None        # of the trace, [(name, subject, path)]; call N is calls[N - 1]
    allocations: int = None
    restored: bool = None     # the terminal is as it was
    stuck: bool = False       # it did not end when it should, and was killed
    dropped: bool = False     # the line was dropped, since the keys did not end it

    @property
    def was_killed(self):
        """By the test."""
        return self.code == -signal.SIGKILL and (self.job.kill_after is not None or 'kill' in (self.job.fault or ''))

    @property
    def crashed(self):
        """A signal has ended it; SIGHUP may, of a line that drops while it ends anyway."""
        return self.code < 0 and not self.was_killed and not (self.dropped and self.code == -signal.SIGHUP)

    def shown(self, step):
        """What was drawn in answer to item `step` of the keys."""
        ends = self.steps + [len(self.out)]
        return self.out[ends[step]:ends[step + 1]] if step + 1 < len(ends) else b''

    def tell(self):
        """For a failing test."""
        return '%s %s\nexit %s, answered %d of %s keys\nsaid: %s\nfiles: %s' % (
            self.job.fault, ' '.join(self.job.argv), self.code, len(self.steps or ()) - 1, len(self.job.keys or ()), self.said[-600:],
            {name: len(data) for name, data in (self.files or {}).items()})


class Place:
    """The directory of this process: home/ is the program's, the workbook in home/d/; the trace and the log stand beside it."""

    def __init__(self):
        self.top = os.path.realpath(tempfile.mkdtemp(prefix='yubiao-faults-'))
        self.home = os.path.join(self.top, 'home')
        self.directory = os.path.join(self.home, 'd')
        self.trace, self.log = os.path.join(self.top, 'trace'), os.path.join(self.top, 'log')

    def fill(self, files):
        shutil.rmtree(self.home, ignore_errors=True)
        os.makedirs(self.directory)
        write_tree(self.home, files)

    def clear(self):
        for path in (self.trace, self.log):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)


def write_tree(top, files):
    for name, data in dict(files).items():
        path = os.path.join(top, name)
        os.makedirs(os.path.dirname(path) if data is not None else path, exist_ok=True)
        if data is None:
            continue
        with open(path, 'wb') as file:
            file.write(data)
        os.chmod(path, 0o640)


def read_tree(top):
    files, modes = {}, {}
    for directory, _, names in os.walk(top):
        for name in names:
            path = os.path.join(directory, name)
            modes[os.path.relpath(path, top)] = os.lstat(path).st_mode & 0o777
            with open(path, 'rb') as file:
                files[os.path.relpath(path, top)] = file.read()
    return files, modes


@functools.lru_cache(maxsize=None)
def _place_of(pid):
    place = Place()
    if multiprocessing.parent_process() is None:
        import atexit
        atexit.register(shutil.rmtree, place.top, ignore_errors=True)
    else:
        multiprocessing.util.Finalize(None, shutil.rmtree, (place.top, True), exitpriority=1)
    return place


def place():
    return _place_of(os.getpid())


# -- running

def environment(job, idle=None):
    here = place()
    more = {'YUBIAO_FORMS': FORMS}
    if job.shim:
        more.update(LD_PRELOAD=SHIM, FAULT_DIRECTORY=here.home, FAULT=job.fault)
        if job.trace:
            more['FAULT_TRACE'] = here.trace
        if job.log:
            more['FAULT_LOG'] = here.log
        if idle is not None:
            more.update(FAULT_IDLE=str(idle), FAULT_TTY='1', TERM='xterm')
    more.update(job.env)
    return tap.clean_environment(here.home, **more)


def limits(job):
    """What the child does to itself, or None: a child without it starts faster."""
    if job.limit_file is None and not job.read_only:
        return None

    def before_exec():
        import resource
        if job.limit_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (job.limit_file, job.limit_file))
        for right in ROOTS_RIGHTS if job.read_only and os.getuid() == 0 else ():
            ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, right, 0, 0, 0)
    return before_exec


def run(job, fill=True):
    """fill False: the directory stays as the last run of this process has left it."""
    here = place()
    if fill:
        here.fill(job.files)
    here.clear()
    argv = [job.program or tap.PROGRAM] + [word.replace('{file}', os.path.join(here.directory, 'b.yaml')) for word in job.argv]
    if job.read_only:
        os.chmod(here.directory, 0o555)
    result = run_command(job, argv) if job.keys is None else run_screen(job, argv)
    if job.read_only:
        os.chmod(here.directory, 0o755)
    if result.code == SHIM_FAILED:
        raise RuntimeError('the shim gave up: %s\n%s' % (result.said, result.tell()))
    result.files, result.modes = read_tree(here.home)
    if job.trace:
        read_trace(here.trace, result)
    if job.log:
        result.events = list(read_log(here.log, here.home))
    return result


def run_command(job, argv):
    try:
        done = subprocess.run(argv, env=environment(job), cwd=place().home, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=LIMIT, preexec_fn=limits(job), check=False)
    except subprocess.TimeoutExpired as late:
        return Result(job, -signal.SIGKILL, late.stdout or b'', (late.stderr or b'').decode('utf-8', 'replace'), None, None, stuck=True)
    return Result(job, done.returncode, done.stdout, done.stderr.decode('utf-8', 'replace'), None, None)


class Pty:
    """A terminal that nobody draws."""

    def __init__(self, patience):
        self.patience = patience
        self.master, self.slave = os.openpty()
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
        self.before = termios.tcgetattr(self.master)
        self.idle, self.tell_idle = os.pipe()
        self.out, self.sent, self.read_so_far, self.looked_at, self.is_quiet = bytearray(), 0, -1, 0, False

    def close_other_side(self):
        os.close(self.slave)
        os.close(self.tell_idle)

    def wait(self, wanted):
        """Until the program waits for a key and has read `wanted` bytes: True. False: it has ended, or takes no keys (is_quiet)."""
        while self.read_so_far < wanted:
            ready = select.select([self.master, self.idle], [], [], self.patience)[0]
            if self.master in ready and not self.take():
                return False
            if self.idle in ready and self.master not in ready:
                marks = os.read(self.idle, 4096)
                if not marks:
                    return self.drain()
                self.read_so_far = struct.unpack('Q', marks[-8:])[0]
            if not ready:
                self.is_quiet = True
                return False
        self.is_quiet = True
        return True

    def type(self, keys):
        """Types, and goes on from the page of notes that may come up."""
        while True:
            self.sent += os.write(self.master, keys)
            self.is_quiet = False
            if not self.wait(self.sent):
                return False
            if not NOTES.search(self.out, self.looked_at):
                return True
            self.looked_at, keys = len(self.out), b'\r'

    def hang_up(self):
        os.close(self.master)
        self.master = -1

    def take(self):
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.out += data
        return bool(data)

    def drain(self):
        while self.take():
            pass
        return False

    def close(self):
        os.close(self.idle)
        if self.master >= 0:
            os.close(self.master)


def run_screen(job, argv):
    line = Pty(job.patience)
    process = subprocess.Popen(argv, stdin=line.slave, stdout=line.slave, stderr=line.slave, env=environment(job, line.tell_idle),
                               cwd=place().home, start_new_session=True, pass_fds=(line.tell_idle,), preexec_fn=limits(job))
    line.close_other_side()
    steps, ends, restored = [], [], None
    try:
        if line.wait(0):
            for item, keys in enumerate((b'',) + job.keys[:job.hang_up_after]):
                if job.kill_after is not None and job.kill_after[0] == item:
                    threading.Timer(job.kill_after[1], process.kill).start()
                going_on = line.type(keys)
                ends.append(line.sent)
                if not going_on:
                    break
                steps.append(len(line.out))
        if line.is_quiet:  # nothing more is typed: the line drops
            line.hang_up()
        else:
            line.drain()
            restored = termios.tcgetattr(line.master) == line.before
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(LIMIT)
        stuck = process.poll() is None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        line.close()
    out = bytes(line.out)
    if b'\x1b[?1049h' in out and b'\x1b[?1049l' not in out[out.rindex(b'\x1b[?1049h'):]:
        restored = restored and False
    said = out[out.rindex(b'\x1b[?1049l') + 8:] if b'\x1b[?1049l' in out else out if b'\x1b[?1049h' not in out else b''
    return Result(job, process.returncode, out, said.decode('utf-8', 'replace'), None, None, steps=steps, ends=ends[1:], restored=restored,
                  stuck=stuck, dropped=line.is_quiet)


def read_trace(path, result):
    result.calls = []
    with open(path, encoding='utf-8', errors='surrogateescape') as file:
        for line in file:
            number, name, subject, rest = line.rstrip('\n').split(' ', 3)
            if number == '0':
                result.allocations = int(rest)
            else:
                result.calls.append((name, subject, rest))


def read_log(path, home):
    """Names are given as the Result's files are. What is killed while it notes a call is as good as killed before that: the kernel may
    have taken a part of the note."""
    with open(path, 'rb') as file:
        data = file.read()
    at = 0
    while (end := data.find(b'\n', at)) >= 0:
        word, first, second, rest = data[at:end].decode('utf-8', 'surrogateescape').split(' ', 3)
        at = end + 1
        if word in ('write', 'said', 'read'):
            count = int(rest)
            if at + count > len(data):
                return
            yield word, int(first), int(second), '', data[at:at + count]
            at += count
        else:
            names = [name[len(home) + 1:] if name.startswith(home) else name for name in rest.split('\t')]
            yield word, int(first), int(second), names[0], names[1] if len(names) > 1 else None


# -- spreading the work

def share_of(share):
    """One in so many is done; `share` is that of check-faults."""
    return 1 if LONG else share * 5 if BRIEF else share


def share_in_words(share):
    share = share_of(share)
    return '' if share == 1 else ' (one in %d; LONG=1: all)' % share


def some_of(jobs, share):
    """One in share_of(share) of them, the same ones in each run."""
    jobs = list(jobs)
    chosen = random.Random('some').sample(range(len(jobs)), -(-len(jobs) // share_of(share)))
    return [jobs[at] for at in sorted(chosen)]



def all_of(function, jobs, chunk=8):
    """[function(job) for job in jobs], on all processors, in order."""
    jobs = list(jobs)
    if not jobs:
        return []
    context = multiprocessing.get_context('fork')
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count() or 1, mp_context=context) as pool:
        return list(pool.map(function, jobs, chunksize=chunk))


def missing():
    """Why the shim cannot be used here, or None. Said loudly by the tests that skip."""
    with open(SHIM, 'rb') as file:
        if b'written for x86-64 only' in file.read():
            return 'the shim is written for x86-64 only'
    done = subprocess.run([tap.PROGRAM, '--version'], env=dict(os.environ, LD_PRELOAD=SHIM), capture_output=True, check=False)
    return 'seccomp is refused here' if done.returncode == SHIM_FAILED else None


def need_shim(case):
    why = missing()
    if why:
        print('# NOTHING OF THIS IS SHOWN HERE: ' + why)
        case.skipTest(why)


def want_none(case, wrong):
    """Fails with the first of what is wrong ($SHOW of it)."""
    if wrong:
        case.fail('%d wrong\n%s' % (len(wrong), '\n\n'.join(wrong[:int(os.environ.get('SHOW', '3'))])))
