#!/usr/bin/python3
"""Packs of a user's own: where they are found, and what is said of one that is not."""
import os
import shutil
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap

FORMS = os.path.join(tap.TOP, 'forms')
USER = '.local/share/yubiao/forms'
PACK = """\
pack: %s
title: %s
years: [2027]
unit: 元
tables: [meeting]
"""
TABLE = """\
table: 会议费
title: 会议费预算表
columns:
  - 会议名称: caption
  - 会期: count
  - 金额
rows:
  - 合计:
    - 一类会议
    - 二类会议
"""


class WithPacks(tap.Case):
    def pack(self, where, name='huiyi', title='会议费套表', table=TABLE, more=''):
        folder = os.path.normpath(self.path(os.path.join(where, name)))
        os.makedirs(folder)
        for file, text in (('pack.yaml', PACK % (name, title) + more), ('meeting.yaml', table)):
            with open(os.path.join(folder, file), 'w', encoding='utf-8') as out:
                out.write(text)
        return folder


class Found(WithPacks):
    def opens(self, file='a.yaml', **env):
        return self.yubiao('check', file, **env)

    def test_in_the_users_directory(self):
        self.pack(USER)
        self.yubiao('new', 'huiyi', 'a.yaml')
        self.opens()

    def test_below_xdg_data_home(self):
        self.pack('data/yubiao/forms')
        self.yubiao('new', 'huiyi', 'a.yaml', XDG_DATA_HOME=self.path('data'))
        self.opens(XDG_DATA_HOME=self.path('data'))
        self.assertIn(self.path(USER), self.yubiao('check', 'a.yaml', status=2).stderr)

    def test_beside_the_file_and_in_forms_there(self):
        for where in ('work', 'work/forms'):
            with self.subTest(where):
                folder = self.pack(where)
                self.assertEqual(self.yubiao('new', folder, 'work/a.yaml').stderr, '')
                self.opens('work/a.yaml')
                shutil.rmtree(folder)
                os.remove(self.path('work/a.yaml'))

    def test_by_name_in_the_working_directory(self):
        self.pack('.')
        self.assertEqual(self.yubiao('new', 'huiyi', 'a.yaml').stderr, '')
        self.opens()

    def test_with_forms(self):
        self.pack('packs')
        self.assertEqual(self.yubiao('new', 'huiyi', 'a.yaml', '--forms', 'packs').stderr, '')
        self.yubiao('--forms=packs', 'check', 'a.yaml')
        self.yubiao('check', 'a.yaml', '--forms', 'packs')
        self.yubiao('check', 'a.yaml', YUBIAO_FORMS='nowhere:packs')
        self.assertIn('hebei-2024', self.yubiao('forms', '--forms', 'packs').stdout)
        for wrong in (['--forms'], ['--forms', 'nowhere'], ['--forms=a.yaml']):
            self.assertIn('--forms', self.yubiao('check', 'a.yaml', *wrong, status=2).stderr)
        # What follows -- is a file, whatever it is called.
        self.assertNotIn('--forms 后面', self.yubiao('check', '--', '--forms', status=2).stderr)

    def test_one_that_will_not_be_found_again_is_told_at_once(self):
        folder = self.pack('elsewhere')
        said = self.yubiao('new', folder, 'a.yaml').stderr
        self.assertIn(folder, said)
        self.assertIn(self.path(USER), said)
        os.makedirs(self.path(USER))
        shutil.move(folder, self.path(USER))
        self.opens()

    def test_one_that_another_hides_is_told_at_once(self):
        self.pack(USER, title='用的')
        self.assertIn('同名', self.yubiao('new', self.pack('elsewhere', title='不用的'), 'a.yaml').stderr)
        self.assertEqual(self.yubiao('new', self.path(USER + '/huiyi'), 'b.yaml').stderr, '')

    def test_what_comes_with_a_file_hides_nothing(self):
        """A stranger's folder holds a pack with the name of one of this machine's."""
        self.pack('mail', 'hebei-2024', '另一份')
        self.yubiao('new', 'hebei-2024', 'mail/a.yaml')
        self.yubiao('export', 'mail/a.yaml', '--to', 'out')
        self.assertTrue(os.path.exists(self.path('out/01-summary.csv')))

    def test_a_file_names_no_path(self):
        folder = self.pack('elsewhere')
        self.yubiao('new', folder, 'a.yaml')
        with open(self.path('a.yaml'), encoding='utf-8') as file:
            text = file.read()
        for name in (folder, './elsewhere/huiyi', '../' + os.path.basename(self.home) + '/elsewhere/huiyi', '.', '..', ''):
            with self.subTest(name), open(self.path('b.yaml'), 'w', encoding='utf-8') as file:
                file.write(text.replace('pack: huiyi', 'pack: "%s"' % name))
                file.flush()
                self.assertRegex(self.yubiao('check', 'b.yaml', status=2).stderr, '不能是路径|没有套表')

    def test_the_sentence_for_a_missing_pack(self):
        folder = self.pack('.')
        self.yubiao('new', 'huiyi', 'a.yaml')
        shutil.rmtree(folder)
        said = self.yubiao('check', 'a.yaml', status=2).stderr
        self.assertRegex(said, r'a\.yaml:\d+:\d+: ')
        for part in ('没有套表“huiyi”', '预算文件旁边', FORMS, self.path(USER), '--forms', 'yubiao forms'):
            self.assertIn(part, said)

    def test_a_broken_pack_is_told_with_its_place_and_its_errors(self):
        folder = self.pack('.')
        self.yubiao('new', 'huiyi', 'a.yaml')
        with open(os.path.join(folder, 'meeting.yaml'), 'a', encoding='utf-8') as file:
            file.write('unknown: 1\n')
        said = self.yubiao('check', 'a.yaml', status=2).stderr
        self.assertIn(folder, said)
        self.assertIn('meeting.yaml:11:1', said)


