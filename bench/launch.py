"""Run one program and print its wall time, its peak memory and how it ended, as a line of JSON.

    python -S launch.py STDOUT STDERR LIMIT PROGRAM [ARGUMENT…]

It is a program of its own because Linux counts the size of whoever starts a program as part of that program's peak:
started from here, the floor is this small interpreter and not the benchmark with whatever it has read so far.
"""

import json
import os
import signal
import sys
import threading
import time


def main() -> None:
    """Start the program, wait for it, and kill it after LIMIT seconds."""
    stdout, stderr, limit, *command = sys.argv[1:]
    write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    ends = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, stdout, write, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, stderr, write, 0o600),
    ]
    late = threading.Event()
    start = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=ends)

    def stop() -> None:
        late.set()
        os.kill(pid, signal.SIGKILL)

    timer = threading.Timer(float(limit), stop)
    timer.start()
    _, status, used = os.wait4(pid, 0)
    seconds = time.perf_counter() - start
    timer.cancel()
    # Linux counts in KiB, macOS in bytes.
    peak = used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    code = os.waitstatus_to_exitcode(status)
    print(json.dumps({"seconds": seconds, "peak_mib": peak, "exit_code": code, "late": late.is_set()}))


if __name__ == "__main__":
    main()
