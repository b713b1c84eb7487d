"""The objects that are printed by both: everything that a text, a number, a key or their order can get wrong."""

import random

# Left out is what kubectl itself cannot print as YAML (U+007F to U+009F, which its reader refuses), and what this tool
# quotes where kubectl does not: "<<", "=", and texts with U+2028 or U+2029, at which some readers end a line.
WORDS = (
    "yes no on off y n true false null ~ Null TRUE 0x1F 0o17 0b1 017 1_000 1e5 1e400 .5 5. + - -1 +1 .inf -.inf .nan "
    "2001-12-14 2026-08-01T12:00:00Z 2026-8-1t1:2:3+01:00 2026-02-30 2026-8-1x 12:30:45 1:60 190:20:30.15 10.0.0.1 "
    "1.2.3 18446744073709551616 0xFFFFFFFFFFFFFFFF a:b a: :a : a#b #a ? ?a -a --- ---a ... ...a [a {a ]a ,a &a *a !a "
    "|a >a 'a \"a %a @a `a it's a\"b =a <a a,b a]b app.kubernetes.io/name é 한국어 _ _1 1_ 0 00 0.0 -0 1.0 1.50"
).split()
PHRASES = (
    "",
    " ",
    "  ",
    " a",
    "a ",
    "a: b",
    "a #b",
    "a - b",
    "- a",
    "? a",
    "! a",
    "a\tb",
    "\t",
    "\ta",
    "a\rb",
    "a\\b",
    "\x00",
    "\x01\x1b\x07\x08\x0b\x0c",
    "\u00a0",
    "\ufeff",
    "😀",
    "a 😀 b",
    "<a href='x'>&amp;</a>",
    "\n",
    "\n\n",
    "a\n",
    "a\n\n",
    "\na",
    " a\nb",
    "a\n b\n",
    "a \nb",
    "a\nb ",
    "a\n\n\nb\n\n",
    "a\tb\nc\n",
    "a\r\nb\r\n",
    "a\n😀\n",
    "# a\nb: c\n- d\n",
    "---\n...\n",
    'package x\n\ndefault allow = false\n\nallow {\n  input.a == "b"\n}\n',
)
LONG = (
    "word " * 40,
    " " + "word " * 40,
    ("word " * 40).strip(),
    ("two  blanks " * 20).strip(),
    "- " + ("word " * 40).strip(),
    ("it's " * 40).strip(),
    ("tab\t " * 40).strip(),
    ("\x01  x " * 40).strip(),
    "x" * 300,
    "x" * 79 + " y",
    "x" * 80 + " y z",
    "é" * 76 + " é é é é é é é é",
    ("long line " * 20).strip() + "\n" + ("long line " * 20).strip() + "\n",
    ("a: b # c " * 20).strip(),
    "true " * 30 + "true",
)


def random_texts(count):
    """The same in every run."""
    generator = random.Random(20260801)
    pieces = [*WORDS, *"abc ", " ", "  ", "\n", "\n\n", "\t", "'", '"', ": ", " #", "- ", "\\", "é", "😀", "x" * 30]
    joined = ["".join(generator.choice(pieces) for _ in range(generator.randrange(1, 30))) for _ in range(count)]
    spaced = [" ".join(generator.choice(pieces) for _ in range(generator.randrange(10, 40))) for _ in range(count)]
    return [*joined, *spaced]


NUMBERS = (
    *(0, 1, -1, 443, 2**31, 2**53, 2**63 - 1, -(2**63)),
    *(0.5, -1.5, 1.0, 100.0, 1e6, 1234567.5, 1e-4, 1e-5, 1.5e-7, 1e20, 1e21, 1.5e300, 123456789.125, 0.1),
)
SORTED = (
    ("web-10", "1Gi", 10),
    ("web-2", "512Mi", 9),
    ("web-02", "1.5Gi", -1),
    ("Web", "2k", 100),
    ("web", "1500m", 0),
    ("web-2a", "1", 11),
    ("web-2-1", "1e3", 2**40),
    ("10", "100Ki", 3),
    ("9", "2Ti", 4),
    ("é", "0.5", 5),
    ("a10", "0", 6),
    ("a2", "3", 7),
)
KEYS = (
    "a a1 a2 a10 a01 a-b a.b aB ab aC A _ 1 2 10 x1a x12 x-1 x-10 yes 443 a:b app.kubernetes.io/name é 0 00 "
    "kubectl-egress/gateway"
).split()


