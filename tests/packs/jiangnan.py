"""A pack of another province, and the figures of one department as its bureau sends them: what the tests here share."""
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..'), os.path.join(HERE, '..', 'screen')]
import tap

PACK, FIGURES, GOLDEN = 'jiangnan-2025', os.path.join(HERE, 'figures'), os.path.join(HERE, 'golden')
DEPARTMENT = ['--code', '142', '--name', '江南省文化馆']
TABLES = ['shouzhi', 'shouru', 'zhichu', 'caizheng', 'gonggong', 'fenlei', 'jiben', 'sangong', 'huixun', 'yunxing', 'renyuan',
          'danwei', 'xiangmu', 'jixiao']
# In the order in which a clerk can import them: rows and cards before what stands in them.
FILES = ['shouru.csv', 'zhichu.csv', 'gonggong.csv', 'jiben.tsv', 'renyuan.csv', 'xiangmu.csv', 'shouzhi.csv', 'caizheng.csv',
         'fenlei.csv', 'sangong.csv', 'huixun.csv', 'yunxing.csv', 'danwei-142001.csv', 'danwei-142002.csv', 'jixiao-1.csv',
         'jixiao-2.csv', 'jixiao-3.csv']
FINDINGS = """\
错误 《支出预算表》20701 文化和旅游·项目支出：控制数 2303000，计算数 2330000，相差 -27000 元
错误 《会议费培训费明细表》2.二类培训·预算数：预算数不超过测算数：预算数 2.4950 应不大于 测算数 2.4750，相差 0.0200 万元
提示 《机关运行经费表》30213 维修（护）费·增减率：运行经费增长不过一成：增减率 14.2857% 应不大于 10.0%，相差 4.2857 个百分点
警告 《人员情况表》142002 江南省美术馆·实有人数：实有人数不超过编制：实有人数 23 应不大于 编制人数 22，相差 1 人
""".splitlines()


def table_of(file):
    return file.split('.')[0].split('-')[0]


class PackCase(tap.Case):
    """The pack and its catalogue lie beside the workbook, as they came from the other province; no forms of ours are near."""

    def setUp(self):
        super().setUp()
        for folder in (PACK, 'catalogue'):
            shutil.copytree(os.path.join(HERE, folder), self.path(folder))

    def new(self, name):
        self.yubiao('new', './' + PACK, name, *DEPARTMENT)
        return name

    def import_one(self, name, file, *arguments):
        return self.yubiao('import', name, os.path.join(FIGURES, file), '--table', table_of(file), *arguments)

    def imported(self, name='imported.yaml'):
        self.new(name)
        for file in FILES:
            self.import_one(name, file)
        return name

    def read(self, name, encoding='utf-8'):
        with open(self.path(name), encoding=encoding, newline='') as file:
            return file.read()

    def export(self, name, to, *arguments):
        """{file: its text}."""
        self.yubiao('export', name, '--to', to, *arguments)
        encoding = arguments[1] if arguments else 'utf-8-sig'
        return {file: self.read(os.path.join(to, file), encoding) for file in sorted(os.listdir(self.path(to)))}

    def findings(self, name, status=1):
        out = self.yubiao('check', name, status=status).stdout
        return [line.partition(': ')[2] for line in out.splitlines()]

    def assertGolden(self, file, text):
        """UPDATE=1 writes it anew: then look at the difference."""
        path = os.path.join(GOLDEN, file)
        if os.environ.get('UPDATE'):
            os.makedirs(GOLDEN, exist_ok=True)
            with open(path, 'w', encoding='utf-8') as out:
                out.write(text)
        with open(path, encoding='utf-8') as golden:
            self.assertEqual(text, golden.read(), file)
