"""What is asked of both: the value of -o, and of which objects."""

import dataclasses

from printing_objects import JSON_LISTS, LISTS


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    objects: str  # a list of printing_objects.py
    flags: tuple
    single: bool = False  # the first object by its name
    refused_early: bool = False  # this tool refuses it before anything is printed
    is_table: bool = False


PATHS = """
{}
{@}
{$}
{.}
{.kind}
text
text {.kind} and {.apiVersion} more
{"\\n"}
{"a\\tb\\x41\\u00e9\\101"}{'c'}
{"it's"}{'it\\'s'}
{.metadata}
{.items}
{.items[*].metadata.name}
{.items[*]['metadata']['name']}
{.items[*].metadata['name','uid']}
{.items[*]['metadata.name','spec.port']}
{.items[0].metadata.labels.k\\.with/dots}
{.items[0].metadata.labels['k\\.with/dots']}
{.items[0].metadata.labels['k.with/dots']}
{.items[0].metadata.labels}
{.items[0].spec.hosts}
{.items[0].spec.hosts[*]}
{.items[0].spec.hosts[0]}
{.items[0].spec.hosts[-1]}
{.items[0].spec.hosts[-2]}
{.items[0].spec.hosts[1:]}
{.items[0].spec.hosts[:2]}
{.items[0].spec.hosts[0:2]}
{.items[0].spec.hosts[0:3:2]}
{.items[0].spec.hosts[::2]}
{.items[0].spec.hosts[-2:-1]}
{.items[0].spec.hosts[-2:]}
{.items[0].spec.hosts[0,2]}
{.items[0].spec.hosts[0, -1]}
{.items[0].spec.hosts[]}
{.items[0].spec.hosts[3]}
{.items[0].spec.hosts[-4]}
{.items[0].spec.hosts[1:9]}
{.items[0].spec.hosts[2:1]}
{.items[0].spec.hosts[1:1]}
{.items[0].spec.hosts[0:2:0]}
{.items[0].spec.hosts[0:2:-1]}
{.items[*].spec.hosts[*]}
{.items[*].spec.hosts[0]}
{.items[0].spec.none[*]}
{.items[0].spec.none}
{.items[0].spec.empty}
{.items[0].spec.nothing}
{.items[0].spec.nothing.more}
{.items[0].spec.nothing[*]}
{.items[0].spec.nulls}
{.items[0].spec.nulls[*]}
{.items[0].spec.nulls[*].a}
{.items[0].spec.nulls[0][0]}
{range .items[0].spec.nulls[*]}{@} {end}
{range .items[0].spec.nulls[*]}{.a}{end}
{.items[0].spec.nulls[?(@.a)]}
{.items[0].spec.nulls[0][?(@.a)]}
{.items[0].spec.on}
{.items[0].spec.weight}
{.items[*].spec.weight}
{.items[0].spec.ports}
{.items[0].spec.ports[*].tags}
{.items[0].spec.ports[*].tags[*]}
{.items[0].spec.text}
{.items[0].spec.html}
{.items[0].spec}
{.items[0].spec.it's}
{.missing}
{.missing.more[0]}
{.missing[*].more}
{.kind.more}
{.kind[0]}
{.kind[*]}
{.metadata[0]}
{.items[0].spec.hosts[0].*}
{.items[0].metadata.name.*}
{..name}
{..port}
{.items..name}
{..ports[*].name}
{..ports[0].name}
{..hosts}
{..missing}
{..['name']}
{.items[*]..tags}
{.items[?(@.metadata.name=="db")].spec.port}
{.items[?(@.metadata.name=='db')].spec.port}
{.items[?(@.metadata.name!="db")].metadata.name}
{.items[?(@.spec.port==443)].metadata.name}
{.items[?(@.spec.port!=443)].metadata.name}
{.items[?(@.spec.port>80)].metadata.name}
{.items[?(@.spec.port>=80)].metadata.name}
{.items[?(@.spec.port<443)].metadata.name}
{.items[?(@.spec.port<=443)].metadata.name}
{.items[?(@.spec.port > 80)].metadata.name}
{.items[?(@.spec.weight>0.75)].metadata.name}
{.items[?(@.spec.weight==2)].metadata.name}
{.items[?(@.spec.on==true)].metadata.name}
{.items[?(@.spec.on)].metadata.name}
{.items[?(@.spec.ports)].metadata.name}
{.items[?(@.spec.ports[2])].metadata.name}
{.items[?(@.spec.nothing)].metadata.name}
{.items[?(@.spec.port==@.spec.port)].metadata.name}
{.items[?(@.spec.ports[0].port==80)].metadata.name}
{.items[?(@.metadata.labels.k\\.with/dots=="yes")].metadata.name}
{.items[?(@.metadata.labels['app']=="web")].metadata.name}
{.items[*].spec.ports[?(@.port>100)].name}
{.items[0].spec.ports[?(@.name=="a)b")]}
{.items[?(@.metadata.name<"e")].metadata.name}
{.items[?(@.spec.hosts[*]=="d.example")].metadata.name}
{.items[?(@.spec.port=="443")].metadata.name}
{.items[?(@.spec.port=443)].metadata.name}
{.items[?(@.spec.port=~"4")].metadata.name}
{.items[?(@.spec.port===443)].metadata.name}
{.items[?(@.spec.on<true)].metadata.name}
{.items[?(@.spec=="x")].metadata.name}
{.items[?(@.spec.nothing==1)].metadata.name}
{.items[?(@.spec.port==foo)].metadata.name}
{.items[?(@.spec.port==)]}
{.items[?()].metadata.name}
{.items[0].spec.ports[?(@.name)].name}
{.metadata[?(@.name)]}
{.kind[?(@.name)]}
{range .items[*]}{.metadata.name}{"\\n"}{end}
{range .items[*]}{.metadata.name}{"\\t"}{.spec.port}{"\\n"}{end}done
{range .items[*]}{.metadata.name}: {range .spec.ports[*]}{.name}={.port} {end}{"\\n"}{end}
{range .items[*]}[{range .spec.hosts[*]}{@}{","}{end}]{end}
{range .missing[*]}{.metadata.name}{end}after
{range .items[*]}{range .missing[*]}{.x}{end}{.metadata.name} {end}after
{range .items[*].spec.ports[*]}{.name} {end}
{range .items[?(@.metadata.labels.app=="web")]}{.metadata.name} {end}
{range .items[*]}{.metadata.name} 
{range .items[*]}{.metadata.name}{end}{range .items[*]}{.spec.port}{end}
{range .items[*]}{@.metadata.name}{$.kind}{end}
{range .items[0].spec.hosts[*]}{@} {end}{.kind}
{range}{.kind}{end}
{end}
{.items[*].spec.port}{"\\n"}{.items[*].spec.on}
{1}{-2}{1.5}{true}
{.kind "x"}
{.items[0].spec.port 5}
{foo}
{.kind
{.kind}}
}
{.items[0}
{.items[a]}
{.items["a"]}
{.items[1.5]}
{.items[0:1:2:3]}
{.items[-]}
{.items[99999999999999999999]}
{.items[?(@.a}
{.items[?(@.a)}
{.items[?(@.a]}
{"abc}
{'abc}
{"a\\qb"}
{#}
{.a,b}
{a.b}
{...}
{.. ..name}
{....name}
{..*}
{*}
{.*}
{1.2.3}
{-}
{+}
{!}
{{.kind}}
{.items[*].metadata.name,.spec}
{.kind}{
{\tkind}
{ .kind }
{.kind .more}
{.items [0].kind}
""".strip("\n").split("\n")

