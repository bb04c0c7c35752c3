"""Every door out of the restricted mode, to be tried by whichever door in."""
import ctypes
import glob
import os
import random
import signal
import socket
import stat
import subprocess
import threading
import time

from beside import Beside
from place import CAN_TRACE, CLEAR, IS_ROOT, EscapeCase, needs_root, read_traces


class Work(EscapeCase):
    """What shall be possible is."""
    counts = False

    def test_a_figure_is_entered_and_saved(self):
        clerk = self.enter()
        self.assertShows(clerk, 'a.yaml')
        self.assertShows(clerk, '限制模式')
        self.open_first(clerk)
        self.enter_figure(clerk)
        self.assertShows(clerk, '已保存')
        self.leave(clerk)
        self.assertIn('7.65', self.place.read('srv/a.yaml'))

    def test_a_new_workbook_gets_a_plain_name(self):
        clerk = self.enter()
        clerk.press('n', 'Enter', CLEAR, '新单位2024', 'Enter')
        self.assertShows(clerk, '已保存：新单位2024.yaml')
        self.leave(clerk)
        mode = os.stat(self.place.path('srv/新单位2024.yaml')).st_mode
        self.assertEqual(stat.S_IMODE(mode), 0o600)

    def test_export_and_print_to_files(self):
        clerk = self.enter()
        self.open_first(clerk)
        clerk.press('F9', 'F9')
        self.assertShows(clerk, '已导出')
        clerk.press('F9', 'Right', 'F9')
        self.assertShows(clerk, '核对表已存好')
        self.assertTrue(os.listdir(self.place.path('srv/a-csv')))
        self.assertIn('核对', self.place.read('srv/a.txt'))

    @needs_root
    def test_the_listed_printers_print(self):
        clerk = self.enter()
        self.open_first(clerk)
        clerk.press('F9', 'Right', 'Right')
        self.assertShows(clerk, 'HP-1')
        clerk.press('Down', 'Down')
        clerk.press("evil; 'x y'")
        self.assertShowsNot(clerk, 'evil')
        clerk.press('Right')
        self.assertShows(clerk, 'office.2')
        clerk.press('F9')
        self.assertShows(clerk, '核对表已送去打印')
        printed = self.place.read('srv/printed').split('text\n')
        self.assertEqual(printed[0].splitlines(), ['argument lp', 'argument -doffice.2', 'argument -t', 'argument a.yaml',
                                                   'variable PATH=/usr/bin:/bin', 'variable LANG=C.UTF-8'])
        self.assertIn('核对', printed[1])

    def test_without_a_listed_printer_none_is_offered(self):
        if IS_ROOT:
            self.place.write('etc/yubiao/printers', '# none\n')
        self.outside = self.place.snapshot('outside', 'etc')
        clerk = self.enter()
        self.open_first(clerk)
        clerk.press('F9')
        self.assertShows(clerk, '没有开放打印机')
        for _ in range(4):
            clerk.press('Right')
            self.assertShowsNot(clerk, '打印核对表')

    def test_help_tells(self):
        clerk = self.enter()
        self.open_first(clerk)
        clerk.press('F1', 'PageDown')
        self.assertShows(clerk, '限制模式')


