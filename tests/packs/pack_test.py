#!/usr/bin/python3
"""A province that the program has never seen: another language of heads, units, rows and checks, in YAML alone."""
import glob
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from jiangnan import DEPARTMENT, FIGURES, FILES, FINDINGS, HERE, PACK, TABLES, PackCase, table_of, tap

# file: rows, cells entered, control figures, rows added
COUNTS = {
    'shouru.csv': (20, 11, 77, 9), 'zhichu.csv': (20, 14, 72, 9), 'gonggong.csv': (17, 17, 72, 8), 'jiben.tsv': (26, 25, 28, 25),
    'renyuan.csv': (3, 6, 3, 2), 'xiangmu.csv': (4, 11, 9, 3), 'shouzhi.csv': (31, 4, 29, 0), 'caizheng.csv': (5, 0, 12, 0),
    'fenlei.csv': (6, 0, 20, 0), 'sangong.csv': (3, 9, 11, 0), 'huixun.csv': (7, 20, 14, 0), 'yunxing.csv': (13, 12, 40, 0),
    'danwei-142001.csv': (9, 12, 6, 0), 'danwei-142002.csv': (9, 12, 6, 0), 'jixiao-1.csv': (8, 18, 1, 5),
    'jixiao-2.csv': (6, 12, 1, 3), 'jixiao-3.csv': (5, 8, 1, 2),
}


