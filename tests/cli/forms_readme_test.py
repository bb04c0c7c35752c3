#!/usr/bin/python3
"""forms/README.md is followed to the letter, as by a new author in an empty directory who has only this page.

A line that ends in a file's name in backquotes and a full-width colon is about the block below it: one of a pack that is
there must say the same (comments aside, `…` for lines left out); any other is written as the author would. `$ ` lines of console
blocks are typed, and what they print must be what the page shows (`…` for what may differ)."""
import collections
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
# Where the source has the words of the language, and the part of the list in which they stand.
WORDS = {
    'form/pack.c': {'pack_keys': '在 pack.yaml 里'},
    'form/table.c': {'table_keys': '在一张表里', 'known': '在一张表里'},
    'form/check.c': {'keys': '在一张表里'},
    'form/columns.c': {'type_words': '栏', 'known': '栏', 'known_field': '卡片的 fields'},
    'form/rows.c': {'row_keys': '行', 'list_keys': '行'},
    'form/codes.c': {'codes_keys': '行'},
    'form/item.c': {'words': '行'},
    'form/fields.c': {'known': '卡片的 fields'},
    'form/merge.c': {'patch_words': '改动底本'},
    'form/catalogue.c': {'known': '科目目录的 catalogue.yaml'},
    'form/lint.c': {'common_names': '尖括号'},
    'form/unit.c': {'money_units': '在一张表里'},
    'form/resolve.c': {'words': '公式和审核关系'},
    'formula/lex.c': {'words': '公式和审核关系'},
}
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
        return len(starts)

    def quote(self, number, name, lines):
        with open(os.path.join(FORMS, name), encoding='utf-8') as file:
            rest = bare(file.read().splitlines())
        for part in re.split('(?m)^…$', '\n'.join(lines)):
            end = holds(rest, bare(part.splitlines()))
            self.assertIsNotNone(end, 'line %d: not in %s:\n%s' % (number, name, part))
            rest = rest[end:]

    def test_an_author_who_follows_it_gets_what_it_shows(self):
        done = collections.Counter()
        for number, kind, before, lines in blocks(self.text):
            named = FILE.search(before)
            if kind == 'console':
                done['commands'] += self.console(number, lines)
            elif named and os.path.isdir(os.path.join(FORMS, named.group(1).split('/')[0])):
                self.quote(number, named.group(1), lines)
                done['quoted'] += 1
                continue
            else:
                self.assertTrue(named, 'line %d: no command, and no file is named above it' % number)
                self.write(named.group(1), lines)
                self.assertIn(os.path.dirname(named.group(1)).split('/')[0], self.text.split('\n', number)[number], named.group(1))
            done['followed'] += 1
        self.assertEqual((done['followed'] + done['quoted']) * 2, len(re.findall('(?m)^ *(?:```|~~~)', self.text)))
        self.assertEqual(done['commands'], len(re.findall(r'(?m)^ *\$ ', self.text)))
        self.assertGreater(min(done['followed'], done['quoted'], done['commands']), 20)
        self.assertTrue(os.path.exists(self.path('2026.yaml')))

    def test_commands_within_its_sentences_are_understood(self):
        """They have names in the places of files, so they are compared with what the program says of itself."""
        said = set(re.findall(r'`yubiao ([^`]+)`', self.text.split('\n## 检查时说的话\n')[0]))
        self.assertGreater(len(said), 5)
        for words in said:
            done = self.type('yubiao %s --help' % words.split()[0])
            for word in [''] + [word for word in words.split() if re.match('--|lint$|show$|new$', word)]:
                self.assertIn(word, done, words)
            self.assertTrue(done.startswith('用法：\n  yubiao ' + words.split()[0]), words + '\n' + done)

    def test_the_sentence_for_who_reads_english(self):
        said = re.search('with `([^`]+)` the program explains mistakes in English', self.text).group(1)
        self.write('p/pack.yaml', ['pack: p', 'years: [2026]', 'titel: x'])
        self.assertIn('"titel" is not known', self.type('LANG=zh_CN.UTF-8 %s yubiao forms lint ./p' % said))

    def examples(self):
        """{part of the list of words: [(words, example, the texts in which it stands)]}"""
        written, found = collections.defaultdict(list), {}
        for _, kind, before, lines in blocks(self.text):
            if kind != 'console' and FILE.search(before):
                written[FILE.search(before).group(1)].append('\n'.join(lines))
        for part in self.text.split('\n## 词语一览\n')[1].split('\n## ')[0].split('\n### ')[1:]:
            rows = re.findall(r'(?m)^\| ((?:`[^`]+` ?)+)\|.*\| `([^`]+)` \| `([^`]+)` \|$', part)
            self.assertEqual(len(rows), len(re.findall(r'(?m)^\| `', part)), part)
            found[part.split('\n')[0]] = (part, [(re.findall('`([^`]+)`', words), example, name, written[name]) for words, example, name in rows])
        return found

    def test_every_word_has_an_example_that_stands_where_it_says(self):
        for part, (_, rows) in self.examples().items():
            for words, example, name, texts in rows:
                if os.path.exists(os.path.join(FORMS, name)):
                    with open(os.path.join(FORMS, name), encoding='utf-8') as file:
                        texts = [file.read()]
                self.assertTrue(any(example in text for text in texts), '%s: %s is not in %s' % (part, example, name))
                self.assertTrue(any(word in example for word in words), '%s: %s' % (part, example))

    def test_every_word_that_is_understood_is_listed(self):
        """The words of the language are those of the arrays of names, and the other small words of form."""
        parts = {part: set(re.findall('`([^`]+)`', text)) for part, (text, _) in self.examples().items()}
        listed = set().union(*parts.values())
        for name, places in WORDS.items():
            with open(os.path.join(tap.TOP, 'src', name), encoding='utf-8') as file:
                text = re.sub(r'(?s)/\*.*?\*/', '', file.read())
            arrays = re.findall(r'(?s)\b(\w+)\[\] *= *\{(.*?)\};', text)
            for array, inside in arrays:
                if array in places:
                    words = set(re.findall(r'\{?"([^"]+)"', inside))
                    self.assertTrue(words, name + ' ' + array)
                    self.assertEqual(words - parts[places[array]], set(), '%s: not listed under %s' % (array, places[array]))
            self.assertEqual(set(places) - {array for array, _ in arrays}, set(), name)
        for path in glob.glob(os.path.join(tap.TOP, 'src', 'form', '*.c')):
            with open(path, encoding='utf-8') as file:
                words = set(re.findall(r'(?:yaml_get\w*\([^;]*?|strcmp\([^;]*?|words?\[\] = \{[^;]*?)"([a-z]+)"', file.read()))
            self.assertEqual(words - listed - {'forms'}, set(), path)

    def test_what_its_tables_quote_stands_in_the_packs(self):
        rows = re.findall(r'(?m)^\| `([^`]+)` \|.*\| `([\w./-]+\.yaml)` \|$', self.text.split('\n## 词语一览\n')[0])
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