class Names(EscapeCase):
    """Paths, typed wherever something can be typed."""
    BAD = ['/tmp/x.yaml', '../outside/x.yaml', '../outside/victim.yaml', './a.yaml', 'srv/../../outside/x.yaml', '~/x.yaml', '~root',
           '.profile', '.ssh/authorized_keys', '-rf', '..', '.', '/', '//etc/passwd', 'a/b', '|sh', '../x\x16']

    def names(self):
        """All but the locks."""
        return {name for name in self.place.snapshot('srv') if not name.endswith('.lock')}

    def test_save_as(self):
        clerk = self.enter()
        self.open_first(clerk)
        before = self.names()
        for name in self.BAD:
            with self.door(name=name):
                clerk.press('\x0f', CLEAR, name, 'Enter')
                if name == '|sh':  # a name like any other
                    self.assertShows(clerk, '已保存：|sh.yaml')
                    for made in glob.glob(self.place.path('srv/*|sh*')) + glob.glob(self.place.path('srv/.*|sh*')):
                        os.unlink(made)
                    continue
                self.assertShowsNot(clerk, '已保存')
                self.assertShows(clerk, '保存为哪个文件')
                clerk.press('Esc')
        self.assertEqual(self.names(), before)

    def out(self, *keys):
        """Export and print to every bad name."""
        clerk = self.enter()
        self.open_first(clerk)
        before = self.names()
        for name in self.BAD:
            if name == '|sh':
                continue
            with self.door(name=name):
                clerk.press('F9', *keys, 'Down', 'Down', CLEAR, name, 'F9')
                self.assertShowsNot(clerk, '已导出')
                self.assertShowsNot(clerk, '已存好')
                clerk.press('Esc')
        self.assertEqual(self.names(), before)

    def test_export(self):
        self.out()

    def test_print_to_a_file(self):
        self.out('Right')

    def test_import(self):
        """What is outside is not read, whatever is typed; what was exported here is."""
        clerk = self.enter()
        self.open_first(clerk)
        clerk.press('F9', 'F9')
        os.link(self.place.path('outside/secret'), self.place.path('srv/hard.csv'))
        os.symlink('../outside/secret', self.place.path('srv/soft.csv'))
        os.symlink('../outside', self.place.path('srv/folder'))
        self.outside = self.place.snapshot('outside', 'etc')
        for name in (*self.BAD, '/etc/passwd', '../outside/secret', self.place.path('outside/secret'), 'hard.csv', 'soft.csv', 'folder',
                     'folder/secret', 'a-csv/../../outside/secret', '/dev/stdin', '/proc/self/environ'):
            with self.door(name=name):
                clerk.press('F9', 'Left', 'Down', 'Down', CLEAR, name, 'F9')
                for word in ('the secret', 'root:', '导入《'):
                    self.assertShowsNot(clerk, word)
                self.assertShows(clerk, '文件')
                clerk.press('Esc', 'Esc')
        clerk.press('F9', 'Left', 'Down', 'Down', CLEAR, 'a-csv', 'F9')
        self.assertShows(clerk, '导入《')

    def test_there_is_no_prompt_for_another_file(self):
        clerk = self.enter()
        clerk.press('o', '/tmp', 'Enter')
        self.assertShowsNot(clerk, '打开哪个文件')

    def test_search(self):
        clerk = self.enter()
        self.open_first(clerk)
        clerk.press('3', 'Enter')
        for text in ('/etc/passwd', '../../outside/victim.yaml', '`id`', '$(id)', '!sh', '|sh', ':!sh', '\x1b]0;evil\x07'):
            clerk.press('/', CLEAR, text, 'Enter')
        for key in ('!', ':', '|', '\x1a', '\x1c', '\x03', '\x04', 'Esc', '!'):
            clerk.press(key)
        self.assertIsNone(clerk.process.poll())

    def test_a_workbook_cannot_name_a_pack_here(self):
        """A pack is looked for where the administrator put it, not beside the workbook."""
        for folder in ('srv/mine', 'srv/forms/mine', 'outside/mine'):
            self.place.copy_pack(folder)
        self.outside = self.place.snapshot('outside', 'etc')
        text = self.place.read('srv/a.yaml')
        self.place.write('srv/a.yaml', text.replace('pack: hebei-2024', 'pack: mine'))
        free = subprocess.run([self.place.program, 'check', self.place.path('srv/a.yaml')], env={'HOME': self.home}, capture_output=True,
                              text=True, check=False)
        self.assertLess(free.returncode, 2, 'the pack is none: ' + free.stderr)
        for pack in ('mine', './mine', '../outside/mine', self.place.path('srv/mine')):
            self.place.write('srv/a.yaml', text.replace('pack: hebei-2024', 'pack: ' + pack))
            clerk = self.enter()
            clerk.press('1')
            self.assertShowsNot(clerk, '收入总表')
            self.assertShows(clerk, '套表')


