#!/usr/bin/python3
"""A real sshd on loopback, with what README.md tells an administrator to write, taken from README.md: one logs in, enters a figure and
saves, and nothing else that ssh can do is done. As root the README's account is made, with a name of this test's own, and removed at
the end; else the sshd is one's own, and so is the login."""
import getpass
import grp
import os
import pwd
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import place
from place import CLEAR, IS_ROOT, EscapeCase
import tap
from terminal import Terminal

SSHD = shutil.which('sshd', path='/usr/sbin:/usr/local/sbin:' + os.environ.get('PATH', ''))
NAME = 'yubiao-t%d' % os.getpid()
GENEROUS = '''PidFile none
MaxStartups 1000
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
AcceptEnv LANG LC_*
PermitUserRC yes
AllowTcpForwarding yes
AllowStreamLocalForwarding yes
AllowAgentForwarding yes
GatewayPorts yes
X11Forwarding yes
Subsystem sftp internal-sftp
'''


def readme_block(opening, holds=''):
    """The README's block between two fences that begins so."""
    with open(os.path.join(tap.TOP, 'README.md'), encoding='utf-8') as file:
        blocks = re.findall(r'^```(\S*)\n(.*?)^```$', file.read(), re.M | re.S)
    return next(text for kind, text in blocks if kind == opening and holds in text)


