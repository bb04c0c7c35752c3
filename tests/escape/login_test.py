#!/usr/bin/python3
"""The same doors, tried by one whose login shell is `ryubiao`; who gets in by that, what can be asked of it, and whose settings it obeys."""
import os
import shutil
import stat
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import doors
from place import CLEAR, IS_ROOT, EscapeCase, needs_root, setUpModule, tearDownModule
import tap

for _case in doors.CASES:
    globals()[_case.__name__] = needs_root(type(_case.__name__, (_case,), {'by_option': False, '__module__': __name__}))
del _case


class Asked(EscapeCase):
    """Everything that can be written behind the program's name."""
    expects_start = by_option = False

    def refuse(self, argv, sentence, name=None, env=None, tty=True):
        environment = dict({'PATH': '/usr/bin:/bin', 'LANG': 'C.UTF-8', 'HOME': self.home}, **(env or {}))
        EscapeCase.doors += 1
        before = self.place.snapshot('srv')
        if tty:
            clerk = self.enter(*argv[1:], program=argv[0], env=env, ready=False)
            code, said = clerk.wait(), clerk.text().replace('\n', '')
        else:
            done = subprocess.run(argv, executable=name or argv[0], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  cwd=self.home, check=False)
            code, said = done.returncode, done.stdout + done.stderr
        self.assertNotEqual(code, 0, said)
        self.assertIn(sentence, said)
        self.assertEqual(self.place.snapshot('srv'), before)

    def test_a_login_shell_takes_no_command(self):
        login, program, home = self.place.login, self.place.program, '不能运行命令'
        for command in ('id', 'scp -t .', '/usr/lib/openssh/sftp-server', 'internal-sftp', '', 'yubiao', 'ryubiao; id', 'ryubiao ', '-ryubiao'):
            for tty in (False, True):
                self.refuse([login, '-c', command], home, tty=tty)
            self.refuse(['-ryubiao', '-c', command], home, name=login, tty=False)
            self.refuse([program, '-c', command], home, tty=False) if command != 'yubiao' else None
        for arguments in (['a.yaml'], ['--help'], ['--version'], ['-l'], ['check', 'a.yaml'], ['--restricted', '/'], ['-c'], ['-c', 'ryubiao', 'x']):
            self.refuse([login, *arguments], home, tty=False)
            self.refuse(['-yubiao', *arguments], home, name=program, tty=False)

    def test_a_forced_command_hides_no_other(self):
        env = {'SSH_ORIGINAL_COMMAND': 'scp -t .'}
        self.refuse([self.place.login, '-c', 'ryubiao'], '不能运行命令', env=env)
        self.refuse([self.place.login], '不能运行命令', env=env)
        self.refuse([self.place.program, '--restricted', self.place.srv], '不能运行命令', env=env)

    def test_the_option(self):
        program = self.place.program
        for arguments in (['--restricted'], ['--restricted', ''], ['--restricted='], ['--restricted', self.place.srv, 'a.yaml'],
                          ['a.yaml', '--restricted', self.place.srv], ['check', '--restricted', self.place.srv, 'a.yaml'],
                          ['--restrictedx', self.place.srv], ['--', '--restricted']):
            self.refuse([program, *arguments], '限制模式只有一种用法', tty=False)
        self.refuse([program, '--restricted', self.place.path('nowhere')], '打不开文件夹')
        self.refuse([program, '--restricted', self.place.path('srv/a.yaml')], '打不开文件夹')

    def test_no_terminal(self):
        self.refuse([self.place.program, '--restricted', self.place.srv], '终端', tty=False)
        self.refuse([self.place.login], '终端', tty=False)
        self.refuse([self.place.login, '-c', 'ryubiao'], '终端', tty=False)

    @needs_root
    def test_borrowed_rights(self):
        for owner, group, mode in ((65534, 0, 0o4755), (0, 65534, 0o2755)):
            for name in ('lent', 'ryubiao'):
                with self.subTest(mode=mode, name=name):
                    program = self.path(name)
                    shutil.copy(self.place.program, program)
                    os.chown(program, owner, group)
                    os.chmod(program, mode)
                    os.chmod(self.home, 0o755)
                    if name == 'ryubiao':
                        self.refuse([program], 'setuid', tty=False)
                    else:
                        self.refuse([program, 'check', self.place.path('srv/a.yaml')], 'setuid', tty=False)
                        self.refuse([program, '--restricted', self.place.srv], 'setuid', tty=False)

    def settings(self, text, sentence):
        with self.door(text=text):
            self.place.write('etc/yubiao/restricted.conf', text)
            self.outside = self.place.snapshot('outside', 'etc')
            self.refuse([self.place.login], sentence)

    @needs_root
    def test_settings_that_cannot_be_read_as_meant(self):
        srv = self.place.srv
        self.settings('', 'directory')
        self.settings('printers: %s\n' % self.place.path('etc/yubiao/printers'), 'directory')
        self.settings('directory: srv\n', '“/”')
        self.settings('directory: %s\ndirectory: /\n' % srv, '两次')
        self.settings('directory: %s\nshell: /bin/sh\n' % srv, 'restricted.conf:2')
        self.settings('directory %s\n' % srv, 'restricted.conf:1')
        self.settings('directory: %s\nprinters: %s\n' % (srv, self.place.path('etc/yubiao/none')), '不存在')
        self.settings('directory: %s\nprinters: printers\n' % srv, '“/”')
        self.settings('directory: %s\n' % self.place.path('srv/%u'), '打不开文件夹')
        for line in ('HP 1', "HP'1", '-d', 'HP-1;id', '$(id)', '../lp', 'x' * 200):
            with self.door(printer=line):
                self.place.renew()
                self.place.write('etc/yubiao/printers', 'HP-1\n%s\n' % line)
                self.outside = self.place.snapshot('outside', 'etc')
                self.refuse([self.place.login], 'printers:2')

    @needs_root
    def test_settings_that_others_could_have_written(self):
        conf, folder = self.place.path('etc/yubiao/restricted.conf'), self.place.settings

        def spoilt(name, spoil, sentence='root'):
            with self.door(name=name):
                self.place.renew()
                os.chmod(folder, 0o755)
                os.chown(folder, 0, 0)
                spoil()
                self.outside = self.place.snapshot('outside', 'etc')
                self.refuse([self.place.login], sentence)
        spoilt('owner', lambda: os.chown(conf, 65534, 0))
        spoilt('group may write', lambda: os.chmod(conf, 0o664))
        spoilt('others may write', lambda: os.chmod(conf, 0o646))
        spoilt('directory of another', lambda: os.chown(folder, 65534, 0))
        spoilt('directory that others may write', lambda: os.chmod(folder, 0o777))
        spoilt('printers of another', lambda: os.chown(self.place.path('etc/yubiao/printers'), 65534, 0))
        spoilt('a link', lambda: (os.rename(conf, conf + '.real'), os.symlink('restricted.conf.real', conf)), '链接')
        spoilt('a pipe', lambda: (os.unlink(conf), os.mkfifo(conf, 0o600)))
        spoilt('none', lambda: os.unlink(conf), '还没有写')
        os.chmod(folder, 0o755)
        os.chown(folder, 0, 0)


