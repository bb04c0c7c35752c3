#!/usr/bin/python3
"""The commands, end to end: what they print, what they leave on disk, how they end."""
import glob
import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap

PACK = 'hebei-2024'


class WithFile(tap.Case):
    def new(self, name='a.yaml', *more):
        self.yubiao('new', PACK, name, *more)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), 'rb') as file:
            return file.read()

    def findings(self, *files, status):
        lines = self.yubiao('check', '--format', 'json', *files, status=status).stdout.splitlines()
        return [json.loads(line) for line in lines]


class Help(tap.Case):
    def test_program(self):
        done = self.yubiao('--help')
        for command in ('new', 'set', 'check', 'export', 'print', 'forms'):
            self.assertIn('yubiao ' + command, done.stdout)
        self.assertEqual(done.stderr, '')
        self.assertEqual(self.yubiao('help').stdout, done.stdout)
        for line in done.stdout.splitlines():
            self.assertLessEqual(len(line.encode('gb18030')), 80, line)

    def test_commands(self):
        for command in ('new', 'set', 'check', 'export', 'print', 'forms', 'help'):
            done = self.yubiao(command, '--help')
            self.assertIn('yubiao ' + command, done.stdout)
            self.assertEqual(self.yubiao('help', command).stdout, done.stdout)

    def test_keys(self):
        keys = self.yubiao('help', 'keys').stdout
        for key in ('F1', 'F2 Ctrl-S', 'F10', 'Ctrl-Z', '/'):
            self.assertIn(key, keys)

    def test_version(self):
        self.assertRegex(self.yubiao('--version').stdout, r'^yubiao \d+\.\d+\.\d+\n')

    def test_wrong_usage(self):
        for arguments in ([], ['check'], ['new'], ['set', 'x'], ['export', 'x'], ['check', '--nonsense', 'x'],
                          ['check', '--format', 'xml', 'x'], ['check', '--format'], ['new', PACK, 'a', 'b'],
                          ['export', 'x', '--to', 'd', '--to', 'e'], ['set', '--control=1', 'x', 'y'],
                          ['print', 'x', '--output', 'o', '--printer', 'p'], ['print', 'x', '--width', '20'],
                          ['new', PACK, 'x.yaml', '--year', 'soon'], ['forms', 'prove'], ['forms', 'lint'], ['help', 'nothing'],
                          ['export', 'x', '--to', 'd', '--encoding', 'latin1']):
            with self.subTest(arguments):
                done = self.yubiao(*arguments, status=2)
                self.assertEqual(done.stdout, '')
                self.assertIn('--help', done.stderr)
        self.assertEqual(os.listdir(self.home), [])

    def test_did_you_mean(self):
        self.assertIn('是不是 check', self.yubiao('chekc', status=2).stderr)
        self.assertIn('--format', self.yubiao('check', '--fromat', 'json', 'x', status=2).stderr)

    def test_screen_wants_a_terminal(self):
        self.assertIn('终端', self.yubiao(tap.SAMPLE, status=2).stderr)


class New(WithFile):
    def test_makes_a_file(self):
        path = self.new('a.yaml', '--code', '711', '--name=总工会', '--year', '2025')
        text = self.read('a.yaml').decode()
        self.assertTrue(text.startswith('yubiao: 1\nid: '))
        self.assertIn('code: "711", name: 总工会', text)
        self.assertIn('year: 2025', text)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        self.assertEqual(self.findings(path, status=0), [])

    def test_every_file_has_its_own_id(self):
        self.new('a.yaml'), self.new('b.yaml')
        self.assertNotEqual(self.read('a.yaml').splitlines()[1], self.read('b.yaml').splitlines()[1])

    def test_never_overwrites(self):
        self.new()
        before = self.read('a.yaml')
        self.assertIn('已经存在', self.yubiao('new', PACK, 'a.yaml', '--name', '另一个', status=2).stderr)
        self.assertEqual(self.read('a.yaml'), before)

    def test_refuses(self):
        for arguments in (['hebei-1999', 'a.yaml'], [PACK, 'a.yaml', '--year', '1999'], [PACK, 'nowhere/a.yaml'],
                          [PACK, 'a.yaml', '--name', 'a\x1b[31mb']):
            with self.subTest(arguments):
                self.assertNotEqual(self.yubiao('new', *arguments, status=2).stderr, '')
        self.assertEqual(os.listdir(self.home), [])

    def test_without_file_wants_a_terminal(self):
        self.assertIn('yubiao new', self.yubiao('new', PACK, status=2).stderr)


