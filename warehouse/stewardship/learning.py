"""A model of who is who trained on a company's own records, for the next night."""

from pathlib import Path

from warehouse.company import Company
from warehouse.database import attach, session
from warehouse.errors import WrongUseError
from warehouse.identity import make_profiles
from warehouse.identity.matching import Artefact, train
from warehouse.locking import one_writer
from warehouse.settings import Settings
from warehouse.stewardship.models import deliver_model, next_key


def learn(
    settings: Settings, company: Company, party_kind: str
) -> tuple[Artefact, Path]:
    """Train a model on what the records of a company state, and deliver it.

    Training reads the work database, so it waits for no night and lets none begin.

    Args:
        settings: Where the company's data lies.
        company: Whose records to learn from.
        party_kind: `person` or `organisation`.

    Returns:
        The model, and the file that waits for the next night.

    Raises:
        WrongUseError: No night was run yet.
        ClienteleError: A night is running, or there are too few records.
    """
    places = settings.places
    if not (places.work.is_file() and places.archive.is_file()):
        raise WrongUseError(
            "there is nothing to learn from yet",
            where=str(places.work),
            mend="Run `clientele night` first.",
        )
    with one_writer(settings), session(settings) as connection:
        attach(connection, places.archive, alias="archive")
        attach(connection, places.work, alias="work")
        make_profiles(connection)
        model = train(
            connection,
            party_kind,
            "profile",
            model_key=next_key(settings, company, party_kind),
        )
    return model, deliver_model(settings, model)