class Links(EscapeCase):
    """Whatever stands in the directory under a workbook's name, or under that of a file beside it."""

    def link(self, name, to):
        os.symlink(to, self.place.path('srv/' + name))

    def test_links_are_not_listed_and_not_written_through(self):
        targets = {'victim': self.place.path('outside/victim.yaml'), 'relative': '../outside/victim.yaml', 'dangling': '../outside/new.yaml',
                   'inner': 'a.yaml', 'folder': '../outside/folder', 'loop': 'loop.yaml'}
        for name, to in targets.items():
            self.link(name + '.yaml', to)
        clerk = self.enter()
        for name in targets:
            self.assertShowsNot(clerk, name + '.yaml')
        self.open_first(clerk)
        for name, to in targets.items():
            with self.door(name=name):
                clerk.press('\x0f', CLEAR, name, 'Enter')
                if '覆盖' in clerk.text():
                    clerk.press('2')
                self.assertShowsNot(clerk, '已保存：%s' % name)
                clerk.press('Esc', 'Esc')
                self.assertEqual(os.readlink(self.place.path('srv/%s.yaml' % name)), to)

    def test_exports_and_sheets_through_links(self):
        self.link('x-csv', '../outside/folder')
        self.link('x.txt', '../outside/secret')
        os.makedirs(self.place.path('srv/y-csv'))
        self.link('y-csv/01-summary.csv', self.place.path('outside/secret'))
        self.link('y-csv/02-income.csv', '../../outside/secret')
        clerk = self.enter()
        self.open_first(clerk)
        for keys, name in (((), 'x'), ((), 'y'), (('Right',), 'x')):
            clerk.press('F9', *keys, 'Down', 'Down', CLEAR, name, 'F9')
            if '覆盖' in clerk.text():
                clerk.press('2')
            self.assertShowsNot(clerk, '已存好')
            self.assertShowsNot(clerk, '已导出')
            clerk.press('Esc', 'Esc')

    def test_a_hard_link_is_not_opened(self):
        os.link(self.place.path('outside/victim.yaml'), self.place.path('srv/0.yaml'))
        self.outside = self.place.snapshot('outside', 'etc')
        clerk = self.enter()
        clerk.press('1')
        self.assertShows(clerk, '硬链接')
        # Saving over it takes the name away from the file outside, and leaves that as it is.
        clerk.press('2', '\x0f', CLEAR, '0', 'Enter', '2')
        self.assertNotEqual(os.stat(self.place.path('srv/0.yaml')).st_ino, os.stat(self.place.path('outside/victim.yaml')).st_ino)

    def test_no_files(self):
        """Pipes, sockets, devices, folders: not listed, and nothing waits for them."""
        os.mkfifo(self.place.path('srv/pipe.yaml'))
        os.makedirs(self.place.path('srv/folder.yaml'))
        with socket.socket(socket.AF_UNIX) as ear:
            ear.bind(self.place.path('srv/socket.yaml'))
        names = ['pipe', 'folder', 'socket']
        try:
            os.mknod(self.place.path('srv/device.yaml'), stat.S_IFCHR | 0o666, os.makedev(1, 3))
            names.append('device')
        except PermissionError:
            pass
        for name in ('.a.yaml.lock', '.a.yaml.journal', 'a.yaml~'):
            os.mkfifo(self.place.path('srv/' + name))
        clerk = self.enter()
        for name in names:
            self.assertShowsNot(clerk, name + '.yaml')
        self.open_first(clerk)
        for name in names:
            clerk.press('\x0f', CLEAR, name, 'Enter')
            if '覆盖' in clerk.text():
                clerk.press('2')
            self.assertShowsNot(clerk, '已保存：%s' % name)
            clerk.press('Esc', 'Esc')
        clerk.press('F9', CLEAR, 'F9')
        self.assertIsNone(clerk.process.poll())

    def test_hidden_files_and_sequences_in_names(self):
        for name in ('.hidden.yaml', 'x\x1b]0;evil\x07.yaml', 'y\x1b[2Jz.yaml', 'bidi\u202elmay.yaml', 'line\nbreak.yaml', '-rf.yaml', '~x.yaml'):
            with open(self.place.path('srv/' + name), 'w', encoding='utf-8'):
                pass
        with open(self.place.path('srv/a.yaml'), encoding='utf-8') as file:
            text = file.read()
        self.place.write('srv/b.yaml', text.replace('name: ', 'name: "\\e]0;evil\\a" # ', 1))
        clerk = self.enter()
        self.assertShows(clerk, 'b.yaml')
        for word in ('hidden', 'evil', 'bidi', 'break', '-rf', '~x'):
            self.assertShowsNot(clerk, word)
        clerk.press('2', 'Enter')
        self.assertNotIn(b'\x1b]0;', bytes(clerk.raw))
        self.assertNotIn(b'\x1b[2Jz', bytes(clerk.raw))
        self.assertNotIn('\u202e'.encode(), bytes(clerk.raw))