class Set(WithFile):
    def test_sets_and_clears(self):
        self.new()
        self.yubiao('set', 'a.yaml', 'income[2012901].财政拨款收入=62.89', '支出总表[2012901].基本支出=６２.89',
                    'general-budget[2012901].基本支出=62.89', 'basic[30101].人员经费=628,900元')
        self.assertEqual(self.findings('a.yaml', status=0), [])
        self.assertIn('{row: "30101", 人员经费: 62.89}', self.read('a.yaml').decode())
        self.yubiao('set', 'a.yaml', 'income[2012901].财政拨款收入=')
        self.assertNotIn('财政拨款收入', self.read('a.yaml').decode())

    def test_control(self):
        self.new()
        self.yubiao('set', 'a.yaml', 'expenditure[2012901].基本支出=1')
        self.yubiao('set', '--control', 'a.yaml', 'expenditure[合计].合计=5')
        found = [f for f in self.findings('a.yaml', status=1) if f['stated'] == '5.00']
        self.assertEqual([(f['table'], f['row'], f['column'], f['computed'], f['difference']) for f in found],
                         [('expenditure', '合计', '合计', '1.00', '4.00')])
        self.yubiao('set', '--control', 'a.yaml', 'expenditure[合计].合计=')
        self.assertNotIn('control', self.read('a.yaml').decode())

    def test_names_a_code(self):
        path = self.new('a.yaml')
        said = self.yubiao('set', path, 'income[2017701].其他收入=1', status=1).stderr
        self.assertIn('income[20177].科目名称=', said)
        self.yubiao('set', path, 'income[20177].科目名称=本地事务', 'income[2017701].其他收入=1')
        text = self.read('a.yaml').decode()
        self.assertIn('"20177": 本地事务', text)
        self.assertIn('{row: "2017701", 其他收入: 1.00}', text)

    def test_all_or_nothing(self):
        self.new()
        before = self.read('a.yaml')
        done = self.yubiao('set', 'a.yaml', 'income[2012901].财政拨款收入=1', 'incom[2012901].财政拨款收入=1',
                           'income[2012901].财政拨款收人=1', 'income[201290].财政拨款收入=1', 'income[2012901].财政拨款收入=1.2.3',
                           'income[2012901].合计=1', 'income', status=1)
        self.assertEqual(self.read('a.yaml'), before)
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 7)
        self.assertIn('income', lines[0])
        self.assertIn('财政拨款收入', lines[1])
        for line, argument in zip(lines, ('incom[', '财政拨款收人', '[201290]', '1.2.3', '合计=1', 'income')):
            self.assertIn(argument, line)

    def test_nothing_to_do_leaves_the_file(self):
        self.new()
        self.yubiao('set', 'a.yaml', 'income[2012901].财政拨款收入=1')
        before = os.stat(self.path('a.yaml'))
        self.yubiao('set', 'a.yaml', 'income[2012901].财政拨款收入=1.00')
        self.assertEqual(os.stat(self.path('a.yaml')).st_ino, before.st_ino)

    def test_keeps_mode_and_links(self):
        path = self.new()
        os.chmod(path, 0o640)
        os.symlink('a.yaml', self.path('link.yaml'))
        self.yubiao('set', 'link.yaml', 'income[2012901].财政拨款收入=1')
        self.assertTrue(os.path.islink(self.path('link.yaml')))
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o640)
        self.assertIn('2012901', self.read('a.yaml').decode())

    def test_unreadable(self):
        self.assertNotEqual(self.yubiao('set', 'nothing.yaml', 'income[2012901].财政拨款收入=1', status=2).stderr, '')


