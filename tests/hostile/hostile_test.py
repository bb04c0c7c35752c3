#!/usr/bin/python3
"""Files that were made to do harm: each is refused with a sentence, in at most 16 MiB of memory, and the instructions that this
takes grow no faster than the bytes. (A good file that goes on for ever is refused when the workbook is full.)"""
import os
import re
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from measured import FULL, Measured, tap

HEAD = b'yubiao: 1\nid: 0123456789abcdef0123456789abcdef\npack: hebei-2024\nyear: 2024\n'
END = b'end: {rows: 0, sha256: ' + b'0' * 64 + b'}\n'
ROWS_MOST, ENTRIES_MOST = 200_000, 50_000


def entries(lists, count):
    """A workbook with `count` entries of the last of these lists, each owned by an entry of the one before."""
    text, owner, number = [HEAD, b'lists:\n'], b'', 1
    for name in lists:
        text.append(b'  %s:\n' % name.encode())
        ids = range(number, number + (count if name == lists[-1] else 1))
        text.append(b''.join(b'  - {id: %d%s}\n' % (i, owner) for i in ids))
        number, owner = ids[-1] + 1, b', owner: %d' % ids[0]
    return (b''.join(text) + END, b'', b'')


def bomb(levels):
    """Every name stands for ten of the one before."""
    lines = [b'a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n']
    lines += [b'a%d: &a%d [%s]\n' % (i, i, b', '.join([b'*a%d' % (i - 1)] * 10)) for i in range(1, levels)]
    return b''.join(lines)


# What the file holds: (beginning, what is repeated, end).
WORKBOOKS = {
    'brackets': (HEAD + b'x: ', b'[', b'\n' + END),
    'braces': (HEAD + b'x: ', b'{a: ', b'\n' + END),
    'scalar': (HEAD + b'x: "', b'a', b'"\n' + END),
    'block': (HEAD + b'x: |\n', b'  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n', END),
    'escapes': (HEAD + b'x: "', b'\\x41', b'"\n' + END),
    'comment': (HEAD + b'# ', b'x', b'\n' + END),
    'blank lines': (HEAD, b'\n', END),
    'keys': (HEAD, b'k%d: 1\n', END),
    'names': (HEAD + b'names:\n  functional:\n', b'    "%d": x\n', END),
    'items': (HEAD + b'x: [', b'1,', b']\n' + END),
    'empty maps': (HEAD + b'x: [', b'{},', b']\n' + END),
    'empty rows': (HEAD + b'tables:\n  income:\n    rows:\n', b'    - {}\n', END),
    'anchors': (HEAD, b'k%d: &k%d 1\n', END),
    'escape character': (HEAD + b'department: {name: "\\e[31m', b'a', b'"}\n' + END),
    'broken UTF-8': (HEAD + b'x: "\xff', b'a', b'"\n' + END),
    'NUL': (HEAD + b'x: "', b'\0', b'"\n' + END),
    'no YAML': (b'', b'\x1f\x8b\x08}', b''),
    'cut short': (HEAD + b'tables:\n  income:\n    rows:\n', b'    - {row: "2012901", a: 1}\n', b'    - {row: "20'),
}