class Races(EscapeCase):
    def swap(self, one, other):
        """Swaps two names, one of them a link, as fast as it can until told to stop; counts."""
        self.swaps, self.over = 0, threading.Event()
        libc = ctypes.CDLL(None)
        one, other = os.fsencode(self.place.path(one)), os.fsencode(self.place.path(other))
        to = os.readlink(other)

        def run():
            while not self.over.is_set():
                if libc.renameat2(-100, one, -100, other, 2) == 0:
                    self.swaps += 1
                if self.swaps % 20 == 0 and not os.path.islink(one) and not os.path.islink(other):
                    # A save has put a file into the place of the link itself, which does no harm.
                    os.symlink(to, other + b'.new')
                    os.rename(other + b'.new', other)
                time.sleep(random.random() ** 12 / 4)  # mostly at once, now and then long enough for a whole export
        thread = threading.Thread(target=run)
        thread.start()

        def stop():
            self.over.set()
            thread.join()
        self.addCleanup(stop)
        return stop

    def test_a_workbook_swapped_for_a_link(self):
        """While it is listed, opened, saved, exported."""
        with open(self.place.path('outside/victim.yaml'), encoding='utf-8') as file:
            text = file.read()
        victim = text.replace('总工会', '外面的单位')
        self.assertNotEqual(victim, text)
        self.place.write('outside/victim.yaml', victim)
        self.outside = self.place.snapshot('outside', 'etc')
        os.symlink('../outside/victim.yaml', self.place.path('srv/.other'))
        self.place.write('srv/b.yaml', text)
        clerk = self.enter()
        stop, opened, refused = self.swap('srv/a.yaml', 'srv/.other'), 0, 0
        for _ in range(400):
            at_hand = '1  a.yaml' in clerk.text()  # the list is read again whenever one comes back to it
            clerk.press('1')
            if '收入总表' in clerk.text():
                opened += at_hand
                self.assertShowsNot(clerk, '外面的单位')
                clerk.press('F2', 'F10')
                if '没有保存' in clerk.text():
                    clerk.press('2')
            else:
                refused += at_hand
            if opened >= 10 and refused >= 10 and self.swaps >= 1000:
                break
        stop()
        print('# a workbook was swapped for a link %d times: opened %d times, refused %d times' % (self.swaps, opened, refused))
        self.assertTrue(opened >= 10 and refused >= 10 and self.swaps >= 1000, (opened, refused, self.swaps))

    def test_a_folder_swapped_for_a_link(self):
        os.makedirs(self.place.path('srv/x-csv'))
        os.symlink('../outside/folder', self.place.path('srv/.other'))
        clerk = self.enter()
        self.open_first(clerk)
        stop, done = self.swap('srv/x-csv', 'srv/.other'), 0
        for turn in range(60):
            clerk.press('F9', 'Down', 'Down', CLEAR, 'x', 'F9')
            done += '已导出' in clerk.text()
            clerk.press('Esc', 'Esc')
            if self.swaps >= 1000 and turn >= 20 and done:
                break
        stop()
        print('# a folder was swapped for a link %d times during %d exports, %d of which went through' % (self.swaps, turn + 1, done))
        self.assertGreaterEqual(self.swaps, 1000)


