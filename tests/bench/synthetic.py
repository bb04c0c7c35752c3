"""Large workbooks with made-up codes, for measuring: rows of 支出总表 and 收入总表 that agree, below classes
that exist. Nothing comes from public funds, so the other tables may stay empty."""
import csv
import hashlib
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap


def made_up_codes(count):
    """`count` seven-digit codes whose five-digit parents the catalogue lacks, in order."""
    with open(os.path.join(tap.TOP, 'forms', 'catalogue', 'functional.csv'), encoding='utf-8') as file:
        known = {row[0] for row in csv.reader(file)}
    classes = sorted(code for code in known if len(code) == 3 and code.isdigit())
    # few leaves a parent in small tables, as in real ones; the large ones need every number there is
    leaves = 99 if count > 20000 else 20
    codes = [middle + '%02d' % leaf for top in classes for middle in (top + '%02d' % number for number in range(1, 100))
             if middle not in known for leaf in range(1, leaves + 1)]
    if len(codes) < count:
        raise ValueError('only %d codes' % len(codes))
    step = len(codes) // count
    return codes[:count * step:step]


def workbook(count):
    """A workbook file's text with `count` coded rows in each of two tables."""
    codes = made_up_codes(count)
    names = sorted({code[:5] for code in codes} | set(codes))
    lines = ['yubiao: 1', 'id: 0123456789abcdef0123456789abcdef', 'pack: hebei-2024', 'year: 2024',
             'department: {code: "711", name: 总工会}', 'figures: exact', 'names:', '  functional:']
    lines += ['    "%s": 测试科目%s' % (name, name) for name in names]
    lines += ['tables:', '  income:', '    rows:']
    lines += ['      - {row: "%s", 事业收入: %d.%02d}' % (code, 10 + i % 90, i % 100) for i, code in enumerate(codes)]
    lines += ['  expenditure:', '    rows:']
    lines += ['      - {row: "%s", 基本支出: %d.%02d}' % (code, 10 + i % 90, i % 100) for i, code in enumerate(codes)]
    text = '\n'.join(lines) + '\n'
    return text + 'end: {rows: %d, sha256: %s}\n' % (2 * count, hashlib.sha256(text.encode()).hexdigest())


def write(path, count):
    with open(path, 'w', encoding='utf-8') as file:
        file.write(workbook(count))
    return path


if __name__ == '__main__':
    write(sys.argv[1], int(sys.argv[2]))
