#!/usr/bin/python3
"""Large files imported: little memory and few instructions a byte, whether they are refused or not; and a workbook that
stays as it was when they are."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from measured import Measured, tap

HEAD = '科目编码,科目名称,财政拨款收入\n'.encode()
ROW = '2012901,行政运行,62.89\n'.encode()
LONG = ('2012901,' + '行政运行' * 60 + ',62.89\n').encode()
MEGABYTE = 1_000_000
PER_BYTE = 8000  # instructions: a row of a few bytes is an entry added, named, filled, shown, and taken back
# What the file holds (beginning, what is repeated, end), its size, what is said.
REFUSED = {
    'commas': ((b'', b',', b''), 10 * MEGABYTE, '第 1 行第 513 栏：.*512 栏'),
    'tabs': ((b'', b'\t', b''), 10 * MEGABYTE, '第 1 行第 513 栏：.*512 栏'),
    'line ends': ((b'', b'\n', b''), 10 * MEGABYTE, '第 20001 行'),
    'carriage returns': ((b'', b'\r', b''), 10 * MEGABYTE, '第 20001 行'),
    'empty quotes': ((b'', b'"",', b''), 10 * MEGABYTE, '第 1 行第 513 栏：.*512 栏'),
    'quotes': ((b'', b'"', b''), 10 * MEGABYTE, '64 KB'),
    'quotes not closed': ((HEAD, '2012902,"一般行政管理事务,2\n'.encode(), b''), 10 * MEGABYTE, '引号'),
    'one cell': ((HEAD + b'2012901,', b'x', b'\n'), 3 * MEGABYTE, '第 2 行第 2 栏：.*64 KB'),
    'one figure': ((HEAD + b'2012901,,', b'9', b'\n'), 3 * MEGABYTE, '第 2 行第 3 栏：.*64 KB'),
    'one figure, 10 MB': ((HEAD + b'2012901,,', b'9', b'\n'), 10 * MEGABYTE, '第 1 行：文件超过了 4 MB'),
    'rows, 32 MB': ((HEAD, ROW, b''), 32 * MEGABYTE, '第 20001 行'),
    'long rows, 32 MB': ((HEAD, LONG, b''), 32 * MEGABYTE, '第 5707 行：文件超过了 4 MB'),
    'long rows of GB18030, 32 MB': (tuple(part.decode().encode('gb18030') for part in (HEAD, LONG)) + (b'',), 32 * MEGABYTE,
                                   '第 8474 行：文件超过了 4 MB'),
    'long rows of UTF-16, 32 MB': ((b'\xff\xfe' + HEAD.decode().encode('utf-16-le'), LONG.decode().encode('utf-16-le'), b''),
                                  32 * MEGABYTE, '文件超过了 4 MB'),
    'wide rows': ((HEAD, b'1' + b',1' * 499 + b'\n', b''), 4 * MEGABYTE, '40 万格'),
    'a code again and again': ((HEAD, ROW, b''), MEGABYTE // 2, '第 3 行：“2012901”在第 2 行已经有了'),
    'NUL': ((HEAD, b'\0', b''), 3 * MEGABYTE, 'NUL'),
    'no encoding': ((HEAD, b'\xff', b''), 3 * MEGABYTE, '0xFF'),
}
# What the file holds, and the table that it goes to; most of these are taken.
LINEAR = {
    'entries': ('organisation', ('单位名称,单位性质\n'.encode(), '单位%d,行政\n'.encode(), b'')),
    'entries of one name': ('organisation', ('单位名称,单位性质\n'.encode(), '某单位,行政\n'.encode(), b'')),
    'rows of blanks': ('income', (HEAD + ROW, b',,           \n', b'')),
    'a code again and again': ('income', (HEAD, ROW, b'')),
    'codes that are none': ('income', (HEAD, b'x%d,x,1\n', b'')),
    'heads': ('income', (HEAD, HEAD, b'')),
    'rows of no table': ('three-public', ('项目,预算数\n'.encode(), '项目%d,1\n'.encode(), b'')),
    'words of a card': ('project', (b'', '年度目标,%d\n'.encode(), b'')),
    'brackets not closed': ('income', ('科目编码,科目名称,财政拨款收入\n'.encode(), '2012901,%s,1\n'.encode() % ('项目（'.encode() * 5000), b'')),
    'years': ('summary', (b'', ('2024年' * 5000 + ',1\n').encode(), b'')),
    'numbers in front': ('three-public', ('项目,合计\n'.encode(), ('三、' * 5000 + ',1\n').encode(), b'')),
    'long texts of a card': ('project', ('项目名称,甲\n'.encode(), ('绩效目标,' + '1.2' * 15000 + '\n').encode(), b'')),
    'GB18030': ('organisation', tuple(part.encode('gb18030') for part in ('单位名称,单位性质\n', '单位%d,行政\n', ''))),
}


class Import(Measured):
    def assertUnchanged(self, name):
        with open(self.path('sample.yaml'), 'rb') as one, open(tap.SAMPLE, 'rb') as other:
            self.assertEqual(one.read(), other.read(), name)

    def test_large_files_are_refused(self):
        self.copy_sample()
        for name, (parts, size, said) in REFUSED.items():
            with self.subTest(name):
                self.write('a.csv', parts, size)
                self.assertRefused(name, 'import', 'sample.yaml', 'a.csv', '--table', 'income', status=1, said=said)
                self.assertUnchanged(name)

    def test_instructions_grow_with_the_bytes(self):
        for name, (table, parts) in LINEAR.items():
            def measure(size, table=table, parts=parts):
                self.write('a.csv', parts, size)
                return self.instructions('import', self.copy_sample(), 'a.csv', '--table', table, '--dry-run')
            with self.subTest(name):
                self.assertLinear(name, measure, 60_000, PER_BYTE)


if __name__ == '__main__':
    tap.main()
