#!/usr/bin/python3
"""One table as clerks have it: out of spreadsheets, printed tables, other systems. However it comes, the workbook is the same."""
import csv
import io
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap

HEAD = ['科目编码', '科目名称', '合计', '基本支出', '项目支出']
ROWS = [['', '合计', '1072.49', '1062.89', '9.60'],
        ['201', '一般公共服务支出', '72.49', '62.89', '9.60'],
        ['20129', '群众团体事务', '72.49', '62.89', '9.60'],
        ['2012901', '行政运行', '62.89', '62.89', ''],
        ['2012902', '一般行政管理事务', '9.60', '', '9.60'],
        ['208', '社会保障和就业支出', '1000.00', '1000.00', ''],
        ['20805', '行政事业单位养老支出', '1000.00', '1000.00', ''],
        ['2080501', '行政单位离退休', '1000.00', '1000.00', '']]
NOTHING = [''] * 5


def text(rows, separator=',', end='\n'):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    return out.getvalue()


def parts(code):
    return [code[:3], code[3:5], code[5:7]]


def each(change, rows=None):
    """The rows, every figure changed."""
    return [row[:2] + [change(cell) if cell else '' for cell in row[2:]] for row in rows or ROWS]


def yuan(cell):
    return '%d' % round(float(cell) * 10000)


def split(code, keep):
    return [part if keep else part.lstrip('0') for part in parts(code)]


def merged(rows):
    """Parts of codes left blank where they repeat the row above."""
    out, above = [], ['', '', '']
    for row in rows:
        now = split(row[0], keep=False)
        same = [all(part and part == other for part, other in zip(now[:i + 1], above[:i + 1])) for i in range(3)]
        out.append([part if part and not (same[i] and any(now[i + 1:])) else '' for i, part in enumerate(now)] + row[1:])
        above = [part or '' for part in now]
    return out