# Their order is that of Go's maps.
UNORDERED_PATHS = ("{.*}", "{..name}", "{..port}", "{.items..name}", "{..['name']}", "{..hosts}", "{..missing}")

PATHS_IN_RANGE = "{range .items[*]}{.kind}{end}"

COLUMNS = (
    "NAME:.metadata.name",
    "NAME:metadata.name,PORT:{.spec.port},HOSTS:{spec.hosts}",
    "NAME:.metadata.name,HOSTS:.spec.hosts[*],FIRST:.spec.hosts[:1],ON:.spec.on,NOTHING:.spec.nothing,NONE:.spec.none",
    "A:.missing,B:.spec.missing.more,C:.metadata.labels.app",
    "NAME:.metadata.name,TEXT:.spec.text,PORT:.spec.port",
    "NAME:.metadata.name,TEXT:.spec.text",
    "NAME:.metadata.name,SPEC:.spec.ports[0],LABELS:.metadata.labels",
    "WEIGHT:.spec.weight,HTML:.spec.html,NAME:..ports[0].name",
    "A-RATHER-LONG-HEADER:.spec.port,B:.kind",
    "é:.kind,X:.metadata.name",
    "NAME:.spec.ports[?(@.port>100)].name,KIND:.kind",
    "NAME:",
    ":.kind",
    "NAME",
    "NAME:.metadata.name,",
    "NAME:{.metadata.name}{.kind}",
    "NAME:.a[",
    "NAME:.spec.hosts[5]",
    "NAME:.kind[0]",
    "",
)

