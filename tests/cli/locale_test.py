#!/usr/bin/python3
"""Language and encoding: Chinese on a bare system, English for an `en` locale or a terminal without Chinese, GB18030 at the edges."""
import json
import os
import pty
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap

CHINESE, ENGLISH = '用法：', 'Usage:'


def has_han(text):
    return any('\u3000' <= c <= '\u9fff' or '\uff00' <= c <= '\uffef' for c in text)


class Language(tap.Case):
    def help(self, **env):
        return self.yubiao('--help', **dict({'LANG': None}, **env))

    def test_chinese(self):
        for env in ({}, {'LANG': 'C'}, {'LANG': 'POSIX'}, {'LANG': 'C.UTF-8'}, {'LANG': 'zh_CN.UTF-8'}, {'LANG': 'zh_CN'},
                    {'LANG': 'zh_CN.UTF-8', 'LANGUAGE': 'zh_CN:en_US:en'}, {'LANG': 'fr_FR.UTF-8'},
                    {'LANG': 'en_US.UTF-8', 'LC_MESSAGES': 'zh_CN.UTF-8'}):
            with self.subTest(env):
                done = self.help(**env)
                self.assertIn(CHINESE, done.stdout)
                self.assertEqual(done.stderr, '')

    def test_english(self):
        for env in ({'LANG': 'en_US.UTF-8'}, {'LANG': 'en_GB.UTF-8'}, {'LANG': 'en'}, {'LC_ALL': 'en_US.UTF-8', 'LANG': 'zh_CN.UTF-8'},
                    {'LC_MESSAGES': 'en_US.UTF-8', 'LANG': 'zh_CN.UTF-8'}, {'LANG': 'en_US.UTF-8', 'LANGUAGE': 'zh_CN:zh'}):
            with self.subTest(env):
                done = self.help(**env)
                self.assertIn(ENGLISH, done.stdout)
                self.assertFalse(has_han(done.stdout), done.stdout)
        for command in ('new', 'set', 'check', 'export', 'print', 'forms', 'help'):
            done = self.yubiao(command, '--help', LANG='en_US.UTF-8')
            self.assertFalse(has_han(done.stdout), done.stdout)
            for line in done.stdout.splitlines():
                self.assertLessEqual(len(line), 80)

    def test_english_findings(self):
        lines = self.yubiao('check', tap.SAMPLE, status=1, LANG='en_US.UTF-8').stdout.splitlines()
        self.assertEqual(len([line for line in lines if ': error ' in line]), 5)

    def test_json_words_do_not_change(self):
        words = set()
        for lang in ('C.UTF-8', 'en_US.UTF-8'):
            lines = self.yubiao('check', '--format=json', tap.SAMPLE, status=1, LANG=lang).stdout.splitlines()
            words.add(tuple((f['severity'], f['table'], f['row'], f['column']) for f in map(json.loads, lines)))
        self.assertEqual(len(words), 1)

    def test_says_what_is_missing(self):
        for env in ({'LANG': 'zh_CN.GB18030', 'LOCPATH': '/nonexistent'}, {'LANG': 'de_DE.ISO-8859-1'}):
            with self.subTest(env):
                done = self.yubiao('check', tap.SAMPLE, status=1, **env)
                self.assertIn(env['LANG'], done.stderr)
                self.assertEqual(len(done.stderr.splitlines()), 1)
                self.assertIn(': error ', done.stdout.encode('utf-8', 'surrogateescape').decode('utf-8', 'replace'))

    def run_on_pty(self, *arguments, **env):
        main, side = pty.openpty()
        process = subprocess.Popen([tap.PROGRAM, *arguments], env=tap.clean_environment(self.home, **env), stdin=side, stdout=side,
                                   stderr=subprocess.PIPE)
        os.close(side)
        output = b''
        while True:
            try:
                piece = os.read(main, 65536)
            except OSError:
                break
            if not piece:
                break
            output += piece
        os.close(main)
        errors = process.stderr.read()
        process.stderr.close()
        process.wait()
        return output.decode(), errors.decode()

    def test_console_is_english(self):
        output, errors = self.run_on_pty('check', tap.SAMPLE, LANG='zh_CN.UTF-8', TERM='linux')
        self.assertIn(': error ', output)
        self.assertIn('TERM=linux', errors)
        output, errors = self.run_on_pty('check', tap.SAMPLE, LANG='zh_CN.UTF-8', TERM='xterm')
        self.assertIn(': 错误 ', output)
        # What goes to a file is not for the console.
        self.assertIn(CHINESE, self.yubiao('--help', TERM='linux').stdout)


