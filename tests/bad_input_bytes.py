"""Files in another encoding than their contract declares."""

from typing import Any

from bad_input_files import CLEAN, TWO
from gallery import Case
from receiving_world import HEADER

GERMAN = HEADER + "1,Jörg,1,,\n2,Käthe,1,,\n3,Özil,1,,\n".encode()
EUROS = HEADER + "1,5€,1,,\n2,6€,1,,\n3,7€,1,,\n".encode("cp1252")
REFUSED: list[tuple[str, bytes, dict[str, Any], str]] = [
    ("utf-16 undeclared", CLEAN.decode().encode("utf-16"), {}, "wrong_encoding"),
    (
        "gbk undeclared",
        HEADER + "1,王芳,30,1990-01-01,1\n".encode("gbk") * 4,
        {},
        "wrong_encoding",
    ),
    ("gbk header undeclared", "编号,姓名\n1,王\n".encode("gbk"), {}, "wrong_encoding"),
    (
        "utf-8 declared as utf-16",
        b"\xef\xbb\xbf" + CLEAN,
        {"encoding": "utf-16"},
        "wrong_encoding",
    ),
    ("utf-8 declared as latin-1", GERMAN, {"encoding": "latin-1"}, "wrong_encoding"),
    ("utf-8 declared as cp1252", GERMAN, {"encoding": "cp1252"}, "wrong_encoding"),
    (
        "utf-8 declared as gbk",
        HEADER + "1,王芳,1,,\n2,李伟,1,,\n".encode(),
        {"encoding": "gbk"},
        "wrong_encoding",
    ),
    ("cp1252 declared as latin-1", EUROS, {"encoding": "latin-1"}, "wrong_encoding"),
    (
        "utf-16 without its mark, undeclared",
        CLEAN.decode().encode("utf-16-le"),
        {},
        "unreadable",
    ),
    (
        "utf-16 cut within a character",
        CLEAN.decode().encode("utf-16") + b"\0",
        {"encoding": "utf-16"},
        "wrong_encoding",
    ),
    ("utf-32 undeclared", CLEAN.decode().encode("utf-32"), {}, "wrong_encoding"),
    (
        "gbk undeclared (json lines)",
        '{"id":"1","name":"王芳"}\n'.encode("gbk") * 3,
        TWO | {"format": "json_lines"},
        "wrong_encoding",
    ),
    (
        "latin-1 undeclared",
        HEADER + "1,J\xf6rg,30,1990-01-01,1\n".encode("latin-1") * 4,
        {},
        "wrong_encoding",
    ),
]

CASES = [
    Case("Bytes", name, "refuse", code, data, contract)
    for name, data, contract, code in REFUSED
]
