"""The standard forms of contact points, codes, names and addresses.

Pure functions of one value. SQL decides the common case (macros/standardization*.sql);
these functions decide the rest, and are what the SQL must agree with.
"""

from warehouse.standardization.codes import national_id, organisation_code
from warehouse.standardization.contacts import email, phone
from warehouse.standardization.han import given_reading, simplified, surname_reading
from warehouse.standardization.names import (
    organisation_key,
    organisation_latin,
    person_key,
    person_latin,
)
from warehouse.standardization.places import address_key
from warehouse.standardization.texts import text

__all__ = [
    "address_key",
    "email",
    "given_reading",
    "national_id",
    "organisation_code",
    "organisation_key",
    "organisation_latin",
    "person_key",
    "person_latin",
    "phone",
    "simplified",
    "surname_reading",
    "text",
]