class Gb18030(tap.Case):
    @classmethod
    def setUpClass(cls):
        cls.locales = tempfile.mkdtemp(prefix='yubiao-locale-')
        cls.made = subprocess.run(['localedef', '-i', 'zh_CN', '-f', 'GB18030', cls.locales + '/zh_CN.GB18030'],
                                  capture_output=True)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.locales, ignore_errors=True)

    def run_gb(self, *arguments, status=0):
        if not os.path.exists(self.locales + '/zh_CN.GB18030/LC_CTYPE'):
            self.skipTest('localedef: ' + self.made.stderr.decode('utf-8', 'replace'))
        done = subprocess.run([tap.PROGRAM, *(a.encode('gb18030') for a in arguments)], cwd=self.home, capture_output=True,
                              env=tap.clean_environment(self.home, LANG='zh_CN.GB18030', LOCPATH=self.locales))
        self.assertEqual(done.returncode, status, done.stderr.decode('gb18030', 'replace'))
        return done.stdout, done.stderr.decode('gb18030')

    def test_output(self):
        self.assertIn(CHINESE, self.run_gb('--help')[0].decode('gb18030'))
        self.assertIn('错误', self.run_gb('check', tap.SAMPLE, status=1)[0].decode('gb18030'))
        self.assertIn('没有选项', self.run_gb('check', '--x', status=2)[1])

    def test_json_stays_utf8(self):
        for line in self.run_gb('check', '--format', 'json', tap.SAMPLE, status=1)[0].decode('utf-8').splitlines():
            json.loads(line)

    def test_arguments(self):
        self.run_gb('new', 'hebei-2024', '预算.yaml', '--name', '总工会')
        # The file has the name that the shell gave, and the file's text is UTF-8.
        with open(os.fsencode(self.home) + b'/' + '预算.yaml'.encode('gb18030'), encoding='utf-8') as file:
            self.assertIn('总工会', file.read())
        self.run_gb('set', '预算.yaml', '收入总表[2012901].财政拨款收入=1.2万')
        output = self.run_gb('check', '预算.yaml', status=1)[0].decode('gb18030')
        self.assertTrue(output.startswith('预算.yaml: 错误 '), output)
        self.assertIn('缺失.yaml', self.run_gb('check', '缺失.yaml', status=2)[1])
        self.run_gb('export', '预算.yaml', '--to', '导出', '--table', 'income')
        self.run_gb('print', '预算.yaml', '--output', '核对.txt')
        self.assertEqual(sorted(os.listdir(os.fsencode(self.home))),
                         sorted(name.encode('gb18030') for name in ('.预算.yaml.journal', '预算.yaml', '预算.yaml~', '预算.yaml.history',
                                                                    '导出', '核对.txt')))
        self.assertIn('已经存在', self.run_gb('new', 'hebei-2024', '预算.yaml', status=2)[1])
        self.assertIn('“收入总衰”', self.run_gb('set', '预算.yaml', '收入总衰[2012901].合计=1', status=1)[1])

    def test_file_with_a_utf8_name(self):
        with open(tap.SAMPLE, 'rb') as source, open(self.path('预算.yaml'), 'wb') as file:
            file.write(source.read())
        if not os.path.exists(self.locales + '/zh_CN.GB18030/LC_CTYPE'):
            self.skipTest('localedef: ' + self.made.stderr.decode('utf-8', 'replace'))
        done = subprocess.run([tap.PROGRAM, 'check', '预算.yaml'], cwd=self.home, capture_output=True,
                              env=tap.clean_environment(self.home, LANG='zh_CN.GB18030', LOCPATH=self.locales))
        self.assertEqual(done.returncode, 1, done.stderr)


if __name__ == '__main__':
    tap.main()