def config_map(name, **fields):
    metadata = {
        "name": name,
        "namespace": "default",
        "uid": "5e1f2d3c-" + name,
        "resourceVersion": "12",
        "creationTimestamp": "2026-08-01T12:00:00Z",
        **fields.pop("metadata", {}),
    }
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, **fields}


def labelled(name, labels, **fields):
    return config_map(name, metadata={"labels": labels}, **fields)


PLAIN = (
    labelled(
        "web-2",
        {"app": "web", "k.with/dots": "yes", "tier": "front"},
        spec={
            "hosts": ["a.example", "b.example", "c.example"],
            "port": 443,
            "weight": 0.5,
            "on": True,
            "nothing": None,
            "nulls": [None, {"a": None}, 1],
            "empty": {},
            "none": [],
            "name": "inner",
            "memory": "1Gi",
            "ports": [
                {"name": "http", "port": 80, "tags": ["x", "y"]},
                {"name": "https", "port": 443, "tags": []},
                {"name": "tcp", "port": 5432, "protocol": "TCP", "share": 0.25},
            ],
            "text": "one\ntwo\n",
            "html": "<a>&</a>",
            "it's": "quoted",
        },
    ),
    labelled(
        "web-10",
        {"app": "web"},
        spec={
            "hosts": ["d.example"],
            "port": 80,
            "weight": 2.5,
            "on": False,
            "memory": "512Mi",
            "text": "a\tb",
        },
    ),
    labelled(
        "db",
        {"app": "db"},
        spec={
            "hosts": [],
            "port": 5432,
            "ports": [{"name": "db", "port": 5432}],
            "memory": "2Gi",
            "text": "\x1b[1m\r",
        },
    ),
)

LISTS = {
    "plain": PLAIN,
    "one": PLAIN[:1],
    "none": (),
    "words": (config_map("words", values=list(WORDS)),),
    "phrases": (config_map("phrases", values=list(PHRASES), deep=[[{"a": [list(PHRASES)]}]]),),
    "long": (
        config_map("long", values=list(LONG), deep={"a": {"b": [{"c": list(LONG)}]}}),
        config_map(
            "keys",
            data={"k" * 128: "a b", "l" * 129: "a b", "m" * 200: {"a": 1}, "n" * 200: ["a", {"b": []}]},
        ),
    ),
    "random": (
        config_map(
            "random",
            values=random_texts(300),
            data={f"k{i}": text for i, text in enumerate(random_texts(40))},
        ),
    ),
    "numbers": (config_map("numbers", values=list(NUMBERS), uint=2**63),),
    "fractions": (config_map("fractions", values=[value for value in NUMBERS if value != int(value)]),),
    "sorts": tuple(
        config_map(f"sort-{i}", spec={"text": text, "size": size, "number": number})
        for i, (text, size, number) in enumerate(SORTED)
    ),
    "keys": (config_map("keys", data={key: [] for key in KEYS}, empty={"": 1, " ": 2, "a b": {}, "- a": None}),),
    "nested": (
        config_map(
            "nested",
            a=[[1, [2, []]], {"b": [{"c": {"d": None}}, [{}]]}],
            e={"f": {"g": {"h": [[[["i"]]]]}}},
        ),
    ),
}
# Printed as JSON alone.
JSON_LISTS = {
    "controls": (
        config_map(
            "controls",
            values=[chr(code) for code in range(0xA1)],
            more=["\u2028", "\u2029", "a\u2028b", "\ufffd"],
        ),
    ),
}
