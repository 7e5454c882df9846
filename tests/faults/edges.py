"""The edges of a night's steps, and how a process is made to die at one of them.

The product knows nothing of this: the process that is to die wraps the functions that
stand on either side of an edge, and kills itself as a power cut would.
"""

import os
import signal
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

Arm = Callable[[], None]

RELEASE_STEPS = (
    *("started", "planned", "marts_written", "restricted_written", "audited"),
    *("manifest_written", "flushed", "renamed", "linked", "switched", "pruned"),
)


def die() -> None:
    """Die without a word, and without closing anything."""
    os.kill(os.getpid(), signal.SIGKILL)


def _owner(target: str) -> tuple[Any, str]:
    module, _, path = target.partition(":")
    owner: Any = import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    return owner, name


def _before(target: str, *, call: int = 1) -> Arm:
    return lambda: _wrap(target, call=call, is_after=False)


def _after(target: str, *, call: int = 1) -> Arm:
    return lambda: _wrap(target, call=call, is_after=True)


def _wrap(target: str, *, call: int, is_after: bool) -> None:
    owner, name = _owner(target)
    original = getattr(owner, name)
    calls = 0

    def wrapped(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - any function
        nonlocal calls
        calls += 1
        is_due = calls == call
        if is_due and not is_after:
            die()
        result = original(*arguments, **options)
        if is_due and is_after:
            die()
        return result

    setattr(owner, name, wrapped)


def _stage(stage: str, *, models: int | None = None, is_after: bool = False) -> Arm:
    """Die before or after a stage of dbt, or when it has told of so many results."""

    def arm() -> None:
        owner, name = _owner("pipelines.transformation:Transformation.build")
        original = getattr(owner, name)

        def build(
            self: object,
            asked: Any,  # noqa: ANN401 - a stage
            *,
            on_event: Callable[[Any], None] | None = None,
        ) -> Iterator[Any]:
            is_due, told = asked.name == stage, 0

            def hear(event: Any) -> None:  # noqa: ANN401 - an event of dbt
                nonlocal told
                told += 1
                if is_due and told == models:
                    die()
                if on_event:
                    on_event(event)

            if is_due and models is None and not is_after:
                die()
            yield from original(self, asked, on_event=hear)
            if is_due and is_after:
                die()

        setattr(owner, name, build)

    return arm


def _release(step: str) -> Arm:
    def arm() -> None:
        owner, name = _owner("pipelines.releasing:publish")
        original = getattr(owner, name)

        def on_step(passed: str) -> None:
            if passed == step:
                die()

        def publish(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
            return original(*arguments, **options, on_step=on_step)

        setattr(owner, name, publish)

    return arm


RECEIVING: dict[str, Arm] = {
    "archive prepared": _after("warehouse.receiving.receive:prepare_archive"),
    "bytes copied": _after("warehouse.receiving.keeping:_copy"),
    "bytes kept": _after("warehouse.receiving.receipt:keep"),
    "load begun": _before("warehouse.receiving.loading:_insert_rows"),
    "rows inserted": _after("warehouse.receiving.loading:_insert_rows"),
    "before commit": _after("warehouse.receiving.loading:enter"),
    "after commit": _after("warehouse.receiving.loading:append"),
    "between loads": _after("warehouse.receiving.receive:_take", call=2),
    "copy of the ledger begun": _before("warehouse.receiving.ledger_copy:copy_ledger"),
    "copy of the ledger made": _after("warehouse.receiving.ledger_copy:copy_ledger"),
    "received": _after("warehouse.receiving:receive_dates"),
}
BUILDING: dict[str, Arm] = {
    "doors checked": _after("pipelines.assets.checks:check_doors"),
    "doors recorded": _after("pipelines.assets.checks:keep"),
    "before dbt inputs": _stage("INPUTS"),
    "stale work forgotten": _after("pipelines.transformation:forget_stale_work"),
    "amid dbt inputs": _stage("INPUTS", models=2),
    "after dbt inputs": _stage("INPUTS", is_after=True),
    "identity gathered": _after("warehouse.identity.identify:gather"),
    "identity written": _after("warehouse.identity.identify:_write"),
    "identified": _after("pipelines.assets.identity:identify"),
    "estimated": _after("pipelines.assets.identity:estimate"),
    "amid dbt marts": _stage("MARTS", models=30),
    "later amid dbt marts": _stage("MARTS", models=90),
    "after dbt marts": _stage("MARTS", is_after=True),
    "score replaced": _after("warehouse.scoring.scoring:_replace", call=2),
    "scored": _after("pipelines.assets.scores:score"),
    "amid dbt scores": _stage("SCORES", models=2),
    "after dbt scores": _stage("SCORES", is_after=True),
    "gate checked": _after("pipelines.assets.checks:check_gate"),
    "gate recorded": _after("pipelines.assets.checks:keep", call=2),
    "amid dbt quality": _stage("QUALITY", models=2),
    "after dbt quality": _stage("QUALITY", is_after=True),
}
RELEASING: dict[str, Arm] = {
    "before publication": _before("pipelines.assets.publication:make_release"),
    **{f"release {step}": _release(step) for step in RELEASE_STEPS},
    "before work is stamped": _before("pipelines.releasing:stamp_work"),
    "published": _after("pipelines.assets.publication:make_release"),
}
EDGES: dict[str, Arm] = RECEIVING | BUILDING | RELEASING
"""Every step's edge of a night, in the order in which a night passes them."""

BACKING_UP: dict[str, Arm] = {
    "what never changes copied": _after("warehouse.backup.gathering:_take_all"),
    "log folded in": _after("warehouse.backup.gathering:_fold_log"),
    "all copied": _after("warehouse.backup.making:gather"),
    "flushed": _after("warehouse.backup.making:flush_folders"),
    "named": _before("warehouse.backup.making:flush", call=2),
    "noted": _after("warehouse.backup.making:note_backup"),
}
"""The edges of a backup, in the order in which it passes them."""


def _without_exchange(arm: Arm) -> Arm:
    """Arm an edge where the system cannot exchange two names."""

    def armed() -> None:
        owner, name = _owner("warehouse.homes:_exchange")
        setattr(owner, name, lambda *_: False)
        arm()

    return armed


RESTORING: dict[str, Arm] = {
    "files copied": _after("warehouse.backup.restoring:_fill"),
    "key copied": _after("warehouse.backup.restoring:copy_secrets"),
    "built": _after("warehouse.backup.restoring:flush_folders"),
    "named as whole": _before("warehouse.homes:_exchange"),
    "exchanged": _before("warehouse.homes:finish"),
    "the one before aside": _before("warehouse.homes:flush", call=2),
    "without exchange, none in its place": _without_exchange(
        _before("warehouse.homes:finish")
    ),
    "without exchange, in its place": _without_exchange(
        _before("warehouse.homes:flush", call=2)
    ),
    "put there": _after("warehouse.backup.restoring:take_place"),
}
"""The edges of a restore, in the order in which it passes them."""
