#!/usr/bin/python3
"""Runs fuzz targets, or adds to their corpora what a run has found.

fuzz.py FOLDER [RUNS] TARGET...      FOLDER holds the programs (fuzz/TARGET), new inputs (new/TARGET), what failed (failed/) and
                                     the count of runs (runs.json). RUNS of each target: 100,000.
fuzz.py --merge FOLDER TARGET...     the smallest of all inputs that reach as much become tests/fuzz/corpus/TARGET.

Exit 1 if anything failed; the last lines say which input does it.
"""
import json
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
LONGEST = {'base_text': 512, 'form_catalogue': 2048, 'form_layout': 8192, 'formula_rule': 256, 'session_import': 1500, 'session_journal': 1000,
           'store_workbook': 4096, 'tui_keys': 150, 'yaml_tree': 1024}
KEPT_MOST = 100, 120_000  # inputs and bytes of one corpus
OPTIONS = ['-timeout=20', '-rss_limit_mb=3000', '-print_final_stats=1', '-reload=0']
ENVIRONMENT = dict(os.environ, ASAN_OPTIONS='quarantine_size_mb=16:malloc_context_size=8', TZ='UTC')


def folders(folder, target):
    new, corpus = os.path.join(folder, 'new', target), os.path.join(HERE, 'corpus', target)
    for path in (new, corpus, os.path.join(folder, 'failed')):
        os.makedirs(path, exist_ok=True)
    return new, corpus


def words(folder, target):
    """The dictionary, in libFuzzer's ASCII."""
    path, plain = os.path.join(HERE, 'words', target), os.path.join(folder, target + '.words')
    if not os.path.exists(path):
        return []
    with open(path, 'rb') as file, open(plain, 'w', encoding='ascii') as out:
        out.writelines(chr(byte) if byte < 0x80 else '\\x%02x' % byte for byte in file.read())
    return ['-dict=' + plain]


def statistic(name, text):
    found = re.findall(r'stat::%s:\s+(\d+)' % name, text)
    return int(found[-1]) if found else 0


def add_runs(folder, target, count):
    path = os.path.join(folder, 'runs.json')
    runs = {}
    if os.path.exists(path):
        with open(path, encoding='ascii') as file:
            runs = json.load(file)
    runs[target] = runs.get(target, 0) + count
    with open(path, 'w', encoding='ascii') as file:
        json.dump(runs, file, indent=1, sort_keys=True)
    return runs[target]


def fuzz(folder, target, runs):
    """Whether nothing was found."""
    new, corpus = folders(folder, target)
    program = os.path.join(folder, 'fuzz', target)
    log = os.path.join(folder, target + '.log')
    command = [program, '-runs=%d' % runs, '-max_len=%d' % LONGEST.get(target, 4096), *OPTIONS, *words(folder, target),
               '-artifact_prefix=%s/failed/%s-' % (os.path.abspath(folder), target), new, corpus]
    with open(log, 'w', encoding='utf-8') as file:
        code = subprocess.run(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=file, check=False).returncode
    with open(log, encoding='utf-8', errors='replace') as file:
        text = file.read()
    progress = re.findall(r'cov: (\d+) ft: (\d+) corp: (\d+)', text)
    cover, features, kept = progress[-1] if progress else (0, 0, 0)
    done = statistic('number_of_executed_units', text)
    total = add_runs(folder, target, done)
    print('%-16s %9d runs  %6d a second  %6s edges  %6s features  %5s inputs  %4d MB  %10d runs in all'
          % (target, done, statistic('average_exec_per_sec', text), cover, features, kept, statistic('peak_rss_mb', text), total),
          flush=True)
    if code != 0:
        found = re.findall(r'Test unit written to (\S+)', text)
        summary = re.findall(r'SUMMARY: .*', text)
        print('    %s\n    %s\n    %s' % (summary[-1] if summary else 'exit %d' % code, found[-1] if found else '', log), flush=True)
    return code == 0


def merge(folder, target):
    """The corpus anew: inputs that reach something, smallest first, within bounds."""
    new, corpus = folders(folder, target)
    merged = os.path.join(folder, 'merged', target)
    shutil.rmtree(merged, ignore_errors=True)
    os.makedirs(merged)
    subprocess.run([os.path.join(folder, 'fuzz', target), '-merge=1', '-max_len=%d' % LONGEST.get(target, 4096), *OPTIONS, merged,
                    corpus, new], env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    named = sorted(name for name in os.listdir(corpus) if not re.fullmatch('[0-9a-f]{40}', name))  # each found something once
    inputs = sorted((os.path.getsize(os.path.join(merged, name)), name) for name in os.listdir(merged))
    for name in os.listdir(corpus):
        if name not in named:
            os.unlink(os.path.join(corpus, name))
    # Evenly over all sizes: the small ones alone are those that are refused at once.
    step, bytes_kept = max(1, -(-len(inputs) // KEPT_MOST[0])), 0
    for size, name in inputs[::step]:
        if bytes_kept + size <= KEPT_MOST[1]:
            shutil.copy(os.path.join(merged, name), os.path.join(corpus, name))
            bytes_kept += size
    print('%-16s %d inputs, %d bytes of %d that reach something new' % (target, len(os.listdir(corpus)), bytes_kept, len(inputs)))
    return True


def main(arguments):
    if arguments[0] == '--merge':
        folder, targets = arguments[1], arguments[2:]
        work = merge
    else:
        folder, rest = arguments[0], arguments[1:]
        runs = int(rest[0]) if rest[0].isdigit() else 100_000
        targets = rest[1:] if rest[0].isdigit() else rest

        def work(folder, target):
            return fuzz(folder, target, runs)
    return 0 if all([work(folder, target) for target in targets]) else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
