#!/usr/bin/python3
"""Every source file through gcc -fanalyzer and cppcheck. A finding is either mended or explained in tests/analyze.txt; one that is
not there fails, and so does an explanation of what is found no more. TAP."""
import concurrent.futures
import fnmatch
import glob
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EXPLAINED = os.path.join(TOP, 'tests', 'analyze.txt')
FLAGS = ['-D_GNU_SOURCE', '-D_FILE_OFFSET_BITS=64', '-DNCURSES_WIDECHAR=1', '-DYUBIAO_VERSION="0"', '-Isrc',
         '-DFIXED_PRINTER="/usr/bin/lp"', '-DFIXED_SYSCONFDIR="/etc"']
# Declarations stand where a function begins, as in the rest of the tree.
CPPCHECK = ['cppcheck', '--quiet', '--std=c11', '--enable=warning,style,performance,portability', '--suppress=variableScope',
            '--suppress=missingIncludeSystem', '--inline-suppr', '-D__linux__', '--template={file}:{line}: {id}: {message}']


def sources():
    return sorted(glob.glob('src/**/*.c', recursive=True))


def run(command):
    done = subprocess.run(command, cwd=TOP, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                          env=dict(os.environ, LC_ALL='C.UTF-8'))
    return done.returncode, done.stderr


def gcc(path):
    """(failed, the findings in a file)"""
    code, text = run(['gcc', '-std=c11', *FLAGS, '-O2', '-fanalyzer', '-fdiagnostics-path-format=none', '-c', '-o', os.devnull,
                      path])
    found = re.findall(r'^(\S+?):(\d+):\d+: warning: (.*) \[-W([\w-]+)\]$', text, re.M)
    return code, [(file, int(line), kind, words) for file, line, words, kind in found], text


def cppcheck():
    code, text = run([*CPPCHECK, '-j', str(os.cpu_count()), *FLAGS, 'src'])
    found = re.findall(r'^(\S+?):(\d+): (\w+): (.*)$', text, re.M)
    return code, [(file, int(line), kind, words) for file, line, kind, words in found], text


def explanations():
    """[(pattern of `FILE KIND WORDS`, why)]"""
    with open(EXPLAINED, encoding='utf-8') as file:
        lines = [line.rstrip('\n') for line in file if line.strip() and not line.startswith('#')]
    return [(pattern.strip(), why.strip()) for pattern, _, why in (line.partition(' -- ') for line in lines)]


def main():
    os.chdir(TOP)
    known = explanations()
    used, number = set(), 0
    print('1..3')
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        by_gcc = list(pool.map(gcc, sources()))
    results = [('gcc -fanalyzer', max(code for code, _, _ in by_gcc), [finding for _, found, _ in by_gcc for finding in found],
                '\n'.join(text for code, _, text in by_gcc if code != 0)), ('cppcheck', *cppcheck())]
    for name, code, found, text in results:
        number += 1
        new = []
        for file, line, kind, words in found:
            pattern = next((pattern for pattern, _ in known if fnmatch.fnmatchcase('%s %s %s' % (file, kind, words), pattern)), None)
            if pattern is None:
                new.append('%s:%d: %s %s' % (file, line, kind, words))
            used.add(pattern)
        print('%s %d - %s: %d findings, %d explained' % ('not ok' if new or code != 0 else 'ok', number, name, len(found),
                                                        len(found) - len(new)))
        for line in new + (text.splitlines()[:40] if code != 0 else []):
            print('# ' + line)
    stale = [pattern for pattern, why in known if pattern not in used or not why]
    print('%s 3 - every explanation is needed' % ('not ok' if stale else 'ok'))
    for pattern in stale:
        print('# ' + pattern)
    return 0


if __name__ == '__main__':
    sys.exit(main())
