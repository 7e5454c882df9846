"""Which records are taken for one customer: hand-made pairs and their side."""

from typing import Any

import duckdb
import pytest
from matching_world import profiles, scored

from warehouse.identity.matching import describe, shipped

HOME = {
    "address_key": "北京市人民路12号301室",
    "postcode_standard": "100020",
    "city": "北京",
}
OTHER_HOME = {
    "address_key": "北京市长江路98号2202室",
    "postcode_standard": "100088",
    "city": "北京",
}
SHANGHAI = {
    "address_key": "上海市和平路5号1101室",
    "postcode_standard": "200031",
    "city": "上海",
}
BORN = {"birth_date": "1984-03-17"}
MAIL = {"email_standard": "someone.there@mail.example.com"}
OTHER_MAIL = {"email_standard": "quite.another@example.org"}
MOBILE = {"mobile_standard": "+8613912345678"}
OTHER_MOBILE = {"mobile_standard": "+8615187654321"}
LINE = {"phone_standard": "+861065551234"}
MAN, WOMAN = {"sex_code": "male"}, {"sex_code": "female"}
NUMBER = {"national_id_standard": "110101198403170011"}
FIRM = {"party_kind": "organisation"}
CODE = {"organisation_code_standard": "91110000100000000X"}
OTHER_CODE = {"organisation_code_standard": "91310000200000000Y"}

Stated = dict[str, Any]

ONE: dict[str, tuple[Stated, Stated]] = {
    "the order of the name": (
        {"name": "Zhang Wei"} | BORN | MAN | MOBILE | HOME,
        {"name": "Wei Zhang"} | BORN | MAN | MOBILE | HOME,
    ),
    "characters and pinyin": (
        {"name": "张伟"} | MAN | MOBILE | HOME,
        {"name": "Zhang Wei"} | MAN | MOBILE | HOME,
    ),
    "traditional characters at one address": (
        {"name": "張偉國"} | MAN | HOME,
        {"name": "张伟国"} | MAN | HOME,
    ),
    "a typing error": (
        {"name": "Katherine Smyth"} | WOMAN | BORN | MAIL | HOME,
        {"name": "Katherine Smith"} | WOMAN | BORN | MAIL | HOME,
    ),
    "a move to another city": (
        {"name": "赵国强"} | MAN | BORN | MAIL | HOME,
        {"name": "赵国强"} | MAN | BORN | MAIL | SHANGHAI,
    ),
    "a move with the mobile kept": (
        {"name": "赵国强"} | MAN | BORN | MOBILE | HOME,
        {"name": "赵国强"} | MAN | BORN | MOBILE | OTHER_HOME,
    ),
    "another family name": (
        {"name": "王丽华"} | WOMAN | BORN | MAIL | MOBILE | HOME,
        {"name": "李丽华"} | WOMAN | BORN | MAIL | MOBILE | HOME,
    ),
    "another name under one national id, at one home": (
        {"name": "王丽华"} | WOMAN | BORN | NUMBER | HOME,
        {"name": "李美"} | WOMAN | BORN | NUMBER | HOME,
    ),
    "a name and an address, and no more": (
        {"name": "Steven Johnston"} | HOME,
        {"name": "Mr Steven Johnston"} | HOME,
    ),
    "a birth date with one wrong digit": (
        {"name": "Steven Johnston"} | BORN | MAIL | MOBILE,
        {"name": "Steven Johnston", "birth_date": "1984-03-11"} | MAIL | MOBILE,
    ),
    "an organisation with and without its legal form": (
        {"name": "北京永兴化工有限公司"} | FIRM | HOME,
        {"name": "北京永兴化工"} | FIRM | HOME,
    ),
    "an organisation of another name under one code": (
        {"name": "北京永兴化工有限公司"} | FIRM | CODE | HOME,
        {"name": "北京中联物流有限公司"} | FIRM | CODE | HOME,
    ),
    "an organisation that moved": (
        {"name": "Sunrise Foods Ltd"} | FIRM | CODE | HOME,
        {"name": "Sunrise Foods Limited"} | FIRM | CODE | SHANGHAI,
    ),
}

