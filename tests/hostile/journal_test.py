#!/usr/bin/python3
"""Journals and histories that are too large, or none, or full: what they are is said, nothing is changed over them, in little
memory, and in instructions that grow no faster than the bytes."""
import hashlib
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from measured import CHUNK, FULL, MEMORY, Measured, tap

GIBIBYTE = 1 << 30
SIXTY = 60_000_000  # bytes of a journal that is read
JOURNAL, HISTORY = '.a.yaml.journal', 'a.yaml.history'


class Records:
    """A journal or a history with sums that fit."""

    def __init__(self, workbook, kind):
        with open(workbook, 'rb') as file:
            data = file.read()
        self.sum = ''
        identity, pack = (re.search(rb'^%s: "?([^"\n]+)' % key, data, re.M)[1].decode() for key in (b'id', b'pack'))
        self.head = self.line('yubiao-' + kind, 1, identity, pack, '-', hashlib.sha256(data).hexdigest(), '-', 1)

    def line(self, *fields):
        line = ''.join('%s\t' % field for field in fields).encode()
        self.sum = hashlib.sha256(self.sum.encode() + line).hexdigest()[:16]
        return line + self.sum.encode() + b'\n'

    def changes(self, size):
        """The head and so many bytes of changes of one cell."""
        yield self.head
        number, left, before = 0, size - len(self.head), ''
        while left > 0:
            number += 1
            after = '%d.00' % (number % 1000 + 1)
            line = self.line(number, '2024-05-06T10:21:33+08:00', 'u@h', 'do', number, '.', '改', 'figure', 'expenditure', '2012902',
                             '基本支出', before, after)
            before, left = after, left - len(line)
            yield line

    def entries(self, name, count, place=''):
        """The head and so many new entries of a list, each put at `place`."""
        yield self.head
        for number in range(1, count + 1):
            yield self.line(number, '2024-05-06T10:21:33+08:00', 'u@h', 'do', number, '.', '加', 'entry-add', name, '@%d' % (1000 + number),
                            place, '', '')


