#!/usr/bin/python3
"""Spoilt files: each is refused with the right sentence, which says the line, and changes nothing.

NAME.csv stands beside NAME.txt: the first line is the command (`import beidaihe-2024 NAME.csv --table income`: the sample
that the file is imported into, then arguments), the rest what is said on standard error. A file that is large is not kept but
made: see MADE.
"""
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap

HERE = os.path.dirname(os.path.abspath(__file__))
HEAD = '科目编码,科目名称,财政拨款收入\n'
MADE = {
    'bytes-commas-10mb': lambda: b',' * 10_000_000,
    'bytes-lines-10mb': lambda: b'\n' * 10_000_000,
    'bytes-quotes-10mb': lambda: b'"",' * 3_333_333,
    'bytes-open-quotes': lambda: (HEAD + '2012901,行政运行,1\n' + '2012902,"一般行政管理事务,2\n' * 100_000).encode(),
    'bytes-too-many': lambda: (HEAD + ('2012901,' + '行政运行' * 60 + ',62.89\n') * 9000).encode(),
    'bytes-too-many-gb18030': lambda: (HEAD + ('2012901,' + '行政运行' * 60 + ',62.89\n') * 12000).encode('gb18030'),
    'cell-too-long': lambda: (HEAD + '2012901,"' + '行政运行' * 6000 + '",62.89\n').encode(),
    'lines-too-many': lambda: (HEAD + '2012901,行政运行,62.89\n' * 20000).encode(),
    'cells-too-many': lambda: (('1,' * 500 + '1\n') * 1000).encode(),
    'code-twice-very-often': lambda: (HEAD + '2012901,行政运行,62.89\n' * 19000).encode(),
}


class Spoilt(tap.Case):
    def names(self):
        return sorted(name[:-4] for name in os.listdir(HERE) if name.endswith('.txt'))

    def source(self, name):
        path = os.path.join(HERE, name + '.csv')
        if name in MADE:
            path = self.path(name + '.csv')
            with open(path, 'wb') as file:
                file.write(MADE[name]())
        return path

    def refuse(self, name):
        with open(os.path.join(HERE, name + '.txt'), encoding='utf-8') as file:
            command, _, wanted = file.read().partition('\n')
        verb, sample, csv, *arguments = command.split()
        self.assertEqual((verb, csv), ('import', name + '.csv'))
        shutil.copy(os.path.join(tap.TOP, 'sample-data', sample + '.yaml'), self.path('file.yaml'))
        with open(self.path('file.yaml'), 'rb') as file:
            before = file.read()
        only_tried = '--dry-run' in arguments
        done = self.yubiao('import', 'file.yaml', self.source(name), *arguments, status=0 if only_tried else 1)
        self.assertEqual(done.stderr, wanted, name)
        if not only_tried:
            self.assertEqual(done.stdout, '', name)
        with open(self.path('file.yaml'), 'rb') as file:
            self.assertEqual(file.read(), before, name)
        self.assertEqual(set(os.listdir(self.home)) - {name + '.csv'}, {'file.yaml'})

    def test_each_is_refused(self):
        names = self.names()
        for name in names:
            with self.subTest(name):
                self.refuse(name)
                if name in MADE:
                    os.remove(self.path(name + '.csv'))
        self.assertEqual({name for name in names if not os.path.exists(os.path.join(HERE, name + '.csv'))}, set(MADE))
        self.assertGreaterEqual(len(names), 40)
        print('# %d spoilt files' % len(names))


if __name__ == '__main__':
    tap.main()