TWO: dict[str, tuple[Stated, Stated]] = {
    "twins": (
        {"name": "王小明"} | MAN | BORN | HOME | LINE,
        {"name": "王国栋"} | MAN | BORN | HOME | LINE,
    ),
    "twins who share a mobile number": (
        {"name": "Anna Weber"} | WOMAN | BORN | HOME | LINE | MOBILE,
        {"name": "Julia Weber"} | WOMAN | BORN | HOME | LINE | MOBILE,
    ),
    "namesakes born on one day": (
        {"name": "王伟"} | MAN | BORN | MAIL | MOBILE | HOME,
        {"name": "王伟"} | MAN | BORN | OTHER_MAIL | OTHER_MOBILE | SHANGHAI,
    ),
    "namesakes born on one day, of whom little is known": (
        {"name": "王伟"} | MAN | BORN | MOBILE | HOME,
        {"name": "王伟"} | MAN | BORN | SHANGHAI,
    ),
    "father and son with one address, landline and mobile": (
        {"name": "陈大文"} | MAN | HOME | LINE | MOBILE,
        {"name": "陈志明"} | MAN | BORN | HOME | LINE | MOBILE,
    ),
    "father and son of one name": (
        {"name": "John Clark", "birth_date": "1951-11-02"} | MAN | HOME | LINE,
        {"name": "John Clark"} | BORN | MAN | HOME | LINE | OTHER_MOBILE,
    ),
    "a couple with one mailbox and mobile": (
        {"name": "Peter Moore"} | MAN | MAIL | MOBILE | HOME,
        {"name": "Helen Moore"} | WOMAN | MAIL | MOBILE | HOME,
    ),
    "a shared telephone": (
        {"name": "王伟"} | LINE,
        {"name": "陈大文"} | LINE,
    ),
    "a shared mobile, moved apart": (
        {"name": "王伟"} | MOBILE | HOME,
        {"name": "陈大文"} | MOBILE | OTHER_HOME,
    ),
    "names alike by letters of another script": (
        {"name": "Anna Hope", "has_mixed_scripts": True} | HOME,
        {"name": "Anna Hope"} | HOME,
    ),
    "the same common name in one city": (
        {"name": "王伟", "postcode_standard": "100020", "city": "北京"},
        {"name": "王伟", "postcode_standard": "100020", "city": "北京"},
    ),
    "sisters of similar names": (
        {"name": "Li Xiaoming"} | WOMAN | HOME | LINE,
        {"name": "Li Xiaohong"} | WOMAN | HOME | LINE,
    ),
    "two ids of one name and home": (
        {"name": "张伟"} | HOME | NUMBER,
        {"name": "张伟", "national_id_standard": "110101198509090031"} | HOME,
    ),
    "companies of one house and switchboard": (
        {"name": "北京永兴化工有限公司"} | FIRM | HOME | LINE,
        {"name": "北京中联物流有限公司"} | FIRM | HOME | LINE,
    ),
    "branches with numbers of their own": (
        {"name": "北京第4号学校"} | FIRM | HOME,
        {"name": "北京第5号学校"} | FIRM | HOME,
    ),
    "companies of one name under two codes": (
        {"name": "Sunrise Foods Ltd"} | FIRM | CODE | HOME,
        {"name": "Sunrise Foods Ltd"} | FIRM | OTHER_CODE | SHANGHAI,
    ),
}


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    """Open an empty session."""
    return duckdb.connect()


def probability(
    connection: duckdb.DuckDBPyConnection, pair: tuple[Stated, Stated]
) -> float:
    """Score one pair with the shipped model of its kind; 0 when it is not kept."""
    profiles(connection, list(pair))
    model = shipped(pair[0].get("party_kind", "person"))
    return max((float(row[3]) for row in scored(connection, model)), default=0.0)


@pytest.mark.parametrize("pair", ONE.values(), ids=ONE)
def test_one_customer_is_recognised(
    connection: duckdb.DuckDBPyConnection, pair: tuple[Stated, Stated]
) -> None:
    """What tells two ways of writing apart does not part a customer."""
    kind = pair[0].get("party_kind", "person")
    assert probability(connection, pair) >= shipped(kind).link_from


@pytest.mark.parametrize("pair", TWO.values(), ids=TWO)
def test_two_customers_stay_apart(
    connection: duckdb.DuckDBPyConnection, pair: tuple[Stated, Stated]
) -> None:
    """What a family, a house or a common name shares makes no one customer."""
    kind = pair[0].get("party_kind", "person")
    assert probability(connection, pair) < shipped(kind).link_from


def test_a_pair_says_why_in_words_without_values(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """The steward reads what agrees, and what does not."""
    profiles(connection, list(ONE["a move with the mobile kept"]))
    [(_, _, _, _, levels)] = scored(connection, shipped("person"))
    assert describe(shipped("person"), levels) == [
        "the names are the same",
        "both gave the same birth date, and share a home, mobile number or mailbox",
        "both gave the same sex",
        "both gave the same mobile number",
        "the addresses differ, the cities are the same",
    ]


def test_persons_and_organisations_are_never_paired(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """A company under its owner's name is another party than the owner."""
    person = {"name": "Steven Johnston"} | HOME | MAIL
    profiles(connection, [person, person | FIRM])
    assert scored(connection, shipped("person")) == []
    assert scored(connection, shipped("organisation")) == []


def test_states_of_one_record_or_of_different_times_are_no_pair(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """What was never asserted together is not compared."""
    stated = {"name": "Steven Johnston"} | HOME | MAIL
    before, after = {"since": 1, "until": 5}, {"since": 5}
    profiles(connection, [stated | before, stated | after])
    assert scored(connection, shipped("person")) == []
    profiles(connection, [stated | {"record": 1}, stated | {"record": 1}])
    assert scored(connection, shipped("person")) == []
    profiles(connection, [stated, stated])
    assert len(scored(connection, shipped("person"))) == 1
