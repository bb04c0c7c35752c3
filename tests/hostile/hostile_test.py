#!/usr/bin/python3
"""Files that were made to do harm: each is refused with a sentence, in at most 16 MiB of memory, and the instructions that this
takes grow no faster than the bytes."""
import os
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap

PEAK = os.path.join(tap.BUILD, 'hostile', 'peak')
MEMORY = 16 * 1024        # KB
PER_BYTE = 1500           # instructions a byte read
GROWTH = 4.2              # of the instructions, for four times the bytes
CHUNK = 1 << 20

HEAD = b'yubiao: 1\nid: 0123456789abcdef0123456789abcdef\npack: hebei-2024\nyear: 2024\n'
END = b'end: {rows: 0, sha256: ' + b'0' * 64 + b'}\n'


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


def pieces(parts, size):
    """The bytes of such a file, about `size` of them, piece by piece."""
    beginning, repeated, end = parts
    yield beginning
    left, number = size - len(beginning) - len(end), 0
    while left > 0:
        if b'%d' in repeated:
            piece = b''.join(repeated.replace(b'%d', b'%d' % n) for n in range(number, number + 10000))
            number += 10000
        else:
            piece = repeated * max(1, CHUNK // len(repeated))
        if left < len(piece):
            piece = piece[:piece.rfind(b'\n', 0, left) + 1 or left] if b'\n' in repeated else piece[:left]
            left = 0
        left -= len(piece)
        yield piece
    yield end


class Hostile(tap.Case):
    def write(self, name, parts, size):
        with open(self.path(name), 'wb') as file:
            file.writelines(pieces(parts, size))
        return name

    def run_measured(self, *arguments, **env):
        """(status, stderr, KB)"""
        inner, outer = os.pipe()
        command = 'exec "$@" 3>&%d' % outer
        done = subprocess.run(['/bin/sh', '-c', command, 'sh', PEAK, tap.PROGRAM, *arguments], env=tap.clean_environment(self.home, **env),
                              cwd=self.home, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              pass_fds=[outer], check=False)
        os.close(outer)
        with os.fdopen(inner) as file:
            kilobytes, status = map(int, file.read().split())
        return status, done.stderr.decode('utf-8', 'strict'), kilobytes

    def assertRefused(self, name, *arguments, said='.', status=2, **env):
        """With a sentence on the file, and little memory."""
        code, text, kilobytes = self.run_measured(*arguments, **env)
        self.assertEqual(code, status, '%s: %s' % (name, text[:300]))
        self.assertRegex(text, r'[^\n]{6,}[。）]\n\Z')
        self.assertRegex(text, said)
        self.assertLess(len(text), 4000, name)
        self.assertLessEqual(kilobytes, MEMORY, name)
        print('# %-34s %5d KB  %s' % (name, kilobytes, text.splitlines()[0][len('yubiao: '):][:100]))

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

    def instructions(self, *arguments, **env):
        done = subprocess.run(['valgrind', '--tool=cachegrind', '--cache-sim=no', '--cachegrind-out-file=/dev/null', tap.PROGRAM, *arguments],
                              env=tap.clean_environment(self.home, **env), cwd=self.home, stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, check=False)
        return int(re.search(r'I\s+refs:\s+([\d,]+)', done.stderr)[1].replace(',', ''))

    def assertLinear(self, name, measure):
        """measure(bytes): the instructions for that many."""
        size = 200_000
        nothing, once, four_times = measure(1000), measure(size), measure(4 * size)
        print('# %-34s %6.1f instructions a byte, %4.2f times for 4 times the bytes'
              % (name, (four_times - nothing) / (4 * size), four_times / once))
        self.assertLessEqual(four_times, GROWTH * once, name)
        self.assertLessEqual(four_times - nothing, PER_BYTE * 4 * size, name)

    def test_instructions_grow_with_the_bytes(self):
        for name, parts in WORKBOOKS.items():
            self.assertLinear(name, lambda size, parts=parts: self.instructions('check', self.write('a.yaml', parts, size)))

    def test_instructions_of_a_catalogue(self):
        forms = self.make_pack()

        def measure(size):
            self.write('forms/catalogue/functional.csv', (b'code,name\n', b'"20101""01",x,3,,,y\n', b'201,x\n'), size)
            return self.instructions('new', 'small', 'a.yaml', YUBIAO_FORMS=forms)
        self.assertLinear('catalogue', measure)


if __name__ == '__main__':
    tap.main()