FULL_WIDTH = str.maketrans('0123456789.', '０１２３４５６７８９．')
PLAIN = text([HEAD, *ROWS])
# The bytes, and the arguments that go with them.
GUISES = {
    'with a mark': (PLAIN.encode('utf-8-sig'),),
    'line ends of Windows': (PLAIN.replace('\n', '\r\n').encode(),),
    'line ends of old Macs': (PLAIN.replace('\n', '\r').encode(),),
    'no line end at the end': (PLAIN.rstrip('\n').encode(),),
    'GB18030': (PLAIN.encode('gb18030'),),
    'GB18030, said': (PLAIN.encode('gbk'), '--encoding', 'gbk'),
    'Unicode text of Excel': (b'\xff\xfe' + text([HEAD, *ROWS], '\t', '\r\n').encode('utf-16-le'),),
    'UTF-16, big end first': (b'\xfe\xff' + PLAIN.encode('utf-16-be'),),
    'UTF-16 without a mark, said': (PLAIN.encode('utf-16-le'), '--encoding', 'utf-16le'),
    'tabs': (text([HEAD, *ROWS], '\t').encode(),),
    'semicolons': (text([HEAD, *ROWS], ';').encode(),),
    'a separator that is said': (('sep=;\n' + text([HEAD, *ROWS], ';')).encode(),),
    'columns in another order': (text([[row[i] for i in (4, 1, 3, 0, 2)] for row in [HEAD, *ROWS]]).encode(),),
    'rows in another order': (text([HEAD, *reversed(ROWS)]).encode(),),
    'line numbers in front': (text([['序号', *HEAD], *[[str(i + 1), *row] for i, row in enumerate(ROWS)]]).encode(),),
    'no head': (text([row + ['', '', ''] for row in ROWS]).encode(),),
    'no head, line numbers': (text([[str(i + 1), *row, '', '', ''] for i, row in enumerate(ROWS)]).encode(),),
    'title, unit, remarks, blank lines and columns': (text([
        ['部门支出总表', '', '', '', '', '', ''], ['部门：总工会', '', '', '', '单位：万元', '', ''], *[row + ['', ''] for row in [HEAD, *ROWS]],
        ['注：本表按部门预算编报。', '', '', '', '', '', ''], ['制表人：张三', '', '', '复核：李四', '', '', ''], *[[''] * 7] * 3]).encode(),),
    'total last, in the column of codes': (text([HEAD, *ROWS[1:], ['合 计', '', *ROWS[0][2:]]]).encode(),),
    'total as 总计': (text([HEAD, *ROWS[1:], ['', '总　计', *ROWS[0][2:]]]).encode(),),
    'two pages': (text([HEAD, *ROWS[:4], HEAD, *ROWS[4:]]).encode(),),
    'head of two lines': (text([['功能分类科目', '', '合计', '基本支出', '项目支出'], ['科目编码', '科目名称', '', '', ''], *ROWS]).encode(),),
    'heads with line ends, blanks, brackets': (text([['科目\n编码', '科 目 名 称', '合计（万元）', '【基本支出】', '项目支出(万元)'], *ROWS]).encode(),),
    'a line of column numbers': (text([HEAD, ['栏次', '', '1', '2', '3'], *ROWS]).encode(),),
    'a line of asterisks': (text([HEAD, ['**', '**', '1', '2', '3'], *ROWS]).encode(),),
    'codes in parts': (text([['类', '款', '项', *HEAD[1:]], *[split(row[0], True) + row[1:] for row in ROWS]]).encode(),),
    'codes in parts, zeros lost': (text([['类', '款', '项', *HEAD[1:]], *[split(row[0], False) + row[1:] for row in ROWS]]).encode(),),
    'codes in merged parts': (text([['类', '款', '项', *HEAD[1:]], *merged(ROWS)]).encode(),),
    'codes in parts under one head': (text([['科目编码', '', '', *HEAD[1:]], ['类', '款', '项', '', '', '', ''], *merged(ROWS)]).encode(),),
    'codes in parts, no line of their own': (text([['科目编码', '', '', *HEAD[1:]], *[split(row[0], True) + row[1:] for row in ROWS]]).encode(),),
    'codes as numbers': (text([HEAD, *[[row[0] and row[0] + '.0', *row[1:]] for row in ROWS]]).encode(),),
    'codes with commas': (text([HEAD, *[[row[0] and format(int(row[0]), ','), *row[1:]] for row in ROWS]]).encode(),),
    'codes as formulas': (text([HEAD, *[[row[0] and '="%s"' % row[0], *row[1:]] for row in ROWS]]).encode(),),
    'codes with apostrophes': (text([HEAD, *[[row[0] and "'" + row[0], *row[1:]] for row in ROWS]]).encode(),),
    'codes filled up with zeros': (text([HEAD, *[[row[0] and row[0].ljust(7, '0'), *row[1:]] for row in ROWS]]).encode(),),
    'code of zeros for the total': (text([HEAD, ['000', *ROWS[0][1:]], *ROWS[1:]]).encode(),),
    'codes in parts, filled up with zeros': (text([['类', '款', '项', *HEAD[1:]], *[
        [part or '00' for part in parts(row[0])] + row[1:] if row[0] else ['', '', ''] + row[1:] for row in ROWS]]).encode(),),
    'whole codes in the columns of parts': (text([['类', '款', '项', *HEAD[1:]], *[
        [row[0] if len(row[0]) == length else '' for length in (3, 5, 7)] + row[1:] for row in ROWS]]).encode(),),
    'codes called 代码': (text([['支出功能分类科目代码', '支出功能分类科目名称', *HEAD[2:]], *ROWS]).encode(),),
    'code and name in one cell': (text([['功能分类科目', *HEAD[2:]], *[[' '.join(row[:2]).strip(), *row[2:]] for row in ROWS]]).encode(),),
    'code and name, joined': (text([['支出功能分类科目', *HEAD[2:]], *[['-'.join(row[:2]).strip('-'), *row[2:]] for row in ROWS]]).encode(),),
    'code and name under 科目': (text([['科目', *HEAD[2:]], *[[''.join(row[:2]), *row[2:]] for row in ROWS]]).encode(),),
    'code in brackets, name': (text([['科目编码', *HEAD[2:]], *[['[%s]%s' % tuple(row[:2]) if row[0] else row[1], *row[2:]] for row in ROWS]]).encode(),),
    'names indented': (text([HEAD, *[[row[0], '　' * (len(row[0]) // 2) + row[1], *row[2:]] for row in ROWS]]).encode(),),
    'full width': (text([HEAD, *[[cell.translate(FULL_WIDTH) for cell in row] for row in ROWS]]).encode(),),
    'commas in figures': (text([HEAD, *each(lambda cell: format(float(cell), ',.2f'))]).encode(),),
    'blanks in figures': (text([HEAD, *each(lambda cell: ' %s ' % format(float(cell), ',.2f').replace(',', ' '))]).encode(),),
    'signs of money': (text([HEAD, *each(lambda cell: '￥' + cell)]).encode(),),
    'formulas that are but figures': (text([HEAD, *each(lambda cell: '="%s"' % cell)]).encode(),),
    'dashes for blanks': (text([HEAD, *[[cell or '—' if i > 1 else cell for i, cell in enumerate(row)] for row in ROWS]]).encode(),),
    '元 in the heads': (text([[*HEAD[:2], *[head + '（元）' for head in HEAD[2:]]], *each(yuan)]).encode(),),
    '元 above': (text([['', '', '', '', '金额单位：元'], HEAD, *each(yuan)]).encode(),),
    '元 in brackets above': (text([['（单位：元）', '', '', '', ''], HEAD, *each(yuan)]).encode(),),
    '元 by option': (text([HEAD, *each(yuan)]).encode(), '--unit', '元'),
    '元 in one column only': (text([[*HEAD[:3], '基本支出（元）', HEAD[4]], *[[*row[:3], row[3] and yuan(row[3]), row[4]] for row in ROWS]]).encode(),),
}


class Guises(tap.Case):
    def new(self):
        self.yubiao('new', 'hebei-2024', 'a.yaml', '--code', '711', '--name', '总工会')

    def tables(self):
        with open(self.path('a.yaml'), encoding='utf-8') as file:
            text = file.read()
        return text[text.index('\ntables:'):text.index('\nend:')]

    def take(self, data, *arguments, name='from.csv'):
        """What the table becomes, and what was said."""
        if os.path.exists(self.path('a.yaml')):
            os.remove(self.path('a.yaml'))
        self.new()
        with open(self.path(name), 'wb') as file:
            file.write(data)
        return self.yubiao('import', 'a.yaml', name, '--table', 'expenditure', *arguments), self.tables()

    def test_all_give_the_same(self):
        _, wanted = self.take(PLAIN.encode())
        self.assertEqual(wanted.count('{row: '), 11, wanted)
        for name, (data, *arguments) in GUISES.items():
            with self.subTest(name):
                done, found = self.take(data, *arguments)
                self.assertEqual(done.stderr, '', name)
                self.assertEqual(found, wanted, name)
        print('# %d guises' % len(GUISES))

    def test_from_standard_input(self):
        _, wanted = self.take(PLAIN.encode())
        os.remove(self.path('a.yaml'))
        self.new()
        subprocess.run([tap.PROGRAM, 'import', 'a.yaml', '-', '--table', '支出总表'], env=tap.clean_environment(self.home), cwd=self.home,
                       input=PLAIN.encode(), capture_output=True, check=True)
        self.assertEqual(self.tables(), wanted)

    def test_without_control_figures(self):
        """The totals are left out, and nothing else is."""
        _, wanted = self.take(text([row[:2] + row[3:] for row in [HEAD, *ROWS] if len(row[0]) in (4, 7)]).encode())
        for name in ('title, unit, remarks, blank lines and columns', 'codes in merged parts', '元 above'):
            data, *arguments = GUISES[name]
            done, found = self.take(data, '--no-control')
            self.assertEqual((done.stderr, found), ('', wanted), name)
        self.assertNotIn('control', found)

    def test_a_change_is_a_line(self):
        self.copy_sample()
        with open(self.path('card.csv'), 'w', encoding='utf-8') as file:
            file.write('项目名称,劳模体检经费\n绩效目标,"一\n二"\n')
        done = self.yubiao('import', 'sample.yaml', 'card.csv', '--table', 'project', '--dry-run')
        self.assertIn('项目绩效目标[劳模体检经费].绩效目标：1.组织80位劳模进行体检 2.进一步关怀、关爱劳模 → 一 二\n', done.stdout)

    def test_of_a_folder_one_table(self):
        self.copy_sample()
        self.yubiao('export', 'sample.yaml', '--to', 'out')
        self.new()
        done = self.yubiao('import', 'a.yaml', 'out', '--table', 'expenditure')
        self.assertEqual(done.stdout, '03-expenditure.csv → 《支出总表》：17 行，填 8 处，控制数 29 个，加 8 行\n')
        os.remove(self.path('out/03-expenditure.csv'))
        done = self.yubiao('import', 'a.yaml', 'out', '--table', 'expenditure', status=1)
        self.assertIn('yubiao: out：这个文件夹里的 19 个文件都是别的表的，没有《支出总表》的。\n', done.stderr)


if __name__ == '__main__':
    tap.main()
