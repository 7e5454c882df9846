"""Comparable names and addresses: what ways of writing one thing have in common."""

import csv

import pytest
from pypinyin import lazy_pinyin

from warehouse.demo import vocabulary as words
from warehouse.settings import PROJECT_ROOT
from warehouse.standardization import (
    address_key,
    organisation_key,
    organisation_latin,
    person_key,
    person_latin,
    simplified,
    text,
)
from warehouse.standardization.han import is_pinyin, simplified_forms, syllables
from warehouse.standardization.surnames import (
    COMMON_SURNAMES,
    COMPOUND_SURNAMES,
    SURNAME_READINGS,
)

with (PROJECT_ROOT / "seeds/legal_form.csv").open(encoding="utf-8") as _opened:
    LEGAL_FORMS = "\n".join(sorted(row["code"] for row in csv.DictReader(_opened)))


def key_of(name: str) -> str | None:
    """Return a person's comparable name as the input table has it."""
    folded = text(name)
    return None if folded is None else person_key(folded)


def latin_of(name: str) -> str:
    """Return the sorted Latin words of a person's name."""
    key = key_of(name)
    assert key is not None
    return person_latin(key)


def organisation_of(name: str) -> str | None:
    """Return an organisation's comparable name."""
    folded = text(name)
    return None if folded is None else organisation_key(folded, LEGAL_FORMS)


@pytest.mark.parametrize(
    ("latin", "ways"),
    [
        (
            "wei zhang",
            ["张伟", "張偉", "张 伟", "张伟先生", "張偉\uff08老張\uff09", "Zhang Wei"],
        ),
        ("wei zhang", ["Wei Zhang", "ZHANG WEI", "Mr. Zhang Wei", "Zhang, Wei"]),
        ("xiaoming zhang", ["张小明", "Zhang Xiaoming", "Zhang Xiao Ming"]),
        ("xiaoming zhang", ["Xiao-Ming Zhang", "Xiao Ming Zhang", "張曉明女士"]),
        (
            "ouyang xiu",
            ["欧阳修", "歐陽修", "Ouyang Xiu", "Ou Yang Xiu", "Xiu Ou-Yang"],
        ),
        ("lu ping", ["吕萍", "呂萍", "Lü Ping", "Lv Ping", "Lyu Ping", "LU PING"]),
        ("wang xian", ["王西安", "王先", "Wang Xi'an", "Xian Wang"]),
        ("john smith", ["John Smith", "Smith, John", "Dr. John Smith, PhD"]),
        ("goran oneil", ["Gøran O'Neil", "göran o\u2019neil"]),
        ("david wei zhang", ["David 张伟", "张伟 David"]),
    ],
)
def test_ways_of_writing_one_name_are_one(latin: str, ways: list[str]) -> None:
    """Script, order, title, blanks and marks make no difference."""
    assert {way: latin_of(way) for way in ways} == dict.fromkeys(ways, latin)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张伟", "章伟"),
        ("John Smith Jr", "John Smith Sr"),
        ("王先", "王西安"),
        ("Maria da Silva", "Maria da Silua"),
    ],
)
def test_other_names_stay_other(one: str, other: str) -> None:
    """Characters tell apart what letters do not; father and son stay two."""
    assert key_of(one) != key_of(other)


@pytest.mark.parametrize(
    ("surname", "read"), [*SURNAME_READINGS.items(), *COMPOUND_SURNAMES.items()]
)
def test_a_surname_is_read_as_a_surname(surname: str, read: str) -> None:
    """单 is Shan, 曾 is Zeng, 解 is Xie, 仇 is Qiu; 万俟 is Moqi."""
    assert latin_of(f"{surname}芳芳") == " ".join(sorted([read, "fangfang"]))
    assert is_pinyin(read)


def test_a_surname_is_read_otherwise_in_a_given_name() -> None:
    """解 is Jie there, and a phrase keeps its own reading."""
    assert latin_of("王解") == "jie wang"
    assert latin_of("王朝晖") == "wang zhaohui"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ジョン・スミス", "ジョンスミス"),
        ("高橋 さくら", "高桥さくら"),
        ("김 철수", "김철수"),
        ("Анна Иванова", "анна иванова"),
        ("买买提·艾力", "买买提艾力"),
    ],
)
def test_names_of_other_scripts_are_kept(name: str, key: str) -> None:
    """Without blanks where blanks mean nothing, and not read as Chinese."""
    assert key_of(name) == key
    assert set(latin_of(name).split()) == (
        {"maimaitiaili"} if key == "买买提艾力" else set(key.split())
    )