SORTS = (
    ".metadata.name",
    "{.metadata.name}",
    "metadata.name",
    ".spec.port",
    ".spec.memory",
    ".spec.weight",
    ".missing",
    ".spec.{",
    ".a[",
)

UNKNOWN_FORMATS = "foo foo=x wide= json= Wide JSONPATH={.kind} jsonpath jsonpath= custom-columns".split()

TABLES = {
    "table": (
        ("NAME", "HOSTS", "STATUS"),
        ("web-2", "a.example,b.example,c.example", "Ready"),
        ("web-10", "한국어.example", "Progressing"),
        ("a-rather-long-name-of-a-gateway", "é.example", "<none>"),
    ),
    "narrow": (("A", "B", "C"), ("1", "22", "333"), ("1", "é", "3"), ("1234", "2", "3")),
}


def list_cases():
    for name in LISTS:
        for form in ("json", "yaml", "JSON", "name"):
            yield Case(f"{name} as {form}", name, ("-o", form))
    for name in ("plain", "words", "phrases", "long", "random", "numbers", "keys", "nested", "one"):
        yield Case(f"one of {name} as YAML", name, ("-o", "yaml"), single=True)
    # Of keys there is one beyond ASCII, which is quoted here.
    for name in (name for name in LISTS if name != "keys"):
        yield Case(f"{name} as kyaml", name, ("-o", "kyaml"))
    for name in ("plain", "nested", "phrases"):
        yield Case(f"one of {name} as kyaml", name, ("-o", "kyaml"), single=True)
    for name in JSON_LISTS:
        yield Case(f"{name} as json", name, ("-o", "json"))
        yield Case(f"{name} as JSONPath", name, ("-o", "jsonpath={.items}"))
        yield Case(f"{name} as jsonpath-as-json", name, ("-o", "jsonpath-as-json={.items}"))
    yield Case("one by its name as json", "one", ("-o", "json"), single=True)
    yield Case("fractions as JSONPath", "fractions", ("-o", "jsonpath={.items[0].values[*]}"))
    yield Case("fractions as compact JSON", "fractions", ("-o", "jsonpath={.items[0].values}"))
    yield Case("fractions in columns", "fractions", ("-o", "custom-columns=N:.values[*],ALL:.values"))


