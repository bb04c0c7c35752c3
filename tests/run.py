#!/usr/bin/python3
"""Runs test programs, several at once, and sums their TAP.

run.py [NAME=VALUE | PROGRAM]...

An assignment holds for the programs after it. Prints a line a program, whatever failed in full, and as the last line
`N passed, N failed`; exit 1 if anything failed. A program that dies, prints no result, or runs out of time has failed, whatever
it printed.
Environment given to all: YUBIAO (the program under test), YUBIAO_FORMS, BUILD. All run in the top directory.
"""
import concurrent.futures
import os
import re
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TIME_LIMIT = int(os.environ.get('YUBIAO_TEST_SECONDS') or (36000 if os.environ.get('LONG') else 540))
RESULT = re.compile(r'^(ok|not ok)\b(?! \d+ .*# SKIP)', re.M)
SKIPPED = re.compile(r'^ok \d+ .*# SKIP.*', re.M)


def environment(more):
    build = os.path.abspath(os.environ.get('BUILD', 'build'))
    env = dict(os.environ, **more, BUILD=build, CMOCKA_MESSAGE_OUTPUT='TAP', PYTHONDONTWRITEBYTECODE='1')
    env.setdefault('YUBIAO', os.path.join(build, 'yubiao'))
    env['YUBIAO'] = os.path.abspath(env['YUBIAO'])
    env.setdefault('YUBIAO_FORMS', os.path.join(TOP, 'forms'))
    # A user's own settings must not decide a test.
    for name in ('MAKEFLAGS', 'MFLAGS', 'MAKELEVEL', 'NO_COLOR', 'LINES', 'COLUMNS', 'LANGUAGE', 'LC_ALL', 'TMUX', 'POSIXLY_CORRECT'):
        env.pop(name, None)
    env['LANG'] = 'C.UTF-8'
    env.setdefault('ASAN_OPTIONS', 'detect_leaks=1:exitcode=86')
    return env


def run(program, more):
    start = time.monotonic()
    try:
        done = subprocess.run([os.path.abspath(program)], cwd=TOP, env=environment(more), stdin=subprocess.DEVNULL, text=True,
                              errors='replace', stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIME_LIMIT)
        output, code = done.stdout, done.returncode
    except subprocess.TimeoutExpired as late:
        output, code = (late.stdout or b'').decode(errors='replace') + '\nran out of time\n', -1
    except OSError as error:
        output, code = str(error), -1
    results = RESULT.findall(output)
    passed, failed = results.count('ok'), results.count('not ok')
    if not (results or SKIPPED.search(output)) or (code != 0 and not failed):
        failed += 1
        output += '\n%s: exit status %d, %d results\n' % (program, code, len(results))
    return label_of(program, more), passed, failed, output, time.monotonic() - start


def label_of(program, more):
    """Short: tests/cli/x_test.py, unit/x_test, san/unit/x_test; (san) behind a script that ran with another program."""
    path, build = os.path.abspath(program), os.path.abspath(os.environ.get('BUILD', 'build'))
    if path.startswith(build + '/'):
        return os.path.relpath(path, build)
    variant = os.path.relpath(os.path.dirname(os.path.abspath(more['YUBIAO'])), build) if 'YUBIAO' in more else ''
    return os.path.relpath(path, TOP) + (' (%s)' % variant if variant else '')


def jobs(arguments):
    more = {}
    for argument in arguments:
        name, equals, value = argument.partition('=')
        if equals:
            more = dict(more, **{name: value})
        else:
            yield argument, more


def main(arguments):
    passed = failed = 0
    # Many wait more than they work: for a terminal, a lock, a listener.
    with concurrent.futures.ThreadPoolExecutor((os.cpu_count() or 1) + 2) as pool:
        for future in concurrent.futures.as_completed([pool.submit(run, *job) for job in jobs(arguments)]):
            label, good, bad, output, seconds = future.result()
            passed, failed = passed + good, failed + bad
            print('%-52s %4d passed %3d failed %6.1f s' % (label, good, bad, seconds), flush=True)
            figures = [line[2:] for line in output.splitlines() if line.startswith('# ')] + SKIPPED.findall(output)
            if bad:
                print(output.rstrip(), flush=True)
            else:
                for line in figures:
                    print('    ' + line, flush=True)
    print('%d passed, %d failed' % (passed, failed))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
