"""dbt, run within this process by the company's settings.

A second invocation in one process costs a fraction of the first, so a night starts dbt
once. What the models say is in `models/`; which of them run when is in `Stage`.
"""

import json
import os
from collections.abc import Callable, Iterator
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest
from dbt_common.events.base_types import EventMsg
from dbt_common.events.functions import msg_to_dict

from pipelines.dbt_process import logging_to, surroundings
from pipelines.parses import begin_with_shared, parsed_folder, share
from pipelines.staleness import dbt_variables, forget_stale_work
from warehouse.company import Company
from warehouse.errors import ClienteleError
from warehouse.extra_attributes import describe
from warehouse.machine import in_words, own_limit, text_in_words
from warehouse.settings import PROJECT_ROOT, Settings

Event = dict[str, Any]

MARTS = "path:models/marts"
AGGREGATES = "path:models/aggregates"
SCORED = "source:scores+"
"""What is made from what Python computes of the stars, and so comes after it."""
FOUND = "source:checks.result+"
"""What is made from what the gate finds, and so comes after it."""
TESTED = (
    f"resource_type:unit_test {MARTS},resource_type:test "
    f"{AGGREGATES},resource_type:test"
)
"""Tests that a night leaves out: the gate is made from them, or they try the models."""


FAST = ["--no-write-json", "--use-fast-test-edges"]
"""A stage leaves the manifest as it was read, and needs no second drawing of it."""
QUIET = ["--no-use-colors", "--log-level", "none", "--log-level-file", "none"]
"""dbt's own logs put every event into words, of which a night keeps one in ten."""
UNPARSED = frozenset({"--help", "--version", "clean", "debug", "deps", "init", "parse"})
"""What dbt is asked for without models, or to read them for itself."""


class Stage(Enum):
    """The parts of a build, each a selection of dbt: what to take, what to leave out.

    Tests of marts and aggregates are left out: the gate is made from them. Those of the
    product's own seeds are too: what ships was tested before.
    """

    INPUTS = (
        "resource_type:seed +path:models/input",
        f"resource_type:unit_test {MARTS},resource_type:test "
        "path:seeds,resource_type:test",
    )
    MARTS = (
        f"path:models/intermediate {MARTS} {AGGREGATES}",
        f"{FOUND} {SCORED} {TESTED}",
    )
    SCORES = (SCORED, f"{FOUND} {TESTED}")
    QUALITY = (FOUND, "resource_type:unit_test")

    @property
    def select(self) -> str:
        """Return what dbt takes."""
        return self.value[0]

    @property
    def exclude(self) -> str:
        """Return what dbt leaves out."""
        return self.value[1]


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
            "CLIENTELE_DBT_THREADS": str(self.settings.threads or os.cpu_count() or 1),
            "CLIENTELE_DBT_MEMORY": self.settings.memory_limit or own_limit(),
        }

    @property
    def _seeds(self) -> str:
        """Select seeds and their tests: whoever edits one has the work built anew."""
        return f"path:seeds path:{self._folder}/dictionaries"

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
        }
        stated = f"{self._folder} {self._variables}"
        shared = begin_with_shared(self.settings, stated)
        parsed = self._invoke(["parse"], self.environment | nowhere)
        share(self.settings, shared)
        return parsed.result

    def manifest(self) -> dict[str, Any]:
        """Parse the project once and return its manifest, with extra attributes."""
        _ = self._parsed
        manifest: dict[str, Any] = json.loads(self.manifest_path.read_text("utf-8"))
        describe(manifest, self.company.extra_attributes())
        return manifest

    def run(self, arguments: list[str]) -> bool:
        """Run any dbt command with the company's settings; return its success."""
        manifest = None if UNPARSED.intersection(arguments) else self._parsed
        with surroundings(self.environment):
            runner = dbtRunner(manifest=manifest)
            return bool(runner.invoke([*arguments, *self._options()]).success)

    def build(
        self, stage: Stage, *, on_event: Callable[[Event], None] | None = None
    ) -> Iterator[Event]:
        """Build one stage and yield dbt's events of its results.

        Raises:
            ClienteleError: A model or a test of the stage failed.
        """
        exclude = stage.exclude
        if stage is Stage.INPUTS and not forget_stale_work(self.settings, self.company):
            exclude = f"{exclude} {self._seeds}"
        events: list[Event] = []

        def keep(message: EventMsg) -> None:
            if message.info.name.startswith("Log") and "Result" in message.info.name:
                event = msg_to_dict(message)
                events.append(event)
                if on_event:
                    on_event(event)

        result = self._invoke(
            [
                *("build", *FAST, "--select", *stage.select.split()),
                *("--exclude", *exclude.split()),
            ],
            self.environment,
            manifest=self._parsed,
            callback=keep,
        )
        yield from events
        if not result.success:
            raise self._failure(stage, result, events)

    def _invoke(
        self,
        arguments: list[str],
        environment: dict[str, str],
        *,
        manifest: Manifest | None = None,
        callback: Callable[[EventMsg], None] | None = None,
    ) -> dbtRunnerResult:
        log = self.settings.places.logs / "dbt.log"
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

    @property
    def _variables(self) -> str:
        """What dbt is told: a project that was moved is parsed anew.

        What dbt has parsed holds the whole paths of seeds.
        """
        told = json.loads(dbt_variables(self.company))
        return json.dumps({**told, "project_root": str(PROJECT_ROOT)}, sort_keys=True)

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
        return text_in_words(messages, where=work) or ClienteleError(
            f"dbt failed in {', '.join(failed) or 'the project'}",
            where=f"stage {stage.name.lower()}",
            mend=f"See {self.settings.places.logs / 'dbt.log'}.",
        )
