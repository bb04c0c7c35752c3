#!/usr/bin/python3
"""Who else may read what the program writes: nobody, whatever the umask; but where a file stood before, whoever might read that
one. A workbook's rights are also those of all that stands beside it."""
import os
import re
import stat
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..')]
import tap
from clerk import Clerk, ScreenCase

UMASKS = '0', '077'
PRIVATE, GROUP = 0o600, 0o640


class Modes(ScreenCase):
    def run_under(self, umask, *arguments):
        done = subprocess.run(['/bin/sh', '-c', 'umask %s; exec "$0" "$@"' % umask, tap.PROGRAM, *arguments], cwd=self.home, check=False,
                              env=tap.clean_environment(self.home), stdin=subprocess.DEVNULL, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    def clerk_under(self, umask, name):
        clerk = Clerk(['/bin/sh', '-c', 'umask %s; exec "$0" "$@"' % umask, tap.PROGRAM, name], self.home, program=None)
        self.addCleanup(clerk.close)
        if re.search('Enter (继续|go on)', clerk.text()):
            clerk.press('Enter')
        return clerk

    def modes(self):
        """{path: mode} of every file below the home but the layouts."""
        return {os.path.relpath(os.path.join(folder, name), self.home): stat.S_IMODE(os.lstat(os.path.join(folder, name)).st_mode)
                for folder, _, names in os.walk(self.home) for name in names}

    def folders(self):
        return {os.path.relpath(os.path.join(folder, name), self.home): stat.S_IMODE(os.lstat(os.path.join(folder, name)).st_mode)
                for folder, names, _ in os.walk(self.home) for name in names}

    def clear(self):
        for folder, _, names in os.walk(self.home):
            for name in names:
                os.unlink(os.path.join(folder, name))
        for folder in sorted(self.folders(), reverse=True):
            os.rmdir(self.path(folder))

    def enter_and_save(self, umask, name):
        """{path: mode} while a change is not yet saved, and afterwards."""
        clerk = self.clerk_under(umask, name)
        clerk.open_table('expenditure')
        clerk.find('2012902')
        clerk.press('Home', 'Right', 'Right')
        clerk.send('5.6')
        clerk.press('Enter')
        before = self.modes()
        clerk.press('F2')
        self.assertShows(clerk, '已保存')
        clerk.press('F10', 'F10')
        clerk.leave_without_saving()
        return before

    def publish(self, umask, name):
        self.run_under(umask, 'export', name, '--to', 'csv')
        self.run_under(umask, 'print', name, '--output', 'print.txt')

    def test_new_files_are_private(self):
        for umask in UMASKS:
            with self.subTest(umask):
                self.run_under(umask, 'new', 'hebei-2024', 'a.yaml', '--code', '711', '--name', '总工会')
                self.run_under(umask, 'set', 'a.yaml', '支出总表[2012902].基本支出=1')
                open_now = self.enter_and_save(umask, 'a.yaml')
                self.assertLessEqual({'.a.yaml.lock', '.a.yaml.journal', 'a.yaml'}, set(open_now))
                self.publish(umask, 'a.yaml')
                self.run_under(umask, 'export', 'a.yaml', '--to', 'csv', '--template')
                modes = {**open_now, **self.modes()}
                self.assertLessEqual({'a.yaml~', 'a.yaml.history', 'print.txt', 'csv/01-summary.csv', 'csv/01-summary-template.csv',
                                      'state/yubiao/recent'}, set(modes))
                self.assertEqual({path: oct(mode) for path, mode in modes.items() if mode != PRIVATE}, {})
                self.assertEqual({path: oct(mode) for path, mode in self.folders().items() if mode & 0o077}, {})
                self.clear()

    def test_the_rights_of_the_old_file_are_kept(self):
        for umask in UMASKS:
            with self.subTest(umask):
                self.copy_sample('a.yaml')
                os.chmod(self.path('a.yaml'), GROUP)
                self.publish(umask, 'a.yaml')
                for path in self.modes():
                    os.chmod(self.path(path), GROUP)
                open_now = self.enter_and_save(umask, 'a.yaml')
                self.publish('0', 'a.yaml')
                modes = {**open_now, **self.modes()}
                lock = modes.pop('.a.yaml.lock')
                self.assertIn(lock, (PRIVATE, GROUP))
                self.assertLessEqual({'a.yaml', 'a.yaml~', '.a.yaml.journal', 'a.yaml.history', 'print.txt', 'csv/01-summary.csv'}, set(modes))
                state = {path: mode for path, mode in modes.items() if path.startswith('state/')}
                self.assertEqual({path: oct(mode) for path, mode in state.items() if mode not in (PRIVATE, GROUP)}, {})
                self.assertEqual({path: oct(mode) for path, mode in modes.items() if path not in state and mode != GROUP}, {})
                self.clear()


if __name__ == '__main__':
    tap.main()
