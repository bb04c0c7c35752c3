#!/usr/bin/python3
"""Nothing that comes from outside - names of files, folders, users, hosts and printers, the environment, workbooks, layouts, CSV,
locks, journals, histories, what a printer's command says - reaches the terminal, paper or CSV as anything but text."""
import hashlib
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from place import CLEAR, FAKE_LP
import tap
from terminal import Terminal

NAMES = os.path.join(tap.BUILD, 'escape', 'names.so')
# A title, a size, a device string, a C1 introducer, marks that turn and hide, carriage return, backspace, the other character set.
EVIL = '\x1b]0;evil\x07\x1b[9;9;9t\x1bPq\x1b\\\u009b31m\u202e\u2066\u200b\r\x08\x7f\x0eE'
QUIET = '\u202e\u2066\u200bE'  # what a workbook may hold without being refused at once
MARKS = '\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff'
FORBIDDEN = re.compile('[\x00-\x08\x0b-\x1f%s]' % MARKS)
ON_PAPER = re.compile('[\x00-\x08\x0b\x0d-\x1f%s]' % MARKS)  # where pages are parted by \f
# On the screen, where ncurses itself writes sequences (]104 gives the terminal its colours back): those that it never writes.
ON_SCREEN = re.compile('\x1b](?!104\x07)|\x1b[P\\\\]|\x1b\\[9;9|\x0e|\x7f|[\x80-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]')


def yaml_text(text):
    return '"%s"' % ''.join(c if c.isalnum() or ord(c) > 0x3000 else '\\u%04x' % ord(c) for c in text)


def journal_text(text):
    """As a field of a journal, which escapes controls."""
    return ''.join('\\x%02X' % ord(c) if ord(c) < 32 or ord(c) == 127 else c for c in text)


