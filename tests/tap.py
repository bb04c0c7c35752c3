"""Python tests of this tree: unittest classes, TAP on stdout, and the few things that all of them need."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.abspath(os.environ.get('BUILD', os.path.join(TOP, 'build')))
PROGRAM = os.path.abspath(os.environ.get('YUBIAO', os.path.join(BUILD, 'yubiao')))
SAMPLE = os.path.join(TOP, 'sample-data', 'beidaihe-2024.yaml')
sys.dont_write_bytecode = True


def clean_environment(home, **more):
    """Nothing of the user's own settings, a home of its own; a value of None takes a variable away."""
    env = {'PATH': os.environ.get('PATH', '/usr/bin:/bin'), 'HOME': home, 'XDG_STATE_HOME': os.path.join(home, 'state'),
           'LANG': 'C.UTF-8', 'YUBIAO_FORMS': os.environ.get('YUBIAO_FORMS', os.path.join(TOP, 'forms'))}
    for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS'):
        if name in os.environ:
            env[name] = os.environ[name]
    env.update(more)
    return {name: value for name, value in env.items() if value is not None}


class Case(unittest.TestCase):
    """A test with a directory of its own, self.home, and the program at hand."""
    maxDiff = None

    def setUp(self):
        self.home = tempfile.mkdtemp(prefix='yubiao-test-')
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.home, name)

    def copy_sample(self, name='sample.yaml'):
        return shutil.copy(SAMPLE, self.path(name))

    def yubiao(self, *arguments, status=0, **env):
        """Runs the program; status None: any. Returns the CompletedProcess."""
        done = subprocess.run([PROGRAM, *arguments], env=clean_environment(self.home, **env), cwd=self.home, text=True,
                              encoding='utf-8', errors='surrogateescape', stdin=subprocess.DEVNULL, capture_output=True)
        if status is not None:
            self.assertEqual(done.returncode, status, 'yubiao %s\n%s%s' % (' '.join(arguments), done.stdout, done.stderr))
        self.assertNotIn('Sanitizer', done.stderr)
        return done


class _Tap(unittest.TestResult):
    number = 0

    def report(self, word, test, more=''):
        self.number += 1
        print('%s %d - %s%s' % (word, self.number, test.id().replace('__main__.', ''), more), flush=True)

    def complain(self, test, error):
        self.report('not ok', test)
        for line in self._exc_info_to_string(error, test).splitlines():
            print('# ' + line, flush=True)

    def addSuccess(self, test):
        self.report('ok', test)

    def addSkip(self, test, reason):
        self.report('ok', test, ' # SKIP ' + reason)

    def addError(self, test, err):
        super().addError(test, err)
        self.complain(test, err)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.complain(test, err)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            super().addSubTest(test, subtest, err)
            self.complain(subtest, err)


def main():
    """Runs the tests of the program that calls it, or those named on its command line."""
    names = [name for name in sys.argv[1:] if not name.startswith('-')]
    loader, module = unittest.defaultTestLoader, sys.modules['__main__']
    suite = loader.loadTestsFromNames(names, module) if names else loader.loadTestsFromModule(module)
    result = _Tap()
    suite.run(result)
    print('1..%d' % result.number)
    sys.exit(0 if result.wasSuccessful() else 1)
