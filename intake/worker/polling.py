"""The threads that polls run in: one for each poll, and none that the end of Intake waits for."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from threading import Thread

from apscheduler.executors.base import BaseExecutor, run_job
from apscheduler.job import Job


# APScheduler carries no types.
class PollThreads(BaseExecutor):  # type: ignore[misc]
    """An executor for APScheduler. Its own keeps the process alive until the last poll is over,
    be that a minute of waiting for a server that does not answer.
    """

    def __init__(self) -> None:
        super().__init__()
        self._threads: list[Thread] = []

    def join(self, seconds: float) -> bool:
        """Whether all polls have ended within `seconds`."""
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(until - time.monotonic(), 0))
        return not any(thread.is_alive() for thread in self._threads)

    def _do_submit_job(self, job: Job, run_times: list[datetime]) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = Thread(target=self._work, args=(job, run_times), name=job.id, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self, job: Job, run_times: list[datetime]) -> None:
        try:
            events = run_job(job, job._jobstore_alias, run_times, self._logger.name)
        except BaseException:
            self._run_job_error(job.id, *sys.exc_info()[1:])
        else:
            self._run_job_success(job.id, events)