class Sequences(tap.Case):
    def setUp(self):
        super().setUp()
        if not os.path.exists(NAMES):
            raise SystemExit('Bail out! no %s: use make check-escape' % NAMES)
        self.seen = 0

    def environment(self, **more):
        return tap.clean_environment(self.home, LD_PRELOAD=NAMES, EVIL=EVIL, **more)

    def run_it(self, *arguments, program=tap.PROGRAM, forbidden=FORBIDDEN, **env):
        """Runs a command and judges what it says; returns that."""
        done = subprocess.run([program, *arguments], env=self.environment(**env), cwd=self.home, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        said = (done.stdout + done.stderr).decode('utf-8')  # strictly: broken UTF-8 is an error of its own
        found = forbidden.search(said)
        self.assertIsNone(found, '%r says %r' % (arguments, said[max(0, found.start() - 80):found.end() + 40] if found else ''))
        self.seen += 'E' in said
        return said

    def judge_file(self, path, forbidden=FORBIDDEN):
        with open(path, encoding='utf-8-sig') as file:
            text = file.read()
        found = forbidden.search(text)
        self.assertIsNone(found, '%s holds %r' % (path, text[max(0, found.start() - 80):found.end() + 40] if found else ''))

    def workbook(self, name, evil):
        """The sample with it in every text that a clerk types."""
        with open(tap.SAMPLE, encoding='utf-8') as file:
            text = file.read()
        text = text.replace('name: 总工会', 'name: ' + yaml_text('总' + evil))
        text = re.sub(r"(?m)(name: )('[^']*'|[^}\"\n]*)\}$", lambda match: match[1] + yaml_text('名' + evil) + '}', text)
        with open(self.path(name), 'w', encoding='utf-8') as file:
            file.write(text[:text.rindex('\n#') + 1] if '\n#' in text else text)
        return name

    # ---- commands

    def test_commands(self):
        for evil in (EVIL, QUIET):
            name, full = os.path.basename(self.copy_sample('x%s.yaml' % evil)), self.workbook('w%s.yaml' % evil, evil)
            with open(self.path('c%s.csv' % evil), 'w', encoding='utf-8') as file:
                file.write('科目编码,科目名称,合计%s\n2012901,行政运行%s,1.23%s\n29999%s,x,2\n' % (evil, evil, evil, evil))
            os.makedirs(self.path('taken' + evil))
            for command in (
                    ['check', full], ['print', full], ['export', full, '--to', 'e'], ['check', '--format', 'json', full, name], ['check', 'none' + evil], ['check', 'taken' + evil], ['set', name, evil],
                    ['set', name, '支出总表[%s].合计=1' % evil], ['set', name, '支出总表[2012901].%s=1' % evil], ['set', name, '支出总表[2012901].项目支出=' + evil],
                    ['set', name, '%s[1].2=3' % evil], ['set', name, '支出总表[2012901].项目支出=3.21'], ['history', name], ['history', name, '--format', 'json'],
                    ['history', name, '--since', evil], ['history', name, '--table', evil], ['recover', name], ['recover', name, '--list'], ['recover'],
                    ['import', name, 'c%s.csv' % evil, '--dry-run'], ['import', name, 'c%s.csv' % evil], ['import', name, 'none' + evil],
                    ['import', name, 'c%s.csv' % evil, '--table', 'expenditure', '--dry-run'], ['import', name, 'c%s.csv' % evil, '--unit', evil],
                    ['export', name, '--to', 'd' + evil], ['export', name, '--to', name], ['export', name, '--to', 'e', '--table', evil],
                    ['export', name, '--to', 'e', '--encoding', evil], ['print', name, '--output', 'o' + evil], ['print', name, '--output', 'taken' + evil],
                    ['print', name, '--printer', 'p' + evil], ['print', name, '--width', evil], ['new', evil], ['new', 'hebei-2024', name],
                    ['new', 'hebei-2024', 'n%s.yaml' % evil, '--name', evil, '--code', evil], ['new', 'hebei-2024', 'm%s.yaml' % evil, '--name', '单位' + evil],
                    ['forms', '--forms', 'none' + evil], ['forms', 'lint', 'none' + evil], ['forms', 'show', evil], ['forms', 'new', 'taken' + evil],
                    [evil], ['--' + evil], ['-' + evil], ['help', evil], ['help', evil, evil], ['--restricted', evil], ['--restricted', self.path('none' + evil)]):
                with self.subTest(command=command):
                    self.run_it(*command)
            with self.subTest(command='print'):
                self.run_it('print', name, forbidden=ON_PAPER)
            for variable in ('YUBIAO_FORMS', 'LANG', 'LC_ALL', 'TERM', 'HOME', 'XDG_STATE_HOME', 'USER'):
                with self.subTest(variable=variable):
                    self.run_it('check', name, **{variable: '/x' + evil})
                    self.run_it('forms', **{variable: '/x' + evil})
            for folder in ('d' + evil, 'e'):
                for file in os.listdir(self.path(folder)) if os.path.isdir(self.path(folder)) else ():
                    self.judge_file(os.path.join(self.path(folder), file))
            for file in ('o' + evil,):
                if os.path.exists(self.path(file)):
                    self.judge_file(self.path(file), ON_PAPER)
        self.assertTrue(os.path.exists(self.path('d' + QUIET)), 'nothing was exported')
        self.assertTrue(os.path.exists(self.path('o' + QUIET)), 'nothing was printed')
        self.assertGreater(self.seen, 60, 'what is evil was never named')

    def test_layouts(self):
        """A pack whose every text is evil, listed, linted, shown and worked with."""
        for evil in (EVIL, QUIET):
            for folder in ('forms%s' % evil,):
                shutil.copytree(os.path.join(tap.TOP, 'forms'), self.path(folder))
                for root, _, files in os.walk(self.path(folder)):
                    for file in files:
                        path = os.path.join(root, file)
                        with open(path, encoding='utf-8') as text:
                            lines = text.read()
                        lines = re.sub(r'(?m)\b(title|label|note|unit): ([^\s"\'{\[][^,}\n"\']*)$', lambda match: '%s: %s' % (match[1], yaml_text(match[2] + evil)), lines)
                        with open(path, 'w', encoding='utf-8') as text:
                            text.write(lines)
                for command in (['forms'], ['forms', 'lint', 'hebei-2024'], ['forms', 'lint', self.path(folder) + '/hebei-2024'], ['forms', 'show', 'hebei-2024'],
                                ['check', self.copy_sample()], ['export', self.copy_sample(), '--to', 'd'], ['forms', 'new', 'mine' + evil, '--from', 'hebei-2024']):
                    with self.subTest(command=command, evil=evil):
                        self.run_it(*command, forbidden=ON_PAPER, YUBIAO_FORMS=self.path(folder))
        self.assertGreater(self.seen, 4)

    def test_what_a_printer_says(self):
        with open(self.path('lp'), 'w', encoding='utf-8') as file:
            file.write('#!/bin/sh\nprintf %%s "$SAID" >&2\nprintf "%s"\nexit 1\n' % ''.join('\\%03o' % byte for byte in EVIL.encode()))
        os.chmod(self.path('lp'), 0o755)
        subprocess.run(['make', '--quiet', '-C', tap.TOP, 'BUILD=' + tap.BUILD, 'VARIANT=' + self.path('bin'), 'lp=' + self.path('lp'), 'variant'], check=True)
        self.copy_sample()
        said = self.run_it('print', 'sample.yaml', '--printer', 'p', program=self.path('bin/yubiao'))
        self.assertIn('E', said)

    def test_a_printer_gets_a_clean_environment(self):
        """Unrestricted, too: two variables, three descriptors, and the arguments as they are."""
        subprocess.run(['make', '--quiet', '-C', tap.TOP, 'BUILD=' + tap.BUILD, 'VARIANT=' + self.path('bin'), 'sysconfdir=' + self.home,
                        'lp=' + FAKE_LP, 'variant'], check=True)
        self.copy_sample()
        reader, writer = os.pipe()
        self.addCleanup(os.close, writer)
        self.addCleanup(os.close, reader)
        os.set_inheritable(writer, True)
        subprocess.run([self.path('bin/yubiao'), 'print', 'sample.yaml', '--printer', 'HP-1'], cwd=self.home, check=True, stdout=subprocess.DEVNULL, pass_fds=(writer,),
                       env=self.environment(CUPS_SERVER='evil', LC_ALL='C.UTF-8', LD_LIBRARY_PATH='/evil', PRINTER='evil', IFS=' '))
        with open(self.path('printed'), encoding='utf-8') as file:
            told = file.read().split('text\n')[0].splitlines()
        self.assertEqual([line for line in told if not line.startswith('descriptor')],
                         ['argument lp', 'argument -dHP-1', 'argument -t', 'argument sample.yaml', 'variable PATH=/usr/bin:/bin', 'variable LANG=C.UTF-8'])
        self.assertLessEqual(len([line for line in told if line.startswith('descriptor')]), 1, 'more than what the caller left open')

    # ---- screens

    def terminal(self, *arguments, **env):
        clerk = Terminal([tap.PROGRAM, *arguments], self.environment(**env), cwd=self.home)
        self.addCleanup(clerk.close)
        self.addCleanup(self.judge, clerk)
        return clerk

    def judge(self, clerk):
        text = bytes(clerk.raw).decode('utf-8', 'replace')
        found = ON_SCREEN.search(text)
        self.assertIsNone(found, 'written: %r' % (text[max(0, found.start() - 200):found.end() + 60] if found else ''))

    def go_in(self, clerk):
        for _ in range(3):
            if re.search('Enter 继续', clerk.text()):
                clerk.press('Enter')

    def walk(self, clerk):
        """Every table, the findings, help, export, and the start page."""
        self.go_in(clerk)
        for table in range(1, 10):
            clerk.press(str(table), 'Enter', 'PageDown', 'F5', 'Enter', 'Esc', 'F10')
        for key in ('F5', 'F1', 'F9', 'F4'):
            clerk.press(key, 'PageDown', 'Esc')

    def test_screens(self):
        for evil in (EVIL, QUIET):
            with self.subTest(evil=evil):
                name = self.workbook('x%s.yaml' % evil, evil)
                clerk = self.terminal(name)
                self.walk(clerk)
                clerk.close()
                clerk = self.terminal(self.copy_sample('y%s.yaml' % evil))
                self.walk(clerk)
                clerk.close()
                clerk = self.terminal()  # recent files
                self.assertIn('E.yaml', clerk.text(), clerk.dump())
                clerk.press('o', 'z\x16\x1b]0;evil', 'Enter')
                clerk.close()

    def test_who_holds_the_lock(self):
        """By the system's word, and by what stands in the lock."""
        self.copy_sample('a.yaml')
        first = self.terminal('a.yaml')
        self.go_in(first)
        for words in (None, '\t'.join(['h' + EVIL, 'u' + EVIL, '1', 't' + EVIL]) + '\n', EVIL * 20, '\0' * 100 + '\n'):
            with self.subTest(words=words):
                if words is not None:
                    with open(self.path('.a.yaml.lock'), 'r+', encoding='utf-8', newline='') as file:
                        file.write(words)
                second = self.terminal('a.yaml')
                self.assertRegex(second.text(), '只能查看|正在填')
                self.go_in(second)
                second.press('1', 'Enter', '1')
                second.close()
                self.run_it('set', 'a.yaml', '支出总表[2012902].项目支出=3.21')

    SPOILT = (('own', ()), ('time', (1,)), ('user', (2,)), ('label', (6,)), ('place', (8, 9, 10)), ('row', (9,)), ('value', (11, 12)), ('all', range(1, 13)))

    def spoil(self, name, chosen):
        """Evil in these fields of a journal or history, with sums that fit."""
        with open(self.path(name), encoding='utf-8') as file:
            lines = file.read().splitlines()
        before_real = before = ''
        result = []
        for number, line in enumerate(lines):
            body, _, end = line.rpartition('\t')
            self.assertEqual(hashlib.sha256((before_real + body + '\t').encode()).hexdigest()[:16], end, 'not the sum that is documented')
            before_real = end
            fields = body.split('\t')
            for field in chosen if number else (6,):
                if field < len(fields):
                    fields[field] += journal_text(EVIL)
            body = '\t'.join(fields) + '\t'
            before = hashlib.sha256((before + body).encode()).hexdigest()[:16]
            result.append(body + before)
        with open(self.path(name), 'w', encoding='utf-8') as file:
            file.write('\n'.join(result) + '\n')

    def enter_unsaved(self, name):
        clerk = self.terminal(name)
        self.go_in(clerk)
        clerk.press('3', 'Enter', '/', CLEAR, '2012902', 'Enter', '3.21', 'Enter')
        clerk.process.kill()
        clerk.process.wait()

    def test_journals(self):
        for how, fields in self.SPOILT:
            with self.subTest(how=how):
                name = how + '.yaml'
                self.copy_sample(name)
                self.enter_unsaved(name)
                journal = '.%s.journal' % name
                self.assertTrue(os.path.exists(self.path(journal)))
                if fields:
                    self.spoil(journal, fields)
                clerk = self.terminal(name)
                self.assertIn('没有保存的修改', clerk.text(), clerk.dump())
                clerk.press(re.search('([0-9])  先看看', clerk.text())[1], 'PageDown', 'Esc')
                clerk.process.kill()
                clerk.process.wait()
                for options in ([], ['--list'], ['--take'], ['--aside']):
                    said = self.run_it('recover', name, *options)
                    if options == ['--list'] and how == 'own':
                        self.assertIn('3.21', said)

    def test_histories(self):
        self.copy_sample('a.yaml')
        self.run_it('set', 'a.yaml', '支出总表[2012902].项目支出=3.21')
        self.run_it('set', 'a.yaml', '支出总表[2012902].项目支出=4.32')
        self.judge_file(self.path('a.yaml.history'))
        shutil.copy(self.path('a.yaml.history'), self.path('kept'))
        for how, fields in self.SPOILT:
            shutil.copy(self.path('kept'), self.path('a.yaml.history'))
            if fields:
                self.spoil('a.yaml.history', fields)
            with self.subTest(how=how):
                for options in ([], ['--format', 'json'], ['--table', '支出总表'], ['--since', '2020-01-01']):
                    self.run_it('history', 'a.yaml', *options)
                if how in ('own', 'user', 'value'):
                    self.assertIn('4.32', self.run_it('history', 'a.yaml'))
                clerk = self.terminal('a.yaml')
                self.go_in(clerk)
                clerk.press('3', 'Enter', '/', CLEAR, '2012902', 'Enter', '\x0c', 'h', 'PageDown', 'Esc')
                clerk.close()


if __name__ == '__main__':
    tap.main()