class Account:
    """Who logs in. As root: the README's commands with other names. Else oneself."""

    def __init__(self, there):
        self.name, self.made = (NAME if IS_ROOT else getpass.getuser()), False
        self.there = there
        if IS_ROOT:
            self.make()
        self.home = pwd.getpwnam(self.name).pw_dir

    def names(self, text):
        """The README's names as this test's."""
        text = text.replace('/usr/local/bin/ryubiao', self.there.login).replace('/srv/budgets', self.there.srv)
        text = text.replace('/etc/yubiao', self.there.settings).replace('/srv/forms', self.there.path('share/more'))
        return re.sub(r'\b(zhang|yubiao)\b(?![./-])', NAME, text)

    def make(self):
        self.made = True
        for line in readme_block('', 'useradd').splitlines():
            words = [self.names(word) for word in line.split()]
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            if done.returncode:
                self.remove()
                raise unittest.SkipTest('NOT RUN: no account can be made here: ' + done.stderr.strip().replace('\n', ' '))
        subprocess.run(['usermod', '-p', '*', NAME], check=True)  # a key opens it, and no password does

    def shell(self, path):
        subprocess.run(['usermod', '-s', path, self.name], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def remove(self):
        if self.made:
            subprocess.run(['userdel', '-r', '-f', NAME], stderr=subprocess.DEVNULL, check=False)
            subprocess.run(['groupdel', NAME], stderr=subprocess.DEVNULL, check=False)


def gives_terminals():
    """sshd wants a terminal to belong to the group tty, and only root can give it away where the system has not."""
    if IS_ROOT:
        return True
    master, slave = os.openpty()
    group = os.fstat(slave).st_gid
    os.close(master)
    os.close(slave)
    return group == grp.getgrnam('tty').gr_gid


GIVES_TERMINALS = gives_terminals()
needs_terminal = unittest.skipUnless(GIVES_TERMINALS, "NOT RUN: only root's sshd can give a terminal here")
account = None


def setUpModule():
    global account
    if SSHD is None or shutil.which('ssh') is None:
        raise unittest.SkipTest('NOT RUN: no sshd, or no ssh')
    place.setUpModule()
    EscapeCase.place.renew()
    try:
        account = Account(EscapeCase.place)
    except BaseException:
        EscapeCase.place.remove()
        raise


def tearDownModule():
    account.remove()
    place.tearDownModule()


class Target:
    """What somebody would like to reach through the server: says `reached` to everyone, and counts them."""

    def __init__(self, path=None):
        self.ear = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
        self.ear.bind(path or ('127.0.0.1', 0))
        self.ear.listen()
        self.port, self.count = (None if path else self.ear.getsockname()[1]), 0
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                caller, _ = self.ear.accept()
            except OSError:
                return
            self.count += 1
            with caller:
                caller.sendall(b'reached\n')

    def close(self):
        self.ear.close()


class SshCase(tap.Case):
    snippet, shell = True, None

    def setUp(self):
        super().setUp()
        self.place = EscapeCase.place
        self.place.renew()
        self.budgets = self.place.srv
        if IS_ROOT:
            self.budgets = self.place.path('srv/' + NAME)
            os.makedirs(self.budgets)
            shutil.move(self.place.path('srv/a.yaml'), self.budgets)
            account.shell(self.shell or self.place.login)
            os.makedirs(self.place.path('share/more'), exist_ok=True)
            self.place.write('etc/yubiao/restricted.conf', account.names(readme_block('restricted.conf')))
            for path in (self.budgets, os.path.join(self.budgets, 'a.yaml')):
                shutil.chown(path, NAME, NAME)
                os.chmod(path, 0o700 if os.path.isdir(path) else 0o600)
        self.outside = self.place.snapshot('outside', 'etc')
        self.target = Target()
        self.addCleanup(self.target.close)
        self.start()

    def tearDown(self):
        self.assertEqual(self.place.snapshot('outside', 'etc'), self.outside, 'something changed outside')

    # ---- the server

    def start(self):
        os.chmod(self.home, 0o755)
        for key in ('host', 'user'):
            subprocess.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', self.path(key)], check=True)
        with socket.socket() as ear:
            ear.bind(('127.0.0.1', 0))
            self.port = ear.getsockname()[1]
        self.keys('')
        text = GENEROUS + 'ListenAddress 127.0.0.1:%d\nHostKey %s\nAuthorizedKeysFile %s\n' % (self.port, self.path('host'), self.path('keys'))
        if self.snippet:
            text += self.snippet_text()
        with open(self.path('config'), 'w', encoding='utf-8') as file:
            file.write(text)
        if IS_ROOT and not os.path.isdir('/run/sshd'):
            os.makedirs('/run/sshd', 0o755)
            self.addCleanup(os.rmdir, '/run/sshd')
        command = [SSHD, '-f', self.path('config'), '-E', self.path('log')]
        # From 9.8 on whoever is refused often has to wait; before, nobody knows the word.
        patient = ['-o', 'PerSourcePenalties=no']
        if subprocess.run([*command, *patient, '-t'], stdin=subprocess.DEVNULL, check=False).returncode == 0:
            command += patient
        self.server = subprocess.Popen([*command, '-D'], stdin=subprocess.DEVNULL)
        self.addCleanup(self.stop)
        end = time.monotonic() + 20
        while socket.socket().connect_ex(('127.0.0.1', self.port)) != 0:
            if self.server.poll() is not None or time.monotonic() > end:
                with open(self.path('log'), encoding='utf-8') as file:
                    self.fail('sshd does not start: ' + file.read())
            time.sleep(0.05)

    def snippet_text(self):
        text = readme_block('sshd_config')
        if IS_ROOT:
            return account.names(text)
        # Only root can own what a login shell reads, and only root can make a group.
        text = text.replace('Match Group yubiao', 'Match User ' + account.name)
        return text.replace('/usr/local/bin/ryubiao', '%s --restricted %s' % (self.place.program, self.place.srv))

    def keys(self, options):
        with open(self.path('user.pub'), encoding='ascii') as key, open(self.path('keys'), 'w', encoding='ascii') as file:
            file.write(options + key.read())
        os.chmod(self.path('keys'), 0o644)

    def stop(self):
        for process in (*self.children(), self.server.pid):
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.server.wait()

    def children(self):
        """Every process below the server."""
        parents = {}
        for process in filter(str.isdigit, os.listdir('/proc')):
            try:
                with open('/proc/%s/stat' % process, encoding='utf-8', errors='replace') as file:
                    parents[int(process)] = int(file.read().rpartition(')')[2].split()[1])
            except OSError:
                pass
        found = [self.server.pid]
        for process in found:
            found += [child for child, parent in parents.items() if parent == process]
        return found[1:]

    def running(self):
        """The programs of these, sorted."""
        found = []
        for process in self.children():
            with open('/proc/%d/comm' % process, encoding='utf-8', errors='replace') as file:
                found.append(re.sub('^sshd.*', 'sshd', file.read().strip()))
        return sorted(found)

    # ---- the client

    def options(self):
        pairs = ('Port=%d' % self.port, 'User=' + account.name, 'IdentityFile=' + self.path('user'), 'IdentitiesOnly=yes', 'IdentityAgent=none',
                 'BatchMode=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'ConnectTimeout=20')
        return ['-F', 'none'] + [word for pair in pairs for word in ('-o', pair)]

    environment = {'PATH': '/usr/bin:/bin', 'LANG': 'C.UTF-8'}

    def run_client(self, client, *words, **more):
        """Returns (exit status, all that it printed)."""
        done = subprocess.run([client, *self.options(), *words], env=dict(self.environment, HOME=self.home), cwd=self.home, timeout=60,
                              input=more.get('input', b''), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout.decode('utf-8', 'replace')

    def ssh(self, *words, **more):
        return self.run_client('ssh', *words, **more)

    def terminal(self, *words, **env):
        clerk = Terminal(['ssh', *self.options(), '-e', 'none', '-tt', *words, '127.0.0.1'], dict(self.environment, HOME=self.home, **env), cwd=self.home)
        self.addCleanup(clerk.close)
        return clerk

    def background(self, *words):
        client = subprocess.Popen(['ssh', *self.options(), '-N', *words, '127.0.0.1'], env=dict(self.environment, HOME=self.home),
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        def stop():
            client.kill()
            client.wait()
        self.addCleanup(stop)
        return client

    def free_port(self):
        with socket.socket() as ear:
            ear.bind(('127.0.0.1', 0))
            return ear.getsockname()[1]

    def call(self, port, say=b''):
        """What is answered at a port that the client listens at."""
        end = time.monotonic() + 20
        while True:
            caller = socket.socket()
            caller.settimeout(10)
            if caller.connect_ex(('127.0.0.1', port)) == 0:
                break
            caller.close()
            self.assertLess(time.monotonic(), end, 'the client does not listen')
            time.sleep(0.05)
        heard = b''
        with caller:
            try:
                for part in (say if isinstance(say, tuple) else (say,)):
                    caller.sendall(part)
                    heard += caller.recv(4096)
                heard += caller.recv(4096)
            except OSError:
                pass
        return heard

    def socks(self, port):
        return self.call(port, (b'\5\1\0', b'\5\1\0\1\x7f\0\0\1' + self.target.port.to_bytes(2, 'big')))

    assertShows, assertShowsNot, open_first = EscapeCase.assertShows, EscapeCase.assertShowsNot, EscapeCase.open_first
    enter_figure = EscapeCase.enter_figure

    def door(self, **what):
        EscapeCase.doors += 1
        return self.subTest(**what)


class LoginShell(SshCase):
    """The README's snippet, and its account with the login shell."""

    program = 'ryubiao' if IS_ROOT else 'yubiao'

    @needs_terminal
    def test_a_figure_is_entered_and_saved(self):
        clerk = self.terminal()
        self.assertShows(clerk, '限制模式')
        self.assertShows(clerk, 'a.yaml')
        self.open_first(clerk)
        self.assertShows(clerk, '收入总表')
        self.enter_figure(clerk)
        self.assertShows(clerk, '已保存')
        running = self.running()
        # An ordinary shell may stay behind what it was told to run.
        self.assertLessEqual(set(running), {'sshd', self.program, os.path.basename(self.shell or self.program)})
        for key in ('\x1a', '\x03', '\x1c', '!', ':!sh\r', '\x1b', '~.', '~C', '\x1a'):
            with self.door(key=key):
                clerk.press(key)
                clerk.settle(0.2)
                self.assertIsNone(clerk.process.poll(), 'thrown out')
                self.assertEqual(self.running(), running)
        clerk.press('Esc', 'Esc')
        for _ in range(10):
            clerk.press('F10')
            clerk.settle(0.3)
            if clerk.process.poll() is not None:
                break
            if '没有保存' in clerk.text():
                clerk.press('2')
        self.assertEqual(clerk.wait(), 0)
        path = os.path.join(self.budgets, 'a.yaml')
        with open(path, encoding='utf-8') as file:
            self.assertIn('7.65', file.read())
        about = os.stat(path)
        self.assertEqual(about.st_uid, pwd.getpwnam(account.name).pw_uid)
        if IS_ROOT:
            self.assertEqual(stat.S_IMODE(about.st_mode), 0o600)
            for name in os.listdir(self.budgets):
                self.assertEqual(stat.S_IMODE(os.stat(os.path.join(self.budgets, name)).st_mode) & 0o077, 0, name)

    @needs_terminal
    def test_without_a_locale(self):
        clerk = self.terminal('-o', 'SendEnv=-LANG')
        self.assertShows(clerk, '限制模式')

    def test_no_command(self):
        for command in ('id', 'sh', '/bin/sh -i', 'cat /etc/passwd', 'scp -t .', 'internal-sftp', 'sh -c "touch x"', '$(touch /tmp/x)', '; id', 'ryubiao',
                        'yubiao check a.yaml', 'rsync --server . .', 'git-upload-pack x', '\n', "'", ' -c id'):
            for words in ((), ('-tt',)) if GIVES_TERMINALS else ((),):
                with self.door(command=command, words=words):
                    code, said = self.ssh(*words, '127.0.0.1', command)
                    self.assertNotEqual(code, 0, said)
                    self.assertIn('不能运行命令', said)
                    self.assertNotIn('uid=', said)
        with self.door(what='no terminal'):
            code, said = self.ssh('-T', '127.0.0.1', input=b'id\ntouch x\n')
            self.assertNotEqual(code, 0)
            self.assertIn('要在终端里', said)
            self.assertNotIn('uid=', said)
        with self.door(what='a key with a command of its own'):
            self.keys('command="/usr/bin/id",pty ')
            code, said = self.ssh('127.0.0.1', 'id')
            self.assertNotEqual(code, 0)
            self.assertNotIn('uid=', said)

    def test_no_files(self):
        with open(self.path('mine'), 'w', encoding='utf-8') as file:
            file.write('mine\n')
        yaml = os.path.join(self.budgets, 'a.yaml')
        before = self.place.snapshot('srv')
        for protocol in ('-O', '-s'):
            with self.door(protocol=protocol, way='there'):
                code, said = self.run_client('scp', protocol, self.path('mine'), '127.0.0.1:' + self.budgets + '/b.yaml')
                self.assertNotEqual(code, 0, said)
            with self.door(protocol=protocol, way='here'):
                code, said = self.run_client('scp', protocol, '127.0.0.1:' + yaml, self.path('taken'))
                self.assertNotEqual(code, 0, said)
                self.assertFalse(os.path.exists(self.path('taken')) and os.path.getsize(self.path('taken')))
        for script in (b'get %s taken\n' % yaml.encode(), b'put mine %s/b.yaml\n' % self.budgets.encode(), b'ls /\n', b'rm %s\n' % yaml.encode(),
                       b'symlink /etc %s/x\n' % self.budgets.encode()):
            with self.door(script=script):
                code, said = self.run_client('sftp', '-b', '-', '127.0.0.1', input=script)
                self.assertNotEqual(code, 0, said)
        with self.door(subsystem='netconf'):
            code, said = self.ssh('-s', '127.0.0.1', 'netconf')
            self.assertNotEqual(code, 0, said)
        self.assertEqual(self.place.snapshot('srv'), before)

    def test_no_forwarding(self):
        target, port = '127.0.0.1:%d' % self.target.port, self.free_port()
        with self.door(way='direct'):
            code, said = self.ssh('-W', target, '127.0.0.1')
            self.assertNotEqual(code, 0, said)
        with self.door(way='local'):
            self.background('-L', '%d:%s' % (port, target))
            self.assertEqual(self.call(port), b'')
        port = self.free_port()
        with self.door(way='dynamic'):
            self.background('-D', str(port))
            self.assertNotIn(b'reached', self.socks(port))
        unix, port = Target(self.path('ear')), self.free_port()
        os.chmod(self.path('ear'), 0o777)
        self.addCleanup(unix.close)
        with self.door(way='local, to a socket'):
            self.background('-L', '%d:%s' % (port, self.path('ear')))
            self.assertEqual(self.call(port), b'')
        for there in ('0', '127.0.0.1:0', os.path.join('/tmp', NAME + '.socket')):
            with self.door(way='remote', there=there):
                code, said = self.ssh('-N', '-o', 'ExitOnForwardFailure=yes', '-R', '%s:%s' % (there, target), '127.0.0.1')
                self.assertNotEqual(code, 0, said)
                self.assertFalse(os.path.exists(there))
        with self.door(way='remote, dynamic'):
            code, said = self.ssh('-N', '-o', 'ExitOnForwardFailure=yes', '-R', '0', '127.0.0.1')
            self.assertNotEqual(code, 0, said)
        with self.door(way='tunnel'):
            code, said = self.ssh('-N', '-o', 'ExitOnForwardFailure=yes', '-w', 'any:any', '127.0.0.1')
            self.assertNotEqual(code, 0, said)
        self.assertEqual((self.target.count, unix.count), (0, 0))

    def sockets(self):
        return {name for name in os.listdir('/tmp') if name.startswith('ssh-')}

    def environments(self):
        """The names of variables that the program was started with; for root to see."""
        found = set()
        for process in self.children():
            with open('/proc/%d/comm' % process, encoding='utf-8', errors='replace') as file:
                if file.read().strip() != self.program:
                    continue
            with open('/proc/%d/environ' % process, 'rb') as file:
                found |= {variable.split(b'=')[0].decode() for variable in file.read().split(b'\0') if variable}
        self.assertTrue(found, 'the program does not run')
        return found

    @needs_terminal
    def test_no_agent_and_no_display(self):
        agent, before = Target(self.path('agent')), self.sockets()
        self.addCleanup(agent.close)
        with self.door(way='agent'):
            clerk = self.terminal('-A', SSH_AUTH_SOCK=self.path('agent'))
            self.assertShows(clerk, '限制模式')
            self.assertEqual(self.sockets(), before)
            if IS_ROOT:
                self.assertNotIn('SSH_AUTH_SOCK', self.environments())
            clerk.close()
        with self.door(way='X11'):
            clerk = self.terminal('-Y', DISPLAY=':99')
            self.assertShows(clerk, '限制模式')
            self.assertIn(b'X11 forwarding request failed', bytes(clerk.raw))
            if IS_ROOT:
                self.assertNotIn('DISPLAY', self.environments())
            clerk.close()
        with self.door(way='environment'):
            clerk = self.terminal('-o', 'SetEnv=LD_PRELOAD=/tmp/x.so TERMINFO=/tmp LC_ALL=/tmp/x YUBIAO_FORMS=/tmp')
            self.assertShows(clerk, '限制模式')
            if IS_ROOT:
                self.assertFalse({'LD_PRELOAD', 'TERMINFO', 'YUBIAO_FORMS'} & self.environments())
        self.assertEqual(agent.count, 0)

    @place.needs_root
    def test_nothing_of_the_home_is_run(self):
        marks = []
        for name in ('.ssh/rc', '.bashrc', '.profile', '.bash_profile', '.ssh/environment', '.pam_environment'):
            path = os.path.join(account.home, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            marks.append(self.path('mark' + str(len(marks))))
            with open(path, 'w', encoding='utf-8') as file:
                file.write('touch %s\nBASH_ENV=/tmp/x\n' % marks[-1])
            self.addCleanup(os.unlink, path)
        os.chmod(self.home, 0o777)
        clerk = self.terminal()
        EscapeCase.doors += len(marks)
        self.assertShows(clerk, '限制模式')
        self.assertEqual([mark for mark in marks if os.path.exists(mark)], [])


class OtherShell(LoginShell):
    """The snippet alone, where the account kept an ordinary shell."""
    shell = '/bin/sh'

    def setUp(self):
        if not IS_ROOT:
            self.skipTest('NOT RUN: only root can make an account; its own shell was tried above')
        super().setUp()


class Control(SshCase):
    """Without the snippet all of it can be done, so the doors above are doors."""
    snippet, shell = False, '/bin/sh'

    def test_what_ssh_can_do(self):
        code, said = self.ssh('127.0.0.1', 'id')
        self.assertEqual(code, 0, said)
        self.assertIn('uid=', said)
        yaml = os.path.join(self.budgets, 'a.yaml')
        for protocol in ('-O', '-s'):
            code, said = self.run_client('scp', protocol, '127.0.0.1:' + yaml, self.path('taken' + protocol))
            self.assertEqual(code, 0, said)
        code, said = self.run_client('sftp', '-b', '-', '127.0.0.1', input=b'get %s got\n' % yaml.encode())
        self.assertEqual(code, 0, said)
        self.assertIn('reached', self.ssh('-W', '127.0.0.1:%d' % self.target.port, '127.0.0.1')[1])
        local, dynamic = self.free_port(), self.free_port()
        self.background('-L', '%d:127.0.0.1:%d' % (local, self.target.port))
        self.assertIn(b'reached', self.call(local))
        self.background('-D', str(dynamic))
        self.assertIn(b'reached', self.socks(dynamic))
        remote = self.free_port()
        self.background('-R', '%d:127.0.0.1:%d' % (remote, self.target.port))
        self.assertIn(b'reached', self.call(remote))

    @place.needs_root
    def test_the_login_shell_alone_is_not_enough(self):
        """As the README says."""
        account.shell(self.place.login)
        self.assertIn('不能运行命令', self.ssh('127.0.0.1', 'id')[1])
        code, said = self.run_client('sftp', '-b', '-', '127.0.0.1', input=b'get %s got\n' % os.path.join(self.budgets, 'a.yaml').encode())
        self.assertEqual(code, 0, said)


if __name__ == '__main__':
    tap.main()