@needs_root
class Login(EscapeCase):
    by_option = False

    def test_names_of_a_login_shell(self):
        for wrapper, program in ((('/bin/bash', '-c', 'exec -a -ryubiao "$0"'), self.place.login), (('/bin/bash', '-c', 'exec -a -yubiao "$0"'), self.place.program)):
            clerk = self.enter(wrapper=wrapper, program=program)
            self.assertShows(clerk, '限制模式')
            self.assertShows(clerk, 'a.yaml')
            clerk.close()

    def test_a_forced_command_is_this_one(self):
        for command in ('ryubiao', '/usr/local/bin/ryubiao', '/no/such/ryubiao'):
            with self.subTest(command=command):
                clerk = self.enter('-c', command, program=self.place.login)
                self.assertShows(clerk, 'a.yaml')

    def test_every_login_has_its_own_directory(self):
        os.makedirs(self.place.path('srv/root'))
        self.place.write('etc/yubiao/restricted.conf', 'directory: %s/%%u\n' % self.place.srv)
        self.outside = self.place.snapshot('outside', 'etc')
        clerk = self.enter()
        self.assertShowsNot(clerk, 'a.yaml')
        clerk.press('n', 'Enter', CLEAR, 'mine', 'Enter')
        self.assertTrue(os.path.exists(self.place.path('srv/root/mine.yaml')))

    def test_packs_of_the_administrator(self):
        forms = self.place.path('share/more')
        self.place.copy_pack('share/more/mine')
        self.place.write('etc/yubiao/restricted.conf', 'directory: %s\nforms: %s\n' % (self.place.srv, forms))
        self.place.write('srv/a.yaml', self.place.read('srv/a.yaml').replace('pack: hebei-2024', 'pack: mine'))
        self.outside = self.place.snapshot('outside', 'etc')
        clerk = self.enter()
        self.open_first(clerk)
        self.assertShows(clerk, '收入总表')

    launchers = ('/bin/bash', '/usr/bin/bash')


if __name__ == '__main__':
    tap.main()
