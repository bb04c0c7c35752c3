#!/usr/bin/python3
"""The same department, typed: a clerk who has only the folder of the pack, at 80x24, from the first screen to the exported files."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from jiangnan import FINDINGS, TABLES, PackCase, tap
from clerk import CLEAR, Clerk

NEXT, TEXT = '\x0e', '\x14'


class PackClerk(Clerk):
    tables = TABLES

    def go(self, table):
        """From one table to another."""
        self.press('F10')
        self.open_table(table)

    def figures(self, *values):
        """Enter goes on to the next cell to be filled; '' leaves one out."""
        for value in values:
            self.press(*([value] if value else []), 'Enter')

    def at(self, row, *values):
        """A row that stands, from its first figure on."""
        self.press('/', CLEAR, row, 'Enter', 'End', 'Home')
        self.figures(*values)

    def add(self, code, *values):
        """A row that the code adds, or that has it already."""
        self.press('CtrlEnd', code, 'Enter')
        self.figures(*values)


class Keys(PackCase):
    def start(self, *arguments, **more):
        clerk = PackClerk(arguments, self.home, **more)
        self.addCleanup(clerk.close)
        return clerk

    def assertShows(self, clerk, *texts):
        for text in texts:
            if text not in clerk.text():
                self.fail('%r is not shown\n%s' % (text, clerk.dump()))

    def assertShowsNot(self, clerk, text):
        if text in clerk.text():
            self.fail('%r is shown\n%s' % (text, clerk.dump()))

    def assertRow(self, clerk, *cells):
        """Some line holds these cells, with nothing but blanks and fill between."""
        if not any(list(cells) == line.replace('_', ' ').split()[-len(cells):] for line in clerk.lines()):
            self.fail('%r is no row\n%s' % (cells, clerk.dump()))

    # -- the tables, typed

    def type_income(self, clerk):
        clerk.open_table('shouru')
        clerk.press('205')
        self.assertShows(clerk, '205___ __ 输入编码加行')
        clerk.press('Tab', '8', 'Tab', '3', 'Enter')  # zeros are put in front
        self.assertShows(clerk, '2050803 培训支出', '205 08 03 培训支出')
        clerk.figures('', '', '', '', '', '', '', '60000')
        clerk.add('2070101', '4257300')
        clerk.press('F7')
        self.assertShows(clerk, '单位：万元', '425.73')
        clerk.add('2070105', '285.5', '', '', '', '15')  # in 万元
        clerk.press('F7')
        self.assertShows(clerk, '金额单位：元')
        clerk.press('F3', '群众文化')
        self.assertShows(clerk, '2070109', '共 1 个')
        clerk.press('Enter')
        clerk.figures('1,500,000', '', '', '', '', '', '18万')
        for code, figure in (('2080505', '496320'), ('2080506', '248160'), ('2101101', '186120'), ('2101102', '92400'),
                             ('2210201', '417852')):
            clerk.add(code, figure)
        self.assertShows(clerk, '收入合计 10,443,152')

    def type_spending(self, clerk):
        clerk.go('zhichu')
        clerk.press('F6', 'Enter')
        self.assertShows(clerk, '提取了 9 处', '207 01 09 群众文化')
        clerk.at('2050803', '', '', '', '60000')
        clerk.at('2070101', '3286400', '128600', '842300')
        clerk.at('2070105', '1912500', '36800', '405700', '650000')
        clerk.at('2070109', '', '', '', '1680000')
        for code, figure in (('2080505', '496320'), ('2080506', '248160'), ('2101101', '186120'), ('2101102', '92400'),
                             ('2210201', '417852')):
            clerk.at(code, figure)
        self.assertShows(clerk, '收入合计 10,443,152 支出合计 10,443,152 差额         0')
        clerk.press('/', CLEAR, '20701', 'Enter', 'End', 'Left', 'F4')
        self.assertShows(clerk, '20701 文化和旅游 项目支出 的控制数（元，现算出 2330000；清空即取消）')
        clerk.press('2303000', 'Enter')
        self.assertShows(clerk, '!错误 控制数 2303000，计算数 2330000，相差 -27000 元')

    def type_general(self, clerk):
        clerk.go('gonggong')
        for code, *values in (('2070101', '4088000', '4257300'), ('2070105', '2710000', '2355000', '500000'),
                              ('2070109', '1450000', '', '1500000'), ('2080505', '471500', '496320'),
                              ('2080506', '235750', '248160'), ('2101101', '176800', '186120'), ('2101102', '88000', '92400'),
                              ('2210201', '399950', '417852')):
            clerk.add(code, *values)
        clerk.press('CtrlEnd')
        self.assertRow(clerk, '合计', '9,620,000', '10,053,152', '8,053,152', '2,000,000')

    def type_economy(self, clerk):
        clerk.go('jiben')
        for code, figure in (
                ('30101', '1986000'), ('30102', '1420500'), ('30103', '865400'), ('30107', '927000'), ('30108', '496320'),
                ('30109', '248160'), ('30110', '278520'), ('30113', '417852'), ('30302', '128600'), ('30305', '36800')):
            clerk.add(code, figure)
        for code, figure in (
                ('30201', '186000'), ('30202', '42000'), ('30205', '18500'), ('30206', '96300'), ('30207', '38200'),
                ('30211', '215000'), ('30213', '64000'), ('30215', '83600'), ('30216', '57400'), ('30217', '26000'),
                ('30228', '92500'), ('30229', '70500'), ('30231', '120000'), ('30299', '90000'), ('31002', '48000')):
            clerk.add(code, '', figure)

    def type_fixed(self, clerk):
        clerk.go('sangong')
        clerk.at('2024年预算', '', '180000', '126000', '28000', '85000', '55000')
        clerk.at('2025年预算', '', '', '120000', '26000', '83600', '57400')
        self.assertRow(clerk, '增减额', '-186,000', '-180,000', '-6,000', '-2,000', '-1,400', '2,400')
        clerk.go('huixun')
        clerk.at('二类会议', '1', '60', '2', '640', '7.6325')
        clerk.at('三类会议', '1', '30', '1', '250', '0.7275')
        clerk.at('一类培训', '1', '26', '2', '650', '3.245')
        clerk.at('二类培训', '1', '45', '1', '550', '2.495')
        # F7 changes what the line above the table speaks of, no column whose head says its unit.
        self.assertRow(clerk, '2.二类会议', '1', '60', '2', '640', '76,800', '7.6325', '1272')
        clerk.press('F7')
        self.assertShows(clerk, '单位：万元')
        self.assertRow(clerk, '2.二类会议', '1', '60', '2', '640', '7.68', '7.6325', '1272')
        clerk.press('F7')
        clerk.go('shouzhi')
        for row, figure in (('一般公共预算拨款', '9620000'), ('事业收入', '120000'), ('其他收入', '160000'),
                            ('上年结转结余', '45000')):
            clerk.at(row, figure)

    def type_lists(self, clerk):
        clerk.go('renyuan')
        clerk.figures('142001', '江南省文化馆本级', '40', '38', '12', '142002', '江南省美术馆', '22', '23', '9')
        self.assertRow(clerk, '合计', '62', '61', '21')
        clerk.go('xiangmu')
        clerk.figures('142-2025-01', '群众文化活动季')
        clerk.press('群众文化')  # a code is found by its name
        self.assertShows(clerk, '选科目：支出功能分类', '2070109  群众文化')
        clerk.press('Enter', TEXT)
        clerk.press('江南文旅〔2024〕31号，', 'Enter', '全省群众文化活动方案', 'F2')
        clerk.figures('1900000')
        clerk.figures('142-2025-02', '馆藏美术作品展陈', '2070105', '馆务会纪要（2024）9号', '700000')
        clerk.figures('142-2025-03', '基层文化骨干培训', '2050803', '上年结转', '60000')
        for name, date in (('群众文化活动季', '2025-3-1'), ('馆藏美术作品展陈', '20250415')):
            clerk.press('/', CLEAR, name, 'Enter', 'End', 'Left', 'Left', 'Left', date, 'Enter')

    def type_operating(self, clerk):
        clerk.go('yunxing')
        for row, figure in (('30201', '178000'), ('30202', '45000'), ('30205', '18000'), ('30206', '92000'), ('30207', '37000'),
                            ('30211', '220000'), ('30213', '56000'), ('30215', '85000'), ('30216', '55000'), ('30217', '28000'),
                            ('30231', '126000'), ('30299', '88000')):
            clerk.at(row, figure)
        clerk.go('danwei')
        clerk.press('Enter')
        clerk.figures('130000', '126000', '27000', '26200', '65000', '64800', '160000', '155000', '115000', '111000', '230000',
                      '222000')
        clerk.press(NEXT)
        self.assertShows(clerk, '江南省美术馆运行经费预算表')
        clerk.figures('60000', '60000', '12000', '12000', '52000', '50000', '60000', '60000', '30000', '30000', '120000', '120000')
        self.assertRow(clerk, '合计', '334,000', '332,000', '14,435')
        clerk.press('F10')

    def type_goals(self, clerk):
        clerk.go('jixiao')
        cards = (
            ('1500000', '180000', '全年办广场演出、书画展览和非遗展示；\n让每个县区都有一场以上。',
             (('成本', '演出经费总额', '≤168万元'), ('产出', '广场演出场次', '≥48场'), ('', '参演群众团队', '≥120支'),
              ('效益', '惠及群众', '≥30万人次'), ('满意度', '群众满意度', '≥95%'))),
            ('500000', '150000', '馆藏精品轮换展出，全年免费开放。',
             (('产出', '展出作品', '≥260件'), ('效益', '参观人数', '≥8万人次'), ('满意度', '观众满意度', '≥92%'))),
            ('60000', '', '县区文化馆、乡镇文化站骨干轮训一遍。',
             (('产出', '培训人数', '180人'), ('满意度', '学员满意度', '≥90%'))))
        clerk.press('Enter')
        for number, (fiscal, other, goal, rows) in enumerate(cards):
            clerk.press(*([NEXT] if number else []), 'Enter', 'Enter')  # past code and name, which the list gave
            clerk.figures(fiscal, other)
            if '\n' in goal:
                clerk.press('\x1b[200~%s\x1b[201~' % goal, 'F2')
            else:
                clerk.press(goal, 'Enter')
            for kind, name, value in rows:
                clerk.press(*([kind, 'Enter'] if kind else ['Right']), name, 'Enter', value, 'Enter')
        self.assertRow(clerk, '满意度', '学员满意度', '≥90%')
        clerk.press('F10')

    # -- and what comes of it

    def type_all(self, clerk):
        self.type_income(clerk)
        self.type_spending(clerk)
        self.type_general(clerk)
        self.type_economy(clerk)
        self.type_fixed(clerk)
        self.type_lists(clerk)
        self.type_operating(clerk)
        self.type_goals(clerk)

    def test_the_department_typed_is_the_department_imported(self):
        clerk = self.start()
        clerk.press('n', '江南', 'Enter', '142', 'Enter', '江南省文化馆', 'Enter', 'F10')
        self.assertShows(clerk, '预表　142 江南省文化馆　2025年', '还没有文件名', '12  单位运行经费表（0 张）')
        self.type_all(clerk)
        clerk.process.kill()  # nothing was saved yet
        clerk.wait()
        clerk = self.start()
        self.assertRegex(clerk.text(), r'没有保存过的新预算 142 江南省文化馆 2025 jiangnan-2025，\d+ 步，20\d\d-\d\d-\d\d\n')
        clerk.press('Enter', 'F5')
        self.assertShows(clerk, '问题（4）')
        shown = [line for line in clerk.lines() if '《' in line][:4]
        for finding, line in zip(FINDINGS, shown):
            self.assertIn(finding[:30], line)
        clerk.press('Down', 'Enter')
        self.assertShows(clerk, '2.二类培训', '预算数 2.4950 应不大于 测算数 2.4750，相差 0.0200 万元')
        clerk.press('F2', CLEAR, 'typed.yaml', 'Enter')
        self.assertShows(clerk, '已保存：typed.yaml')
        clerk.leave_without_saving()
        self.assertEqual(self.findings('typed.yaml'), FINDINGS)
        self.assertEqual(self.export('typed.yaml', 'typed'), self.export(self.imported(), 'imported'))

    def test_undone_and_done_again_it_is_the_same(self):
        name = self.imported()
        before = self.export(name, 'before')
        clerk = self.start(name)
        clerk.open_table('huixun')
        clerk.at('二类培训', '2', '50', '2', '500', '9.9999')
        clerk.go('jiben')
        clerk.press('CtrlEnd', '302', 'Tab', '26', 'Enter')
        clerk.figures('', '12345')
        self.assertShows(clerk, '12,345')
        clerk.press(*['CtrlZ'] * 7)
        self.assertShowsNot(clerk, '12,345')
        clerk.press('F2')
        clerk.leave_without_saving()
        self.assertEqual(self.export(name, 'after'), before)

    def test_a_block_with_split_codes_is_pasted(self):
        self.new('book.yaml')
        clerk = self.start('book.yaml')
        clerk.open_table('shouru')
        clerk.press('\x1b[200~207\t1\t1\t行政运行\t4,257,300\t4,257,300\t4,257,300\t4,257,300\n'
                    '\t\t9\t群众文化\t1500000\t1500000\t1500000\t1500000\n208\t5\t5\t养老\t496320\t\t\t496320\n\x1b[201~')
        self.assertShows(clerk, '粘贴《收入预算表》', '新行 2070101 行政运行', '新行 2070109 群众文化', '新行 2080505')
        clerk.press('Enter', 'CtrlEnd')
        self.assertShows(clerk, '207 01 09 群众文化')
        self.assertShows(clerk, '合计                6,253,620!6,253,620 6,253,620 6,253,620        0')

    def test_screens(self):
        name = self.imported()
        for table, keys in (('shouru', ['/', CLEAR, '207', 'Enter']), ('huixun', ['F5', 'Enter']), ('jixiao', ['Enter'])):
            for language in ('zh', 'en'):
                env = {'LANG': 'en_US.UTF-8'} if language == 'en' else None
                clerk = self.start(name, env=env)
                clerk.open_table(table)
                clerk.press(*keys)
                self.assertGolden('%s-%s.txt' % (table, language), clerk.text() + '\n')
                clerk.leave_without_saving()


if __name__ == '__main__':
    tap.main()