class Check(WithFile):
    def test_sample(self):
        found = self.findings(tap.SAMPLE, status=1)
        self.assertEqual([(f['severity'], f['table'], f['row'], f['column'], f['stated'], f['computed'], f['difference'])
                          for f in found if f['severity'] != 'note'],
                         [('error', 'general-budget', '201', '项目支出', '2.60', '9.60', '-7.00'),
                          ('error', 'general-budget', '20129', '项目支出', '2.60', '9.60', '-7.00'),
                          ('error', 'project', '', '预算数', '10.02', '9.60', '0.42'),
                          ('error', 'project', '', '财政资金', '10.02', '9.60', '0.42'),
                          ('error', 'project', '@4', '项目编码', '13030423P008897101022', '', '')])
        for one in found:
            self.assertEqual(list(one), ['file', 'severity', 'check', 'table', 'row', 'column', 'stated', 'computed', 'difference',
                                         'text'])
            self.assertEqual(one['file'], tap.SAMPLE)

    def test_text(self):
        lines = self.yubiao('check', tap.SAMPLE, status=1).stdout.splitlines()
        errors = [line for line in lines if line.startswith(tap.SAMPLE + ': 错误 ')]
        self.assertEqual(len(errors), 5)
        self.assertIn('2.60', errors[0])
        self.assertIn('9.60', errors[0])

    def test_goes_on_after_a_bad_file(self):
        self.new()
        with open(self.path('bad.yaml'), 'w', encoding='utf-8') as file:
            file.write('yubiao: [\n')
        done = self.yubiao('check', '--format', 'json', 'bad.yaml', 'nothing.yaml', tap.SAMPLE, 'a.yaml', status=2)
        self.assertEqual({json.loads(line)['file'] for line in done.stdout.splitlines()}, {tap.SAMPLE})
        self.assertIn('bad.yaml:', done.stderr)
        self.assertIn('nothing.yaml', done.stderr)

    def test_edited_by_hand_is_a_note(self):
        path = self.copy_sample()
        with open(path, encoding='utf-8') as file:
            text = file.read()
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text.replace('name: 总工会', 'name: 工会', 1))
        notes = [f for f in self.findings(path, status=1) if f['severity'] == 'note' and f['table'] == '']
        self.assertEqual(len(notes), 1)

    def test_file_names_of_any_bytes(self):
        name = os.fsencode(self.home) + b'/\xff\x1b[31m"\\.yaml'
        with open(tap.SAMPLE, 'rb') as source, open(name, 'wb') as file:
            file.write(source.read())
        done = subprocess.run([tap.PROGRAM, 'check', '--format=json', name], env=tap.clean_environment(self.home),
                              capture_output=True)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertNotIn(b'\x1b', done.stdout + done.stderr)
        for line in done.stdout.decode('utf-8').splitlines():
            self.assertTrue(json.loads(line)['file'].endswith('"\\.yaml'))

    def test_output_that_cannot_be_written(self):
        with open('/dev/full', 'wb') as full:
            done = subprocess.run([tap.PROGRAM, 'check', tap.SAMPLE], env=tap.clean_environment(self.home), stdout=full,
                                  stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, '标准输出.*磁盘已满')
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([tap.PROGRAM, 'check', tap.SAMPLE], env=tap.clean_environment(self.home), stdout=writer,
                              stderr=subprocess.PIPE, text=True)
        os.close(writer)
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, '标准输出.*接收的程序已经结束')


