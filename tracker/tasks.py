"""Work that takes longer than somebody waits for a page, in the process that serves the pages."""

from threading import Thread
from typing import Any

from django.db import connections
from django_tasks.backends.immediate import ImmediateBackend


class ThreadBackend(ImmediateBackend):
    """Each task runs at once, in a thread of its own: nobody has to start a worker.

    A process that is asked to end waits for its tasks; those of one that is killed are lost. Where that is not good
    enough, TASKS=database keeps them until a worker takes them.
    """

    def _execute_task(self, task_result: Any) -> None:
        Thread(target=self._run, args=[task_result], name=f"task {task_result.id}").start()

    def _run(self, task_result: Any) -> None:
        try:
            super()._execute_task(task_result)
        finally:
            # They are this thread's own, and nobody uses them again.
            connections.close_all()
