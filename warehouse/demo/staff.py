"""Who works for the made-up company and deals with its customers."""

import numpy as np
import pyarrow as pa

from warehouse.demo import vocabulary as words
from warehouse.demo.chance import Chance, Integers
from warehouse.demo.columns import choose, day, either, join, number
from warehouse.demo.goods import SHOPS, outlet_codes
from warehouse.demo.known import FIRST_DAY
from warehouse.demo.making import Making
from warehouse.demo.naming import pick

DESK, HANDLERS, SALES = 40, 12, 20
"""How many answer calls, answer complaints, and sell to organisations."""
CODES = ("AG", "CH", "SP")
DESK_TEAMS = ("Order desk", "Technical desk", "Chat desk")
HANDLER_TEAMS = ("Complaints north", "Complaints south")
SALES_TEAMS = ("Field sales", "Key accounts")
ROLES = {
    "Order desk": "service_agent",
    "Technical desk": "technician",
    "Chat desk": "service_agent",
    "Complaints north": "complaint_handler",
    "Complaints south": "complaint_handler",
    "Field sales": "salesperson",
    "Key accounts": "account_manager",
}
SUPERVISORS, BOT = 3, 39
"""The first of the desk lead it; its last is no person."""
MOVED, MOVED_ON = 4, 1
HIRED, HIRED_ON = 37, 2
"""Serves from the first day, but the staff list learns of it later."""
LEFT, LEFT_ON = 6, 3
TERRITORIES = 6


def agents(making: Making, on_day: int) -> pa.Table:
    """Return rows of `staff.agents`: all on the first day, then who changed."""
    ordinal = np.arange(DESK + HANDLERS + SALES)
    chance = making.people.chance
    changes = {MOVED: MOVED_ON, HIRED: HIRED_ON, LEFT: LEFT_ON}
    if on_day == 0:
        ordinal = ordinal[ordinal != HIRED]
    else:
        changed = [who for who, on in changes.items() if on == on_day]
        ordinal = ordinal[np.isin(ordinal, changed)]
    sells = ordinal >= DESK + HANDLERS
    moves = (ordinal == MOVED) & (on_day >= MOVED_ON)
    leaves = (ordinal == LEFT) & (on_day >= LEFT_ON)
    teams = [*DESK_TEAMS, *HANDLER_TEAMS, *SALES_TEAMS]
    team = np.where(moves, teams.index("Technical desk"), _team(ordinal))
    roles = [*(ROLES[name] for name in teams), "supervisor", "bot"]
    role = np.where(ordinal < SUPERVISORS, len(teams), team)
    role = np.where(ordinal == BOT, len(teams) + 1, role)
    started = FIRST_DAY - 30 - chance.below(ordinal, "hired", 5_000)
    territory = SHOPS + 1 + ordinal % TERRITORIES
    return pa.table(
        {
            "agent": agent_codes(ordinal),
            "name": either(ordinal == BOT, "Xiaohua", _names(chance, ordinal)),
            "team": choose(teams, team),
            "role": choose(roles, role),
            "territory": either(sells, outlet_codes(territory), ""),
            "started_on": day(started),
            "ended_on": either(
                leaves, day(np.full(len(ordinal), FIRST_DAY + on_day)), ""
            ),
        }
    )


def _team(ordinal: Integers) -> Integers:
    """Return the ordinal of the team in which each works at first."""
    kind = np.searchsorted([DESK, DESK + HANDLERS], ordinal, side="right")
    sizes = np.array([len(DESK_TEAMS), len(HANDLER_TEAMS), len(SALES_TEAMS)])
    first = np.cumsum(sizes) - sizes
    team: Integers = first[kind] + ordinal % sizes[kind]
    return team


def _names(chance: Chance, ordinal: Integers) -> pa.Array:
    given = chance.below(ordinal, "agent_given", 1_000_000)
    family = chance.below(ordinal, "agent_family", 1_000_000)
    return join(
        pick(words.GIVEN_LATIN_FEMALE, given), " ", pick(words.FAMILY_LATIN, family)
    )


def agent_codes(ordinal: Integers) -> pa.Array:
    """Return the codes of agents: the desk first, then handlers, then sales."""
    kind = np.searchsorted([DESK, DESK + HANDLERS], ordinal, side="right")
    running = ordinal - np.array([0, DESK, DESK + HANDLERS])[kind] + 1
    return join(choose(CODES, kind), number(running, 3))


def desk_agents(stream: np.random.Generator, count: int) -> pa.Array:
    """Draw codes of those who answer calls."""
    return agent_codes(stream.integers(0, DESK, count))


def handler_team(handler: Integers) -> Integers:
    """Return the team, as in `HANDLER_TEAMS`, of ordinals of handlers of complaints."""
    return _team(DESK + handler) - len(DESK_TEAMS)