def coded(tables, count):
    """A workbook with so many rows by code in each of the tables, from 2010000 on."""
    codes = range(2010000, 2010000 + count)
    names = b''.join(b'    "%d": x\n' % code for code in range(codes[0] // 100, codes[-1] // 100 + 1))
    rows = b'    rows:\n' + b''.join(b'    - {row: "%d"}\n' % code for code in codes)
    return (HEAD + b'names:\n  functional:\n' + names + b'tables:\n' + b''.join(b'  %s:\n' % table.encode() + rows for table in tables) + END,
            b'', b'')


class Hostile(Measured):
    # -- workbooks

    def test_workbooks_just_within_the_size(self):
        for name, parts in WORKBOOKS.items():
            self.write('a.yaml', parts, 32 * 1024 * 1024 - 4096)
            self.assertRefused(name + ', 32 MiB', 'check', 'a.yaml', said=r'a\.yaml')

    def test_small_workbooks(self):
        for name, parts in WORKBOOKS.items():
            self.write('a.yaml', parts, 120 * 1024)
            if name not in ('blank lines', 'comment'):
                self.assertRefused(name + ', 120 KiB', 'check', 'a.yaml', said=r'a\.yaml')

    def test_brackets(self):
        self.write('a.yaml', (b'', b'[', b''), 160_000)
        self.assertRefused('160 KB of [', 'check', 'a.yaml', said='a.yaml:1:33: .*32 层')

    def test_an_alias_bomb(self):
        self.write('a.yaml', (bomb(10), b'', b''), 0)
        self.assertRefused('alias bomb', 'check', 'a.yaml', said='a.yaml:1:5: .*锚点')

    def test_a_scalar_of_200_megabytes(self):
        self.write('a.yaml', WORKBOOKS['scalar'], 200_000_000)
        self.assertRefused('200 MB scalar', 'check', 'a.yaml', said='太大')

    def test_ten_million_keys(self):
        self.write('a.yaml', WORKBOOKS['keys'], 119_000_000)
        self.assertRefused('10 million keys', 'check', 'a.yaml', said='太大')

    def test_a_quoted_escape_character(self):
        for escape in ('\\e', '\\x1b', '\\u001b', '\\U0000009b', '\\0', '\\u202e', '\\u200b', '\\uFEFF'):
            self.write('a.yaml', (HEAD + b'department: {name: "a%s[31m"}\n' % escape.encode() + END, b'', b''), 0)
            self.assertRefused('quoted ' + escape, 'check', 'a.yaml', said=r'a.yaml:5:20: .*U\+')

    def test_a_file_without_end(self):
        self.assertRefused('/dev/zero', 'check', '/dev/zero', said='普通文件')
        os.mkfifo(self.path('pipe'))
        self.assertRefused('a pipe', 'check', 'pipe', said='普通文件')

    def test_a_sparse_file(self):
        with open(self.path('a.yaml'), 'wb') as file:
            file.truncate(1 << 40)
        self.assertRefused('1 TiB of nothing', 'check', 'a.yaml', said='太大')

    def test_many_errors_give_few_messages(self):
        rows = b''.join(b'    - {row: "%d", nothing: x}\n' % n for n in range(2000))
        self.write('a.yaml', (HEAD + b'tables:\n  income:\n    rows:\n' + rows + END, b'', b''), 0)
        self.assertRefused('2000 wrong rows', 'check', 'a.yaml', said=r'a\.yaml')

    def test_more_rows_than_a_workbook_may_have(self):
        for lists in (['单位'], ['项目'], ['采购'], ['项目', '指标']):
            for count in (ENTRIES_MOST + 1, 300_000):
                self.write('a.yaml', entries(lists, count), 0)
                self.assertRefused('%d entries of %s' % (count, lists[-1]), 'check', 'a.yaml', most=FULL,
                                   said=r'a\.yaml:[0-9]+:[0-9]+: .*名录合起来最多 %d 条' % ENTRIES_MOST)
        self.write('a.yaml', coded(['income', 'expenditure'], ROWS_MOST // 2 + 1), 0)
        self.assertRefused('%d rows in two tables' % (ROWS_MOST + 2), 'check', 'a.yaml', most=FULL,
                           said=r'a\.yaml:[0-9]+:[0-9]+: 一个文件最多加 %d 行' % ROWS_MOST)

    def test_instructions_grow_with_the_entries(self):
        for lists in (['单位'], ['项目'], ['采购'], ['项目', '指标']):
            self.assertLinear('entries of ' + lists[-1], lambda size, lists=lists: self.instructions(
                'check', self.write('a.yaml', entries(lists, size // 20), 0)), per_byte=6_000)

    # -- packs

    def make_pack(self):
        forms = self.path('forms')
        shutil.rmtree(forms, ignore_errors=True)
        shutil.copytree(os.path.join(tap.TOP, 'tests', 'fuzz', 'packs'), forms)
        return forms

    def test_catalogues(self):
        for name, parts, size in (('catalogue of 10 million lines', (b'code,name\n', b'2010101,x,3,,,y\n', b''), 160_000_000),
                                  ('catalogue of 10 million blank lines', (b'code,name\n', b'\n', b''), 10_000_000),
                                  ('catalogue, 1 MiB of lines', (b'code,name\n', b'2010101,x,3,,,y\n', b''), 1_000_000),
                                  ('catalogue, 1 MiB of blank lines', (b'code,name\n', b'\n', b''), 1_000_000),
                                  ('catalogue, 1 MiB of commas', (b'code,name\n', b',', b''), 1_000_000),
                                  ('catalogue, one open quote', (b'code,name\n"', b'a', b''), 1_000_000)):
            forms = self.make_pack()
            self.write('forms/catalogue/functional.csv', parts, size)
            self.assertRefused(name, 'new', 'small', 'a.yaml', said='functional.csv', YUBIAO_FORMS=forms)

    def test_layouts(self):
        for name, parts in WORKBOOKS.items():
            if name in ('blank lines', 'comment', 'cut short'):
                continue
            for size in (250 * 1024, 2_000_000):
                forms = self.make_pack()
                self.write('forms/small/income.yaml', (parts[0].replace(HEAD, b'table: a\n'), *parts[1:]), size)
                self.assertRefused('table of %s, %d' % (name, size), 'new', 'small', 'a.yaml', said='income.yaml', YUBIAO_FORMS=forms)

    def test_a_pack_of_many_tables(self):
        forms = self.make_pack()
        with open(self.path('forms/small/income.yaml'), 'rb') as file:
            table = file.read()
        names = ['t%d' % n for n in range(150)]
        for name in names:
            with open(self.path('forms/small/%s.yaml' % name), 'wb') as file:
                file.write(table + b'# ' + b'x' * 10000 + b'\n')
        with open(self.path('forms/small/pack.yaml'), 'a', encoding='utf-8') as file:
            file.write('tables: [%s]\n' % ', '.join(names))
        with open(self.path('forms/small/pack.yaml'), encoding='utf-8') as file:
            text = re.sub(r'^tables:\n(  - .*\n)+', '', file.read(), flags=re.M)
        with open(self.path('forms/small/pack.yaml'), 'w', encoding='utf-8') as file:
            file.write(text)
        self.assertRefused('150 tables', 'new', 'small', 'a.yaml', said='合起来', YUBIAO_FORMS=forms)

    # -- instructions

    def test_instructions_grow_with_the_bytes(self):
        for name, parts in WORKBOOKS.items():
            self.assertLinear(name, lambda size, parts=parts: self.instructions('check', self.write('a.yaml', parts, size)))

    def test_instructions_of_a_catalogue(self):
        forms = self.make_pack()

        def measure(size):
            self.write('forms/catalogue/functional.csv', (b'code,name\n', b'"20101""01",x,3,,,y\n', b'201,x\n'), size)
            return self.instructions('new', 'small', 'a.yaml', YUBIAO_FORMS=forms)
        self.assertLinear('catalogue', measure)

    def test_instructions_of_a_layout(self):
        for repeated in ('＜', '<', '<a ', '＜a＞', '（', '年'):
            def measure(size, repeated=repeated):
                forms = self.make_pack()
                path = os.path.join(forms, 'small', 'income.yaml')
                with open(path, encoding='utf-8') as file:
                    text = re.sub('^title: .*$', 'title: "%s"' % (repeated * (size // len(repeated.encode()))), file.read(), flags=re.M)
                with open(path, 'w', encoding='utf-8') as file:
                    file.write(text)
                return self.instructions('forms', 'lint', os.path.join(forms, 'small'), YUBIAO_FORMS=forms)
            self.assertLinear('title of ' + repeated, measure, size=15_000)


if __name__ == '__main__':
    tap.main()