class Pack(PackCase):
    def test_lint_finds_nothing(self):
        self.assertEqual(self.yubiao('forms', 'lint', PACK).stdout.strip(), '套表没有问题。')

    def test_it_stands_alone(self):
        """It builds on no other pack, and no source file knows it."""
        for path in glob.glob(os.path.join(HERE, PACK, '*.yaml')):
            with open(path, encoding='utf-8') as file:
                self.assertNotRegex(file.read(), r'extends|ordinal|numbers:', path)
        words = ('江南', 'jiangnan', '会议费', '培训费', '机关运行经费', *TABLES)
        for path in glob.glob(os.path.join(tap.TOP, 'src', '*', '*.[ch]')):
            with open(path, encoding='utf-8') as file:
                text = file.read()
            self.assertEqual([word for word in words if word in text], [], path)

    def test_show_draws_every_table(self):
        listed = self.yubiao('forms', 'show', PACK).stdout
        for table in TABLES:
            self.assertRegex(listed, r'(?m)^%s ' % table)
            drawn = self.yubiao('forms', 'show', PACK, table).stdout
            self.assertIn('格里的记号', drawn, table)

    def test_every_table_is_imported(self):
        name = self.new('book.yaml')
        for file in FILES:
            rows, entered, controls, added = COUNTS[file]
            said = self.import_one(name, file).stdout.splitlines()[-1]
            found = [int(n) for n in re.findall(r'：(\d+) 行', said) + re.findall(r'填 (\d+) 处', said)
                     + re.findall(r'控制数 (\d+) 个', said) + re.findall(r'加 (\d+) 行', said)]
            self.assertEqual(found, [n for n in (rows, entered, controls, added) if n], said)
            self.assertIn('表里已经是这样', self.import_one(name, file).stdout, file)
        # A subtotal that is none is said as the table prints figures, and kept.
        self.assertEqual(self.import_one(self.new('other.yaml'), 'zhichu.csv').stderr.strip(),
                         'yubiao: 第 11 行第 11 栏：“20701 文化和旅游”的“项目支出”写着“2,303,000”，算得“2330000”：作为控制数留下，审核会指出来。')
        self.assertEqual({table_of(file) for file in FILES}, set(TABLES))

    def test_the_findings_are_those_expected(self):
        name = self.imported()
        self.assertEqual(self.findings(name), FINDINGS)
        # Put right, only the warning and the hint stay.
        self.yubiao('set', name, 'zhichu[20701].项目支出=2330000', '--control')
        self.assertEqual(self.findings(name), FINDINGS[1:])
        self.yubiao('set', name, 'huixun[二类培训].测算数=', 'huixun[二类培训].人均=', 'huixun[培训费].测算数=', '--control')
        self.yubiao('set', name, 'huixun[二类培训].人数=46')
        self.assertEqual(self.findings(name, 0), FINDINGS[2:])
        self.yubiao('set', name, 'huixun[二类培训].综合定额=560')
        self.assertIn('错误 《会议费培训费明细表》2.二类培训·综合定额：培训定额不超过标准：二类培训.综合定额 560 应不大于 550，相差 10 元',
                      self.findings(name))

    def test_sums_over_cards_are_said_as_written(self):
        name = self.imported()
        self.yubiao('set', name, '单位运行经费表[江南省美术馆/差旅费].本年安排=59000')
        self.assertIn('错误 《单位运行经费表》本年安排：各单位运行经费之和等于机关运行经费：sum(单位运行经费表.本年安排) 1036000 '
                      '应等于 机关运行经费表[合计].本年安排 1037000，相差 -1000 元', self.findings(name))

    def test_files_out_of_order_say_what_is_missing(self):
        name = self.new('book.yaml')
        for file, text in (('fenlei.csv', '请先导入那些表'), ('danwei-142001.csv', '还没有单位'),
                           ('jixiao-1.csv', None)):
            done = self.import_one(name, file) if text is None else self.yubiao(
                'import', name, os.path.join(FIGURES, file), '--table', table_of(file), status=None)
            if text:
                self.assertNotEqual(done.returncode, 0, file)
                self.assertIn(text, done.stderr)
        self.assertIn('群众文化活动季', self.read(name))  # a card that names itself is a new project

    def test_exports_come_back_by_value(self):
        first = self.imported()
        for number, encoding in enumerate(('utf-8-bom', 'gb18030')):
            option = ['--encoding', encoding]
            read_as = {'utf-8-bom': 'utf-8-sig'}.get(encoding, encoding)
            wanted = self.export(first, 'out%d' % number, '--encoding', encoding) if encoding != 'utf-8-bom' else \
                self.export(first, 'out%d' % number)
            again = self.new('again%d.yaml' % number)
            self.yubiao('import', again, 'out%d' % number)
            self.assertEqual(len(wanted), 20)
            self.yubiao('export', again, '--to', 'back%d' % number, *option)
            for file, text in wanted.items():
                self.assertEqual(self.read(os.path.join('back%d' % number, file), read_as), text, file)
            # What the file holds is settled: its own exports change nothing.
            self.assertIn('表里已经是这样', self.yubiao('import', again, 'back%d' % number).stdout)

    def test_parts_of_codes_are_written_with_their_zeros(self):
        shouru = self.export(self.imported(), 'out')['02-shouru.csv']
        self.assertIn('\n208,05,06,机关事业单位职业年金缴费支出,"248,160"', shouru)
        self.assertIn('\n207,01,,文化和旅游,', shouru)
        self.assertTrue(shouru.splitlines()[-1].startswith(',,,合计,"10,443,152"'), shouru)

    def test_columns_have_units_of_their_own(self):
        out = self.export(self.imported(), 'out')
        self.assertIn('2.二类会议,1,60,2,640,"76,800",7.6325,1272', out['09-huixun.csv'])
        self.assertIn('支出合计,"10,443,152","10,053,152","390,000",1044.3152', out['06-fenlei.csv'])

    def test_print(self):
        self.new('book.yaml')
        self.imported()
        for width in ('80', '132'):
            out = 'print-%s.txt' % width
            self.yubiao('print', 'imported.yaml', '--width', width, '--output', out)
            text = self.read(out)
            digest = re.search(r'文件指纹（SHA-256）：([0-9a-f\s]+)', text)[1]
            for piece in [re.sub(r'\s', '', digest)[:12], *digest.split()]:
                text = text.replace(piece, 'x' * len(piece))
            self.assertGolden(out, re.sub(r'打印日期：[\d-]+', '打印日期：2025-01-01', text))
            for line in text.splitlines():
                cells = sum(1 + (ord(c) >= 0x2E80 and ord(c) not in range(0xFF61, 0xFFA0)) for c in line)
                self.assertLessEqual(cells, int(width), line)

    def test_english(self):
        self.imported()
        done = self.yubiao('check', 'imported.yaml', status=1, LANG='en_US.UTF-8')
        self.assertEqual([line.split(': ')[1].split()[0] for line in done.stdout.splitlines()],
                         ['error', 'error', 'note', 'warning'])
        self.assertIn('4.2857 percentage points', done.stdout)
        done = self.yubiao('import', 'imported.yaml', os.path.join(FIGURES, 'danwei-142002.csv'), '--table', 'danwei', '--dry-run',
                           LANG='en_US.UTF-8')
        self.assertIn('江南省美术馆', done.stdout)
        self.assertEqual(self.yubiao('forms', 'lint', PACK, LANG='en_US.UTF-8').stdout.strip()[-1], '.')


if __name__ == '__main__':
    tap.main()