@pytest.mark.parametrize("name", ["先生", "Dr", "Mr Mrs", "()"])
def test_what_is_only_a_title_stays(name: str) -> None:
    """A name is never made empty by dropping what looks like a title."""
    assert (key_of(name) is None) == (name == "()")


@pytest.mark.parametrize(
    ("key", "ways"),
    [
        ("北京华晨食品", ["北京华晨食品有限公司", "北京華晨食品有限責任公司"]),
        (
            "北京华晨食品",
            ["北京华晨食品\uff08集团\uff09股份有限公司", "北京 华晨 食品 公司"],
        ),
        ("华晨北京食品", ["华晨\uff08北京\uff09食品有限公司", "华晨(北京)食品集团"]),
        (
            "alder foods",
            ["Alder Foods Ltd", "ALDER FOODS CO., LTD.", "Alder Foods S.A."],
        ),
        (
            "alder foods",
            ["Alder Foods", "Alder Foods GmbH & Co. KG", "Alder Foods,Inc."],
        ),
        ("alder and sons", ["Alder & Sons PLC", "Alder and Sons Limited"]),
        ("トヨタ", ["株式会社トヨタ", "トヨタ株式会社"]),
        ("ромашка", ["\u041e\u041e\u041e Ромашка", "\u041e\u041e\u041e «Ромашка»"]),
        ("abc中国", ["ABC 中国有限公司", "ABC中国公司"]),
        ("ltd", ["Ltd"]),
    ],
)
def test_a_legal_form_makes_no_difference(key: str, ways: list[str]) -> None:
    """Nor do brackets, dots, blanks and traditional characters."""
    assert {way: organisation_of(way) for way in ways} == dict.fromkeys(ways, key)


def test_a_legal_form_within_a_name_stays() -> None:
    """A branch is not its company, and a company may be named for a form."""
    assert organisation_of("华晨有限公司北京分公司") == "华晨有限公司北京分"
    assert organisation_of("Limited Brands Inc") == "limited brands"


def test_a_company_s_own_legal_forms_count() -> None:
    """What a company lays over the dictionary is dropped like the rest."""
    assert organisation_key("foo zrt", LEGAL_FORMS) == "foo zrt"
    assert organisation_key("foo zrt", f"{LEGAL_FORMS}\nzrt") == "foo"


def test_an_organisation_is_read_in_letters() -> None:
    """A run of characters is one word; words are sorted."""
    assert organisation_latin("华晨食品 100") == "100 huachenshipin"
    assert organisation_latin("ABC中国".lower()) == "abc zhongguo"


@pytest.mark.parametrize(
    ("key", "ways"),
    [
        (
            "杭州市朝阳路675号2204室",
            ["杭州市朝阳路675号2204室", "杭州市朝陽路675號 2204室"],
        ),
        ("杭州市朝阳路675号2204室", ["杭州市\uff0c朝阳路六百七十五号2204室"]),
        ("建国路12号3-201", ["建國路十二號3—201", "建国路12号 3-201"]),
        ("建国路105号20室", ["建国路一百零五号二十室", "建国路一〇五号二〇室"]),
        ("五一路八一街3号", ["五一路八一街三号"]),
        ("1 23 high st", ["1/23 High Street", "1 / 23 High St."]),
        ("haupt str 5", ["Haupt Straße 5"]),
    ],
)
def test_ways_of_writing_one_address_are_one(key: str, ways: list[str]) -> None:
    """Characters, numerals, punctuation and usual abbreviations."""
    assert {way: address_key(text(way) or "") for way in ways} == dict.fromkeys(
        ways, key
    )


def test_simplified_characters_are_left_alone() -> None:
    """Simplifying twice is simplifying once, and keeps the length."""
    every = "".join(chr(code) for code in range(0x3400, 0xA000))
    once = simplified(every)
    assert simplified(once) == once
    assert len(once) == len(every)
    assert len(simplified_forms()) > 3000


def test_the_readings_are_the_library_s() -> None:
    """A name that has no reading of its own is read as pypinyin reads it."""
    for name in words.GIVEN_CHINESE_MALE + words.GIVEN_CHINESE_FEMALE:
        expected = lazy_pinyin(name, v_to_u=True)[0].replace("ü", "u")
        assert latin_of(f"王{name}") == " ".join(sorted(["wang", expected]))
    assert len(syllables()) > 380
    assert set(COMMON_SURNAMES) < syllables()
    assert len(set(COMMON_SURNAMES)) == len(COMMON_SURNAMES)


def test_the_dictionary_of_legal_forms_is_written_as_names_are_compared() -> None:
    """Lower case, simplified, no punctuation: else a spelling would never be found."""
    for form in LEGAL_FORMS.split("\n"):
        assert organisation_key(form, "") == form
