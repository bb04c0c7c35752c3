#!/usr/bin/python3
"""forms/README.md is followed to the letter, as by a new author in an empty directory who has only this page.

A line that ends in a file's name in backquotes and a full-width colon is about the block below it: one of a pack that is
there must say the same (comments aside, `…` for lines left out); any other is written as the author would. `$ ` lines of console
blocks are typed, and what they print must be what the page shows (`…` for what may differ)."""
import glob
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap

FORMS = os.path.join(tap.TOP, 'forms')
README = os.path.join(FORMS, 'README.md')
FILE = re.compile(r'`([\w./-]+\.(?:yaml|csv))`[^`]*：$')
# Messages are sentences, other texts of these layers are words of rules, or parts of sentences.
MESSAGE = re.compile(r'\b_\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)|\bN_\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)')
NAMED = re.compile(r'(\w+)(?:\[[^\]]*\])*\s*(?:\(|= )')
SENTENCE_END = ('。', '？', '。%s')
OF_WORKBOOKS = {'从这里往上的一段文字太长，不像是本程序的文件：请核对文件名。'}    # read as they come; layouts are read whole


def blocks(text):
    """(line number, what it is, the line before, the lines) of each fenced block."""
    lines, before, number = text.splitlines(), '', 0
    while number < len(lines):
        if lines[number].startswith('```'):
            end = lines.index('```', number + 1)
            yield number + 1, lines[number][3:], before, lines[number + 1:end]
            number = end
        elif lines[number].strip():
            before = lines[number]
        number += 1


def bare(lines):
    """Without comments and blank lines."""
    kept = [re.sub(r'(^|\s+)#.*', '', line).rstrip() for line in lines]
    return [line for line in kept if line]


def dedent(lines):
    indent = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    return [line[indent:] for line in lines]


def holds(whole, wanted):
    """The lines stand in `whole` one behind the other, at whatever depth."""
    for start in range(len(whole)):
        part = whole[start:start + len(wanted)]
        if len(part) == len(wanted) and dedent(part) == dedent(wanted):
            return start + len(wanted)
    return None


def prints(shown, printed):
    pattern = '\n'.join('.*' if line == '…' else '[^\n]*'.join(re.escape(part) for part in line.split('…')) for line in shown)
    return re.fullmatch(pattern.replace('\n.*', '(?:\n.*)?'), printed, re.S) is not None


def shape(message):
    """A message without what is filled in, as the page writes it."""
    message = re.sub(r'\\(["\\])', r'\1', message)
    return re.sub(r'%(?:%|0?\d*z?l?[sduX])', lambda found: '%' if found.group() == '%%' else '…', message)


