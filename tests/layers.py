#!/usr/bin/python3
"""Compares the #include lines of src/ with the layer table in the Makefile (uses_LAYER), and looks for knowledge of particular
tables, codes and places in the source, which belongs into forms/. TAP."""
import glob
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
# Headers of libraries that one layer alone may see.
OWNED = {'ncurses': 'tui', 'curses': 'tui', 'term.h': 'tui', 'yaml.h': 'yaml'}


def layer_table():
    """{layer: every layer it may use, itself included}"""
    with open(os.path.join(TOP, 'Makefile'), encoding='utf-8') as file:
        direct = {m[1]: m[2].split() for m in re.finditer(r'^uses_(\w+)\s*:=(.*)$', file.read(), re.M)}

    def below(layer, seen):
        if layer in seen:
            raise SystemExit('Bail out! uses_%s goes round in a circle' % layer)
        return {layer}.union(*(below(other, seen | {layer}) for other in direct[layer]))
    return {layer: below(layer, frozenset()) for layer in direct}


def sources():
    for path in sorted(glob.glob(os.path.join(TOP, 'src', '**', '*.[ch]'), recursive=True)):
        with open(path, encoding='utf-8') as file:
            yield os.path.relpath(path, TOP), file.read()


def include_errors(path, text, table):
    parts = path.split('/')
    layer = parts[1] if len(parts) == 3 else None
    if layer and layer not in table:
        yield '%s: src/%s is no layer of the Makefile' % (path, layer)
        return
    for kind, name in INCLUDE.findall(text):
        owner = next((o for prefix, o in OWNED.items() if os.path.basename(name).startswith(prefix)), None)
        if kind == '<':
            if owner and layer != owner:
                yield '%s includes <%s>, which only src/%s may' % (path, name, owner)
        elif not os.path.exists(os.path.join(TOP, 'src', name)):
            yield '%s includes "%s", which is not written from src/' % (path, name)
        elif layer and name.split('/')[0] not in table[layer]:
            yield '%s includes "%s": %s may use %s only' % (path, name, layer, ', '.join(sorted(table[layer])))


def cycle(files):
    """A list of headers that include one another in a circle, [] if there is none."""
    graph = {path[len('src/'):]: [name for kind, name in INCLUDE.findall(text) if kind == '"'] for path, text in files}
    done = set()

    def walk(node, trail):
        if node in trail:
            return trail[trail.index(node):] + [node]
        if node in done:
            return []
        for other in graph.get(node, []):
            found = walk(other, trail + [node])
            if found:
                return found
        done.add(node)
        return []
    for node in graph:
        found = walk(node, [])
        if found:
            return found
    return []


def table_words():
    """What only forms/ may know: table titles and short names, ids with a dash, place names of the samples."""
    words = {'北戴河', '山海关', '河北'}
    for path in glob.glob(os.path.join(TOP, 'forms', '*', '*.yaml')):
        with open(path, encoding='utf-8') as file:
            for key, value in re.findall(r'^(table|title|region):\s*["“]?([^"\n#]+?)["”]?\s*$', file.read(), re.M):
                words.add(re.sub(r'<[^>]*>', '', value).strip())
        name = os.path.basename(path)[:-len('.yaml')]
        if '-' in name:
            words.add(name)
    return {word for word in words if len(word) >= 2}


def knowledge_errors(path, text, words):
    for number, line in enumerate(text.splitlines(), 1):
        code = re.sub(r'//.*|/\*.*?\*/', '', line)
        if re.match(r'\s*(/?\*|//)', line):
            continue
        if re.search(r'"[^"]*(?<!\d)\d{7}(?!\d)', code):
            yield '%s:%d holds a seven-digit code' % (path, number)
        for word in words:
            if '"' in code and word in code:
                yield '%s:%d names %s' % (path, number, word)


# The file system has one door. These files are it, or open what no user names; a * stands for every call.
DOOR = 'src/base/confine.c'
DOORS = {
    'src/base/landlock.c': {'open'},      # descriptors for the kernel's rules
    'src/base/trusted.c': {'openat'},     # the administrator's files, before the door is locked
    'src/base/fixed.c': {'readlink'},     # /proc/self/exe
    'src/output/printer.c': {'access', 'execve', 'fork'},
}
PATH_CALLS = re.compile(
    r'\b(creat|f?open(?:at2?)?(?:64)?|freopen|tmpfile|mk[do]?s?temps?|(?:sym)?link(?:at)?|unlink(?:at)?|rename(?:at2?)?|remove|mk(?:dir|nod|fifo)(?:at)?|'
    r'rmdir|opendir|scandir|n?ftw|glob|l?stat|fstatat|statx|f?access(?:at)?|euidaccess|f?chdir|chroot|realpath|canonicalize_file_name|'
    r'readlink(?:at)?|truncate|[fl]?ch(?:mod|own)at|l?ch(?:mod|own)|utimen?s?(?:at)?|futimesat|l?(?:get|set|list|remove)xattr|'
    r'exec[lv]p?e?|fexecve|execveat|posix_spawnp?|v?fork|dlopen)\s*\(')


def door_errors(path, code):
    """`code` without comments and strings."""
    for number, line in enumerate(code.splitlines(), 1):
        for name in PATH_CALLS.findall(line):
            if path != DOOR and name not in DOORS.get(path, ()):
                yield '%s:%d calls %s(), not by way of base/confine' % (path, number, name)


def banned_errors(path, text):
    text = re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', lambda m: '\n' * m[0].count('\n'), text, flags=re.S)
    for number, line in enumerate(text.splitlines(), 1):
        found = re.search(r'\b(system|popen|strcpy|strcat|sprintf|vsprintf|gets|alloca|float|double)\b', line)
        if found:
            yield '%s:%d uses %s' % (path, number, found[1])
    yield from door_errors(path, text)


def main():
    table, files, words = layer_table(), list(sources()), table_words()
    found = cycle(files)
    tests = [
        ('every layer includes only what it may use', [e for p, t in files for e in include_errors(p, t, table)]),
        ('no header includes itself by a detour', [' -> '.join(found)] if found else []),
        ('the source knows no table, code or place', [e for p, t in files for e in knowledge_errors(p, t, words)]),
        ('no banned call or type', [e for p, t in files for e in banned_errors(p, t)]),
        ('no source file is longer than 700 lines',
         ['%s has %d lines' % (p, t.count('\n')) for p, t in files if t.count('\n') > 700]),
    ]
    print('1..%d' % len(tests))
    for number, (name, errors) in enumerate(tests, 1):
        print('%s %d - %s' % ('not ok' if errors else 'ok', number, name))
        for error in errors:
            print('# ' + error)
    return 1 if any(errors for _, errors in tests) else 0


if __name__ == '__main__':
    sys.exit(main())
