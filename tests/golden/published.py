"""The published tables of 2024, and what an export must show of them."""
import csv
import decimal
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap

DIRECTORY = os.path.join(tap.TOP, 'tests', 'golden', 'beidaihe-2024')
TABLES = ['summary', 'income', 'expenditure', 'fiscal-summary', 'general-budget', 'basic', 'government-fund', 'state-capital',
          'three-public']
# Where the published figure is wrong: (table, code, column) -> (published, computed).
WRONG = {('general-budget', code, 5): ('2.60', '9.60') for code in ('201', '20129')}


def published(number):
    """The body rows of table `number`, from 1."""
    with open(os.path.join(DIRECTORY, 'T%d.csv' % number), encoding='utf-8', newline='') as file:
        return list(csv.reader(file))


def count():
    """How many amounts the nine tables print."""
    return sum(bool(re.fullmatch(r'-?\d+\.\d+', cell)) for number in range(1, 10) for row in published(number) for cell in row)


def exported(directory, number):
    """The head and the body rows of an exported table."""
    path = os.path.join(directory, '%02d-%s.csv' % (number, TABLES[number - 1]))
    with open(path, encoding='utf-8-sig', newline='') as file:
        rows = list(csv.reader(file))
    return rows[0], rows[1:]


def same(one, other):
    """Amounts by value at two decimals, text without regard to blanks."""
    one, other = re.sub(r'\s', '', one), re.sub(r'\s', '', other)
    try:
        amounts = [decimal.Decimal(text) for text in (one, other)]
    except decimal.InvalidOperation:
        return one == other
    return amounts[0].quantize(decimal.Decimal('0.01')) == amounts[1].quantize(decimal.Decimal('0.01'))


def compare(case, directory):
    """Asserts that the nine exported tables are the published ones but for WRONG; returns the number of cells compared."""
    cells = 0
    for number, table in enumerate(TABLES, 1):
        head, rows = exported(directory, number)
        golden = published(number)
        case.assertEqual([len(row) for row in rows], [len(row) for row in golden], '%s: rows and columns' % table)
        case.assertTrue(all(len(row) == len(head) for row in rows), '%s: head' % table)
        for line, (row, wanted) in enumerate(zip(rows, golden), 1):
            for column, (cell, text) in enumerate(zip(row, wanted)):
                wrong = WRONG.get((table, row[1], column)) if len(row) > 1 else None
                if wrong:
                    case.assertEqual(text, wrong[0])
                    text = wrong[1]
                case.assertTrue(same(cell, text), '%s line %d %s: exported %r, published %r' % (table, line, head[column], cell, text))
                cells += 1
    return cells
