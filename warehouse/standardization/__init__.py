"""The standard forms of contact points, codes and names: pure functions of one value.

SQL decides the common case (macros/standardization.sql); these functions decide the
rest, and are what the SQL must agree with.
"""

from warehouse.standardization.codes import national_id, organisation_code
from warehouse.standardization.contacts import email, phone
from warehouse.standardization.texts import text

__all__ = ["email", "national_id", "organisation_code", "phone", "text"]