class Environment(EscapeCase):
    evil = 'evil'

    def test_nothing_of_it_counts(self):
        evil = self.path('evil')
        for name in ('terminfo/x', 'locale/C.UTF-8', 'state/yubiao', 'data/yubiao/forms', 'home/.terminfo/x', 'home/.local/share/yubiao/forms', 'gconv'):
            os.makedirs(os.path.join(evil, name))
        forms = os.path.join(evil, 'forms')
        subprocess.run(['cp', '-r', self.place.path('share/yubiao/forms'), forms], check=True)
        with open(os.path.join(forms, 'hebei-2024', 'pack.yaml'), 'a', encoding='utf-8') as file:
            file.write('# evil\n')
        clerk = self.enter(env={
            'TERMINFO': evil + '/terminfo', 'TERMINFO_DIRS': evil + '/terminfo', 'TERMCAP': evil + '/termcap', 'TERMPATH': evil + '/termcap',
            'HOME': evil + '/home', 'LOCPATH': evil + '/locale', 'LANGUAGE': '../../../evil', 'NLSPATH': evil + '/%N', 'GCONV_PATH': evil + '/gconv',
            'XDG_STATE_HOME': evil + '/state', 'XDG_DATA_HOME': evil + '/data', 'XDG_CONFIG_HOME': evil + '/config', 'XDG_DATA_DIRS': evil,
            'YUBIAO_FORMS': forms, 'TZ': ':' + evil + '/zone', 'TZDIR': evil, 'TMPDIR': evil, 'CUPS_SERVER': 'evil', 'LC_TIME': evil,
            'PATH': evil, 'SHELL': evil + '/sh', 'EDITOR': evil + '/sh', 'PAGER': evil + '/sh', 'LC_MESSAGES': '../evil', 'LC_ALL': '/' + evil,
            'ESCDELAY': '30000', 'LINES': '7', 'COLUMNS': '20', 'NCURSES_TRACE': '9', 'MALLOC_TRACE': evil + '/trace', 'BASH_ENV': evil + '/env',
            'ENV': evil + '/env', 'TEXTDOMAINDIR': evil, 'OUTPUT_CHARSET': 'evil', 'HOSTALIASES': evil + '/hosts'})
        self.assertShows(clerk, 'a.yaml')
        self.open_first(clerk)
        self.enter_figure(clerk)
        self.leave(clerk)
        self.assertEqual(sorted(path for what, path in self.read_log(clerk) if what == 'variable'),
                         ['LANG=C.UTF-8', 'NCURSES_NO_UTF8_ACS=1', 'TERM=xterm-256color'])

    def test_terminal_types(self):
        for term in ('../../evil', '/evil', 'x' * 65, 'a b', 'evil\x1b[2J', '.', '-x', ''):
            with self.door(term=term):
                clerk = self.enter(term=term)
                self.assertShows(clerk, 'a.yaml')
                clerk.close()


