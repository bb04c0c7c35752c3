"""What yubiao costs: bytes to the terminal, instructions, memory, time to the first screen. Figures only; bounds_test.py judges."""
import collections
import glob
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'screen')]
import synthetic
import tap
from clerk import Clerk

EDITS = os.path.join(tap.BUILD, 'bench', 'edits')
SHIM = os.path.join(tap.BUILD, 'faults', 'shim.so')
COMMITS = 200
START_RUNS = 31


def spread(values):
    """(median, 95th percentile, greatest, how many)"""
    ordered = sorted(values)
    return statistics.median(ordered), ordered[math.ceil(len(ordered) * 0.95) - 1], ordered[-1], len(ordered)


def bytes_by_key(path, home):
    """{what: the bytes of every single key} at 80x24 on `path`, a workbook whose 支出总表 has rows."""
    figures = {}
    with Clerk([path], home) as clerk:
        clerk.open_table('expenditure')
        figures['down'], figures['right'] = walk(clerk)
        figures['digit'], figures['commit'] = commits(clerk)
        clerk.press('CtrlHome')
        figures['page down'] = until_still(clerk, 'PageDown', 12)
        clerk.leave_without_saving()
    return figures


def walk(clerk, most=40):
    """Every Down of a table (at most `most`), and every Right on each of its lines."""
    down, right = [], []
    clerk.press('CtrlHome', 'Home')
    while len(down) < most:
        moves = until_still(clerk, 'Right')
        if not moves:  # the empty last line
            break
        right += moves
        clerk.press('Home')
        down.append(clerk.press('Down'))
    return down, right


def until_still(clerk, key, most=40):
    """The bytes of each press of `key`, until it moves no more."""
    counts = []
    while len(counts) < most:
        before = clerk.text(), clerk.cursor()
        count = clerk.press(key)
        if (clerk.text(), clerk.cursor()) == before:
            break
        counts.append(count)
    return counts


def commits(clerk):
    """Figures typed into the three leaves that stand below the first 款, so that all seven totals are on the screen: the row's 合计, and
    the column and 合计 of 款, 类 and the total row. (bytes of each digit, bytes of each Enter)"""
    digits, enters = [], []
    for turn in range(15):
        clerk.press('CtrlHome', 'Home', 'Right', *['Down'] * (3 + turn % 3))
        for digit in '%d.%02d' % (11 + 7 * turn, 13 * turn % 100):
            digits.append(clerk.press(digit))
        enters.append(clerk.press('Enter'))
    return digits, enters


def page_bytes(path, home):
    """The bytes of every page down over all tables of `path`."""
    counts = []
    with Clerk([path], home) as clerk:
        for table in clerk.tables:
            clerk.open_table(table)
            clerk.press('CtrlHome')
            counts += until_still(clerk, 'PageDown', 12)
            clerk.press('F10')
        clerk.leave_without_saving()
    return counts


def instructions(rows, home):
    """Instructions of one committed figure in a table of `rows` coded rows, reading and ending left out."""
    path = synthetic.write(os.path.join(home, 'rows-%d.yaml' % rows), rows)
    counts = []
    for commits_made in (COMMITS, 2 * COMMITS):
        done = subprocess.run(['valgrind', '--tool=cachegrind', '--cache-sim=no', '--cachegrind-out-file=/dev/null', EDITS, path,
                               'expenditure', '基本支出', str(commits_made)], env=tap.clean_environment(home), capture_output=True,
                              text=True, check=False)
        found = re.search(r'I\s+refs:\s+([\d,]+)', done.stderr)
        if done.returncode != 0 or not found:
            raise RuntimeError(done.stderr)
        counts.append(int(found[1].replace(',', '')))
    return (counts[1] - counts[0]) / COMMITS


def edits(home, commits_made, way, *tool, **env):
    """Runs EDITS on a fresh copy of the sample in a directory of its own; (directory, what it said)."""
    directory = tempfile.mkdtemp(dir=home)
    path = shutil.copy(tap.SAMPLE, directory)
    done = subprocess.run([*tool, EDITS, path, 'expenditure', '基本支出', str(commits_made), *way],
                          env=tap.clean_environment(home, **{name: text.replace('DIRECTORY', directory) for name, text in env.items()}),
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return directory, done.stderr


def calls(home, commits_made, way):
    """{name of a system call: how many}, without those that get memory for the undo list."""
    directory, _ = edits(home, commits_made, way, LD_PRELOAD=SHIM, FAULT_DIRECTORY='DIRECTORY', FAULT_TRACE='DIRECTORY/trace')
    with open(os.path.join(directory, 'trace'), encoding='ascii', errors='replace') as file:
        names = [fields[1] for fields in (line.split() for line in file) if fields[0] != '0']
    return collections.Counter(name for name in names if name not in ('brk', 'mmap', 'munmap', 'mremap'))


def cost_of_a_commit(home, way):
    """({system call: how many}, instructions, bytes in the journal) of one committed figure. way: () or ('without',)."""
    counts = [calls(home, number, way) for number in (COMMITS, 2 * COMMITS)]
    kinds = {name: (counts[1][name] - counts[0][name]) / COMMITS for name in counts[1] if counts[1][name] != counts[0][name]}
    refs, sizes = [], []
    for number in (COMMITS, 2 * COMMITS):
        said = edits(home, number, way, 'valgrind', '--tool=cachegrind', '--cache-sim=no', '--cachegrind-out-file=/dev/null')[1]
        refs.append(int(re.search(r'I\s+refs:\s+([\d,]+)', said)[1].replace(',', '')))
        directory, _ = edits(home, number, way or ('keep',))
        journals = glob.glob(os.path.join(directory, '*.journal'), include_hidden=True)
        sizes.append(sum(os.path.getsize(name) for name in journals))
    return kinds, (refs[1] - refs[0]) / COMMITS, (sizes[1] - sizes[0]) / COMMITS


def memory(home):
    """{'VmHWM': kB, 'VmRSS': kB} with the sample, after every table was shown."""
    with Clerk([shutil.copy(tap.SAMPLE, home)], home) as clerk:
        for table in clerk.tables:
            clerk.open_table(table)
            clerk.press('PageDown')
            clerk.press('F10')
        figures = clerk.memory()
        clerk.leave_without_saving()
    return figures


def start_times(home):
    """(yubiao's, nano's): milliseconds from exec to the last byte of the first screen, START_RUNS alternating runs on one file."""
    path = shutil.copy(tap.SAMPLE, home)
    times = ([], [])
    for _ in range(START_RUNS):
        for kind, argv in enumerate(([tap.PROGRAM, path], ['nano', path])):
            with Clerk(argv, home, program=None) as clerk:
                times[kind].append(clerk.first_screen() * 1000)
            # nano, killed, leaves its lock: the next run would draw a question, not the file
            for lock in glob.glob(os.path.join(home, '.*.swp')):
                os.unlink(lock)
    return times
