#!/usr/bin/python3
"""A save is cut off by SIGKILL, or refused by the operating system, at every call it makes on its directory. Whatever happens, the
file is the old one or the new one, whole; `saved` is never said of the old one; a failure is told, and leaves nothing lying about."""
import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap

SHIM = os.path.join(tap.BUILD, 'faults', 'shim.so')
CHANGE = 'expenditure[2012902].项目支出=5.60'

COMMON = ['EIO', 'EACCES', 'EPERM', 'ENOMEM']
SPACE = ['ENOSPC', 'EDQUOT', 'EROFS']
PLAUSIBLE = {
    'open': COMMON + SPACE + ['EEXIST', 'EINTR', 'EISDIR', 'ELOOP', 'EMFILE', 'ENAMETOOLONG', 'ENFILE', 'ENOENT', 'ENOTDIR', 'ETXTBSY',
                              'ESTALE', 'EINVAL'],
    'write': ['EIO', 'ENOSPC', 'EDQUOT', 'EFBIG', 'EINTR', 'EPERM', 'ESTALE'],
    'read': ['EIO', 'EINTR', 'EISDIR', 'ESTALE'],
    'fsync': ['EIO', 'ENOSPC', 'EDQUOT', 'EROFS', 'EINVAL', 'EINTR'],
    'fdatasync': ['EIO', 'ENOSPC', 'EDQUOT', 'EROFS', 'EINVAL', 'EINTR'],
    'close': ['EIO', 'EINTR', 'ENOSPC', 'EDQUOT'],
    'rename': COMMON + SPACE + ['EBUSY', 'EEXIST', 'EINVAL', 'EISDIR', 'ENOENT', 'ENOTDIR', 'EXDEV', 'ESTALE'],
    'link': COMMON + SPACE + ['EEXIST', 'EMLINK', 'ENOENT', 'EXDEV'],
    'unlink': COMMON + ['EROFS', 'EBUSY', 'ENOENT', 'EISDIR'],
    'ftruncate': ['EIO', 'EINTR', 'EFBIG', 'EINVAL', 'EPERM'],
}
# Not ENOENT: of a file that was just read it would mean that it is gone, and a new one is right then.
OTHERS = COMMON + ['EROFS', 'ENOTDIR', 'ELOOP', 'EOVERFLOW', 'EINVAL', 'ENOSYS']
BESIDE = {'budget.yaml', 'budget.yaml~', 'budget.yaml.history', '.budget.yaml.journal'}
ONCE_ONLY = {'EINTR'}  # for ever would be no operating system


