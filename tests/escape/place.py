"""An installation of its own for the restricted mode: root's settings, the budgets, what lies outside of them, and an eye on every
file that the program asks the system for."""
import glob
import hashlib
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..'), os.path.join(HERE, '..', 'screen'), os.path.join(HERE, '..', 'golden')]
import published
import tap
from terminal import Terminal

SHIM = os.path.join(tap.BUILD, 'escape', 'shim.so')
FAKE_LP = os.path.join(tap.BUILD, 'escape', 'lp')
IS_ROOT = os.geteuid() == 0
CLEAR = '\x15'


def can_trace():
    """The program may not be dumped, so only root's strace can read what it hands to the system."""
    done = subprocess.run(['strace', '-D', '-o', '/dev/null', 'true'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False) \
        if IS_ROOT and shutil.which('strace') else None
    return done is not None and done.returncode == 0


CAN_TRACE = can_trace()


class Place:
    """bin/ryubiao, share/, etc/yubiao/, srv/ (the budgets) and outside/, which nobody may reach."""

    def __init__(self, prefix='yubiao-escape-'):
        self.top = os.path.realpath(tempfile.mkdtemp(prefix=prefix))
        os.chmod(self.top, 0o755)
        self.program, self.login = self.path('bin/yubiao'), self.path('bin/ryubiao')
        self.settings, self.srv, self.outside = self.path('etc/yubiao'), self.path('srv'), self.path('outside')
        self.make('prefix=' + self.top, 'install')
        os.unlink(self.program)
        self.make('VARIANT=' + self.path('bin'), 'sysconfdir=' + self.path('etc'), 'lp=' + self.path('bin/lp'), 'variant')
        shutil.copy(FAKE_LP, self.path('bin/lp'))

    def make(self, *arguments):
        env = {name: value for name, value in os.environ.items() if name not in ('YUBIAO', 'YUBIAO_FORMS')}
        done = subprocess.run(['make', '--quiet', '-C', tap.TOP, 'BUILD=' + tap.BUILD, *arguments], env=env, text=True, capture_output=True,
                              check=False)
        if done.returncode:
            raise SystemExit('Bail out! make %s: %s' % (' '.join(arguments), done.stderr))

    def path(self, name):
        return os.path.join(self.top, name)

    def remove(self):
        shutil.rmtree(self.top, ignore_errors=True)

    def renew(self):
        """Everything but the program as it is before anybody came."""
        for name in (self.srv, self.outside, self.settings):
            shutil.rmtree(name, ignore_errors=True)
        os.makedirs(self.srv, 0o755)
        os.makedirs(self.outside, 0o755)
        if IS_ROOT:  # of anybody else they would not be obeyed
            self.write('etc/yubiao/restricted.conf', '# where the budgets are\n\ndirectory: %s\n' % self.srv)
            self.write('etc/yubiao/printers', '# two printers\nHP-1\noffice.2\n')
        shutil.copy(tap.SAMPLE, self.path('srv/a.yaml'))
        shutil.copy(tap.SAMPLE, self.path('outside/victim.yaml'))
        self.write('outside/secret', 'the secret\n')
        os.makedirs(self.path('outside/folder'))

    def write(self, name, text, mode=0o644):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def read(self, name):
        with open(self.path(name), encoding='utf-8') as file:
            return file.read()

    def copy_pack(self, name):
        """A pack like the sample's by another name."""
        path = self.path(name)
        shutil.copytree(self.path('share/yubiao/forms/hebei-2024'), path)
        text = self.read(name + '/pack.yaml').replace('pack: hebei-2024', 'pack: ' + os.path.basename(name))
        self.write(name + '/pack.yaml', text)

    def snapshot(self, *names):
        """What can be seen of these directories: every name, its kind, size, mode and content."""
        found = {}
        for name in names:
            for folder, folders, files in os.walk(self.path(name)):
                for entry in folders + files:
                    path = os.path.join(folder, entry)
                    about = os.lstat(path)
                    content = ''
                    if stat.S_ISREG(about.st_mode):
                        with open(path, 'rb') as file:
                            content = hashlib.sha256(file.read()).hexdigest()
                    elif stat.S_ISLNK(about.st_mode):
                        content = os.readlink(path)
                    found[path] = (about.st_mode, about.st_ino, content)
        return found


# ---- what strace saw

CALL = re.compile(r'^(\w+)\((.*)\)\s+= (.*)$')
PATH = re.compile(r'(?:(AT_FDCWD|\d+)(?:<((?:[^>\\]|\\.)*)>)?, )?"((?:[^"\\]|\\.)*)"')
OPENS = {'open', 'openat', 'openat2', 'creat'}
RUNS = {'execve', 'execveat'}
LOOKS = {'stat', 'lstat', 'newfstatat', 'fstatat64', 'statx', 'access', 'faccessat', 'faccessat2', 'readlink', 'readlinkat', 'statfs', 'chdir',
         'getcwd', 'readahead', 'fchdir', 'fstat', 'getxattr', 'lgetxattr', 'listxattr', 'llistxattr', 'inotify_add_watch'}


def plain(text):
    """A string as strace writes it."""
    return re.sub(rb'\\(x[0-9a-f]{2}|[0-7]{1,3}|.)', _escape, text.encode('utf-8', 'surrogateescape')).decode('utf-8', 'surrogateescape')


def _escape(match):
    word = match[1].decode()
    if word[0] == 'x':
        return bytes([int(word[1:], 16)])
    if word[0].isdigit():
        return bytes([int(word, 8) & 255])
    return {'n': b'\n', 't': b'\t', 'r': b'\r', 'v': b'\v', 'f': b'\f'}.get(word, word.encode())


class Call:
    """One system call with the paths that it names: [(directory it starts from or '', path as given)]."""

    def __init__(self, line):
        match = CALL.match(line)
        self.line, self.name, arguments, self.result = line, match[1], match[2], match[3]
        self.failed = self.result.startswith('-1')
        self.paths = [(plain(base or ''), plain(path)) for _, base, path in PATH.findall(arguments)]
        if self.name in RUNS:
            self.paths = self.paths[:1]
        self.writes = bool(re.search(r'O_WRONLY|O_RDWR|O_CREAT|O_TRUNC', arguments)) or self.name == 'creat'
        found = re.match(r'\d+<((?:[^>\\]|\\.)*)>', self.result)
        self.opened = plain(found[1]) if found else None

    def absolute(self):
        return [os.path.normpath(os.path.join(base, path)) for base, path in self.paths]


def read_traces(pattern):
    """{process: [Call]} of strace -ff -y."""
    traces = {}
    for path in sorted(glob.glob(pattern + '.*')):
        with open(path, encoding='utf-8', errors='surrogateescape') as file:
            traces[path.rsplit('.', 1)[1]] = [Call(line.rstrip('\n')) for line in file if CALL.match(line)]
    return traces


def is_below(path, *directories):
    return any(path == directory or path.startswith(directory + '/') for directory in directories)


needs_root = unittest.skipUnless(IS_ROOT, 'NOT RUN: only root can own the settings of a login shell')


def setUpModule():
    if not (os.path.exists(SHIM) and os.path.exists(FAKE_LP)):
        raise SystemExit('Bail out! no %s: use make check-escape' % SHIM)
    print('# watched by %s' % ('strace and the shim' if CAN_TRACE else 'the shim only: NOTHING MAY BE TRACED HERE'))
    EscapeCase.place = Place()


def tearDownModule():
    print('# %d doors tried' % EscapeCase.doors)
    EscapeCase.place.remove()


class EscapeCase(tap.Case):
    """Tests that go in, try a door, and are looked at afterwards."""
    place = None
    by_option = None  # the other door in is the login shell, whose settings root must own
    system = ('/usr/lib', '/usr/lib32', '/usr/lib64', '/usr/share', '/lib', '/lib32', '/lib64', '/etc', '/dev/null')

    def setUp(self):
        super().setUp()
        self.place.renew()
        self.runs = 0
        self.clerks = []
        self.outside = self.place.snapshot('outside', 'etc')
        self.doors_before = EscapeCase.doors

    def enter(self, *arguments, env=None, program=None, wrapper=(), **terminal):
        """Logs in (or runs the program with these arguments), watched."""
        self.runs += 1
        trace, log = self.path('trace%d' % self.runs), self.path('log%d' % self.runs)
        program = program or (self.place.program if arguments else self.place.login)
        if not arguments and program == self.place.login and self.by_option:
            program, arguments = self.place.program, ('--restricted', self.place.srv)
        argv = [*wrapper, program, *arguments]
        environment = dict({'PATH': '/usr/bin:/bin', 'HOME': self.home, 'LANG': 'C.UTF-8', 'LD_PRELOAD': SHIM, 'ESCAPE_LOG': log}, **(env or {}))
        if CAN_TRACE:
            preload = [word for name in ('LD_PRELOAD', 'ESCAPE_LOG') for word in ('-E', '%s=%s' % (name, environment.pop(name)))]
            argv = [shutil.which('strace'), '-D', '-ff', '-y', '-s', '1000', '-e', 'trace=%file,%process,connect,fchdir,landlock_restrict_self', '-e',
                    'signal=none', '-o', trace, *preload, *argv]
        clerk = Terminal(argv, environment, cwd=self.home, **terminal)
        clerk.trace, clerk.log = trace, log
        self.addCleanup(clerk.close)
        self.clerks.append(clerk)
        return clerk

    def open_first(self, clerk):
        """The first workbook of the list; notes are passed over."""
        clerk.press('1')
        if re.search('Enter (继续|go on)', clerk.text()):
            clerk.press('Enter')

    def enter_figure(self, clerk, figure='7.65', saves=True):
        """In the table of expenditures."""
        clerk.press(str(published.TABLES.index('expenditure') + 1), 'Enter', '/', CLEAR, '2012902', 'Enter', figure, 'Enter')
        if saves:
            clerk.press('F2')

    def leave(self, clerk):
        for _ in range(8):
            if clerk.process.poll() is not None:
                return
            clerk.press('F10')
            if '没有保存' in clerk.text():
                clerk.press('2')
        clerk.wait()

    def assertShows(self, clerk, text):
        """At once, or soon: a child that the program waits for may still be at work."""
        end = time.monotonic() + 10
        while text not in clerk.text() and clerk.process.poll() is None and time.monotonic() < end:
            clerk.settle(0.1)
        self.assertIn(text, clerk.text(), '\n' + clerk.dump())

    def assertShowsNot(self, clerk, text):
        self.assertNotIn(text, clerk.text(), '\n' + clerk.dump())

    doors = 0
    counts = True  # a test that names no door is one itself

    def door(self, **what):
        """A with-statement around the trying of one door."""
        EscapeCase.doors += 1
        return self.subTest(**what)

    # ---- afterwards

    def read_log(self, clerk):
        """The shim's lines: [(what, path)]."""
        with open(clerk.log, encoding='utf-8', errors='surrogateescape') as file:
            return [tuple(line.rstrip('\n').split(' ', 1)) for line in file]

    def tearDown(self):
        EscapeCase.doors += self.counts and EscapeCase.doors == self.doors_before
        for clerk in self.clerks:
            clerk.close()
            self.check_log(clerk)
            if CAN_TRACE:
                self.check_trace(clerk)
        self.assertEqual(self.place.snapshot('outside', 'etc'), self.outside, 'something changed outside')

    def check_log(self, clerk):
        """The shim's: what the program itself asked libc for."""
        lines = self.read_log(clerk)
        if self.expects_start:
            self.assertTrue(any(what == 'read' for what, _ in lines), 'the shim saw nothing')
        for what, path in lines:
            real = os.path.normpath(path)
            if what == 'run':
                self.assertIn(path, self.programs())
            elif what in ('write', 'make', 'remove'):
                below = is_below(real, self.place.srv) or (self.launchers and path == '/dev/tty')
                self.assertTrue(below and '/..' not in path, '%s %s' % (what, path))
            elif what == 'connect':
                self.fail('connected to ' + path)
            elif what == 'read':
                self.assertFalse(is_below(real, self.place.outside), '%s %s' % (what, path))

    def check_trace(self, clerk, inside=False):
        """strace's: everything, libc's own calls and those of the printer's command too."""
        traces = read_traces(clerk.trace)
        self.assertTrue(traces, 'strace saw nothing')
        started, at_once = False, inside
        for process, calls in traces.items():
            inside = at_once or process != str(clerk.process.pid)  # children are born confined
            for call in calls:
                inside = inside or call.name == 'fchdir'
                self.check_call(call, inside)
                started = started or inside
                if self.evil:
                    self.assertFalse(any(self.evil in path for path in call.absolute()), call.line)
        if self.expects_start:
            self.assertTrue(started, 'never confined')

    evil = None          # a word that no path may have
    expects_start = True # the restricted mode begins

    launchers = ()       # what tests put before the program

    def programs(self):
        return (self.place.program, self.place.login, self.place.path('bin/lp'), *self.launchers)

    def check_call(self, call, inside):
        paths, srv = call.absolute(), self.place.srv
        if not inside and paths and is_below(paths[0], self.home):
            return  # the shim's log
        if call.name in RUNS:
            self.assertIn(paths[0], self.programs(), call.line)
        elif call.name in OPENS:
            where = call.opened or paths[0]
            if call.writes:
                self.assertTrue(is_below(where, srv, '/dev/null') or (self.launchers and not inside), call.line)
            elif inside and not call.failed and 'O_PATH' not in call.line:
                self.assertTrue(is_below(where, srv, self.place.path('share'), self.place.path('bin'), *self.system), call.line)
            self.assertFalse(call.opened and is_below(call.opened, self.place.outside), call.line)
        elif call.name == 'connect':
            self.assertIn('sun_path="/var/run/nscd/socket"', call.line)  # libc asks for the login's name
        elif call.name not in LOOKS and paths and inside:
            # Whatever changes a directory names one entry of a directory beneath the budgets.
            for base, path in call.paths:
                self.assertTrue('/' not in path and path not in ('.', '..') and is_below(base, srv), call.line)