class Readme(tap.Case):
    def setUp(self):
        super().setUp()
        with open(README, encoding='utf-8') as file:
            self.text = file.read()

    def write(self, path, lines):
        os.makedirs(os.path.join(self.home, os.path.dirname(path)), exist_ok=True)
        with open(self.path(path), 'w', encoding='utf-8') as file:
            file.write('\n'.join(lines) + '\n')

    def type(self, command):
        env = tap.clean_environment(self.home, LANG='C.UTF-8')
        env['PATH'] = os.path.dirname(tap.PROGRAM) + ':' + env['PATH']
        done = subprocess.run(['sh', '-c', command], cwd=self.home, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, encoding='utf-8')
        self.assertNotIn('Sanitizer', done.stdout)
        return '\n'.join(line.rstrip() for line in done.stdout.splitlines())

    def console(self, number, lines):
        starts = [i for i, line in enumerate(lines) if line.startswith('$ ')]
        self.assertEqual(starts[:1], [0], 'line %d' % number)
        for start, end in zip(starts, starts[1:] + [len(lines)]):
            shown, printed = lines[start + 1:end], self.type(lines[start][2:])
            self.assertTrue(prints(shown, printed), 'line %d: %s\n--- the page\n%s\n--- the program\n%s'
                            % (number + start + 1, lines[start], '\n'.join(shown), printed))

    def test_an_author_who_follows_it_gets_what_it_shows(self):
        for number, kind, before, lines in blocks(self.text):
            named = FILE.search(before)
            if kind == 'console':
                self.console(number, lines)
            elif not named or not os.path.isdir(os.path.join(FORMS, named.group(1).split('/')[0])):
                self.assertTrue(named, 'line %d: no command, and no file is named above it' % number)
                self.write(named.group(1), lines)
        self.assertTrue(os.path.exists(self.path('2026.yaml')))

    def test_what_it_quotes_from_the_packs_stands_there(self):
        quoted = 0
        for number, kind, before, lines in blocks(self.text):
            named = FILE.search(before)
            if kind == 'console' or not named or not os.path.isdir(os.path.join(FORMS, named.group(1).split('/')[0])):
                continue
            with open(os.path.join(FORMS, named.group(1)), encoding='utf-8') as file:
                rest = bare(file.read().splitlines())
            for part in re.split('(?m)^…$', '\n'.join(lines)):
                end = holds(rest, bare(part.splitlines()))
                self.assertIsNotNone(end, 'line %d: not in %s:\n%s' % (number, named.group(1), part))
                rest = rest[end:]
            quoted += 1
        self.assertGreater(quoted, 20)

    def test_what_its_tables_quote_stands_in_the_packs(self):
        rows = re.findall(r'(?m)^\| `([^`]+)` \|.*\| `([\w./-]+\.yaml)` \|$', self.text)
        self.assertGreater(len(rows), 10)
        for quoted, name in rows:
            with open(os.path.join(FORMS, name), encoding='utf-8') as file:
                self.assertIn(quoted, file.read(), name)

    def messages(self):
        """What the linter can say, by the source: the sentences of all functions that it can come to, by their names. Of base
        only those about files: figures are read silently there, and other texts are none of a layout's."""
        pieces, places = [], {}
        for path in sorted(glob.glob(os.path.join(tap.TOP, 'src', '*', '*.c'))):
            layer, name = path.split('/')[-2:]
            if layer in ('form', 'formula', 'yaml') or (layer, name) == ('base', 'file.c'):
                with open(path, encoding='utf-8') as file:
                    for piece in re.split(r'(?m)^\};?\n', re.sub('(?m)^#.*', '', file.read())):
                        for word in re.findall(NAMED, piece.split('{\n')[0]) + re.findall(r'(?m)^} (\w+)\[', piece):
                            places.setdefault(word, []).append(len(pieces))
                        pieces.append((path, piece))
        found, reached, todo = set(), set(), list(places['form_pack_lint'])
        while todo:
            number = todo.pop()
            if number in reached:
                continue
            reached.add(number)
            path, piece = pieces[number]
            for word in set(re.findall(r'\w+', re.sub(r'"(?:[^"\\]|\\.)*"', '', piece))) - {'file_explain'}:
                near = [other for other in places.get(word, []) if pieces[other][0] == path]
                todo += near or places.get(word, [])
            for match in MESSAGE.finditer(piece):
                text = ''.join(re.findall(r'"((?:[^"\\]|\\.)*)"', match.group(1) or match.group(2)))
                if text.endswith(SENTENCE_END):
                    found.add(shape(text))
        return found - OF_WORKBOOKS

    def test_every_message_is_explained(self):
        section = self.text.split('\n## 检查时说的话\n')[1]
        told = re.findall(r'(?m)^- ``? ?(.+?) ?``?(?:$|　)', section)
        self.assertEqual(len(told), len(set(told)), 'told twice')
        messages = self.messages()
        self.assertGreater(len(messages), 250)
        self.assertEqual(sorted(messages - set(told)), [], 'not explained')
        self.assertEqual(sorted(set(told) - messages), [], 'explained, but never said')

    def test_its_links_lead_somewhere(self):
        heads = {re.sub(r'[^\w-]', '', head.replace(' ', '-')) for head in re.findall(r'(?m)^#+ (.+)$', self.text)}
        for link in re.findall(r'\]\(#([^)]+)\)', self.text):
            self.assertIn(link, heads)


if __name__ == '__main__':
    tap.main()