class SaveFaults(tap.Case):
    def setUp(self):
        super().setUp()
        self.local = threading.local()
        self.serial = 0
        self.lock = threading.Lock()
        with open(tap.SAMPLE, 'rb') as file:
            self.old = file.read()
        first, second = self.save(), self.save()
        self.assertEqual(first['code'], 0, first['said'])
        self.new, self.calls = first['file'], first['calls']
        self.assertNotEqual(self.new, self.old)
        self.assertEqual((second['file'], second['calls']), (self.new, self.calls), 'two saves of the same differ')
        # The calls before the first close read the file; the save begins after it.
        self.first = self.calls.index('close') + 2

    def save(self, fault=None, prepare=None):
        """One `yubiao set` on a fresh copy of the sample, disturbed by `fault`."""
        with self.lock:
            self.serial += 1
            home = self.path('%d' % self.serial)
        directory, trace = os.path.join(home, 'd'), os.path.join(home, 'trace')
        os.makedirs(directory)
        path = os.path.join(directory, 'budget.yaml')
        with open(path, 'wb') as file:
            file.write(self.old)
        os.chmod(path, 0o640)
        env = tap.clean_environment(home, LD_PRELOAD=SHIM, FAULT_DIRECTORY=directory, FAULT_TRACE=trace, FAULT=fault)
        done = subprocess.run([tap.PROGRAM, 'set', path, CHANGE], env=env, cwd=home, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=60)
        with open(trace, encoding='ascii') as file:
            calls = [line.split()[1] for line in file]
        result = {'fault': fault, 'code': done.returncode, 'said': done.stderr.decode('utf-8', 'replace'), 'calls': calls,
                  'left': sorted(set(os.listdir(directory)) - BESIDE), 'file': None, 'mode': None}
        if os.path.exists(path):
            with open(path, 'rb') as file:
                result['file'] = file.read()
            result['mode'] = os.stat(path).st_mode & 0o777
        result['after'] = self.save_again(path, home) if fault and fault.split()[1] == 'kill' else None
        shutil.rmtree(home)
        return result

    def save_again(self, path, home):
        """What a killed save left behind is taken, and does not stand in the way of the next."""
        for command in (['recover', path, '--take'], ['set', path, CHANGE]):
            done = subprocess.run([tap.PROGRAM] + command, env=tap.clean_environment(home), cwd=home, stdin=subprocess.DEVNULL,
                                  capture_output=True, timeout=60)
            if done.returncode != 0:
                return False
        with open(path, 'rb') as file:
            return file.read().split(b'\nend:')[0] == self.new.split(b'\nend:')[0]

    def run_all(self, faults):
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            return list(pool.map(self.save, faults))

    def whole(self, result):
        """What holds after every accident."""
        self.assertIn(result['file'], (self.old, self.new), '%s: neither old nor new\n%s' % (result['fault'], result['said']))
        self.assertEqual(result['mode'], 0o640, '%s: mode' % result['fault'])

    def kind(self, number):
        return self.calls[number - 1]

    def numbers(self):
        return range(self.first, len(self.calls) + 1)

    def test_the_save_is_seen(self):
        kinds = self.calls[self.first - 1:]
        print('# a save makes %d calls on its directory: %s' % (len(kinds), ' '.join(kinds)))
        for kind in ('open', 'write', 'fsync', 'close', 'rename'):
            self.assertIn(kind, kinds)
        self.assertLess(kinds.index('fsync'), kinds.index('rename'), 'the file is synced before it is renamed')
        self.assertIn('fsync', kinds[kinds.index('rename'):], 'the directory is synced after the rename')

    def test_killed_at_every_call(self):
        faults = ['%d kill %s' % (number, when) for number in self.numbers() for when in ('before', 'after')]
        results = self.run_all(faults)
        for result in results:
            self.assertEqual(result['code'], -signal.SIGKILL, result['fault'])
            self.whole(result)
            self.assertTrue(result['after'], '%s: the next save failed' % result['fault'])
        old = sum(result['file'] == self.old for result in results)
        self.assertGreater(old, 0)
        self.assertGreater(len(results) - old, 0)
        print('# SIGKILL: %d runs, %d left the old file, %d the new one, none another; the next save worked %d times'
              % (len(results), old, len(results) - old, len(results)))

    def refused(self, results, what):
        said_new = said_old = 0
        for result in results:
            where = '%s (%s)\n%s' % (result['fault'], self.kind(int(result['fault'].split()[0])), result['said'])
            self.assertGreaterEqual(result['code'], 0, 'crashed at ' + where)
            self.whole(result)
            if result['code'] == 0:
                self.assertEqual(result['file'], self.new, 'success, but the old file: ' + where)
                said_new += 1
            else:
                self.assertGreater(len(result['said'].strip()), 10, 'a failure without a sentence: ' + where)
                said_old += 1
            if self.kind(int(result['fault'].split()[0])) not in ('unlink', 'lstat'):  # without these a lock cannot be removed
                self.assertEqual(result['left'], [], 'left behind: ' + where)
        print('# %s: %d runs, %d saved all the same, %d refused with a sentence, none said "saved" of an old file, none left files'
              % (what, len(results), said_new, said_old))

    def errors(self, ever):
        for number in self.numbers():
            for name in PLAUSIBLE.get(self.kind(number), OTHERS):
                if not (ever == 'ever' and name in ONCE_ONLY):
                    yield '%d fail %d %s' % (number, getattr(errno, name), ever)

    def test_every_error_once(self):
        self.refused(self.run_all(self.errors('once')), 'every plausible errno at every call, once')

    def test_every_error_for_ever(self):
        self.refused(self.run_all(self.errors('ever')), 'every plausible errno from every call on, for ever')

    def test_failure_reported_after_success(self):
        faults = ['%d late %d once' % (number, getattr(errno, name)) for number in self.numbers()
                  if self.kind(number) in ('rename', 'link', 'unlink', 'close', 'fsync', 'fdatasync') for name in ('EIO', 'ESTALE', 'EINTR')]
        self.refused(self.run_all(faults), 'calls that did their work and reported a failure')

    def test_short_reads_and_writes(self):
        moving = [number for number in self.numbers() if self.kind(number) in ('read', 'write')]
        faults = ['%d short %d %s' % (number, parts, ever) for number in moving for parts in (2, 100) for ever in ('once', 'ever')]
        faults += ['%d end 0 once' % number for number in moving if self.kind(number) == 'read']
        self.refused(self.run_all(faults), 'short reads and writes')


if __name__ == '__main__':
    tap.main()