class Listed(WithPacks):
    def lines(self, **env):
        return [line.split(maxsplit=1) for line in self.yubiao('forms', **env).stdout.splitlines()]

    def test_with_the_place_of_each(self):
        folder = self.pack(USER)
        listed = dict(self.lines())
        self.assertIn('会议费套表', listed['huiyi'])
        self.assertIn(folder, listed['huiyi'])
        self.assertIn(os.path.join(FORMS, 'hebei-2024'), listed['hebei-2024'])
        self.assertNotIn('starter', listed)

    def test_shadowed_ones_too_and_each_once(self):
        used, hidden, here = self.pack('first', title='用的'), self.pack(USER, title='不用的'), self.pack('.', title='这里的')
        found = [rest for name, rest in self.lines(YUBIAO_FORMS='first:' + self.path('first')) if name == 'huiyi']
        self.assertEqual(len(found), 3)
        self.assertIn(used, found[0])
        self.assertNotIn('用不到', found[0])
        self.assertIn(hidden, found[1] + found[2])
        self.assertIn(here, found[1] + found[2])
        self.assertTrue(all('用不到' in line for line in found[1:]))

    def test_those_here_are_marked(self):
        self.pack('forms')
        self.assertIn('只用于这里的文件', dict(self.lines())['huiyi'])


class Catalogues(WithPacks):
    CODED = """\
table: 项目库
title: 项目库
columns:
  - 编码: code
  - 名称: caption
  - 金额
rows: {by: projects, total: 合计}
"""

    def catalogue(self, where, text='code,name\n01,农业\n0101,种子\n'):
        os.makedirs(self.path(where + '/catalogue'))
        for name, content in (('catalogue.yaml', 'projects: {title: 项目目录, file: projects.csv, levels: {类: 2, 项: 4}}\n'),
                              ('projects.csv', text)):
            with open(self.path(where + '/catalogue/' + name), 'w', encoding='utf-8') as file:
                file.write(content)

    def test_of_the_packs_own_beside_those_of_the_program(self):
        self.pack('.', table=self.CODED)
        self.catalogue('huiyi')
        self.yubiao('forms', 'lint', 'huiyi')
        self.yubiao('new', 'huiyi', 'a.yaml')
        self.yubiao('set', 'a.yaml', '项目库[0101].金额=5')
        self.yubiao('export', 'a.yaml', '--to', 'out')
        with open(self.path('out/01-meeting.csv'), encoding='utf-8-sig') as file:
            self.assertIn('0101,种子,5.00', file.read())
        # The program's own can still be used next to it.
        with open(self.path('huiyi/meeting.yaml'), 'w', encoding='utf-8') as file:
            file.write(self.CODED.replace('projects', 'functional'))
        self.yubiao('forms', 'lint', 'huiyi')

    def test_of_the_pack_that_is_extended(self):
        self.pack('.', table=self.CODED)
        self.catalogue('huiyi')
        os.makedirs(self.path('next'))
        with open(self.path('next/pack.yaml'), 'w', encoding='utf-8') as file:
            file.write('pack: next\nextends: huiyi\nyears: [2028]\n')
        self.yubiao('forms', 'lint', 'next')

    def test_an_unknown_one_is_told_with_those_that_are_there(self):
        self.pack('.', table=self.CODED)
        said = self.yubiao('forms', 'lint', 'huiyi', status=1).stdout
        for part in ('meeting.yaml:7:12', 'projects', 'functional、economic、government-economic、income'):
            self.assertIn(part, said)


if __name__ == '__main__':
    tap.main()
