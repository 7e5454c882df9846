"""dbt, run within this process by the company's settings.

A second invocation in one process costs a fraction of the first, so a night starts dbt
once. What the models say is in `models/`; which of them run when is in `stages`, and
which need not run tonight in `standing`.
"""

import json
import os
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest
from dbt_common.events.base_types import EventMsg
from dbt_common.events.functions import msg_to_dict

from expectations import CheckResult, Outcome
from expectations.declared import Node
from pipelines.dbt_process import logging_to, note, surroundings
from pipelines.parses import (
    begin_with_shared,
    digest_of_macros,
    parsed_folder,
    share,
)
from pipelines.rooms import checked_rooms
from pipelines.stages import Stage, asked_of_dbt, made_in, mark, promised_in
from pipelines.staleness import dbt_variables, forget_stale_work, forget_work
from pipelines.standing import Standing
from warehouse.company import Company
from warehouse.errors import ClienteleError
from warehouse.extra_attributes import describe
from warehouse.machine import (
    in_words,
    memory_for,
    models_at_once,
    text_in_words,
    threads_for,
)
from warehouse.settings import PROJECT_ROOT, Settings

Event = dict[str, Any]

FAST = ["--no-write-json", "--use-fast-test-edges", "--indirect-selection", "empty"]
"""A stage leaves the manifest as it was read, and needs no second drawing of it."""
TONIGHT = "tonight"
"""The tag of what a stage takes: dbt selects by it faster than by anything else."""
STANDS = "STANDS"
"""What a model says whose build has written nothing (`macros/building.sql`)."""
QUIET = ["--no-use-colors", "--log-level", "none", "--log-level-file", "none"]
"""dbt's own logs put every event into words, of which a night keeps one in ten."""
DBT_LOG = "dbt.log"
UNPARSED = frozenset({"--help", "--version", "clean", "debug", "deps", "init", "parse"})
"""What dbt is asked for without models, or to read them for itself."""