def template_cases():
    for path in PATHS:
        if path not in UNORDERED_PATHS:
            yield Case(f"JSONPath {path}", "plain", ("-o", f"jsonpath={path}"))
    for path in ("{.metadata.name}", "{.spec.hosts[*]}", "{.items}", "{..ports[*].name}"):
        yield Case(f"JSONPath {path} of one", "one", ("-o", f"jsonpath={path}"), single=True)
    for path in ("{.items[*].metadata.name}", "{.missing}", "{.kind} text", "{.items[0].spec}", PATHS_IN_RANGE):
        yield Case(f"jsonpath-as-json {path}", "plain", ("-o", f"jsonpath-as-json={path}"))
    for columns in COLUMNS:
        flags = ("-o", f"custom-columns={columns}")
        refused_early = columns.endswith(".a[")
        yield Case(f"columns {columns}", "plain", flags, refused_early=refused_early)
        yield Case(f"columns {columns} of none", "none", flags, refused_early=refused_early)
    yield Case("columns without headers", "plain", ("-o", f"custom-columns={COLUMNS[2]}", "--no-headers"))
    yield Case("columns of one", "one", ("-o", f"custom-columns={COLUMNS[2]}"), single=True)


# Where missing keys are errors.
STRICT = """
{.kind}
{.missing}
{.items[*].missing}
{.items[*].spec.memory}
{.items[*].spec.weight}
{.items[0].spec['port','missing']}
{..missing}
{..port}
{.items[?(@.spec.weight)].metadata.name}
{.items[?(@.spec.weight==0.5)].metadata.name}
{.items[?(@.missing=="x")].metadata.name}
{range .items[*]}{.metadata.name}{.spec.weight}{end}
{range .missing}{.x}{end}
{range .items[2].spec.hosts}{.x}{end}
{.items[0].spec.nothing.x}
""".split("\n")[1:-1]


def flag_cases():
    path = "{.items[*].metadata.name}"
    yield Case("--template of jsonpath", "plain", ("-o", "jsonpath", "--template", path))
    yield Case("--template of jsonpath-as-json", "plain", ("-o", "jsonpath-as-json", "--template", path))
    yield Case("--template and a path", "plain", ("-o", "jsonpath={.kind}", "--template", path))
    yield Case("--template that is none", "plain", ("-o", "jsonpath", "--template", "{.kind"))
    yield Case("--template of json", "plain", ("-o", "json", "--template", path))
    yield Case("--template of columns", "plain", ("-o", "custom-columns=A:.kind", "--template", path))
    yield Case("--template of columns alone", "plain", ("-o", "custom-columns", "--template", "A:.kind"))
    for path in STRICT:
        flags = ("-o", f"jsonpath={path}", "--allow-missing-template-keys=false")
        yield Case(f"strict JSONPath {path}", "plain", flags)


def file_cases():
    for form, content in (
        ("jsonpath-file", "{.kind}\n{.items[*].metadata.name}\n"),
        ("jsonpath-file", "{.kind"),
        ("custom-columns-file", "NAME   PORT\nmetadata.name {.spec.port}\n"),
        ("custom-columns-file", "NAME PORT\n.metadata.name\n"),
        ("custom-columns-file", "NAME\n"),
        ("custom-columns-file", ""),
    ):
        yield Case(f"{form} with {content!r}", "plain", ("-o", f"{form}={{file:{content}}}"))
    yield Case("jsonpath-file that is not there", "plain", ("-o", "jsonpath-file=/nowhere/x"))
    yield Case("custom-columns-file that is not there", "plain", ("-o", "custom-columns-file=/nowhere/x"))


def sort_cases():
    for path in SORTS:
        yield Case(f"sorted by {path}", "plain", ("-o", "name", "--sort-by", path))
    for path in (".spec.text", ".spec.size", ".spec.number", ".metadata.name"):
        yield Case(f"more sorted by {path}", "sorts", ("-o", "name", "--sort-by", path))
    yield Case("columns sorted", "plain", ("-o", f"custom-columns={COLUMNS[0]}", "--sort-by", ".spec.port"))
    yield Case("none sorted", "none", ("-o", "json", "--sort-by", ".spec.port"))


CASES = (
    *list_cases(),
    *template_cases(),
    *flag_cases(),
    *file_cases(),
    *sort_cases(),
    *(Case(f"-o {form}", "plain", ("-o", form)) for form in UNKNOWN_FORMATS),
    *(Case(f"a {name} table", name, (), is_table=True) for name in TABLES),
)

names = [case.name for case in CASES]
assert len(set(names)) == len(names), {name for name in names if names.count(name) > 1}