class Export(WithFile):
    def names(self, directory):
        return sorted(os.path.basename(name) for name in glob.glob(self.path(directory) + '/*'))

    def test_all_tables(self):
        self.yubiao('export', tap.SAMPLE, '--to', 'out/deep')
        names = self.names('out/deep')
        self.assertEqual(len(names), 9 + 3 + 2 * 4)  # tables, and the head and the indicators of four cards
        self.assertEqual(names[0], '01-summary.csv')
        self.assertIn('2024年预留中小微企业份额', self.read('out/deep/12-procurement.csv').decode())
        for name in names:
            self.assertTrue(self.read('out/deep/' + name).startswith(b'\xef\xbb\xbf'))

    def test_one_table(self):
        for name in ('expenditure', '支出总表'):
            self.yubiao('export', '--table', name, tap.SAMPLE, '--to=' + name)
            self.assertEqual(self.names(name), ['03-expenditure.csv'])
        self.assertIn('expenditure', self.yubiao('export', '--table', 'expenditur', tap.SAMPLE, '--to', 'none', status=2).stderr)
        self.assertFalse(os.path.exists(self.path('none')))

    def test_encodings(self):
        for encoding in ('utf-8', 'gb18030'):
            self.yubiao('export', tap.SAMPLE, '--to', encoding, '--encoding', encoding, '--table', 'income')
            self.assertIn('财政拨款收入', self.read(encoding + '/02-income.csv').decode(encoding))

    def test_cannot_be_written(self):
        with open(self.path('file'), 'w', encoding='utf-8') as file:
            file.write('x')
        self.assertNotEqual(self.yubiao('export', tap.SAMPLE, '--to', 'file', status=2).stderr, '')
        self.assertEqual(self.read('file'), b'x')


class Print(WithFile):
    def test_to_a_file(self):
        self.yubiao('print', tap.SAMPLE, '--output', 'out.txt', '--width', '132')
        text = self.read('out.txt').decode()
        self.assertIn('部门预算收支总表', text)
        self.assertIn('复核', text)
        self.assertEqual(self.yubiao('print', tap.SAMPLE, '--output', '-', '--width', '132').stdout, text)

    def test_width(self):
        for width in (80, 132):
            text = self.yubiao('print', tap.SAMPLE, '--output', '-', '--width', str(width), '--table', 'income').stdout
            self.assertIn('部门预算收入总表', text)
            self.assertNotIn('部门预算收支总表', text)
            for line in text.replace('\f', '\n').splitlines():
                wide = sum(2 if ord(c) >= 0x2E80 else 1 for c in line)
                self.assertLessEqual(wide, width, line)

    def test_printer(self):
        self.assertNotEqual(self.yubiao('print', tap.SAMPLE, '--printer', '-o raw; x', status=2).stderr, '')
        if not os.path.exists('/usr/bin/lp'):
            self.assertIn('lp', self.yubiao('print', tap.SAMPLE, status=2).stderr)


class Forms(tap.Case):
    def test_list(self):
        self.assertRegex(self.yubiao('forms').stdout, r'(?m)^hebei-2024 +\S')
        self.assertEqual(self.yubiao('forms', 'list').stdout, self.yubiao('forms').stdout)

    def test_lint(self):
        self.yubiao('forms', 'lint', PACK)
        forms = self.path('forms')
        subprocess.run(['cp', '-r', os.path.join(tap.TOP, 'forms'), forms], check=True)
        broken = os.path.join(forms, PACK, 'expenditure.yaml')
        with open(broken, encoding='utf-8') as file:
            text = file.read()
        with open(broken, 'w', encoding='utf-8') as file:
            file.write(text.replace('= 基本支出 +', '= 基本支岀 +', 1))
        done = self.yubiao('forms', 'lint', os.path.join(forms, PACK), status=1)
        self.assertRegex(done.stdout, r'expenditure\.yaml:\d+:\d+: .*基本支岀')
        # Never half loaded: nothing can be made from it.
        self.yubiao('new', PACK, 'a.yaml', status=2, YUBIAO_FORMS=forms)
        self.assertFalse(os.path.exists(self.path('a.yaml')))
        self.yubiao('forms', 'lint', './nowhere', status=2)


if __name__ == '__main__':
    tap.main()