class Transformation:
    """The dbt project of one company.

    Args:
        settings: Where the data lies.
        company: Whose models and inputs to build.
    """

    def __init__(self, settings: Settings, company: Company) -> None:
        """Keep what each invocation needs; nothing runs yet."""
        self.settings = settings
        self.company = company
        self.standing = Standing(settings)

    @property
    def manifest_path(self) -> Path:
        """Return where dbt writes its manifest."""
        return self.settings.places.target / "manifest.json"

    @property
    def environment(self) -> dict[str, str]:
        """Return what `dbt_project.yml` and `profiles.yml` read of the environment."""
        places = self.settings.places
        return {
            "CLIENTELE_COMPANY_FOLDER": self._folder,
            "CLIENTELE_WORK": str(places.work),
            "CLIENTELE_ARCHIVE": str(places.archive),
            "DBT_TARGET_PATH": str(places.target),
            "CLIENTELE_LOGS": str(places.logs),
            "CLIENTELE_TEMPORARY": str(places.temporary),
            "CLIENTELE_SECRETS": str(places.secrets),
            "CLIENTELE_IS_SAMPLE": "yes" if self.company.is_sample else "",
            "CLIENTELE_DBT_THREADS": str(threads_for(self.settings)),
            "CLIENTELE_DBT_MODELS": str(models_at_once(self.settings)),
            "CLIENTELE_DBT_MEMORY": memory_for(self.settings),
        }

    @cached_property
    def _folder(self) -> str:
        folder = parsed_folder(self.settings, self.company)
        return os.path.relpath(folder, PROJECT_ROOT)

    @cached_property
    def _parsed(self) -> Manifest:
        """The project as dbt reads it: the same wherever the company's data lies."""
        places = self.settings.places
        nowhere = {
            "CLIENTELE_WORK": places.work.name,
            "CLIENTELE_ARCHIVE": places.archive.name,
            "CLIENTELE_LOGS": "",
            "CLIENTELE_TEMPORARY": "",
            "CLIENTELE_SECRETS": "",
            "CLIENTELE_DBT_MEMORY": "",
            "CLIENTELE_DBT_MODELS": "1",
        }
        stated = f"{self._folder} {self._variables}"
        shared = begin_with_shared(self.settings, stated)
        parsed = self._invoke(["parse"], self.environment | nowhere)
        share(self.settings, shared)
        return parsed.result

    def manifest(self) -> dict[str, Any]:
        """Parse the project once and return its manifest, with extra attributes.

        Its nodes have the tags of their stages; all callers share it and only read it.
        """
        return self._manifest

    @cached_property
    def _manifest(self) -> dict[str, Any]:
        _ = self._parsed
        manifest: dict[str, Any] = json.loads(self.manifest_path.read_text("utf-8"))
        describe(manifest, self.company.extra_attributes())
        mark(manifest)
        return manifest

    def run(self, arguments: list[str]) -> bool:
        """Run any dbt command with the company's settings; return its success."""
        manifest = None if UNPARSED.intersection(arguments) else self._parsed
        with surroundings(self.environment):
            runner = dbtRunner(manifest=manifest)
            return bool(runner.invoke([*arguments, *self._options()]).success)

    def build(
        self, stage: Stage, *, on_event: Callable[[Event], None] | None = None
    ) -> Iterator[Event | CheckResult]:
        """Build one stage; yield dbt's events of its results, then what checks found.

        What stands from the night before is not made again.

        Raises:
            ClienteleError: A model or a test of the stage failed.
        """
        if stage is Stage.INPUTS:
            forget_stale_work(self.settings, self.company)
            self.standing.begin()
        manifest = self.manifest()
        made = self.standing.to_make(stage, made_in(stage, manifest), manifest)
        tests = {
            name: test
            for name, test in promised_in(stage, manifest).items()
            if self.standing.asks(test)
        }
        left = asked_of_dbt(tests, manifest)
        if made | left:
            yield from self._make(stage, made | left, on_event)
        kept = [
            test
            for name, test in tests.items()
            if name not in left and self.standing.asks(test)
        ]
        yield from self._check(stage, kept)
        self.standing.end()

    def _make(
        self, stage: Stage, chosen: set[str], on_event: Callable[[Event], None] | None
    ) -> Iterator[Event]:
        events: list[Event] = []

        def keep(message: EventMsg) -> None:
            if message.info.name.startswith("Log") and "Result" in message.info.name:
                event = msg_to_dict(message)
                events.append(event)
                if on_event:
                    on_event(event)

        self._choose(chosen)
        is_run = all(name.startswith("model.") for name in chosen)
        result = self._invoke(
            ["run" if is_run else "build", *FAST, "--select", f"tag:{TONIGHT}"],
            self.environment,
            manifest=self._parsed,
            callback=keep,
        )
        yield from events
        if not result.success:
            raise self._failure(stage, result, events)
        self.standing.left(
            {each.node.unique_id for each in result.result if each.message == STANDS}
        )

    def _choose(self, chosen: set[str]) -> None:
        """Mark what dbt is to take, and nothing else."""
        for name, node in self._parsed.nodes.items():
            tags = [tag for tag in node.tags if tag != TONIGHT]
            node.tags = [*tags, TONIGHT] if name in chosen else tags

    def _check(self, stage: Stage, tests: list[Node]) -> Iterator[CheckResult]:
        """Check what was made; what does not keep its promises is not built upon.

        Raises:
            ClienteleError: A test of the stage failed.
        """
        if not tests:
            return
        is_input = stage is Stage.INPUTS
        results = checked_rooms(
            self.settings,
            self.company,
            manifest=self.manifest(),
            tests=tests,
            kept_until=self.standing.kept_until if is_input else 0,
        )
        note(
            self.settings.places.logs / DBT_LOG,
            {
                f"{each.outcome.value} {each.check_name}: {each.message}": (
                    "error" if each.is_error else "warn"
                )
                for each in results
                if each.outcome is not Outcome.PASSED
            },
        )
        failed = [each.check_name for each in results if each.is_error]
        if failed and stage is not Stage.INPUTS:
            # What was made of it may keep some of it, and mend only the rest.
            forget_work(self.settings)
        yield from results
        if failed:
            raise self._failed_in(stage, failed)

    def _invoke(
        self,
        arguments: list[str],
        environment: dict[str, str],
        *,
        manifest: Manifest | None = None,
        callback: Callable[[EventMsg], None] | None = None,
    ) -> dbtRunnerResult:
        log = self.settings.places.logs / DBT_LOG
        with logging_to(log) as write, surroundings(environment):
            callbacks = [write, callback] if callback else [write]
            runner = dbtRunner(manifest=manifest, callbacks=callbacks)
            result = runner.invoke([*QUIET, *arguments, *self._options()])
        if result.exception:
            raise in_words(result.exception) or ClienteleError(
                f"dbt could not run: {result.exception}",
                where=" ".join(arguments[:3]),
                mend="Run `clientele dbt build` to see the whole message.",
            ) from result.exception
        return result

    @cached_property
    def _variables(self) -> str:
        """What dbt is told: a project that was moved is parsed anew, as are new macros.

        What dbt has parsed holds the whole paths of seeds, and hooks as macros wrote
        them, which it does not write again with the macros.
        """
        told = json.loads(dbt_variables(self.company))
        parsed = {"project_root": str(PROJECT_ROOT), "macros": digest_of_macros()}
        return json.dumps(told | parsed, sort_keys=True)

    def _options(self) -> list[str]:
        root = str(PROJECT_ROOT)
        return [
            *("--project-dir", root, "--profiles-dir", root),
            *("--vars", self._variables),
            *("--log-path", str(self.settings.places.logs)),
        ]

    def _failure(
        self, stage: Stage, result: dbtRunnerResult, events: list[Event]
    ) -> ClienteleError:
        failed = [
            event["data"]["node_info"]["node_name"]
            for event in events
            if event["info"].get("level") == "error"
        ]
        results = getattr(result.result, "results", [])
        messages = "\n".join(str(each.message) for each in results)
        work = str(self.settings.places.work)
        return text_in_words(messages, where=work) or self._failed_in(stage, failed)

    def _failed_in(self, stage: Stage, names: list[str]) -> ClienteleError:
        return ClienteleError(
            f"dbt failed in {', '.join(names) or 'the project'}",
            where=f"stage {stage.name.lower()}",
            mend=f"See {self.settings.places.logs / DBT_LOG}.",
        )
