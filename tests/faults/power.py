"""What is left when the power goes off at any moment of a Story, and what must hold of it (model.py says what a disk may hold then)."""
import hashlib
import random

import model
import runner
import story

FOLLOWED = 8  # of so many directories, one is also worked on after recovery; LONG=1: each


def what_matters(files):
    """Two directories that differ only in the words of a lock, or in a file that was not put in place yet, count as one: a lock's words
    only tell others, and such a file is removed unread."""
    def line(name, data):
        if not runner.LONG and data is not None:
            if name.endswith('.lock'):
                return name, data[:1]
            if name.endswith('.tmp'):
                return name.rpartition('/')[0], data[:1]
        return name, data
    return hashlib.sha256(repr(sorted(map(lambda item: line(*item), files.items()), key=repr)).encode()).digest()


def images(tale, result):
    """[(files, states that may be recovered, states that the file may hold)], and how many images these stand for. For a run without
    failures."""
    states, seen_before, found, count = list(tale.states()), {}, [], 0
    disk = model.Disk(tale.files)
    for number, (event, begun, seen) in enumerate(story.progress(result)):
        if event[0] in ('said', 'read', 'idle') or (event[0] != 'end' and not disk.play(event)):
            continue
        first, last = (seen, begun) if tale.moments else (1 if event[0] == 'end' else 0, 1)
        for files in disk.images('%s %d' % (tale.name, number)):
            count += 1
            key = what_matters(files), first, last
            if key not in seen_before:
                seen_before[key] = True
                found.append((files, [now for now, _ in states[first:last + 1]], [saved for _, saved in states[first:last + 1]]))
        if event[0] == 'sync':
            disk.settle(event)
    return found, count


def judge(image):
    """What is wrong with it, or None."""
    files, may_be_recovered, may_be_saved = image
    held = story.figures_of(files.get(story.FILE, b''))
    if held is None:
        return 'the file is not whole'
    if held not in may_be_saved:
        return 'the file holds %s, not one of %s' % (held, may_be_saved)
    found, problem = story.recovered(files, runner.LONG or what_matters(files)[0] % FOLLOWED == 0)
    if problem is not None:
        return problem
    if found not in may_be_recovered:
        return 'recovered is %s, not one of %s' % (found, may_be_recovered)
    return None


def cut(tale, fault=None, until_wrong=False):
    """Runs it, cuts the power everywhere. [(what is wrong, the files)], how many directories were looked at, for how many images."""
    result = runner.run(tale.job(fault=fault, log=True))
    found, count = images(tale, result)
    batch, wrong, looked_at = len(found), [], 0
    if until_wrong:
        random.Random('cut').shuffle(found)
        batch = 200
    while looked_at < len(found) and not (until_wrong and wrong):
        some = found[looked_at:looked_at + batch]
        wrong += [(problem, files) for problem, (files, _, _) in zip(runner.all_of(judge, some, 32), some) if problem is not None]
        looked_at += len(some)
    return wrong, looked_at, count