class Process(EscapeCase):
    def test_suspend(self):
        clerk = self.enter()
        for when in range(2):
            os.kill(clerk.process.pid, signal.SIGTSTP)
            clerk.press('\x1a')
            with open('/proc/%d/status' % clerk.process.pid, encoding='ascii', errors='replace') as file:
                self.assertNotIn('stopped', file.read().split('State:')[1].split('\n')[0])
            if when == 0:
                self.open_first(clerk)
        self.assertShows(clerk, '没有可以撤销')

    def test_rights_and_limits(self):
        reader, writer = os.pipe()
        folder = os.open(self.place.outside, os.O_RDONLY)
        os.set_inheritable(folder, True)
        clerk = self.enter(wrapper=('/bin/sh', '-c', 'exec "$0" "$@" 7</etc/passwd 8>&7'))
        self.assertShows(clerk, 'a.yaml')
        process = '/proc/%d/' % clerk.process.pid
        with open(process + 'status', encoding='ascii', errors='replace') as file:
            status = dict(line.split(':', 1) for line in file if ':' in line)
        self.assertEqual(status['NoNewPrivs'].strip(), '1')
        self.assertEqual(status['Umask'].strip(), '0077')
        version = subprocess.run([self.place.program, '--version'], env={'LANG': 'C.UTF-8'}, capture_output=True, text=True, check=True).stdout
        print('# ' + next(line for line in version.splitlines() if 'Landlock' in line))
        if CAN_TRACE and '没有 Landlock' not in version:
            calls = [call for trace in read_traces(clerk.trace).values() for call in trace if call.name == 'landlock_restrict_self']
            self.assertEqual([call.result for call in calls], ['0'])
        with open(process + 'limits', encoding='ascii') as file:
            core = next(line for line in file if line.startswith('Max core'))
        self.assertEqual(core.split()[4:6], ['0', '0'])
        if IS_ROOT:
            links = {name: os.readlink(process + 'fd/' + name) for name in os.listdir(process + 'fd')}
            allowed = (self.place.srv, self.place.path('share'), '/dev/pts', self.home, 'pipe:')
            self.assertEqual([to for to in links.values() if not to.startswith(allowed)], [])
        os.close(reader)
        os.close(writer)
        os.close(folder)

    launchers = ('/bin/sh', '/usr/bin/sh')


class Control(EscapeCase):
    """The judges catch what gets out: the same watch over what may do everything."""
    expects_start = counts = False

    def test_the_judges_see_an_escape(self):
        outside, srv = self.place.outside, self.place.srv
        escapes = {
            'write': ['/usr/bin/touch', outside + '/new'], 'read': ['/bin/cat', outside + '/secret'], 'make': ['/bin/mkdir', outside + '/new'],
            'link': ['/bin/ln', '-s', '/', outside + '/new'], 'hard link': ['/bin/ln', outside + '/secret', srv + '/new'],
            'move': ['/bin/mv', outside + '/secret', srv + '/new'], 'remove': ['/bin/rm', '-f', outside + '/secret'],
            'mode': ['/bin/chmod', '777', outside + '/secret'], 'upwards': ['/usr/bin/touch', srv + '/../new'], 'run': ['/usr/bin/env', '/bin/true'],
            'the program': [self.place.program, 'export', srv + '/a.yaml', '--to', outside + '/new'],
        }
        for name, argv in escapes.items():
            with self.subTest(name=name):
                self.place.renew()
                self.launchers = (os.path.realpath(argv[0]), argv[0])
                clerk = self.enter(*argv[1:], program=argv[0], ready=False)
                clerk.wait()
                with self.assertRaises(AssertionError, msg='the shim does not see it'):
                    self.check_log(clerk)
                if CAN_TRACE:
                    with self.assertRaises(AssertionError, msg='strace does not see it'):
                        self.check_trace(clerk, inside=True)
                if name not in ('read', 'run', 'upwards', 'hard link'):
                    self.assertNotEqual(self.place.snapshot('outside', 'etc'), self.outside, 'nothing changed')
                self.clerks.clear()
        self.place.renew()
        self.outside = self.place.snapshot('outside', 'etc')


CASES = (Work, Names, Links, Beside, Races, Environment, Process)