class Journals(Measured):
    def setUp(self):
        super().setUp()
        self.copy_sample('a.yaml')

    def read(self, name='a.yaml'):
        with open(self.path(name), 'rb') as file:
            return file.read()

    def put_nothing(self, name):
        with open(self.path(name), 'wb') as file:
            file.truncate(GIBIBYTE)

    def put(self, name, parts):
        with open(self.path(name), 'wb') as file:
            file.writelines(parts)

    def assertAside(self, name, part, size):
        """It stands under another name as it was."""
        aside = [file for file in os.listdir(self.home) if part in file]
        self.assertEqual([os.path.getsize(self.path(file)) for file in aside], [size], name)
        os.unlink(self.path(aside[0]))

    def assertJournalRefused(self, name):
        before, size = self.read(), os.path.getsize(self.path(JOURNAL))
        code, text, kilobytes = self.run_measured('set', 'a.yaml', '支出总表[2012902].基本支出=1')
        self.assertEqual(code, 2, text)
        self.assertIn('没有保存的修改', text)
        self.assertLessEqual(kilobytes, MEMORY)
        self.assertRefused(name + ': take', 'recover', 'a.yaml', '--take', said='不能取回')
        code, text, kilobytes = self.run_measured('recover', 'a.yaml', '--aside')
        self.assertEqual(code, 0, text)
        self.assertLessEqual(kilobytes, MEMORY)
        self.assertEqual(self.read(), before)
        self.assertAside(name, 'yaml.journal-', size)

    def assertRead(self, name, *arguments):
        code, text, kilobytes = self.run_measured(*arguments)
        self.assertIn(code, (0, 1), text)
        self.assertLessEqual(kilobytes, MEMORY, name)
        print('# %-34s %5d KB' % (name, kilobytes))
        return code

    def test_journals_of_1_gibibyte(self):
        self.put_nothing(JOURNAL)
        self.assertJournalRefused('journal, 1 GiB of nothing')
        piece = b''.join(Records(self.path('a.yaml'), 'journal').changes(CHUNK))
        self.put(JOURNAL, (piece for _ in range(GIBIBYTE // CHUNK)))
        self.assertJournalRefused('journal, 1 GiB of changes')

    def test_journals_of_60_megabytes_that_are_none(self):
        for name, parts in (('one line', (b'x', b'a', b'')), ('short lines', (b'', b'a\n', b'')), ('tabs', (b'', b'\t', b'\n'))):
            self.write(JOURNAL, parts, SIXTY)
            self.assertJournalRefused('journal of 60 MB, ' + name)

    def test_journals_of_60_megabytes(self):
        head = Records(self.path('a.yaml'), 'journal').head
        for name, parts in (('one line', (head, b'a', b'')), ('blank lines', (head, b'\n', b'')), ('tabs', (head, b'\t', b'\n'))):
            self.write(JOURNAL, parts, SIXTY)
            self.assertRead('60 MB, ' + name, 'recover', 'a.yaml', '--list')
        self.put(JOURNAL, Records(self.path('a.yaml'), 'journal').changes(SIXTY))
        self.assertRead('60 MB of changes: check', 'check', 'a.yaml')
        self.assertRead('60 MB of changes: list', 'recover', 'a.yaml', '--list')
        self.assertEqual(self.assertRead('60 MB of changes: take', 'recover', 'a.yaml', '--take'), 0)
        self.assertRegex(self.read().decode(), '2012902", 基本支出: [0-9]')

    def test_journals_of_more_rows_than_a_workbook_may_have(self):
        for place in ('', '0'):
            self.copy_sample('a.yaml')
            self.put(JOURNAL, Records(self.path('a.yaml'), 'journal').entries('采购', 650_000, place))
            size = os.path.getsize(self.path(JOURNAL))
            text = self.assertRefused('650000 new entries', 'recover', 'a.yaml', '--take', status=1, most=FULL,
                                      said='没有取回：一个文件的名录合起来最多 50000 条')
            refused = int(re.search(r'@([0-9]+)', text)[1])
            self.assertIn(b'{id: %d}' % (refused - 1), self.read())
            self.assertNotIn(b'{id: %d}' % refused, self.read())
            self.assertAside('650000 new entries', 'yaml.journal-', size)

    def test_histories_of_1_gibibyte(self):
        changes = b''.join(Records(self.path('a.yaml'), 'history').changes(CHUNK))
        for name, put in (('nothing', lambda: self.put_nothing(HISTORY)),
                          ('one line', lambda: self.write(HISTORY, (b'', b'a', b''), GIBIBYTE)),
                          ('blank lines', lambda: self.write(HISTORY, (b'', b'\n', b''), GIBIBYTE)),
                          ('changes again and again', lambda: self.put(HISTORY, (changes for _ in range(GIBIBYTE // CHUNK))))):
            put()
            size = os.path.getsize(self.path(HISTORY))
            self.assertRefused('history of 1 GiB, ' + name, 'history', 'a.yaml', said=r'history:[0-9]+', status=1)
            self.assertRead('history of 1 GiB, ' + name, 'set', 'a.yaml', '支出总表[2012902].基本支出=%d' % size)
            if name != 'changes again and again':
                self.assertAside(name, 'yaml.history-', size)
            self.copy_sample('a.yaml')
            for file in (JOURNAL, HISTORY):
                os.unlink(self.path(file))

    def test_instructions_grow_with_the_bytes(self):
        head = Records(self.path('a.yaml'), 'journal').head
        for name, put in (('changes', lambda size: self.put(JOURNAL, Records(self.path('a.yaml'), 'journal').changes(size))),
                          ('blank lines', lambda size: self.write(JOURNAL, (head, b'\n', b''), size)),
                          ('tabs', lambda size: self.write(JOURNAL, (head, b'\t', b'\n'), size))):
            def measure(size, put=put):
                put(size)
                return self.instructions('recover', 'a.yaml', '--list')
            self.assertLinear('journal of ' + name, measure)


if __name__ == '__main__':
    tap.main()
