"""What the house of the repointing tests is told of service, night by night.

A ticket goes through its stages; a state of another comes late; an agent is known only
after a ticket names him; a letter comes after one that answers it.
"""

STAFF = "agent,team\n"
TICKETS = "ticket,member,handler,raised_at,answered_at,closed_at,changed_at\n"
WITH_REASON = TICKETS.replace("member,", "member,reason,")
LETTERS = "letter,deal,member,step,written_at\n"
USES = "use,member,address,started_at\n"
FIRST, SECOND = "2026-01-05 08:00:00", "2026-01-05 09:00:00"

SERVICE: dict[str, dict[str, str]] = {
    "2026-01-05": {
        "tickets.csv": WITH_REASON + f"t1,1,price,,{FIRST},,,{FIRST}\n",
        "letters.csv": LETTERS
        + "m1,d1,1,inquiry,2026-01-05 10:00:00\n"
        + "m3,d1,1,acceptance,2026-01-05 16:00:00\n",
        "uses.csv": USES + f"u1,1,Bo@Example.com,{FIRST}\n",
    },
    "2026-01-06": {
        "tickets.csv": TICKETS
        + f"t1,1,h1,{FIRST},2026-01-06 08:00:00,,2026-01-06 08:00:00\n"
        + f"t2,2,,{SECOND},,,2026-01-06 09:00:00\n",
        "uses.csv": USES + f"u2,2,,{SECOND}\n",
    },
    "2026-01-07": {
        "staff.csv": STAFF + "h1,North\n",
        "letters.csv": LETTERS + "m2,d1,1,offer,2026-01-05 13:30:00\n",
    },
    "2026-01-08": {
        "tickets.csv": TICKETS
        + f"t1,1,h1,{FIRST},2026-01-06 08:00:00,2026-01-08 08:00:00,"
        + "2026-01-08 08:00:00\n",
        "tickets_late.csv": WITH_REASON + f"t2,2,delivery,,{SECOND},,,{SECOND}\n",
    },
}
